import { expect, test } from 'vitest'
import { run } from '../equilibrium/index.js'

test('equilibrium: one layer at rest learns, with the gradients of infinitely many', () => {
  const { losses, accuracy, difference } = run({ short: true, print: () => {} })
  expect(losses[0]).toBeGreaterThan(0.3)
  expect(losses.at(-1)).toBeLessThan(0.1)
  expect(accuracy).toBeGreaterThan(0.95)
  expect(difference).toBeLessThan(1e-6)
})
