import { type Place, slopesAlong, someOutputs } from '../differences/slopes.js'
import { bisect, dot, unit } from '../subject/vectors.js'
import { closeEnough, type Element, elementOf, jointBar, namesIn } from './agreement.js'
import { products } from './products.js'

// A product of the Jacobian with random vectors is wrong: these find an element that makes it so.

/** An element that is wrong, and where it stands. */
export interface Blamed {
  readonly input: number
  readonly element: Element
}

/** One derivative by a mode and by differences, and how uncertain they are together. */
interface Pair {
  readonly analytic: number
  readonly slope: number
  readonly bar: number
}

/**
 * The element of row `output` by which `analytic`, the derivative of that output along a direction, parts from differences: the one
 * that is suspected already if it does.
 */
const blameInput = (
  place: Place,
  u: Float64Array,
  output: number,
  analytic: (along: Float64Array) => number,
  suspected: number | null,
): Blamed | null => {
  const { subject, tolerance } = place
  const scale = Math.abs(analytic(u)) || 0
  const site = someOutputs(place, [output])
  const pairAlong = (part: Float64Array): Pair => {
    const exact = analytic(part)
    const { values, bars } = slopesAlong(site, part)
    return { analytic: exact, slope: values[0]!, bar: jointBar(exact, values[0]!, bars[0]!, scale, subject.precision) }
  }
  const isWrong = (part: Float64Array): boolean => {
    const { analytic: exact, slope, bar } = pairAlong(part)
    return !closeEnough(exact, slope, bar, tolerance)
  }
  const isIt = suspected !== null && isWrong(unit(u.length, suspected))
  const input = isIt ? suspected : bisect(u, isWrong)
  if (input === null) return null
  const { analytic: exact, slope, bar } = pairAlong(unit(u.length, input))
  const [inputName, outputName] = [namesIn(subject.inputs)(input), namesIn(subject.outputs)(output)]
  return { input, element: elementOf(inputName, outputName, exact, slope, bar) }
}

/** The element that makes the tangent of `output` along u wrong. */
export const blameForward = (place: Place, u: Float64Array, output: number): Blamed | null =>
  blameInput(place, u, output, (along) => place.subject.forward(place.point, along)[output]!, null)

/** The element that makes `<J'v, u>` wrong: by the input that forward mode has wrong, if it is the same. */
export const blameReverse = (
  place: Place,
  u: Float64Array,
  v: Float64Array,
  suspected: number | null,
): Blamed | null => {
  const { subject, point, tolerance } = place
  const { values, bars } = slopesAlong(place, u)
  const output = bisect(v, (part) => {
    const { left, right, bar } = products(part, subject.reverse(point, part), u, values, {
      bars,
      precision: subject.precision,
    })
    return !closeEnough(left, right, bar, tolerance)
  })
  if (output === null) return null
  const row = subject.reverse(point, unit(v.length, output))
  return blameInput(place, u, output, (along) => dot(row, along), suspected)
}
