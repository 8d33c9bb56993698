import { elementwise, kinds, type ScalarFunction, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireAmount, requireOption } from '../errors.js'
import { amount } from '../kinds.js'
import { Optimizer, type Trainable, trainable } from './optimizer.js'
import { noSteps, zerosFor } from './state.js'
import { decayedBy } from './weight-decay.js'

/** How `Adam` and `AdamW` step. */
export interface AdamOptions {
  /** How far a step goes. Default 0.001. */
  readonly learningRate?: number
  /** How much of the running means of the gradient and of its square is kept at a step. Default [0.9, 0.999]. */
  readonly betas?: readonly [mean: number, square: number]
  /** Added to the denominator. Default 1e-8. With 0 an element whose gradients were all 0 stays as it is. */
  readonly epsilon?: number
  /** L2 penalty: this times the parameter is added to its gradient (`AdamW` decouples it). Default 0. */
  readonly weightDecay?: number
}

const takes = {
  parameters: trainable,
  options: {
    learningRate: amount,
    betas: kinds.kind(
      'two numbers from 0 up to but not including 1',
      (thing) => Array.isArray(thing) && thing.length === 2 && thing.every((beta) => typeof beta === 'number'),
    ),
    epsilon: amount,
    weightDecay: amount,
  },
}
const takesAdam = checker('Adam', takes)
const takesAdamW = checker('AdamW', takes)

/** Running means of the gradient and of its square, and how many steps have gone into them. */
type Moments = { readonly steps: Tensor; readonly mean: Tensor; readonly square: Tensor }

const descend: ScalarFunction<5> = (m, p, mean, square, rate, epsilon) =>
  m.sub(p, m.div(m.mul(rate, mean), m.add(m.sqrt(square), epsilon)))

/** From here on epsilon makes up for the squares of gradients that underflow, in float32 too. */
const ampleEpsilon = 1e-18

/**
 * As `descend` for any epsilon: a root that has underflowed is no less than the mean allows, and where there is nothing to
 * divide by, nothing moves.
 */
const descendWithin =
  (bound: number): ScalarFunction<5> =>
  (m, p, mean, square, rate, epsilon) => {
    const denominator = m.add(m.maximum(m.sqrt(square), m.div(m.abs(mean), bound)), epsilon)
    return m.select(m.equal(denominator, 0), p, m.sub(p, m.div(m.mul(rate, mean), denominator)))
  }

/** |mean| <= bound sqrt(square), by the inequality of Cauchy and Schwarz. */
const boundOf = (beta1: number, beta2: number): number => {
  const decay = beta1 === 0 ? 0 : (beta1 * beta1) / beta2
  return decay < 1 ? (1 - beta1) / Math.sqrt((1 - beta2) * (1 - decay)) : Number.POSITIVE_INFINITY
}

/**
 * Adam, with correction of the bias of its means (Kingma and Ba, Adam: a method for stochastic optimization, 2015). The
 * weight decay is an L2 penalty, added to the gradient; `AdamW` decouples it.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new Adam(model.parameters(), { learningRate: 1e-3 })
 */
export class Adam extends Optimizer<Moments> {
  readonly #mean: (before: Tensor, gradient: Tensor, parameter: Tensor) => Tensor
  readonly #square: (before: Tensor, gradient: Tensor, parameter: Tensor) => Tensor
  readonly #rateAt: (steps: Tensor, rate: Tensor) => Tensor
  readonly #epsilonAt: (steps: Tensor) => Tensor
  readonly #descend: (...inputs: [Tensor, Tensor, Tensor, Tensor, Tensor]) => Tensor

  constructor(parameters: Trainable, options: AdamOptions = {}) {
    takesAdam(arguments)
    const { learningRate = 1e-3, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 } = options
    super(parameters, learningRate, (p) => ({ steps: noSteps(), mean: zerosFor(p), square: zerosFor(p) }))
    const [beta1, beta2] = betas
    requireOption('Adam', 'betas[0]', beta1, beta1 >= 0 && beta1 < 1, 'a number from 0 up to but not including 1')
    requireOption('Adam', 'betas[1]', beta2, beta2 >= 0 && beta2 < 1, 'a number from 0 up to but not including 1')
    requireAmount('Adam', 'epsilon', epsilon)
    requireAmount('Adam', 'weightDecay', weightDecay)

    const decayed = decayedBy(weightDecay)
    const mean: ScalarFunction<3> = (m, before, g, p) => m.add(m.mul(beta1, before), m.mul(1 - beta1, decayed(m, g, p)))
    const square: ScalarFunction<3> = (m, before, g, p) => {
      const slope = decayed(m, g, p)
      return m.add(m.mul(beta2, before), m.mul(m.mul(1 - beta2, slope), slope))
    }
    // section 2 of the paper: the corrections 1 - beta^steps of both means, moved into the rate and epsilon
    const epsilonAt: ScalarFunction<1> = (m, steps) => m.mul(epsilon, m.sqrt(correction(beta2)(m, steps)))
    const rateAt: ScalarFunction<2> = (m, steps, rate) =>
      m.div(m.mul(rate, m.sqrt(correction(beta2)(m, steps))), correction(beta1)(m, steps))
    this.#mean = elementwise('adam.mean', mean)
    this.#descend = elementwise('adam', epsilon < ampleEpsilon ? descendWithin(boundOf(beta1, beta2)) : descend)
    this.#square = elementwise('adam.square', square)
    this.#epsilonAt = elementwise('adam.epsilon', epsilonAt)
    this.#rateAt = elementwise('adam.rate', rateAt)
  }

  protected next(parameter: Tensor, gradient: Tensor, { steps, mean, square }: Moments): Tensor {
    steps.assign(steps.add(1))
    mean.assign(this.#mean(mean, gradient, parameter))
    square.assign(this.#square(square, gradient, parameter))
    const count = steps.cast(parameter.dtype)
    return this.#descend(parameter, mean, square, this.#rateAt(count, this.rate(parameter)), this.#epsilonAt(count))
  }
}

/** 1 - beta^steps; in float32 the power would leave it few digits. */
const correction =
  (beta: number): ScalarFunction<1> =>
  (m, steps) =>
    m.neg(m.expm1(m.mul(m.log(beta), steps)))

/**
 * Adam with decoupled weight decay: at each step parameters shrink by learningRate * weightDecay of themselves, whatever
 * their gradient (Loshchilov and Hutter, Decoupled weight decay regularization, 2019).
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new AdamW(model.parameters(), { learningRate: 1e-3, weightDecay: 0.1 })
 */
export class AdamW extends Adam {
  readonly #shrink: (parameter: Tensor, rate: Tensor) => Tensor

  /** @param settings as for Adam; `weightDecay` is 0.01 by default */
  constructor(parameters: Trainable, settings: AdamOptions = {}) {
    takesAdamW(arguments)
    const { weightDecay = 0.01, ...options } = settings
    super(parameters, options)
    requireAmount('AdamW', 'weightDecay', weightDecay)
    const shrink: ScalarFunction<2> = (m, p, rate) => m.sub(p, m.mul(m.mul(rate, weightDecay), p))
    this.#shrink = elementwise('adamw', shrink)
  }

  protected override next(parameter: Tensor, gradient: Tensor, state: Moments): Tensor {
    return super.next(this.#shrink(parameter, this.rate(parameter)), gradient, state)
  }
}
