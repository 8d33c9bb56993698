import { Random, random } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { threefry } from '../../src/execution/random.js'

const inf = Number.POSITIVE_INFINITY

describe('threefry', () => {
  it.each([
    // the known answers that come with Random123, for threefry2x32 with 20 rounds
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)('key %j and counter %j give %j', (key, counter, words) => {
    const given = new Int32Array(2)
    threefry(key[0], key[1], counter[0], counter[1], given)
    expect([...new Uint32Array(given.buffer)]).toEqual(words)
  })
})

const moments = (data: ArrayLike<number>) => {
  const numbers = Array.from(data)
  const mean = numbers.reduce((a, b) => a + b) / numbers.length
  const central = (power: number) => numbers.reduce((sum, x) => sum + (x - mean) ** power, 0) / numbers.length
  const deviation = Math.sqrt(central(2))
  return { mean, deviation, skewness: central(3) / deviation ** 3, kurtosis: central(4) / deviation ** 4 }
}

describe('random', () => {
  it('is the same after the same seed, bit for bit, and differs after another', () => {
    random.seed(7)
    const first = random.normal([5]).toArray()
    random.seed(7)
    expect(random.normal([5]).toArray()).toEqual(first)
    random.seed(8)
    expect(random.normal([5]).toArray()).not.toEqual(first)
    expect(new Random(7).normal([5]).toArray()).toEqual(first)
    expect(new Random(7 + 2 ** 32).normal([5]).toArray()).not.toEqual(first)
  })

  it('goes on from where it was, also from a state that was a text', () => {
    const draws = new Random(2 ** 40 + 5)
    draws.uniform([3])
    const state = JSON.parse(JSON.stringify(draws.state()))
    const wanted = [draws.normal([5]).toArray(), draws.permutation(7).toArray(), draws.number()]
    const other = new Random(1)
    other.restore(state)
    expect([other.normal([5]).toArray(), other.permutation(7).toArray(), other.number()]).toEqual(wanted)
    // what it was split into is not moved
    expect(draws.state()).toEqual(other.state())
    expect(() => other.restore({ ...state, counter: -1 })).toThrow('random.restore: counter is -1;')
    expect(() => other.restore({ ...state, key: [1, 0.5] })).toThrow(
      'use two integers of 32 bits, as random.state() gives them',
    )
  })

  it('splits off generators that do not depend on how much the other draws', () => {
    const draws = (before: number) => {
      const parent = new Random(1)
      const child = parent.split()
      parent.uniform([before])
      return child.uniform([3]).toArray()
    }
    expect(draws(1)).toEqual(draws(100))
    const parent = new Random(1)
    expect(parent.split().uniform([3]).toArray()).not.toEqual(parent.split().uniform([3]).toArray())
  })

  it('draws normally distributed elements', () => {
    const { mean, deviation, skewness, kurtosis } = moments(
      new Random(3).normal([200_000], { mean: 2, standardDeviation: 3, dtype: 'float64' }).data as Float64Array,
    )
    expect(Math.abs(mean - 2)).toBeLessThan(0.03)
    expect(Math.abs(deviation - 3)).toBeLessThan(0.03)
    expect(Math.abs(skewness)).toBeLessThan(0.03)
    expect(Math.abs(kurtosis - 3)).toBeLessThan(0.06)
  })

  it('draws evenly from [low, high)', () => {
    const x = new Random(4).uniform([100_000], { low: -1, high: 3, dtype: 'float64' }).data as Float64Array
    const { mean, deviation } = moments(x)
    expect(Math.abs(mean - 1)).toBeLessThan(0.02)
    expect(Math.abs(deviation - 4 / Math.sqrt(12))).toBeLessThan(0.02)
    expect(x.every((number) => number >= -1 && number < 3)).toBe(true)
  })

  it('draws ones with the given probability', () => {
    const { mean } = moments(new Random(5).bernoulli([100_000], { p: 0.2 }).data as Float32Array)
    expect(Math.abs(mean - 0.2)).toBeLessThan(0.01)
  })

  it('permutes: every number once, each place equally likely', () => {
    const generator = new Random(6)
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < 8000; i++) {
      const order = generator.permutation(4).toArray()
      expect([...order].sort()).toEqual([0, 1, 2, 3])
      counts[order.indexOf(0)]!++
    }
    for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(200)
  })

  it('never draws high, not even by rounding to float32', () => {
    const generator = new Random(0)
    const drawn = generator.uniform([10_000], { low: 1, high: 1 + 2 ** -22 })
    expect(new Set(drawn.data as Float32Array)).toEqual(new Set([1, 1 + 2 ** -23]))
  })

  it('draws integers below high', () => {
    const drawn = new Random(0).uniform([1000], { low: 2, high: 5, dtype: 'int32' })
    expect(new Set(drawn.data as Int32Array)).toEqual(new Set([2, 3, 4]))
  })

  it.each<[string, () => unknown]>([
    ['uniform: low 3 and high 1', () => random.uniform([1], { low: 3, high: 1 })],
    ['normal: standardDeviation -1', () => random.normal([1], { standardDeviation: -1 })],
    ['normal: dtype int32', () => random.normal([1], { dtype: 'int32' })],
    ['bernoulli: p 2', () => random.bernoulli([1], { p: 2 })],
    ['bernoulli: p NaN', () => random.bernoulli([1], { p: Number.NaN })],
    ['uniform: low -Infinity', () => random.uniform([1], { low: -inf })],
    ['uniform: low 0 and high Infinity', () => random.uniform([1], { high: inf })],
    ['uniform: low NaN', () => random.uniform([1], { low: Number.NaN })],
    ['uniform: low 0 and high NaN', () => random.uniform([1], { high: Number.NaN })],
    ['uniform: low -1e+308 and high 1e+308', () => random.uniform([1], { low: -1e308, high: 1e308, dtype: 'float64' })],
    ['uniform: low 0 and high 1e+39', () => random.uniform([1], { high: 1e39 })],
    ['uniform: low -1e+300 and high 0', () => random.uniform([1], { low: -1e300, high: 0 })],
    ['uniform: dtype bool', () => random.uniform([1], { dtype: 'bool' })],
    ['uniform: low 0 and high 1', () => random.uniform([1], { dtype: 'int32' })],
    ['uniform: low 0.5 and high 3', () => random.uniform([1], { low: 0.5, high: 3, dtype: 'int32' })],
    ['uniform: low 0 and high 4294967296', () => random.uniform([1], { high: 2 ** 32, dtype: 'int32' })],
    ['normal: mean NaN', () => random.normal([1], { mean: Number.NaN })],
    ['normal: mean -Infinity', () => random.normal([1], { mean: -inf })],
    ['normal: standardDeviation Infinity', () => random.normal([1], { standardDeviation: inf })],
    ['normal: standardDeviation NaN', () => random.normal([1], { standardDeviation: Number.NaN })],
  ])('refuses %s', (says, draw) => {
    expect(draw).toThrow(`random.${says}`)
  })

  it.each<[number, number, 'float32' | 'float64']>([
    // nearly every number between the bounds rounds to high
    [1 + 0.4999999 * 2 ** -23, 1 + 0.6 * 2 ** -23, 'float32'],
    [-1 - 2 ** -24, -1, 'float32'],
    [1 - 2 ** -53, 1, 'float64'],
    [-(2 ** -149), 0, 'float32'],
    [-3e38, 3e38, 'float32'],
    [-8e307, 8e307, 'float64'],
    [1e300, 1.1e300, 'float64'],
  ])('from %s to %s in %s stays within, without a search', (low, high, dtype) => {
    const round = dtype === 'float32' ? Math.fround : Number
    for (const drawn of new Random(1).uniform([1000], { low, high, dtype }).data) {
      expect(drawn).toBeGreaterThanOrEqual(round(low))
      expect(drawn < high || drawn === round(low)).toBe(true)
    }
  })

  it('draws all int32 there are', () => {
    const drawn = new Random(0).uniform([1000], { low: -(2 ** 31), high: 2 ** 31, dtype: 'int32' }).data
    expect(Math.min(...drawn)).toBeLessThan(-(2 ** 30))
    expect(Math.max(...drawn)).toBeGreaterThan(2 ** 30)
    expect([...new Random(0).uniform([3], { low: 4, high: 5, dtype: 'int32' }).data]).toEqual([4, 4, 4])
  })

  it('refuses a seed that is no integer', () => {
    expect(() => random.seed(0.5)).toThrow(/random\.seed: 0\.5 is not an integer/)
  })
})
