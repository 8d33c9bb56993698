import type { Comparison } from '../comparison/agreement.js'
import type { Place } from '../differences/slopes.js'
import { type Leaf, nameAt } from '../subject/coordinates.js'
import type { Mode, ModeNames } from '../subject/mode.js'
import { restrict } from '../subject/vectors.js'
import type { Diagnosis } from './diagnose.js'
import { givenRule } from './modes.js'

const isAbout =
  (mode: Mode, names: ModeNames) =>
  ({ left, right }: Comparison): boolean =>
    left === names[mode] && right === names.numeric

/** Why a derivative is right at the point given and wrong at one nearby. */
export const diagnoseElsewhere = (
  wrong: readonly Comparison[],
  names: ModeNames,
  before: Place,
  nearby: Place,
): Diagnosis[] =>
  wrongModes(wrong, names, before).flatMap((mode) => {
    const found = wrong.find(isAbout(mode, names))
    if (found === undefined) return []
    const { input, output, left, right } = found.worst!
    const { inputs } = nearby.subject
    const leaf = inputs.leaves.find(({ path }) => input.startsWith(path))
    const position = leaf === undefined ? -1 : positionsOf(leaf).find((j) => nameAt(inputs, j) === input)
    const where = position === undefined || position < 0 ? '' : `where ${input} is ${short(nearby.point[position]!)}, `
    const keeps = leaf !== undefined && isKept(mode, leaf, before, nearby)
    const why = keeps
      ? 'It is what it was at the point given: the rule keeps something of an earlier call'
      : 'The rule fits the point given, and is wrong elsewhere'
    const says =
      `${mode} mode, derivative by ${leaf?.path ?? 'the inputs'}: at the point given it agrees; at a point nearby it does not: ` +
      `${where}that of ${output} is ${short(left)} and differences show ${short(right)}. ${why}`
    return [{ cause: keeps ? 'stale' : 'only at the point given', mode, input: leaf?.path ?? input, says }]
  })

/** A mode that is made of the rule of another is not told of as well. */
const wrongModes = (wrong: readonly Comparison[], names: ModeNames, { subject }: Place): readonly Mode[] => {
  const modes = (['reverse', 'forward'] as const).filter((mode) => wrong.some(isAbout(mode, names)))
  const given = givenRule(subject)
  return given !== null && modes.includes(given) ? [given] : modes
}

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
