import { Random } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { noiseIn } from '../../src/gradcheck/differences/noise.js'
import { startsAt } from '../../src/gradcheck/differences/starts.js'

const at = (f: (x: number) => number, spacing: number): number[] =>
  Array.from({ length: 9 }, (_, k) => f(0.7 + (k - 4) * spacing))

describe('the noise in values', () => {
  test.each([1e-12, 1e-6, 1])('of a standard deviation of %s is told within a factor of 10', (level) => {
    for (let seed = 0; seed < 40; seed++) {
      const noise = new Random(seed).normal([9], { dtype: 'float64' }).data
      const { level: found, seen } = noiseIn(at(Math.sin, 1e-4).map((x, i) => x + level * Number(noise[i])))
      expect(found, `seed ${seed}`).toBeGreaterThan(level / 10)
      expect(found, `seed ${seed}`).toBeLessThan(level * 5)
      expect(seen).toBe('noise')
    }
  })

  test.each<[string, (x: number) => number]>([
    ['exp', Math.exp],
    ['sin', Math.sin],
    ['1 / x', (x) => 1 / x],
    ['x^9', (x) => x ** 9],
  ])('of %s is that of rounding, a unit or less', (_, f) => {
    expect(noiseIn(at(f, 1e-4)).level).toBeLessThan(Math.abs(f(0.7)) * Number.EPSILON)
  })

  test('of a small difference of large numbers is that of these', () => {
    const { level } = noiseIn(at((x) => Math.sin(x) + 1e8 - 1e8, 1e-3))
    expect(level).toBeGreaterThan(1e8 * 2 ** -56)
    expect(level).toBeLessThan(1e8 * 2 ** -52)
  })

  test('does not show where most neighbours are equal, nor where the function bends', () => {
    expect(noiseIn(at((x) => x + 1e8 - 1e8, 1e-9)).seen).toBe('flat')
    expect(noiseIn(at((x) => Math.sin(5 * x), 0.05)).seen).toBe('curved')
  })

  test('is found in numbers whose squares overflow', () => {
    const { level } = noiseIn(at((x) => 1e300 * x, 1e-4))
    expect(level).toBeLessThan(1e285)
  })
})

describe('where ladders of steps begin', () => {
  test.each([1, 1e-3, 1e-8, 1e-200, 1e6, 1e200])('beside %s is in proportion to it, or near 1', (x) => {
    const starts = startsAt(Float64Array.of(x), Float64Array.of(1))
    expect(starts).toEqual([...starts].sort((a, b) => b - a))
    expect(starts.at(-1)).toBeLessThan(x)
    expect(starts[0]).toBeGreaterThan(x / 1e4)
  })

  test('shares no step with another', () => {
    const [a, b] = startsAt(Float64Array.of(0.5), Float64Array.of(1)) as [number, number]
    expect(Number.isInteger(Math.log2(a / b))).toBe(false)
  })

  test('is somewhere also where nothing moves or all is 0', () => {
    expect(startsAt(new Float64Array(2), new Float64Array(2)).length).toBe(1)
    expect(startsAt(new Float64Array(2), Float64Array.of(1, 0)).every((start) => start > 0)).toBe(true)
  })
})
