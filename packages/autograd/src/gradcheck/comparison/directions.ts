import type { Random } from '../../tensor/random.js'
import { slopesAlong } from '../differences/slopes.js'
import type { Doubt } from '../subject/doubt.js'
import { largest, signs } from '../subject/vectors.js'
import { closeEnough, jointBar, namesIn, Tally } from './agreement.js'
import { blameForward, blameReverse } from './blame.js'
import type { Check, Findings } from './check.js'
import { products } from './products.js'

/**
 * A Jacobian too large to look at in full, through products with random vectors of +1 and -1: one wrong element shows in
 * every product, and several that cancel each other do so in half of them at most (Freivalds 1977). What is wrong is
 * then traced to an element by halving the vectors.
 */
export const compareDirections = (check: Check, count: number, random: Random): Findings => {
  const { place, names, symmetric, modes } = check
  const [hasReverse, hasForward] = [modes.includes('reverse'), modes.includes('forward')]
  const { subject, point, center, tolerance } = place
  const { inputs, outputs } = subject
  const outputName = namesIn(outputs)
  const directionName = (d: number) => `random direction ${d + 1} of ${count}`
  const cotangentName = (e: number) => `random cotangent ${e + 1} of ${count}`

  const directions = Array.from({ length: count }, () => signs(inputs.size, random))
  const tangents = hasForward ? directions.map((u) => subject.forward(point, u)) : []
  const size = largest(center)
  const scales = Float64Array.from({ length: outputs.size }, (_, i) =>
    Math.max(largest(tangents.map((tangent) => tangent[i]!)) * Math.sqrt(inputs.size), size / 100),
  )
  const slopes = directions.map((u, d) =>
    slopesAlong(place, u, (i, slope, bar) => {
      if (!hasForward) return true
      const tangent = tangents[d]![i]!
      return closeEnough(tangent, slope, jointBar(tangent, slope, bar, scales[i]!), tolerance)
    }),
  )
  const doubts = slopes.flatMap((found, d) =>
    [...found.doubts].map(([i, doubt]): Doubt => ({ ...doubt, input: directionName(d), output: outputName(i) })),
  )
  const doubtful = new Set(slopes.flatMap((found) => [...found.doubts.keys()]))
  const cotangents = Array.from({ length: count }, () =>
    signs(outputs.size, random).map((sign, i) => (doubtful.has(i) ? 0 : sign)),
  )
  const pulled = hasReverse ? cotangents.map((v) => subject.reverse(point, v)) : []

  const forwardNumeric = new Tally(names.forward, names.numeric, tolerance)
  tangents.forEach((row, d) => {
    const { values, bars } = slopes[d]!
    row.forEach((tangent, i) => {
      if (doubtful.has(i)) return
      const bar = jointBar(tangent, values[i]!, bars[i]!, scales[i]!)
      forwardNumeric.add(d, i, tangent, values[i]!, bar)
    })
  })
  const reverseNumeric = new Tally(names.reverse, names.numeric, tolerance)
  const reverseForward = new Tally(names.reverse, names.forward, tolerance)
  pulled.forEach((back, e) => {
    directions.forEach((u, d) => {
      const v = cotangents[e]!
      const numeric = products(v, back, u, slopes[d]!.values, size, slopes[d]!.bars)
      reverseNumeric.add(d, e, numeric.left, numeric.right, numeric.bar)
      if (!hasForward) return
      const forward = products(v, back, u, tangents[d]!, size)
      reverseForward.add(d, e, forward.left, forward.right, forward.bar)
    })
  })
  const { wrong } = forwardNumeric
  if (wrong !== null) forwardNumeric.blame(blameForward(place, directions[wrong.input]!, wrong.output))
  const wrongProduct = reverseNumeric.wrong
  if (wrongProduct !== null) {
    const { input, output } = wrongProduct
    reverseNumeric.blame(blameReverse(place, directions[input]!, cotangents[output]!))
  }

  const comparisons = [
    ...(hasReverse ? [reverseNumeric.comparison(directionName, cotangentName)] : []),
    ...(hasForward ? [forwardNumeric.comparison(directionName, outputName, { outputs: outputs.size })] : []),
    ...(hasReverse && hasForward ? [reverseForward.comparison(directionName, cotangentName)] : []),
  ]
  if (symmetric && hasForward) {
    const mirrored = new Tally(names.forward, 'its transpose', tolerance)
    directions.forEach((a, d) => {
      for (let e = 0; e < d; e++) {
        const { left, right, bar } = products(a, tangents[d]!, directions[e]!, tangents[e]!, size)
        if (Number.isFinite(left) && Number.isFinite(right)) mirrored.add(d, e, left, right, bar)
      }
    })
    comparisons.push(mirrored.comparison(directionName, directionName))
  }
  const coverage = `${count} random directions for the ${inputs.size * outputs.size} elements of the Jacobian`
  return { coverage, comparisons, doubts }
}
