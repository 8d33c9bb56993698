import type { Random } from '../../tensor/random.js'
import type { Doubt } from '../subject/doubt.js'
import { signs } from '../subject/vectors.js'
import { type Comparison, closeEnough, jointBar, namesIn, Tally } from './agreement.js'
import type { Check, Findings } from './check.js'
import { lookAt, lookCloser, offIn, type Seen } from './look.js'
import { products } from './products.js'
import { forgiven, isLost, losing, mayWobble, roundingAt, wobbleAt, wobbleOf } from './wobble.js'

/** Every element of the Jacobian, by differences and by all modes that there are. */
export const compareElements = (check: Check, random: Random): Findings => {
  const seen = lookAt(check, random)
  const off = offIn(check, seen)
  return withProducts(check, compare(check, off.columns.length === 0 ? seen : lookCloser(check, seen, off)), random)
}

const isBeyond = (x: number | undefined): boolean => x !== undefined && Math.abs(x) === Number.POSITIVE_INFINITY
const beyond = { kind: 'not finite', says: 'the derivative is beyond the largest number' } as const

const compare = (check: Check, { reverse, forward, slopes, scale }: Seen): Findings => {
  const { place, names, symmetric } = check
  const { subject, center, tolerance } = place
  const { inputs, outputs, precision } = subject
  const inputName = namesIn(inputs)
  const outputName = namesIn(outputs)
  const at = (i: number, j: number) => i * inputs.size + j

  const reverseNumeric = new Tally(names.reverse, names.numeric, tolerance)
  const forwardNumeric = new Tally(names.forward, names.numeric, tolerance)
  const reverseForward = new Tally(names.reverse, names.forward, tolerance)
  const doubts: Doubt[] = []
  /** Where a derivative is so uncertain by itself that anything would agree. */
  const lost = (i: number, j: number) => {
    const k = at(i, j)
    const modes = [
      [reverse, names.reverse],
      [forward, names.forward],
    ] as const
    for (const [matrix, name] of modes) {
      if (matrix === null || !isLost(matrix.wobble, k, scale(i, j), tolerance)) continue
      const [analytic, slope] = [matrix.values[k]!, slopes[j]!.values[i]!]
      if (
        closeEnough(analytic, slope, jointBar(analytic, slope, slopes[j]!.bars[i]!, scale(i, j), precision), tolerance)
      )
        continue
      return { kind: 'imprecise', says: losing(name, analytic, roundingAt(matrix.wobble, k)) } as const
    }
    return undefined
  }
  slopes.forEach((found, j) => {
    found.values.forEach((slope, i) => {
      if (!Number.isFinite(center[i])) return
      const k = at(i, j)
      const doubt = found.doubts.get(i) ?? lost(i, j)
      if (reverse !== null && forward !== null) {
        const [a, b] = [reverse.values[k]!, forward.values[k]!]
        // what differences cannot see for round-off, the modes cannot agree on any better
        const hidden = doubt?.kind === 'imprecise' ? found.bars[i]! : 0
        const bar = Math.max(hidden, wobbleAt(reverse.wobble, k) + wobbleAt(forward.wobble, k))
        // whether what is next to the largest number is beyond it hangs on what it is multiplied by
        const isNextToIt = doubt?.kind === 'not finite' && (isBeyond(a) || isBeyond(b))
        if (!isNextToIt) reverseForward.add(j, i, a, b, jointBar(a, b, bar, scale(i, j), precision))
      }
      if (doubt !== undefined) {
        const isTooLarge = [reverse, forward].some((each) => isBeyond(each?.values[k]))
        const told = doubt.kind === 'imprecise' && isTooLarge ? beyond : doubt
        doubts.push({ ...told, input: inputName(j), output: outputName(i) })
      }
      if (doubt?.kind === 'edge') return
      for (const [matrix, tally] of [
        [reverse, reverseNumeric],
        [forward, forwardNumeric],
      ] as const) {
        if (matrix === null) continue
        const analytic = matrix.values[k]!
        // where there is no derivative any convention will do, but NaN is none
        if (doubt !== undefined && !Number.isNaN(analytic)) continue
        const bar = found.bars[i]! + forgiven(matrix.wobble, k, scale(i, j))
        tally.add(j, i, analytic, slope, jointBar(analytic, slope, bar, scale(i, j), precision))
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
    ...(reverse === null ? [] : [reverseNumeric]),
    ...(forward === null ? [] : [forwardNumeric]),
    ...(reverse === null || forward === null ? [] : [reverseForward]),
  ]
  const matrix = forward ?? reverse
  if (symmetric && matrix !== null && doubts.every(({ kind }) => kind !== 'imprecise')) {
    const mirrored = new Tally(forward === null ? names.reverse : names.forward, 'its transpose', tolerance)
    for (let j = 0; j < inputs.size; j++) {
      for (let i = 0; i < j; i++) {
        const [above, below] = [at(i, j), at(j, i)]
        if (!Number.isFinite(center[i]) || !Number.isFinite(center[j])) continue
        const [a, b] = [matrix.values[above]!, matrix.values[below]!]
        const bar = wobbleAt(matrix.wobble, above) + wobbleAt(matrix.wobble, below)
        mirrored.add(j, i, a, b, jointBar(a, b, bar, scale(i, j), precision))
      }
    }
    tallies.push(mirrored)
  }
  const count = inputs.size * outputs.size
  return {
    coverage: `all ${count} element${count === 1 ? '' : 's'} of the Jacobian`,
    comparisons: tallies.map((tally) => tally.comparison(inputName, outputName, sizes)),
    doubts,
  }
}

/** `<J'v, u>` = `<v, J u>` for random u and v: holds without differences, and only if both modes are linear. */
const withProducts = ({ place, modes }: Check, found: Findings, random: Random): Findings => {
  if (modes.length < 2 || found.doubts.some(({ kind }) => kind === 'imprecise')) return found
  const { subject, point, tolerance } = place
  const u = signs(subject.inputs.size, random)
  const v = signs(subject.outputs.size, random)
  const both = (at: Float64Array) =>
    products(v, subject.reverse(at, v), u, subject.forward(at, u), { precision: subject.precision })
  const { left, right, bar } = both(point)
  const tally = new Tally("<J'v, u>", '<v, J u>', tolerance)
  if (Number.isFinite(left) && Number.isFinite(right)) {
    const isOff = !closeEnough(left, right, bar, tolerance)
    const isSlight = mayWobble(Math.abs(left - right), Math.abs(left), subject.precision)
    const pair = (at: Float64Array): Float64Array => {
      const { left: a, right: b } = both(at)
      return Float64Array.of(a, b)
    }
    const wobble = isOff ? wobbleOf(subject, pair, point, isSlight) : null
    tally.add(0, 0, left, right, bar + wobbleAt(wobble, 0) + wobbleAt(wobble, 1))
  }
  const comparison: Comparison = tally.comparison(
    () => 'random u',
    () => 'random v',
  )
  const { comparisons } = found
  return { ...found, comparisons: [...comparisons, comparison] }
}
