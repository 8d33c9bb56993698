import { noGrad, parameter, Random, scan, type Tensor, tensor, vmap } from '@adjoint/autograd'
import { type GradientPath, paths, type Trace, trace } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { withoutPlumbing } from '../../src/inspect/plumbing/plumbing.js'
import { flatten } from '../../src/inspect/trace/quantity.js'

const float64 = { dtype: 'float64' } as const
const scalar = (x: number): Tensor => parameter(tensor(x, float64))

/** All products of local derivatives from one number to the result, each way followed by itself. */
const allProducts = ({ nodes, edges, outputs }: Trace, name: string): number[] => {
  const walk = (id: number): number[] => {
    if (nodes[id]!.name === name) return [1]
    return nodes[id]!.inputs.flatMap((place) => {
      const { local, from } = edges[place]!
      return local?.kind === 'elementwise' ? walk(from).map((product) => product * flatten(local.factor)[0]!) : []
    })
  }
  return walk(outputs[0]!.node)
}

/** A program of single numbers in which most are used several times. */
const randomProgram = (seed: number) => {
  const random = new Random(seed)
  const draw = (below: number) => Math.floor(random.uniform([]).item() * below)
  const x = scalar(0.7)
  const values: Tensor[] = [x, scalar(-0.4)]
  for (let i = 0; i < 12; i++) {
    const [a, b] = [values[draw(values.length)]!, values[draw(values.length)]!]
    values.push([a.mul(b), a.add(b), a.sub(b.mul(0.5)), a.sin(), a.mul(a), a.sigmoid()][draw(6)]!)
  }
  return { x, loss: values.slice(2).reduce((sum, value) => sum.add(value)) }
}

const total = (all: readonly GradientPath[], of: (path: GradientPath) => number) =>
  all.reduce((sum, path) => sum + of(path), 0)

describe('paths', () => {
  test('of numbers: each is the product of its local derivatives, and all add up to the gradient', () => {
    const [x, w] = [scalar(0.35), scalar(-0.1)]
    const a = x.mul(w).add(x.square())
    const y = a.sigmoid().mul(a)
    const found = paths(y, x, { names: { x, w, a, y }, top: 10 })
    expect(found).toMatchObject({ of: 'y', by: 'x', count: 4, exact: true })
    expect(found.paths.map(({ nodes }) => nodes.join(' '))).toContain('x v2 a v3 y')
    for (const { nodes, factors, amount, norm } of found.paths) {
      expect(factors).toHaveLength(nodes.length - 1)
      expect(factors!.reduce((product, factor) => product * factor, 1)).toBeCloseTo(amount as number, 15)
      expect(norm).toBe(Math.abs(amount as number))
    }
    y.backward()
    expect(total(found.paths, ({ amount }) => amount as number)).toBeCloseTo(x.grad.item(), 14)
    expect(found.gradient).toBeCloseTo(x.grad.item(), 15)
    expect(total(found.paths, ({ share }) => share!)).toBeCloseTo(1, 12)
  })

  test('finds the largest of them, and counts all, in random programs', () => {
    for (let seed = 0; seed < 12; seed++) {
      const { x, loss } = randomProgram(seed)
      const { trace: left } = withoutPlumbing(trace(loss, { names: { x } }))
      const all = allProducts(left, 'x')
      const sizes = all.map(Math.abs).sort((a, b) => b - a)
      const found = paths(loss, x, { names: { x }, top: 7 })
      expect(found.count).toBe(all.length)
      expect(found.paths).toHaveLength(Math.min(7, all.length))
      found.paths.forEach(({ amount }, i) => {
        expect(Math.abs(amount as number)).toBeCloseTo(sizes[i]!, 12)
      })
    }
  })

  test('more paths than anybody can list are counted, and the largest found', () => {
    const x = scalar(2)
    let y: Tensor = x
    // 0.5 and 0.25 at each of 60 stages: of 2^60 paths one takes the larger factor always, and 60 all but once
    for (let i = 0; i < 60; i++) y = y.mul(0.5).add(y.mul(0.25))
    const found = paths(y, x, { names: { x }, top: 62 })
    expect(found.count).toBe(2 ** 60)
    expect(found.paths[0]!.amount).toBe(2 ** -60)
    for (const { amount } of found.paths.slice(1, 61)) expect(amount).toBe(2 ** -61)
    expect(found.paths[61]!.amount).toBe(2 ** -62)
    expect(found.share).toBeCloseTo(((1 + 60 / 2 + 1 / 4) * 2 ** -60) / 0.75 ** 60, 12)
  })

  test('a number that is used twice by one op has two paths', () => {
    const x = scalar(3)
    const found = paths(x.mul(x), x, { names: { x } })
    expect(found.paths.map(({ nodes, amount, share }) => [nodes.join(), amount, share])).toEqual([
      ['x,v1', 3, 0.5],
      ['x,v1', 3, 0.5],
    ])
  })

  test('paths may work against each other, and cancel', () => {
    const x = scalar(0.5)
    const against = paths(x.mul(3).sub(x), x)
    expect(against.paths.map(({ share }) => share)).toEqual([1.5, -0.5])
    const gone = paths(x.sub(x), x)
    expect(gone.paths.map(({ amount, share }) => [amount, share])).toEqual([
      [1, null],
      [-1, null],
    ])
    expect(gone.share).toBeNull()
    expect(String(gone)).not.toContain('%')
  })

  const residual = (w: Tensor, x: Tensor, depth: number) => {
    let h = x
    for (let i = 0; i < depth; i++) h = h.matmul(w).tanh().add(h)
    return h.square().mean()
  }

  test('of tensors: what arrives along them adds up to the gradient, and the shares to 1', () => {
    const random = new Random(1)
    for (const [size, limit] of [
      [3, 64],
      [12, 4],
    ] as const) {
      // biome-ignore format: pairs
      const w = parameter(random.normal([size, size], { ...float64, standardDeviation: 0.4 }))
      const loss = residual(w, random.normal([2, size], float64), 3)
      const found = paths(loss, w, { names: { w }, top: 100 })
      // 1 + 2 + 4 subsets of the later blocks
      expect(found).toMatchObject({ count: 7, exact: true })
      expect(found.paths).toHaveLength(7)
      expect(total(found.paths, ({ share }) => share!)).toBeCloseTo(1, 10)
      expect(found.paths.map(({ share }) => Math.abs(share!))).toEqual(
        found.paths.map(({ share }) => Math.abs(share!)).sort((a, b) => b - a),
      )
      loss.backward()
      if (size * size > limit) continue
      const sum = found.paths.map(({ amount }) => flatten(amount)).reduce((a, b) => a.map((n, i) => n + b[i]!))
      sum.forEach((number, i) => {
        expect(number).toBeCloseTo(w.grad.data[i]!, 12)
      })
    }
  })

  test('a share is the projection on the gradient', () => {
    const w = parameter(tensor([1, 2], float64))
    // (3, 0) and (0, 4) of (3, 4)
    const loss = w
      .mul(tensor([3, 0], float64))
      .sum()
      .add(w.mul(tensor([0, 4], float64)).sum())
    const found = paths(loss, w)
    expect(found.paths.map(({ amount, norm }) => [amount, norm])).toEqual([
      [[0, 4], 4],
      [[3, 0], 3],
    ])
    expect(found.paths.map(({ share }) => share)).toEqual([16 / 25, 9 / 25])
  })

  test('a trace and the loss itself tell the same', () => {
    const random = new Random(2)
    const w = parameter(random.normal([3, 3], float64))
    const loss = residual(w, random.normal([1, 3], float64), 3)
    const ofTrace = paths(trace(loss, { names: { w }, limit: 1000 }), 'w')
    const ofLoss = paths(trace(loss, { names: { w }, limit: 1000 }), 'w')
    expect(ofTrace.paths).toEqual(ofLoss.paths)
    // with the limit at 4 no matrix is known, and the ops are asked
    const byRules = paths(residual(parameter(random.normal([9, 9], float64)), random.normal([1, 9], float64), 2), 'p1')
    expect(total(byRules.paths, ({ share }) => share!)).toBeCloseTo(1, 10)
  })

  test('tensors of too many paths: those behind which most lies are followed, and it says that there may be others', () => {
    const random = new Random(3)
    const w = parameter(random.normal([4, 4], { ...float64, standardDeviation: 0.2 }))
    const loss = residual(w, random.normal([1, 4], float64), 24)
    const found = paths(loss, w, { names: { w, loss }, top: 4 })
    expect(found.count).toBe(2 ** 24 - 1)
    expect(found.paths).toHaveLength(4)
    expect(found.exact).toBe(false)
    expect(String(found)).toContain('there may be larger ones')
  })

  test('goes through ops of several results, and past reshapes', () => {
    const p = parameter(tensor([3, 1, 2], float64))
    const [last, all] = scan((h: Tensor, x: Tensor) => [h.mul(x), h.add(x)] as const, scalar(2), p)
    const loss = (last as Tensor).add((all as Tensor).reshape([3, 1]).square().sum()).add(p.sum())
    const found = paths(loss, p, { names: { p } })
    expect(found.count).toBe(3)
    expect(found.share).toBeCloseTo(1, 12)
    loss.backward()
    const sum = found.paths.map(({ amount }) => flatten(amount)).reduce((a, b) => a.map((n, i) => n + b[i]!))
    expect(sum).toEqual([...p.grad.data])
    expect(() => paths(trace(loss, { names: { p } }), 'p')).toThrow('give paths the loss itself')
  })

  test('to a result on the way, to the result itself, and to what it does not depend on', () => {
    const x = scalar(2)
    const h = x.square()
    const loss = h.mul(h)
    expect(paths(loss, h).paths).toHaveLength(2)
    expect(paths(loss, 'v1').gradient).toBe(8)
    expect(paths(loss, loss)).toMatchObject({ count: 1, gradient: 1, share: 1 })
    const constant = paths(loss.mul(3), '3')
    expect(constant).toMatchObject({ count: 0, gradient: 0, paths: [] })
    expect(String(constant)).toBe('dv3/d3 = 0: no path leads from 3 to v3')
  })

  test('as text: how many, what they bring, and the products', () => {
    const [x, w] = [scalar(3), scalar(-2)]
    const loss = x.mul(w).add(x)
    expect(String(paths(loss, x, { names: { x, w } })).split('\n')).toEqual(
      [
        'dv2/dx = -1, the sum over 2 paths',
        '    200.0%  x → v1 → v2',
        '            -2 × 1 = -2',
        '   -100.0%  x → v2',
        '            1 = 1',
      ].map((line) => line.replace('1 = 1', '1')),
    )
    expect(String(paths(loss, x, { names: { x, w }, top: 1 }))).toContain(
      'the sum over 2 paths, of which these bring 200.0%',
    )
  })

  test('data is plain', () => {
    const x = scalar(3)
    const { toString, ...found } = paths(x.mul(x).sin(), x)
    expect(JSON.parse(JSON.stringify(found))).toEqual(found)
  })

  test('bad input is told in sentences', () => {
    const weight = scalar(1)
    const other = scalar(2)
    const loss = weight.mul(2)
    const traced = trace(loss, { names: { weight } })
    expect(() => paths(traced, 'wieght')).toThrow('did you mean weight?')
    const mapped = vmap((row: Tensor<[2]>) => row.mul(weight).sum())(
      tensor(
        [
          [1, 2],
          [3, 4],
        ],
        float64,
      ),
    ).sum()
    expect(() => paths(mapped, weight)).toThrow('without vmap')
    expect(() => paths(trace(mapped), 'p1')).toThrow('without vmap')
    expect(() => paths(traced, 'q')).toThrow('a name of the trace: weight')
    expect(() => paths(traced, weight)).toThrow('by their names alone')
    expect(() => paths(loss, other)).toThrow('not computed from this float64[]')
    expect(() =>
      paths(
        noGrad(() => weight.mul(2)),
        weight,
      ),
    ).toThrow('parameter(...)')
    expect(() => paths(parameter(tensor([1, 2])).mul(2), 'p1')).toThrow('the sum or the mean')
    expect(() => paths(trace(loss, { locals: false }), 'p1')).toThrow('locals: true')
    expect(() => paths(traced, 'weight', { names: { weight } })).toThrow('trace(loss, { names })')
  })
})
