import type { DType } from '../../graph/dtype.js'
import { type Shape, sizeOf, unravel } from '../../graph/shape.js'
import { emptyValue, type Spec, type Value } from '../../graph/value.js'

/** Every multi-index of a shape, in row-major order. */
export const places = (shape: Shape): number[][] => Array.from({ length: sizeOf(shape) }, (_, i) => unravel(i, shape))

export const positionOf = ({ strides, offset }: Value, place: readonly number[]): number =>
  place.reduce((position, index, axis) => position + index * strides[axis]!, offset)

export const elementAt = (value: Value, place: readonly number[]): number => value.data[positionOf(value, place)]!

/** What an array of that dtype is given to hold: it rounds floats and wraps integers itself, but not truth values. */
export const stored = (dtype: DType, element: number): number => (dtype === 'bool' ? Number(element !== 0) : element)

/** A dense value, each element computed from its place. */
export const filled = (out: Spec, element: (place: number[]) => number): Value => {
  const value = emptyValue(out)
  places(out.shape).forEach((place, i) => {
    value.data[i] = stored(out.dtype, element(place))
  })
  return value
}
