// Written by scripts/methods.ts from forms/layout.ts: change it there.

import type * as part from '../part-rules.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Out, Tensor } from '../tensor.js'

/** The same elements in another order or shape. */
export interface Layout {
  /**
   * The same elements in row-major order under another shape; one dim may be -1.
   *
   * @throws ShapeError for a shape of another number of elements
   * @example tensor([[1, 2], [3, 4]]).reshape([4])   // [1, 2, 3, 4]
   */
  reshape<const T extends number[]>(this: AnyTensor, shape: readonly [...T, -1]): Tensor<[...T, number]>
  // the target is trusted; one dim may be -1, then `number`. Overloads: a conditional would wait for type parameters
  reshape<const T extends number[]>(this: AnyTensor, shape: readonly [-1, ...T]): Tensor<[number, ...T]>
  reshape<const D extends number, const T extends number[]>(
    this: AnyTensor,
    shape: readonly [D, -1, ...T],
  ): Tensor<[D, number, ...T]>
  reshape<const D extends number, const E extends number, const T extends number[]>(
    this: AnyTensor,
    shape: readonly [D, E, -1, ...T],
  ): Tensor<[D, E, number, ...T]>
  reshape<const T extends number[]>(this: AnyTensor, shape: readonly [...T]): Tensor<T>
  /**
   * The axes from `start` to `end`, both included, joined into one: all but the first unless others are named.
   *
   * @throws AxisError for an axis that x lacks, or a start behind the end; ShapeError for a scalar
   * @example zeros([2, 3, 4]).flatten()   // Tensor<[2, 12]>
   */
  flatten<A extends AnyTensor>(this: Arg<A, rule.Flatten<A['shape']>>): Out<rule.Flatten<A['shape']>>
  flatten<A extends AnyTensor, X extends number, Y extends number = -1>(
    this: A,
    start: Arg<X, part.FlattenRange<A['shape'], X, Y>>,
    end?: Y,
  ): Out<part.FlattenRange<A['shape'], X, Y>>
  /**
   * One axis with all elements in row-major order.
   *
   * @example tensor([[1, 2], [3, 4]]).ravel()   // [1, 2, 3, 4]
   */
  readonly ravel: <A extends AnyTensor>(this: A) => Out<rule.Ravel<A['shape']>>
  /**
   * The last two axes swapped.
   *
   * @throws ShapeError for fewer than two axes
   * @example tensor([[1, 2], [3, 4]]).transpose()   // [[1, 3], [2, 4]]
   */
  readonly transpose: <A extends AnyTensor>(this: Arg<A, rule.Transpose<A['shape']>>) => Out<rule.Transpose<A['shape']>>
  /**
   * The axes in another order: axis i of the result is axis axes[i] of x.
   *
   * @throws AxisError unless each axis is named once
   * @example zeros([2, 3, 4]).permute([2, 0, 1])   // Tensor<[4, 2, 3]>
   */
  readonly permute: <A extends AnyTensor, const P extends number[]>(
    this: A,
    axes: Arg<readonly [...P], rule.Permute<A['shape'], P>>,
  ) => Out<rule.Permute<A['shape'], P>>
  /**
   * Two axes swapped.
   *
   * @throws AxisError for an axis that x lacks
   * @example zeros([2, 3, 4]).swapAxes(0, -1)   // Tensor<[4, 3, 2]>
   */
  readonly swapAxes: <A extends AnyTensor, X extends number, Y extends number>(
    this: A,
    a: Arg<X, rule.WithAxis<A['shape'], X>>,
    b: Arg<Y, rule.WithAxis<A['shape'], Y>>,
  ) => Out<rule.SwapAxes<A['shape'], X, Y>>
  /**
   * Stretched to a shape: dims of 1 are repeated, axes are added in front.
   *
   * @throws ShapeError where another dim than 1 would stretch
   * @example tensor([1, 2]).broadcastTo([2, 2])   // [[1, 2], [1, 2]]
   */
  readonly broadcastTo: <A extends AnyTensor, const T extends number[]>(
    this: A,
    shape: Arg<readonly [...T], rule.BroadcastTo<A['shape'], T>>,
  ) => Out<rule.BroadcastTo<A['shape'], T>>
  /**
   * A new axis of size 1 at this place of the result.
   *
   * @throws AxisError for a place that the result does not have
   * @example zeros([2, 3]).expandDims(1)   // Tensor<[2, 1, 3]>
   */
  readonly expandDims: <A extends AnyTensor, X extends number>(
    this: A,
    axis: Arg<X, rule.Insert<A['shape'], X, 1>>,
  ) => Out<rule.Insert<A['shape'], X, 1>>
  /**
   * Without an axis of size 1, or without all of them.
   *
   * @throws ShapeError for an axis of another size; AxisError for an axis that x lacks
   * @example zeros([2, 1, 3]).squeeze(1)   // Tensor<[2, 3]>
   */
  readonly squeeze: <A extends AnyTensor, X extends number | undefined = undefined>(
    this: A,
    axis?: Arg<X, rule.Squeeze<A['shape'], X>>,
  ) => Out<rule.Squeeze<A['shape'], X>>
}
