import { checked } from '../graph/arguments.js'
import { ArgumentError, GradientError } from '../graph/errors.js'
import { fromRule } from '../ops/elementwise.js'
import * as kinds from '../ops/kinds.js'
import type { Algebra } from '../rules/algebra.js'
import type { FullAlgebra } from '../rules/complete.js'
import { ruleOf } from '../rules/rule.js'
import * as untyped from '../transforms/custom.js'
import { algebraFor, elementOf } from './algebra.js'
import type { Functions } from './forms/index.js'
import type { AnyTensor, Operand, Tensor } from './tensor.js'

/** The forward of a custom op: a function of at most five tensors, or of more that are annotated. */
type Forward = {
  // a method, so that parameters may be annotated with shapes
  call(a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor): AnyTensor | readonly [AnyTensor, unknown]
}['call']

type Output<F extends Forward> =
  ReturnType<F> extends readonly [infer Y extends AnyTensor, unknown] ? Y : Extract<ReturnType<F>, AnyTensor>
type Residuals<F extends Forward> = ReturnType<F> extends readonly [AnyTensor, infer R] ? R : undefined

/** What `customOp` makes an op of: how it computes, and at least one rule of how it is differentiated. */
export interface CustomOp<F extends Forward> {
  /** What messages and graphs call it. */
  readonly name: string
  /** The value; with `residuals: true`, `[output, residuals]`. Only the rules say how it is differentiated. */
  readonly forward: F
  /** Whether forward returns, beside its output, tensors for the rules: a tree of what is dear to compute again. */
  readonly residuals?: ReturnType<F> extends readonly [AnyTensor, unknown] ? true : false
  /** The cotangents of the inputs, given that of the output; null where there is none. */
  readonly vjp?: (
    cotangent: Output<F>,
    inputs: Parameters<F>,
    output: Output<F>,
    residuals: Residuals<F>,
  ) => readonly (AnyTensor | null)[]
  /** The tangent of the output, given those of the inputs. */
  readonly jvp?: (
    tangents: Parameters<F>,
    inputs: Parameters<F>,
    output: Output<F>,
    residuals: Residuals<F>,
  ) => AnyTensor
  /** The positions of inputs by which it has no derivative: the vjp gives null there. Integers need not be named. */
  readonly nondifferentiable?: readonly number[]
}

/**
 * An op with its own forward computation and derivative rules. Written with tensor ops, the rules can be differentiated
 * again, and one of the two is enough: each follows from the other. A rule that looks at elements (by data, item(),
 * toArray() or assign()) makes the op once differentiable: give both rules for both modes. A forward may look. Check it with
 * `gradcheck`. In a compiled function, what looks at elements runs in JavaScript; there the shape of a result must not
 * depend on elements. By a tensor that forward closes over there is no derivative: to ask for it is an error.
 *
 * With `residuals: true`, forward returns `[output, residuals]`, and the rules get these as well. They are differentiated
 * where the rules are: then forward runs again, with the same draws, and it may not change tensors that were there before.
 *
 * @throws GradientError if differentiated without a rule, or by elements that a rule looked at, or if a rule returns the
 * wrong number or shape
 * @example
 * const cube = customOp({
 *   name: 'cube',
 *   forward: (x: Tensor) => x.mul(x).mul(x),
 *   vjp: (g, [x]) => [g.mul(x.square()).mul(3)],
 * })
 * @example
 * // straight through: rounded, with the derivative of the identity
 * const straightThrough = customOp({ name: 'straightThrough', forward: (x: Tensor) => x.round(), vjp: (g) => [g] })
 * // the gradient reversed
 * const reverse = customOp({ name: 'reverse', forward: (x: Tensor) => x, vjp: (g) => [g.neg()] })
 * @example
 * // what forward has computed, it hands to its derivative
 * const softplus = customOp({
 *   name: 'softplus',
 *   residuals: true,
 *   forward: (x: Tensor) => {
 *     const e = x.exp().add(1)
 *     return [e.log(), { e }]
 *   },
 *   vjp: (g, _inputs, _output, { e }) => [g.mul(e.sub(1).div(e))],
 * })
 */
export const customOp = /* @__PURE__ */ checked(
  'customOp',
  {
    op: {
      name: /* @__PURE__ */ kinds.required(kinds.string),
      forward: /* @__PURE__ */ kinds.required(kinds.function),
      vjp: kinds.function,
      jvp: kinds.function,
      residuals: kinds.boolean,
      nondifferentiable: /* @__PURE__ */ kinds.kind(
        'an array of positions of inputs, such as [1]',
        (thing) => Array.isArray(thing) && thing.every((each) => Number.isInteger(each) && each >= 0),
      ),
    },
  },
  <F extends Forward>(op: CustomOp<F>): ((...inputs: Parameters<F>) => Output<F>) =>
    untyped.customOp(op as unknown as untyped.CustomOp) as unknown as (...inputs: Parameters<F>) => Output<F>,
)

interface ScalarFunctions {
  1: <T>(m: FullAlgebra<T>, a: T) => T
  2: <T>(m: FullAlgebra<T>, a: T, b: T) => T
  3: <T>(m: FullAlgebra<T>, a: T, b: T, c: T) => T
  4: <T>(m: FullAlgebra<T>, a: T, b: T, c: T, d: T) => T
  5: <T>(m: FullAlgebra<T>, a: T, b: T, c: T, d: T, e: T) => T
}
/** A scalar function of N operands, at most five, over an algebra that has every elementwise function. */
export type ScalarFunction<N extends keyof ScalarFunctions = 5> = ScalarFunctions[N]

/** The op of a scalar function that takes N arguments, the algebra among them. */
export type ElementwiseOp<N> = N extends 2
  ? Functions['tanh']
  : N extends 3
    ? Functions['add']
    : N extends 4
      ? Functions['where']
      : (...operands: Operand[]) => Tensor

/**
 * An elementwise op from a scalar expression. It broadcasts, promotes dtypes, runs as one kernel and is differentiable
 * to any order like a built-in one: its derivative follows from the expression.
 *
 * @param name how it is called in messages and graphs
 * @param value the function of an element; write it with the algebra's functions (numbers stand for constants)
 * @param options.operands how many there are, where `value` takes them as a rest parameter
 * @throws ArgumentError for a function that returns something else than what the algebra's functions give
 * @example const mish = elementwise('mish', (m, x) => m.mul(x, m.tanh(m.softplus(x))))
 */
export const elementwise = /* @__PURE__ */ checked(
  'elementwise',
  { name: kinds.string, value: kinds.function, options: { operands: kinds.number } },
  <F extends ScalarFunction>(
    name: string,
    value: F,
    { operands = value.length - 1 }: { readonly operands?: number } = {},
  ): ElementwiseOp<Parameters<F>['length']> => {
    const arity = operands
    if (!Number.isInteger(arity)) throw new ArgumentError(`elementwise: operands is ${arity}; use how many there are.`)
    if (arity < 1) {
      throw new GradientError(
        `elementwise: '${name}' is a function without operands; write it as (m, x) => ..., with one or more.`,
      )
    }
    const scalar = value as unknown as <T>(m: FullAlgebra<T>, ...operands: T[]) => T
    const rule = ruleOf(name, arity, <T>(m: Algebra<T>, ...operands: T[]) =>
      elementOf(name, m, scalar(algebraFor(name, m), ...operands)),
    )
    return fromRule(rule) as unknown as ElementwiseOp<Parameters<F>['length']>
  },
)
