import { bytesPerElement } from '../../../graph/dtype.js'
import type { Gather } from '../../../graph/kernel.js'
import { contiguousStrides } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import type { CheckedFunction, Strided, Target } from '../loops/kernel.js'
import { move } from './move.js'
import { eachPick, picksOf } from './pick.js'

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
