import {
  random as globalRandom,
  kinds,
  moveAxis,
  normalize,
  parameter,
  type Random,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import { makeAlike } from '../../init/first-values.js'
import * as kind from '../../kinds.js'
import { buffer } from '../../module/roles.js'
import type { TorchLayout } from '../../state/torch.js'
import { outputsAxis, positionIn, Reparametrized, type Runs, takeOut, wrapped } from './reparametrized.js'
import { requireEpsilon } from './rules.js'

/** Which parameter `SpectralNorm` divides, and how it finds its greatest singular value. */
export interface SpectralNormOptions {
  /** The path of the parameter in the module. Default 'weight'. */
  readonly name?: string
  /**
   * The axis of the rows of the matrix that the parameter is made to be; all others are its columns. Default the axis of the
   * outputs: the last of a matrix [inputs, outputs], the second of a transposed convolution's, and else the first.
   */
  readonly axis?: number
  /** How many steps of the power iteration each forward in training takes. Default 1. */
  readonly iterations?: number
  /** What lengths are no less than. Default 1e-12. */
  readonly epsilon?: number
  /** Where the first vectors come from. Default the global `random`. */
  readonly random?: Random
}

const takes = checker('SpectralNorm', {
  module: wrapped,
  options: {
    name: kinds.string,
    axis: kinds.axis,
    iterations: kind.count,
    epsilon: kind.numberAs('a small positive number'),
    random: kind.random,
  },
})
const takesNone = checker('SpectralNorm.value', {})

/** How many steps are taken when the layer is made, as in PyTorch. */
const atFirst = 15

/**
 * A module whose weight is divided by its greatest singular value, so that it stretches nothing (Miyato et al., Spectral
 * normalization for generative adversarial networks, 2018). The value is u' W v for the vectors `left` and `right`, which each
 * forward in training brings nearer by the power iteration; in evaluation they stay. They are buffers: see `BatchNorm1d` for
 * what a forward that changes some means. The derivative takes them as constants.
 *
 * Its parameter is `original`, beside the module's others. The wrapped module keeps its hooks, modes and buffers; its own `weight`
 * is there while it runs and not otherwise.
 *
 * @throws as `WeightNorm`; OptionError for iterations that are no positive integer, and for an epsilon that is not positive
 * @example
 * const layer = new SpectralNorm(new Linear(3, 4, { init: init.constant(2) }))
 * layer.value().norm()   // 1
 */
export class SpectralNorm<M extends Runs> extends Reparametrized<M> {
  /** The axis of the rows. */
  readonly axis: number
  /** How many steps of the power iteration each forward in training takes. */
  readonly iterations: number
  /** What lengths are no less than. */
  readonly epsilon: number
  /** The parameter as it is trained. */
  readonly original: Tensor
  /** Of length 1, a number for each row: u. */
  readonly left: Tensor
  /** Of length 1, a number for each column: v. */
  readonly right: Tensor

  constructor(module: M, options: SpectralNormOptions = {}) {
    takes(arguments)
    const { name = 'weight', iterations = 1, epsilon = 1e-12, random = globalRandom } = options
    super(module, name)
    requireCount('SpectralNorm', 'iterations', iterations)
    requireEpsilon('SpectralNorm', epsilon)
    const [weight, axis] = takeOut('SpectralNorm', module, name, (weight) =>
      positionIn('SpectralNorm', weight, name, options.axis ?? outputsAxis(module, weight)),
    )
    this.axis = axis
    this.iterations = iterations
    this.epsilon = epsilon
    this.original = parameter(weight.detach()) as Tensor
    makeAlike(this.original, weight)
    this.original.requiresGrad = weight.requiresGrad
    const matrix = matrixOf(weight.detach() as Tensor, axis)
    const [u, v] = matrix.shape.map((size) => random.normal([size], { dtype: weight.dtype as 'float32' }) as Tensor)
    const [left, right] = iterated(matrix, [u!, v!], atFirst, epsilon)
    this.left = buffer(left)
    this.right = buffer(right)
  }

  /** The parameter as it is computed now; nothing changes. */
  value(): Tensor {
    takesNone(arguments)
    return this.computed(false)
  }

  protected override torchLayout(): TorchLayout {
    const { prefix, ours } = this.parametrization()
    return {
      module: '',
      original: { from: [`${prefix}original`], make: ours },
      left: `${prefix}0._u`,
      right: `${prefix}0._v`,
    }
  }

  protected computed(training: boolean): Tensor {
    const matrix = matrixOf(this.original, this.axis)
    let [left, right] = [this.left, this.right]
    if (training) {
      ;[left, right] = iterated(matrix.detach() as Tensor, [left, right], this.iterations, this.epsilon)
      this.setBuffer('left', left)
      this.setBuffer('right', right)
    }
    const value = left
      .detach()
      .mul(matrix.matmul(right.detach() as never))
      .sum()
    return this.original.div(value) as Tensor
  }
}

/** The axis of the rows in front, all others as columns. */
const matrixOf = (weight: Tensor, axis: number): Tensor =>
  (moveAxis(weight, axis, 0) as Tensor).reshape([weight.shape[axis]!, -1]) as Tensor

type Vectors = [left: Tensor, right: Tensor]

/** Vectors nearer to those of the greatest singular value. */
const iterated = (matrix: Tensor, [left, right]: Vectors, steps: number, epsilon: number): Vectors => {
  for (let step = 0; step < steps; step++) {
    left = normalize(matrix.matmul(right) as Tensor, -1, { epsilon })
    right = normalize(left.matmul(matrix) as Tensor, -1, { epsilon })
  }
  return [left, right]
}
