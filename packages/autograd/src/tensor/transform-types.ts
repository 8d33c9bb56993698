import type { Shape } from '../graph/shape.js'
import type { TreeParts, treeProtocol } from '../graph/tree.js'
import type { JacobianOptions } from '../transforms/jacobian.js'
import type { ScalarLoss } from './shape-rules.js'
import type { AnyTensor, Arg, Tensor } from './tensor.js'

// Trees P (nested objects, arrays and tuples of tensors) keep their exact type. They have no constraint: an interface
// has no index signature to satisfy one.

/** What a loss returns: a scalar or a tensor of unknown shape; else the sentence that says what is wrong. */
type Loss<L extends AnyTensor, Caller extends string> = Arg<L, ScalarLoss<L['shape'], Caller>>

/** Derivatives by a tree of type P: a tree of the same type, but that of an instance of a class there are the children. */
export type Derivative<P> = P extends AnyTensor ? P : [InPlain<P>] extends [P] ? P : InPlain<P>
type InPlain<P> =
  P extends Instance<infer Children>
    ? Derivative<Children>
    : { [K in keyof P]: P[K] extends AnyTensor ? P[K] : Derivative<P[K]> }
interface Instance<Children> {
  [treeProtocol](): Pick<TreeParts<Children, never>, 'children'>
}

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

/** grad(f)(params, ...rest): the derivative of a scalar by its first argument, as a tree of the same type. */
export type Grad = <P, A extends unknown[], L extends AnyTensor>(
  f: (params: P, ...args: A) => Loss<L, 'grad'>,
) => (params: P, ...args: A) => Derivative<P>

export type ValueAndGrad = <P, A extends unknown[], L extends AnyTensor>(
  f: (params: P, ...args: A) => Loss<L, 'valueAndGrad'>,
) => (params: P, ...args: A) => [value: L, gradient: Derivative<P>]

/** The value, and the function from a cotangent of the value to the cotangents of the arguments. */
export type Vjp = <A extends unknown[], Y>(
  f: (...args: A) => Y,
  ...args: NoInfer<A>
) => [value: Y, pullback: (cotangent: Direction<Y>) => Derivative<A>]

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

export type Jacobian = <P, A extends unknown[], Y extends object>(
  f: (params: P, ...args: A) => Y,
  options?: JacobianOptions,
) => (params: P, ...args: A) => JacobianOf<P, Y>

export type Hessian = <P, A extends unknown[], L extends AnyTensor>(
  f: (params: P, ...args: A) => Loss<L, 'hessian'>,
) => (params: P, ...args: A) => JacobianOf<P, Derivative<P>>
