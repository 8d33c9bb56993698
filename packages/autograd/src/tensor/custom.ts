import { GradientError } from '../graph/errors.js'
import { fromRule } from '../ops/elementwise.js'
import type { Algebra } from '../rules/algebra.js'
import { complete, type FullAlgebra } from '../rules/complete.js'
import type { Rule } from '../rules/rule.js'
import * as untyped from '../transforms/custom.js'
import type { Functions } from './function-types.js'
import type { AnyTensor } from './tensor.js'

type Tensors<Inputs> = { -readonly [K in keyof Inputs]: AnyTensor }

export interface CustomOp<Inputs extends readonly AnyTensor[], Output extends AnyTensor> {
  readonly name: string
  /** The value. It runs untracked: only the rules say how it is differentiated. */
  readonly forward: (...inputs: Inputs) => Output
  /** The cotangents of the inputs, given that of the output; null where there is none. */
  readonly vjp?: (cotangent: Output, inputs: Inputs, output: Output) => readonly (AnyTensor | null)[]
  /** The tangent of the output, given those of the inputs. */
  readonly jvp?: (tangents: Tensors<Inputs> & Inputs, inputs: Inputs, output: Output) => AnyTensor
}

/**
 * An op with its own forward computation and derivative rules. Written with tensor ops, the rules can be differentiated
 * again. One of the two is enough: each follows from the other. Check it with `gradcheck`.
 *
 * @throws GradientError if differentiated without a rule, or if a rule returns the wrong number or shape
 * @example
 * const cube = customOp({
 *   name: 'cube',
 *   forward: (x: Tensor) => x.mul(x).mul(x),
 *   vjp: (g, [x]) => [g.mul(x.square()).mul(3)],
 * })
 */
export const customOp = <Inputs extends readonly AnyTensor[], Output extends AnyTensor>(
  op: CustomOp<Inputs, Output>,
): ((...inputs: Inputs) => Output) =>
  untyped.customOp(op as unknown as untyped.CustomOp) as unknown as (...inputs: Inputs) => Output

/** A scalar function of one to three operands, written over an algebra that has every elementwise function. */
export type ScalarFunction<Operands extends readonly unknown[]> = <T>(
  m: FullAlgebra<T>,
  ...operands: { [K in keyof Operands]: T }
) => T

type Unary = readonly [unknown]
type Binary = readonly [unknown, unknown]
type Ternary = readonly [unknown, unknown, unknown]

/**
 * An elementwise op from a scalar expression. It broadcasts, promotes dtypes, runs as one kernel and is differentiable
 * to any order like a built-in one: its derivative follows from the expression.
 *
 * @param name how it is called in messages and graphs
 * @param value the function of an element; write it with the algebra's functions (numbers stand for constants)
 * @example const mish = elementwise('mish', (m, x) => m.mul(x, m.tanh(m.softplus(x))))
 */
export function elementwise(name: string, value: ScalarFunction<Unary>): Functions['tanh']
export function elementwise(name: string, value: ScalarFunction<Binary>): Functions['add']
export function elementwise(name: string, value: ScalarFunction<Ternary>): Functions['where']
export function elementwise(name: string, value: <T>(m: FullAlgebra<T>, ...operands: T[]) => T): unknown {
  const arity = value.length - 1
  if (arity < 1 || arity > 3) {
    throw new GradientError(
      `elementwise: '${name}' is written as (m, x) => ... with one to three operands, got ${arity}.`,
    )
  }
  const rule: Rule = {
    name,
    arity,
    value: <T>(m: Algebra<T>, ...operands: T[]) => value(complete(m), ...operands),
    result: 'float',
    defaults: [],
    conditions: [],
    primitive: false,
    samples: [],
    known: [],
  }
  return fromRule(rule)
}
