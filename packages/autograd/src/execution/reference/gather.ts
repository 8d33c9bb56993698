import { allocate } from '../../graph/dtype.js'
import type { Gather, Scatter } from '../../graph/kernel.js'
import { type Shape, sizeOf } from '../../graph/shape.js'
import { denseValue, type Spec, type Value } from '../../graph/value.js'
import { positionOf as indexed, indexOutOfRange } from '../indexing.js'
import { elementAt, filled, places, positionOf } from './places.js'

export const gather = (kernel: Gather, [x, indices]: readonly Value[], out: Spec): Value =>
  filled(out, (place) => elementAt(x!, read(kernel, x!.shape, indices!, place)))

export const scatter = (kernel: Scatter, [base, indices, source]: readonly Value[], out: Spec): Value => {
  const wide = denseValue(allocate('float64', sizeOf(out.shape)), out.shape, 'float64')
  for (const place of places(out.shape)) wide.data[positionOf(wide, place)] = elementAt(base!, place)
  for (const place of places(source!.shape)) {
    const to = positionOf(wide, read(kernel, out.shape, indices!, place))
    wide.data[to] = kernel.by === 'add' ? wide.data[to]! + elementAt(source!, place) : elementAt(source!, place)
  }
  return filled(out, (place) => elementAt(wide, place))
}

/** The place in x that gather reads for a place of its result. */
const read = (kernel: Gather | Scatter, x: Shape, indices: Value, place: readonly number[]): number[] => {
  const { mode, axis } = kernel
  const rank = indices.shape.length
  const from = mode === 'along' ? [...place] : place.slice(axis, axis + rank)
  const index = elementAt(indices, from)
  const dim = x[axis]!
  const position = indexed(kernel, index, dim)
  if (position < 0) throw indexOutOfRange(kernel, index, from, dim)
  return mode === 'along' ? from.with(axis, position) : [...place.slice(0, axis), position, ...place.slice(axis + rank)]
}
