import type { Random } from '../../tensor/random.js'
import type { Diagnosis } from '../causes/diagnose.js'
import { diagnoseModes } from '../causes/modes.js'
import { closeEnough, type Element, jointBar } from '../comparison/agreement.js'
import type { Check } from '../comparison/check.js'
import { compareDirections } from '../comparison/directions.js'
import { compareElements } from '../comparison/elements.js'
import { type Place, slopesAlong } from '../differences/slopes.js'
import type { Settings } from '../options.js'
import { availableIn } from '../subject/available.js'
import { BrokenMode, guarded } from '../subject/broken.js'
import type { Leaf } from '../subject/coordinates.js'
import type { Mode, ModeNames } from '../subject/mode.js'
import type { Subject } from '../subject/subject.js'
import { dot, largest, masked, weights, within } from '../subject/vectors.js'

/** A rule of an op, or both of them. */
export type Rule = 'vjp' | 'jvp' | 'both'

/** What is wrong with a rule of an op. */
export interface Wrong {
  readonly rule: Rule
  readonly place: Place
  /** The modes that there are. */
  readonly modes: readonly Mode[]
  /** The paths of the inputs by which it is wrong. */
  readonly inputs: readonly string[]
  /** What a mode threw; null if none did. */
  readonly broken: string | null
}

/** An op is named beside others only if it is off by so many times what the bars allow. */
export const certain = 100
/** Up to so many elements the worst is looked for among all. */
const few = 400
const directions = 2
const names: ModeNames = { reverse: 'reverse', forward: 'forward', numeric: 'numeric' }

/**
 * What is wrong with the derivative of an op; null if nothing is.
 *
 * @param of the rule of the op that the subject itself is, if it is one
 */
export const examine = (
  unguarded: Subject,
  of: 'vjp' | 'jvp' | null,
  { tolerance, modes: wanted }: Pick<Settings, 'tolerance' | 'modes'>,
  random: Random,
): Wrong | null => {
  const { modes } = availableIn(unguarded, wanted)
  const subject = guarded(unguarded, of !== null)
  const { point, inputs } = subject
  try {
    const place: Place = { subject, point, center: subject.value(point), tolerance }
    const found = inputs.leaves
      .filter(({ size }) => size > 0)
      .flatMap((leaf) =>
        modes
          .filter((mode) => isWrongBy(place, leaf, mode, random) && isWrongBy(place, leaf, mode, random))
          .map((mode) => ({ mode, path: leaf.path })),
      )
    if (found.length === 0) return null
    const wrongModes = modes.filter((mode) => found.some((each) => each.mode === mode))
    const paths = [...new Set(found.map(({ path }) => path))]
    return { rule: of ?? ruleOf(wrongModes), place, modes, inputs: paths, broken: null }
  } catch (error) {
    if (!(error instanceof BrokenMode)) throw error
    const place: Place = { subject, point, center: new Float64Array(0), tolerance }
    return { rule: of ?? 'both', place, modes, inputs: inputs.leaves.map(({ path }) => path), broken: error.message }
  }
}

const ruleOf = (modes: readonly Mode[]): Rule => (modes.length > 1 ? 'both' : modes[0] === 'reverse' ? 'vjp' : 'jvp')

/** Elements that are all smaller than this are moved by as little as they are, too: what they do may not show from afar. */
const tiny = 1e-3

/** Whether `<v, J u>` is wrong for random v, and for random u that moves one tensor. */
const isWrongBy = (place: Place, { offset, size }: Leaf, mode: Mode, random: Random): boolean => {
  const { subject, point } = place
  const u = within(weights(subject.inputs.size, random), offset, offset + size)
  const reach = largest(point.subarray(offset, offset + size))
  const isWrong = (along: Float64Array) => isWrongAlong(place, along, reach, mode, random)
  return isWrong(u) || (reach > 0 && reach < tiny && isWrong(u.map((x) => x * reach)))
}

const isWrongAlong = (place: Place, u: Float64Array, reach: number, mode: Mode, random: Random): boolean => {
  const { subject, point, center, tolerance } = place
  const { values, bars, doubts } = slopesAlong(place, u)
  const v = weights(subject.outputs.size, random).map((weight, i) => (doubts.has(i) ? 0 : weight))
  const analytic = mode === 'reverse' ? dot(subject.reverse(point, v), u) : dot(v, masked(subject.forward(point, u), v))
  const known = masked(values, v)
  const sizes = v.map(Math.abs)
  // the rounding of values tells in slopes by how far one goes: farther where elements are large
  const scale = Math.max(dot(sizes, known.map(Math.abs)), largest(center) / Math.max(1, reach) / 100)
  const numeric = dot(v, known)
  const bar = jointBar(analytic, numeric, dot(sizes, masked(bars, v)), scale)
  return !closeEnough(analytic, numeric, bar, certain * tolerance)
}

/** What there is to say of a wrong rule. */
export interface Details {
  /** The element that is furthest off; null if none is found by itself. */
  readonly worst: Element | null
  readonly diagnoses: readonly Diagnosis[]
}

export const detailsOf = ({ place, modes }: Wrong, order: 1 | 2, random: Random): Details => {
  const { inputs, outputs } = place.subject
  const check: Check = { place, modes, names, symmetric: false, overlooked: 0 }
  const isSmall = inputs.size * outputs.size <= few
  const { comparisons } = isSmall ? compareElements(check, random) : compareDirections(check, directions, random)
  const worst = comparisons
    .filter(({ agrees, right }) => !agrees && right === names.numeric)
    .map(({ worst }) => worst!)
    .reduce<Element | null>((most, each) => (most !== null && most.error >= each.error ? most : each), null)
  return { worst, diagnoses: diagnoseModes(place, order, comparisons, names, random) }
}
