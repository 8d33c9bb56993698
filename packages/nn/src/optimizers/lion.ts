import { averaged, beside, gradientOf, shrunk } from './decoupled.js'
import { elementwiseUpdate } from './elementwise-update.js'
import { amount, fraction, pair } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `Lion` steps by. */
export interface LionNumbers {
  /** How far a step goes, in each element: a third to a tenth of what Adam would take. Default 1e-4. */
  learningRate: number
  /** How much of the running mean is in a step, and how much of it is kept. Default [0.9, 0.99]. */
  betas: readonly [step: number, mean: number]
  /** At each step parameters shrink by learningRate * weightDecay of themselves. Default 0. */
  weightDecay: number
}

/** What `Lion` is made with, and each of its groups. */
export interface LionOptions extends Readonly<Partial<LionNumbers>> {
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<LionOptions>[]
}

type Names = 'learningRate' | 'beta1' | 'beta2' | 'weightDecay'

/** Lion as a rule. */
export const lion: OptimizerRule = {
  name: 'Lion',
  hyper: {
    learningRate: amount(1e-4),
    betas: pair(['beta1', 'beta2'], fraction(), [0.9, 0.99]),
    weightDecay: amount(0),
  },
  choices: { maximize: false },
  update: ({ maximize }) => {
    const slope = gradientOf(maximize)
    return elementwiseUpdate<Names, 'mean', never, 'direction'>({
      name: 'lion',
      state: { mean: zerosFor },
      elements: {
        direction: (m, x) => m.sign(averaged(m, x.beta1, x.mean, slope(m, x))),
        mean: (m, x) => averaged(m, x.beta2, x.mean, slope(m, x)),
        parameter: (m, x) => m.sub(shrunk(m, x), m.mul(x.learningRate, beside(m, x.direction, x.mean))),
      },
    })
  },
}

/**
 * Steps by the sign of a mean of gradients, so that each element goes equally far (Chen et al., Symbolic discovery of
 * optimization algorithms, 2023).
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new Lion(model, { learningRate: 1e-4, weightDecay: 1 })
 */
export class Lion extends Optimizer<LionNumbers> {
  constructor(...given: [parameters: Trainable<LionOptions>, options?: LionOptions]) {
    super(lion, ...given)
  }
}
