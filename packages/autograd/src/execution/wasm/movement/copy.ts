import { bytesPerElement } from '../../../graph/dtype.js'
import type { Layout, Reshape } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { type KernelFunction, type KernelKind, type Strided, type Target, unchecked } from '../loops/kernel.js'
import { denseInBytes, inBytes, loopsOver } from '../loops/nest.js'
import { move } from './move.js'

export const copy: KernelKind<Layout | Reshape> = {
  define: (target, _, [x], [out]) => unchecked(defineCopy(target, x!, out!)),
  saves: (_, __, [out]) => 3 * sizeOf(out!.shape),
}

/** The elements of a window, dense in row-major order; `out` may have another shape. */
export const defineCopy = ({ module }: Target, input: Strided, out: Spec): KernelFunction | null => {
  const { shape, dtype, strides } = input
  if (dtype !== out.dtype) return null
  const bytes = bytesPerElement(dtype)
  const loops = loopsOver(shape, [inBytes(strides, bytes), denseInBytes(shape, bytes)])
  return module.addFunction(['i32', 'i32'], null, (scope, from, to) => move(scope, loops, bytes, from, to))
}
