import { withBackends } from '../../packages/autograd/src/execution/eager.js'
import { reference } from '../../packages/autograd/src/execution/reference/index.js'
import { checkOp } from '../../packages/autograd/src/gradcheck/samples.js'
import { AdjointError } from '../../packages/autograd/src/graph/errors.js'
import { compile, DTypeError, scan, stack, type Tensor, tensor, vmap } from '../../packages/autograd/src/index.js'
import type { Facts } from '../../packages/autograd/src/ops/facts.js'
import { ascending } from '../../packages/autograd/src/ops/kinds.js'
import { agree, derivativesOf, isFloat, type Program, programOf } from './programs.js'

/** How many of so many were as they should be; null where there is nothing to try. `refused`: an error says that it cannot be. */
export interface Count {
  readonly passed: number
  readonly of: number
  readonly refused: number
  /** The first that was not. */
  readonly fault: string | null
}

class Tally {
  private count = { passed: 0, of: 0, refused: 0, fault: null as string | null }

  /** @param refusal what may be thrown instead of a result */
  add(where: string, check: () => boolean, refusal?: (error: unknown) => boolean): void {
    this.count.of++
    try {
      if (check()) this.count.passed++
      else this.count.fault ??= `${where}: other results`
    } catch (error) {
      if (refusal?.(error)) this.count.refused++
      else this.count.fault ??= `${where}: ${String(error).slice(0, 200)}`
    }
  }

  get found(): Count {
    return this.count
  }
}

/** What of an op depends on elements is refused where they are not known. */
const isRefusal = (error: unknown): boolean => error instanceof AdjointError && /\bsize\b/.test(error.message)

const orderOf = (op: Facts): 0 | 2 => (op.differentiable ? 2 : 0)

/** Reverse and forward mode, at the first and second order, against differences: each comparison that gradcheck made. */
export const derivatives = (op: Facts): Readonly<Record<string, Count>> => {
  const tallies = { 'vjp 1': new Tally(), 'jvp 1': new Tally(), 'vjp 2': new Tally(), 'jvp 2': new Tally() }
  if (op.differentiable) {
    for (const [i, report] of checkOp(op).entries()) {
      for (const { order, comparisons, broken } of report.orders) {
        for (const mode of ['vjp', 'jvp'] as const) {
          const about = comparisons.filter(({ left, right }) => left.includes(mode) || right.includes(mode))
          const holds = () => broken === null && about.every(({ agrees }) => agrees) && report.verdict === 'pass'
          tallies[`${mode} ${order}`].add(`sample ${i}`, holds)
        }
      }
    }
  }
  return Object.fromEntries(Object.entries(tallies).map(([name, tally]) => [name, tally.found]))
}

/** Values and derivatives to the second order, run in another way than eagerly by the default backends. */
export const ways: Readonly<Record<string, (op: Facts) => Count>> = {
  reference: (op) =>
    inWay(
      op,
      (f) =>
        (...inputs) =>
          withBackends([reference], () => f(...inputs)),
    ),
  compiled: (op) => inWay(op, (f) => compile(f as never) as unknown as Program),
  vmap: (op) =>
    inWay(
      op,
      (f) =>
        (...inputs) =>
          firsts((vmap(f as never) as unknown as Program)(...inputs.map(twice))),
    ),
  scan: (op) =>
    inWay(op, (f) => (...inputs) => {
      const step = (carry: Tensor, rows: Tensor[]) => [carry, f(...rows)] as never
      const [, given] = scan(step, tensor(0) as Tensor, inputs.map(twice) as never)
      return firsts(given as unknown as Tensor[])
    }),
}

const twice = (x: Tensor): Tensor => stack([x, x]) as Tensor
const firsts = (all: readonly Tensor[]): Tensor[] => all.map((x) => x.at(0) as Tensor)

const inWay = (op: Facts, way: (f: Program) => Program): Count => {
  const tally = new Tally()
  for (const [i, sample] of op.samples.entries()) {
    const { program, inputs } = programOf(op, sample)
    const f = derivativesOf(program, orderOf(op))
    if (inputs.length > 0) tally.add(`sample ${i}`, () => agree(way(f)(...inputs), f(...inputs), 1e-10), isRefusal)
  }
  return tally.found
}

/** The same in float32, to its digits; and whether integers and truth values are taken in the place of floats. */
export const dtypes: Readonly<Record<string, (op: Facts) => Count>> = {
  float32: (op) => {
    const tally = new Tally()
    for (const [i, sample] of op.samples.entries()) {
      const wide = programOf(op, sample)
      const narrow = programOf(op, sample, 0, 'float32')
      if (!wide.inputs.some(isFloat)) continue
      // at the same numbers
      const inputs = wide.inputs.map((x, k) =>
        narrow.inputs[k]!.dtype === 'float32' ? (x.cast('float32').cast('float64') as Tensor) : x,
      )
      const order = orderOf(op)
      tally.add(`sample ${i}`, () => {
        const got = derivativesOf(narrow.program, order)(...narrow.inputs)
        const wanted = derivativesOf(wide.program, order)(...inputs)
        return agree(
          got.map((x) => (isFloat(x) ? (x.cast('float64') as Tensor) : x)),
          wanted,
          2e-4,
          2 ** -20,
        )
      })
    }
    return tally.found
  },
  int32: (op) => inDType(op, 'int32'),
  bool: (op) => inDType(op, 'bool'),
}

const isOfDType = (error: unknown): boolean => error instanceof DTypeError

const inDType = (op: Facts, dtype: 'int32' | 'bool'): Count => {
  const tally = new Tally()
  for (const [i, sample] of op.samples.entries()) {
    const { program, inputs } = programOf(op, sample)
    if (!inputs.some(isFloat)) continue
    const whole = inputs.map((x) => (isFloat(x) ? (x.mul(3).cast('int32').cast(dtype) as Tensor) : x))
    const run = () => program(...whole)
    tally.add(`sample ${i}`, () => agree(run(), withBackends([reference], run), 1e-6), isOfDType)
  }
  return tally.found
}

const edgePoints = [0, -0, 1e-8, -1e-8, 30, -30, 1e3, -1e3, 1e30, -1e30, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN] // biome-ignore format: a row

/** Each edge point in the place of an element of each float, in turn: the backends agree, compiled or not. */
export const atEdges = (op: Facts, order: 0 | 1 | 2): Count => {
  const tally = new Tally()
  const sample = op.samples.find((each) => programOf(op, each).inputs.some((x) => isFloat(x) && x.size > 0))
  if (sample === undefined || (order > 0 && !op.differentiable)) return tally.found
  const { program, inputs, positions } = programOf(op, sample)
  const f = derivativesOf(program, order)
  const takes = Object.values(op.takes)
  const compiled = compile(f as never) as unknown as Program
  let isCompiling = true
  for (const [k, x] of inputs.entries()) {
    // any number at all would not be in order
    if (!isFloat(x) || x.size === 0 || takes[positions[k]!] === ascending) continue
    for (const point of edgePoints) {
      const data = [...x.data].with(0, point)
      const given = inputs.with(k, tensor(data, { dtype: x.dtype }).reshape(x.shape) as Tensor)
      tally.add(`${Object.is(point, -0) ? '-0' : point} in input ${k}`, () => {
        const wanted = withBackends([reference], () => f(...given))
        if (!agree(f(...given), wanted, 1e-9)) return false
        try {
          return !isCompiling || agree(compiled(...given), wanted, 1e-9)
        } catch (error) {
          if (!isRefusal(error)) throw error
          isCompiling = false
          return true
        }
      })
    }
  }
  return tally.found
}
