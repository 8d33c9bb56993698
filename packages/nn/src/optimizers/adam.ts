import type { ScalarAlgebra } from '@adjoint/autograd'
import { gradientOf, shrunk } from './decoupled.js'
import { elementwiseUpdate } from './elementwise-update.js'
import { amount, fraction, pair } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { slopeOf } from './slope.js'
import { numberFor, oneMore, zerosFor } from './state.js'
import type { GroupOptions, Trainable } from './trainable.js'

/** What `Adam` and `AdamW` step by. */
export interface AdamNumbers {
  /** How far a step goes. Default 0.001. */
  learningRate: number
  /** How much of the running means of the gradient and of its square is kept at a step. Default [0.9, 0.999]. */
  betas: readonly [mean: number, square: number]
  /** Added to the denominator. Default 1e-8. With 0 an element whose gradients were all 0 stays as it is. */
  epsilon: number
  /** L2 penalty: this times the parameter is added to its gradient (`AdamW` decouples it). Default 0. */
  weightDecay: number
}

/** What `Adam` and `AdamW` are made with, and each of their groups. */
export interface AdamOptions extends Readonly<Partial<AdamNumbers>> {
  /** Divide by the root of the largest mean square so far (Reddi, Kale and Kumar, On the convergence of Adam and beyond, 2018). Default false. */
  readonly amsgrad?: boolean
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<AdamOptions>[]
}

type Names = 'learningRate' | 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'
type State = 'steps' | 'mean' | 'square' | 'largestSquare'
type Scalar = 'fresh1' | 'fresh2' | 'rate' | 'shift' | 'inverseBound'

/** 1 - beta^steps; in float32 the power would leave it few digits. */
export const correction = <T>(m: ScalarAlgebra<T>, beta: T | number, steps: T | number): T =>
  m.neg(m.expm1(m.mul(m.log(beta), steps)))

/** From here on epsilon makes up for the squares of gradients that underflow, in float32 too. */
const ampleEpsilon = 1e-18

/** Adam as a rule, with the decay in the gradient or beside it. */
const adamRule = (name: string, preset: { readonly weightDecay: number }, isDecoupled: boolean): OptimizerRule => ({
  name,
  hyper: {
    learningRate: amount(1e-3),
    betas: pair(['beta1', 'beta2'], fraction(), [0.9, 0.999]),
    epsilon: amount(1e-8),
    weightDecay: amount(preset.weightDecay),
  },
  choices: { amsgrad: false, maximize: false },
  update: ({ amsgrad, maximize }) => {
    const slope = isDecoupled ? gradientOf(maximize) : slopeOf(maximize)
    return elementwiseUpdate<Names, State, Scalar>({
      name: name.toLowerCase(),
      state: {
        steps: numberFor(0),
        mean: zerosFor,
        square: zerosFor,
        ...(amsgrad === true && { largestSquare: zerosFor }),
      },
      scalars: {
        steps: oneMore,
        fresh1: (m, { beta1 }) => m.sub(1, beta1),
        fresh2: (m, { beta2 }) => m.sub(1, beta2),
        // section 2 of the paper: the corrections of the bias of both means, moved into the rate and epsilon
        rate: (m, { learningRate, beta1, beta2, steps }) =>
          m.div(m.mul(learningRate, m.sqrt(correction(m, beta2, steps))), correction(m, beta1, steps)),
        shift: (m, { epsilon, beta2, steps }) => m.mul(epsilon, m.sqrt(correction(m, beta2, steps))),
        // |mean| <= bound sqrt(square), by the inequality of Cauchy and Schwarz
        inverseBound: (m, { beta1, beta2, epsilon }) => {
          const decay = m.select(m.equal(beta1, 0), 0, m.div(m.mul(beta1, beta1), beta2))
          const inverse = m.div(m.sqrt(m.mul(m.sub(1, beta2), m.maximum(m.sub(1, decay), 0))), m.sub(1, beta1))
          return m.select(m.less(epsilon, ampleEpsilon), inverse, 0)
        },
      },
      elements: {
        mean: (m, x) => m.add(m.mul(x.beta1, x.mean), m.mul(x.fresh1, slope(m, x))),
        square: (m, x) => {
          const g = slope(m, x)
          return m.add(m.mul(x.beta2, x.square), m.mul(m.mul(x.fresh2, g), g))
        },
        largestSquare: (m, { largestSquare, square }) => m.maximum(largestSquare, square),
        parameter: (m, x) => {
          const { mean, rate, shift, epsilon } = x
          const parameter = isDecoupled ? shrunk(m, x) : x.parameter
          const root = m.sqrt(amsgrad === true ? x.largestSquare : x.square)
          const isAmple = typeof epsilon === 'number' && epsilon >= ampleEpsilon
          if (isAmple) return m.sub(parameter, m.div(m.mul(rate, mean), m.add(root, shift)))
          // a root that has underflowed is no less than the mean allows; where there is nothing to divide by, nothing moves
          const denominator = m.add(m.maximum(root, m.mul(m.abs(mean), x.inverseBound)), shift)
          const moved = m.sub(parameter, m.div(m.mul(rate, mean), denominator))
          return m.select(m.equal(denominator, 0), parameter, moved)
        },
      },
    })
  },
})

/** Adam as a rule. */
export const adam = adamRule('Adam', { weightDecay: 0 }, false)
/** Adam with decoupled decay as a rule. */
export const adamw = adamRule('AdamW', { weightDecay: 0.01 }, true)

/**
 * Adam, with correction of the bias of its means (Kingma and Ba, Adam: a method for stochastic optimization, 2015). The
 * weight decay is an L2 penalty, added to the gradient; `AdamW` decouples it.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new Adam(model, { learningRate: 1e-3 })
 */
export class Adam extends Optimizer<AdamNumbers> {
  constructor(...given: [parameters: Trainable<AdamOptions>, options?: AdamOptions]) {
    super(adam, ...given)
  }
}

/**
 * Adam with decoupled weight decay: at each step parameters shrink by learningRate * weightDecay of themselves, whatever
 * their gradient (Loshchilov and Hutter, Decoupled weight decay regularization, 2019). `weightDecay` is 0.01 by default.
 *
 * @throws OptionError for an option outside its range
 * @example
 * // what is no matrix is not made smaller
 * const optimizer = new AdamW(model, { weightDecay: 0.1, groups: [{ path: /bias$/, weightDecay: 0 }] })
 */
export class AdamW extends Optimizer<AdamNumbers> {
  constructor(...given: [parameters: Trainable<AdamOptions>, options?: AdamOptions]) {
    super(adamw, ...given)
  }
}
