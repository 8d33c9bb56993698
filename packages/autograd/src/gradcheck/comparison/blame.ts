import { type Place, slopesAlong, someOutputs } from '../differences/slopes.js'
import { bisect, dot, unit } from '../subject/vectors.js'
import { closeEnough, type Element, elementOf, jointBar, namesIn } from './agreement.js'
import { products } from './products.js'

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
  const site = someOutputs(place, [output])
  const pairAlong = (part: Float64Array): Pair => {
    const exact = analytic(part)
    const { values, bars } = slopesAlong(site, part)
    return { analytic: exact, slope: values[0]!, bar: jointBar(exact, values[0]!, bars[0]!, scale) }
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
