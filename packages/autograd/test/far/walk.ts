import { grad, type Tensor, tensor } from '@adjoint/autograd'
import { fromRule } from '../../src/ops/elementwise.js'
import type { Rule } from '../../src/rules/rule.js'
import { type Precise, precise } from './algebra.js'
import * as jets from './jets.js'
import { type DType, limits, problem } from './known.js'
import { type Big, fromNumber, neg, one, timesPower } from './precise.js'
import type { Fn } from './ways.js'

// What is wrong with a rule far out, in words. The oracle is its own formula in numbers of 2400 bits, in which nothing
// overflows or cancels, and the Taylor coefficients of that, whatever the rule says of its partials.

const sizes = [1e-8, 30, 1000, 1e30].map(Math.fround)
const far = [...sizes, ...sizes.map((x) => -x)]
/** Larger than any number of a dtype: what a function does from one to the next is what it tends to. */
const beyond = [1100n, 1500n, 2000n].map((power) => timesPower(one, power))

/** Where a rule does otherwise than its limits, by operand. */
export interface Exceptions {
  /** Operands that are only taken from the samples. */
  readonly held?: readonly number[]
  /** Operands whose NaN need not show. */
  readonly hidesNaN?: readonly number[]
  /** Where it has no limit, but a convention of its own. */
  readonly except?: (...operands: readonly number[]) => boolean
}

type Derivatives = readonly number[] | null
type Point = readonly number[]

const at = (rule: Rule, operands: readonly Big[], i: number): Derivatives => {
  const given = operands.map((x, k): Precise => (k === i ? jets.variable(x) : jets.constant(x)))
  const value = rule.value(precise, ...given)
  return value === null ? null : jets.derivatives(value)
}

/** What a sequence tends to that is taken in a few steps; NaN if it does not. */
const limitOf = (list: readonly number[]): number => {
  const last = list.at(-1)!
  if (list.every((x) => x === last || Math.abs(x - last) < 1e-14 * Math.abs(last))) return last
  const ratios = list.slice(1).map((x, i) => x / list[i]!)
  if (ratios.every((ratio) => ratio > 1.2)) return last * Infinity
  return ratios.every((ratio) => Math.abs(ratio) < 1 / 1.2) ? 0 : NaN
}
const limitAt = (rule: Rule, operands: Point, i: number): Derivatives => {
  const found = beyond.map((size) => {
    const x = operands[i]! < 0 ? neg(size) : size
    return at(rule, operands.map((each, k) => (k === i ? x : fromNumber(each))), i) // biome-ignore format: a call
  })
  return found.includes(null) ? null : [0, 1, 2].map((order) => limitOf(found.map((jet) => jet![order]!)))
}

/** What is to be right of a rule: at points, and as one operand tends to infinity. */
interface Expected {
  readonly free: readonly number[]
  readonly points: readonly Point[]
  /** By point, by operand. */
  readonly along: readonly (readonly Derivatives[])[]
  /** By operand. */
  readonly missing: ReadonlyMap<number, readonly Point[]>
  readonly ends: ReadonlyMap<number, readonly Point[]>
  readonly limits: ReadonlyMap<number, readonly Derivatives[]>
}

export const expectedOf = (
  rule: Rule,
  { held = [], hidesNaN = [], except = () => false }: Exceptions = {},
): Expected => {
  const rows = rule.samples[0]!.map((_, at) => rule.samples.map((list) => Math.fround(list[at]!)))
  const free = [...rule.samples.keys()].filter((i) => !rule.conditions.includes(i) && !held.includes(i))
  /** One operand at some numbers, the others where the samples are. */
  const moved = (i: number, numbers: readonly number[]): Point[] =>
    (rule.arity === 1 ? rows.slice(0, 1) : rows).flatMap((row) => numbers.map((x) => row.with(i, x)))
  const pairs = rule.arity === 2 && held.length === 0 ? far.flatMap((a) => far.map((b) => [a, b])) : []
  const apart = pairs.filter(([a, b]) => Math.abs(a!) !== Math.abs(b!))
  const points = [...free.flatMap((i) => moved(i, far)), ...apart].filter((point) => !except(...point))
  const ends = new Map(free.map((i) => [i, moved(i, [Infinity, -Infinity]).filter((point) => !except(...point))]))
  return {
    free,
    points,
    along: points.map((point) => {
      const exact = point.map(fromNumber)
      return point.map((_, i) => (free.includes(i) ? at(rule, exact, i) : null))
    }),
    missing: new Map(free.filter((i) => !hidesNaN.includes(i)).map((i) => [i, moved(i, [NaN])])),
    ends,
    limits: new Map([...ends].map(([i, list]) => [i, list.map((point) => limitAt(rule, point, i))])),
  }
}

const slope =
  (f: Fn, i: number): Fn =>
  (...all) =>
    grad((x: Tensor) => f(...all.with(i, x)).sum())(all[i]!) as Tensor

const isLimit = (y: number, limit: number, dtype: DType): boolean =>
  y === limit ||
  (Number.isNaN(y) && Number.isNaN(limit)) ||
  Math.abs(y - limit) <= (dtype === 'float64' ? 1e-14 : 2e-6) * Math.abs(limit) ||
  (Math.abs(limit) > limits[dtype][1] && y === Math.sign(limit) * Infinity)

export const problemsFarOut = (rule: Rule, expected: Expected, dtype: DType, wrap: (f: Fn) => Fn): string[] => {
  const { free, points, along } = expected
  const op = fromRule(rule) as unknown as Fn
  const run = (f: Fn, list: readonly Point[]): Tensor => {
    const operands = rule.samples.map((_, k) =>
      tensor(
        list.map((point) => point[k]!),
        { dtype: rule.conditions.includes(k) ? 'bool' : dtype },
      ),
    )
    return wrap(f)(...(operands as Tensor[]))
  }
  /** By order. */
  const derivatives = (i: number): Fn[] =>
    rule.partials === 'none' ? [op] : [op, slope(op, i), slope(slope(op, i), i)]
  const problems: string[] = []

  for (const i of free) {
    derivatives(i).forEach((f, order) => {
      const got = run(f, points)
      points.forEach((operands, p) => {
        const known = along[p]![i]!
        const what = `order ${order} by operand ${i}`
        if (known !== null) {
          const jet = along[p]!.map((each) => each ?? [known[0]!, 0, 0, 0])
          problems.push(...problem(what, got.data[p]!, order, { operands, along: jet }, i, dtype))
        } else if (order === 0 && along[p]!.every((each) => each === null) && !Number.isNaN(got.data[p])) {
          problems.push(`the value at ${operands} is ${got.data[p]}, outside of the domain`)
        }
      })
    })
  }
  for (const [i, list] of expected.missing) {
    const given = run(op, list)
    if (rule.result !== 'bool' && [...given.data].some((x) => !Number.isNaN(x))) {
      problems.push(`NaN as operand ${i} gives ${[...given.data]}`)
    }
  }
  for (const [i, list] of expected.ends) {
    const wanted = expected.limits.get(i)!
    derivatives(i).forEach((f, order) => {
      const got = run(f, list)
      list.forEach((point, p) => {
        // where there is no value, nothing is asked of derivatives
        if (order > 0 && Number.isNaN(wanted[p]?.[0] ?? NaN)) return
        const limit = wanted[p]?.[order] ?? NaN
        if (isLimit(got.data[p]!, limit, dtype)) return
        problems.push(`order ${order} by operand ${i} at ${point} is ${got.data[p]} instead of ${limit}`)
      })
    })
  }
  return problems
}
