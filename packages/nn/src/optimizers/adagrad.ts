import { ratio } from './decoupled.js'
import { elementwiseUpdate } from './elementwise-update.js'
import { amount } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { slopeOf } from './slope.js'
import { filledFor, numberFor, oneMore } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `Adagrad` steps by. */
export interface AdagradNumbers {
  /** How far the first step goes. Default 0.01. */
  learningRate: number
  /** The nth step, counted from 0, goes learningRate / (1 + n rateDecay). Default 0. */
  rateDecay: number
  /** Where the sums of squares begin. Default 0. It stays what it was. */
  initial: number
  /** Added to the denominator. Default 1e-10. */
  epsilon: number
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  weightDecay: number
}

/** What `Adagrad` is made with, and each of its groups. */
export interface AdagradOptions extends Readonly<Partial<AdagradNumbers>> {
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<AdagradOptions>[]
}

type Names = 'learningRate' | 'rateDecay' | 'initial' | 'epsilon' | 'weightDecay'

/** Adagrad as a rule. */
export const adagrad: OptimizerRule = {
  name: 'Adagrad',
  hyper: {
    learningRate: amount(1e-2),
    rateDecay: amount(0),
    initial: amount(0),
    epsilon: amount(1e-10),
    weightDecay: amount(0),
  },
  choices: { maximize: false },
  update: ({ maximize, initial }) => {
    const slope = slopeOf(maximize)
    return elementwiseUpdate<Names, 'steps' | 'squares', 'rate'>({
      name: 'adagrad',
      state: { steps: numberFor(0), squares: filledFor(initial as number) },
      settled: { initial: 'sums of squares have begun there' },
      scalars: {
        steps: oneMore,
        rate: (m, { learningRate, rateDecay, steps }) =>
          m.div(learningRate, m.add(1, m.mul(m.sub(steps, 1), rateDecay))),
      },
      elements: {
        squares: (m, x) => m.add(x.squares, m.mul(slope(m, x), slope(m, x))),
        parameter: (m, x) =>
          m.sub(x.parameter, ratio(m, m.mul(x.rate, slope(m, x)), m.add(m.sqrt(x.squares), x.epsilon))),
      },
    })
  },
}

/**
 * Steps that shrink with all gradients that an element has had: gradient / sqrt(sum of squares) (Duchi, Hazan and Singer,
 * Adaptive subgradient methods for online learning and stochastic optimization, 2011).
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new Adagrad(model, { learningRate: 0.05 })
 */
export class Adagrad extends Optimizer<AdagradNumbers> {
  constructor(...given: [parameters: Trainable<AdagradOptions>, options?: AdagradOptions]) {
    super(adagrad, ...given)
  }
}
