import type { Random } from '../../tensor/random.js'
import { type Place, type Slopes, slopesAlong } from '../differences/slopes.js'
import type { Doubt } from '../subject/doubt.js'
import { largest, signs } from '../subject/vectors.js'
import { closeEnough, jointBar, namesIn, Tally } from './agreement.js'
import { blameForward, blameReverse } from './blame.js'
import type { Check, Findings } from './check.js'
import { type Product, products } from './products.js'
import {
  forgiven,
  forgivenMost,
  isLost,
  isMostlyRounding,
  losing,
  roundingAt,
  scaleAmong,
  type Wobble,
  wobbleOf,
} from './wobble.js'

/** What modes and differences give along random directions. */
interface Along {
  readonly directions: readonly Float64Array[]
  /** Direction by direction; none where there is no forward mode. */
  readonly tangents: readonly Float64Array[]
  readonly slopes: readonly Slopes[]
  /** The largest tangent of an output, and how far rounding may take it, many terms being added up. */
  readonly scale: (output: number) => number
  readonly rounding: (output: number) => number
}

/** The same, and what comes back of random cotangents. */
interface Seen extends Along {
  /** The outputs without a derivative along one of the directions. */
  readonly doubtful: ReadonlySet<number>
  /** Those whose tangents are mostly round-off, however small. */
  readonly lost: ReadonlySet<number>
  readonly cotangents: readonly Float64Array[]
  /** Cotangent by cotangent; none where there is no reverse mode. */
  readonly pulled: readonly Float64Array[]
}

/** How much of what was seen is round-off: of each output's tangent, and of a product by both modes. */
interface RoundOff {
  readonly tangents: Wobble | null
  readonly product: Wobble | null
}

/**
 * A Jacobian too large to look at in full, through products with random vectors of +1 and -1: one wrong element shows in
 * every product, and several that cancel each other do so in half of them at most (Freivalds 1977). What is wrong is
 * then traced to an element by halving the vectors.
 */
export const compareDirections = (check: Check, count: number, random: Random): Findings => {
  const along = lookAlong(check, count, random)
  const cotangents = Array.from({ length: count }, () => signs(check.place.subject.outputs.size, random))
  const seen = lookBack(check, along, cotangents, null)
  const found = compare(check, seen, { tangents: null, product: null })
  const isHidden = along.slopes.some(({ doubts }) => [...doubts.values()].some(({ kind }) => kind === 'imprecise'))
  if (!isHidden && found.every((tally) => tally.wrong === null)) return findings(check, seen, found, null)
  const roundOff = roundOffIn(check, seen, found)
  const again = lookAgain(check, along, roundOff)
  const closer = lookBack(check, again, cotangents, roundOff.tangents)
  return findings(check, closer, blamed(check, closer, compare(check, closer, roundOff)), roundOff.tangents)
}

const lookAlong = ({ place, modes }: Check, count: number, random: Random): Along => {
  const { subject, point } = place
  const { inputs, outputs } = subject
  const hasForward = modes.includes('forward')
  const directions = Array.from({ length: count }, () => signs(inputs.size, random))
  const tangents = hasForward ? directions.map((u) => subject.forward(point, u)) : []
  const scales = Float64Array.from({ length: outputs.size }, (_, i) => largest(tangents.map((tangent) => tangent[i]!)))
  const scale = (i: number) => scales[i]!
  const rounding = (i: number) => 8 * scales[i]! * Math.sqrt(inputs.size)
  const slopes = directions.map((u, d) =>
    hasForward ? slopesBeside(place, u, tangents[d]!, { scale, rounding }, null) : slopesAlong(place, u),
  )
  return { directions, tangents, slopes, scale, rounding }
}

/** What differences show along u, beside what forward mode gives. */
const slopesBeside = (
  place: Place,
  u: Float64Array,
  tangent: Float64Array,
  { scale, rounding }: Pick<Along, 'scale' | 'rounding'>,
  wobble: Wobble | null,
): Slopes => {
  const agrees = (i: number, slope: number, bar: number): boolean => {
    const joint = jointBar(tangent[i]!, slope, bar + roundingAt(wobble, i), rounding(i), place.subject.precision)
    return closeEnough(tangent[i]!, slope, joint, place.tolerance)
  }
  return slopesAlong(place, u, { agrees, scale: (i) => scaleAmong(wobble, i, scale(i), place.tolerance) })
}

/**
 * Before differences say that something is wrong they are taken again where they might have been misled: with nothing to expect
 * they were believed as they came, and what is expected is known no better than its round-off.
 */
const lookAgain = ({ place }: Check, along: Along, { tangents: wobble }: RoundOff): Along => {
  const { directions, tangents, slopes, rounding } = along
  if (tangents.length === 0) {
    const scale = (i: number) => largest(slopes.map(({ values }) => values[i]!))
    return { ...along, slopes: directions.map((u) => slopesAlong(place, u, { agrees: () => false, scale })) }
  }
  const matters = (tangent: Float64Array) =>
    tangent.some((x, i) => roundingAt(wobble, i) > jointBar(x, x, 0, rounding(i), place.subject.precision))
  if (!tangents.some(matters)) return along
  return { ...along, slopes: directions.map((u, d) => slopesBeside(place, u, tangents[d]!, along, wobble)) }
}

/** Every output weighs the same, whatever its scale, unless that is round-off. */
const lookBack = (
  { place, modes }: Check,
  along: Along,
  draws: readonly Float64Array[],
  wobble: Wobble | null,
): Seen => {
  const { subject, point, tolerance } = place
  const { slopes, scale } = along
  const outputs = wobble === null ? [] : Array.from(wobble.rounding.keys())
  const lost = new Set(outputs.filter((i) => isMostlyRounding(wobble, i, scale(i), tolerance)))
  const doubtful = new Set(slopes.flatMap(({ doubts }) => [...doubts.keys()]))
  const weight = Float64Array.from({ length: subject.outputs.size }, (_, i) => {
    const most = largest(slopes.map(({ values, bars }) => Math.max(Math.abs(values[i]!), tolerance * bars[i]!)))
    return doubtful.has(i) || lost.has(i) ? 0 : most > 0 ? 1 / most : 1
  })
  const cotangents = draws.map((draw) => draw.map((sign, i) => sign * weight[i]!))
  const pulled = modes.includes('reverse') ? cotangents.map((v) => subject.reverse(point, v)) : []
  return { ...along, doubtful, lost, cotangents, pulled }
}

/** By position: reverse and numeric, forward and numeric, reverse and forward; and a Hessian and its transpose. */
type Tallies = readonly Tally[]

const compare = (check: Check, seen: Seen, roundOff: RoundOff): Tallies => {
  const { place, names, symmetric, overlooked } = check
  const {
    tolerance,
    subject: { precision },
  } = place
  const { directions, tangents, slopes, doubtful, cotangents, pulled, rounding } = seen
  const forwardNumeric = new Tally(names.forward, names.numeric, tolerance)
  tangents.forEach((row, d) => {
    const { values, bars } = slopes[d]!
    row.forEach((tangent, i) => {
      if (doubtful.has(i)) return
      const bar = bars[i]! + overlooked + forgiven(roundOff.tangents, i, rounding(i))
      forwardNumeric.add(d, i, tangent, values[i]!, jointBar(tangent, values[i]!, bar, rounding(i), precision))
    })
  })
  const reverseNumeric = new Tally(names.reverse, names.numeric, tolerance)
  const reverseForward = new Tally(names.reverse, names.forward, tolerance)
  const rounded = roundOff.tangents?.rounding
  const add = (tally: Tally, d: number, e: number, { left, right, bar, size }: Product, weight: number) => {
    if (Number.isFinite(right))
      tally.add(d, e, left, right, bar + overlooked * weight + forgivenMost(roundOff.product, Math.max(size, weight)))
  }
  pulled.forEach((back, e) => {
    const v = cotangents[e]!
    const weight = largest(v)
    directions.forEach((u, d) => {
      const { values, bars } = slopes[d]!
      const uncertain = rounded === undefined ? bars : bars.map((bar, i) => bar + rounded[i]!)
      add(reverseNumeric, d, e, products(v, back, u, values, { bars: uncertain, precision }), weight)
      if (tangents.length > 0) {
        add(reverseForward, d, e, products(v, back, u, tangents[d]!, { bars: rounded, precision }), weight)
      }
    })
  })
  const mirrored = new Tally(names.forward, 'its transpose', tolerance)
  if (symmetric) {
    tangents.forEach((tangent, d) => {
      for (let e = 0; e < d; e++) {
        const product = products(directions[d]!, tangent, directions[e]!, tangents[e]!, { precision })
        if (Number.isFinite(product.left)) add(mirrored, d, e, product, 1)
      }
    })
  }
  return [reverseNumeric, forwardNumeric, reverseForward, mirrored]
}

/** The round-off in the derivatives that disagree most. */
const roundOffIn = (
  { place }: Check,
  { directions, cotangents, tangents }: Seen,
  [reverseNumeric, forwardNumeric, reverseForward, mirrored]: Tallies,
): RoundOff => {
  const { subject, point } = place
  const forward = forwardNumeric!.wrong
  const along = directions[forward?.input ?? 0]!
  const product = reverseNumeric!.wrong ?? reverseForward!.wrong ?? mirrored!.wrong
  const ofProduct = (at: Float64Array): Float64Array => {
    const [u, v] = [directions[product!.input]!, cotangents[product!.output] ?? directions[product!.output]!]
    const pushed = tangents.length > 0 ? subject.forward(at, u) : v.map(() => 0)
    const { left, right } = products(v, subject.reverse(at, v), u, pushed, { precision: subject.precision })
    return Float64Array.of(left, right)
  }
  const pushed = (at: Float64Array) => subject.forward(at, along)
  return {
    tangents: tangents.length === 0 ? null : wobbleOf(subject, pushed, point, forward !== null),
    product: product === null ? null : wobbleOf(subject, ofProduct, point, true),
  }
}

/** What is wrong along a direction is traced to an element. */
const blamed = ({ place }: Check, { directions, cotangents }: Seen, tallies: Tallies): Tallies => {
  const [reverseNumeric, forwardNumeric] = tallies as [Tally, Tally, ...Tally[]]
  const { wrong } = forwardNumeric
  const found = wrong === null ? null : blameForward(place, directions[wrong.input]!, wrong.output)
  if (wrong !== null) forwardNumeric.blame(found?.element ?? null)
  const product = reverseNumeric.wrong
  if (product !== null) {
    const [u, v] = [directions[product.input]!, cotangents[product.output]!]
    reverseNumeric.blame(blameReverse(place, u, v, found?.input ?? null)?.element ?? null)
  }
  return tallies
}

const findings = (check: Check, seen: Seen, tallies: Tallies, wobble: Wobble | null): Findings => {
  const { place, symmetric, modes, names } = check
  const { directions, slopes, doubtful, lost, scale } = seen
  const { inputs, outputs } = place.subject
  const [reverseNumeric, forwardNumeric, reverseForward, mirrored] = tallies as [Tally, Tally, Tally, Tally]
  const outputName = namesIn(outputs)
  const count = directions.length
  const directionName = (d: number) => `random direction ${d + 1} of ${count}`
  const cotangentName = (e: number) => `random cotangent ${e + 1} of ${count}`
  const [hasReverse, hasForward] = [modes.includes('reverse'), modes.includes('forward')]
  const doubts = slopes.flatMap((found, d) =>
    [...found.doubts].map(([i, doubt]): Doubt => ({ ...doubt, input: directionName(d), output: outputName(i) })),
  )
  for (const i of lost) {
    if (doubtful.has(i) || !isLost(wobble, i, scale(i), place.tolerance)) continue
    const says = losing(names.forward, scale(i), roundingAt(wobble, i))
    doubts.push({ kind: 'imprecise', input: 'any direction', output: outputName(i), says })
  }
  const comparisons = [
    ...(hasReverse ? [reverseNumeric.comparison(directionName, cotangentName)] : []),
    ...(hasForward ? [forwardNumeric.comparison(directionName, outputName, { outputs: outputs.size })] : []),
    ...(hasReverse && hasForward ? [reverseForward.comparison(directionName, cotangentName)] : []),
    ...(symmetric && hasForward ? [mirrored.comparison(directionName, directionName)] : []),
  ]
  const coverage = `${count} random directions for the ${inputs.size * outputs.size} elements of the Jacobian`
  return { coverage, comparisons, doubts }
}
