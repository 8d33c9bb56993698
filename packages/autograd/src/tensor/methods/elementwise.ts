// Written by scripts/methods.ts from forms/elementwise.ts: change it there.

import type { everyday } from '../../rules/everyday.js'
import type { BinaryRule, ParametricRule, UnaryRule } from '../../rules/rule.js'
import type { AnyTensor, Arg, BroadcastOf, BroadcastOfThree, Operand, Out } from '../tensor.js'
import type { Unary } from './common.js'

/** Scalar rules, documented where they are written (rules/), in forms that their numbers of operands give. */
type FormsOf<Rules> = {
  readonly [Name in keyof Rules as Exclude<Name, Internal | 'where'>]: FormOf<Rules[Name]>
}

/** What expressions are made with, besides what users call. */
type Internal = 'select' | 'scale' | 'integerMul' | 'integerPow' | 'psi' | 'besselI'

type FormOf<R> = R extends UnaryRule
  ? Unary
  : R extends ParametricRule
    ? Parametric
    : R extends BinaryRule
      ? Binary
      : Ternary

export interface Elementwise extends FormsOf<typeof everyday> {}

/** With a number that shapes the curve. */
type Parametric = <A extends AnyTensor>(this: A, parameter?: number) => A

type Binary = <A extends AnyTensor, B extends Operand>(this: A, b: Arg<B, BroadcastOf<A, B>>) => Out<BroadcastOf<A, B>>

type Ternary = <A extends AnyTensor, B extends Operand, C extends Operand>(
  this: A,
  b: Arg<B, BroadcastOf<A, B>>,
  c: Arg<C, BroadcastOfThree<A, B, C>>,
) => Out<BroadcastOfThree<A, B, C>>
