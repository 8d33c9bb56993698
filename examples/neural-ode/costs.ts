import { compile, type Random, type Tensor } from '@adjoint/autograd'
import type { Cost } from './learned.js'
import type { Motion } from './model.js'
import { type Save, type States, solve } from './solver.js'

/** What the gradient of something at the end of a long solution takes, by what the loop keeps for its derivative. */
export const measureCosts = (model: Motion, steps: number, random: Random): Cost[] => {
  const start = random.normal([16, 2]) as States
  const ways: readonly (Save | undefined)[] = ['all', undefined, 'carries', Math.round(Math.sqrt(steps))]
  const gradients: (readonly Tensor[])[] = []
  return ways.map((save) => {
    const step = compile(() => {
      const options = { steps, seconds: 0.01, ...(save !== undefined && { save }) }
      const loss = solve((states) => model.change(states), start, options)
        .at(-1)
        .square()
        .mean()
      for (const parameter of model.parameters()) parameter.zeroGrad()
      loss.backward()
      return loss
    })
    step()
    const times = Array.from({ length: 5 }, () => {
      const begin = performance.now()
      step()
      return performance.now() - begin
    })
    gradients.push(model.parameters().map((parameter) => parameter.grad as Tensor))
    const memory = memoryOf(step.explain())
    step.release()
    return {
      save,
      memory,
      milliseconds: Math.min(...times),
      difference: differenceOf(gradients[0]!, gradients.at(-1)!),
    }
  })
}

const differenceOf = (one: readonly Tensor[], other: readonly Tensor[]): number => {
  const greatest = Math.max(...one.map((gradient) => gradient.abs().max().item()))
  return Math.max(...one.map((gradient, i) => gradient.sub(other[i]!).abs().max().item())) / greatest
}

/** What is kept, in words. */
export const nameOf = ({ save }: Cost): string =>
  save === undefined ? 'carries and products' : typeof save === 'number' ? `carries of every ${save} steps` : save

const units: Readonly<Record<string, number>> = { bytes: 2 ** -20, KiB: 2 ** -10, MiB: 1, GiB: 2 ** 10 }

/** MiB of a program, as `explain` tells them. */
export const memoryOf = (explained: string): number => {
  const [, amount, unit] = explained.match(/in ([\d.]+) (\w+) of memory/) ?? []
  if (amount === undefined)
    throw new Error(`explain does not say how much memory the program has: ${explained.slice(0, 200)}`)
  return Number(amount) * units[unit!]!
}
