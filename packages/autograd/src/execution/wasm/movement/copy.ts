import { bytesPerElement } from '../../../graph/dtype.js'
import { contiguousStrides } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import type { KernelFunction, Strided, Target } from '../loops/kernel.js'
import { inBytes, loopsOver } from '../loops/nest.js'
import { move } from './move.js'

/** The elements of a window, dense in row-major order; `out` may have another shape. */
export const defineCopy = ({ module }: Target, input: Strided, out: Spec): KernelFunction | null => {
  const { shape, dtype, strides } = input
  if (dtype !== out.dtype) return null
  const bytes = bytesPerElement(dtype)
  const loops = loopsOver(shape, [inBytes(strides, bytes), inBytes(contiguousStrides(shape), bytes)])
  return module.addFunction(['i32', 'i32'], null, (scope, from, to) => move(scope, loops, bytes, from, to))
}
