import type { Search, Sort } from '../../graph/kernel.js'
import { emptyValue, type Spec, type Value } from '../../graph/value.js'
import { elementAt, filled, places, positionOf } from './places.js'

/** Negative where a comes before b: NaN is the greatest, and -0 equals 0. */
const compare = (a: number, b: number): number => {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b))
  return a < b ? -1 : a > b ? 1 : 0
}

export const sort = ({ axis, descending }: Sort, [x]: readonly Value[], out: Spec, index: number): Value => {
  const value = emptyValue(out)
  for (const place of places(out.shape.with(axis, 1))) {
    const line = Array.from({ length: x!.shape[axis]! }, (_, i) => elementAt(x!, place.with(axis, i)))
    // JavaScript's sort is stable
    const order = [...line.keys()].sort((i, j) =>
      descending ? compare(line[j]!, line[i]!) : compare(line[i]!, line[j]!),
    )
    for (let i = 0; i < out.shape[axis]!; i++) {
      value.data[positionOf(value, place.with(axis, i))] = index === 0 ? order[i]! : line[order[i]!]!
    }
  }
  return value
}

export const search = ({ orEqual }: Search, [sorted, elements]: readonly Value[], out: Spec): Value =>
  filled(out, (place) => {
    const element = elementAt(elements!, place)
    const line = Array.from({ length: sorted!.shape.at(-1)! }, (_, i) => elementAt(sorted!, place.with(-1, i)))
    return line.filter((other) => (orEqual ? compare(other, element) <= 0 : compare(other, element) < 0)).length
  })
