import type { DType } from '../../graph/dtype.js'
import type { ArgReduce, Monoid, Reduce } from '../../graph/kernel.js'
import type { Spec, Value } from '../../graph/value.js'
import { elementAt, filled, places } from './places.js'

export const reduce = ({ by, axes, divisor = 1 }: Reduce, [x]: readonly Value[], out: Spec): Value => {
  const steps = places(x!.shape.map((dim, axis) => (axes.includes(axis) ? dim : 1)))
  return filled(out, (place) => {
    const elements = steps.map((step) =>
      elementAt(
        x!,
        place.map((index, axis) => index + step[axis]!),
      ),
    )
    return divisor === 1 ? fold(by, elements, out.dtype) : quotient(elements, divisor)
  })
}

export const fold = (by: Monoid, elements: readonly number[], dtype: DType): number => {
  switch (by) {
    case 'add':
      return dtype === 'int32' ? elements.reduce((a, b) => (a + b) | 0, 0) : compensatedSum(elements)
    case 'mul':
      return elements.reduce((a, b) => (dtype === 'int32' ? Math.imul(a, b) : a * b), 1)
    case 'max':
      return elements.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY)
    case 'min':
      return elements.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
  }
}

/** The sum over a divisor; of halves, quarters, ... where it would overflow. */
const quotient = (elements: readonly number[], divisor: number): number => {
  const whole = compensatedSum(elements)
  if (Number.isFinite(whole)) return whole / divisor
  const part = 2 ** (Math.clz32(elements.length - 1) - 32)
  return compensatedSum(elements.map((element) => element * part)) / (divisor * part)
}

/** Neumaier's sum: what rounding loses at each step is collected apart. */
const compensatedSum = (elements: readonly number[]): number => {
  let sum = 0
  let lost = 0
  for (const element of elements) {
    const next = sum + element
    lost += Math.abs(sum) >= Math.abs(element) ? sum - next + element : element - next + sum
    sum = next
  }
  // at an infinity the correction is NaN, the sum is right
  return Number.isFinite(sum) ? sum + lost : sum
}

export const argReduce = ({ by, axis }: ArgReduce, [x]: readonly Value[], out: Spec, index: number): Value =>
  filled(out, (place) => {
    let found = 0
    for (let i = 1; i < x!.shape[axis]!; i++) {
      const best = elementAt(x!, place.with(axis, found))
      const element = elementAt(x!, place.with(axis, i))
      if (Number.isNaN(best)) break
      if (Number.isNaN(element) || (by === 'max' ? element > best : element < best)) found = i
    }
    return index === 0 ? found : elementAt(x!, place.with(axis, found))
  })
