import { AxisError, IndexOutOfRangeError, ShapeError } from './errors.js'

/** The size of each axis; a scalar has none. */
export type Shape = readonly number[]

export const formatShape = (shape: Shape): string => `[${shape.join(', ')}]`

export const sizeOf = (shape: Shape): number => {
  let size = 1
  for (let i = 0; i < shape.length; i++) size *= shape[i]!
  return size
}

const recent = new Array<Shape | null>(256).fill(null)

/** The same shape in an array that cannot be changed. To freeze one takes as long as a small op: those made last are kept. */
export const frozenShape = (shape: Shape): Shape => {
  const rank = shape.length
  let hash = rank
  for (let i = 0; i < rank; i++) hash = (hash * 31 + shape[i]!) & 255
  const known = recent[hash]!
  if (known !== null && known.length === rank) {
    // not sameShape: a function that has seen frozen arrays reads all others more slowly
    let i = 0
    while (i < rank && known[i] === shape[i]) i++
    if (i === rank) return known
  }
  const frozen = Object.freeze([...shape])
  recent[hash] = frozen
  return frozen
}

export const sameShape = (a: Shape, b: Shape): boolean => {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

const scalarStrides: readonly number[] = []
const vectorStrides: readonly number[] = [1]
let lastShape: Shape = []
let lastStrides: readonly number[] = []

/** Row-major strides, in elements. */
export const contiguousStrides = (shape: Shape): readonly number[] => {
  if (shape.length <= 1) return shape.length === 0 ? scalarStrides : vectorStrides
  // neighbours in a program often share one shape object, and then its strides too
  if (shape === lastShape) return lastStrides
  const strides = new Array<number>(shape.length)
  let stride = 1
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = stride
    stride *= shape[i]!
  }
  lastShape = shape
  lastStrides = strides
  return strides
}

/** The multi-index of a flat row-major position. */
export const unravel = (position: number, shape: Shape): number[] => {
  const index = new Array<number>(shape.length)
  for (let i = shape.length - 1; i >= 0; i--) {
    index[i] = position % shape[i]!
    position = Math.floor(position / shape[i]!)
  }
  return index
}

/** The shape that all broadcast to, by NumPy's rule: aligned at the last axis, 1 stretches. */
export const broadcastShapes = (op: string, shapes: readonly Shape[]): Shape => {
  let out = shapes[0]!
  for (let i = 1; i < shapes.length; i++) {
    const next = shapes[i]!
    if (!sameShape(out, next)) out = broadcastPair(op, out, next, shapes)
  }
  return out
}

const broadcastPair = (op: string, a: Shape, b: Shape, all: readonly Shape[]): Shape => {
  if (a.length < b.length) return broadcastPair(op, b, a, all)
  const added = a.length - b.length
  // the longer one itself where nothing stretches it: nodes of one shape object are compared faster
  let out: number[] | null = null
  for (let i = 0; i < b.length; i++) {
    const x = a[added + i]!
    const y = b[i]!
    if (x === y || y === 1) continue
    if (x !== 1) {
      const fromEnd = b.length - i
      throw new ShapeError(
        `${op}: shapes ${all.map(formatShape).join(' and ')} do not broadcast: ` +
          `dimension -${fromEnd} is ${x} in one and ${y} in the other. Align them with reshape or expandDims.`,
      )
    }
    out ??= [...a]
    out[added + i] = y
  }
  if (out !== null) requireSize(op, out)
  return out ?? a
}

/** An axis as a position from the front; negatives count from the back. */
export const normalizeAxis = (op: string, axis: number, shape: Shape): number => {
  const rank = shape.length
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const range = rank === 0 ? 'a scalar has no axes' : `use an integer from ${-rank} to ${rank - 1}`
    throw new AxisError(`${op}: axis ${axis} is out of range for shape ${formatShape(shape)}: ${range}.`)
  }
  return axis < 0 ? axis + rank : axis
}

/** Axes as ascending positions; undefined means all of them. */
export const normalizeAxes = (
  op: string,
  axes: number | readonly number[] | null | undefined,
  shape: Shape,
): number[] => {
  if (typeof axes === 'number') return [normalizeAxis(op, axes, shape)]
  const positions: number[] = []
  if (axes == null) {
    for (let i = 0; i < shape.length; i++) positions.push(i)
    return positions
  }
  let ascending = true
  for (const axis of axes) {
    const position = normalizeAxis(op, axis, shape)
    if (positions.length > 0 && position < positions[positions.length - 1]!) ascending = false
    positions.push(position)
  }
  if (!ascending) positions.sort((a, b) => a - b)
  for (let i = 1; i < positions.length; i++) {
    if (positions[i] !== positions[i - 1]) continue
    throw new AxisError(
      `${op}: axis ${positions[i]} is named twice in ${formatShape(axes)} for shape ${formatShape(shape)}: name each once.`,
    )
  }
  return positions
}

/** An index into an axis as a position from its start; negatives count from its end. */
export const normalizeIndex = (op: string, index: number, axis: number, shape: Shape): number => {
  const dim = shape[axis]!
  if (!Number.isInteger(index) || index < -dim || index >= dim) {
    throw new IndexOutOfRangeError(
      `${op}: index ${index} is out of range for axis ${axis} of shape ${formatShape(shape)}: ` +
        `use an integer from ${-dim} to ${dim - 1}.`,
    )
  }
  return index < 0 ? index + dim : index
}

/** Positions among elements are int32, as argmax gives them. */
const mostElements = 2 ** 31 - 1

/** Throws if a tensor of this shape would have more elements than one can have. */
export const requireSize = (op: string, shape: Shape): void => {
  if (sizeOf(shape) > mostElements) refuseSize(op, shape)
}

// apart, so that the check is short enough to be inlined
const refuseSize = (op: string, shape: Shape): never => {
  throw new ShapeError(
    `${op}: shape ${formatShape(shape)} has ${sizeOf(shape)} elements, and a tensor has at most ${mostElements}: ` +
      'work on parts of it, or sum over an axis instead of laying it out (matmul).',
  )
}

/** A shape given by a caller, checked: non-negative integers, and not too many elements. */
export const checkShape = (op: string, shape: Shape): Shape => {
  for (const dim of shape) {
    if (!Number.isInteger(dim) || dim < 0) {
      throw new ShapeError(`${op}: ${formatShape(shape)} is not a shape: use integers of at least 0.`)
    }
  }
  requireSize(op, shape)
  return shape
}
