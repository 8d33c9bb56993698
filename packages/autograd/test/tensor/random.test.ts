import { Random, random } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { threefry } from '../../src/tensor/threefry.js'

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
    expect(threefry(key, counter)).toEqual(words)
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
  ])('refuses %s', (says, draw) => {
    expect(draw).toThrow(`random.${says}`)
  })

  it('refuses a seed that is no integer', () => {
    expect(() => random.seed(0.5)).toThrow(/random\.seed: 0\.5 is not an integer/)
  })
})
