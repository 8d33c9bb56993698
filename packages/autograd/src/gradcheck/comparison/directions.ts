import type { Random } from '../../tensor/random.js'
import { type Slopes, slopesAlong } from '../differences/slopes.js'
import type { Doubt } from '../subject/doubt.js'
import { largest, signs } from '../subject/vectors.js'
import { closeEnough, jointBar, namesIn, Tally } from './agreement.js'
import { blameForward, blameReverse } from './blame.js'
import type { Check, Findings } from './check.js'
import { type Product, products } from './products.js'
import { forgiven, wobbleOf } from './wobble.js'

/** What was seen along random directions. */
interface Seen {
  readonly directions: readonly Float64Array[]
  /** Direction by direction; none where there is no forward mode. */
  readonly tangents: readonly Float64Array[]
  readonly slopes: readonly Slopes[]
  /** The outputs without a derivative along one of them. */
  readonly doubtful: ReadonlySet<number>
  readonly cotangents: readonly Float64Array[]
  /** Cotangent by cotangent; none where there is no reverse mode. */
  readonly pulled: readonly Float64Array[]
  /** How far rounding may take an output's tangent, of which many terms are added up. */
  readonly rounding: (output: number) => number
}

/** How much of what was seen is round-off: of each output's tangent, and of a product by either mode. */
interface Wobble {
  readonly tangents: Float64Array | null
  readonly product: number
}

/**
 * A Jacobian too large to look at in full, through products with random vectors of +1 and -1: one wrong element shows in
 * every product, and several that cancel each other do so in half of them at most (Freivalds 1977). What is wrong is
 * then traced to an element by halving the vectors.
 */
export const compareDirections = (check: Check, count: number, random: Random): Findings => {
  const seen = lookAlong(check, count, random)
  const found = compare(check, seen, { tangents: null, product: 0 })
  if (found.every((tally) => tally.wrong === null)) return findings(check, seen, found)
  const closer = check.modes.includes('forward') ? seen : { ...seen, slopes: lookAgain(check, seen) }
  const again = compare(check, closer, wobbleIn(check, closer, found))
  return findings(check, closer, blamed(check, closer, again))
}

const lookAlong = ({ place, modes }: Check, count: number, random: Random): Seen => {
  const { subject, point, tolerance } = place
  const { inputs, outputs } = subject
  const hasForward = modes.includes('forward')
  const directions = Array.from({ length: count }, () => signs(inputs.size, random))
  const tangents = hasForward ? directions.map((u) => subject.forward(point, u)) : []
  const scales = Float64Array.from({ length: outputs.size }, (_, i) => largest(tangents.map((tangent) => tangent[i]!)))
  const rounding = (i: number) => 8 * scales[i]! * Math.sqrt(inputs.size)
  const slopes = directions.map((u, d) => {
    if (!hasForward) return slopesAlong(place, u)
    const agrees = (i: number, slope: number, bar: number) => {
      const tangent = tangents[d]![i]!
      return closeEnough(tangent, slope, jointBar(tangent, slope, bar, rounding(i)), tolerance)
    }
    return slopesAlong(place, u, { agrees, scale: (i) => scales[i]! })
  })
  const doubtful = new Set(slopes.flatMap(({ doubts }) => [...doubts.keys()]))
  // every output weighs the same, whatever its scale
  const weight = Float64Array.from({ length: outputs.size }, (_, i) => {
    const most = largest(slopes.map(({ values }) => values[i]!))
    return doubtful.has(i) ? 0 : most > 0 ? 1 / most : 1
  })
  const cotangents = Array.from({ length: count }, () =>
    signs(outputs.size, random).map((sign, i) => sign * weight[i]!),
  )
  const pulled = modes.includes('reverse') ? cotangents.map((v) => subject.reverse(point, v)) : []
  return { directions, tangents, slopes, doubtful, cotangents, pulled, rounding }
}

/** With nothing to expect, differences are believed as they come; before they say that something is wrong they are taken twice. */
const lookAgain = ({ place }: Check, { directions, slopes }: Seen): Slopes[] => {
  const scale = (i: number) => largest(slopes.map(({ values }) => values[i]!))
  return directions.map((u) => slopesAlong(place, u, { agrees: () => false, scale }))
}

/** By position: reverse and numeric, forward and numeric, reverse and forward; and a Hessian and its transpose. */
type Tallies = readonly Tally[]

const compare = (check: Check, seen: Seen, wobble: Wobble): Tallies => {
  const { place, names, symmetric, overlooked } = check
  const { tolerance } = place
  const { directions, tangents, slopes, doubtful, cotangents, pulled, rounding } = seen
  const forwardNumeric = new Tally(names.forward, names.numeric, tolerance)
  tangents.forEach((row, d) => {
    const { values, bars } = slopes[d]!
    row.forEach((tangent, i) => {
      if (doubtful.has(i)) return
      const bar = bars[i]! + overlooked + forgiven(wobble.tangents?.[i] ?? 0, rounding(i))
      forwardNumeric.add(d, i, tangent, values[i]!, jointBar(tangent, values[i]!, bar, rounding(i)))
    })
  })
  const reverseNumeric = new Tally(names.reverse, names.numeric, tolerance)
  const reverseForward = new Tally(names.reverse, names.forward, tolerance)
  const add = (tally: Tally, d: number, e: number, { left, right, bar, size }: Product, weight: number) => {
    if (Number.isFinite(right))
      tally.add(d, e, left, right, bar + overlooked * weight + forgiven(wobble.product, Math.max(size, weight)))
  }
  pulled.forEach((back, e) => {
    const v = cotangents[e]!
    const weight = largest(v)
    directions.forEach((u, d) => {
      add(reverseNumeric, d, e, products(v, back, u, slopes[d]!.values, slopes[d]!.bars), weight)
      if (tangents.length > 0) add(reverseForward, d, e, products(v, back, u, tangents[d]!), weight)
    })
  })
  const mirrored = new Tally(names.forward, 'its transpose', tolerance)
  if (symmetric) {
    tangents.forEach((tangent, d) => {
      for (let e = 0; e < d; e++) {
        const product = products(directions[d]!, tangent, directions[e]!, tangents[e]!)
        if (Number.isFinite(product.left)) add(mirrored, d, e, product, 1)
      }
    })
  }
  return [reverseNumeric, forwardNumeric, reverseForward, mirrored]
}

/** The noise in the derivatives that disagree most. */
const wobbleIn = (
  { place }: Check,
  seen: Seen,
  [reverseNumeric, forwardNumeric, reverseForward, mirrored]: Tallies,
): Wobble => {
  const { subject, point } = place
  const { directions, cotangents, tangents } = seen
  const forward = forwardNumeric!.wrong
  const product = reverseNumeric!.wrong ?? reverseForward!.wrong ?? mirrored!.wrong
  const ofProduct = (at: Float64Array): Float64Array => {
    const [u, v] = [directions[product!.input]!, cotangents[product!.output] ?? directions[product!.output]!]
    const along = tangents.length > 0 ? subject.forward(at, u) : null
    const { left, right } = products(v, subject.reverse(at, v), u, along ?? v.map(() => 0))
    return Float64Array.of(left, right)
  }
  return {
    tangents: forward && wobbleOf((at) => subject.forward(at, directions[forward.input]!), point),
    product: product === null ? 0 : Math.max(...wobbleOf(ofProduct, point)),
  }
}

/** What is wrong along a direction is traced to an element. */
const blamed = ({ place }: Check, { directions, cotangents }: Seen, tallies: Tallies): Tallies => {
  const [reverseNumeric, forwardNumeric] = tallies as [Tally, Tally, ...Tally[]]
  const { wrong } = forwardNumeric
  if (wrong !== null) forwardNumeric.blame(blameForward(place, directions[wrong.input]!, wrong.output))
  const product = reverseNumeric.wrong
  if (product !== null) {
    reverseNumeric.blame(blameReverse(place, directions[product.input]!, cotangents[product.output]!))
  }
  return tallies
}

const findings = (check: Check, { directions, slopes }: Seen, tallies: Tallies): Findings => {
  const { place, symmetric, modes } = check
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
  const comparisons = [
    ...(hasReverse ? [reverseNumeric.comparison(directionName, cotangentName)] : []),
    ...(hasForward ? [forwardNumeric.comparison(directionName, outputName, { outputs: outputs.size })] : []),
    ...(hasReverse && hasForward ? [reverseForward.comparison(directionName, cotangentName)] : []),
    ...(symmetric && hasForward ? [mirrored.comparison(directionName, directionName)] : []),
  ]
  const coverage = `${count} random directions for the ${inputs.size * outputs.size} elements of the Jacobian`
  return { coverage, comparisons, doubts }
}
