import type { Cumulate } from '../../graph/kernel.js'
import type { Spec, Value } from '../../graph/value.js'
import { numbers } from '../../rules/numbers.js'
import { elementAt, filled } from './places.js'
import { fold } from './reduce.js'

export const cumulate = (kernel: Cumulate, inputs: readonly Value[], out: Spec): Value => {
  const { by, axis, reverse } = kernel
  return filled(out, (place) => {
    const count = reverse ? out.shape[axis]! - place[axis]! : place[axis]! + 1
    const indices = Array.from({ length: count }, (_, i) => (reverse ? out.shape[axis]! - 1 - i : i))
    const [x, ...others] = inputs.map((input) => indices.map((index) => elementAt(input, place.with(axis, index))))
    switch (by) {
      case 'argmax':
      case 'argmin':
        return indices[firstExtreme(by, x!)]!
      case 'affine':
        return affine(x!, others[0]!, reverse)
      default:
        return fold(by, x!, out.dtype)
    }
  })
}

const firstExtreme = (by: 'argmax' | 'argmin', elements: readonly number[]): number => {
  const extreme = fold(by === 'argmax' ? 'max' : 'min', elements, 'float64')
  return elements.findIndex((element) => element === extreme || Number.isNaN(element))
}

/** In the order in which they are met. */
const affine = (a: readonly number[], b: readonly number[], reverse: boolean): number =>
  b.reduce((r, term, i) => {
    const factor = i === 0 ? 0 : a[reverse ? i - 1 : i]!
    return numbers.scale(r, factor) + term
  }, 0)
