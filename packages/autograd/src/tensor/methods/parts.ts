// Written by scripts/methods.ts from forms/parts.ts: change it there.

import type { PadOptions } from '../../ops/pad.js'
import type { Widths } from '../options.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Out } from '../tensor.js'

type Axes = number | readonly number[]

/** More of an axis, or the same the other way round. */
export interface Parts {
  /**
   * The elements of an axis, or of several, in reverse order.
   *
   * @throws AxisError for an axis that x lacks
   * @example arange(3).flip(0)   // [2, 1, 0]
   */
  readonly flip: <A extends AnyTensor, const X extends Axes>(this: A, axis: Arg<X, rule.Reduce<A['shape'], X, true>>) => A
  /**
   * `widths[i]` = [before, after] places added to axis i; negative ones take places away. The new ones are 0, or `value`; or
   * the tensor goes on by the `mode`: mirrored at its last element ('reflect') or behind it ('symmetric'), with that element
   * again and again ('replicate'), or from its other end on ('circular').
   *
   * @throws ShapeError unless there are two widths for each axis, which take away no more than is there
   * @example tensor([1, 2, 3]).pad([[1, 2]], { mode: 'reflect' })   // [2, 1, 2, 3, 2, 1]
   */
  readonly pad: <A extends AnyTensor, const W extends readonly Widths[]>(
    this: A,
    widths: Arg<W, rule.Pad<A['shape'], W>>,
    options?: PadOptions,
  ) => Out<rule.Pad<A['shape'], W>>
}
