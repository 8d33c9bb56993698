import { type AnyTensor, kinds, ShapeError, stack, Tensor, type TypedArray, tensor } from '@adjoint/autograd'
import { TrainingError } from '../errors.js'
import { isObject } from '../kinds.js'
import { formatShape, sameShape } from '../shapes.js'

/** Nested arrays of numbers or truth values. */
export type Nested = number | boolean | readonly Nested[]

/** What a tensor is made of: a tensor, a typed array, a number, or nested arrays of numbers. */
export type Values = AnyTensor | TypedArray | Nested

/** One example: what the model is given, and what it should say of it, without an axis of examples. */
export interface Example {
  /** What the model is given. */
  readonly x: Values
  /** What it should say; a label is a number of dtype int32: `tensor(3, { dtype: 'int32' })`, or an element of an Int32Array. */
  readonly y: Values
}

const isTypedArray = (thing: unknown): thing is TypedArray => ArrayBuffer.isView(thing) && !(thing instanceof DataView)

/** Whether something is many values, as opposed to options or examples. */
export const areMany = (thing: unknown): thing is Values =>
  thing instanceof Tensor || isTypedArray(thing) || (Array.isArray(thing) && !isObject(innermost(thing)))

const innermost = (thing: unknown): unknown => (Array.isArray(thing) ? innermost(thing[0]) : thing)

export const many = kinds.kind('a tensor, a typed array, or an array of numbers', areMany)

export const asTensor = (values: Values): Tensor =>
  values instanceof Tensor ? (values as Tensor) : tensor(values as TypedArray)

/** Throws unless something is an example; `what` begins the message, and `place` is its position. */
export const requireExample = (example: unknown, place: number, remedy: string): Example => {
  if (isObject(example) && isValue(example.x) && isValue(example.y)) return example as unknown as Example
  throw new TrainingError(`batches: example ${place} is ${wordsFor(example)}; ${remedy}.`)
}

const isValue = (thing: unknown): boolean => typeof thing === 'number' || typeof thing === 'boolean' || areMany(thing)

const wordsFor = (example: unknown): string => {
  if (example === undefined) return 'undefined'
  if (example === null) return 'null'
  if (Array.isArray(example)) return 'an array'
  if (!isObject(example)) return `a ${typeof example}`
  const [name] = ['x', 'y'].filter((name) => !isValue(example[name]))
  return `an object whose ${name} is ${example[name!] === undefined ? 'missing' : 'neither a tensor nor made of numbers'}`
}

/** Examples, of which the first is number `places[0]`, as tensors with one more axis in front. */
export const stacked = (examples: readonly Example[], places: ArrayLike<number>): { x: Tensor; y: Tensor } => ({
  x: joined('x', examples, places),
  y: joined('y', examples, places),
})

const joined = (name: 'x' | 'y', examples: readonly Example[], places: ArrayLike<number>): Tensor => {
  const values = examples.map((example) => example[name])
  const [first] = values
  if (typeof first === 'number' && values.every((value) => typeof value === 'number')) return tensor(values) as Tensor
  if (isTypedArray(first) && values.every((value) => isAlike(value, first))) return laidOut(values as TypedArray[])
  const tensors = values.map(asTensor)
  const [head] = tensors as [Tensor]
  for (const [i, each] of tensors.entries()) {
    if (each.dtype === head.dtype && sameShape(each.shape, head.shape)) continue
    throw new ShapeError(
      `batches: ${name} of example ${places[i]} is ${each.dtype} ${formatShape(each.shape)}, and of example ` +
        `${places[0]} ${head.dtype} ${formatShape(head.shape)}; make the examples of a batch of one shape and dtype.`,
    )
  }
  return stack(tensors) as Tensor
}

const isAlike = (value: Values, first: TypedArray): boolean =>
  isTypedArray(value) && value.length === first.length && value.constructor === first.constructor

/** Typed arrays of one kind and length, one after the other. */
const laidOut = (rows: readonly TypedArray[]): Tensor => {
  const [{ length, constructor }] = rows as [TypedArray]
  const all = new (constructor as new (length: number) => TypedArray)(rows.length * length)
  for (const [i, row] of rows.entries()) all.set(row as never, i * length)
  return tensor(all, { shape: [rows.length, length] }) as Tensor
}
