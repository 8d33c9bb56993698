import { broadcastTo, grad, parameter, type Tensor, tensor, where } from '@adjoint/autograd'
import { type Trace, trace } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { withoutPlumbing } from '../../src/inspect/plumbing/plumbing.js'
import { numbersBelongTogether } from './numbers.js'

const float64 = { dtype: 'float64' } as const

const network = () => {
  const x = tensor([[1, 2]], float64)
  const w = parameter(tensor([[0.5], [-0.25]], float64))
  const b = parameter(tensor([0.125], float64))
  const y = x.matmul(w).add(b).tanh()
  const loss = y.square().sum()
  return { loss, names: { x, w, b, y, loss } }
}

const drawn = ({ nodes, edges }: Trace) =>
  nodes
    .filter(({ op }) => op !== null)
    .map(
      ({ name, op, inputs }) => `${name} = ${op}(${inputs.map((edge) => nodes[edges[edge]!.from]!.name).join(', ')})`,
    )

const plain = (loss: Tensor, names = {}) => {
  const whole = trace(loss, { names })
  const { trace: left } = withoutPlumbing(whole)
  numbersBelongTogether(whole)
  numbersBelongTogether(left)
  expect(JSON.parse(JSON.stringify(left))).toEqual(left)
  left.nodes.forEach(({ id, inputs }, place) => {
    expect(id).toBe(place)
    inputs.forEach((edge, index) => {
      expect(left.edges[edge]).toMatchObject({ id: edge, to: id, index })
    })
  })
  return left
}

describe('withoutPlumbing', () => {
  test('leaves out what only has another shape, and carries names past it', () => {
    const { loss, names } = network()
    const left = plain(loss, names)
    expect(drawn(left)).toEqual(['v1 = matmul(x, w)', 'v2 = add(v1, b)', 'y = tanh(v2)', 'loss = square(y)'])
    expect(left.outputs).toEqual([{ node: left.nodes.length - 1, path: '' }])
    expect(left.nodes.at(-1)).toMatchObject({ name: 'loss', named: true, adjoint: [[1]] })
    expect(left.backward.map(({ node }) => left.nodes[node]!.name)).toEqual(['loss', 'y', 'v2', 'b', 'v1', 'w'])
  })

  test('a number that is broadcast is a number, to which all elements pass something back', () => {
    const x = tensor([[1, 2, 3], [4, 5, 6]], float64) // biome-ignore format: a matrix
    const s = parameter(tensor(0.5, float64))
    const left = plain(x.mul(s).square().sum(), { x, s })
    expect(drawn(left)).toEqual(['v1 = mul(x, s)', 'v2 = square(v1)', 'v3 = sum(v2)'])
    const edge = left.edges.find(({ from }) => left.nodes[from]!.name === 's')!
    expect(edge.local).toEqual({ kind: 'matrix', rows: 6, columns: 1, matrix: [[1], [2], [3], [4], [5], [6]] })
    expect(left.nodes[edge.from]!.adjoint).toBe(91)
    const far = plain(x.mul(s.broadcastTo([1, 3])).sum(), { x, s })
    expect(drawn(far)[0]).toBe('v1 = broadcastTo(s)')
  })

  test('one element, many times, through a matrix', () => {
    const s = parameter(tensor([0.5], float64))
    const m = tensor([[1, 2], [3, 5]], float64) // biome-ignore format: a matrix
    const left = plain(m.matmul(s.broadcastTo([2, 1])).sum(), { m, s })
    expect(left.edges[1]!.local).toEqual({ kind: 'matrix', rows: 2, columns: 1, matrix: [[3], [8]] })
  })

  test('what has more than one element is broadcast visibly, and so is what is turned', () => {
    const w = parameter(tensor([1, 2], float64))
    expect(drawn(plain(w.broadcastTo([3, 2]).sum(), { w }))[0]).toBe('v1 = broadcastTo(w)')
    const m = parameter(tensor([[1, 1], [1, 1]], float64)) // biome-ignore format: a matrix
    expect(drawn(plain(m.transpose().mul(tensor([[1, 2], [3, 4]], float64)).sum(), { m }))[0]).toBe('v1 = permute(m)') // biome-ignore format: a matrix
    expect(drawn(plain(m.flip(0).mul(2).sum(), { m }))[0]).toBe('v1 = slice(m)')
    // a row is a column
    const row = parameter(tensor([[1, 2, 3]], float64))
    expect(drawn(plain(row.transpose().exp().sum(), { row }))).toEqual(['v1 = exp(row)', 'v2 = sum(v1)'])
  })

  test('a step with a name of its own stays, if what it was made of has another one', () => {
    const w = parameter(tensor([1, 2, 3, 4], float64))
    const matrix = w.reshape([2, 2])
    expect(drawn(plain(matrix.square().sum(), { w, matrix }))[0]).toBe('matrix = reshape(w)')
    const h = w.exp()
    const flat = h.reshape([2, 2])
    expect(drawn(plain(flat.sum(), { w, flat }))[0]).toBe('flat = exp(w)')
    expect(drawn(plain(flat.sum(), { w, h, flat }))).toEqual(['h = exp(w)', 'flat = reshape(h)', 'v1 = sum(flat)'])
  })

  test('a result that only has another shape of a leaf remains', () => {
    const w = parameter(tensor([2], float64))
    expect(drawn(plain(w.reshape([]), { w }))).toEqual(['w#2 = reshape(w)'])
    expect(drawn(plain(w.reshape([]).broadcastTo([1, 1]), { w }))).toEqual(
      ['w#2 = broadcastTo(w)'].map((line) => line.replace('w#2', 'w#3')),
    )
  })

  test('what arrives over several ways is added in the order of the steps that remain', () => {
    const w = parameter(tensor([2, 3], float64))
    const row = w.reshape([1, 2])
    const loss = row.sin().add(row.mul(w.exp())).sum().add(w.square().sum())
    const left = plain(loss, { w })
    const amounts = left.backward
      .flatMap(({ contributions }) => contributions)
      .filter(({ to }) => left.nodes[to]!.name === 'w')
    expect(amounts).toHaveLength(4)
    expect(amounts.at(-1)!.total).toEqual(left.nodes.find(({ name }) => name === 'w')!.adjoint)
  })

  test('formulas are in the names that remain', () => {
    const [a, exp] = [parameter(tensor(0.5, float64)), parameter(tensor([0.25], float64))]
    const x = exp.reshape([]).exp().mul(a).sigmoid()
    const left = plain(where(x.greater(0), x, x.neg()).square().reshape([1]), { exp, a })
    const formulas = left.edges.flatMap(({ local }) => (local?.kind === 'elementwise' ? [local.formula] : []))
    expect(formulas[0]).toBe('v1')
    expect(formulas.join()).not.toContain('#')
  })

  test('of large tensors the sums are those that are known, or the step remains', () => {
    const w = parameter(tensor(Float64Array.from({ length: 100 }, (_, i) => i / 10)))
    const once = plain(w.reshape([10, 10]).square().sum(), { w })
    expect(drawn(once)).toEqual(['v1 = square(w)', 'v2 = sum(v1)'])
    const rows = w.reshape([10, 10])
    const thrice = rows
      .sin()
      .add(rows.cos())
      .add(rows.exp())
      .add(w.square().reshape([10, 10]))
      .sum()
    const left = plain(thrice, { w })
    expect(drawn(left)[0]).toBe('w#2 = reshape(w)')
    const to = left.nodes.find(({ name }) => name === 'w')!
    const totals = left.backward.flatMap(({ contributions }) => contributions.filter((one) => one.to === to.id))
    expect(totals.at(-1)!.total).toEqual(to.adjoint)
  })

  test('of large tensors several ways that each reshape anew add up as they did', () => {
    const w = parameter(tensor(Float64Array.from({ length: 100 }, (_, i) => i / 10)))
    const [a, b, c] = [w.reshape([10, 10]).sin(), w.reshape([10, 10]).cos(), w.reshape([10, 10]).exp()]
    const left = plain(a.mul(b).add(c).sum(), { w })
    expect(drawn(left)).toEqual([
      'v1 = sin(w)',
      'v2 = cos(w)',
      'v3 = exp(w)',
      'v4 = mul(v1, v2)',
      'v5 = add(v4, v3)',
      'v6 = sum(v5)',
    ])
    const whole = trace(a.mul(b).add(c).sum(), { names: { w } })
    const totalsAt = ({ nodes, backward }: Trace) =>
      backward
        .flatMap(({ contributions }) => contributions.filter(({ to }) => nodes[to]!.name === 'w'))
        .map(({ total }) => total)
    expect(totalsAt(left)).toEqual(totalsAt(whole))
  })

  test('in what a sweep computed, nodes stay the adjoints that they were', () => {
    const slope = grad((x: Tensor) => x.reshape([1, 2]).sin().square().sum())
    const whole = trace((x: Tensor) => slope(x), tensor([0.5, 1], float64))
    const { trace: left } = withoutPlumbing(whole)
    const adjoints = left.nodes.flatMap(({ adjointOf }) =>
      typeof adjointOf === 'number' ? [left.nodes[adjointOf]!.name] : [],
    )
    expect(adjoints).toContain('x')
    expect(left.nodes.filter(({ same }) => same)).toEqual([])
    const last = left.nodes[left.outputs[0]!.node]!
    expect(last).toMatchObject({ adjointOf: left.nodes.find(({ name }) => name === 'x')!.id })
  })

  test('says where everything has gone', () => {
    const { loss, names } = network()
    const whole = trace(loss, { names })
    const { trace: left, nodeOf, edgeOf } = withoutPlumbing(whole)
    whole.nodes.forEach((node, id) => {
      if (!node.same) expect(left.nodes[nodeOf[id]!]!.value).toEqual(node.value)
    })
    left.edges.forEach((edge, id) => {
      expect(nodeOf[whole.edges[edgeOf[id]!]!.to]).toBe(edge.to)
    })
  })

  test('a chain of ten thousand steps takes no more than a moment', () => {
    let x: Tensor = parameter(tensor([[1, 2]], float64))
    for (let i = 0; i < 5_000; i++) x = x.reshape([i % 2 === 0 ? 2 : 1, i % 2 === 0 ? 1 : 2]).neg()
    const whole = trace(x.sum())
    const start = performance.now()
    const { trace: left } = withoutPlumbing(whole)
    expect(left.nodes).toHaveLength(5_002)
    expect(performance.now() - start).toBeLessThan(10_000)
    let y: Tensor = parameter(tensor([[1, 2]], float64))
    for (let i = 0; i < 5_000; i++) y = broadcastTo(y.reshape([2]), [1, 2])
    expect(withoutPlumbing(trace(y.square().sum())).trace.nodes).toHaveLength(3)
  })
})
