import { contiguousStrides, type Shape } from '../graph/shape.js'
import type { Value } from '../graph/value.js'
import { collapse, walk } from './walk.js'

// What a product of batches of matrices comes to, whoever computes it. Distances are in some unit, elements or bytes.

/** Distances between neighbours in a column and in a row. */
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

type Strided = Pick<Value, 'shape' | 'strides'>

/**
 * The problem with as few batches as possible: those that are evenly spaced become rows, columns or depth. An element is
 * so many units long.
 */
export const problemOf = (a: Strided, b: Strided, out: Shape, summed: boolean, unit: number): Problem => {
  const rank = a.shape.length
  const n = b.shape[rank - 1]!
  const problem: Problem = {
    m: a.shape[rank - 2]!,
    n,
    k: a.shape[rank - 1]!,
    a: { row: a.strides[rank - 2]! * unit, column: a.strides[rank - 1]! * unit },
    b: { row: b.strides[rank - 2]! * unit, column: b.strides[rank - 1]! * unit },
    cRow: n * unit,
    batches: rank === 2 ? noBatches : batchesOf(a, b, out, summed, unit),
    swapped: false,
  }
  const turned = n === 1 ? swap(problem) : problem
  return tidied(rank === 2 ? turned : merged(turned, unit), unit)
}

const noBatches: readonly Batch[] = []

const batchesOf = (a: Strided, b: Strided, out: Shape, summed: boolean, unit: number): Batch[] => {
  const batch = a.shape.slice(0, -2)
  const moves = [a.strides, b.strides, summed ? batch.map(() => 0) : contiguousStrides(out)]
  const { dims, strides } = collapse(batch, moves)
  const move = (operand: number, loop: number) => strides[operand]![loop]! * unit
  return dims.map((count, i) => ({ count, a: move(0, i), b: move(1, i), c: move(2, i) }))
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

const merged = (problem: Problem, unit: number): Problem => {
  for (const batch of problem.batches) {
    const wider = absorb(problem, batch, unit)
    if (wider) return merged({ ...wider, batches: problem.batches.filter((other) => other !== batch) }, unit)
  }
  return problem
}

/** The problem with a batch made part of the matrices, if it is evenly spaced. */
const absorb = (problem: Problem, { count, ...step }: Batch, unit: number): Problem | undefined => {
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
  if (step.a === 0 && m === 1 && step.c === n * unit && (n === 1 || step.b === n * b.column)) {
    return { ...problem, n: n * count, b: { ...b, column: n === 1 ? step.b : b.column } }
  }
  return undefined
}

/** Distances that are never gone get the values that suit best. */
const tidied = ({ m, n, k, a, b, cRow, batches, swapped }: Problem, unit: number): Problem => ({
  m,
  n,
  k,
  a: { row: m === 1 ? 0 : a.row, column: k === 1 ? unit : a.column },
  b: { row: k === 1 ? 0 : b.row, column: n === 1 && b.row !== unit ? unit : b.column },
  cRow,
  batches,
  swapped,
})

/** Visits each product of a problem with the places of its operands and of its result, given those of the first. */
export const walkBatches = (
  { batches }: Problem,
  a: number,
  b: number,
  c: number,
  visit: (a: number, b: number, c: number) => void,
): void => {
  const dims = batches.map(({ count }) => count)
  const strides = [batches.map((batch) => batch.a), batches.map((batch) => batch.b), batches.map((batch) => batch.c)]
  const at = [a, b, c]
  walk({ dims, strides }, 0, at, () => visit(at[0]!, at[1]!, at[2]!))
}
