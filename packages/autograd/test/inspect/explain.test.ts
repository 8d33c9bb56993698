import {
  compile,
  elementwise,
  geluTanh,
  grad,
  namedScope,
  noGrad,
  parameter,
  scan,
  type Tensor,
  tensor,
} from '@adjoint/autograd'
import { explain, trace, tracePrograms } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const

const network = () => {
  const x = tensor([[1, 2], [0.5, 1]], float64) // biome-ignore format: a matrix
  const w = parameter(tensor([[0.5], [-0.125]], float64))
  const b = parameter(tensor([0.125], float64))
  const y = x.matmul(w).add(b).tanh()
  const loss = y.square().mean()
  return { x, w, b, y, loss, names: { x, w, b, y, loss } }
}

const neuron = () => {
  const [x1, x2, w11] = [0.35, 0.9, -0.1].map((n) => parameter(tensor(n, float64))) as unknown as [
    Tensor,
    Tensor,
    Tensor,
  ]
  const a = x1.mul(w11).add(x2.square())
  const y = a.sigmoid().mul(a)
  const E = y.sub(0.2).square().div(2)
  return { E, names: { x1, x2, w11, a, y, E } }
}

const linesOf = (text: string) =>
  text.split('\n').map((line) => line.replace(/ {2,}(?=\S)/g, (gap, at) => (at === 0 ? gap : ' | ')))

describe('explain', () => {
  test('a line for each step, derivatives as expressions, without the steps that only change a shape', () => {
    const { loss, names } = network()
    expect(linesOf(explain(loss, { names }))).toEqual([
      'float64[]: 0.09420259 in 5 steps from w, b',
      'v1 = matmul(x, w)',
      'v2 = add(v1, b) | dv2/dv1 = 1, | dv2/db = 1',
      'y = tanh(v2) | dy/dv2 = 1 - y * y',
      'v3 = square(y) | dv3/dy = 2 * y',
      'loss = mean(v3)',
    ])
  })

  test('plumbing on request', () => {
    const { loss, names } = network()
    const lines = explain(loss, { names, plumbing: true }).split('\n')
    expect(lines).toContain('b#2 = broadcastTo(b, [2, 1])')
    expect(lines.at(-1)).toBe('loss = reshape(v4, [])')
  })

  test('attributes are words, and none where they go without saying', () => {
    const w = parameter(tensor([[1, 2], [3, 4]], float64)) // biome-ignore format: a matrix
    expect(explain(w.sum([0]), { names: { w } })).toContain('v1 = sum(w, axes [0])')
    expect(explain(w.mean(), { names: { w } })).toMatch(/v1 = mean\(w\)$/m)
    expect(explain(w.transpose().cos(), { names: { w } })).toContain('v1 = permute(w, [1, 0])')
    expect(explain(w.slice(1, 1, 2).cos(), { names: { w } })).toContain('v1 = slice(w, starts [0, 1], counts [2, 1])')
    expect(explain(w.mul(w).sum([0]), { names: { w } })).not.toMatch(/[{}"]/)
  })

  test('values where all are single numbers, and on request', () => {
    const w = parameter(tensor(0.1))
    const text = explain(w.mul(3).exp(), { names: { w } })
    expect(linesOf(text)).toEqual([
      'float32[]: 1.349859 in 2 steps from w',
      'w = 0.1',
      'v1 = mul(w, 3) = 0.3 | dv1/dw = 3',
      'v2 = exp(v1) = 1.3499 | dv2/dv1 = v2 = 1.3499',
    ])
    expect(explain(w.mul(3), { names: { w }, values: false })).not.toContain('= 0.3')
    const { loss, names } = network()
    const lines = explain(loss, { names, values: true, digits: 3 }).split('\n')
    expect(lines[1]).toBe('w = [[0.5], [-0.125]], b = 0.125, x = [[1, 2], [0.5, 1]]')
    expect(lines[3]).toMatch(/^v2 = add\(v1, b\) = \[\[0\.375\], \[0\.25\]\] /)
    const long = parameter(tensor(new Float32Array(100).fill(2)))
    expect(explain(long.mul(2).sum(), { values: true })).toContain('v1 = mul(p1, 2) = [100] of norm 40')
  })

  test("shows the definition of someone's own elementwise op, also under the name of a built-in one", () => {
    const x = parameter(tensor([0.5, 1], float64))
    const cube = elementwise('cube', (m, u) => m.mul(u, m.mul(u, u)))
    expect(explain(cube(x), { names: { x } })).toContain('v1 = cube(x) = x * x * x  dv1/dx = ')
    const tanh = elementwise('tanh', (m, u) => m.mul(3, u))
    expect(explain(tanh(x), { names: { x } })).toContain('v1 = tanh(x) = 3 * x  dv1/dx = 3')
  })

  test('what rules of derivatives computed is a formula, and no name that nobody can call', () => {
    const text = explain(
      trace(
        grad((x: Tensor) => x.sigmoid().square().sum()),
        tensor([1, 2]),
      ),
    )
    expect(text).not.toContain('vjp')
    expect(text).toContain('v3 = v2 * v1 * (1 - v1)')
    expect(text).toMatch(/v2 = 1 \* 2 \* v1 .*adjoint of v1$/m)
    expect(text).toMatch(/v3 = .*adjoint of x$/m)
  })

  test('very long derivatives are cut', () => {
    const y = geluTanh(parameter(tensor([1, 2]))).sum()
    for (const backward of [false, true]) {
      for (const line of explain(y, { backward }).split('\n')) expect(line.length).toBeLessThan(180)
    }
    expect(explain(y)).toContain(' ...')
    expect(explain(y, { backward: true })).toContain('dv2/dp1 = dv2/dv1 back through geluTanh = [1, 1] × [')
  })

  test('derivatives with respect to constants are not shown', () => {
    const w = parameter(tensor([1, 2]))
    expect(explain(w.mul(tensor([3, 4])), { names: { w } })).toMatch(/^v1 = mul\(w, c1\) {2}dv1\/dw = c1$/m)
  })

  test('derivatives by long names are spaced', () => {
    const weight = parameter(tensor([1, 2]))
    expect(explain(weight.square(), { names: { weight } })).toContain('d v1 / d weight = 2 * weight')
  })

  test('parts are headings', () => {
    const f = (x: Tensor) => namedScope('outer', () => namedScope('inner', () => x.sin()).cos()).exp()
    expect(
      explain(trace(f, tensor([1, 2])))
        .split('\n')
        .map((line) => line.replace(/ {2}d.*/, '').trimEnd()),
    ).toEqual(['float32[2] in 3 steps from x', 'outer', '  inner', '    v1 = sin(x)', '  v2 = cos(v1)', 'v3 = exp(v2)'])
  })

  test('several results stand in one line', () => {
    const [last, all] = scan((h: Tensor, x: Tensor) => [h.mul(x), h] as const, parameter(tensor(2)), tensor([1, 2, 3]))
    const text = explain((last as Tensor).add((all as Tensor).sum()))
    expect(text).toContain('in 3 steps')
    expect(text).toContain('v2, v3 = scan(p1, c1, 3 rounds)')
  })

  test('a derivative can be explained in turn', () => {
    grad((x: Tensor) => {
      const slope = grad((u: Tensor) => u.sin())(x)
      expect(explain(slope)).toContain('cos(')
      return slope
    })(tensor(0.5))
  })

  test('long computations are cut in the middle', () => {
    let x: Tensor = parameter(tensor(1))
    for (let i = 0; i < 100; i++) x = x.neg()
    const lines = explain(x, { steps: 6, values: false }).split('\n')
    expect(lines).toHaveLength(8)
    expect(lines[4]).toBe('... 94 steps ...')
    expect(lines[7]).toContain('v100 = neg(v99)')
    expect(explain(x, { steps: 6, backward: true }).split('\n')).toHaveLength(1 + 12 + 1 + 1)
  })

  test('tangents move along', () => {
    const { E, names } = neuron()
    const lines = explain(trace(E, { names, tangents: { x1: 1, w11: 2 } })).split('\n')
    expect(lines).toContain("  v1' = w11 × x1' + x1 × w11' = -0.1 × 1 + 0.35 × 2 = 0.6")
    expect(lines.filter((line) => line.startsWith("  E' = "))).toHaveLength(1)
    expect(lines.filter((line) => line.startsWith("  v2' = "))).toEqual([])
  })

  test('lines of the program, of a trace that has them', () => {
    const traced = trace.with({ source: true })((x: Tensor) => x.sin(), tensor(1))
    expect(explain(traced, { source: true })).toMatch(/explain\.test\.ts:\d+$/)
    expect(() =>
      explain(
        trace((x: Tensor) => x.sin(), tensor(1)),
        { source: true },
      ),
    ).toThrow('trace.with({ source: true })')
  })

  test('a compiled program, by its kernels', () => {
    const f = compile((x: Tensor) => x.sin().mul(2).sum())
    f(tensor([1, 2, 3]))
    const lines = explain(tracePrograms(f)[0]!).split('\n')
    expect(lines[1]).toBe('reduce add over [0] of sin mul')
    expect(lines[2]).toBe('  v1 = sin(x1)')
    expect(() => explain(tracePrograms(f)[0]!, { backward: true })).toThrow('compiled')
  })

  test('says why a leaf has no history', () => {
    const w = parameter(tensor(1))
    expect(explain(w, { names: { w } })).toContain('a parameter')
    expect(() => explain(noGrad(() => w.mul(2)))).toThrow('parameter(...)')
  })

  test('names are given to what has none', () => {
    const { loss, names } = network()
    expect(() => explain(trace(loss), { names })).toThrow('trace(loss, { names })')
    expect(() => explain(loss, { names, digits: 0 })).toThrow("an integer from 1 to 17, or 'full'")
  })
})

describe('explain, backward', () => {
  test('a line for each step and each contribution, numbers put in, totals where terms meet', () => {
    const { E, names } = neuron()
    // Python: a = x1 * w11 + x2 ** 2; s = 1 / (1 + exp(-a)); y = s * a; E = (y - .2) ** 2 / 2, and the chain rule by hand
    expect(linesOf(explain(E, { names, backward: true })).slice(0, 13)).toEqual([
      'E: 0.05463699, back in 8 steps to x2, w11, x1',
      'E = div(v5, 2) = 0.054637 | dE/dE = 1',
      '  dE/dv5 = dE/dE × 1 / 2 = 1 × 1 / 2 = 0.5',
      'v5 = square(v4) = 0.10927 | dE/dv5 = 0.5',
      '  dE/dv4 = dE/dv5 × 2 * v4 = 0.5 × 2 * 0.33057 = 0.33057',
      'v4 = sub(y, 0.2) = 0.33057 | dE/dv4 = 0.33057',
      '  dE/dy = dE/dv4 = 0.33057',
      'y = mul(v3, a) = 0.53057 | dE/dy = 0.33057',
      '  dE/dv3 = dE/dy × a = 0.33057 × 0.775 = 0.25619',
      '  dE/da += dE/dy × v3 = 0.33057 × 0.68460 = 0.22631',
      'v3 = sigmoid(a) = 0.68460 | dE/dv3 = 0.25619',
      '  dE/da += dE/dv3 × v3 * (1 - v3) = 0.25619 × 0.68460 * (1 - 0.68460) = 0.055317, in all 0.28162',
      'a = add(v1, v2) = 0.775 | dE/da = 0.28162',
    ])
  })

  test('the numbers that are put in give what is passed on', () => {
    const { E, names } = neuron()
    const text = explain(E, { names, backward: true, digits: 'full' })
    const products = [...text.matchAll(/^ .* = ([^=]*×[^=]*) = ([-\d.e]+)(?:, .*)?$/gm)]
    expect(products.length).toBeGreaterThan(6)
    for (const [, product, amount] of products) {
      expect(new Function(`return ${product!.replaceAll('×', '*')}`)()).toBeCloseTo(Number(amount), 14)
    }
    const amounts = [...text.matchAll(/^ +dE\/da \+= .* = ([-\d.e]+?)(?:, in all ([-\d.e]+))?$/gm)]
    expect(amounts).toHaveLength(2)
    expect(Number(amounts[0]![1]) + Number(amounts[1]![1])).toBeCloseTo(Number(amounts[1]![2]), 15)
  })

  test('gradients stand at the end with all their digits, as backward() gives them', () => {
    const { E, names } = neuron()
    const lines = explain(E, { names, backward: true }).split('\n')
    E.backward()
    for (const name of ['x1', 'x2', 'w11'] as const) expect(lines).toContain(`dE/d${name} = ${names[name].grad.item()}`)
  })

  test('of tensors the rule is in words, and the numbers are theirs, or the norm', () => {
    const { loss, names } = network()
    const lines = linesOf(explain(loss, { names, backward: true, digits: 4 }))
    expect(lines).toContain('  dloss/dv3 = dloss/dloss × 0.5 for each element = [[0.5], [0.5]]')
    loss.backward()
    const numbers = (names.w.grad.toArray() as number[][]).map(([element]) => `[${element!.toPrecision(4)}]`)
    expect(lines).toContain(`  dloss/dw = transpose(x) · dloss/dv1 = [${numbers.join(', ')}]`)
    expect(lines.filter((line) => line.startsWith('  dloss/db = sum of dloss/dv2 = '))).toHaveLength(1)
    const w = parameter(tensor(Float64Array.from({ length: 100 }, () => 0.5)))
    expect(explain(w.square().sum(), { names: { w }, backward: true })).toContain(
      'dv2/dw = dv2/dv1 × 2 * w = [100] of norm 10',
    )
  })

  test('long names are said once', () => {
    const weight = parameter(tensor([2, 3], float64))
    const lines = linesOf(explain(weight.square().sum(), { names: { weight }, backward: true }))
    expect(lines[0]).toBe('v2: 13, back in 2 steps to weight. Here d v is d v2 / d v')
    expect(lines).toContain('  d weight = d v1 × 2 * weight = [1, 1] × [4, 6] = [4, 6]')
  })

  test('a path that an op of several results takes', () => {
    const [last, all] = scan((h: Tensor, x: Tensor) => [h.mul(x), h] as const, parameter(tensor(2)), tensor([1, 2, 3]))
    const text = explain((last as Tensor).add((all as Tensor).sum()), { backward: true })
    expect(text).toContain('dv5/dp1 = dv5/dv2 and dv5/dv3 back through scan = 10')
  })

  test('wants one result, a scalar, and says so', () => {
    const w = parameter(tensor([1, 2]))
    expect(() => explain(w.mul(2), { backward: true })).toThrow('the sum or the mean')
    const two = trace((x: Tensor) => ({ a: x.sin().sum(), b: x.sum() }), tensor([1, 2]))
    expect(() => explain(two, { backward: true })).toThrow('2 results (.a, .b)')
    expect(explain(two)).toContain('a float32[]: 1.750768, b float32[]: 3 in 3 steps from x')
  })
})
