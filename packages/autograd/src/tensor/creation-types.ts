import type { DType, TypedArray } from '../graph/dtype.js'
import type { Shape } from '../graph/shape.js'
import type { JsonTensor, PlainTensor } from './plain.js'
import type { Shaped } from './shape-rules.js'
import type { AnyTensor, Arg, Out, Tensor } from './tensor.js'

/** What every function that makes a tensor takes as its last argument. */
export interface CreateOptions {
  /** `defaultDType()` unless given, 'float32' as a rule; bool for truth values. */
  readonly dtype?: DType
}

export interface TensorOptions extends CreateOptions {
  /** Of a typed array's elements, in row-major order. */
  readonly shape?: readonly number[]
}

/** Nested arrays of numbers or truth values, as the compiler sees a literal: the `[]` asks for tuples. */
export type Data = number | boolean | readonly Data[] | []

/** The shape of nested arrays, or a sentence if rows certainly differ in length. */
export type DataShape<D> =
  NestedShape<D> extends infer S
    ? IsUnion<S> extends true
      ? number extends Extract<S, Shape>[number]
        ? Shaped<number[]>
        : 'the rows of nested arrays need one length'
      : Shaped<S>
    : never

type NestedShape<D> = D extends readonly (infer E)[]
  ? [D['length'], ...([E] extends [never] ? [] : NestedShape<E>)]
  : []
type IsUnion<S, Whole = S> = S extends unknown ? ([Whole] extends [S] ? false : true) : false

/** From a typed array, of one dimension; from nested arrays, with their shape. */
export interface CreateTensor {
  // first, so that it is what untyped data, such as that of JSON.parse, gives: a tensor of any shape
  <const S extends number[]>(plain: PlainTensor<S> | JsonTensor<S>, options?: CreateOptions): Tensor<S>
  <const S extends number[]>(data: TypedArray, options: CreateOptions & { readonly shape: readonly [...S] }): Tensor<S>
  (data: TypedArray, options?: CreateOptions): Tensor<[number]>
  <D extends Data>(data: Arg<D, DataShape<D>>, options?: CreateOptions): Out<DataShape<D>>
}
/** zeros, ones */
export type CreateShape = <const T extends number[]>(shape: readonly [...T], options?: CreateOptions) => Tensor<T>
/** zerosLike, onesLike; parameter */
export type CreateLike = <A extends AnyTensor>(like: A, options?: CreateOptions) => A
export type CreateFull = <const T extends number[]>(
  shape: readonly [...T],
  value: number,
  options?: CreateOptions,
) => Tensor<T>
/** A square with ones on the diagonal, or a rectangle. */
export interface CreateEye {
  <N extends number>(size: N, options: CreateOptions): Tensor<[N, N]>
  <N extends number, M extends number = N>(rows: N, columns?: M, options?: CreateOptions): Tensor<[N, M]>
}
/** From 0 to `end`, or from `start` to `end`; the end is not included. */
export interface CreateRange {
  (end: number, options?: CreateOptions): Tensor<[number]>
  (start: number, end: number, step?: number, options?: CreateOptions): Tensor<[number]>
}
/** `count` numbers from `start` to `end`, both included. */
export type CreateLinspace = <N extends number>(
  start: number,
  end: number,
  count: N,
  options?: CreateOptions,
) => Tensor<[N]>
export type CreateRandom<Options> = <const T extends number[]>(
  shape: readonly [...T],
  options?: CreateOptions & Options,
) => Tensor<T>
