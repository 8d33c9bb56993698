import { type AnyTensor, elementwise, type ScalarFunction, type Tensor, zerosLike } from '@adjoint/autograd'
import { requireOption } from '../errors.js'
import { Optimizer, type ParameterState } from './optimizer.js'
import { decayedBy } from './weight-decay.js'

export interface AdamOptions {
  /** How far a step goes. Default 0.001. */
  readonly learningRate?: number
  /** How much of the running means of the gradient and of its square is kept at a step. Default [0.9, 0.999]. */
  readonly betas?: readonly [mean: number, square: number]
  /** Added to the denominator. Default 1e-8. */
  readonly epsilon?: number
  /** L2 penalty: this times the parameter is added to its gradient (`AdamW` decouples it). Default 0. */
  readonly weightDecay?: number
}

type Update = (a: Tensor, b: Tensor, c: Tensor) => Tensor

const descend: ScalarFunction<3> = (m, p, direction, rate) => m.sub(p, m.mul(rate, direction))
const towards: ScalarFunction<3> = (m, mean, square, epsilon) => m.div(mean, m.add(m.sqrt(square), epsilon))

/**
 * Adam, with correction of the bias of its means (Kingma and Ba, Adam: a method for stochastic optimization, 2015). The
 * weight decay is an L2 penalty, added to the gradient; `AdamW` decouples it.
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new Adam(model.parameters(), { learningRate: 1e-3 })
 */
export class Adam extends Optimizer {
  readonly #betas: readonly [number, number]
  readonly #epsilon: number
  readonly #mean: Update
  readonly #square: Update
  readonly #towards: Update
  readonly #descend: Update

  constructor(parameters: Iterable<AnyTensor>, options: AdamOptions = {}) {
    const { learningRate = 1e-3, betas = [0.9, 0.999], epsilon = 1e-8, weightDecay = 0 } = options
    super(parameters, learningRate)
    const [beta1, beta2] = betas
    requireOption('Adam', 'betas[0]', beta1, beta1 >= 0 && beta1 < 1, 'a number from 0 up to but not including 1')
    requireOption('Adam', 'betas[1]', beta2, beta2 >= 0 && beta2 < 1, 'a number from 0 up to but not including 1')
    requireOption('Adam', 'epsilon', epsilon, epsilon >= 0, 'a number of at least 0')
    requireOption('Adam', 'weightDecay', weightDecay, weightDecay >= 0, 'a number of at least 0')
    this.#betas = [beta1, beta2]
    this.#epsilon = epsilon

    const decayed = decayedBy(weightDecay)
    const mean: ScalarFunction<3> = (m, before, g, p) => m.add(m.mul(beta1, before), m.mul(1 - beta1, decayed(m, g, p)))
    const square: ScalarFunction<3> = (m, before, g, p) => {
      const slope = decayed(m, g, p)
      return m.add(m.mul(beta2, before), m.mul(m.mul(1 - beta2, slope), slope))
    }
    this.#mean = elementwise('adam.mean', mean)
    this.#square = elementwise('adam.square', square)
    this.#towards = elementwise('adam.direction', towards)
    this.#descend = elementwise('adam', descend)
  }

  protected override get stateNames(): readonly string[] {
    return ['mean', 'square']
  }

  protected next(parameter: Tensor, gradient: Tensor, { steps, tensors }: ParameterState): Tensor {
    const mean = this.#mean(tensors.mean ?? zerosLike(parameter), gradient, parameter)
    const square = this.#square(tensors.square ?? zerosLike(parameter), gradient, parameter)
    tensors.mean = mean
    tensors.square = square
    // section 2 of the paper: the corrections of both means moved into two numbers
    const [beta1, beta2] = this.#betas
    const scale = Math.sqrt(1 - beta2 ** steps)
    const rate = this.coefficient((this.learningRate * scale) / (1 - beta1 ** steps), parameter)
    const direction = this.#towards(mean, square, this.coefficient(this.#epsilon * scale, parameter))
    return this.#descend(parameter, direction, rate)
  }
}

/**
 * Adam with decoupled weight decay: at each step parameters shrink by learningRate * weightDecay of themselves, whatever
 * their gradient (Loshchilov and Hutter, Decoupled weight decay regularization, 2019).
 *
 * @throws OptionError for an option outside its range
 * @example const optimizer = new AdamW(model.parameters(), { learningRate: 1e-3, weightDecay: 0.1 })
 */
export class AdamW extends Adam {
  readonly #weightDecay: number

  /** @param options as for Adam; `weightDecay` is 0.01 by default */
  constructor(parameters: Iterable<AnyTensor>, { weightDecay = 0.01, ...options }: AdamOptions = {}) {
    super(parameters, options)
    requireOption('AdamW', 'weightDecay', weightDecay, weightDecay >= 0, 'a number of at least 0')
    this.#weightDecay = weightDecay
  }

  protected override next(parameter: Tensor, gradient: Tensor, state: ParameterState): Tensor {
    const kept = this.coefficient(1 - this.learningRate * this.#weightDecay, parameter)
    return super.next(parameter.mul(kept), gradient, state)
  }
}
