// Written by scripts/methods.ts from forms/elementwise.ts: change it there.

import type { BinaryRule, ParametricRule, UnaryRule } from '../../rules/rule.js'
import type { rules } from '../../rules/table.js'
import type { AnyTensor, Arg, BroadcastOf, BroadcastOfThree, Operand, Out } from '../tensor.js'
import type { Unary } from './common.js'

/** Every scalar rule, documented where it is written (rules/), in a form that its number of operands gives. */
type Rules = {
  readonly [Name in keyof typeof rules as Exclude<Name, Internal | 'where'>]: FormOf<(typeof rules)[Name]>
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

export interface Elementwise extends Rules {}

/** With a number that shapes the curve. */
type Parametric = <A extends AnyTensor>(this: A, parameter?: number) => A

type Binary = <A extends AnyTensor, B extends Operand>(this: A, b: Arg<B, BroadcastOf<A, B>>) => Out<BroadcastOf<A, B>>

type Ternary = <A extends AnyTensor, B extends Operand, C extends Operand>(
  this: A,
  b: Arg<B, BroadcastOf<A, B>>,
  c: Arg<C, BroadcastOfThree<A, B, C>>,
) => Out<BroadcastOfThree<A, B, C>>
