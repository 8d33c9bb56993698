import { closeEnough, type Element, elementOf, jointBar, namesIn } from './agreement.js'
import { type Place, slopesAlong } from './slopes.js'
import { bisect, dot, masked, unit } from './vectors.js'

// A product of the Jacobian with random vectors is wrong: these find an element that makes it so.

/** One derivative by a mode and by differences, and how uncertain they are together. */
interface Pair {
  readonly analytic: number
  readonly slope: number
  readonly bar: number
}

/** The element of row `output` by which `analytic`, the derivative of that output along a direction, parts from differences. */
const blameInput = (
  place: Place,
  u: Float64Array,
  output: number,
  analytic: (along: Float64Array) => number,
): Element | null => {
  const { subject, tolerance } = place
  const scale = Math.abs(analytic(u)) || 0
  const pairAlong = (part: Float64Array): Pair => {
    const exact = analytic(part)
    const { values, bars } = slopesAlong(place, part)
    return { analytic: exact, slope: values[output]!, bar: jointBar(exact, values[output]!, bars[output]!, scale) }
  }
  const input = bisect(u, (part) => {
    const { analytic: exact, slope, bar } = pairAlong(part)
    return !closeEnough(exact, slope, bar, tolerance)
  })
  if (input === null) return null
  const { analytic: exact, slope, bar } = pairAlong(unit(u.length, input))
  return elementOf(namesIn(subject.inputs)(input), namesIn(subject.outputs)(output), exact, slope, bar)
}

/** The element that makes the tangent of `output` along u wrong. */
export const blameForward = (place: Place, u: Float64Array, output: number): Element | null =>
  blameInput(place, u, output, (along) => place.subject.forward(place.point, along)[output]!)

/** The element that makes `<J'v, u>` wrong. */
export const blameReverse = (place: Place, u: Float64Array, v: Float64Array): Element | null => {
  const { subject, point, tolerance } = place
  const { values, bars } = slopesAlong(place, u)
  const output = bisect(v, (part) => {
    const { left, right, bar } = products(part, subject.reverse(point, part), u, values, bars)
    return !closeEnough(left, right, bar, tolerance)
  })
  if (output === null) return null
  const row = subject.reverse(point, unit(v.length, output))
  return blameInput(place, u, output, (along) => dot(row, along))
}

/** `<J'v, u>` from `back` = J'v, and `<v, J u>` from `along` = J u where that is known to `bars`. */
export const products = (
  v: Float64Array,
  back: Float64Array,
  u: Float64Array,
  along: Float64Array,
  bars?: Float64Array,
): { left: number; right: number; bar: number } => {
  const known = masked(along, v)
  const left = dot(back, u)
  const right = dot(v, known)
  const uncertain = bars === undefined ? 0 : sizeOfProduct(v, masked(bars, v))
  return { left, right, bar: jointBar(left, right, uncertain, sizeOfProduct(back, u) + sizeOfProduct(v, known)) }
}

/** The sum of |a_i b_i|: how large the numbers are that a dot product adds up. */
const sizeOfProduct = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! * b[i]!)
  return sum
}
