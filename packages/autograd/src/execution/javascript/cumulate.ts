import type { DType, TypedArray } from '../../graph/dtype.js'
import type { Cumulate } from '../../graph/kernel.js'
import { emptyValue, type Spec, type Value } from '../../graph/value.js'
import { collapse, walk } from '../walk.js'
import { corrected, lostBy } from './exact.js'

/** Elements of an operand in the order in which they are met: the first, and how far apart they are. */
interface Line {
  readonly data: TypedArray
  at: number
  readonly step: number
}

/** Goes along one line of `count` elements. */
type Run = (count: number, out: Line, x: Line, b: Line) => void

export const cumulate = (kernel: Cumulate, inputs: readonly Value[], out: Spec): Value => {
  const { by, axis, reverse } = kernel
  const value = emptyValue(out)
  const count = out.shape[axis]!
  if (value.data.length === 0) return value
  const operands = [value, ...inputs]
  const lines = operands.map(({ data, strides }) => ({ data, at: 0, step: reverse ? -strides[axis]! : strides[axis]! }))
  const [to, x, b] = lines as [Line, Line, Line]
  const run = runOf(by, out.dtype, reverse)
  const loops = collapse(
    out.shape.with(axis, 1),
    operands.map(({ strides }) => strides),
  )
  const offsets = operands.map(({ offset, strides }) => offset + (reverse ? (count - 1) * strides[axis]! : 0))
  walk(loops, 0, offsets, () => {
    for (let i = 0; i < lines.length; i++) lines[i]!.at = offsets[i]!
    run(count, to, x, b)
  })
  return value
}

const runOf = (by: Cumulate['by'], dtype: DType, reverse: boolean): Run => {
  switch (by) {
    case 'add':
      return dtype === 'int32' ? folds((sum, x) => (sum + x) | 0, 0) : dtype === 'float64' ? exactSums : sums
    case 'mul':
      return dtype === 'int32' ? folds(Math.imul, 1) : folds((product, x) => product * x, 1)
    case 'max':
      return folds(Math.max, Number.NEGATIVE_INFINITY)
    case 'min':
      return folds(Math.min, Number.POSITIVE_INFINITY)
    case 'argmax':
      return places(1, reverse)
    case 'argmin':
      return places(-1, reverse)
    case 'affine':
      return affine(reverse)
  }
}

const folds =
  (fold: (folded: number, x: number) => number, identity: number): Run =>
  (count, out, { data, step, at }) => {
    let folded = identity
    for (let i = 0, to = out.at; i < count; i++, at += step, to += out.step) {
      folded = fold(folded, data[at]!)
      out.data[to] = folded
    }
  }

const sums: Run = (count, out, { data, step, at }) => {
  let sum = 0
  for (let i = 0, to = out.at; i < count; i++, at += step, to += out.step) {
    sum += data[at]!
    out.data[to] = sum
  }
}

const exactSums: Run = (count, out, { data, step, at }) => {
  let sum = 0
  let lost = 0
  for (let i = 0, to = out.at; i < count; i++, at += step, to += out.step) {
    const x = data[at]!
    const next = sum + x
    lost += lostBy(sum, x, next)
    sum = next
    out.data[to] = corrected(sum, lost)
  }
}

const places =
  (sign: number, reverse: boolean): Run =>
  (count, out, { data, step, at }) => {
    let found = 0
    let best = Number.NEGATIVE_INFINITY
    for (let i = 0, to = out.at; i < count; i++, at += step, to += out.step) {
      const x = data[at]! * sign
      // NaN is better than any other, and nothing is better than NaN
      if (i === 0 || !(x <= best || Number.isNaN(best))) {
        found = i
        best = x
      }
      out.data[to] = reverse ? count - 1 - found : found
    }
  }

/** With `reverse`, a factor is met one place before it is used. */
const affine =
  (reverse: boolean): Run =>
  (count, out, a, b) => {
    let r = 0
    let factor = 0
    for (let i = 0, at = a.at, from = b.at, to = out.at; i < count; i++) {
      if (!reverse) factor = a.data[at]!
      r = (r === 0 || factor === 0 ? 0 : r * factor) + b.data[from]!
      out.data[to] = r
      if (reverse) factor = a.data[at]!
      at += a.step
      from += b.step
      to += out.step
    }
  }
