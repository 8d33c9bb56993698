import { exp } from '../../rules/math/exponential.js'
import { type Evidence, isNothing } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'
import { numberName } from './number-name.js'

// Of a function of each element, the factor that is missing may be one that is often forgotten.

/** An element, the output that it goes into, and the elements of other inputs beside it. */
interface Beside {
  readonly x: number
  readonly y: number
  readonly others: readonly number[]
  /** What should be, over what is. */
  readonly ratio: number
}

interface Factor {
  readonly says: string
  readonly of: (beside: Beside) => number
}

const factors: readonly Factor[] = [
  { says: 'x', of: ({ x }) => x },
  { says: 'y', of: ({ y }) => y },
  { says: 'x^2', of: ({ x }) => x * x },
  { says: 'y^2', of: ({ y }) => y * y },
  { says: '√x', of: ({ x }) => Math.sqrt(x) },
  { says: '(1 - y)', of: ({ y }) => 1 - y },
  { says: '(1 - y^2)', of: ({ y }) => 1 - y * y },
  { says: '(1 + y)', of: ({ y }) => 1 + y },
  { says: '(1 + y^2)', of: ({ y }) => 1 + y * y },
  { says: '(1 + x^2)', of: ({ x }) => 1 + x * x },
  { says: '√(1 - x^2)', of: ({ x }) => Math.sqrt(1 - x * x) },
  { says: '√(1 + x^2)', of: ({ x }) => Math.sqrt(1 + x * x) },
  { says: 'exp(x)', of: ({ x }) => exp(x) },
  { says: 'exp(y)', of: ({ y }) => exp(y) },
]

export const knownFactor: Hypothesis = {
  cause: 'chain factor',
  explain: (evidence) => {
    const all = dataOf(evidence)
    if (all === null || all.length < 3) return null
    const { leaf, subject } = evidence
    const digits = known[subject.precision]
    const others = subject.inputs.leaves.filter((each) => each !== leaf && each.size === leaf.size)
    const beside = others.flatMap(({ path }, k): Factor[] => [
      { says: path, of: (each) => each.others[k]! },
      { says: `${path}^2`, of: (each) => each.others[k]! ** 2 },
    ])
    for (const { says, of } of [...factors, ...beside]) {
      const values = all.map(of)
      if (!isVarying(values)) continue
      const times = constantOf(
        all.map(({ ratio }, k) => ratio / values[k]!),
        digits,
      )
      if (times !== null) return written(says, times, false, evidence)
      const over = constantOf(
        all.map(({ ratio }, k) => ratio * values[k]!),
        digits,
      )
      if (over !== null) return written(says, over, true, evidence)
    }
    return null
  },
}

/** What often stands beside 1 in a derivative. */
const squares: readonly Factor[] = [
  { says: 'y^2', of: ({ y }) => y * y },
  { says: 'x^2', of: ({ x }) => x * x },
  { says: 'y', of: ({ y }) => y },
  { says: 'x', of: ({ x }) => x },
  { says: 'exp(x)', of: ({ x }) => exp(x) },
]

/** 1 - y^2 for 1 + y^2, or the other way round, or the root of it; and perhaps the sign of all of it. */
export const signInFactor: Hypothesis = {
  cause: 'sign flip',
  explain: (evidence) => {
    const all = dataOf(evidence)
    if (all === null || all.length < 3) return null
    const digits = known[evidence.subject.precision]
    for (const { says, of } of squares) {
      const values = all.map((each) => (1 - of(each)) / (1 + of(each)))
      if (!isVarying(values)) continue
      for (const root of ['', '√']) {
        const ratios = all.map(({ ratio }) => (root === '' ? ratio : ratio * Math.abs(ratio)))
        if (
          ![ratios.map((ratio, k) => ratio / values[k]!), ratios.map((ratio, k) => ratio * values[k]!)].some((each) =>
            isOne(each, digits),
          )
        )
          continue
        return `a sign is wrong in a factor of it: ${root}(1 - ${says}) and ${root}(1 + ${says}) are taken for each other, where x is the input and y the output`
      }
    }
    return null
  },
}

const isOne = (values: readonly number[], digits: number): boolean => {
  const constant = constantOf(values, digits)
  return constant !== null && Math.abs(Math.abs(constant) - 1) < digits
}

const written = (says: string, factor: number, isBelow: boolean, { leaf: { path }, subject }: Evidence): string => {
  const { precision } = subject
  const times = Math.abs(factor - 1) < known[precision] ? '' : `${numberName(factor, precision)} `
  const name = isBelow ? `${times === '' ? '1' : times.trim()} / ${says}` : `${times}${says}`
  return `a factor of the chain rule is missing: multiply by ${name}, where x is ${path} and y the output`
}

const isVarying = (values: readonly number[]): boolean =>
  values.every((x) => Number.isFinite(x) && x !== 0) &&
  Math.max(...values) - Math.min(...values) > 1e-3 * Math.abs(values[0]!)

/** The number that all of these are; null if they differ. */
const constantOf = (values: readonly number[], digits: number): number | null =>
  values.every((x) => Math.abs(x - values[0]!) <= digits * Math.abs(values[0]!)) ? values[0]! : null
/** How well ratios are known. */
const known = { float32: 1e-4, float64: 1e-6 }

/** Null unless each output is a function of one element, or one output a sum of such. */
const dataOf = ({ leaf, subject, looks, isWhole }: Evidence): readonly Beside[] | null => {
  const isOne = subject.outputs.size === 1
  if (!isWhole || (!isOne && subject.outputs.size !== leaf.size)) return null
  const others = subject.inputs.leaves.filter((each) => each !== leaf && each.size === leaf.size)
  const all: Beside[] = []
  for (const look of looks) {
    const { point, center } = look.place
    for (const { row, column, analytic, numeric } of look.entries) {
      const own = column - leaf.offset
      if (!isOne && row !== own) {
        if (!isNothing(look, numeric) || !isNothing(look, analytic)) return null
        continue
      }
      if (isNothing(look, numeric) && isNothing(look, analytic)) continue
      all.push({
        x: point[column]!,
        y: isOne && leaf.size > 1 ? Number.NaN : center[row]!,
        others: others.map(({ offset }) => point[offset + own]!),
        ratio: numeric / analytic,
      })
    }
  }
  return all
}
