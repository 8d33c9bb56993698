import { bytesPerElement } from '../../../graph/dtype.js'
import type { Reduce } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import { isAllFinite, type Spec, type Value } from '../../../graph/value.js'
import { collapse, type Loops, walk } from '../../walk.js'
import { type Placed, placeValue } from '../memory.js'
import type { Runtime } from '../runtime.js'
import { buildFold, type FoldKernels } from './kernel.js'

/** From this many elements on a fold is worth its copies. */
const smallest = 3000

export const createReduce = (runtime: Runtime, always: boolean) => {
  const kernels: { [name: string]: FoldKernels } = {}
  return ({ by, axes, divisor = 1 }: Reduce, [x]: readonly Value[], out: Spec): Value | null => {
    const { dtype } = out
    const size = sizeOf(x!.shape)
    const type = x!.dtype
    if (by === 'mul' || (type !== 'float32' && type !== 'float64')) return null
    const isWide = by === 'add' && type === 'float32' && dtype === 'float64'
    if (dtype !== type && !isWide) return null
    if (size === 0 || !(always || size >= smallest)) return null
    const { scratch } = runtime
    scratch.reset()
    const placed = placeValue(scratch, x!)
    const address = scratch.take(sizeOf(out.shape) * bytesPerElement(dtype))
    const calls = plan(placed, x!.shape, axes, bytesPerElement(type), isWide, address)
    if (calls === null || !scratch.fits) return null
    scratch.open()
    placed.copy()
    const isDivided = divisor !== 1
    const name = `${by} ${type} ${isDivided} ${isWide}`
    kernels[name] ??= buildFold(runtime, by, type, { isDivided, isWide })
    calls(kernels[name], divisor)
    const value = scratch.read(out, address)
    // JavaScript looks whether the quotient is in range though the sum is not
    return isDivided && type === 'float64' && !isAllFinite(value) ? null : value
  }
}

type Calls = (kernels: FoldKernels, divisor: number) => void

/** The calls that fold the axes, or null if the elements lie so that none of the kernels fits. */
const plan = (
  x: Placed,
  shape: readonly number[],
  axes: readonly number[],
  bytes: number,
  isWide: boolean,
  to: number,
): Calls | null => {
  const folded = loopsOver(x, shape, (axis) => axes.includes(axis))
  const kept = loopsOver(x, shape, (axis) => !axes.includes(axis))
  const [length, step] = innermost(folded)
  const [width, distance] = innermost(kept)
  // result by result, where the elements folded together are neighbours
  if (folded.dims.length <= 2 && (length === 1 || step === bytes)) {
    const stretches = folded.dims.length === 2 ? folded.dims[0]! : 1
    const stretchDistance = folded.dims.length === 2 ? folded.strides[0]![0]! : 0
    return ({ lines }, divisor) => {
      eachInner(kept, x.address, (from, i) => {
        lines(width, distance, stretches, stretchDistance, length, from, to + i * width * (isWide ? 8 : bytes), divisor)
      })
    }
  }
  // row by row, where the results are
  if (!isWide && folded.dims.length <= 1 && (width === 1 || distance === bytes)) {
    return ({ rows }, divisor) => {
      eachInner(kept, x.address, (from, i) => {
        rows(length, step, width, from, to + i * width * bytes, divisor)
      })
    }
  }
  return null
}

const loopsOver = ({ strides }: Placed, shape: readonly number[], included: (axis: number) => boolean): Loops =>
  collapse(
    shape.filter((_, axis) => included(axis)),
    [strides.filter((_, axis) => included(axis))],
  )

const innermost = ({ dims, strides }: Loops): [size: number, step: number] => [
  dims.at(-1) ?? 1,
  strides[0]!.at(-1) ?? 0,
]

const eachInner = (loops: Loops, start: number, visit: (from: number, i: number) => void): void => {
  const offsets = [start]
  let i = 0
  walk(loops, 1, offsets, () => visit(offsets[0]!, i++))
}
