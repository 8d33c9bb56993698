import type { Computed } from '../subject/subject.js'
import type { Values } from './ladder.js'

const draws = 3

/**
 * How far rounding on the way takes each of the values, which at the point are `here`: they are computed again with other
 * roundings. 0 where that is not known.
 */
export const roundOffOf = (
  { rounded }: Pick<Computed, 'rounded'>,
  values: Values,
  point: Float64Array,
  here: Float64Array,
): Float64Array => {
  const most = new Float64Array(here.length)
  if (rounded === null) return most
  for (let draw = 1; draw <= draws; draw++) {
    const other = rounded(draw, () => values(point))
    for (let i = 0; i < most.length; i++) {
      const error = Math.abs(other[i]! - here[i]!)
      if (Number.isFinite(error)) most[i] = Math.max(most[i]!, error)
    }
  }
  return most
}
