import type { Shape } from '../../graph/shape.js'
import type { FixedSize } from '../../ops/data-dependent.js'
import type { SliceOptions } from '../../ops/slice.js'
import type * as indexed from '../index-rules.js'
import type * as part from '../part-rules.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Index, IndexItem, Operand, Out } from '../tensor.js'

/** Elements by their places. */
export interface Indexing {
  /**
   * Elements `start` up to but not including `end` of an axis, by Python's rules; of several axes with an array of each.
   *
   * @throws AxisError for an axis that x lacks; IndexOutOfRangeError for a bound that is no integer, or a step of 0
   * @example arange(5).slice(0, 1, -1)   // [1, 2, 3]
   */
  readonly slice: <A extends AnyTensor, const X extends number | readonly number[]>(
    x: A,
    axis: Arg<X, part.Resized<A['shape'], X>>,
    start: Bound,
    end?: Bound,
    options?: SliceOptions,
  ) => Out<part.Resized<A['shape'], X>>
  /**
   * What stands at an index, which has an entry for each axis: an integer, which drops it (-1 is the last one); a slice by
   * Python's rules, `'1:5:2'`, or `':'` for all of it; an array of integers or a tensor of int32, whose axes replace it; or a
   * mask. `'...'` stands for the axes that are not named, as does the end, and null for a new axis.
   *
   * Indices in arrays and tensors stretch to each other, and their axes stand where the first of them stood; if others are
   * between them, in front. Beside them an integer counts as one (NumPy's rules).
   *
   * @throws IndexOutOfRangeError; ShapeError for more entries than axes; ArgumentError for a slice that is none, with the
   * place; CompileError for a mask where elements are not known
   * @example tensor([[1, 2], [3, 4]]).at(-1)   // [3, 4]
   * @example tensor([[1, 2, 3], [4, 5, 6]]).at(':', '1:')   // [[2, 3], [5, 6]]
   * @example tensor([[1, 2, 3], [4, 5, 6]]).at([1, 0], '::2')   // [[4, 6], [1, 3]]
   * @example tensor([1, 5, 7]).at(tensor([true, false, true]))   // [1, 7]
   */
  readonly at: <A extends AnyTensor, const I extends readonly [IndexItem, ...IndexItem[]]>(
    x: Arg<A, indexed.At<A['shape'], I>>,
    ...index: I
  ) => Out<indexed.At<A['shape'], I>>
  /**
   * One element of each line along the axis for each index (NumPy's take_along_axis): has the shape of the indices.
   *
   * @throws DTypeError unless indices are int32; IndexOutOfRangeError; ShapeError for other indices
   * @example tensor([[1, 2], [3, 4]]).gather(tensor([[1], [0]], { dtype: 'int32' }), 1)   // [[2], [3]]
   */
  readonly gather: <A extends AnyTensor, I extends AnyTensor, X extends number>(
    x: A,
    indices: Arg<I, rule.Gather<A['shape'], I['shape'], X>>,
    axis: Arg<X, rule.WithAxis<A['shape'], X>>,
  ) => Out<rule.Gather<A['shape'], I['shape'], X>>
  /**
   * The given places of an axis, 0 by default (NumPy's take): it is replaced by the axes of the indices.
   *
   * @throws DTypeError unless indices are int32; IndexOutOfRangeError; AxisError for an axis that x lacks
   * @example tensor([[1, 2], [3, 4]]).indexSelect(tensor([1, 1], { dtype: 'int32' }))   // [[3, 4], [3, 4]]
   */
  readonly indexSelect: <A extends AnyTensor, I extends AnyTensor, X extends number = 0>(
    x: A,
    indices: I,
    axis?: Arg<X, rule.IndexSelect<A['shape'], I['shape'], X>>,
  ) => Out<rule.IndexSelect<A['shape'], I['shape'], X>>
  /**
   * x with `source` added at the places that gather would read; repeated indices add up.
   *
   * @throws as `gather`, and ShapeError unless source has the shape of the indices
   * @example zeros([3]).scatterAdd(tensor([2, 2], { dtype: 'int32' }), ones([2]), 0)   // [0, 0, 2]
   */
  readonly scatterAdd: <A extends AnyTensor, I extends AnyTensor, B extends AnyTensor, X extends number>(
    x: A,
    indices: Arg<I, rule.Gather<A['shape'], I['shape'], X>>,
    source: Arg<B, rule.Source<I['shape'], B['shape']>>,
    axis: Arg<X, rule.WithAxis<A['shape'], X>>,
  ) => A
  /**
   * For each index from 0 to `depth` - 1 a line of `depth` zeros with a 1 there: [...indices, depth], float32.
   *
   * @throws DTypeError unless indices are int32; IndexOutOfRangeError
   * @example tensor([2, 0], { dtype: 'int32' }).oneHot(3)   // [[0, 0, 1], [1, 0, 0]]
   */
  readonly oneHot: <A extends AnyTensor, N extends number>(indices: A, depth: N) => Out<rule.Append<A['shape'], N>>
}

/** Functions only. */
export interface IndexingFunctions {
  /**
   * x with `value`, which stretches to it, at an index as `at` takes it; several entries are in an array. Of several values for
   * one element the last stays, in row-major order.
   *
   * @throws as `at`; ShapeError for a value that does not stretch; DTypeError for a number that the dtype has not
   * @example set(zeros([2, 3]), [':', 1], tensor([5, 6]))   // [[0, 5, 0], [0, 6, 0]]
   */
  readonly set: WriteAt
  /**
   * x with `value`, which stretches to it, added at an index as `at` takes it; several entries are in an array. Values for one
   * element add up.
   *
   * @throws as `at`; ShapeError for a value that does not stretch; DTypeError for a number that the dtype has not
   * @example addAt(zeros([3]), [[0, 2, 0]], 1)   // [2, 0, 1]
   */
  readonly addAt: WriteAt
  /**
   * x with `values`, which stretch to them, at the places that tensors of indices (int32), one for each of the first axes, mean
   * together; with `accumulate` they are added, and else of several for one element the last stays.
   *
   * @throws DTypeError for other indices; IndexOutOfRangeError; ShapeError for values that do not stretch
   * @example
   * const places = arange(2, { dtype: 'int32' })
   * indexPut(ones([2, 2]), [places, places], 5)   // [[5, 1], [1, 5]]
   */
  readonly indexPut: <A extends AnyTensor, const I extends readonly AnyTensor[], B extends Operand>(
    x: A,
    indices: Arg<I, indexed.At<A['shape'], I>>,
    values: Arg<B, indexed.WrittenAt<B, A['shape'], I>>,
    options?: { readonly accumulate?: boolean },
  ) => A
  /**
   * x with `source`, a tensor or a number, at the places that gather would read; where indices repeat, the last one along the
   * axis stays.
   *
   * @throws as `gather`, and ShapeError unless source has the shape of the indices
   * @example scatter(zeros([3]), tensor([2, 0], { dtype: 'int32' }), tensor([5, 6]), 0)   // [6, 0, 5]
   */
  readonly scatter: <A extends AnyTensor, I extends AnyTensor, B extends Operand, X extends number>(
    x: A,
    indices: Arg<I, rule.Gather<A['shape'], I['shape'], X>>,
    source: Arg<B, SourceOf<I['shape'], B>>,
    axis: Arg<X, rule.WithAxis<A['shape'], X>>,
  ) => A
  /**
   * x with `source` added at the places of an axis, 0 by default, that indexSelect would read; repeated indices add up.
   *
   * @throws as `indexSelect`, and ShapeError unless source has the shape of what it gives
   * @example indexAdd(zeros([3]), tensor([2, 2], { dtype: 'int32' }), ones([2]))   // [0, 0, 2]
   */
  readonly indexAdd: <A extends AnyTensor, I extends AnyTensor, B extends AnyTensor, X extends number = 0>(
    x: A,
    indices: I,
    source: Arg<B, indexed.Picked<rule.IndexSelect<A['shape'], I['shape'], X>, B['shape']>>,
    axis?: X,
  ) => A
  /**
   * x with `value`, a tensor or a number, where the mask (bool) is true; both stretch to x.
   *
   * @throws DTypeError unless the mask is bool; ShapeError where it or the value does not stretch
   * @example maskedFill(tensor([1, 2, 3]), tensor([true, false, true]), 0)   // [0, 2, 0]
   */
  readonly maskedFill: <A extends AnyTensor, M extends AnyTensor, B extends Operand>(
    x: A,
    mask: Arg<M, indexed.Stretched<M['shape'], A['shape'], 'mask'>>,
    value: Arg<B, indexed.StretchedOperand<B, A['shape']>>,
  ) => A
  /**
   * The elements where a mask (bool) is true, in row-major order; x and the mask stretch to each other. In `compile`, `vmap` and
   * loops, where elements are not known, give a `size`: the first ones come out, and `fill` where there are fewer.
   *
   * @throws DTypeError unless the mask is bool; ShapeError unless the shapes broadcast; CompileError there without a size
   * @example maskedSelect(tensor([1, 2, 3]), tensor([true, false, true]))   // [1, 3]
   */
  readonly maskedSelect: <A extends AnyTensor, M extends AnyTensor, N extends number = number>(
    x: A,
    mask: Arg<M, rule.Broadcast<A['shape'], M['shape']>>,
    options?: FixedSize<N>,
  ) => Out<rule.Append<[], NoInfer<N>>>
  /**
   * The indices of the elements that are not 0, in row-major order: int32 [count, rank]; NaN is not 0.
   *
   * @param options `size`: so many rows, the first ones; where there are fewer, `fill` stands (-1 unless given). Inside
   *   `compile`, `vmap` and loops, where elements are not known, it must be given
   * @throws CompileError there without a size
   * @example nonzero(tensor([[0, 2], [3, 0]]))   // [[0, 1], [1, 0]]
   */
  readonly nonzero: <A extends AnyTensor>(x: A, options?: FixedSize) => Out<rule.Nonzero<A['shape']>>
}

type Bound = number | null | readonly (number | null)[]

type WriteAt = <A extends AnyTensor, const I extends Index, B extends Operand>(
  x: A,
  index: Arg<I, indexed.At<A['shape'], indexed.Items<I>>>,
  value: Arg<B, indexed.WrittenAt<B, A['shape'], I>>,
) => A

/** A number, or a tensor of the shape of the indices. */
type SourceOf<S extends Shape, B extends Operand> = B extends AnyTensor ? rule.Source<S, B['shape']> : rule.Shaped<S>
