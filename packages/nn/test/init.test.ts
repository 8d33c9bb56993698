import { conv2d, eye, Random, ShapeError, type Tensor } from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'
import {
  Embedding,
  init,
  LayerNorm,
  Linear,
  LSTM,
  Module,
  OptionError,
  ReLU,
  Sequential,
  WeightNorm,
} from '../src/index.js'

const float64 = () => ({ dtype: 'float64', random: new Random(6) }) as const
const moments = ({ data }: { readonly data: Iterable<number> }) => {
  const values = [...data]
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length
  return { mean, variance, low: Math.min(...values), high: Math.max(...values) }
}

describe('truncatedNormal', () => {
  test('has the moments of a normal distribution between two standard deviations', () => {
    const { mean, variance, low, high } = moments(init.truncatedNormal(3, 0.1)([300, 300], float64()))
    expect(mean).toBeCloseTo(3, 2.5)
    // 1 - 2 * 2 phi(2) / (Phi(2) - Phi(-2))
    expect(variance / 0.01).toBeCloseTo(0.77374, 1.5)
    expect([low >= 2.8, low < 2.801, high <= 3.2, high > 3.199]).toEqual([true, true, true, true])
  })
  test('keeps bounds that are given, also far from the mean, in float32', () => {
    const { low, high } = moments(
      init.truncatedNormal(0, 1, { low: 2, high: 2.5 })([100, 10], { random: new Random(1) }),
    )
    expect([low >= 2, high <= 2.5]).toEqual([true, true])
    expect(() => init.truncatedNormal(0, 1, { low: 3, high: 2 })).toThrow('a low below high')
  })
})

describe('orthogonal', () => {
  const products = (q: Tensor) =>
    (q.shape[0]! < q.shape[1]! ? q.matmul(q.transpose()) : q.transpose().matmul(q)) as Tensor
  test.each([
    [3, 5],
    [5, 3],
    [4, 4],
    [40, 60],
  ])('%i x %i: fewer rows or columns are orthonormal', (rows, columns) => {
    const q = init.orthogonal()([rows, columns], float64()) as unknown as Tensor
    const size = Math.min(rows, columns)
    const off = products(q).sub(eye(size, size, { dtype: 'float64' }) as Tensor) as Tensor
    expect(Math.max(...off.data.map(Math.abs))).toBeLessThan(1e-14 * Math.max(rows, columns))
  })
  test('takes the kernel of a convolution as one axis, and a gain by name', () => {
    const q = init.orthogonal({ gain: 'relu' })([4, 3, 2, 2], float64()).reshape([4, 12]) as Tensor
    const product = products(q).toArray() as unknown as number[][]
    product.forEach((row, i) => {
      row.forEach((x, j) => {
        expect(x).toBeCloseTo(i === j ? 2 : 0, 12)
      })
    })
  })
  test('is spread evenly: no sign is preferred', () => {
    const random = new Random(2)
    const corners = Array.from({ length: 400 }, () => init.orthogonal()([2, 2], { dtype: 'float64', random }).data[3]!)
    expect(Math.abs(corners.reduce((sum, x) => sum + Math.sign(x), 0))).toBeLessThan(60)
  })
  test('refuses vectors', () => {
    expect(() => init.orthogonal()([3])).toThrow(ShapeError)
  })
})

describe('identity, dirac and sparse', () => {
  test('identity leaves what it multiplies, as far as it goes', () => {
    expect(init.identity({ gain: 2 })([2, 3]).toArray()).toEqual([
      [2, 0, 0],
      [0, 2, 0],
    ])
    expect(() => init.identity()([2, 3, 4])).toThrow('makes matrices, and not shape [2, 3, 4]')
  })
  test.each([1, 2])('dirac copies channels through a convolution of %i groups', (groups) => {
    const x = new Random(3).normal([2, 4, 5, 5], { dtype: 'float64' }) as Tensor
    const weight = init.dirac({ groups })([4, 4 / groups, 3, 3], { dtype: 'float64' }) as unknown as Tensor
    const y = (conv2d as (...args: unknown[]) => Tensor)(x, weight, { padding: 1, groups })
    expect(y.toArray()).toEqual(x.toArray())
    expect(() => init.dirac({ groups: 3 })([4, 2, 3])).toThrow('of 3 groups')
  })
  test('sparse leaves each output so many zeros', () => {
    const columns = init.sparse(0.75, 0.1)([10, 6], float64()).transpose().toArray() as unknown as number[][]
    for (const column of columns) expect(column.filter((x) => x === 0)).toHaveLength(8)
    expect(new Set(columns.map((column) => column.indexOf(0))).size).toBeGreaterThan(1)
  })
})

describe('fans and gains', () => {
  test('are those of convolutions where there is a kernel', () => {
    expect(moments(init.kaimingNormal()([50, 20, 3, 3], float64())).variance * 90).toBeCloseTo(1, 1)
    expect(moments(init.kaimingNormal({ mode: 'fanOut' })([50, 20, 3, 3], float64())).variance * 225).toBeCloseTo(1, 1)
    expect(moments(init.lecunUniform()([300, 100], float64())).variance * 300).toBeCloseTo(1, 1)
  })
  test('have names', () => {
    const [named, given] = [init.xavierUniform({ gain: 'tanh' }), init.xavierUniform({ gain: 5 / 3 })]
    expect(named([3, 2], float64()).toArray()).toEqual(given([3, 2], float64()).toArray())
  })
})

describe('apply', () => {
  const model = () =>
    new Sequential(['first', new Linear(4, 3)], ['norm', new LayerNorm(3)], ['last', new Linear(3, 2)])
  const values = (m: Module) => Object.fromEntries([...m.namedParameters()].map(([path, p]) => [path, new Set(p.data)]))

  it('gives all weights that initializers made new values', () => {
    const net = model()
    const before = values(net)
    expect(net.apply(init.constant(7))).toBe(net)
    expect(values(net)).toEqual({
      ...before,
      'first.weight': new Set([7]),
      'last.weight': new Set([7]),
      ...biases(net),
    })
  })
  const biases = (net: Module) =>
    Object.fromEntries(Object.entries(values(net)).filter(([path]) => path.endsWith('bias')))

  it('chooses by path and by kind', () => {
    const net = model().apply(init.zeros(), { path: /bias$/ }).apply(init.constant(2), { path: 'last' })
    expect(values(net)).toMatchObject({
      'first.bias': new Set([0]),
      'last.weight': new Set([2]),
      'last.bias': new Set([2]),
      'norm.scale': new Set([1]),
    })
    class Both extends Module {
      readonly embedding = new Embedding(3, 2)
      readonly linear = new Linear(2, 2)
    }
    const both = new Both().apply(init.ones(), { kind: Embedding })
    expect(new Set(both.embedding.weight.data)).toEqual(new Set([1]))
    expect(new Set(both.linear.weight.data)).not.toEqual(new Set([1]))
  })

  it('knows the fans that a weight was made for, and draws from the generator that it is given', () => {
    const wide = new Linear(400, 50).apply(init.lecunNormal(), { random: new Random(1) })
    expect(moments(wide.weight).variance * 400).toBeCloseTo(1, 1)
    const again = new Linear(400, 50).apply(init.lecunNormal(), { random: new Random(1) })
    expect(again.weight.data).toEqual(wide.weight.data)
  })

  it('refuses to choose nothing', () => {
    expect(() => model().apply(init.zeros(), { path: 'lst.weight' })).toThrow(OptionError)
    expect(() => model().apply(init.zeros(), { path: 'lst.weight' })).toThrow("did you mean 'last.weight'?")
    expect(() => model().apply(init.zeros(), { kind: Embedding })).toThrow('choose among first.weight')
    expect(() => new ReLU().apply(init.zeros())).toThrow('no parameter is chosen')
    expect(() => model().apply(init.orthogonal(), { path: 'norm' })).toThrow('init.orthogonal: shape [3]')
  })

  it('makes weights again as their layers do: rows of padding, gates, what wrappers hold', () => {
    const table = new Embedding(3, 2, { paddingIndex: 0 }).apply(init.constant(7))
    expect(table.weight.toArray()).toEqual([
      [0, 0],
      [7, 7],
      [7, 7],
    ])
    const lstm = new LSTM(3, 4).apply(init.orthogonal())
    const gate = lstm.layers[0]!.forward.recurrentWeight.slice(1, 4, 8) as Tensor
    const off = gate.matmul(gate.transpose()).sub(eye(4, 4) as Tensor) as Tensor
    expect(Math.max(...off.data.map(Math.abs))).toBeLessThan(1e-5)
    const norm = new WeightNorm(new Linear(2, 2)).apply(init.constant(7))
    expect(new Set(norm.direction.data)).toEqual(new Set([7]))
  })

  it('changes nothing where one parameter cannot be made, and names it', () => {
    const net = model()
    const before = values(net)
    expect(() => net.apply(init.orthogonal(), { path: /./ })).toThrow(/^Module\.apply: first\.bias: init\.orthogonal/)
    expect(values(net)).toEqual(before)
  })
})
