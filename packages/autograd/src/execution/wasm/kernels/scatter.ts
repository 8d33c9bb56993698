import { bytesPerElement } from '../../../graph/dtype.js'
import type { Scatter } from '../../../graph/kernel.js'
import { contiguousStrides } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { after } from '../assembler/index.js'
import { add, isAddable } from './add.js'
import type { CheckedFunction, Strided, Target } from './kernel.js'
import { move } from './move.js'
import { inBytes, loopsOver } from './nest.js'
import { eachPick, picksOf } from './pick.js'

/** Sums are kept in the dtype of the result, in the order of the indices. */
export const defineScatter = (
  { module }: Target,
  kernel: Scatter,
  [base, indices, source]: readonly Strided[],
  out: Spec,
): CheckedFunction | null => {
  const dtypes = [base!.dtype, source!.dtype]
  if (dtypes.some((dtype) => dtype !== out.dtype) || !isAddable(out.dtype) || indices!.dtype !== 'int32') return null
  const bytes = bytesPerElement(out.dtype)
  const strides = contiguousStrides(out.shape)
  const loops = loopsOver(out.shape, [inBytes(base!.strides, bytes), inBytes(strides, bytes)])
  const picks = picksOf(kernel, { ...out, strides }, indices!, source!)
  const rows = picks.rows.map(({ count, steps }) => ({ count, steps: steps.toReversed() }))
  return module.addFunction(['i32', 'i32', 'i32', 'i32'], 'i32', (scope, from, index, added, to) => {
    const at = scope.local('i32')
    return after(
      [at.set(to.get), move(scope, loops, bytes, from, at)],
      eachPick(scope, picks, [to, index, added], (place, picked) => add(scope, rows, out.dtype, picked, place)),
    )
  })
}
