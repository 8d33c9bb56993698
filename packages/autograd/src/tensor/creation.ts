import { checked, checker } from '../graph/arguments.js'
import { defaultDType } from '../graph/default-dtype.js'
import { allocate, checkDType, type DType, holds, isFloat, type TypedArray } from '../graph/dtype.js'
import { ArgumentError, DTypeError, ShapeError } from '../graph/errors.js'
import { checkShape, formatShape, type Shape, sizeOf, unravel } from '../graph/shape.js'
import { refuseInCompiled, tracer } from '../graph/tracer.js'
import { denseValue } from '../graph/value.js'
import { isPlainObject, shown } from '../graph/words.js'
import * as kinds from '../ops/kinds.js'
import type {
  CreateEye,
  CreateFull,
  CreateLike,
  CreateLinspace,
  CreateOptions,
  CreateRange,
  CreateShape,
  CreateTensor,
  TensorOptions,
} from './creation-types.js'
import type { Dim } from './dim.js'
import { fromPlain, isPlain, type JsonTensor, type PlainTensor } from './plain.js'
import { Tensor } from './tensor.js'

type Nested = number | boolean | readonly Nested[]

/** A tensor that takes over `data`. */
export const fromData = (data: TypedArray, shape: Shape, dtype: DType): Tensor =>
  new Tensor(denseValue(data, shape, dtype))

/** The dtype that is asked for, or else the natural one. */
export const dtypeOf = (op: string, { dtype }: CreateOptions, natural: DType = defaultDType()): DType =>
  checkDType(op, dtype ?? natural)

const creation = { dtype: kinds.dtype }

/** Arrays that are nested deeper contain themselves, or might as well. */
const mostAxes = 64

/** The shape that first entries have, and the first element of all. */
const outlineOf = (data: unknown): { readonly shape: Shape; readonly first: unknown } => {
  const shape: number[] = []
  let first = data
  for (; Array.isArray(first); first = first[0]) {
    if (shape.push(first.length) > mostAxes) {
      throw new ShapeError(
        `tensor: arrays are nested more than ${mostAxes} deep, or one contains itself; a tensor has at most ${mostAxes} axes.`,
      )
    }
  }
  return { shape: checkShape('tensor', shape), first }
}

const dataKind = /* @__PURE__ */ kinds.kind(
  'numbers or booleans, in nested arrays if there are several, a typed array, or { shape, dtype, data }; a tensor is ' +
    'used as it is',
  (data) =>
    typeof data === 'number' ||
    typeof data === 'boolean' ||
    Array.isArray(data) ||
    isTypedArray(data) ||
    (isPlainObject(data) && isPlain(data)),
)
const isTypedArray = (data: unknown): boolean =>
  ArrayBuffer.isView(data) &&
  !(data instanceof DataView || data instanceof BigInt64Array || data instanceof BigUint64Array)

/** The dtype that a typed array already is, or that the first element suggests. */
const naturalDType = (data: unknown, first: unknown): DType => {
  if (data instanceof Float64Array) return 'float64'
  if (data instanceof Float32Array) return 'float32'
  if (data instanceof Int32Array) return 'int32'
  return typeof first === 'boolean' ? 'bool' : defaultDType()
}

const fill = (out: TypedArray, data: Nested, shape: Shape): void => {
  let at = 0
  const level = (item: Nested, axis: number, path: string): void => {
    if (Array.isArray(item)) {
      if (axis === shape.length || item.length !== shape[axis]) {
        throw new ShapeError(
          `tensor: the nested arrays are ragged: data${path} has length ${item.length} where shape ${formatShape(shape)} ` +
            'is expected from the first entries; give every row the same length (pad the short ones).',
        )
      }
      // by index: forEach would pass over holes
      for (let i = 0; i < item.length; i++) level(item[i] as Nested, axis + 1, `${path}[${i}]`)
      return
    }
    if (axis < shape.length) {
      throw new ShapeError(
        `tensor: the nested arrays are ragged: data${path} is ${shown(item)} where an array of length ${shape[axis]} is expected.`,
      )
    }
    if (typeof item !== 'number' && typeof item !== 'boolean') {
      throw new DTypeError(`tensor: data${path} is ${shown(item)}; elements are numbers or booleans: use those.`)
    }
    out[at++] = Number(item)
  }
  level(data, 0, '')
}

/** Throws if one of the numbers that `out` was given is none of its dtype. */
const requireHolds = (op: string, dtype: DType, out: TypedArray, given: (i: number) => number, shape: Shape): void => {
  if (isFloat(dtype)) return
  for (let i = 0; i < out.length; i++) {
    const number = given(i)
    if (!holds(dtype, number)) {
      const place = shape.length === 0 ? '' : ` at ${formatShape(unravel(i, shape))}`
      throw new DTypeError(
        `${op}: ${number}${place} is not ${dtype === 'bool' ? 'a truth value (0 or 1)' : 'a 32-bit integer'}; ` +
          "choose dtype 'float32' or 'float64', or round first.",
      )
    }
  }
}

/** A tensor with these elements, in an array that is nobody else's. */
const filledBy = (op: string, numbers: Float64Array, shape: Shape, dtype: DType): Tensor => {
  if (dtype === 'float64') return fromData(numbers, shape, dtype)
  const out = allocate(dtype, numbers.length)
  out.set(numbers)
  requireHolds(op, dtype, out, (i) => numbers[i]!, shape)
  return fromData(out, shape, dtype)
}

/**
 * A tensor with the given elements, which are copied. Nested arrays give the shape; a typed array has one axis; a
 * plain tensor (of `toPlain` or `toJSON`) is as the tensor was.
 *
 * @param data numbers or booleans in nested arrays of equal lengths, a typed array, or { shape, dtype, data }
 * @param options
 * - `dtype`: `defaultDType()` unless given; that of a Float32Array, Float64Array or Int32Array, and 'bool' for booleans
 * - `shape`: of a typed array's elements in row-major order; nested arrays have theirs
 * @throws ShapeError for ragged arrays, and for a shape of another number of elements; DTypeError for an element that the dtype cannot hold, such as NaN as an int32
 * @example
 * tensor([[1, 2], [3, 4]]).shape   // [2, 2]
 * tensor([0, 2], { dtype: 'int32' })
 * tensor(new Float32Array([1, 2, 3, 4]), { shape: [2, 2] })   // [[1, 2], [3, 4]]
 */
export const tensor = /* @__PURE__ */ checked(
  'tensor',
  { data: dataKind, options: { ...creation, shape: kinds.shape } },
  ((data: Nested | TypedArray | PlainTensor | JsonTensor, options: TensorOptions = {}): Tensor => {
    const given = options.shape
    if (given !== undefined && !ArrayBuffer.isView(data)) {
      throw new ArgumentError(
        `tensor: shape ${formatShape(given)} is given, but ${isPlain(data) ? 'a plain tensor has' : 'nested arrays have'} a shape of ` +
          'their own; leave it out, or reshape() the result.',
      )
    }
    if (isPlain(data)) {
      const { shape, dtype, elements } = fromPlain('tensor', data)
      return filledBy('tensor', elements, shape, dtypeOf('tensor', options, dtype))
    }
    const { shape, first } = outlineOf(data)
    const dtype = dtypeOf('tensor', options, naturalDType(data, first))
    if (ArrayBuffer.isView(data)) {
      const shape = [...checkShape('tensor', given ?? [data.length])]
      if (sizeOf(shape) !== data.length) {
        throw new ShapeError(
          `tensor: the array has ${data.length} elements, and shape ${formatShape(shape)} ${sizeOf(shape)}; give a shape of as many.`,
        )
      }
      const out = allocate(dtype, data.length)
      out.set(data)
      requireHolds('tensor', dtype, out, (i) => data[i]!, shape)
      return fromData(out, shape, dtype)
    }
    const numbers = new Float64Array(sizeOf(shape))
    fill(numbers, data, shape)
    return filledBy('tensor', numbers, shape, dtype)
  }) as CreateTensor,
  'pass the elements as one array, [1, 2, 3]',
)

const fillKind = /* @__PURE__ */ kinds.kind('a number, as in full([2, 3], 0.5)', (thing) =>
  ['number', 'boolean'].includes(typeof thing),
)

const filled = (op: string, shape: Shape, value: number, dtype: DType): Tensor => {
  const out = allocate(dtype, sizeOf(checkShape(op, shape)))
  if (value !== 0 || Object.is(value, -0)) out.fill(value)
  requireHolds(op, dtype, out, () => value, shape)
  return fromData(out, [...shape], dtype)
}

/**
 * A tensor in which every element is `value`.
 *
 * @throws ShapeError for a dimension that is no integer of at least 0; DTypeError for a value that the dtype cannot hold
 * @example full([2, 3], 0.5)   // [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]
 */
export const full = /* @__PURE__ */ checked('full', { shape: kinds.shape, value: fillKind, options: creation }, ((
  shape: Shape,
  value: number,
  options: CreateOptions = {},
): Tensor => {
  return filled('full', shape, Number(value), dtypeOf('full', options))
}) as CreateFull)

/**
 * A tensor of zeros.
 *
 * @throws ShapeError for a dimension that is no integer of at least 0
 * @example zeros([2, 3])   // Tensor<[2, 3]>
 */
export const zeros = /* @__PURE__ */ checked(
  'zeros',
  { shape: kinds.shape, options: creation },
  ((shape: Shape, options: CreateOptions = {}): Tensor =>
    filled('zeros', shape, 0, dtypeOf('zeros', options))) as CreateShape,
)

/**
 * A tensor of ones.
 *
 * @throws ShapeError for a dimension that is no integer of at least 0
 * @example ones([2, 3], { dtype: 'float64' })   // Tensor<[2, 3]>
 */
export const ones = /* @__PURE__ */ checked(
  'ones',
  { shape: kinds.shape, options: creation },
  ((shape: Shape, options: CreateOptions = {}): Tensor =>
    filled('ones', shape, 1, dtypeOf('ones', options))) as CreateShape,
)

/** Zeros of the shape and dtype of another tensor. @example zerosLike(tensor([1, 2]))   // [0, 0] */
export const zerosLike = /* @__PURE__ */ checked('zerosLike', { like: kinds.tensor, options: creation }, ((
  like: Tensor,
  options: CreateOptions = {},
) => filled('zerosLike', like.sizes, 0, dtypeOf('zerosLike', options, like.dtype))) as CreateLike)

/** Ones of the shape and dtype of another tensor. @example onesLike(tensor([3, 4]))   // [1, 1] */
export const onesLike = /* @__PURE__ */ checked('onesLike', { like: kinds.tensor, options: creation }, ((
  like: Tensor,
  options: CreateOptions = {},
) => filled('onesLike', like.sizes, 1, dtypeOf('onesLike', options, like.dtype))) as CreateLike)

type Count = (end: number, options?: CreateOptions) => Tensor
/** A number, and perhaps options. */
const isCount = (given: readonly unknown[]): given is Parameters<Count> =>
  given[1] === undefined || isPlainObject(given[1])
type Rectangle = (rows: number, columns?: number, options?: CreateOptions) => Tensor
const checkSquare = /* @__PURE__ */ checker('eye', { rows: kinds.number, options: creation })
const checkRectangle = /* @__PURE__ */ checker('eye', {
  rows: kinds.number,
  columns: /* @__PURE__ */ kinds.optional(kinds.number),
  options: creation,
})

/**
 * Ones on the diagonal of a matrix of zeros.
 *
 * @throws ShapeError for a dimension that is no integer of at least 0
 * @example
 * eye(2)      // [[1, 0], [0, 1]]
 * eye(1, 2)   // [[1, 0]]
 */
export const eye = ((...given: Parameters<Rectangle> | Parameters<Count>): Tensor => {
  const isSquare = isPlainObject(given[1])
  ;(isSquare ? checkSquare : checkRectangle)(given)
  const [rows, columns = rows, options = {}] = (
    isSquare ? given.toSpliced(1, 0, given[0]) : given
  ) as Parameters<Rectangle>
  const dtype = dtypeOf('eye', options)
  const out = allocate(dtype, sizeOf(checkShape('eye', [rows, columns])))
  for (let i = 0; i < Math.min(rows, columns); i++) out[i * columns + i] = 1
  return fromData(out, [rows, columns], dtype)
}) as CreateEye

type Range = (start: number, end: number, step?: number, options?: CreateOptions) => Tensor
const checkCount = /* @__PURE__ */ checker('arange', { end: kinds.number, options: creation })
const checkRange = /* @__PURE__ */ checker('arange', {
  start: kinds.number,
  end: kinds.number,
  step: /* @__PURE__ */ kinds.optional(kinds.number),
  options: creation,
})

/**
 * Numbers from 0 or `start` up to but not including `end`, `step` apart (default 1).
 *
 * @throws ShapeError for bounds that are not finite and a step of 0; DTypeError for a number that the dtype cannot hold
 * @example
 * arange(3)            // [0, 1, 2]
 * arange(1, 2, 0.25)   // [1, 1.25, 1.5, 1.75]
 */
export const arange = ((...given: Parameters<Range> | Parameters<Count>): Tensor => {
  const [start, end, step = 1, options = {}] = isCount(given) ? [0, given[0], 1, given[1]] : given
  ;(isCount(given) ? checkCount : checkRange)(given)
  const dtype = dtypeOf('arange', options)
  const count = Math.max(0, Math.ceil((end - start) / step))
  if (!Number.isFinite(count)) {
    throw new ShapeError(
      `arange: from ${start} to ${end} by ${step} has no end; use finite bounds and a step that is not 0.`,
    )
  }
  const out = allocate(dtype, sizeOf(checkShape('arange', [count])))
  for (let i = 0; i < count; i++) out[i] = start + i * step
  requireHolds('arange', dtype, out, (i) => start + i * step, [count])
  return fromData(out, [count], dtype)
}) as CreateRange

/**
 * `count` evenly spaced numbers from `start` to `end`, both included.
 *
 * @throws ShapeError for a count that is no integer of at least 0, and for bounds that are not finite
 * @example linspace(0, 1, 5)   // [0, 0.25, 0.5, 0.75, 1]
 */
export const linspace = /* @__PURE__ */ checked(
  'linspace',
  { start: kinds.number, end: kinds.number, count: kinds.number, options: creation },
  ((start: number, end: number, count: number, options: CreateOptions = {}): Tensor => {
    const dtype = dtypeOf('linspace', options)
    const out = allocate(dtype, sizeOf(checkShape('linspace', [count])))
    if (!Number.isFinite(start) || !Number.isFinite(end)) {
      throw new ShapeError(`linspace: from ${start} to ${end} has no steps; use finite bounds.`)
    }
    const at = (i: number): number => {
      if (i === 0) return start
      if (i === count - 1) return end
      const between = start + (i * (end - start)) / (count - 1)
      if (Number.isFinite(between)) return between
      // the difference overflows
      const share = i / (count - 1)
      return start * (1 - share) + end * share
    }
    for (let i = 0; i < count; i++) out[i] = at(i)
    requireHolds('linspace', dtype, out, at, [count])
    return fromData(out, [count], dtype)
  }) as CreateLinspace,
)

/**
 * A leaf with the values of `initial` that collects gradients: `backward()` adds to its `grad`.
 *
 * @throws DTypeError for an integer or bool tensor, which has no gradient
 * @example
 * const w = parameter(tensor([1, 2]))
 * w.square().sum().backward()
 * w.grad   // [2, 4]
 */
export const parameter = /* @__PURE__ */ checked('parameter', { initial: kinds.tensor, options: creation }, ((
  initial: Tensor,
  options: CreateOptions = {},
): Tensor => {
  if (tracer?.isCompiling) refuseInCompiled('parameter', 'make parameters outside and refer to them')
  const dtype = dtypeOf('parameter', options, initial.dtype)
  if (!isFloat(dtype)) {
    throw new DTypeError(`parameter: ${initial} has no gradient as ${dtype}; choose dtype 'float32' or 'float64'.`)
  }
  const leaf = initial.cast(dtype).detach() as Tensor
  leaf.requiresGrad = true
  return leaf
}) as CreateLike)

/** A dimension with a name that the compiler keeps apart from others. @example zeros([dim('batch', 32), 784]) */
export const dim = /* @__PURE__ */ checked(
  'dim',
  { name: kinds.string, size: kinds.count },
  <const Name extends string>(_name: Name, size: number): Dim<Name> => size as Dim<Name>,
)
