import {
  type AnyTensor,
  type Arg,
  type CreateOptions,
  defaultDType,
  einsum,
  random as globalRandom,
  kinds,
  type MayEqual,
  type Out,
  parameter,
  type Random,
  type Shape,
  type Shaped,
  ShapeError,
  type Show,
  type ShowDim,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireCount } from '../errors.js'
import { type Initializer, kaimingUniform, uniform } from '../init.js'
import * as kind from '../kinds.js'
import { Module } from '../module/module.js'
import { formatShape, type MayMatch, sameShape } from '../shapes.js'
import type { TorchLayout } from '../state/torch.js'
import { initial } from './initial.js'

/** How the weights of a `Bilinear` begin. */
export interface BilinearOptions extends CreateOptions {
  /** Whether to add a bias. Default true. */
  readonly bias?: boolean
  /** The first weights. Default U(-1/sqrt(first), 1/sqrt(first)), as in PyTorch. */
  readonly init?: Initializer
  /** Default the global `random`. */
  readonly random?: Random
}

const takes = checker('Bilinear', {
  first: kind.count,
  second: kind.count,
  outputs: kind.count,
  options: { bias: kinds.boolean, init: kind.initializer, ...kind.creation },
})
const takesInput = checker('Bilinear.forward', { a: kinds.tensor, b: kinds.tensor })

/** The shape of a bilinear map, or what is wrong. */
export type BilinearShape<A extends Shape, B extends Shape, I, J, O> = number extends (A | B)['length']
  ? Shaped<[...number[], O]>
  : A extends readonly [...infer Batch, infer a]
    ? MayEqual<a, I> extends true
      ? B extends readonly [...infer Other, infer b]
        ? MayEqual<b, J> extends true
          ? MayMatch<Batch, Other> extends true
            ? Shaped<[...Batch, O]>
            : `shapes ${Show<A>} and ${Show<B>} must be equal but for the last axis`
          : `expects ${ShowDim<J>} features of the second, got ${ShowDim<b>}`
        : 'the second is a scalar'
      : `expects ${ShowDim<I>} features of the first, got ${ShowDim<a>}`
    : 'the first is a scalar'

/**
 * A product of each two features of two inputs, summed with weights: y_k = sum_ij a_i weight_ijk b_j + bias_k along the last
 * axes: [..., first] and [..., second] become [..., outputs]. The weight has shape [first, second, outputs]: PyTorch has the
 * outputs first. The bias starts evenly spread over ±1/sqrt(first).
 *
 * @throws OptionError for a size that is no positive integer; ShapeError for inputs with other features, or of different shapes
 *   otherwise
 * @example new Bilinear(4, 3, 2).forward(zeros([5, 4]), zeros([5, 3]))   // Tensor<[5, 2]>
 */
export class Bilinear<I extends number, J extends number, O extends number> extends Module {
  /** The length of the first input. */
  readonly first: I
  /** The length of the second. */
  readonly second: J
  /** The length of what it gives. */
  readonly outputs: O
  /** A number for each two inputs and each output. */
  readonly weight: Tensor<[I, J, O]>
  /** Null where the layer was made without one. */
  readonly bias: Tensor<[O]> | null

  constructor(first: I, second: J, outputs: O, options: BilinearOptions = {}) {
    takes(arguments)
    super()
    for (const [name, size] of Object.entries({ first, second, outputs })) requireCount('Bilinear', name, size)
    const {
      bias = true,
      init = kaimingUniform({ a: Math.sqrt(5) }),
      random = globalRandom,
      dtype = defaultDType(),
    } = options
    this.first = first
    this.second = second
    this.outputs = outputs
    this.weight = initial('Bilinear', init, [first, second, outputs], { fanIn: first, fanOut: outputs, random, dtype })
    const bound = 1 / Math.sqrt(first)
    this.bias = bias ? parameter(uniform(-bound, bound)([outputs], { random, dtype })) : null
  }

  /** What the layer makes of two inputs. @throws ShapeError for shapes that it cannot take */
  forward<A extends AnyTensor, B extends AnyTensor>(
    a: A,
    b: Arg<B, BilinearShape<A['shape'], B['shape'], I, J, O>>,
  ): Out<BilinearShape<A['shape'], B['shape'], I, J, O>>
  forward(a: Tensor, b: Tensor): Tensor {
    takesInput(arguments)
    requireFeatures(this, 'first', this.first, a)
    requireFeatures(this, 'second', this.second, b)
    if (!sameShape(a.shape.slice(0, -1), b.shape.slice(0, -1))) {
      throw new ShapeError(
        `${this}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} must be equal but for the last axis; expand one with ` +
          'broadcastTo().',
      )
    }
    const product = einsum('...i,ijk,...j->...k', a, this.weight as unknown as Tensor, b) as Tensor
    return this.bias === null ? product : (product.add(this.bias) as Tensor)
  }

  protected override torchLayout(): TorchLayout {
    return { weight: { from: ['weight'], make: (x) => (x.shape.length === 3 ? (x.permute([1, 2, 0]) as Tensor) : x) } }
  }

  protected override details(): string {
    return `${this.first}, ${this.second}, ${this.outputs}`
  }
}

const requireFeatures = (layer: Module, name: string, features: number, { shape }: Tensor): void => {
  if (shape.at(-1) === features) return
  const got = shape.length === 0 ? 'a scalar' : shape.at(-1)
  throw new ShapeError(
    `${layer}: expects ${features} features of the ${name}, got ${got}: its shape is ${formatShape(shape)}, and its last axis must ` +
      `have size ${features}; reshape it, or make the layer for that many.`,
  )
}
