import type { ScalarAlgebra } from '@adjoint/autograd'
import { correction } from './adam.js'
import { averaged, gradientOf, ratio, shrunk } from './decoupled.js'
import { elementwiseUpdate } from './elementwise-update.js'
import { amount, fraction, pair } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { slopeOf } from './slope.js'
import { numberFor, oneMore, zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `RAdam` steps by. */
export interface RAdamNumbers {
  /** How far a step goes. Default 0.001. */
  learningRate: number
  /** How much of the running means of the gradient and of its square is kept at a step. Default [0.9, 0.999]. */
  betas: readonly [mean: number, square: number]
  /** Added to the denominator. Default 1e-8. */
  epsilon: number
  /** L2 penalty, or what parameters lose at each step where it is decoupled. Default 0. */
  weightDecay: number
}

/** What `RAdam` is made with, and each of its groups. */
export interface RAdamOptions extends Readonly<Partial<RAdamNumbers>> {
  /** Take the weight decay from the parameter, as in AdamW, and not into the gradient. Default false. */
  readonly decoupled?: boolean
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<RAdamOptions>[]
}

type Names = 'learningRate' | 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'
type State = 'steps' | 'mean' | 'square'

/** The length of the simple average that a running mean is worth after infinitely many steps. */
const longest = <T>(m: ScalarAlgebra<T>, beta2: T | number): T => m.sub(m.div(2, m.sub(1, beta2)), 1)

/** RAdam as a rule. */
export const radam: OptimizerRule = {
  name: 'RAdam',
  hyper: {
    learningRate: amount(1e-3),
    betas: pair(['beta1', 'beta2'], fraction(), [0.9, 0.999]),
    epsilon: amount(1e-8),
    weightDecay: amount(0),
  },
  choices: { decoupled: false, maximize: false },
  update: ({ decoupled, maximize }) => {
    const slope = decoupled === true ? gradientOf(maximize) : slopeOf(maximize)
    return elementwiseUpdate<Names, State, 'length' | 'rate' | 'rectified'>({
      name: 'radam',
      state: { steps: numberFor(0), mean: zerosFor, square: zerosFor },
      scalars: {
        steps: oneMore,
        // section 3.3 of the paper: of the simple average that the running mean of squares is worth by now
        length: (m, { beta2, steps }) => {
          const missing = m.sub(1, correction(m, beta2, steps))
          return m.sub(longest(m, beta2), m.div(m.mul(m.mul(2, steps), missing), correction(m, beta2, steps)))
        },
        rate: (m, { learningRate, beta1, steps }) => m.div(learningRate, correction(m, beta1, steps)),
        // the rate beside the root of the mean square; 0 while its variance is infinite, or too large
        rectified: (m, { rate, length, beta2, steps }) => {
          const all = longest(m, beta2)
          const variances = m.div(
            m.mul(m.mul(m.sub(length, 4), m.sub(length, 2)), all),
            m.mul(m.mul(m.sub(all, 4), m.sub(all, 2)), length),
          )
          const rectification = m.sqrt(m.mul(m.maximum(variances, 0), correction(m, beta2, steps)))
          return m.select(m.less(5, length), m.mul(rate, rectification), 0)
        },
      },
      elements: {
        mean: (m, x) => averaged(m, x.beta1, x.mean, slope(m, x)),
        square: (m, x) => averaged(m, x.beta2, x.square, m.mul(slope(m, x), slope(m, x))),
        parameter: (m, x) => {
          const { mean, square, rate, rectified, epsilon } = x
          const parameter = decoupled === true ? shrunk(m, x) : x.parameter
          const step = m.select(
            m.equal(rectified, 0),
            m.mul(rate, mean),
            ratio(m, m.mul(rectified, mean), m.add(m.sqrt(square), epsilon)),
          )
          return m.sub(parameter, step)
        },
      },
    })
  },
}

/**
 * Adam that begins as descent with momentum, until the mean of squares has seen enough to divide by, and then takes its
 * variance into account (Liu et al., On the variance of the adaptive learning rate and beyond, 2020), in PyTorch's form.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new RAdam(model, { learningRate: 1e-3 })
 */
export class RAdam extends Optimizer<RAdamNumbers> {
  constructor(...given: [parameters: Trainable<RAdamOptions>, options?: RAdamOptions]) {
    super(radam, ...given)
  }
}
