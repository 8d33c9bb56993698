import type { Algebra, Misfit, NumberFunction, Operand, ResultKind, Rule } from './algebra.js'

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

/** A primitive is a function of the algebra, or one of numbers that the rule brings. */
type Body<Value> =
  | { readonly value: Value; readonly primitive?: true; readonly numeric?: never }
  | { readonly numeric: NumberFunction; readonly value?: never; readonly primitive?: never }
type Options<Value, Part> = Body<Value> & {
  readonly partials?: readonly Part[] | 'none'
  readonly result?: ResultKind
  readonly conditions?: readonly number[]
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

type Defined<Arity, Defaults> = Rule & { readonly arity: Arity; readonly defaults: Defaults }

const define = <Arity extends number, const Defaults extends readonly number[], Value, Part>(
  name: string,
  arity: Arity,
  defaults: Defaults,
  options: Options<Value, Part>,
): Defined<Arity, Defaults> => {
  const { value, partials, result = 'same', conditions = [], misfit, samples, known = [] } = options
  const { numeric, primitive = numeric !== undefined, additive = false } = options
  const rule: Defined<Arity, Defaults> = {
    name,
    arity,
    value: (value as Rule['value'] | undefined) ?? ((m, ...operands) => m.apply(rule, ...operands)),
    ...(partials === undefined ? {} : { partials: partials as NonNullable<Rule['partials']> }),
    result,
    defaults,
    conditions,
    primitive,
    ...(numeric === undefined ? {} : { numeric }),
    additive,
    ...(misfit === undefined ? {} : { misfit }),
    samples,
    known,
  }
  return rule
}

export const unary = (name: string, options: Options<Unary, UnaryPartial>): UnaryRule => define(name, 1, [], options)
export const binary = (name: string, options: Options<Binary, BinaryPartial>): BinaryRule =>
  define(name, 2, [], options)
/** Of two operands, of which the second has the value `fallback` when it is left out. */
export const parametric = (name: string, fallback: number, options: Options<Binary, BinaryPartial>): ParametricRule =>
  define(name, 2, [fallback], options)
export const ternary = (name: string, options: Options<Ternary, TernaryPartial>): TernaryRule =>
  define(name, 3, [], options)

/** A rule that is none of the table: a function of so many operands, by its value. */
export const ruleOf = (name: string, arity: number, value: Rule['value']): Rule =>
  define<number, [], Rule['value'], never>(name, arity, [], { value, result: 'float', samples: [] })
