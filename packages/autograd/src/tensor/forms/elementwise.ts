import type { BinaryRule, ParametricRule, UnaryRule } from '../../rules/rule.js'
import type { rules } from '../../rules/table.js'
import type { AnyTensor, Arg, BroadcastOf, BroadcastOfThree, Operand, Out } from '../tensor.js'
import type { Unary } from './common.js'

/** Every scalar rule, documented where it is written (rules/), in a form that its number of operands gives. */
type Rules = {
  readonly [Name in keyof typeof rules as Exclude<Name, Internal | 'where'>]: FormOf<(typeof rules)[Name]>
}
/** What expressions are made with, besides what users call. */
type Internal = 'select' | 'scale' | 'integerMul' | 'integerPow'
type FormOf<R> = R extends UnaryRule
  ? Unary
  : R extends ParametricRule
    ? Parametric
    : R extends BinaryRule
      ? Binary
      : Ternary

export interface Elementwise extends Rules {}

/** With a number that shapes the curve. */
type Parametric = <A extends AnyTensor>(x: A, parameter?: number) => A
type Binary = <A extends Operand, B extends Operand>(a: A, b: Arg<B, BroadcastOf<A, B>>) => Out<BroadcastOf<A, B>>
type Ternary = <A extends Operand, B extends Operand, C extends Operand>(
  a: A,
  b: Arg<B, BroadcastOf<A, B>>,
  c: Arg<C, BroadcastOfThree<A, B, C>>,
) => Out<BroadcastOfThree<A, B, C>>

/** Functions only: of a condition no method is asked. */
export interface ElementwiseFunctions {
  /**
   * a where the condition holds, else b; all three broadcast. The branch not taken has a derivative of exactly 0.
   *
   * @throws ShapeError if the shapes do not broadcast
   * @example where(tensor([true, false]), 1, tensor([5, 6]))   // [1, 6]
   */
  readonly where: Ternary
}
