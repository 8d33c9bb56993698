import type { Fold } from '../../graph/kernel.js'
import { emptyValue, type Spec, type Value } from '../../graph/value.js'
import { collapse, walk } from '../walk.js'

/** Adds the elements up where a layout by the same axes would have read them. */
export const fold = ({ axes }: Fold, [x]: readonly Value[], out: Spec): Value => {
  const value = emptyValue(out)
  let start = 0
  const strides = axes.map(({ source, start: first, step }) => {
    if (source === null) return 0
    start += value.strides[source]! * first
    return value.strides[source]! * step
  })
  const { data, offset, shape } = x!
  const target = value.data
  const loops = collapse(shape, [strides, x!.strides])
  const [to, from] = loops.strides as [readonly number[], readonly number[]]
  const inner = loops.dims.length - 1
  const count = loops.dims[inner] ?? 1
  const step = to[inner] ?? 0
  const sourceStep = from[inner] ?? 0
  const isTruth = out.dtype === 'bool'
  const offsets = [start, offset]
  walk(loops, 1, offsets, () => {
    let at = offsets[0]!
    let sourceAt = offsets[1]!
    if (isTruth) for (let i = 0; i < count; i++, at += step, sourceAt += sourceStep) target[at]! |= data[sourceAt]!
    else for (let i = 0; i < count; i++, at += step, sourceAt += sourceStep) target[at]! += data[sourceAt]!
  })
  return value
}
