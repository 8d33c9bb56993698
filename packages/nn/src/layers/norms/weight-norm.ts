import { type AnyTensor, kinds, parameter, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { makeAlike } from '../../init/first-values.js'
import type { TorchLayout } from '../../state/torch.js'
import { outputsAxis, positionIn, Reparametrized, type Runs, takeOut, wrapped } from './reparametrized.js'

/** Which parameter `WeightNorm` takes apart, and along which axis. */
export interface WeightNormOptions {
  /** The path of the parameter in the module. Default 'weight'. */
  readonly name?: string
  /**
   * Each place of this axis has a size of its own; null for one size of all. Default the axis of the outputs: the last of a
   * matrix [inputs, outputs], the second of a transposed convolution's, and else the first. For the rows of an embedding
   * it is 0.
   */
  readonly axis?: number | null
}

const takes = checker('WeightNorm', {
  module: wrapped,
  options: { name: kinds.string, axis: kinds.axisOrAll },
})
const takesNone = checker('WeightNorm.value', {})

/** No norm is less. */
const least = 1e-12

/**
 * A module whose weight is taken apart: weight = size * direction / |direction|, for each output by itself (Salimans and Kingma,
 * Weight normalization, 2016). Its parameters are `direction` and `size`, and the module's others; at first the weight is
 * what it was. The wrapped module keeps its hooks, modes and buffers; its own `weight` is there while it runs and not otherwise.
 *
 * @throws OptionError for a name that is no parameter of the module, and for an axis that it lacks; ModuleError for a parameter
 *   that the module holds twice
 * @example
 * const layer = new WeightNorm(new Linear(3, 4))
 * layer.forward(zeros([2, 3]))     // Tensor<[2, 4]>
 * layer.namedParameters().keys()   // module.bias, direction, size
 * layer.size.shape                 // [4]
 */
export class WeightNorm<M extends Runs> extends Reparametrized<M> {
  /** The axis whose places have sizes of their own; null for one size of all. */
  readonly axis: number | null
  /** Of the shape of the parameter; its length does not matter. */
  readonly direction: Tensor
  /** The norm that the parameter has: a number for each place of the axis, or a scalar. */
  readonly size: Tensor

  constructor(module: M, options: WeightNormOptions = {}) {
    takes(arguments)
    const { name = 'weight' } = options
    super(module, name)
    const [weight, axis] = takeOut('WeightNorm', module, name, (weight) => {
      const { axis = outputsAxis(module, weight) } = options
      return axis === null ? null : positionIn('WeightNorm', weight, name, axis)
    })
    this.axis = axis
    this.direction = parameter(weight.detach()) as Tensor
    makeAlike(this.direction, weight)
    this.size = parameter(norms(weight.detach() as Tensor, axis)) as Tensor
    this.direction.requiresGrad = weight.requiresGrad
    this.size.requiresGrad = weight.requiresGrad
  }

  /** The parameter as it is computed now. */
  value(): Tensor {
    takesNone(arguments)
    return this.computed()
  }

  protected override torchLayout(): TorchLayout {
    const { prefix, ours } = this.parametrization()
    const { axis } = this
    const size = (given: Tensor): AnyTensor => {
      if (axis === null) return given
      const x = ours(given)
      const isOfAxis = x.shape.every((length, i) => i === axis || length === 1)
      return isOfAxis ? x.reshape([-1]) : x
    }
    return {
      module: '',
      size: { from: [`${prefix}original0`], make: size },
      direction: { from: [`${prefix}original1`], make: ours },
    }
  }

  protected computed(): Tensor {
    const { direction, size, axis } = this
    const rates = size.div(norms(direction, axis).maximum(least)) as Tensor
    return direction.mul(rates.reshape(direction.shape.map((_, i) => (i === axis ? -1 : 1)))) as Tensor
  }
}

/** The norms over all axes but one. */
const norms = (weight: Tensor, axis: number | null): Tensor =>
  weight.norm(weight.shape.map((_, i) => i).filter((i) => i !== axis)) as Tensor
