import type { Random } from '../../tensor/random.js'
import { type Place, slopesAlong } from '../differences/slopes.js'
import type { Coordinates, Leaf } from '../subject/coordinates.js'
import type { Mode } from '../subject/mode.js'
import type { Subject } from '../subject/subject.js'
import { dot, masked, restrict, weights } from '../subject/vectors.js'

/** Why a derivative is wrong: it explains the numbers at two points. */
export interface Diagnosis {
  /** The mistake, in a word or two. */
  readonly cause: string
  /** The mode whose derivative is wrong. */
  readonly mode: Mode
  /** The path of the input whose derivative is wrong. */
  readonly input: string
  /** What is wrong and what would explain it, in a sentence. */
  readonly says: string
}

/** One derivative `<v, J u>`, u moving one tensor only, as the mode in question gives it and as differences show it. */
interface Trial {
  readonly subject: Subject
  readonly mode: Mode
  readonly leaf: Leaf
  readonly point: Float64Array
  readonly u: Float64Array
  readonly v: Float64Array
  readonly analytic: number
  readonly numeric: number
  /** What the mode gives at another point, along another direction or for another cotangent. */
  readonly analyticAt: (change: { point?: Float64Array; u?: Float64Array; v?: Float64Array }) => number
  /** What differences show along another direction. */
  readonly numericAlong: (u: Float64Array) => number
}

/** A guess at the cause; it is believed if it explains two trials at different points by the same words. */
interface Hypothesis {
  readonly cause: string
  /** What is wrong in words, or null if that is not it. */
  readonly explains: (trial: Trial) => string | null
}

const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(Math.abs(a), Math.abs(b))

const ignoredCotangent: Hypothesis = {
  cause: 'cotangent ignored',
  explains: ({ mode, analytic, u, v, analyticAt }) => {
    const times = (vector: Float64Array) => vector.map((x) => -3 * x)
    const scaled = analyticAt(mode === 'reverse' ? { v: times(v) } : { u: times(u) })
    if (analytic === 0 || !close(scaled, analytic)) return null
    return mode === 'reverse'
      ? 'it does not depend on the cotangent of the result: multiply by that'
      : 'it does not depend on the tangent of the input: multiply by that'
  },
}

const zero: Hypothesis = {
  cause: 'no gradient',
  explains: ({ analytic }) =>
    analytic === 0
      ? 'no derivative comes through: a rule is missing or returns null, or stopGradient or detach is on the way'
      : null,
}

const signFlip: Hypothesis = {
  cause: 'sign flip',
  explains: ({ analytic, numeric }) => (close(analytic, -numeric) ? 'the sign is wrong' : null),
}

const constantFactor: Hypothesis = {
  cause: 'constant factor',
  explains: ({ analytic, numeric, leaf, subject }) => {
    const factor = Number((analytic / numeric).toPrecision(6))
    if (!Number.isFinite(factor) || factor === 0) return null
    return `it is ${factor} times what it should be${countHint(factor, leaf, subject.outputs)}`
  },
}

/** What a factor of n or 1/n may come from. */
const countHint = (factor: number, leaf: Leaf, outputs: Coordinates): string => {
  const counts: (readonly [number, string])[] = [
    [leaf.size, `the number of elements of ${leaf.path}`],
    ...leaf.shape.map((dim, axis) => [dim, `the size of its axis ${axis}`] as const),
    ...outputs.leaves.map(({ path, size }) => [size, `the number of elements of ${path}`] as const),
    [outputs.size, 'the number of elements of the result'],
  ]
  for (const [count, name] of counts) {
    if (count < 2) continue
    if (close(factor, count)) return `: ${count} is ${name}; a sum where a mean belongs?`
    if (close(factor, 1 / count)) return `: ${count} is ${name}; a mean where a sum belongs?`
  }
  if (close(factor, 2)) return ': is it added twice?'
  return close(factor, 0.5) ? ': is one of two equal terms missing?' : ''
}

/** The vector with the last two axes of one tensor swapped; null if they are not of one size. */
const swapped = (vector: Float64Array, { shape, offset, size }: Leaf): Float64Array | null => {
  const [rows, columns] = shape.slice(-2)
  if (shape.length < 2 || rows !== columns || rows! < 2) return null
  const out = vector.slice()
  for (let matrix = 0; matrix < size; matrix += rows! * rows!) {
    for (let i = 0; i < rows!; i++) {
      for (let j = 0; j < rows!; j++) {
        out[offset + matrix + i * rows! + j] = vector[offset + matrix + j * rows! + i]!
      }
    }
  }
  return out
}

const transposed: Hypothesis = {
  cause: 'transpose',
  explains: ({ analytic, u, leaf, numericAlong, subject, point, analyticAt, numeric }) => {
    const mirrored = swapped(u, leaf)
    if (mirrored !== null && close(analytic, numericAlong(mirrored))) return 'it is the transpose of what it should be'
    for (const other of subject.inputs.leaves) {
      const elsewhere = other === leaf ? null : swapped(point, other)
      if (elsewhere !== null && close(analyticAt({ point: elsewhere }), numeric)) {
        return `it uses ${other.path} where its transpose belongs, or the other way round`
      }
    }
    return null
  },
}

const hypotheses: readonly Hypothesis[] = [ignoredCotangent, zero, signFlip, transposed, constantFactor]

/** The causes that explain what a mode gets wrong, one for each input whose derivative is wrong. */
export const diagnose = (place: Place, mode: Mode, random: Random): Diagnosis[] => {
  const { subject, point } = place
  const nearby = point.map((x) => x * (1 + 0.02 * random.number()))
  return subject.inputs.leaves.flatMap((leaf) => {
    if (leaf.size === 0) return []
    const trials = [place, { ...place, point: nearby, center: subject.value(nearby) }].map((at) =>
      tryOut(at, mode, leaf, random),
    )
    if (trials.every((trial) => trial === null || close(trial.analytic, trial.numeric))) return []
    for (const { cause, explains } of hypotheses) {
      const [first, second] = trials.map((trial) => (trial === null ? null : explains(trial)))
      if (first !== null && first !== undefined && first === second) {
        const says = `${mode} mode, derivative by ${leaf.path}: ${first} (confirmed at a second point)`
        return [{ cause, mode, input: leaf.path, says }]
      }
    }
    return []
  })
}

/** A trial with random u and v; null if differences show nothing there. */
const tryOut = (place: Place, mode: Mode, leaf: Leaf, random: Random): Trial | null => {
  const { subject, point } = place
  const { inputs, outputs } = subject
  const positions = Array.from({ length: leaf.size }, (_, i) => leaf.offset + i)
  const u = restrict(weights(inputs.size, random), positions)
  const slopes = slopesAlong(place, u)
  const v = weights(outputs.size, random).map((weight, i) => (slopes.doubts.has(i) ? 0 : weight))
  if (slopes.doubts.size === outputs.size) return null
  const numericOf = (values: Float64Array) => dot(v, masked(values, v))
  const analyticAt: Trial['analyticAt'] = (change) => {
    const at = { point, u, v, ...change }
    return mode === 'reverse'
      ? dot(subject.reverse(at.point, at.v), at.u)
      : dot(at.v, masked(subject.forward(at.point, at.u), v))
  }
  return {
    subject,
    mode,
    leaf,
    point,
    u,
    v,
    analytic: analyticAt({}),
    numeric: numericOf(slopes.values),
    analyticAt,
    numericAlong: (along) => numericOf(slopesAlong(place, along).values),
  }
}
