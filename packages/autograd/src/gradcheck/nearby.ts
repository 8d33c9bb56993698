import type { Random } from '../tensor/random.js'
import type { Comparison } from './agreement.js'
import { type Leaf, nameAt } from './coordinates.js'
import { type Diagnosis, diagnose } from './diagnose.js'
import { compareDirections } from './directions.js'
import type { Check, Mode, ModeNames } from './modes.js'
import type { Place } from './slopes.js'
import { restrict, weights } from './vectors.js'

// A rule may be right at one point only, and a rule that kept something of the first call is right where that was. So what
// agrees at the point given is looked at beside it as well. There nobody chose the point: it may lie beyond an edge or a kink,
// and differences may show nothing. Only what is certain counts.

/** How far elements move at least and in proportion: once within what is meant by a neighbour, once so that signs change. */
const reaches = [0.03, 0.3]
const directions = 2
/** A disagreement is certain if it is so many times what the bars allow. */
const certain = 1000

/** What was found at points nearby. */
export interface Nearby {
  /** At how many points. */
  readonly points: number
  readonly comparisons: readonly Comparison[]
  readonly diagnoses: readonly Diagnosis[]
}

/** What disagrees at points nearby, at the first of them where something does; `agrees`: at the point given all does. */
export const compareNearby = (check: Check, agrees: boolean, count: number, random: Random): Nearby => {
  const { place: given } = check
  for (let k = 0; k < count; k++) {
    const point = shiftedBy(given.point, reaches[k % reaches.length]!, random)
    const found = disagreements(check, agrees, point, random)
    if (found !== null) return { points: k + 1, ...found }
  }
  return { points: count, comparisons: [], diagnoses: [] }
}

const namesNearby: ModeNames = { reverse: 'reverse nearby', forward: 'forward nearby', numeric: 'numeric nearby' }

/** Every element moves by at least half of the reach, in proportion where it is large. */
const shiftedBy = (point: Float64Array, reach: number, random: Random): Float64Array => {
  const steps = weights(point.length, random)
  return point.map((x, j) => x + steps[j]! * reach * Math.max(1, Math.abs(x)))
}

/** What disagrees by far, along directions of two draws; null if nothing does. Where f or a rule throws, nothing is known. */
const disagreements = (
  check: Check,
  agrees: boolean,
  point: Float64Array,
  random: Random,
): Omit<Nearby, 'points'> | null => {
  const { place: given } = check
  try {
    const place: Place = { ...given, point, center: given.subject.value(point) }
    const draw = () =>
      compareDirections({ ...check, place, names: namesNearby }, directions, random).comparisons.filter(
        isCertain(given.tolerance),
      )
    const first = draw()
    if (first.length === 0) return null
    const second = draw()
    const comparisons = first.filter((a) => second.some((b) => a.left === b.left && a.right === b.right))
    if (comparisons.length === 0) return null
    // where nothing was seen at the point given, it is wrong for any reason
    const diagnoses = agrees ? diagnosesOf(comparisons, given, place) : anyDiagnoses(comparisons, place, random)
    return { comparisons, diagnoses }
  } catch {
    return null
  }
}

const isCertain =
  (tolerance: number) =>
  ({ agrees, worst }: Comparison): boolean =>
    !agrees && worst !== null && Number.isFinite(worst.error) && worst.error > certain * tolerance * worst.bar

const isAbout =
  (mode: Mode) =>
  ({ left, right }: Comparison): boolean =>
    left === namesNearby[mode] && right === namesNearby.numeric

const anyDiagnoses = (wrong: readonly Comparison[], nearby: Place, random: Random): Diagnosis[] =>
  (['reverse', 'forward'] as const)
    .filter((mode) => wrong.some(isAbout(mode)))
    .flatMap((mode) => diagnose(nearby, mode, random))

const diagnosesOf = (wrong: readonly Comparison[], before: Place, nearby: Place): Diagnosis[] =>
  (['reverse', 'forward'] as const).flatMap((mode) => {
    const found = wrong.find(isAbout(mode))
    if (found === undefined) return []
    const { input, output, left, right } = found.worst!
    const { inputs } = nearby.subject
    const leaf = inputs.leaves.find(({ path }) => input.startsWith(path))
    const position = leaf === undefined ? -1 : positionsOf(leaf).find((j) => nameAt(inputs, j) === input)
    const where = position === undefined || position < 0 ? '' : `where ${input} is ${short(nearby.point[position]!)}, `
    const keeps = leaf !== undefined && isKept(mode, leaf, before, nearby)
    const why = keeps
      ? 'It is what it was at the point given: the rule keeps something of an earlier call'
      : 'The rule is right at the point given, and wrong elsewhere'
    const says =
      `${mode} mode, derivative by ${leaf?.path ?? 'the inputs'}: at the point given it agrees; at a point nearby it does not: ` +
      `${where}that of ${output} is ${short(left)} and differences show ${short(right)}. ${why}`
    return [{ cause: keeps ? 'stale' : 'only at the point given', mode, input: leaf?.path ?? input, says }]
  })

/** Whether a derivative did not change with the point, though the point is none at which it might have been guessed. */
const isKept = (mode: Mode, leaf: Leaf, { subject, point }: Place, nearby: Place): boolean => {
  if (point.every(Number.isInteger)) return false
  const { inputs, outputs } = subject
  const probe = (size: number) => Float64Array.from({ length: size }, (_, i) => 1 + 1 / (i + 2))
  const derivative = (at: Float64Array): Float64Array => {
    if (mode === 'reverse') {
      return subject.reverse(at, probe(outputs.size)).subarray(leaf.offset, leaf.offset + leaf.size)
    }
    return subject.forward(at, restrict(probe(inputs.size), positionsOf(leaf)))
  }
  const there = derivative(nearby.point)
  return derivative(point).every((x, i) => Math.abs(x - there[i]!) <= 1e-12 * Math.abs(x))
}

const positionsOf = ({ offset, size }: Leaf): number[] => Array.from({ length: size }, (_, i) => offset + i)

const short = (x: number): string => String(Number(x.toPrecision(4)))
