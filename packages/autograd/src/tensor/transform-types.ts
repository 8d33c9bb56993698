import type { Shape } from '../graph/shape.js'
import type { JacobianOptions } from '../transforms/jacobian.js'
import type { ScalarLoss } from './shape-rules.js'
import type { AnyTensor, Arg, Tensor } from './tensor.js'
import type { Instance } from './tree-types.js'

/** What a loss returns: a scalar or a tensor of unknown shape; else the sentence that says what is wrong. */
type Loss<L extends AnyTensor, Caller extends string> = Arg<L, ScalarLoss<L['shape'], Caller>>

/** Derivatives by a tree of type P: a tree of the same type, but that of an instance of a class there are the children. */
export type Derivative<P> = P extends AnyTensor ? P : [InPlain<P>] extends [P] ? P : InPlain<P>
type InPlain<P> =
  P extends Instance<infer Children>
    ? Derivative<Children>
    : { [K in keyof P]: P[K] extends AnyTensor ? P[K] : Derivative<P[K]> }

/** A direction at P, along which or against which to differentiate: a tree like it, or like its derivatives. */
export type Direction<P> = unknown extends P
  ? P
  : P extends AnyTensor
    ? P
    : P extends Instance<infer Children>
      ? P | Parts<Children>
      : Parts<P>
/** Null stands for what has no derivative. */
type Parts<P> = { [K in keyof P]: P[K] extends AnyTensor ? P[K] | null : Direction<P[K]> }

/** Positions of arguments, as an option says them; I is one or several. */
type Position = number | readonly number[]

/** The argument at a position. */
type At<A extends unknown[], I> = I extends number
  ? number extends I
    ? A[number]
    : `${I}` extends `-${infer Back extends number}`
      ? FromEnd<A, Back>
      : A[I]
  : never
type FromEnd<A extends unknown[], Back extends number, Before extends unknown[] = []> = A extends [
  ...infer Rest,
  infer Last,
]
  ? [...Before, 0]['length'] extends Back
    ? Last
    : FromEnd<Rest, Back, [...Before, 0]>
  : A[number]

/** The arguments that are chosen: one, or a tuple of several; the first where none is. */
type Chosen<A extends unknown[], I> = I extends readonly number[]
  ? { -readonly [K in keyof I]: At<A, I[K]> }
  : I extends number
    ? At<A, I>
    : A[0]

/** What is wrong, in a sentence, as a type that nothing has. */
interface Wrong<Sentence> {
  readonly wrong: Sentence
}

type Fits<I, A extends unknown[]> = [OutOfRange<I extends readonly number[] ? I[number] : I, A>] extends [never]
  ? unknown
  : Wrong<OutOfRange<I extends readonly number[] ? I[number] : I, A>>
type OutOfRange<K, A extends unknown[]> = K extends number
  ? number extends K | A['length']
    ? never
    : At<A, K> extends undefined
      ? `argument ${K} is out of range for a function of ${A['length']}`
      : never
  : never

/** What a function that is differentiated may return: a scalar, and with it an auxiliary where that is said. */
type Scalar<R, X, Caller extends string> = X extends true
  ? R extends readonly [infer L, unknown]
    ? Scalar<L, false, Caller>
    : Wrong<`${Caller} with auxiliary: true needs a function that returns [value, auxiliary]`>
  : R extends AnyTensor
    ? ScalarLoss<R['shape'], Caller> extends infer S extends string
      ? Wrong<S>
      : unknown
    : Wrong<`${Caller} needs a scalar loss; of a function that returns [value, auxiliary] say { auxiliary: true }`>

type Returned = AnyTensor | readonly [value: AnyTensor, auxiliary: unknown]
interface Options<I, A extends unknown[], X> {
  readonly argument?: I & Fits<I, A>
  readonly auxiliary?: X
}
/** The derivatives, and the auxiliary where there is one. */
type With<D, R, X> = X extends true
  ? R extends readonly [unknown, infer Auxiliary]
    ? [derivative: D, auxiliary: Auxiliary]
    : never
  : D
/** What is differentiated of what a function returns. */
type Value<R, X> = X extends true ? (R extends readonly [infer V, unknown] ? V : never) : R

/** grad(f)(...args): the derivative of a scalar by its first argument, as a tree of the same type, or by those chosen. */
export interface Grad {
  <P, A extends unknown[], L extends AnyTensor>(
    f: (params: P, ...args: A) => Loss<L, 'grad'>,
  ): (params: P, ...args: A) => Derivative<P>
  <A extends unknown[], R extends Returned, const I extends Position = 0, const X extends boolean = false>(
    f: (...args: A) => R & Scalar<R, X, 'grad'>,
    options: Options<I, A, X>,
  ): (...args: A) => With<Derivative<Chosen<A, I>>, R, X>
}

export interface ValueAndGrad {
  <P, A extends unknown[], L extends AnyTensor>(
    f: (params: P, ...args: A) => Loss<L, 'valueAndGrad'>,
  ): (params: P, ...args: A) => [value: L, gradient: Derivative<P>]
  <A extends unknown[], R extends Returned, const I extends Position = 0, const X extends boolean = false>(
    f: (...args: A) => R & Scalar<R, X, 'valueAndGrad'>,
    options: Options<I, A, X>,
  ): (...args: A) => [value: R, gradient: Derivative<Chosen<A, I>>]
}

/** The value, and the function from a cotangent of the value to the cotangents of the arguments. */
export interface Vjp {
  <A extends unknown[], Y>(
    f: (...args: A) => Y,
    ...args: NoInfer<A>
  ): [value: Y, pullback: (cotangent: Direction<Y>) => Derivative<A>]

  /** The same for a function that returns `[value, auxiliary]`: the auxiliary is passed through. */
  auxiliary<A extends unknown[], Y, X>(
    f: (...args: A) => readonly [value: Y, auxiliary: X],
    ...args: NoInfer<A>
  ): [value: Y, pullback: (cotangent: Direction<Y>) => Derivative<A>, auxiliary: X]
}

/** The value, and its derivative in the direction of the tangents. */
export type Jvp = <A extends unknown[], Y>(
  f: (...args: A) => Y,
  args: NoInfer<A>,
  tangents: NoInfer<Direction<A>>,
) => [value: Y, tangent: Derivative<Y>]

/** The value, and the function from tangents of the arguments to that of the value. */
export type Linearize = <A extends unknown[], Y>(
  f: (...args: A) => Y,
  ...args: NoInfer<A>
) => [value: Y, push: (...tangents: Direction<A>) => Derivative<Y>]

/** The derivative of the gradient of f at x in the direction v. */
export type Hvp = <P, L extends AnyTensor>(
  f: (x: P) => Loss<L, 'hvp'>,
  x: NoInfer<P>,
  v: NoInfer<Direction<P>>,
) => Derivative<P>

/** For each tensor of shape Y in the result a tree like P, in which those of shape X have the shape [...Y, ...X]. */
export type JacobianOf<P, Y> =
  Y extends Tensor<infer S extends Shape>
    ? Block<P, S>
    : Y extends Instance<infer Children>
      ? JacobianOf<P, Children>
      : { [K in keyof Y]: JacobianOf<P, Y[K]> }
type Block<P, Y extends Shape> =
  P extends Tensor<infer S extends Shape>
    ? Tensor<[...Y, ...S]>
    : P extends Instance<infer Children>
      ? Block<Children, Y>
      : { [K in keyof P]: Block<P[K], Y> }

export interface Jacobian {
  <P, A extends unknown[], Y extends object>(
    f: (params: P, ...args: A) => Y,
  ): (params: P, ...args: A) => JacobianOf<P, Y>
  <
    A extends unknown[],
    R extends object | readonly [object, unknown],
    const I extends Position = 0,
    const X extends boolean = false,
  >(
    f: (...args: A) => R,
    options: Options<I, A, X> & Pick<JacobianOptions, 'mode'>,
  ): (...args: A) => With<JacobianOf<Chosen<A, I>, Value<R, X>>, R, X>
}

export interface Hessian {
  <P, A extends unknown[], L extends AnyTensor>(
    f: (params: P, ...args: A) => Loss<L, 'hessian'>,
  ): (params: P, ...args: A) => JacobianOf<P, Derivative<P>>
  <A extends unknown[], R extends Returned, const I extends Position = 0, const X extends boolean = false>(
    f: (...args: A) => R & Scalar<R, X, 'hessian'>,
    options: Options<I, A, X>,
  ): (...args: A) => With<JacobianOf<Chosen<A, I>, Derivative<Chosen<A, I>>>, R, X>
}
