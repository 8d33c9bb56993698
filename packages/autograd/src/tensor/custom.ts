import { checked } from '../graph/arguments.js'
import { GradientError } from '../graph/errors.js'
import { fromRule } from '../ops/elementwise.js'
import * as kinds from '../ops/kinds.js'
import type { Algebra } from '../rules/algebra.js'
import type { FullAlgebra } from '../rules/complete.js'
import type { Rule } from '../rules/rule.js'
import * as untyped from '../transforms/custom.js'
import { algebraFor, elementOf } from './algebra.js'
import type { Functions } from './function-types.js'
import type { AnyTensor, Operand, Tensor } from './tensor.js'

/** The forward of a custom op: a function of at most five tensors, or of more that are annotated. */
type Forward = {
  // a method, so that parameters may be annotated with shapes
  call(a: Tensor, b: Tensor, c: Tensor, d: Tensor, e: Tensor): AnyTensor
}['call']

export interface CustomOp<F extends Forward> {
  readonly name: string
  /** The value. It runs untracked: only the rules say how it is differentiated. */
  readonly forward: F
  /** The cotangents of the inputs, given that of the output; null where there is none. */
  readonly vjp?: (
    cotangent: ReturnType<F>,
    inputs: Parameters<F>,
    output: ReturnType<F>,
  ) => readonly (AnyTensor | null)[]
  /** The tangent of the output, given those of the inputs. */
  readonly jvp?: (tangents: Parameters<F>, inputs: Parameters<F>, output: ReturnType<F>) => AnyTensor
}

/**
 * An op with its own forward computation and derivative rules. Written with tensor ops, the rules can be differentiated
 * again, and one of the two is enough: each follows from the other. A rule that looks at elements (by data, item(),
 * toArray() or assign()) makes the op once differentiable: give both rules for both modes. A forward may look. Check it with
 * `gradcheck`. In a compiled function, what looks at elements runs in JavaScript; there the shape of a result must not
 * depend on elements.
 *
 * @throws GradientError if differentiated without a rule, or by elements that a rule looked at, or if a rule returns the
 * wrong number or shape
 * @example
 * const cube = customOp({
 *   name: 'cube',
 *   forward: (x: Tensor) => x.mul(x).mul(x),
 *   vjp: (g, [x]) => [g.mul(x.square()).mul(3)],
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
    },
  },
  <F extends Forward>(op: CustomOp<F>): ((...inputs: Parameters<F>) => ReturnType<F>) =>
    untyped.customOp(op as unknown as untyped.CustomOp) as unknown as (...inputs: Parameters<F>) => ReturnType<F>,
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
type ElementwiseOp<N> = N extends 2
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
 * @throws ArgumentError for a function that returns something else than what the algebra's functions give
 * @example const mish = elementwise('mish', (m, x) => m.mul(x, m.tanh(m.softplus(x))))
 */
export const elementwise = /* @__PURE__ */ checked(
  'elementwise',
  { name: kinds.string, value: kinds.function },
  <F extends ScalarFunction>(name: string, value: F): ElementwiseOp<Parameters<F>['length']> => {
    const arity = value.length - 1
    if (arity < 1) {
      throw new GradientError(
        `elementwise: '${name}' is a function without operands; write it as (m, x) => ..., with one or more.`,
      )
    }
    const scalar = value as unknown as <T>(m: FullAlgebra<T>, ...operands: T[]) => T
    const rule: Rule = {
      name,
      arity,
      value: <T>(m: Algebra<T>, ...operands: T[]) => elementOf(name, m, scalar(algebraFor(name, m), ...operands)),
      result: 'float',
      defaults: [],
      conditions: [],
      primitive: false,
      additive: false,
      samples: [],
      known: [],
    }
    return fromRule(rule) as unknown as ElementwiseOp<Parameters<F>['length']>
  },
)
