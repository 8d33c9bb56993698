import { log } from '../../rules/math/logarithm.js'
import type { Random } from '../../tensor/random.js'
import type { Mode } from '../subject/mode.js'
import { rounding } from '../subject/precision.js'
import type { Subject } from '../subject/subject.js'
import { dot, masked, weights } from '../subject/vectors.js'

/** How fast a function nears its first-order Taylor expansion, by a derivative of one mode. As text it is a table. */
export interface TaylorTest {
  /** The mode whose derivative it is. */
  readonly mode: Mode
  /** `pass` at order 2 or more, `fail` at order 1, `inconclusive` between them. */
  readonly verdict: 'pass' | 'fail' | 'inconclusive'
  /** The order at the least steps that show one; Infinity where nothing but round-off remains, as of linear functions. */
  readonly order: number
  /** The steps h, each half of that before it. */
  readonly steps: readonly number[]
  /** |f(x + h u) - f(x) - h f'(x) u|, f being a weighted sum of all results if there are several. */
  readonly remainders: readonly number[]
  /** The binary logarithm of the ratio of each remainder to the next; NaN where they are round-off. */
  readonly orders: readonly number[]
  /** The table. */
  toString(): string
}

const first = 2 ** -4
const count = 16
/** Remainders so many times as large as round-off show an order, to about .03. */
const visible = 100

/**
 * The remainder of a first-order expansion is of second order if its derivative is right, and of first order if it is not:
 * no step has to be chosen for that, nor a tolerance. As in Farrell, Ham, Funke and Rognes, Automated derivation of the adjoint
 * of high-level transient finite element programs, SIAM Journal on Scientific Computing 35 (2013).
 */
export const taylorRemainders = (subject: Subject, mode: Mode, random: Random): TaylorTest => {
  const { point, inputs, outputs } = subject
  const length = Math.sqrt(inputs.size)
  const u = weights(inputs.size, random).map((x, j) => (x * Math.max(1, Math.abs(point[j]!))) / length)
  const center = subject.value(point)
  const v = weights(outputs.size, random).map((x, i) => (Number.isFinite(center[i]) ? x : 0))
  const valueOf = (values: Float64Array) => dot(v, masked(values, v))
  const slope = mode === 'reverse' ? dot(subject.reverse(point, v), u) : valueOf(subject.forward(point, u))

  const steps = Array.from({ length: count }, (_, k) => first / 2 ** k)
  const start = valueOf(center)
  const values = steps.map((h) => subject.value(point.map((x, j) => x + h * u[j]!)))
  const remainders = values.map((at, k) => Math.abs(valueOf(at) - start - steps[k]! * slope))
  // what was added up may be larger than the sum
  const roundOff =
    2 *
    rounding[subject.precision] *
    (values.at(-1)!.reduce((sum, x, i) => (v[i] === 0 ? sum : sum + Math.abs(v[i]! * x)), 0) + Math.abs(start))
  const orders = remainders.slice(1).map((finer, k) => {
    const coarser = remainders[k]!
    const isSeen = finer > visible * roundOff && Number.isFinite(coarser)
    return isSeen ? log(coarser / finer) / Math.LN2 : Number.NaN
  })
  const order =
    orders.findLast((each) => !Number.isNaN(each)) ?? (remainders.some(Number.isNaN) ? Number.NaN : Infinity)
  const verdict = order > 1.9 ? 'pass' : order < 1.5 ? 'fail' : 'inconclusive'
  const found = { mode, verdict, order, steps, remainders, orders } as const
  return { ...found, toString: () => [taylorLine(found), ...rowsOf(found)].join('\n') }
}

type Found = Omit<TaylorTest, 'toString'>

/** What a report says of it. */
export const taylorLine = ({ mode, order, verdict }: Found): string => {
  const title = `Taylor remainder of ${mode} mode`
  if (Number.isNaN(order)) return `${title}: not finite`
  if (order === Infinity) return `${title}: nothing but round-off, as it should be where f is linear`
  return `${title}: order ${order.toFixed(2)}${verdict === 'pass' ? ', as it should be' : ' where 2 belongs'}`
}

const rowsOf = ({ steps, remainders, orders }: Found): string[] =>
  steps.map((step, k) => {
    const order = orders[k - 1] ?? Number.NaN
    return `  h ${step.toExponential(2)}  remainder ${remainders[k]!.toExponential(2)}${Number.isNaN(order) ? '' : `  order ${order.toFixed(2)}`}`
  })
