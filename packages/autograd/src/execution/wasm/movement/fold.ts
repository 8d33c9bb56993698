import { bytesPerElement } from '../../../graph/dtype.js'
import type { Fold } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { type KernelFunction, type KernelKind, type Strided, type Target, unchecked } from '../loops/kernel.js'
import { denseInBytes, inBytes, loopsOver, shift } from '../loops/nest.js'
import { add, isAddable } from './add.js'
import { fill } from './fill.js'

export const fold: KernelKind<Fold> = {
  define: (target, kernel, inputs, [out]) => unchecked(defineFold(target, kernel, inputs, out!)),
  saves: (_, [x]) => 8 * sizeOf(x!.shape),
}

/** Sums are kept in the dtype of the result. */
export const defineFold = (
  { module }: Target,
  { axes }: Fold,
  [x]: readonly Strided[],
  out: Spec,
): KernelFunction | null => {
  if (x!.dtype !== out.dtype || !isAddable(out.dtype)) return null
  const bytes = bytesPerElement(out.dtype)
  const places = denseInBytes(out.shape, bytes)
  const strides = inBytes(x!.strides, bytes)
  let start = 0
  const walked = axes.map(({ source, start: first, step }, axis): Axis => {
    const place = source === null ? 0 : places[source]!
    start += place * first
    return { count: x!.shape[axis]!, from: strides[axis]!, to: place * step }
  })
  const order = inOrder(walked, bytes)
  const loops = loopsOver(
    order.map(({ count }) => count),
    [order.map(({ from }) => from), order.map(({ to }) => to)],
  )
  return module.addFunction(['i32', 'i32'], null, (scope, from, to) => [
    fill(scope, out.dtype, 0, sizeOf(out.shape), to),
    shift(to, start),
    add(scope, loops, out.dtype, from, to),
  ])
}

interface Axis {
  readonly count: number
  readonly from: number
  readonly to: number
}

/** As the input lies in memory, but the longest axis of elements that are neighbours on both sides is innermost. */
const inOrder = (axes: readonly Axis[], bytes: number): readonly Axis[] => {
  const order = axes.toSorted((a, b) => Math.abs(b.from) - Math.abs(a.from))
  const runs = order.filter(({ count, from, to }) => count > 1 && from === bytes && to === bytes)
  if (runs.length === 0) return order
  const longest = runs.reduce((a, b) => (b.count > a.count ? b : a))
  return [...order.filter((axis) => axis !== longest), longest]
}
