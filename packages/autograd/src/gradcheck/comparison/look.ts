import type { Random } from '../../tensor/random.js'
import { type Slopes, slopesAlong } from '../differences/slopes.js'
import { largest, unit } from '../subject/vectors.js'
import { closeEnough, jointBar } from './agreement.js'
import type { Check } from './check.js'
import { mayWobble, roundingAt, scaleAmong, type Wobble, wobbleOf } from './wobble.js'

/** Every element of the Jacobian as a mode gives it, output by output, and how much of that is round-off if it was looked at. */
export interface Matrix {
  readonly values: Float64Array
  readonly wobble: Wobble | null
}

/** All that was seen at a place. */
export interface Seen {
  readonly reverse: Matrix | null
  readonly forward: Matrix | null
  /** Input by input. */
  readonly slopes: readonly Slopes[]
  /** The largest derivative of an output, and that of it or by an input. */
  readonly rowScale: (i: number) => number
  readonly scale: (i: number, j: number) => number
}

export const lookAt = (check: Check, random: Random): Seen => {
  const { place, modes } = check
  const { subject, point } = place
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
  const matrix = (values: Float64Array | null): Matrix | null => (values === null ? null : { values, wobble: null })
  const rowScale = (i: number) => rowScales[i]!
  const seen = { reverse: matrix(reverse), forward: matrix(forward), scale, rowScale }
  return { ...seen, slopes: Array.from({ length: inputs.size }, (_, j) => slopesBy(check, seen, j)) }
}

/** The derivatives by one input as differences show them, beside what the modes give. */
const slopesBy = ({ place }: Check, { reverse, forward, scale, rowScale }: Omit<Seen, 'slopes'>, j: number): Slopes => {
  const { inputs, precision } = place.subject
  const matrices = [reverse, forward].filter((matrix) => matrix !== null)
  return slopesAlong(place, unit(inputs.size, j), {
    agrees: (i, slope, bar) =>
      matrices.every(({ values, wobble }) => {
        const k = i * inputs.size + j
        const joint = jointBar(values[k]!, slope, bar + roundingAt(wobble, k), scale(i, j), precision)
        return closeEnough(values[k]!, slope, joint, place.tolerance)
      }),
    scale: (i) => {
      const size = rowScale(i)
      return Math.max(...matrices.map(({ wobble }) => scaleAmong(wobble, i * inputs.size + j, size, place.tolerance)))
    },
  })
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

/** What differs, or could not be told. */
interface Off {
  /** The columns where that is. */
  readonly columns: readonly number[]
  /** Whether something differs by so little that it may be the round-off of a derivative, whatever made it. */
  readonly isSlight: boolean
}

export const offIn = ({ place, symmetric }: Check, { reverse, forward, slopes, scale }: Seen): Off => {
  const { inputs, precision } = place.subject
  let isSlight = false
  const differs = (a: number, b: number, bar: number, size: number): boolean => {
    if (closeEnough(a, b, jointBar(a, b, bar, size, precision), place.tolerance)) return false
    isSlight ||= mayWobble(Math.abs(a - b), size, precision)
    return true
  }
  const columns = Array.from(slopes.keys()).filter((j) => {
    const { values, bars, doubts } = slopes[j]!
    const off = Array.from(values.keys()).filter((i) => {
      const k = i * inputs.size + j
      const size = scale(i, j)
      const analytic = [reverse, forward].flatMap((each) => (each === null ? [] : [each.values[k]!]))
      const mirrored = symmetric && forward !== null ? [forward.values[j * inputs.size + i]!] : []
      return [
        doubts.get(i)?.kind === 'imprecise',
        ...analytic.map((x) => !doubts.has(i) && differs(x, values[i]!, bars[i]!, size)),
        ...[...analytic, ...mirrored].map((x) => differs(x, analytic[0]!, 0, size)),
      ].includes(true)
    })
    return off.length > 0
  })
  return { columns, isSlight }
}

/** How much of it is round-off, and what differences show beside derivatives of which that is known. */
export const lookCloser = (check: Check, seen: Seen, { columns, isSlight }: Off): Seen => {
  const { point, subject } = check.place
  const { inputs, outputs } = subject
  const ones = (count: number) => Array.from({ length: count }, () => 1)
  const closer = (matrix: Matrix | null, by: typeof byReverse, count: number): Matrix | null =>
    matrix && { ...matrix, wobble: wobbleOf(subject, (at) => by(check, at, ones(count)), point, isSlight) }
  const known = {
    ...seen,
    reverse: closer(seen.reverse, byReverse, outputs.size),
    forward: closer(seen.forward, byForward, inputs.size),
  }
  const matters = ({ wobble, values }: Matrix, i: number, j: number): boolean => {
    const k = i * inputs.size + j
    return roundingAt(wobble, k) > jointBar(values[k]!, values[k]!, 0, seen.scale(i, j), subject.precision)
  }
  const isUncertain = (j: number): boolean =>
    [known.reverse, known.forward].some(
      (matrix) => matrix !== null && seen.slopes[j]!.values.some((_, i) => matters(matrix, i, j)),
    )
  const slopes = [...seen.slopes]
  for (const j of columns) if (isUncertain(j)) slopes[j] = slopesBy(check, known, j)
  return { ...known, slopes }
}
