import type { TypedArray } from '../../graph/dtype.js'
import type { Monoid } from '../../graph/kernel.js'
import { mostIntegers, run } from '../summation.js'
import { Sum } from './exact.js'

/** The fold of `count` elements, `step` apart. */
export type LineFold = (data: TypedArray, position: number, count: number, step: number) => number

/** Folds `count` rows, `rowStep` apart, into the first `size` totals, place by place. */
export type RowsFold = (
  totals: Float64Array,
  size: number,
  data: TypedArray,
  position: number,
  count: number,
  rowStep: number,
  step: number,
) => void

/** A monoid as loops: over a line to one number, over rows to a line of numbers. */
export interface MonoidLoops {
  readonly identity: number
  readonly pair: (a: number, b: number) => number
  readonly line: LineFold
  readonly rows: RowsFold
}

const sumRun: LineFold = (data, position, count, step) => {
  let a = 0
  if (count < 8) {
    for (let i = 0; i < count; i++, position += step) a += data[position]!
    return a
  }
  let b = 0
  let c = 0
  let d = 0
  let i = 3
  for (; i < count; i += 4, position += 4 * step) {
    a += data[position]!
    b += data[position + step]!
    c += data[position + 2 * step]!
    d += data[position + 3 * step]!
  }
  for (i -= 3; i < count; i++, position += step) a += data[position]!
  return a + b + (c + d)
}

const sumLine: LineFold = (data, position, count, step) => {
  if (count <= run) return sumRun(data, position, count, step)
  const sum = new Sum()
  for (let i = 0; i < count; i += run) sum.add(sumRun(data, position + i * step, Math.min(run, count - i), step))
  return sum.total()
}

/** Four rows at a time, to read and write the totals less often. */
const sumRows: RowsFold = (totals, size, data, position, count, rowStep, step) => {
  let row = 3
  for (; row < count; row += 4, position += 4 * rowStep) {
    let a = position
    let b = a + rowStep
    let c = b + rowStep
    let d = c + rowStep
    for (let i = 0; i < size; i++, a += step, b += step, c += step, d += step) {
      totals[i]! += data[a]! + data[b]! + (data[c]! + data[d]!)
    }
  }
  for (row -= 3; row < count; row++, position += rowStep) {
    for (let i = 0, at = position; i < size; i++, at += step) totals[i]! += data[at]!
  }
}

const add: MonoidLoops = {
  identity: 0,
  pair: (a, b) => a + b,
  line: sumLine,
  rows: sumRows,
}

const wrappingAdd: MonoidLoops = {
  identity: 0,
  pair: (a, b) => (a + b) | 0,
  line: (data, position, count, step) => {
    let total = 0
    for (let i = 0; i < count; i += mostIntegers) {
      total = (total + sumRun(data, position + i * step, Math.min(mostIntegers, count - i), step)) | 0
    }
    return total
  },
  rows: (totals, size, data, position, count, rowStep, step) => {
    sumRows(totals, size, data, position, count, rowStep, step)
    for (let i = 0; i < size; i++) totals[i]! |= 0
  },
}

const mul: MonoidLoops = {
  identity: 1,
  pair: (a, b) => a * b,
  line: (data, position, count, step) => {
    let product = 1
    for (let i = 0; i < count; i++, position += step) product *= data[position]!
    return product
  },
  rows: (totals, size, data, position, count, rowStep, step) => {
    for (let row = 0; row < count; row++, position += rowStep) {
      for (let i = 0, at = position; i < size; i++, at += step) totals[i]! *= data[at]!
    }
  },
}

const wrappingMul: MonoidLoops = {
  identity: 1,
  pair: Math.imul,
  line: (data, position, count, step) => {
    let product = 1
    for (let i = 0; i < count; i++, position += step) product = Math.imul(product, data[position]!)
    return product
  },
  rows: (totals, size, data, position, count, rowStep, step) => {
    for (let row = 0; row < count; row++, position += rowStep) {
      for (let i = 0, at = position; i < size; i++, at += step) totals[i] = Math.imul(totals[i]!, data[at]!)
    }
  },
}

const max: MonoidLoops = {
  identity: Number.NEGATIVE_INFINITY,
  pair: Math.max,
  line: (data, position, count, step) => {
    let extreme = Number.NEGATIVE_INFINITY
    for (let i = 0; i < count; i++, position += step) extreme = Math.max(extreme, data[position]!)
    return extreme
  },
  rows: (totals, size, data, position, count, rowStep, step) => {
    for (let row = 0; row < count; row++, position += rowStep) {
      for (let i = 0, at = position; i < size; i++, at += step) totals[i] = Math.max(totals[i]!, data[at]!)
    }
  },
}

const min: MonoidLoops = {
  identity: Number.POSITIVE_INFINITY,
  pair: Math.min,
  line: (data, position, count, step) => {
    let extreme = Number.POSITIVE_INFINITY
    for (let i = 0; i < count; i++, position += step) extreme = Math.min(extreme, data[position]!)
    return extreme
  },
  rows: (totals, size, data, position, count, rowStep, step) => {
    for (let row = 0; row < count; row++, position += rowStep) {
      for (let i = 0, at = position; i < size; i++, at += step) totals[i] = Math.min(totals[i]!, data[at]!)
    }
  },
}

export const monoids: { readonly [M in Monoid]: MonoidLoops } = { add, mul, max, min }
export const wrappingMonoids: { readonly [M in Monoid]: MonoidLoops } = {
  add: wrappingAdd,
  mul: wrappingMul,
  max,
  min,
}
