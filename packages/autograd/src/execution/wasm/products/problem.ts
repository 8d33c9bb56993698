import { bytesPerElement } from '../../../graph/dtype.js'
import { contiguousStrides } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { collapse } from '../../walk.js'
import type { Strided } from '../loops/kernel.js'

/** Distances in bytes between neighbours in a column and in a row. */
export interface Steps {
  readonly row: number
  readonly column: number
}

/** Products one after another: how far each operand and the result move from one to the next. */
export interface Batch {
  readonly count: number
  readonly a: number
  readonly b: number
  readonly c: number
}

/** c = a b, m x k by k x n, for every place of some batches. The columns of c lie side by side. */
export interface Problem {
  readonly m: number
  readonly n: number
  readonly k: number
  readonly a: Steps
  readonly b: Steps
  readonly cRow: number
  /** Where they do not move the result, products are added up: either all batches do, or none. */
  readonly batches: readonly Batch[]
  /** The operands have changed places: c is the transpose of what was asked for, and lies alike. */
  readonly swapped: boolean
}

/** The problem with as few batches as possible: those that are evenly spaced become rows, columns or depth. */
export const problemOf = (a: Strided, b: Strided, out: Spec, summed: boolean): Problem => {
  const bytes = bytesPerElement(out.dtype)
  const inBytes = (strides: readonly number[]) => strides.map((stride) => stride * bytes)
  const rank = a.shape.length
  const shape = a.shape.slice(0, -2)
  const [aSteps, bSteps] = [inBytes(a.strides), inBytes(b.strides)]
  const cSteps = summed ? shape.map(() => 0) : inBytes(contiguousStrides(out.shape)).slice(0, -2)
  const { dims, strides } = collapse(shape, [aSteps.slice(0, -2), bSteps.slice(0, -2), cSteps])
  const [aBatch, bBatch, cBatch] = strides
  const n = b.shape[rank - 1]!
  const problem: Problem = {
    ...{ m: a.shape[rank - 2]!, n, k: a.shape[rank - 1]! },
    a: { row: aSteps[rank - 2]!, column: aSteps[rank - 1]! },
    b: { row: bSteps[rank - 2]!, column: bSteps[rank - 1]! },
    cRow: n * bytes,
    batches: dims.map((count, i) => ({ count, a: aBatch![i]!, b: bBatch![i]!, c: cBatch![i]! })),
    swapped: false,
  }
  return tidied(merged(n === 1 ? swap(problem) : problem, bytes), bytes)
}

/** The same product from the other side: one column becomes one row, along which vectors can lie. */
const swap = ({ m, n, k, a, b, cRow, batches }: Problem): Problem => ({
  ...{ m: n, n: m, k },
  a: { row: b.column, column: b.row },
  b: { row: a.column, column: a.row },
  cRow,
  batches: batches.map((batch) => ({ ...batch, a: batch.b, b: batch.a })),
  swapped: true,
})

const merged = (problem: Problem, bytes: number): Problem => {
  for (const batch of problem.batches) {
    const wider = absorb(problem, batch, bytes)
    if (wider) return merged({ ...wider, batches: problem.batches.filter((other) => other !== batch) }, bytes)
  }
  return problem
}

/** The problem with a batch made part of the matrices, if it is evenly spaced. */
const absorb = (problem: Problem, { count, ...step }: Batch, bytes: number): Problem | undefined => {
  const { m, n, k, a, b, cRow } = problem
  if (step.c === 0) {
    const isEven = k === 1 || (step.a === k * a.column && step.b === k * b.row)
    if (!isEven) return undefined
    return {
      ...problem,
      k: k * count,
      a: { ...a, column: k === 1 ? step.a : a.column },
      b: { ...b, row: k === 1 ? step.b : b.row },
    }
  }
  if (step.b === 0 && (m === 1 || (step.a === m * a.row && step.c === m * cRow))) {
    return m === 1 ? { ...problem, m: count, a: { ...a, row: step.a }, cRow: step.c } : { ...problem, m: m * count }
  }
  if (step.a === 0 && m === 1 && step.c === n * bytes && (n === 1 || step.b === n * b.column)) {
    return { ...problem, n: n * count, b: { ...b, column: n === 1 ? step.b : b.column } }
  }
  return undefined
}

/** Distances that are never gone get the values that suit best. */
const tidied = (problem: Problem, bytes: number): Problem => {
  const { m, n, k, a, b } = problem
  return {
    ...problem,
    a: { row: m === 1 ? 0 : a.row, column: k === 1 ? bytes : a.column },
    b: { row: k === 1 ? 0 : b.row, column: n === 1 && b.row !== bytes ? bytes : b.column },
  }
}
