import { averaged, beside, ratio } from './decoupled.js'
import { elementwiseUpdate } from './elementwise-update.js'
import { amount, fraction } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { slopeOf } from './slope.js'
import { zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `Adadelta` steps by. */
export interface AdadeltaNumbers {
  /** A factor of what the paper's steps are. Default 1. */
  learningRate: number
  /** How much of the running mean squares is kept at a step. Default 0.9. */
  rho: number
  /** Added to both mean squares. Default 1e-6; with 0 nothing moves. */
  epsilon: number
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  weightDecay: number
}

/** What `Adadelta` is made with, and each of its groups. */
export interface AdadeltaOptions extends Readonly<Partial<AdadeltaNumbers>> {
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<AdadeltaOptions>[]
}

type Names = 'learningRate' | 'rho' | 'epsilon' | 'weightDecay'

/** Adadelta as a rule. */
export const adadelta: OptimizerRule = {
  name: 'Adadelta',
  hyper: { learningRate: amount(1), rho: fraction(0.9), epsilon: amount(1e-6), weightDecay: amount(0) },
  choices: { maximize: false },
  update: ({ maximize }) => {
    const slope = slopeOf(maximize)
    return elementwiseUpdate<Names, 'square' | 'moved', never, 'step'>({
      name: 'adadelta',
      state: { square: zerosFor, moved: zerosFor },
      elements: {
        square: (m, x) => averaged(m, x.rho, x.square, m.mul(slope(m, x), slope(m, x))),
        step: (m, x) => {
          const size = m.sqrt(m.add(x.moved, x.epsilon))
          return ratio(m, m.mul(size, slope(m, x)), m.sqrt(m.add(x.square, x.epsilon)))
        },
        moved: (m, { rho, moved, step }) => averaged(m, rho, moved, m.mul(step, step)),
        parameter: (m, x) => m.sub(x.parameter, m.mul(x.learningRate, beside(m, x.step, x.moved))),
      },
    })
  },
}

/**
 * Steps of the size of those before, in the units of the parameter: gradient * rms(steps) / rms(gradients) (Zeiler, ADADELTA:
 * an adaptive learning rate method, 2012).
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new Adadelta(model, { rho: 0.95 })
 */
export class Adadelta extends Optimizer<AdadeltaNumbers> {
  constructor(...given: [parameters: Trainable<AdadeltaOptions>, options?: AdadeltaOptions]) {
    super(adadelta, ...given)
  }
}
