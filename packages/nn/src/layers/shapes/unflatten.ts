import { kinds, type Shaped, ShapeError, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireOption } from '../../errors.js'
import { formatShape } from '../../shapes.js'
import { Layer } from '../layer.js'
import { positionOf } from './flatten.js'
import type { Divided } from './rules.js'

const takes = checker('Unflatten', { axis: kinds.axis, sizes: kinds.shape })

/**
 * One axis as several, of these sizes; one of them may be -1, for whatever is left.
 *
 * @throws OptionError for an axis that is no integer, and for sizes that are no positive integers, but for one -1; AxisError for
 *   an axis that x lacks; ShapeError for one that does not have the product of the sizes
 * @example new Unflatten(1, [3, 4]).forward(zeros([2, 12]))   // Tensor<[2, 3, 4]>
 */
export class Unflatten<A extends number, const D extends readonly number[]> extends Layer {
  declare readonly out: this['in'] extends readonly unknown[] ? Divided<this['in'], A, D> : Shaped<number[]>
  /** The axis that becomes several. */
  readonly axis: A
  /** Their sizes. */
  readonly sizes: D

  constructor(axis: A, sizes: D) {
    takes(arguments)
    super()
    requireOption('Unflatten', 'axis', axis, Number.isInteger(axis), kinds.axis.wanted)
    const open = sizes.filter((size) => size === -1).length
    const holds =
      sizes.length > 0 && open <= 1 && sizes.every((size) => Number.isSafeInteger(size) && (size > 0 || size === -1))
    requireOption('Unflatten', 'sizes', formatShape(sizes), holds, 'positive integers, of which one may be -1')
    this.axis = axis
    this.sizes = [...sizes] as unknown as D
  }

  protected run(x: Tensor): Tensor {
    const { axis, sizes } = this
    const position = positionOf(this, axis, x)
    const size = x.shape[position]!
    const known = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1)
    const isOpen = sizes.includes(-1)
    if (isOpen ? size % known !== 0 : size !== known) {
      throw new ShapeError(
        `${this}: axis ${axis} of x ${formatShape(x.shape)} has size ${size}, and ${formatShape(sizes)} needs ` +
          `${isOpen ? `a multiple of ${known}` : known}; make the layer for other sizes.`,
      )
    }
    const divided = sizes.map((one) => (one === -1 ? size / known : one))
    return x.reshape([...x.shape.slice(0, position), ...divided, ...x.shape.slice(position + 1)]) as Tensor
  }

  protected override details(): string {
    return `${this.axis}, ${formatShape(this.sizes)}`
  }
}
