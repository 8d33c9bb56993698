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
  const rank = a.shape.length
  const n = b.shape[rank - 1]!
  const problem: Problem = {
    m: a.shape[rank - 2]!,
    n,
    k: a.shape[rank - 1]!,
    a: { row: a.strides[rank - 2]! * bytes, column: a.strides[rank - 1]! * bytes },
    b: { row: b.strides[rank - 2]! * bytes, column: b.strides[rank - 1]! * bytes },
    cRow: n * bytes,
    batches: rank === 2 ? noBatches : batchesOf(a, b, out, summed, bytes),
    swapped: false,
  }
  const turned = n === 1 ? swap(problem) : problem
  return tidied(rank === 2 ? turned : merged(turned, bytes), bytes)
}

const noBatches: readonly Batch[] = []

const batchesOf = (a: Strided, b: Strided, out: Spec, summed: boolean, bytes: number): Batch[] => {
  const shape = a.shape.slice(0, -2)
  const inBytes = (strides: readonly number[]) => strides.slice(0, -2).map((stride) => stride * bytes)
  const steps = [
    inBytes(a.strides),
    inBytes(b.strides),
    inBytes(summed ? a.shape.map(() => 0) : contiguousStrides(out.shape)),
  ]
  const { dims, strides } = collapse(shape, steps)
  return dims.map((count, i) => ({ count, a: strides[0]![i]!, b: strides[1]![i]!, c: strides[2]![i]! }))
}

/** The same product from the other side: one column becomes one row, along which vectors can lie. */
const swap = ({ m, n, k, a, b, cRow, batches }: Problem): Problem => ({
  m: n,
  n: m,
  k,
  a: { row: b.column, column: b.row },
  b: { row: a.column, column: a.row },
  cRow,
  batches: batches.map((batch) => ({ count: batch.count, a: batch.b, b: batch.a, c: batch.c })),
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
const tidied = ({ m, n, k, a, b, cRow, batches, swapped }: Problem, bytes: number): Problem => ({
  m,
  n,
  k,
  a: { row: m === 1 ? 0 : a.row, column: k === 1 ? bytes : a.column },
  b: { row: k === 1 ? 0 : b.row, column: n === 1 && b.row !== bytes ? bytes : b.column },
  cRow,
  batches,
  swapped,
})
