import { bytesPerElement } from '../../../graph/dtype.js'
import type { ArgReduce } from '../../../graph/kernel.js'
import { contiguousStrides, sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { type KernelFunction, type KernelKind, type Strided, type Target, unchecked } from '../loops/kernel.js'
import { inBlocks, inBytes, loopsOver, nest } from '../loops/nest.js'
import { fill } from './fill.js'
import { type Line, searchLine, searchLines } from './lines.js'

/** From this length on, a line of neighbours is searched by itself. */
const long = 32

export const argReduce: KernelKind<ArgReduce> = {
  define: (target, kernel, inputs, [out]) => unchecked(defineArgReduce(target, kernel, inputs, out!)),
  saves: (_, [x]) => 3 * sizeOf(x!.shape),
}

export const defineArgReduce = (
  { module }: Target,
  { by, axis }: ArgReduce,
  [x]: readonly Strided[],
  out: Spec,
): KernelFunction | null => {
  const { shape, strides, dtype } = x!
  const length = shape[axis]!
  if ((dtype !== 'float32' && dtype !== 'float64') || length === 0) return null
  const bytes = bytesPerElement(dtype)
  const line: Line = { by, type: dtype, length, step: strides[axis]! * bytes }
  const kept = loopsOver(out.shape, [
    inBytes(strides, bytes),
    inBytes(contiguousStrides(out.shape), bytesPerElement(out.dtype)),
  ])
  return module.addFunction(['i32', 'i32'], null, (scope, from, to) => {
    if (sizeOf(out.shape) === 0) return []
    if (length === 1) return fill(scope, out.dtype, 0, sizeOf(out.shape), to)
    const pointers = [from, to]
    if (line.step === bytes && length >= long) {
      return nest(scope, kept, pointers, { code: searchLine(scope, line, from, to), moved: [0, 0] }).code
    }
    const last = kept.at(-1) ?? { count: 1, steps: [0, 0] }
    const apart = last.steps[0]!
    const lines = inBlocks(scope, last, 16 / bytes, 0, pointers, (count) =>
      searchLines(scope, line, { count, apart }, from, to),
    )
    return nest(scope, kept.slice(0, -1), pointers, lines).code
  })
}
