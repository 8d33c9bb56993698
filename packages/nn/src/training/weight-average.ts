import { elementwise, full, kinds, noGrad, parameter, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError, requireCount, requireOption } from '../errors.js'
import * as kind from '../kinds.js'
import { type Module, standIn } from '../module/module.js'
import { runnable } from '../module/runnable.js'
import { checkState, type StateDict, tensorsOf } from '../state/state-dict.js'

/** What a `WeightAverage` is a mean of. */
export interface WeightAverageOptions {
  /**
   * How much of the mean is kept at an update: an exponential moving average. Without it all weights that were seen count alike,
   * as in stochastic weight averaging.
   */
  readonly decay?: number
  /** Count only the weights of every so many updates. Default 1. */
  readonly every?: number
  /** Count from this update on; before, the mean is what the weights are. Default 0. */
  readonly from?: number
}

const takes = {
  constructor: checker('WeightAverage', {
    model: runnable,
    options: {
      decay: kind.numberAs('a number from 0 up to but not including 1'),
      every: kind.count,
      from: kinds.count,
    },
  }),
  update: checker('WeightAverage.update', {}),
  stateDict: checker('WeightAverage.stateDict', {}),
  loadStateDict: checker('WeightAverage.loadStateDict', { state: kind.state }),
}

const towards = elementwise('weightAverage', (m, mean, value, share) =>
  m.select(m.equal(share, 1), value, m.add(mean, m.mul(share, m.sub(value, mean)))),
)

/**
 * The mean of a model's weights over a training, which often does better than the last ones: an exponential moving average
 * (Polyak and Juditsky, Acceleration of stochastic approximation by averaging, 1992), or the plain mean (Izmailov et al.,
 * Averaging weights leads to wider optima and better generalization, 2018).
 *
 * `model` is a model of the same class with the mean in the place of the weights, to evaluate or save. Its buffers, such as
 * the statistics of a BatchNorm, are those of the model that is trained: with the plain mean over a cyclic learning rate, go
 * through the data once in training mode to have them fit.
 *
 * @throws OptionError for an option outside its range
 * @example
 * const average = new WeightAverage(model, { decay: 0.99 })
 * const step = trainStep(model, mse, new Adam(model), { average })
 * step({ x: zeros([2, 4]), y: zeros([2, 3]) })
 * average.model.forward(zeros([2, 4])).shape   // [2, 3]
 */
export class WeightAverage<M extends Module = Module> {
  /** The model with the mean as its weights. */
  readonly model: M
  readonly #pairs: readonly { readonly path: string; readonly weight: Tensor; readonly mean: Tensor }[]
  // how many updates there were: a tensor, so that compiled steps count on
  readonly #updates: Tensor = full([], 0, { dtype: 'float64' }) as Tensor
  readonly #share: (updates: Tensor) => Tensor

  constructor(model: M, options: WeightAverageOptions = {}) {
    takes.constructor(arguments)
    const { decay, every = 1, from = 0 } = options
    requireCount('WeightAverage', 'every', every)
    if (decay !== undefined) {
      const holds = decay >= 0 && decay < 1
      requireOption('WeightAverage', 'decay', decay, holds, 'a number from 0 up to but not including 1')
    }
    const weights = [...model.namedParameters()]
    if (weights.length === 0)
      throw new OptionError('WeightAverage: the model has no parameters; give one that has some.')
    this.#pairs = weights.map(([path, weight]) => ({ path, weight, mean: parameter(weight.detach()) as Tensor }))
    this.model = standIn(model, Object.fromEntries(this.#pairs.map(({ path, mean }) => [path, mean])))
    // how much of the present weights goes into the mean
    this.#share = elementwise('weightAverage.share', (m, updates) => {
      const past = m.sub(updates, from)
      const counted = m.floor(m.div(past, every))
      const usual = decay === undefined ? m.div(1, m.add(counted, 1)) : m.sub(1, decay)
      const isDue = m.equal(m.mul(counted, every), past)
      return m.select(m.lessEqual(past, 0), 1, m.select(isDue, usual, 0))
    })
  }

  /** Those of which it is the mean. */
  get weights(): readonly Tensor[] {
    return this.#pairs.map(({ weight }) => weight)
  }

  /** Takes the present weights into the mean: after each step of the optimizer, also in a compiled function. */
  update(): void {
    takes.update(arguments)
    noGrad(() => {
      const share = this.#share(this.#updates)
      const shares = new Map<string, Tensor>()
      for (const { weight, mean } of this.#pairs) {
        const own = shares.get(mean.dtype) ?? share.cast(mean.dtype)
        shares.set(mean.dtype, own)
        mean.assign(towards(mean, weight, own))
      }
      this.#updates.assign(this.#updates.add(1))
    })
  }

  /** The mean and how many updates went into it, as tensors by name. */
  stateDict(): Record<string, Tensor> {
    takes.stateDict(arguments)
    return Object.fromEntries([...this.#slots()].map(([key, tensor]) => [key, tensor.detach()]))
  }

  /** Goes on from a state. Nothing is changed if anything does not fit. @throws StateDictError where it does not */
  loadStateDict(state: StateDict): void {
    takes.loadStateDict(arguments)
    const slots = this.#slots()
    const tensors = tensorsOf(state)
    checkState('the average', slots, tensors, {})
    for (const [key, tensor] of slots) tensor.assign(tensors[key] as Tensor)
  }

  #slots(): Map<string, Tensor> {
    return new Map([
      ['updates', this.#updates],
      ...this.#pairs.map(({ path, mean }): [string, Tensor] => [`weights.${path}`, mean]),
    ])
  }
}
