import { allocate, type DType } from '../graph/dtype.js'
import type { Node } from '../graph/node.js'
import type { Shape } from '../graph/shape.js'
import type { Spec } from '../graph/value.js'

const zeroStrides = new Map<number, readonly number[]>()
const stridesOfZero = (rank: number): readonly number[] => {
  let strides = zeroStrides.get(rank)
  if (strides === undefined) zeroStrides.set(rank, (strides = new Array<number>(rank).fill(0)))
  return strides
}

/** An untracked leaf of the class of `like` in which every element is `number`: one element in memory. */
export const constant = (like: Node, number: number, shape: Shape, dtype: DType = like.dtype): Node => {
  const data = allocate(dtype, 1)
  data[0] = number
  return like.make({ data, shape, dtype, strides: stridesOfZero(shape.length), offset: 0 })
}

export const zerosLike = (like: Node, spec: Spec = like): Node => constant(like, 0, spec.shape, spec.dtype)

/** The same value as a leaf: no gradient flows back through it. */
export const stopGradient = (x: Node): Node => x.make(x.value)
