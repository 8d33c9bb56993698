import type { TypedArray } from '../../graph/dtype.js'
import type { Reduce } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import { isAllFinite, isContiguous, resultValue, type Spec, type Value } from '../../graph/value.js'
import { run, shareOf } from '../summation.js'
import { collapse, type Loops, walk } from '../walk.js'
import { addExactly, correct, Sum } from './exact.js'
import { type MonoidLoops, monoids, wrappingMonoids } from './monoid.js'
import { createScratch } from './scratch.js'

/** Shorter rows than this are folded one element of the result after the other. */
const shortRow = 16

export const reduce = ({ by, axes, divisor = 1 }: Reduce, [x]: readonly Value[], out: Spec): Value => {
  const size = sizeOf(out.shape)
  const value = resultValue(out, size)
  if (size === 0) return value
  const fold = (out.dtype === 'int32' ? wrappingMonoids : monoids)[by]
  foldAll(fold, axes, x!, divisor, value)
  if (divisor !== 1 && x!.dtype === 'float64' && !isAllFinite(value)) {
    // the sum of smaller elements, by a power of 2, does not overflow; but they lose digits where they are tiny
    const part = shareOf(sizeOf(x!.shape) / size)
    const smaller = resultValue(out, size)
    foldAll(fold, axes, { ...x!, data: x!.data.map((element) => element * part) }, divisor * part, smaller)
    for (let i = 0; i < size; i++) {
      if (!Number.isFinite(value.data[value.offset + i]))
        value.data[value.offset + i] = smaller.data[smaller.offset + i]!
    }
  }
  return value
}

const foldAll = (fold: MonoidLoops, axes: readonly number[], x: Value, divisor: number, out: Value): void => {
  if (!(isContiguous(x) && reduceDense(fold, axes, x, divisor, out))) reduceStrided(fold, axes, x, divisor, out)
}

/** Dense elements folded along neighbouring axes, seen as [outer, middle, inner] folded along the middle. */
const reduceDense = (fold: MonoidLoops, axes: readonly number[], x: Value, divisor: number, out: Value): boolean => {
  const { shape } = x
  let outer = 1
  let middle = 1
  let inner = 1
  for (let axis = 0; axis < shape.length; axis++) {
    const dim = shape[axis]!
    if (dim === 1) continue
    if (!axes.includes(axis)) {
      if (middle === 1) outer *= dim
      else inner *= dim
    } else if (inner === 1) middle *= dim
    else return false
  }
  if (inner >= shortRow) {
    const kept = { dims: [outer, inner], strides: [[middle * inner, 1]] }
    foldRows(fold, kept, { dims: [middle], strides: [[inner]] }, x, divisor, out)
    return true
  }
  const { data } = out
  const truth = out.dtype === 'bool'
  let i = out.offset
  let position = x.offset
  for (let block = 0; block < outer; block++, position += middle * inner) {
    for (let j = 0; j < inner; j++) {
      const total = fold.line(x.data, position + j, middle, inner)
      data[i++] = truth ? Number(total !== 0) : total / divisor
    }
  }
  return true
}

const reduceStrided = (fold: MonoidLoops, axes: readonly number[], x: Value, divisor: number, out: Value): void => {
  const kept = loopsOver(x, (axis) => !axes.includes(axis))
  const folded = loopsOver(x, (axis) => axes.includes(axis))
  const rowWise = stepOf(kept) < stepOf(folded) && kept.dims.at(-1)! >= shortRow
  if (rowWise) foldRows(fold, kept, folded, x, divisor, out)
  else foldLines(fold, kept, folded, x, divisor, out)
}

const loopsOver = ({ shape, strides }: Value, included: (axis: number) => boolean): Loops =>
  collapse(
    shape.filter((_, axis) => included(axis)),
    [strides.filter((_, axis) => included(axis))],
  )

/** How far apart the elements of the innermost loop are; a loop that is not there is never the nearer one. */
const stepOf = ({ strides }: Loops): number => Math.abs(strides[0]!.at(-1) ?? Number.POSITIVE_INFINITY)

/** Element by element of the result: a fold along the lines that make it up. */
const foldLines = (
  fold: MonoidLoops,
  kept: Loops,
  folded: Loops,
  { data, offset }: Value,
  divisor: number,
  out: Value,
): void => {
  const single = folded.dims.length <= 1
  const count = folded.dims[0] ?? 1
  const step = folded.strides[0]![0] ?? 1
  const offsets = [offset]
  const truth = out.dtype === 'bool'
  let i = out.offset
  walk(kept, 0, offsets, () => {
    const position = offsets[0]!
    const total = single ? fold.line(data, position, count, step) : foldAcross(fold, folded, data, position)
    out.data[i++] = truth ? Number(total !== 0) : total / divisor
  })
}

/** The fold of lines that lie apart. */
const foldAcross = (fold: MonoidLoops, { dims, strides }: Loops, data: TypedArray, position: number): number => {
  const count = dims.at(-1)!
  const step = strides[0]!.at(-1)!
  const offsets = [position]
  const sum = new Sum()
  let total = fold.identity
  walk({ dims, strides }, 1, offsets, () => {
    const line = fold.line(data, offsets[0]!, count, step)
    if (fold === monoids.add) sum.add(line)
    else total = fold.pair(total, line)
  })
  return fold === monoids.add ? sum.total() : total
}

const totalsScratch = createScratch(Float64Array)
const partialScratch = createScratch(Float64Array)
const lostScratch = createScratch(Float64Array)

/** Row by row of the result, where its elements are nearer to each other than those folded together. */
const foldRows = (
  fold: MonoidLoops,
  kept: Loops,
  folded: Loops,
  x: Value,
  divisor: number,
  { data, dtype, offset }: Value,
): void => {
  const size = kept.dims.at(-1)!
  const step = kept.strides[0]!.at(-1)!
  const count = folded.dims.at(-1) ?? 1
  const rowStep = folded.strides[0]!.at(-1) ?? 0
  const totals = totalsScratch(size)
  const partial = partialScratch(size)
  const lost = lostScratch(size)
  const outer = [x.offset]
  const inner = [0]
  const truth = dtype === 'bool'
  let i = offset
  walk(kept, 1, outer, () => {
    inner[0] = outer[0]!
    totals.fill(fold.identity, 0, size)
    lost.fill(0, 0, size)
    if (folded.dims.length <= 1 && count <= run) fold.rows(totals, size, x.data, inner[0], count, rowStep, step)
    else
      walk(folded, 1, inner, () => {
        for (let row = 0; row < count; row += run) {
          partial.fill(fold.identity, 0, size)
          fold.rows(partial, size, x.data, inner[0]! + row * rowStep, Math.min(run, count - row), rowStep, step)
          if (fold === monoids.add) addExactly(totals, lost, partial, size)
          else fold.rows(totals, size, partial, 0, 1, size, 1)
        }
      })
    if (fold === monoids.add) correct(totals, lost, size)
    for (let j = 0; j < size; j++, i++) data[i] = truth ? Number(totals[j] !== 0) : totals[j]! / divisor
  })
}
