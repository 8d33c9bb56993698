import { IndexOutOfRangeError } from '../graph/errors.js'
import type { Gather, Scatter } from '../graph/kernel.js'
import { formatShape } from '../graph/shape.js'

/** The position that an index means in an axis of size `dim`, or -1 if it is out of range. */
export const positionOf = ({ negatives }: Gather | Scatter, index: number, dim: number): number => {
  const position = index < 0 && negatives !== 'refused' ? index + dim : index
  return position >= 0 && position < dim ? position : -1
}

/** The error for an index, found at `place` in a tensor of indices, into an axis of size `dim`. */
export const indexOutOfRange = (
  { op, axis, negatives, hidden = 0 }: Gather | Scatter,
  index: number,
  place: readonly number[],
  dim: number,
): IndexOutOfRangeError => {
  const where = place.length === 0 || hidden > 0 ? '' : `, at ${formatShape(place)} of the indices,`
  const remedy =
    dim === 0
      ? 'that axis has no elements to pick from'
      : `use integers from ${negatives === 'refused' ? 0 : -dim} to ${dim - 1}`
  return new IndexOutOfRangeError(
    `${op}: index ${index}${where} is out of range for axis ${axis - hidden} of size ${dim}: ${remedy}.`,
  )
}
