import { OptionError } from '../errors.js'
import { elementwiseUpdate } from './elementwise-update.js'
import { amount, atMostOne } from './hyper.js'
import { Optimizer } from './optimizer.js'
import type { OptimizerRule } from './rule.js'
import { slopeOf } from './slope.js'
import { numberFor, oneMore, zerosFor } from './state.js'
import type { GroupOptions, ListedGroup, Trainable } from './trainable.js'

/** What `SGD` steps by. */
export interface SGDNumbers {
  /** How far a step goes. */
  learningRate: number
  /** How much of the previous velocity is kept. Default 0, and then it stays 0. */
  momentum: number
  /** How much of a new gradient is kept out of the velocity. Default 0, and then it stays 0. */
  dampening: number
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  weightDecay: number
}

/** What `SGD` is made with, and each of its groups. */
export interface SGDOptions extends Readonly<Partial<SGDNumbers>> {
  /** How far a step goes. */
  readonly learningRate: number
  /** Look ahead along the velocity (Nesterov, 1983). Default false. */
  readonly nesterov?: boolean
  /** Make the loss large instead of small. Default false. */
  readonly maximize?: boolean
  /** Parameters with numbers of their own. */
  readonly groups?: readonly GroupOptions<SGDOptions>[]
}

type Names = 'learningRate' | 'momentum' | 'dampening' | 'weightDecay'

/** Gradient descent, with momentum, as a rule. */
export const sgd: OptimizerRule = {
  name: 'SGD',
  hyper: { learningRate: amount(), momentum: amount(0), dampening: atMostOne(0), weightDecay: amount(0) },
  choices: { nesterov: false, maximize: false },
  check: (owner, { nesterov, momentum, dampening }) => {
    if (nesterov !== true || (momentum !== 0 && dampening === 0)) return
    throw new OptionError(
      `${owner}: nesterov needs momentum and no dampening; momentum is ${momentum} and dampening ${dampening}.`,
    )
  },
  update: ({ nesterov, maximize, momentum, dampening }) => {
    const slope = slopeOf(maximize)
    if (momentum === 0) {
      return elementwiseUpdate<Names, never, never>({
        name: 'sgd',
        state: {},
        settled: { momentum: 'there is no velocity', dampening: 'there is no velocity' },
        elements: { parameter: (m, x) => m.sub(x.parameter, m.mul(x.learningRate, slope(m, x))) },
      })
    }
    const isDamped = dampening !== 0
    return elementwiseUpdate<Names, 'steps' | 'velocity', never>({
      name: 'sgd',
      state: { ...(isDamped && { steps: numberFor(0) }), velocity: zerosFor },
      ...(!isDamped && { settled: { dampening: 'the first step is not known' } }),
      scalars: { steps: oneMore },
      elements: {
        velocity: (m, x) => {
          const { velocity, momentum, dampening } = x
          const accelerated = m.add(m.mul(momentum, velocity), m.mul(m.sub(1, dampening), slope(m, x)))
          // the first velocity is the first gradient
          return isDamped ? m.select(m.equal(x.steps, 1), slope(m, x), accelerated) : accelerated
        },
        parameter: (m, x) => {
          const { parameter, velocity, momentum, learningRate } = x
          const direction = nesterov === true ? m.add(slope(m, x), m.mul(momentum, velocity)) : velocity
          return m.sub(parameter, m.mul(learningRate, direction))
        },
      },
    })
  },
}

/**
 * Stochastic gradient descent, with momentum as in Sutskever et al., On the importance of initialization and momentum in
 * deep learning, 2013, in PyTorch's form: velocity = momentum velocity + (1 - dampening) gradient, starting as the first
 * gradient; parameter -= learningRate velocity.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new SGD(model, { learningRate: 0.1, momentum: 0.9 })
 */
export class SGD extends Optimizer<SGDNumbers> {
  constructor(
    ...given:
      | [parameters: Trainable<SGDOptions>, options: SGDOptions]
      | [groups: readonly (ListedGroup<SGDOptions> & Pick<SGDOptions, 'learningRate'>)[], options?: Partial<SGDOptions>]
  ) {
    super(sgd, ...(given as [Trainable<SGDOptions>, SGDOptions]))
  }
}
