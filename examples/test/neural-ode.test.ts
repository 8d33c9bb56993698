import { readFileSync } from 'node:fs'
import { tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { memoryOf } from '../neural-ode/costs.js'
import { run } from '../neural-ode/index.js'
import { observe } from '../neural-ode/model.js'
import { pendulum } from '../neural-ode/pendulum.js'
import { type Field, type States, solve } from '../neural-ode/solver.js'
import { interrupted, numbersOf } from './interrupted.js'

const lines: string[] = []
const whole = run({ short: true, print: (text) => lines.push(text) })

/** Swings whose friction and gravity are linear: what is exact is known. */
const decay: Field = (states) => states.mul(-1) as States

describe('a neural ordinary differential equation', () => {
  test('in short mode the network foretells swings better than a linear law, and a picture is left', async () => {
    const { network, linear, file } = await whole
    expect(network.error.soon).toBeLessThan(0.15)
    expect(network.error.soon).toBeLessThan(linear.error.soon / 2)
    expect(network.losses.at(-1)).toBeLessThan(network.losses[0]! / 20)
    expect(lines.join('\n')).toContain('What to try next')
    expect(readFileSync(file, 'utf8')).not.toMatch(/NaN|undefined/)
  })

  test('the less is kept for a gradient, the less memory it takes, and it is the same', async () => {
    const { costs } = await whole
    const [all, usual, carries, few] = costs
    expect(usual!.memory).toBeLessThan(all!.memory / 2)
    expect(few!.memory).toBeLessThan(usual!.memory / 2)
    for (const { difference } of [usual!, carries!, few!]) expect(difference).toBeLessThan(1e-5)
  })

  test('the solver is of order 4: half the step, a sixteenth of the error', () => {
    const start = tensor([[1, -2]], { dtype: 'float64' }) as States
    const [coarse, fine] = [10, 20].map((steps) => {
      const end = solve(decay, start, { steps, seconds: 2 / steps })
        .at(-1, 0, 0)
        .item()
      return Math.abs(end - Math.exp(-2))
    })
    expect(coarse! / fine!).toBeGreaterThan(14)
    expect(coarse! / fine!).toBeLessThan(20)
  })

  test('observations are the states at the ends of intervals', () => {
    const seen = observe(
      decay,
      tensor([
        [1, 2],
        [3, 4],
      ]) as States,
      3,
      5,
    )
    expect(seen.shape).toEqual([2, 3, 2])
    expect(seen.at(1, 2, 0).item()).toBeCloseTo(3 * Math.exp(-0.6), 5)
    expect(pendulum(tensor([[Math.PI / 2, 2]]) as States).data[1]).toBeCloseTo(-1 - 0.15 * 2, 6)
  })

  test('the memory of a program is read in every unit, and its absence is an error', () => {
    expect(memoryOf('in 3.50 MiB of memory')).toBe(3.5)
    expect(memoryOf('in 512 KiB of memory')).toBe(0.5)
    expect(() => memoryOf('in no time')).toThrow('how much memory')
  })

  test('stopped in the middle of an epoch of the second training and resumed, it learns the same to the last bit', async () => {
    const { network, linear } = await whole
    const resumed = await interrupted(run, 751)
    expect(resumed.linear.losses).toEqual(linear.losses)
    expect(numbersOf(resumed.linear.model)).toEqual(numbersOf(linear.model))
    expect(numbersOf(resumed.network.model)).toEqual(numbersOf(network.model))
  })
})
