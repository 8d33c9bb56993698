import type { Algebra, Operand, ResultKind, Rule } from './algebra.js'

export type { Partial, ResultKind, Rule } from './algebra.js'

export interface UnaryRule extends Rule {
  readonly arity: 1
}
export interface BinaryRule extends Rule {
  readonly arity: 2
}
export interface TernaryRule extends Rule {
  readonly arity: 3
}

type Options<Value, Part> = {
  readonly value: Value
  readonly partials?: readonly Part[] | 'none'
  readonly result?: ResultKind
  readonly defaults?: readonly number[]
  readonly conditions?: readonly number[]
  readonly primitive?: true
  readonly samples: readonly (readonly number[])[]
  readonly known?: readonly (readonly number[])[]
}
type Unary = <T>(m: Algebra<T>, x: T) => T
type UnaryPartial = <T>(m: Algebra<T>, x: T, y: T) => Operand<T>
type Binary = <T>(m: Algebra<T>, a: T, b: T) => T
type BinaryPartial = <T>(m: Algebra<T>, a: T, b: T, y: T) => Operand<T>
type Ternary = <T>(m: Algebra<T>, a: T, b: T, c: T) => T
type TernaryPartial = <T>(m: Algebra<T>, a: T, b: T, c: T, y: T) => Operand<T>

const define = <Arity extends number, Value, Part>(name: string, arity: Arity, options: Options<Value, Part>) => {
  const {
    value,
    partials,
    result = 'same',
    defaults = [],
    conditions = [],
    primitive = false,
    samples,
    known = [],
  } = options
  return {
    name,
    arity,
    value: value as Rule['value'],
    ...(partials === undefined ? {} : { partials: partials as NonNullable<Rule['partials']> }),
    result,
    defaults,
    conditions,
    primitive,
    samples,
    known,
  }
}

export const unary = (name: string, options: Options<Unary, UnaryPartial>): UnaryRule => define(name, 1, options)
export const binary = (name: string, options: Options<Binary, BinaryPartial>): BinaryRule => define(name, 2, options)
export const ternary = (name: string, options: Options<Ternary, TernaryPartial>): TernaryRule =>
  define(name, 3, options)
