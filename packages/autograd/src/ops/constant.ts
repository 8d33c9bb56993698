import { allocate, type DType } from '../graph/dtype.js'
import type { Node } from '../graph/node.js'
import { type Shape, sameShape, sizeOf } from '../graph/shape.js'
import { tracer } from '../graph/tracer.js'
import { denseValue, type Spec, share, specOf } from '../graph/value.js'

const zeroStrides = Array.from({ length: 9 }, (_, rank) => new Array<number>(rank).fill(0))
const stridesOfZero = (rank: number): readonly number[] => zeroStrides[rank] ?? new Array<number>(rank).fill(0)

/** An untracked leaf of the class of `like` in which every element is `number`: one element in memory. */
export const constant = (like: Node, number: number, shape: Shape, dtype: DType = like.dtype): Node => {
  const data = allocate(dtype, 1)
  data[0] = number
  return like.make({ data, shape, dtype, strides: stridesOfZero(shape.length), offset: 0, shared: true })
}

/** An untracked leaf of the class of `like` with these elements. */
export const constantOf = (like: Node, numbers: readonly number[], shape: Shape, dtype: DType): Node => {
  const data = allocate(dtype, numbers.length)
  data.set(numbers)
  return like.make(denseValue(data, shape, dtype))
}

// A program often repeats a number, with the same shape: what was made last for each hash of a number.
const sharedMask = 255
const sharedNumbers = new Float64Array(sharedMask + 1)
const sharedNodes = new Array<Node | null>(sharedMask + 1).fill(null)

/** A constant that may be one made before. */
export const sharedConstant = (like: Node, number: number, shape: Shape, dtype: DType): Node => {
  // -0 equals 0; and a compiled function knows as constant what was made inside it
  if (Object.is(number, -0) || tracer !== null) return constant(like, number, shape, dtype)
  const place = (number * 8191) & sharedMask
  const before = sharedNodes[place]!
  if (sharedNumbers[place] === number && before !== null && before.dtype === dtype && sameShape(before.sizes, shape)) {
    return before
  }
  const node = constant(like, number, shape, dtype)
  sharedNumbers[place] = number
  sharedNodes[place] = node
  return node
}

/** An untracked leaf of the class of `like` with these integers. */
export const integers = (like: Node, data: Int32Array, shape: Shape = [data.length]): Node =>
  like.make(denseValue(data, shape, 'int32'))

export const zerosLike = (like: Node, spec: Spec = specOf(like)): Node => constant(like, 0, spec.shape, spec.dtype)

/** The integers from 0 to below `count`, as int32. */
export const upTo = (like: Node, count: number): Node =>
  integers(
    like,
    Int32Array.from({ length: count }, (_, i) => i),
  )

/** The same value as a leaf: no gradient flows back from it. */
export const stopGradient = (x: Node): Node => x.make(share(x.value))

/** A tensor of one element seen at every place of a shape; null where that is to be recorded. */
export const repeated = (x: Node, shape: Shape): Node | null => {
  if (x.tracking !== 0 || tracer !== null || sizeOf(x.sizes) !== 1) return null
  const { data, offset } = share(x.value)
  return x.make({ data, shape, dtype: x.dtype, strides: stridesOfZero(shape.length), offset, shared: true })
}
