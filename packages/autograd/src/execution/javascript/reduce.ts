import type { Reduce } from '../../graph/kernel.js'
import { emptyValue, type Spec, type Value } from '../../graph/value.js'
import { type Fold, folds, Sum, wrappingFolds } from './fold.js'
import { collapse, type Loops, walk } from './loops.js'

export const reduce = ({ by, axes }: Reduce, [x]: readonly Value[], out: Spec): Value => {
  const value = emptyValue(out)
  if (value.data.length === 0) return value
  const fold = (out.dtype === 'int32' ? wrappingFolds : folds)[by]
  const kept = loopsOver(x!, (axis) => !axes.includes(axis))
  const folded = loopsOver(x!, (axis) => axes.includes(axis))
  const size = folded.dims.reduce((a, b) => a * b, 1)
  if (size === 0) value.data.fill(fold.identity)
  else if (innermostStep(kept) < innermostStep(folded)) foldRows(fold, kept, folded, x!, value)
  else foldLines(fold, kept, folded, x!, value)
  return value
}

const loopsOver = ({ shape, strides }: Value, included: (axis: number) => boolean): Loops =>
  collapse(
    shape.filter((_, axis) => included(axis)),
    [strides.filter((_, axis) => included(axis))],
  )

/** How far apart the elements of the innermost loop are; a loop that is not there is never the better one. */
const innermostStep = ({ strides }: Loops): number => Math.abs(strides[0]!.at(-1) ?? Number.POSITIVE_INFINITY)

/** Element by element of the result: a fold along the lines that make it up. */
const foldLines = (fold: Fold, kept: Loops, folded: Loops, x: Value, { data, dtype }: Value): void => {
  const single = folded.dims.length <= 1
  const count = folded.dims.at(-1) ?? 1
  const step = folded.strides[0]!.at(-1) ?? 1
  const outer = [x.offset]
  const inner = [0]
  let i = 0
  const foldAll = (): number => {
    inner[0] = outer[0]!
    if (fold === folds.add) {
      const sum = new Sum()
      walk(folded, 1, inner, () => sum.add(fold.line(x.data, inner[0]!, count, step)))
      return sum.total()
    }
    let total = fold.identity
    walk(folded, 1, inner, () => {
      total = fold.pair(total, fold.line(x.data, inner[0]!, count, step))
    })
    return total
  }
  walk(kept, 0, outer, () => {
    const total = single ? fold.line(x.data, outer[0]!, count, step) : foldAll()
    data[i++] = dtype === 'bool' ? Number(total !== 0) : total
  })
}

/** Rounding errors grow with the number of rows added up: after this many, their sum goes to another total. */
const rowRun = 256

/** Line by line of the result, where its elements are nearer to each other than those folded together. */
const foldRows = (fold: Fold, kept: Loops, folded: Loops, x: Value, { data, dtype }: Value): void => {
  const count = kept.dims.at(-1)!
  const step = kept.strides[0]!.at(-1)!
  const outer = [x.offset]
  const inner = [0]
  const totals = new Float64Array(count)
  const partial = new Float64Array(count)
  let i = 0
  walk(kept, 1, outer, () => {
    inner[0] = outer[0]!
    totals.fill(fold.identity)
    partial.fill(fold.identity)
    let rows = 0
    walk(folded, 0, inner, () => {
      fold.row(partial, x.data, inner[0]!, step)
      if (++rows % rowRun !== 0) return
      fold.row(totals, partial, 0, 1)
      partial.fill(fold.identity)
    })
    fold.row(totals, partial, 0, 1)
    for (let j = 0; j < count; j++, i++) data[i] = dtype === 'bool' ? Number(totals[j] !== 0) : totals[j]!
  })
}
