import type { TypedArray } from '../../graph/dtype.js'
import type { Value } from '../../graph/value.js'
import { collapse, walk } from './loops.js'

/** From here on a copy by the runtime beats a loop. */
const blockCopy = 32

/** Lays the elements of `source` into `target` from `start` on, by `strides`. */
export const copyInto = (target: TypedArray, start: number, strides: readonly number[], source: Value): void => {
  const { data } = source
  const loops = collapse(source.shape, [strides, source.strides])
  const last = loops.dims.length - 1
  const count = loops.dims[last] ?? 1
  const step = loops.strides[0]![last] ?? 1
  const sourceStep = loops.strides[1]![last] ?? 1
  const truth = target instanceof Uint8Array && !(data instanceof Uint8Array)
  const block = step === 1 && sourceStep === 1 && count >= blockCopy && !truth
  const offsets = [start, source.offset]
  walk(loops, 1, offsets, () => {
    let to = offsets[0]!
    let from = offsets[1]!
    if (block) target.set(data.subarray(from, from + count), to)
    else if (truth)
      for (let i = 0; i < count; i++, to += step, from += sourceStep) target[to] = data[from] !== 0 ? 1 : 0
    else for (let i = 0; i < count; i++, to += step, from += sourceStep) target[to] = data[from]!
  })
}
