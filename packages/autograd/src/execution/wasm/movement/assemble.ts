import { bytesPerElement } from '../../../graph/dtype.js'
import type { Assemble } from '../../../graph/kernel.js'
import { type Shape, sameShape, sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { i32, repeat } from '../assembler/index.js'
import { type KernelFunction, type KernelKind, type Strided, type Target, unchecked } from '../loops/kernel.js'
import { denseInBytes, inBytes, type Loop, loopsOver } from '../loops/nest.js'
import { fill } from './fill.js'
import { move } from './move.js'

/** Each input is a parameter, of which engines take a thousand. */
const mostInputs = 900

export const assemble: KernelKind<Assemble> = {
  define: (target, kernel, inputs, [out]) => unchecked(defineAssemble(target, kernel, inputs, out!)),
  saves: (_, inputs, [out]) =>
    inputs.reduce((total, { shape }) => total + (50 * sizeOf(shape)) / rowOf(shape, out!.shape), 0),
}

export const defineAssemble = (
  { module }: Target,
  kernel: Assemble,
  inputs: readonly Strided[],
  out: Spec,
): KernelFunction | null => {
  if (inputs.length > mostInputs || inputs.some(({ dtype }) => dtype !== out.dtype)) return null
  const bytes = bytesPerElement(out.dtype)
  const places = denseInBytes(out.shape, bytes)
  // inputs of one shape are often many: they share a function
  const moves = new Map<string, KernelFunction>()
  const moveOf = (loops: readonly Loop[]): KernelFunction => {
    const key = JSON.stringify(loops)
    const known = moves.get(key)
    if (known !== undefined) return known
    const made = module.addFunction(['i32', 'i32'], null, (scope, from, to) => move(scope, loops, bytes, from, to))
    moves.set(key, made)
    return made
  }
  return module.addFunction(repeat('i32', inputs.length + 1), null, (scope, ...pointers) => {
    const to = pointers.at(-1)!
    const parts = inputs.map(({ shape, strides }, i) => {
      const start = places.reduce((sum, place, axis) => sum + place * kernel.starts[i]![axis]!, 0)
      const steps = places.map((place, axis) => place * kernel.steps[i]![axis]!)
      const loops = loopsOver(shape, [inBytes(strides, bytes), steps])
      return moveOf(loops).call(pointers[i]!.get, i32.add(to.get, i32.const(start)))
    })
    const background = isCovered(kernel, inputs, out) ? [] : fill(scope, out.dtype, kernel.fill, sizeOf(out.shape), to)
    return [background, parts]
  })
}

/** Whether inputs lie everywhere: one as large as the result, or windows that do not meet and have as many places. */
const isCovered = ({ starts, steps }: Assemble, inputs: readonly Strided[], { shape }: Spec): boolean => {
  if (inputs.some((input) => sameShape(input.shape, shape))) return true
  const total = inputs.reduce((sum, input) => sum + sizeOf(input.shape), 0)
  if (total !== sizeOf(shape)) return false
  const windows = inputs.map((input, i) =>
    shape.map((_, axis) => {
      const first = starts[i]![axis]!
      const last = first + (input.shape[axis]! - 1) * steps[i]![axis]!
      return [Math.min(first, last), Math.max(first, last)] as const
    }),
  )
  return windows.every((a, i) =>
    windows.slice(0, i).every((b) => a.some(([low, high], axis) => high < b[axis]![0] || b[axis]![1] < low)),
  )
}

/** How many elements at the end of a shape lie side by side also in a larger one. */
const rowOf = (shape: Shape, within: Shape): number => {
  let length = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    length *= shape[axis]!
    if (shape[axis] !== within[axis]) break
  }
  return Math.max(1, length)
}
