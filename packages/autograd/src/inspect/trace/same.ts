import type { Kernel, Layout } from '../../graph/kernel.js'
import { type Shape, sizeOf } from '../../graph/shape.js'
import type { Spec } from '../../graph/value.js'

/** Whether a kernel only gives its one input another shape: the same elements in the same order, of the same dtype. */
export const isSame = (kernel: Kernel, input: Spec, out: Spec): boolean => {
  if (input.dtype !== out.dtype || sizeOf(input.shape) !== sizeOf(out.shape)) return false
  switch (kernel.kind) {
    case 'reshape':
      return true
    case 'reduce':
      return kernel.divisor === undefined || kernel.divisor === 1
    case 'cumulate':
      return kernel.by !== 'argmax' && kernel.by !== 'argmin' && kernel.by !== 'affine' && out.shape[kernel.axis] === 1
    case 'layout':
      return walksInOrder(kernel.axes, input.shape, out.shape)
    case 'fold':
      return walksInOrder(kernel.axes, out.shape, input.shape)
    case 'assemble':
      return kernel.starts.length === 1 && kernel.starts[0]!.every((start) => start === 0)
    case 'map':
      return kernel.arity === 1 && kernel.expression.kind === 'input'
    default:
      return false
  }
}

/** Whether the axes walk all elements of a tensor once, and in order. Axes of size 1 do not matter. */
const walksInOrder = (axes: Layout['axes'], from: Shape, to: Shape): boolean => {
  const sources = axes.filter((_, axis) => to[axis] !== 1)
  const long = from.flatMap((size, axis) => (size === 1 ? [] : [axis]))
  return (
    sources.length === long.length &&
    sources.every(({ source, start, step }, i) => source === long[i] && start === 0 && step === 1)
  )
}
