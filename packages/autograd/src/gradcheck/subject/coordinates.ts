import { allocate, type DType } from '../../graph/dtype.js'
import { GradientError } from '../../graph/errors.js'
import type { Node } from '../../graph/node.js'
import { formatShape, type Shape, sameShape, sizeOf, unravel } from '../../graph/shape.js'
import { denseData, denseValue } from '../../graph/value.js'

/** A tensor of a tree: what it is called, and where its elements stand in the vector of all of them. */
export interface Leaf {
  readonly path: string
  readonly shape: Shape
  readonly dtype: DType
  readonly offset: number
  readonly size: number
}

/** The elements of several tensors as the coordinates of one vector. */
export interface Coordinates {
  readonly leaves: readonly Leaf[]
  readonly size: number
}

export const coordinatesOf = (
  tensors: readonly { readonly path: string; readonly shape: Shape; readonly dtype: DType }[],
): Coordinates => {
  let offset = 0
  const leaves = tensors.map(({ path, shape, dtype }) => {
    const leaf = { path, shape, dtype, offset, size: sizeOf(shape) }
    offset += leaf.size
    return leaf
  })
  return { leaves, size: offset }
}

const leafAt = ({ leaves }: Coordinates, position: number): Leaf =>
  leaves.find(({ offset, size }) => position < offset + size)!

/** `input[0].layers[1].w[2, 3]` */
export const nameAt = (coordinates: Coordinates, position: number): string => {
  const { path, shape, offset } = leafAt(coordinates, position)
  return shape.length === 0 ? path : path + formatShape(unravel(position - offset, shape))
}

/** Where an element of that name stands; null if there is none. */
export const positionOf = ({ leaves }: Coordinates, name: string): number | null => {
  for (const { path, shape, offset, size } of leaves) {
    if (!name.startsWith(path)) continue
    const index = /^\[([\d, ]+)\]$/.exec(name.slice(path.length))?.[1]?.split(', ').map(Number) ?? []
    if (index.length !== shape.length || (index.length === 0 && name !== path)) continue
    const position = index.reduce((sum, each, axis) => sum * shape[axis]! + each, 0)
    if (position < size) return offset + position
  }
  return null
}

export const toTensors = (vector: Float64Array, { leaves }: Coordinates, like: Node): Node[] =>
  leaves.map(({ shape, dtype, offset, size }) => {
    const data = allocate(dtype, size)
    data.set(vector.subarray(offset, offset + size))
    return like.make(denseValue(data, shape, dtype))
  })

/** The elements of tensors that must be like the leaves; `what` they are is for the complaint. */
export const toVector = (tensors: readonly Node[], { leaves, size }: Coordinates, what: string): Float64Array => {
  if (tensors.length !== leaves.length) {
    throw new GradientError(`${what}: ${tensors.length} tensors came where there had been ${leaves.length}.`)
  }
  const vector = new Float64Array(size)
  leaves.forEach(({ path, shape, offset }, i) => {
    const tensor = tensors[i]!
    if (!sameShape(tensor.sizes, shape)) {
      throw new GradientError(
        `${what}: that of ${path} has shape ${formatShape(tensor.sizes)} where ${formatShape(shape)} belongs.`,
      )
    }
    vector.set(denseData(tensor.value), offset)
  })
  return vector
}
