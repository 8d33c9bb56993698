import type { TypedArray } from '../../graph/dtype.js'
import type { Value } from '../../graph/value.js'
import { collapse, walk } from '../walk.js'

/** From here on a copy by the runtime beats a loop. */
const blockCopy = 32

/** Lays the elements of `source` into `target` from `start` on, by `strides`. */
export const copyInto = (target: TypedArray, start: number, strides: readonly number[], source: Value): void => {
  const { data, offset, shape } = source
  const truth = target instanceof Uint8Array && !(data instanceof Uint8Array)
  const loops = collapse(shape, [strides, source.strides])
  const [to, from] = loops.strides as [readonly number[], readonly number[]]
  const inner = loops.dims.length - 1
  const count = loops.dims[inner] ?? 1
  const step = to[inner] ?? 1
  const sourceStep = from[inner] ?? 1
  const rows = loops.dims[inner - 1] ?? 1
  const rowStep = to[inner - 1] ?? 0
  const sourceRowStep = from[inner - 1] ?? 0
  const block = step === 1 && sourceStep === 1 && count >= blockCopy && !truth

  const offsets = [start, offset]
  walk(loops, 2, offsets, () => {
    let at = offsets[0]!
    let sourceAt = offsets[1]!
    for (let row = 0; row < rows; row++, at += rowStep, sourceAt += sourceRowStep) {
      if (block) target.set(data.subarray(sourceAt, sourceAt + count), at)
      else if (truth) copyTruth(target, at, step, data, sourceAt, sourceStep, count)
      else copyLine(target, at, step, data, sourceAt, sourceStep, count)
    }
  })
}

type LineCopy = (
  target: TypedArray,
  at: number,
  step: number,
  data: TypedArray,
  sourceAt: number,
  sourceStep: number,
  count: number,
) => void

const copyLine: LineCopy = (target, at, step, data, sourceAt, sourceStep, count) => {
  for (let i = 0; i < count; i++, at += step, sourceAt += sourceStep) target[at] = data[sourceAt]!
}

const copyTruth: LineCopy = (target, at, step, data, sourceAt, sourceStep, count) => {
  for (let i = 0; i < count; i++, at += step, sourceAt += sourceStep) target[at] = data[sourceAt] !== 0 ? 1 : 0
}
