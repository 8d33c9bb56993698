import { checkDType, type DType, type TypedArray } from '../graph/dtype.js'
import { DTypeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, type Shape, sizeOf } from '../graph/shape.js'
import { denseData } from '../graph/value.js'

/**
 * A tensor as plain data, which `structuredClone`, `postMessage` and IndexedDB can carry, and of which `tensor` makes an
 * equal one. Its history and its gradient stay behind.
 */
export interface PlainTensor<S = number[]> {
  /** The size of each axis. */
  readonly shape: S
  /** What an element is. */
  readonly dtype: DType
  /** The elements in row-major order, in an array of their own: its buffer may be transferred. */
  readonly data: TypedArray
}

/** The same for JSON, which has no typed arrays, and no NaN, infinities and -0: these are text. */
export interface JsonTensor<S = number[]> {
  /** The size of each axis. */
  readonly shape: S
  /** What an element is. */
  readonly dtype: DType
  /** The elements in row-major order. */
  readonly data: readonly (number | NumberText)[]
}
type NumberText = 'NaN' | 'Infinity' | '-Infinity' | '-0'

export const toPlain = ({ sizes: shape, dtype, value }: Node): PlainTensor => {
  const data = denseData(value)
  return { shape: [...shape], dtype, data: data.buffer === value.data.buffer ? data.slice() : data }
}

export const toJson = ({ sizes: shape, dtype, value }: Node): JsonTensor => ({
  shape: [...shape],
  dtype,
  data: Array.from(denseData(value), (element) => {
    if (Number.isFinite(element) && !Object.is(element, -0)) return element
    return element === 0 ? '-0' : (String(element) as NumberText)
  }),
})

const numbers: ReadonlyMap<unknown, number> = new Map<NumberText, number>([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
])

/** Whether something has the properties of a plain tensor: an object of any realm, so that it may come from anywhere. */
export const isPlain = (thing: unknown): thing is PlainTensor | JsonTensor =>
  typeof thing === 'object' &&
  thing !== null &&
  !Array.isArray(thing) &&
  'shape' in thing &&
  'dtype' in thing &&
  'data' in thing

/**
 * The parts of a plain tensor, checked.
 *
 * @throws ShapeError if the elements are not as many as the shape says; DTypeError for one that is no number
 */
export const fromPlain = (
  op: string,
  { shape, dtype, data }: PlainTensor | JsonTensor,
): { readonly shape: Shape; readonly dtype: DType; readonly elements: Float64Array } => {
  if (!Array.isArray(shape)) {
    throw new ShapeError(`${op}: the shape of a plain tensor is ${String(shape)}; use an array of dimensions.`)
  }
  const size = sizeOf(checkShape(op, shape))
  if (!Array.isArray(data) && !ArrayBuffer.isView(data)) {
    throw new DTypeError(
      `${op}: the data of a plain tensor is ${typeof data}; use a typed array, or an array of numbers.`,
    )
  }
  if (data.length !== size) {
    throw new ShapeError(
      `${op}: a plain tensor of shape ${formatShape(shape)} has ${size} elements, and its data ${data.length}` +
        (data.length === 0 ? ' (was its buffer transferred?).' : '.'),
    )
  }
  const elements = Float64Array.from<number | NumberText>(data, (element, i) => {
    const number = typeof element === 'number' ? element : numbers.get(element)
    if (number !== undefined) return number
    throw new DTypeError(
      `${op}: data[${i}] of a plain tensor is ${String(element)}; use a number, or 'NaN', 'Infinity', '-Infinity' or '-0'.`,
    )
  })
  return { shape: [...shape], dtype: checkDType(op, dtype), elements }
}
