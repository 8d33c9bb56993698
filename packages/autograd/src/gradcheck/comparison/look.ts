import type { Random } from '../../tensor/random.js'
import { type Slopes, slopesAlong } from '../differences/slopes.js'
import { largest, unit } from '../subject/vectors.js'
import { closeEnough, jointBar } from './agreement.js'
import type { Check } from './check.js'
import { mayWobble, wobbleOf } from './wobble.js'

/** Every element of the Jacobian as a mode gives it, output by output, and how much of that is round-off if it was looked at. */
export interface Matrix {
  readonly values: Float64Array
  readonly wobble: Float64Array | null
}

/** All that was seen at a place. */
export interface Seen {
  readonly reverse: Matrix | null
  readonly forward: Matrix | null
  /** Input by input. */
  readonly slopes: readonly Slopes[]
  readonly scale: (i: number, j: number) => number
}

export const lookAt = (check: Check, random: Random): Seen => {
  const { place, modes } = check
  const { subject, point, tolerance } = place
  const { inputs, outputs } = subject
  // lengths other than 1, so that a rule that ignores what it is given does not pass
  const length = () => (random.number() < 0.5 ? -1 : 1) * (random.number() < 0.5 ? 2 : 4)
  const reverse = modes.includes('reverse')
    ? byReverse(check, point, Array.from({ length: outputs.size }, length))
    : null
  const forward = modes.includes('forward')
    ? byForward(check, point, Array.from({ length: inputs.size }, length))
    : null
  const matrices = [reverse, forward].filter((values) => values !== null)
  const rowScales = Float64Array.from({ length: outputs.size }, (_, i) =>
    largest(matrices.flatMap((values) => [...values.subarray(i * inputs.size, (i + 1) * inputs.size)])),
  )
  const columnScales = new Float64Array(inputs.size)
  for (const values of matrices) {
    values.forEach((x, k) => {
      const j = k % inputs.size
      if (Number.isFinite(x)) columnScales[j] = Math.max(columnScales[j]!, Math.abs(x))
    })
  }
  const scale = (i: number, j: number) => Math.max(rowScales[i]!, columnScales[j]!)
  const slopes = Array.from({ length: inputs.size }, (_, j) =>
    slopesAlong(place, unit(inputs.size, j), {
      agrees: (i, slope, bar) =>
        matrices.every((values) => {
          const analytic = values[i * inputs.size + j]!
          return closeEnough(analytic, slope, jointBar(analytic, slope, bar, scale(i, j)), tolerance)
        }),
      scale: (i) => rowScales[i]!,
    }),
  )
  const matrix = (values: Float64Array | null): Matrix | null => (values === null ? null : { values, wobble: null })
  return { reverse: matrix(reverse), forward: matrix(forward), slopes, scale }
}

const byReverse = ({ place: { subject } }: Check, at: Float64Array, lengths: readonly number[]): Float64Array => {
  const { inputs, outputs } = subject
  const values = new Float64Array(inputs.size * outputs.size)
  lengths.forEach((length, i) => {
    values.set(
      subject.reverse(at, unit(outputs.size, i, length)).map((x) => x / length),
      i * inputs.size,
    )
  })
  return values
}

const byForward = ({ place: { subject } }: Check, at: Float64Array, lengths: readonly number[]): Float64Array => {
  const { inputs, outputs } = subject
  const values = new Float64Array(inputs.size * outputs.size)
  lengths.forEach((length, j) => {
    subject.forward(at, unit(inputs.size, j, length)).forEach((x, i) => {
      values[i * inputs.size + j] = x / length
    })
  })
  return values
}

/** Whether something disagrees by so little that it may be the round-off of a derivative. */
export const isWobbling = ({ place, symmetric }: Check, { reverse, forward, slopes, scale }: Seen): boolean => {
  const { inputs } = place.subject
  const differs = (a: number, b: number, bar: number, size: number) =>
    !closeEnough(a, b, jointBar(a, b, bar, size), place.tolerance) && mayWobble(Math.abs(a - b), size)
  return slopes.some(({ values, bars, doubts }, j) =>
    values.some((slope, i) => {
      const k = i * inputs.size + j
      const size = scale(i, j)
      const analytic = [reverse, forward].flatMap((each) => (each === null ? [] : [each.values[k]!]))
      const mirrored = symmetric && forward !== null ? [forward.values[j * inputs.size + i]!] : []
      return (
        analytic.some((x) => !doubts.has(i) && differs(x, slope, bars[i]!, size)) ||
        [...analytic, ...mirrored].some((x) => differs(x, analytic[0]!, 0, size))
      )
    }),
  )
}

export const lookCloser = (check: Check, seen: Seen): Seen => {
  const { point, subject } = check.place
  const { inputs, outputs } = subject
  const ones = (count: number) => Array.from({ length: count }, () => 1)
  const closer = (matrix: Matrix | null, by: typeof byReverse, count: number): Matrix | null =>
    matrix && { ...matrix, wobble: wobbleOf((at) => by(check, at, ones(count)), point) }
  return {
    ...seen,
    reverse: closer(seen.reverse, byReverse, outputs.size),
    forward: closer(seen.forward, byForward, inputs.size),
  }
}
