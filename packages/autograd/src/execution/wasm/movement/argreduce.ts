import { bytesPerElement } from '../../../graph/dtype.js'
import type { ArgReduce } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { type KernelFunction, type KernelKind, type Strided, type Target, unchecked } from '../loops/kernel.js'
import { denseInBytes, eachRound, inBlocks, inBytes, loopsOver, nest, type Pointer } from '../loops/nest.js'
import { fill } from './fill.js'
import { type Line, searchLine, searchLines } from './lines.js'

/** From this length on, a line of neighbours is searched by itself. */
const long = 32

export const argReduce: KernelKind<ArgReduce> = {
  define: (target, kernel, inputs, outs) => unchecked(defineArgReduce(target, kernel, inputs, outs)),
  saves: (_, [x]) => 3 * sizeOf(x!.shape),
}

export const defineArgReduce = (
  { module }: Target,
  { by, axis }: ArgReduce,
  [x]: readonly Strided[],
  outs: readonly Spec[],
): KernelFunction | null => {
  const { shape: kept } = outs[0]!
  const { shape, strides, dtype } = x!
  const length = shape[axis]!
  if ((dtype !== 'float32' && dtype !== 'float64') || length === 0) return null
  const bytes = bytesPerElement(dtype)
  const line: Line = { by, type: dtype, length, step: strides[axis]! * bytes }
  const loops = loopsOver(kept, [
    inBytes(strides, bytes),
    ...outs.map(({ dtype }) => denseInBytes(kept, bytesPerElement(dtype))),
  ])
  const addresses = ['i32', ...outs.map(() => 'i32' as const)] as const
  return module.addFunction(addresses, null, (scope, from, ...to) => {
    const [places, values] = to as [Pointer, ...Pointer[]]
    if (sizeOf(kept) === 0) return []
    if (length === 1 && values === undefined) return fill(scope, outs[0]!.dtype, 0, sizeOf(kept), places)
    const pointers = [from, ...to]
    if (line.step === bytes && length >= long) {
      return eachRound(scope, loops, pointers, searchLine(scope, line, from, places, values))
    }
    const last = loops.at(-1) ?? { count: 1, steps: pointers.map(() => 0) }
    const apart = last.steps[0]!
    const lines = inBlocks(scope, last, 16 / bytes, 0, pointers, (count) =>
      searchLines(scope, line, { count, apart }, from, places, values),
    )
    return nest(scope, loops.slice(0, -1), pointers, lines).code
  })
}
