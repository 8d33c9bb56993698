import { readFileSync } from 'node:fs'
import { grad, Random, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { exactSolution } from '../burgers/exact.js'
import { run } from '../burgers/index.js'
import { Flow } from '../burgers/model.js'
import { interrupted, numbersOf } from './interrupted.js'

const lines: string[] = []
const whole = run({ short: true, print: (text) => lines.push(text) })

describe('a network that solves Burgers’ equation', () => {
  test('in short mode it comes near the exact solution, and a picture is left', async () => {
    const { milestones, model, file } = await whole
    // before, and for an epoch or two, it is wrong by half of it
    expect(milestones[0]!.error).toBeGreaterThan(0.1)
    expect(milestones.at(-1)!.error).toBeLessThan(0.03)
    const [x, t] = [tensor([0.3, -0.6, 0.9]), tensor([0.4, 0.8, 1])]
    for (const [i, u] of model.at(x, t).data.entries()) {
      expect(u).toBeCloseTo(exactSolution(x.data[i]!, t.data[i]!, model.viscosity), 1)
    }
    expect(lines.join('\n')).toContain('What to try next')
    expect(readFileSync(file, 'utf8')).not.toMatch(/NaN|undefined/)
  })

  test('whatever its weights are, it begins as it must and is 0 at both ends', () => {
    const flow = new Flow(0.1, 8, new Random(1))
    const u = flow.at(tensor([-0.5, 0.25, -1, 1]), tensor([0, 0, 0.7, 0.3])).data
    for (const [i, value] of [1, -Math.SQRT1_2, 0, 0].entries()) expect(u[i]).toBeCloseTo(value, 6)
  })

  test('the residual is that of the equation: by derivatives in reverse mode it is the same', () => {
    const flow = new Flow(0.1, 8, new Random(1))
    const points = tensor([
      [0.3, 0.5],
      [-0.7, 0.2],
    ])
    flow.forward(points).data.forEach((residual, i) => {
      const [x, t] = [tensor(points.data[2 * i]!), tensor(points.data[2 * i + 1]!)]
      const u = (x: Tensor<[]>, t: Tensor<[]>) => flow.at(x.reshape([1]), t.reshape([1])).sum()
      const ux = grad(u)
      const ut = grad((t: Tensor<[]>) => u(x, t))(t)
      const expected = ut.item() + u(x, t).item() * ux(x, t).item() - 0.1 * grad((x: Tensor<[]>) => ux(x, t))(x).item()
      expect(residual).toBeCloseTo(expected, 4)
    })
  })

  test('the exact solution solves the equation, by differences', () => {
    const [x, t, h, viscosity] = [0.2, 0.6, 1e-3, 0.05]
    const u = (dx: number, dt: number) => exactSolution(x + dx * h, t + dt * h, viscosity)
    const ut = (u(0, 1) - u(0, -1)) / (2 * h)
    const ux = (u(1, 0) - u(-1, 0)) / (2 * h)
    const uxx = (u(1, 0) - 2 * u(0, 0) + u(-1, 0)) / h ** 2
    expect(Math.abs(ux)).toBeGreaterThan(0.1)
    expect(ut + u(0, 0) * ux - viscosity * uxx).toBeCloseTo(0, 4)
    expect(exactSolution(0.5, 1e-6, viscosity)).toBeCloseTo(-1, 4)
  })

  test('stopped in the middle of an epoch and resumed, it learns the same to the last bit', async () => {
    const { model, milestones } = await whole
    const resumed = await interrupted(run, 300)
    expect(resumed.milestones.map(({ error }) => error)).toEqual(milestones.map(({ error }) => error))
    expect(numbersOf(resumed.model)).toEqual(numbersOf(model))
  })
})
