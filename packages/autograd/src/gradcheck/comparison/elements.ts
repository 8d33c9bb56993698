import type { Random } from '../../tensor/random.js'
import { slopesAlong } from '../differences/slopes.js'
import type { Doubt } from '../subject/doubt.js'
import { largest, signs, unit } from '../subject/vectors.js'
import { type Comparison, closeEnough, jointBar, namesIn, Tally } from './agreement.js'
import type { Check, Findings } from './check.js'
import { products } from './products.js'

/** Every element of the Jacobian, by differences and by all modes that there are. */
export const compareElements = (check: Check, random: Random): Findings => {
  const { place, names, symmetric, modes } = check
  const [hasReverse, hasForward] = [modes.includes('reverse'), modes.includes('forward')]
  const { subject, point, center, tolerance } = place
  const { inputs, outputs } = subject
  const inputName = namesIn(inputs)
  const outputName = namesIn(outputs)
  // lengths other than 1, so that a rule that ignores what it is given does not pass
  const length = () => (random.number() < 0.5 ? -1 : 1) * (random.number() < 0.5 ? 2 : 4)
  const nothing = (size: number) => new Float64Array(size).fill(Number.NaN)
  const rows = Array.from({ length: outputs.size }, (_, i) => {
    if (!hasReverse) return nothing(inputs.size)
    const scale = length()
    return subject.reverse(point, unit(outputs.size, i, scale)).map((cotangent) => cotangent / scale)
  })
  const columns = Array.from({ length: inputs.size }, (_, j) => {
    if (!hasForward) return nothing(outputs.size)
    const scale = length()
    return subject.forward(point, unit(inputs.size, j, scale)).map((tangent) => tangent / scale)
  })
  const rowScales = rows.map((row, i) => largest([...row, ...columns.map((column) => column[i]!)]))
  const columnScales = columns.map((column, j) => largest([...column, ...rows.map((row) => row[j]!)]))
  const least = Math.max(largest(rowScales), largest(center)) / 100
  const joint = (i: number, j: number, left: number, right: number, bar = 0) =>
    jointBar(left, right, bar, Math.max(rowScales[i]!, columnScales[j]!, least))

  const reverseNumeric = new Tally(names.reverse, names.numeric, tolerance)
  const forwardNumeric = new Tally(names.forward, names.numeric, tolerance)
  const reverseForward = new Tally(names.reverse, names.forward, tolerance)
  const doubts: Doubt[] = []
  columns.forEach((column, j) => {
    const agrees = (i: number, slope: number, bar: number) =>
      [...(hasForward ? [column[i]!] : []), ...(hasReverse ? [rows[i]![j]!] : [])].every((analytic) =>
        closeEnough(analytic, slope, joint(i, j, analytic, slope, bar), tolerance),
      )
    const slopes = slopesAlong(place, unit(inputs.size, j), agrees)
    slopes.values.forEach((slope, i) => {
      if (!Number.isFinite(center[i])) return
      const reverse = rows[i]![j]!
      const forward = column[i]!
      const doubt = slopes.doubts.get(i)
      // what differences cannot see for round-off, the modes cannot agree on any better
      const bar = doubt?.kind === 'imprecise' ? slopes.bars[i]! : 0
      if (hasReverse && hasForward) reverseForward.add(j, i, reverse, forward, joint(i, j, reverse, forward, bar))
      if (doubt !== undefined) doubts.push({ ...doubt, input: inputName(j), output: outputName(i) })
      if (doubt?.kind === 'edge') return
      for (const [isThere, tally, analytic] of [
        [hasReverse, reverseNumeric, reverse],
        [hasForward, forwardNumeric, forward],
      ] as const) {
        if (!isThere) continue
        // where there is no derivative any convention will do, but NaN is none
        if (doubt !== undefined && !Number.isNaN(analytic)) continue
        tally.add(j, i, analytic, slope, joint(i, j, analytic, slope, slopes.bars[i]!))
      }
    })
  })
  center.forEach((value, i) => {
    if (Number.isFinite(value)) return
    const says = `the value is ${value}, and differences of it mean nothing`
    doubts.push({ kind: 'not finite', input: 'any input', output: outputName(i), says })
  })

  const sizes = { inputs: inputs.size, outputs: outputs.size }
  const tallies = [
    ...(hasReverse ? [reverseNumeric] : []),
    ...(hasForward ? [forwardNumeric] : []),
    ...(hasReverse && hasForward ? [reverseForward] : []),
  ]
  const comparisons = tallies.map((tally) => tally.comparison(inputName, outputName, sizes))
  const isPrecise = doubts.every(({ kind }) => kind !== 'imprecise')
  if (isPrecise && hasReverse && hasForward) comparisons.push(compareProducts(check, random))
  if (symmetric && isPrecise) {
    const mirrored = new Tally(hasForward ? names.forward : names.reverse, 'its transpose', tolerance)
    const lines = hasForward ? columns : rows
    lines.forEach((line, j) => {
      for (let i = 0; i < j; i++) {
        const [above, below] = [line[i]!, lines[i]![j]!]
        if (Number.isFinite(center[i]) && Number.isFinite(center[j])) {
          mirrored.add(j, i, above, below, joint(i, j, above, below))
        }
      }
    })
    comparisons.push(mirrored.comparison(inputName, outputName, sizes))
  }
  const count = inputs.size * outputs.size
  return { coverage: `all ${count} element${count === 1 ? '' : 's'} of the Jacobian`, comparisons, doubts }
}

/** `<J'v, u>` = `<v, J u>` for random u and v: holds without differences, and only if both modes are linear. */
const compareProducts = ({ place }: Check, random: Random): Comparison => {
  const { subject, point, center, tolerance } = place
  const u = signs(subject.inputs.size, random)
  const v = signs(subject.outputs.size, random)
  const tally = new Tally("<J'v, u>", '<v, J u>', tolerance)
  const { left, right, bar } = products(v, subject.reverse(point, v), u, subject.forward(point, u), largest(center))
  if (Number.isFinite(left) && Number.isFinite(right)) tally.add(0, 0, left, right, bar)
  return tally.comparison(
    () => 'random u',
    () => 'random v',
  )
}
