import { correction } from './adam.js'
import { averaged, ratio } from './decoupled.js'
import { elementwiseUpdate } from './elementwise-update.js'
import { amount, fraction, pair } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { slopeOf } from './slope.js'
import { numberFor, oneMore, zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `Adamax` steps by. */
export interface AdamaxNumbers {
  /** How far a step goes. Default 0.002. */
  learningRate: number
  /** How much of the running mean of the gradient, and of its largest size, is kept at a step. Default [0.9, 0.999]. */
  betas: readonly [mean: number, largest: number]
  /** Added to the size of the gradient. Default 1e-8. */
  epsilon: number
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  weightDecay: number
}

/** What `Adamax` is made with, and each of its groups. */
export interface AdamaxOptions extends Readonly<Partial<AdamaxNumbers>> {
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<AdamaxOptions>[]
}

type Names = 'learningRate' | 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'

/** Adamax as a rule. */
export const adamax: OptimizerRule = {
  name: 'Adamax',
  hyper: {
    learningRate: amount(2e-3),
    betas: pair(['beta1', 'beta2'], fraction(), [0.9, 0.999]),
    epsilon: amount(1e-8),
    weightDecay: amount(0),
  },
  choices: { maximize: false },
  update: ({ maximize }) => {
    const slope = slopeOf(maximize)
    return elementwiseUpdate<Names, 'steps' | 'mean' | 'largest', 'rate'>({
      name: 'adamax',
      state: { steps: numberFor(0), mean: zerosFor, largest: zerosFor },
      scalars: {
        steps: oneMore,
        rate: (m, { learningRate, beta1, steps }) => m.div(learningRate, correction(m, beta1, steps)),
      },
      elements: {
        mean: (m, x) => averaged(m, x.beta1, x.mean, slope(m, x)),
        largest: (m, x) => m.maximum(m.mul(x.beta2, x.largest), m.add(m.abs(slope(m, x)), x.epsilon)),
        parameter: (m, { parameter, rate, mean, largest }) => m.sub(parameter, ratio(m, m.mul(rate, mean), largest)),
      },
    })
  },
}

/**
 * Adam with the largest size of the gradients, fading, in the place of their mean square (Kingma and Ba, Adam: a method for
 * stochastic optimization, 2015, section 7.1).
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new Adamax(model, { learningRate: 2e-3 })
 */
export class Adamax extends Optimizer<AdamaxNumbers> {
  constructor(...given: [parameters: Trainable<AdamaxOptions>, options?: AdamaxOptions]) {
    super(adamax, ...given)
  }
}
