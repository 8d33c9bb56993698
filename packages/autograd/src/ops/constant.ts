import { allocate, type DType } from '../graph/dtype.js'
import type { Node } from '../graph/node.js'
import type { Shape } from '../graph/shape.js'
import { tracer } from '../graph/tracer.js'
import type { Spec } from '../graph/value.js'

const zeroStrides = Array.from({ length: 9 }, (_, rank) => new Array<number>(rank).fill(0))
const stridesOfZero = (rank: number): readonly number[] => zeroStrides[rank] ?? new Array<number>(rank).fill(0)

/** An untracked leaf of the class of `like` in which every element is `number`: one element in memory. */
export const constant = (like: Node, number: number, shape: Shape, dtype: DType = like.dtype): Node => {
  const data = allocate(dtype, 1)
  data[0] = number
  return like.make({ data, shape, dtype, strides: stridesOfZero(shape.length), offset: 0 })
}

const scalarLimit = 256
const scalars: Readonly<Record<DType, Map<number, Node>>> = {
  float32: new Map(),
  float64: new Map(),
  int32: new Map(),
  bool: new Map(),
}

/** A constant without axes; those met often are shared. */
export const scalar = (like: Node, number: number, dtype: DType): Node => {
  // to a Map it is the key 0; and a compiled function knows as constant what was made inside it
  if (Object.is(number, -0) || tracer !== null) return constant(like, number, [], dtype)
  const known = scalars[dtype]
  let node = known.get(number)
  if (node === undefined) {
    node = constant(like, number, [], dtype)
    if (known.size >= scalarLimit) known.clear()
    known.set(number, node)
  }
  return node
}

export const zerosLike = (like: Node, spec: Spec = like): Node => constant(like, 0, spec.shape, spec.dtype)

/** The same value as a leaf: no gradient flows back from it. */
export const stopGradient = (x: Node): Node => x.make(x.value)
