import { bytesPerElement } from '../../../graph/dtype.js'
import type { Scatter } from '../../../graph/kernel.js'
import { contiguousStrides, sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { mostAdditions } from '../../summation.js'
import { after, i32, type Scope } from '../assembler/index.js'
import { type CheckedFunction, checked, type KernelKind, type Strided, type Target } from '../loops/kernel.js'
import { denseInBytes, inBytes, loopsOver, type Pointer } from '../loops/nest.js'
import { add, isAddable } from './add.js'
import { chainBytes, defineChainedScatter } from './chains.js'
import { move } from './move.js'
import { eachPick, picksOf } from './pick.js'
import { addWide, narrow, widen } from './wide.js'

/**
 * Float32 sums that may be long are made in float64, in working memory: all at once, or row by row if whole rows are
 * picked and most are not. Others are made in place, in the order of the indices, and so is what replaces.
 */
type Method = 'inPlace' | 'rowByRow' | 'atOnce'

const methodOf = ({ by, mode, axis }: Scatter, indices: Spec, source: Spec, out: Spec): Method => {
  if (by === 'set') return 'inPlace'
  const picks = mode === 'take' ? sizeOf(indices.shape) : indices.shape[axis]!
  if (out.dtype !== 'float32' || picks <= mostAdditions) return 'inPlace'
  return mode === 'along' || sizeOf(out.shape) <= sizeOf(source.shape) ? 'atOnce' : 'rowByRow'
}

export const scatter: KernelKind<Scatter> = {
  define: (target, kernel, inputs, [out], workspace) => checked(defineScatter(target, kernel, inputs, out!, workspace)),
  workspace: (kernel, inputs, [out]) => scatterWorkspace(kernel, inputs, out!),
  saves: (_, [, , source]) => 3 * sizeOf(source!.shape),
}

/** `workspace` is the address of as many bytes as `scatterWorkspace` tells; kernels may share them. */
export const defineScatter = (
  target: Target,
  kernel: Scatter,
  inputs: readonly Strided[],
  out: Spec,
  workspace: number,
): CheckedFunction | null => {
  const [base, indices, source] = inputs
  const dtypes = [base!.dtype, source!.dtype]
  if (dtypes.some((dtype) => dtype !== out.dtype) || indices!.dtype !== 'int32') return null
  if (kernel.by === 'add' && !isAddable(out.dtype)) return null
  switch (methodOf(kernel, indices!, source!, out)) {
    case 'inPlace':
      return defineInPlace(target, kernel, inputs, out)
    case 'rowByRow':
      return defineChainedScatter(target, kernel, inputs, out, workspace)
    case 'atOnce':
      return defineAtOnce(target, kernel, inputs, out, workspace)
  }
}

/** The bytes of working memory that it needs. */
export const scatterWorkspace = (kernel: Scatter, [, indices, source]: readonly Spec[], out: Spec): number => {
  switch (methodOf(kernel, indices!, source!, out)) {
    case 'inPlace':
      return 0
    case 'rowByRow':
      return chainBytes(kernel, indices!, out)
    case 'atOnce':
      return sizeOf(out.shape) * 8
  }
}

const defineInPlace = (
  { module }: Target,
  kernel: Scatter,
  [base, indices, source]: readonly Strided[],
  out: Spec,
): CheckedFunction => {
  const bytes = bytesPerElement(out.dtype)
  const strides = contiguousStrides(out.shape)
  const loops = loopsOver(out.shape, [inBytes(base!.strides, bytes), denseInBytes(out.shape, bytes)])
  const picks = picksOf(kernel, { ...out, strides }, indices!, source!)
  const rows = picks.rows.map(({ count, steps }) => ({ count, steps: steps.toReversed() }))
  const write = (scope: Scope, picked: Pointer, place: Pointer) =>
    kernel.by === 'set' ? move(scope, rows, bytes, picked, place) : add(scope, rows, out.dtype, picked, place)
  return module.addFunction(['i32', 'i32', 'i32', 'i32'], 'i32', (scope, from, index, given, to) => {
    const at = scope.local('i32')
    return after(
      [at.set(to.get), move(scope, loops, bytes, from, at)],
      eachPick(scope, picks, [to, index, given], (place, picked) => write(scope, picked, place)),
    )
  })
}

const defineAtOnce = (
  { module }: Target,
  kernel: Scatter,
  [base, indices, source]: readonly Strided[],
  out: Spec,
  workspace: number,
): CheckedFunction => {
  const strides = contiguousStrides(out.shape)
  const sums: Strided = { shape: out.shape, dtype: 'float64', strides }
  const loops = loopsOver(out.shape, [inBytes(base!.strides, 4), denseInBytes(out.shape, 8)])
  const picks = picksOf(kernel, sums, indices!, source!)
  const rows = picks.rows.map(({ count, steps }) => ({ count, steps: steps.toReversed() }))
  const dense = [{ count: sizeOf(out.shape), steps: [8, 4] }]
  return module.addFunction(['i32', 'i32', 'i32', 'i32'], 'i32', (scope, from, index, added, to) => {
    const [at, total] = scope.locals('i32', 2)
    const start = at.set(i32.const(workspace))
    return after(
      [start, total.set(at.get), widen(scope, loops, from, at)],
      eachPick(scope, picks, [total, index, added], (place, picked) => addWide(scope, rows, picked, place), [
        start,
        narrow(scope, dense, at, to),
      ]),
    )
  })
}
