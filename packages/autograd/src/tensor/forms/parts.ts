import type { FixedSize } from '../../ops/data-dependent.js'
import type { MeshgridOptions } from '../../ops/meshgrid.js'
import type { PadOptions } from '../../ops/pad.js'
import type { Widths } from '../options.js'
import type * as part from '../part-rules.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Out, Outs } from '../tensor.js'
import type { ShapesOf } from './common.js'

type Axes = number | readonly number[]

/** More of an axis, or the same the other way round. */
export interface Parts {
  /**
   * The elements of an axis, or of several, in reverse order.
   *
   * @throws AxisError for an axis that x lacks
   * @example arange(3).flip(0)   // [2, 1, 0]
   */
  readonly flip: <A extends AnyTensor, const X extends Axes>(x: A, axis: Arg<X, rule.Reduce<A['shape'], X, true>>) => A
  /**
   * `widths[i]` = [before, after] places added to axis i; negative ones take places away. The new ones are 0, or `value`; or
   * the tensor goes on by the `mode`: mirrored at its last element ('reflect') or behind it ('symmetric'), with that element
   * again and again ('replicate'), or from its other end on ('circular').
   *
   * @throws ShapeError unless there are two widths for each axis, which take away no more than is there
   * @example tensor([1, 2, 3]).pad([[1, 2]], { mode: 'reflect' })   // [2, 1, 2, 3, 2, 1]
   */
  readonly pad: <A extends AnyTensor, const W extends readonly Widths[]>(
    x: A,
    widths: Arg<W, rule.Pad<A['shape'], W>>,
    options?: PadOptions,
  ) => Out<rule.Pad<A['shape'], W>>
}

/** Functions only: a tensor taken apart, repeated, or turned. */
export interface PartFunctions {
  /**
   * The elements moved on by `shift` places along an axis, or along several; those that fall off the end come in at the
   * start. Without an axis in row-major order.
   *
   * @throws AxisError for an axis that x lacks; ArgumentError unless there is an integer for each axis, or one for all
   * @example roll(arange(4), 1)   // [3, 0, 1, 2]
   */
  readonly roll: <A extends AnyTensor, const X extends Axes | undefined = undefined>(
    x: A,
    shift: number | readonly number[],
    axis?: Arg<X, rule.Reduce<A['shape'], X, true>>,
  ) => A
  /**
   * Turned by a right angle `turns` times, from the first of two axes towards the second: [0, 1] unless others are given.
   *
   * @throws AxisError for an axis that x lacks; ShapeError for fewer than two
   * @example rot90(tensor([[1, 2], [3, 4]]))   // [[2, 4], [1, 3]]
   */
  readonly rot90: <A extends AnyTensor, N extends number = 1, const X extends readonly number[] = readonly [0, 1]>(
    x: A,
    turns?: N,
    axes?: Arg<X, part.Rot90<A['shape'], N, X>>,
  ) => Out<part.Rot90<A['shape'], N, X>>
  /**
   * x laid side by side along the last axis, or along as many of the last axes as there are counts.
   *
   * @throws ShapeError for a count that is no integer of at least 0
   * @example tile(tensor([1, 2]), [2, 2])   // [[1, 2, 1, 2], [1, 2, 1, 2]]
   */
  readonly tile: <A extends AnyTensor, const C extends Axes>(x: A, counts: C) => Out<part.Tile<A['shape'], C>>
  /**
   * x laid side by side along each axis, as PyTorch's repeat; NumPy's is `repeatInterleave`.
   *
   * @throws ShapeError unless there is a count for each axis, an integer of at least 0
   * @example repeat(tensor([1, 2]), [3])   // [1, 2, 1, 2, 1, 2]
   */
  readonly repeat: <A extends AnyTensor, const C extends readonly number[]>(
    x: A,
    counts: Arg<C, part.Repeat<A['shape'], C>>,
  ) => Out<part.Repeat<A['shape'], C>>
  /**
   * Each entry of an axis so many times, one by one; without an axis each element, in row-major order. Where counts are in a
   * tensor, the shape depends on its elements: in `compile`, `vmap` and loops give a `size`. The first ones come out, and
   * `fill` where there are fewer.
   *
   * @throws AxisError for an axis that x lacks; ShapeError unless there is a count for each entry, or one for all
   * @example repeatInterleave(tensor([1, 2, 3]), [2, 0, 1], 0)   // [1, 1, 3]
   */
  readonly repeatInterleave: <
    A extends AnyTensor,
    const C extends Axes | AnyTensor,
    X extends number | undefined = undefined,
    N extends number = number,
  >(
    x: A,
    counts: C,
    axis?: Arg<X, part.RepeatInterleave<A['shape'], C, X, N>>,
    options?: FixedSize<N>,
  ) => Out<part.RepeatInterleave<A['shape'], C, X, N>>
  /**
   * Parts along an axis, the first unless another is named: all of one size but for the last, which may be smaller, or of the
   * sizes in an array.
   *
   * @throws ShapeError unless sizes make up the axis; AxisError for an axis that x lacks
   * @example split(zeros([5, 2]), [2, 3])[1]   // Tensor<[3, 2]>
   */
  readonly split: <A extends AnyTensor, const N extends Axes, X extends number = 0>(
    x: A,
    sizes: Arg<N, part.Split<A['shape'], N, X>>,
    axis?: X,
  ) => Outs<part.Split<A['shape'], N, X>>
  /**
   * So many parts along an axis, the first unless another is named: all of one size but for the last, which may be smaller.
   * Where PyTorch would give fewer, there is an error.
   *
   * @throws ShapeError where parts of one size cannot be so many; AxisError for an axis that x lacks
   * @example chunk(arange(5), 2)   // [[0, 1, 2], [3, 4]]
   */
  readonly chunk: <A extends AnyTensor, N extends number, X extends number = 0>(
    x: A,
    chunks: Arg<N, part.Chunk<A['shape'], N, X>>,
    axis?: X,
  ) => Outs<part.Chunk<A['shape'], N, X>>
  /**
   * The entries of an axis, the first unless another is named, one by one, without that axis.
   *
   * @throws AxisError for an axis that x lacks
   * @example unbind(tensor([[1, 2], [3, 4]]))   // [[1, 2], [3, 4]]
   */
  readonly unbind: <A extends AnyTensor, X extends number = 0>(
    x: A,
    axis?: Arg<X, part.Unbind<A['shape'], X>>,
  ) => Outs<part.Unbind<A['shape'], X>>
  /**
   * Windows of `size` entries along an axis, which then counts them; their entries lie along a new last axis.
   *
   * @param options `step`: the distance of neighbouring windows, 1 unless given
   * @throws ShapeError for a window larger than the axis; AxisError for an axis that x lacks
   * @example unfold(arange(5), 0, 3, { step: 2 })   // [[0, 1, 2], [2, 3, 4]]
   */
  readonly unfold: <A extends AnyTensor, X extends number, N extends number, T extends number = 1>(
    x: A,
    axis: Arg<X, rule.WithAxis<A['shape'], X>>,
    size: Arg<N, part.Unfold<A['shape'], X, N, T>>,
    options?: { readonly step?: T },
  ) => Out<part.Unfold<A['shape'], X, N, T>>
  /**
   * The coordinates of all points of a grid: for each vector a tensor in which it runs along its own axis. The first runs
   * along the second axis, as x does in a picture, and the second along the first; with 'ij' all are in order.
   *
   * @throws ShapeError for what is no vector
   * @example meshgrid([arange(3), arange(2)])[0]   // [[0, 1, 2], [0, 1, 2]]
   */
  readonly meshgrid: <const T extends readonly AnyTensor[], I extends 'xy' | 'ij' = 'xy'>(
    tensors: Arg<T, part.Meshgrid<ShapesOf<T>, I>>,
    options?: MeshgridOptions & { readonly indexing?: I },
  ) => Outs<part.Meshgrid<ShapesOf<T>, I>>
}
