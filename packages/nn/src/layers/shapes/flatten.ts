import { AxisError, type FlattenShape, kinds, type Shaped, ShapeError, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { OptionError, requireOption } from '../../errors.js'
import { formatShape } from '../../shapes.js'
import { Layer } from '../layer.js'
import type { Merged } from './rules.js'

const takes = checker('Flatten', { start: kinds.optional(kinds.axis), end: kinds.optional(kinds.axis) })

const inOrder = (start: number, end: number): string => `axis ${end} comes before axis ${start}`

/** An axis counted from the first. @throws AxisError for one that x lacks */
export const positionOf = (layer: object, axis: number, { shape }: Tensor): number => {
  const position = axis < 0 ? axis + shape.length : axis
  if (position >= 0 && position < shape.length) return position
  throw new AxisError(
    `${layer}: x ${formatShape(shape)} has no axis ${axis}; its axes go from ${-shape.length} to ${shape.length - 1}, so make the ` +
      'layer for another.',
  )
}

/**
 * The axes from start to end as one, all but the first unless given: [batch, ...rest] becomes [batch, product of rest].
 *
 * @throws ShapeError for a scalar; AxisError for an axis that x lacks; OptionError for what is no integer, and where end comes
 *   before start
 * @example new Flatten().forward(zeros([2, 3, 4]))         // Tensor<[2, 12]>
 * @example new Flatten(0, 1).forward(zeros([2, 3, 4]))     // Tensor<[6, 4]>
 */
export class Flatten<A extends number = 1, B extends number = -1> extends Layer {
  declare readonly out: [A, B] extends [1, -1]
    ? this['in'] extends infer S extends number[]
      ? FlattenShape<S>
      : Shaped<[number, number]>
    : this['in'] extends readonly unknown[]
      ? Merged<this['in'], A, B>
      : Shaped<number[]>
  /** The first of the axes that become one. */
  readonly start: A
  /** The last of them. */
  readonly end: B

  constructor(start: A = 1 as A, end: B = -1 as B) {
    takes(arguments)
    super()
    requireOption('Flatten', 'start', start, Number.isInteger(start), kinds.axis.wanted)
    requireOption('Flatten', 'end', end, Number.isInteger(end), kinds.axis.wanted)
    if (start < 0 === end < 0 && end < start)
      throw new OptionError(`Flatten: ${inOrder(start, end)}; pass the first one first.`)
    this.start = start
    this.end = end
  }

  protected run(x: Tensor): Tensor {
    const { start, end } = this
    if (x.shape.length === 0) throw new ShapeError('Flatten: a scalar has no batch axis to keep; use ravel().')
    // a vector is a batch of numbers
    if (start === 1 && end === -1) return x.flatten()
    const [first, last] = [positionOf(this, start, x), positionOf(this, end, x)]
    if (last < first)
      throw new AxisError(`${this}: ${inOrder(start, end)} in shape ${formatShape(x.shape)}; make it for others.`)
    const joined = x.shape.slice(first, last + 1).reduce((product, size) => product * size, 1)
    return x.reshape([...x.shape.slice(0, first), joined, ...x.shape.slice(last + 1)]) as Tensor
  }

  protected override details(): string {
    return this.start === 1 && this.end === -1 ? '' : `${this.start}, ${this.end}`
  }
}
