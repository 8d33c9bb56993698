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

/** What `NAdam` steps by. */
export interface NAdamNumbers {
  /** How far a step goes. Default 0.002. */
  learningRate: number
  /** How much of the running means of the gradient and of its square is kept at a step. Default [0.9, 0.999]. */
  betas: readonly [mean: number, square: number]
  /** Added to the denominator. Default 1e-8. */
  epsilon: number
  /** How fast the first of the betas comes up from about half of itself. Default 0.004. */
  momentumDecay: number
  /** L2 penalty, or what parameters lose at each step where it is decoupled. Default 0. */
  weightDecay: number
}

/** What `NAdam` is made with, and each of its groups. */
export interface NAdamOptions extends Readonly<Partial<NAdamNumbers>> {
  /** Take the weight decay from the parameter, as in AdamW, and not into the gradient. Default false. */
  readonly decoupled?: boolean
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<NAdamOptions>[]
}

type Names = 'learningRate' | 'beta1' | 'beta2' | 'epsilon' | 'momentumDecay' | 'weightDecay'
type State = 'steps' | 'product' | 'mean' | 'square'

/** The momentum of a step: beta1 (1 - 0.96^(steps momentumDecay) / 2). */
const momentumAt = <T>(m: ScalarAlgebra<T>, beta1: T | number, decay: T | number, steps: T | number): T =>
  m.mul(beta1, m.sub(1, m.mul(0.5, m.exp(m.mul(m.log(0.96), m.mul(steps, decay))))))

/** NAdam as a rule. */
export const nadam: OptimizerRule = {
  name: 'NAdam',
  hyper: {
    learningRate: amount(2e-3),
    betas: pair(['beta1', 'beta2'], fraction(), [0.9, 0.999]),
    epsilon: amount(1e-8),
    momentumDecay: amount(4e-3),
    weightDecay: amount(0),
  },
  choices: { decoupled: false, maximize: false },
  update: ({ decoupled, maximize }) => {
    const slope = decoupled === true ? gradientOf(maximize) : slopeOf(maximize)
    return elementwiseUpdate<Names, State, 'now' | 'next' | 'root' | 'rate' | 'meanRate' | 'shift'>({
      name: 'nadam',
      state: { steps: numberFor(0), product: numberFor(1), mean: zerosFor, square: zerosFor },
      scalars: {
        steps: oneMore,
        now: (m, x) => momentumAt(m, x.beta1, x.momentumDecay, x.steps),
        next: (m, x) => momentumAt(m, x.beta1, x.momentumDecay, m.add(x.steps, 1)),
        // of the momenta of all steps so far: what is missing of the weights of their gradients
        product: (m, { product, now }) => m.mul(product, now),
        // the correction of the mean square, moved into the rates and epsilon
        root: (m, { beta2, steps }) => m.sqrt(correction(m, beta2, steps)),
        rate: (m, { learningRate, now, product, root }) =>
          m.div(m.mul(m.mul(learningRate, root), m.sub(1, now)), m.sub(1, product)),
        meanRate: (m, { learningRate, next, product, root }) =>
          m.div(m.mul(m.mul(learningRate, root), next), m.sub(1, m.mul(product, next))),
        shift: (m, { epsilon, root }) => m.mul(epsilon, root),
      },
      elements: {
        mean: (m, x) => averaged(m, x.beta1, x.mean, slope(m, x)),
        square: (m, x) => averaged(m, x.beta2, x.square, m.mul(slope(m, x), slope(m, x))),
        parameter: (m, x) => {
          const parameter = decoupled === true ? shrunk(m, x) : x.parameter
          const step = m.add(m.mul(x.rate, slope(m, x)), m.mul(x.meanRate, x.mean))
          return m.sub(parameter, ratio(m, step, m.add(m.sqrt(x.square), x.shift)))
        },
      },
    })
  },
}

/**
 * Adam that looks ahead along its mean, as Nesterov's momentum does (Dozat, Incorporating Nesterov momentum into Adam, 2016),
 * in PyTorch's form.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new NAdam(model, { weightDecay: 0.01, decoupled: true })
 */
export class NAdam extends Optimizer<NAdamNumbers> {
  constructor(...given: [parameters: Trainable<NAdamOptions>, options?: NAdamOptions]) {
    super(nadam, ...given)
  }
}
