import { IndexOutOfRangeError } from '../graph/errors.js'
import { formatShape } from '../graph/shape.js'

/** The error for an index, found at `place` in a tensor of indices, into an axis of size `dim`. */
export const indexOutOfRange = (
  op: string,
  index: number,
  place: readonly number[],
  axis: number,
  dim: number,
): IndexOutOfRangeError => {
  const where = place.length === 0 ? '' : `, at ${formatShape(place)} of the indices,`
  const remedy = dim === 0 ? 'that axis has no elements to pick from' : `use integers from ${-dim} to ${dim - 1}`
  return new IndexOutOfRangeError(
    `${op}: index ${index}${where} is out of range for axis ${axis} of size ${dim}: ${remedy}.`,
  )
}
