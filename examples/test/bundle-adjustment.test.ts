import { expect, test } from 'vitest'
import { run } from '../bundle-adjustment/index.js'

test('bundle adjustment: cameras and points are found to what the observations allow, by sparse Jacobians', () => {
  const { errors, before, after, share, unknowns } = run({ short: true, print: () => {} })
  expect(unknowns).toBe(2 * 6 + 30 * 3)
  expect(share).toBeLessThan(9 / unknowns)
  expect(errors[0]).toBeGreaterThan(20)
  // half a pixel of noise, less what the unknowns take of it
  expect(errors.at(-1)).toBeLessThan(0.5)
  expect(errors.at(-1)).toBeGreaterThan(0.25)
  expect(after).toBeLessThan(before / 8)
})
