import type { Algebra, Misfit, Operand, ResultKind, Rule } from './algebra.js'

export type { PartialDerivative, Rule } from './algebra.js'

export interface UnaryRule extends Rule {
  readonly arity: 1
}
/** Of an operand and a number that shapes the curve, which may be left out. */
export interface ParametricRule extends Rule {
  readonly arity: 2
  readonly defaults: readonly [number]
}
export interface BinaryRule extends Rule {
  readonly arity: 2
  readonly defaults: readonly []
}
export interface TernaryRule extends Rule {
  readonly arity: 3
}

type Options<Value, Part> = {
  readonly value: Value
  readonly partials?: readonly Part[] | 'none'
  readonly result?: ResultKind
  readonly conditions?: readonly number[]
  readonly primitive?: true
  readonly additive?: true
  readonly misfit?: Misfit
  readonly samples: readonly (readonly number[])[]
  readonly known?: readonly (readonly number[])[]
}
type Unary = <T>(m: Algebra<T>, x: T) => T
type UnaryPartial = <T>(m: Algebra<T>, x: T, y: T) => Operand<T>
type Binary = <T>(m: Algebra<T>, a: T, b: T) => T
type BinaryPartial = <T>(m: Algebra<T>, a: T, b: T, y: T) => Operand<T>
type Ternary = <T>(m: Algebra<T>, a: T, b: T, c: T) => T
type TernaryPartial = <T>(m: Algebra<T>, a: T, b: T, c: T, y: T) => Operand<T>

const define = <Arity extends number, const Defaults extends readonly number[], Value, Part>(
  name: string,
  arity: Arity,
  defaults: Defaults,
  options: Options<Value, Part>,
) => {
  const { value, partials, result = 'same', conditions = [], misfit, samples, known = [] } = options
  const { primitive = false, additive = false } = options
  return {
    name,
    arity,
    value: value as Rule['value'],
    ...(partials === undefined ? {} : { partials: partials as NonNullable<Rule['partials']> }),
    result,
    defaults,
    conditions,
    primitive,
    additive,
    ...(misfit === undefined ? {} : { misfit }),
    samples,
    known,
  }
}

export const unary = (name: string, options: Options<Unary, UnaryPartial>): UnaryRule => define(name, 1, [], options)
export const binary = (name: string, options: Options<Binary, BinaryPartial>): BinaryRule =>
  define(name, 2, [], options)
/** Of two operands, of which the second has the value `fallback` when it is left out. */
export const parametric = (name: string, fallback: number, options: Options<Binary, BinaryPartial>): ParametricRule =>
  define(name, 2, [fallback], options)
export const ternary = (name: string, options: Options<Ternary, TernaryPartial>): TernaryRule =>
  define(name, 3, [], options)
