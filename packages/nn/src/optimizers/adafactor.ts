import { type Tensor, where, zeros } from '@adjoint/autograd'
import { amount, type HyperSpec, pair } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { numberFor, type ParameterState, zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `Adafactor` steps by. */
export interface AdafactorNumbers {
  /** How far a step goes at most, as a share of the root mean square of the parameter: min(learningRate, 1 / sqrt(steps)). Default 0.01. */
  learningRate: number
  /** The nth step keeps 1 - n^-decay of the mean squares. Default 0.8. */
  decay: number
  /** What roots of mean squares, and the root mean square of the parameter, are at least. Default [1e-15, 0.001]. */
  epsilons: readonly [gradient: number, parameter: number]
  /** Steps whose root mean square is above this are made as small. Default 1. */
  clip: number
  /** At each step parameters shrink by learningRate * weightDecay of themselves. Default 0. */
  weightDecay: number
}

/** What `Adafactor` is made with, and each of its groups. */
export interface AdafactorOptions extends Readonly<Partial<AdafactorNumbers>> {
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<AdafactorOptions>[]
}

const atLeastOne: HyperSpec = {
  wanted: 'a number of at least 1',
  holds: (value) => value >= 1 && value < Number.POSITIVE_INFINITY,
  preset: 1,
}

/** A leaf of zeros like the parameter, but for one axis, of which the mean is kept. */
const meansFor =
  (axis: -1 | -2) =>
  ({ shape, dtype }: Tensor): Tensor =>
    zeros(
      shape.map((size, i) => (i === shape.length + axis ? 1 : size)),
      { dtype: dtype as 'float64' },
    ) as Tensor

const rootMeanSquare = (x: Tensor): Tensor => x.square().mean().sqrt() as Tensor

/** The running mean squares, of which those of matrices are known by their rows and columns alone. */
const meanSquares = (gradient: Tensor, share: Tensor, state: ParameterState, least: Tensor): Tensor => {
  const squares = gradient.square() as Tensor
  const learn = (name: string, next: Tensor): Tensor => {
    const before = state[name]!
    before.assign(before.add(next.sub(before).mul(share)) as Tensor)
    return before
  }
  if (state.square !== undefined) return learn('square', squares)
  const rows = learn('rows', squares.mean(-1, { keepDims: true }) as Tensor)
  const columns = learn('columns', squares.mean(-2, { keepDims: true }) as Tensor)
  return rows.mul(columns).div((rows.mean(-2, { keepDims: true }) as Tensor).maximum(least)) as Tensor
}

/** Adafactor as a rule. */
export const adafactor: OptimizerRule = {
  name: 'Adafactor',
  hyper: {
    learningRate: amount(1e-2),
    decay: amount(0.8),
    epsilons: pair(['epsilon1', 'epsilon2'], amount(), [1e-15, 1e-3]),
    clip: atLeastOne,
    weightDecay: amount(0),
  },
  choices: { maximize: false },
  update: ({ maximize }) => ({
    state: {
      steps: numberFor(0),
      rows: (parameter) => (parameter.shape.length > 1 ? meansFor(-1)(parameter) : undefined),
      columns: (parameter) => (parameter.shape.length > 1 ? meansFor(-2)(parameter) : undefined),
      square: (parameter) => (parameter.shape.length > 1 ? undefined : zerosFor(parameter)),
    },
    next: (parameter, gradient, state, numbers) => {
      const { dtype } = parameter
      const number = (name: string) => numbers.tensor(name, dtype)
      const precise = (name: string) => numbers.tensor(name, 'float64')
      const steps = state.steps!
      steps.assign(steps.add(1) as Tensor)
      const share = steps.pow(precise('decay').neg()).cast(dtype) as Tensor
      const rate = precise('learningRate').minimum(steps.sqrt().reciprocal()).cast(dtype) as Tensor
      const size = rootMeanSquare(parameter).maximum(number('epsilon2')).mul(rate) as Tensor
      const slope = (maximize === true ? gradient.neg() : gradient) as Tensor
      const kept = parameter.sub(parameter.mul(number('learningRate').mul(number('weightDecay'))))
      const roots = meanSquares(slope, share, state, number('epsilon1')).sqrt().maximum(number('epsilon1')) as Tensor
      // where there is nothing to divide by, nothing moves
      const step = where(roots.equal(0), 0, slope.div(roots)) as Tensor
      const excess = rootMeanSquare(step).div(number('clip')).maximum(1)
      return kept.sub(step.mul(size.div(excess))) as Tensor
    },
  }),
}

/**
 * Adam without the mean and with mean squares that are kept by rows and columns alone, so that a matrix [m, n] takes m + n
 * numbers of memory (Shazeer and Stern, Adafactor: adaptive learning rates with sublinear memory cost, 2018), in PyTorch's form.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new Adafactor(model, { learningRate: 0.01 })
 */
export class Adafactor extends Optimizer<AdafactorNumbers> {
  constructor(...given: [parameters: Trainable<AdafactorOptions>, options?: AdafactorOptions]) {
    super(adafactor, ...given)
  }
}
