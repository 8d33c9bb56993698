import { expect, test } from 'vitest'
import { run } from '../pendulum/index.js'

test('pendulum: a motor that cannot lift it swings it up, by gradients through the solver', () => {
  const { losses, fromUpright, velocity, turns } = run({ short: true, print: () => {} })
  expect(losses[0]).toBeCloseTo(2, 2)
  expect(losses.at(-1)).toBeLessThan(0.01)
  expect(fromUpright).toBeLessThan(5)
  expect(Math.abs(velocity)).toBeLessThan(0.5)
  expect(turns).toBeGreaterThanOrEqual(2)
})
