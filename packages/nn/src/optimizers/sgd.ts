import { elementwise, kinds, type ScalarFunction, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { OptionError, requireAmount, requireOption } from '../errors.js'
import { amount, numberAs } from '../kinds.js'
import { Optimizer, type Trainable, trainable } from './optimizer.js'
import { noSteps, zerosFor } from './state.js'
import { decayedBy } from './weight-decay.js'

/** How `SGD` steps. */
export interface SGDOptions {
  /** How far a step goes. */
  readonly learningRate: number
  /** How much of the previous velocity is kept. Default 0. */
  readonly momentum?: number
  /** How much of a new gradient is kept out of the velocity. Default 0. */
  readonly dampening?: number
  /** Look ahead along the velocity (Nesterov, 1983). Default false. */
  readonly nesterov?: boolean
  /** L2 penalty: this times the parameter is added to its gradient. Default 0. */
  readonly weightDecay?: number
}

const takes = checker('SGD', {
  parameters: trainable,
  options: {
    learningRate: kinds.required(amount),
    momentum: amount,
    dampening: numberAs('a number of at most 1'),
    nesterov: kinds.boolean,
    weightDecay: amount,
  },
})

/** With momentum: the velocity; and with dampening, which does not apply to the first, how many steps there were. */
type Motion = { readonly velocity?: Tensor; readonly steps?: Tensor }

type Update = (a: Tensor, b: Tensor, c: Tensor) => Tensor

/**
 * Stochastic gradient descent, with momentum as in Sutskever et al., On the importance of initialization and momentum in
 * deep learning, 2013, in PyTorch's form: velocity = momentum velocity + (1 - dampening) gradient, starting as the first
 * gradient; parameter -= learningRate velocity.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new SGD(model.parameters(), { learningRate: 0.1, momentum: 0.9 })
 */
export class SGD extends Optimizer<Motion> {
  readonly #nesterov: boolean
  readonly #descend: Update
  readonly #accelerate: Update
  readonly #accelerateDamped: (velocity: Tensor, gradient: Tensor, parameter: Tensor, steps: Tensor) => Tensor
  readonly #lookAhead: Update

  constructor(parameters: Trainable, options: SGDOptions) {
    takes(arguments)
    const { learningRate, momentum = 0, dampening = 0, nesterov = false, weightDecay = 0 } = options
    super(parameters, learningRate, (p) =>
      momentum === 0 ? {} : dampening === 0 ? { velocity: zerosFor(p) } : { steps: noSteps(), velocity: zerosFor(p) },
    )
    requireAmount('SGD', 'momentum', momentum)
    requireOption('SGD', 'dampening', dampening, Number.isFinite(dampening) && dampening <= 1, 'a number of at most 1')
    requireAmount('SGD', 'weightDecay', weightDecay)
    if (nesterov && (momentum === 0 || dampening !== 0)) {
      throw new OptionError(
        `SGD: nesterov needs momentum and no dampening; momentum is ${momentum} and dampening ${dampening}.`,
      )
    }
    this.#nesterov = nesterov

    const decayed = decayedBy(weightDecay)
    const descend: ScalarFunction<3> = (m, p, g, rate) => m.sub(p, m.mul(rate, g))
    const descendDecayed: ScalarFunction<3> = (m, p, g, rate) => m.sub(p, m.mul(rate, decayed(m, g, p)))
    const accelerate: ScalarFunction<3> = (m, v, g, p) =>
      m.add(m.mul(momentum, v), m.mul(1 - dampening, decayed(m, g, p)))
    const accelerateDamped: ScalarFunction<4> = (m, v, g, p, steps) =>
      m.select(m.equal(steps, 0), decayed(m, g, p), accelerate(m, v, g, p))
    const lookAhead: ScalarFunction<3> = (m, v, g, p) => m.add(decayed(m, g, p), m.mul(momentum, v))
    this.#descend = elementwise('sgd', momentum === 0 ? descendDecayed : descend)
    this.#accelerate = elementwise('sgd.velocity', accelerate)
    this.#accelerateDamped = elementwise('sgd.velocity', accelerateDamped)
    this.#lookAhead = elementwise('sgd.lookAhead', lookAhead)
  }

  protected next(parameter: Tensor, gradient: Tensor, { velocity, steps }: Motion): Tensor {
    const rate = this.rate(parameter)
    if (velocity === undefined) return this.#descend(parameter, gradient, rate)
    if (steps === undefined) {
      velocity.assign(this.#accelerate(velocity, gradient, parameter))
    } else {
      velocity.assign(this.#accelerateDamped(velocity, gradient, parameter, steps))
      steps.assign(steps.add(1))
    }
    return this.#descend(parameter, this.#nesterov ? this.#lookAhead(velocity, gradient, parameter) : velocity, rate)
  }
}
