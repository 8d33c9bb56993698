import { bytesPerElement } from '../../../graph/dtype.js'
import type { Gather } from '../../../graph/kernel.js'
import { contiguousStrides, sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { type CheckedFunction, checked, type KernelKind, type Strided, type Target } from '../loops/kernel.js'
import { move } from './move.js'
import { eachPick, picksOf } from './pick.js'

export const gather: KernelKind<Gather> = {
  define: (target, kernel, inputs, [out]) => checked(defineGather(target, kernel, inputs, out!)),
  saves: ({ mode, axis }, [x], [out]) =>
    (0.2 + 30 / (mode === 'take' ? sizeOf(x!.shape.slice(axis + 1)) : 1)) * sizeOf(out!.shape),
}

export const defineGather = (
  { module }: Target,
  kernel: Gather,
  [x, indices]: readonly Strided[],
  out: Spec,
): CheckedFunction | null => {
  if (x!.dtype !== out.dtype || indices!.dtype !== 'int32') return null
  const bytes = bytesPerElement(out.dtype)
  const picks = picksOf(kernel, x!, indices!, { ...out, strides: contiguousStrides(out.shape) })
  return module.addFunction(['i32', 'i32', 'i32'], 'i32', (scope, tensor, index, to) =>
    eachPick(scope, picks, [tensor, index, to], (place, picked) => move(scope, picks.rows, bytes, place, picked)),
  )
}
