import type { Shape } from '../graph/shape.js'
import type { MethodOptions } from '../transforms/linear-system.js'
import type { Show } from './dim.js'
import type { MayEqual } from './shape-rules.js'
import type { AnyTensor, Tensor } from './tensor.js'
import type { Derivative } from './transform-types.js'

/** What does not fit where a tree like T is wanted, in a sentence; never if nothing is known not to. */
type Misfit<R, T> =
  T extends Tensor<infer Wanted extends Shape>
    ? R extends Tensor<infer Given extends Shape>
      ? MayEqual<Given, Wanted> extends true
        ? never
        : `it gives shape ${Show<Given>} where ${Show<Wanted>} is solved for`
      : 'it gives something else where a tensor is solved for'
    : T extends readonly unknown[]
      ? { [K in keyof T]: K extends keyof R ? Misfit<R[K], T[K]> : 'a part is missing' }[number]
      : { [K in keyof T]: K extends keyof R ? Misfit<R[K], T[K]> : `${K & string} is missing` }[keyof T]

/** Any tree like T, as far as types know; `object` is what stands for R where something else is wrong. */
type Like<R, T> = [object extends R ? never : Misfit<R, T>] extends [never] ? unknown : { readonly wrong: Misfit<R, T> }

/** The tree T with tensors of any shape. */
type Loose<T> = T extends AnyTensor ? AnyTensor : { [K in keyof T]: Loose<T[K]> }

/** How linear systems in trees like V are solved; with what functions are given beside vectors. */
export interface SolverOptions<V, Beside extends unknown[] = []> extends MethodOptions {
  /**
   * A linear function that is near to the inverse of the matrix, and cheap: with it methods take fewer iterations. For 'cg' it
   * must be symmetric and positive definite too.
   */
  readonly preconditioner?: (v: V, ...beside: Beside) => Loose<V>
  /** Solves systems in place of a method: any JavaScript. It gives an x with matvec(x) = b. */
  readonly solver?: (matvec: (v: Loose<V>) => V, b: V, ...beside: Beside) => Loose<V>
  /** The same for the transposed system, which derivatives in reverse mode need. Default `solver`. */
  readonly transposeSolver?: (matvec: (v: Loose<V>) => V, b: V, ...beside: Beside) => Loose<V>
}

/** How `linearSolve` goes about it. */
export interface LinearSolveOptions<B> extends SolverOptions<Derivative<B>> {
  /** Where to begin, a tree like b; default zeros. The nearer the sooner; derivatives do not depend on it. */
  readonly initial?: Loose<Derivative<B>>
  /** The product with the transpose; by default it follows from `matvec`. Derivatives in reverse mode need it. */
  readonly transpose?: (v: Derivative<B>) => Loose<Derivative<B>>
  /** Says that the transpose is `matvec` itself, which saves finding it. Default false. */
  readonly symmetric?: boolean
}

export type LinearSolve = <B, R extends object>(
  matvec: (v: NoInfer<Derivative<B>>) => R & Like<R, Derivative<B>>,
  b: B,
  options?: NoInfer<LinearSolveOptions<B>>,
) => Derivative<B>

/** How `implicit` takes its functions. */
export interface ImplicitOptions<A extends unknown[] = never[], X = unknown> {
  /** The second function is f(x, ...args), with f(x) = x at the solution. Default false: it is zero there. */
  readonly fixedPoint?: boolean
  /**
   * How large an element of the residual may be at what `solve` returns, in multiples of 1 + the largest element of x in the
   * same tensor. Default 1e-6 in float64, 1e-3 in float32; Infinity does not look.
   */
  readonly tolerance?: number
  /** How linear systems are solved: options of `linearSolve`, whose functions are given the solution and the arguments too. */
  readonly linear?: SolverOptions<X, [x: X, ...args: A]>
  /** Gives tensors of the solution's shapes and dtypes, whatever is in them. */
  readonly like?: (...args: A) => Loose<X>
}

export type Implicit = <A extends unknown[], X, R extends object>(
  solve: (...args: A) => X,
  residual: (x: NoInfer<Derivative<X>>, ...args: A) => R & Like<R, Derivative<X>>,
  options?: NoInfer<ImplicitOptions<A, Derivative<X>>>,
) => (...args: A) => Derivative<X>
