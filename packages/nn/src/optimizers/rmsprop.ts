import { averaged, ratio } from './decoupled.js'
import { elementwiseUpdate } from './elementwise-update.js'
import { amount, fraction } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { slopeOf } from './slope.js'
import { zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `RMSprop` steps by. */
export interface RMSpropNumbers {
  /** How far a step goes. Default 0.01. */
  learningRate: number
  /** How much of the running mean square of the gradient is kept at a step. Default 0.99. */
  rho: number
  /** How much of the previous velocity is kept. Default 0, and then it stays 0. */
  momentum: number
  /** Added to the denominator. Default 1e-8. */
  epsilon: number
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  weightDecay: number
}

/** What `RMSprop` is made with, and each of its groups. */
export interface RMSpropOptions extends Readonly<Partial<RMSpropNumbers>> {
  /** Divide by the deviation of the gradient, not by the root of its mean square (Graves, 2013). Default false. */
  readonly centered?: boolean
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<RMSpropOptions>[]
}

type Names = 'learningRate' | 'rho' | 'momentum' | 'epsilon' | 'weightDecay'

/** RMSprop as a rule. */
export const rmsprop: OptimizerRule = {
  name: 'RMSprop',
  hyper: {
    learningRate: amount(1e-2),
    rho: fraction(0.99),
    momentum: amount(0),
    epsilon: amount(1e-8),
    weightDecay: amount(0),
  },
  choices: { centered: false, maximize: false },
  update: ({ centered, maximize, momentum }) => {
    const slope = slopeOf(maximize)
    const isMoving = momentum !== 0
    const isCentered = centered === true
    return elementwiseUpdate<Names, 'square' | 'mean' | 'velocity', never, 'scaled'>({
      name: 'rmsprop',
      state: { square: zerosFor, ...(isCentered && { mean: zerosFor }), ...(isMoving && { velocity: zerosFor }) },
      ...(!isMoving && { settled: { momentum: 'there is no velocity' } }),
      elements: {
        square: (m, x) => averaged(m, x.rho, x.square, m.mul(slope(m, x), slope(m, x))),
        mean: (m, x) => averaged(m, x.rho, x.mean, slope(m, x)),
        scaled: (m, x) => {
          // rounding may leave less than the square of the mean
          const variance = isCentered ? m.maximum(m.sub(x.square, m.mul(x.mean, x.mean)), 0) : x.square
          return ratio(m, slope(m, x), m.add(m.sqrt(variance), x.epsilon))
        },
        velocity: (m, { momentum, velocity, scaled }) => m.add(m.mul(momentum, velocity), scaled),
        parameter: (m, x) => m.sub(x.parameter, m.mul(x.learningRate, isMoving ? x.velocity : x.scaled)),
      },
    })
  },
}

/**
 * Gradients over the root of their running mean square (Tieleman and Hinton, Neural networks for machine learning, lecture
 * 6.5, 2012), in PyTorch's form: epsilon is added to the root, and the learning rate comes after the momentum.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new RMSprop(model, { learningRate: 1e-3, momentum: 0.9 })
 */
export class RMSprop extends Optimizer<RMSpropNumbers> {
  constructor(...given: [parameters: Trainable<RMSpropOptions>, options?: RMSpropOptions]) {
    super(rmsprop, ...given)
  }
}
