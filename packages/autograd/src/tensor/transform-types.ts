import type { Shape } from '../graph/shape.js'
import type { JacobianOptions } from '../transforms/jacobian.js'
import type { ScalarLoss } from './shape-rules.js'
import type { AnyTensor, Arg, Tensor } from './tensor.js'

// Trees P (nested objects, arrays and tuples of tensors) keep their exact type. They have no constraint: an interface
// has no index signature to satisfy one.

/** What a loss returns: a scalar or a tensor of unknown shape; else the sentence that says what is wrong. */
type Loss<L extends AnyTensor, Caller extends string> = Arg<L, ScalarLoss<L['shape'], Caller>>

/** grad(f)(params, ...rest): the derivative of a scalar by its first argument, as a tree of the same type. */
export type Grad = <P, A extends unknown[], L extends AnyTensor>(
  f: (params: P, ...args: A) => Loss<L, 'grad'>,
) => (params: P, ...args: A) => P

export type ValueAndGrad = <P, A extends unknown[], L extends AnyTensor>(
  f: (params: P, ...args: A) => Loss<L, 'valueAndGrad'>,
) => (params: P, ...args: A) => [value: L, gradient: P]

/** The value, and the function from a cotangent of the value to the cotangents of the arguments. */
export type Vjp = <A extends unknown[], Y>(
  f: (...args: A) => Y,
  ...args: NoInfer<A>
) => [value: Y, pullback: (cotangent: Y) => A]

/** The value, and its derivative in the direction of the tangents. */
export type Jvp = <A extends unknown[], Y>(
  f: (...args: A) => Y,
  args: NoInfer<A>,
  tangents: NoInfer<A>,
) => [value: Y, tangent: Y]

/** The derivative of the gradient of f at x in the direction v. */
export type Hvp = <P, L extends AnyTensor>(f: (x: P) => Loss<L, 'hvp'>, x: NoInfer<P>, v: NoInfer<P>) => P

/** Every tensor of the tree P has become the derivative of a result of shape Y by it: the shape [...Y, ...its own]. */
export type JacobianOf<P, Y extends Shape> =
  P extends Tensor<infer S extends Shape> ? Tensor<[...Y, ...S]> : { [K in keyof P]: JacobianOf<P[K], Y> }
type HessianOf<P, Q> =
  P extends Tensor<infer S extends Shape> ? JacobianOf<Q, S> : { [K in keyof P]: HessianOf<P[K], Q> }

export type Jacobian = <P, A extends unknown[], Y extends Shape>(
  f: (params: P, ...args: A) => Tensor<Y>,
  options?: JacobianOptions,
) => (params: P, ...args: A) => JacobianOf<P, Y>

export type Hessian = <P, A extends unknown[], L extends AnyTensor>(
  f: (params: P, ...args: A) => Loss<L, 'hessian'>,
) => (params: P, ...args: A) => HessianOf<P, P>
