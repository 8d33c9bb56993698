import type * as part from '../part-rules.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Out, Tensor } from '../tensor.js'
import type { ShapesOf } from './common.js'

type Axes = number | readonly number[]

/** The same elements in another order or shape. */
export interface Layout {
  /**
   * The same elements in row-major order under another shape; one dim may be -1.
   *
   * @throws ShapeError for a shape of another number of elements
   * @example tensor([[1, 2], [3, 4]]).reshape([4])   // [1, 2, 3, 4]
   */
  reshape<const T extends number[]>(x: AnyTensor, shape: readonly [...T, -1]): Tensor<[...T, number]>
  // the target is trusted; one dim may be -1, then `number`. Overloads: a conditional would wait for type parameters
  reshape<const T extends number[]>(x: AnyTensor, shape: readonly [-1, ...T]): Tensor<[number, ...T]>
  reshape<const D extends number, const T extends number[]>(
    x: AnyTensor,
    shape: readonly [D, -1, ...T],
  ): Tensor<[D, number, ...T]>
  reshape<const D extends number, const E extends number, const T extends number[]>(
    x: AnyTensor,
    shape: readonly [D, E, -1, ...T],
  ): Tensor<[D, E, number, ...T]>
  reshape<const T extends number[]>(x: AnyTensor, shape: readonly [...T]): Tensor<T>
  /**
   * The axes from `start` to `end`, both included, joined into one: all but the first unless others are named.
   *
   * @throws AxisError for an axis that x lacks, or a start behind the end; ShapeError for a scalar
   * @example zeros([2, 3, 4]).flatten()   // Tensor<[2, 12]>
   */
  flatten<A extends AnyTensor>(x: Arg<A, rule.Flatten<A['shape']>>): Out<rule.Flatten<A['shape']>>
  flatten<A extends AnyTensor, X extends number, Y extends number = -1>(
    x: A,
    start: Arg<X, part.FlattenRange<A['shape'], X, Y>>,
    end?: Y,
  ): Out<part.FlattenRange<A['shape'], X, Y>>
  /**
   * One axis with all elements in row-major order.
   *
   * @example tensor([[1, 2], [3, 4]]).ravel()   // [1, 2, 3, 4]
   */
  readonly ravel: <A extends AnyTensor>(x: A) => Out<rule.Ravel<A['shape']>>
  /**
   * The last two axes swapped.
   *
   * @throws ShapeError for fewer than two axes
   * @example tensor([[1, 2], [3, 4]]).transpose()   // [[1, 3], [2, 4]]
   */
  readonly transpose: <A extends AnyTensor>(x: Arg<A, rule.Transpose<A['shape']>>) => Out<rule.Transpose<A['shape']>>
  /**
   * The axes in another order: axis i of the result is axis axes[i] of x.
   *
   * @throws AxisError unless each axis is named once
   * @example zeros([2, 3, 4]).permute([2, 0, 1])   // Tensor<[4, 2, 3]>
   */
  readonly permute: <A extends AnyTensor, const P extends number[]>(
    x: A,
    axes: Arg<readonly [...P], rule.Permute<A['shape'], P>>,
  ) => Out<rule.Permute<A['shape'], P>>
  /**
   * Two axes swapped.
   *
   * @throws AxisError for an axis that x lacks
   * @example zeros([2, 3, 4]).swapAxes(0, -1)   // Tensor<[4, 3, 2]>
   */
  readonly swapAxes: <A extends AnyTensor, X extends number, Y extends number>(
    x: A,
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
    x: A,
    shape: Arg<readonly [...T], rule.BroadcastTo<A['shape'], T>>,
  ) => Out<rule.BroadcastTo<A['shape'], T>>
  /**
   * A new axis of size 1 at this place of the result.
   *
   * @throws AxisError for a place that the result does not have
   * @example zeros([2, 3]).expandDims(1)   // Tensor<[2, 1, 3]>
   */
  readonly expandDims: <A extends AnyTensor, X extends number>(
    x: A,
    axis: Arg<X, rule.Insert<A['shape'], X, 1>>,
  ) => Out<rule.Insert<A['shape'], X, 1>>
  /**
   * Without an axis of size 1, or without all of them.
   *
   * @throws ShapeError for an axis of another size; AxisError for an axis that x lacks
   * @example zeros([2, 1, 3]).squeeze(1)   // Tensor<[2, 3]>
   */
  readonly squeeze: <A extends AnyTensor, X extends number | undefined = undefined>(
    x: A,
    axis?: Arg<X, rule.Squeeze<A['shape'], X>>,
  ) => Out<rule.Squeeze<A['shape'], X>>
}

/** Functions only. */
export interface LayoutFunctions {
  /**
   * Axes moved to other places, one or several each; the others stay in their order.
   *
   * @throws AxisError for an axis that x lacks, or unless each has one place
   * @example moveAxis(zeros([2, 3, 4]), 0, -1)   // Tensor<[3, 4, 2]>
   */
  readonly moveAxis: <A extends AnyTensor, const F extends Axes, const T extends Axes>(
    x: A,
    from: Arg<F, part.MoveAxis<A['shape'], F, T>>,
    to: T,
  ) => Out<part.MoveAxis<A['shape'], F, T>>
  /**
   * Tensors joined along an axis that they have, 0 by default.
   *
   * @throws ShapeError if their other dims differ, or there are none; AxisError for an axis that they do not have
   * @example concat([zeros([2]), ones([1])])   // [0, 0, 1]
   */
  readonly concat: <const T extends readonly AnyTensor[], X extends number = 0>(
    tensors: Arg<T, rule.Concat<ShapesOf<T>, X>>,
    axis?: X,
  ) => Out<rule.Concat<ShapesOf<T>, X>>
  /**
   * Tensors of one shape joined along a new axis, 0 by default.
   *
   * @throws ShapeError if the shapes differ, or there are none
   * @example stack([zeros([2]), ones([2])])   // [[0, 0], [1, 1]]
   */
  readonly stack: <const T extends readonly AnyTensor[], X extends number = 0>(
    tensors: Arg<T, rule.Stack<ShapesOf<T>, X>>,
    axis?: X,
  ) => Out<rule.Stack<ShapesOf<T>, X>>
}
