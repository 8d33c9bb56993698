import type { PreluOptions } from '../../ops/activation.js'
import type { NanToNumOptions } from '../../ops/special.js'
import type { everyday } from '../../rules/everyday.js'
import type { rare } from '../../rules/rare.js'
import type { BinaryRule, ParametricRule, UnaryRule } from '../../rules/rule.js'
import type * as rule from '../shape-rules.js'
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
type Parametric = <A extends AnyTensor>(x: A, parameter?: number) => A
type Binary = <A extends Operand, B extends Operand>(a: A, b: Arg<B, BroadcastOf<A, B>>) => Out<BroadcastOf<A, B>>
type Ternary = <A extends Operand, B extends Operand, C extends Operand>(
  a: A,
  b: Arg<B, BroadcastOf<A, B>>,
  c: Arg<C, BroadcastOfThree<A, B, C>>,
) => Out<BroadcastOfThree<A, B, C>>

/** Functions only: those that are not of every day, and those of a condition or of a number, of which no method is asked. */
export interface ElementwiseFunctions extends FormsOf<typeof rare> {
  /**
   * a where the condition holds, else b; all three broadcast. The branch not taken has a derivative of exactly 0.
   *
   * @throws ShapeError if the shapes do not broadcast
   * @example where(tensor([true, false]), 1, tensor([5, 6]))   // [1, 6]
   */
  readonly where: Ternary
  /**
   * The n-th derivative of digamma, n from 0 to 1000. At 0, -1, -2, ... it is Infinity for an odd n; for an even one it has at 0
   * the sign of the side, and is NaN at the others.
   *
   * @throws ArgumentError for another n
   * @example polygamma(1, tensor(1))   // Math.PI ** 2 / 6
   */
  readonly polygamma: <A extends AnyTensor>(n: number, x: A) => A
  /**
   * a * sigmoid(b), of the first half a and the second half b of an axis, the last unless given (Dauphin et al. 2017).
   *
   * @throws AxisError for an axis that x lacks; ShapeError for an axis of an odd size
   * @example glu(tensor([3, 0]))   // [1.5]
   */
  readonly glu: <A extends AnyTensor, X extends number = -1>(
    x: A,
    axis?: Arg<X, rule.Splice<A['shape'], X, [number]>>,
  ) => Out<rule.Splice<A['shape'], X, [number]>>
  /**
   * x where it is positive, else weight * x (He et al. 2015): one weight, or one for each place of an axis.
   *
   * @param options `axis`: 1, the channels, unless given
   * @throws ShapeError for another number of weights; AxisError for an axis that x lacks
   * @example prelu(tensor([[-4, -4]]), tensor([0.25, 0.5]))   // [[-1, -2]]
   */
  readonly prelu: <A extends AnyTensor>(x: A, weight: AnyTensor, options?: PreluOptions) => A
  /**
   * x with numbers for NaN and the infinities; its derivative is 1, and 0 at those.
   *
   * @param options `nan`: 0 unless given; `posInf`, `negInf`: the greatest and the least number of the dtype
   * @example nanToNum(tensor([NaN, 1, Infinity]), { posInf: 9 })   // [0, 1, 9]
   */
  readonly nanToNum: <A extends AnyTensor>(x: A, options?: NanToNumOptions) => A
}
