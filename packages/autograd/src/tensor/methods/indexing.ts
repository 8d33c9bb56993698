// Written by scripts/methods.ts from forms/indexing.ts: change it there.

import type { SliceOptions } from '../../ops/slice.js'
import type * as indexed from '../index-rules.js'
import type * as part from '../part-rules.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, IndexItem, Out } from '../tensor.js'

/** Elements by their places. */
export interface Indexing {
  /**
   * Elements `start` up to but not including `end` of an axis, by Python's rules; of several axes with an array of each.
   *
   * @throws AxisError for an axis that x lacks; IndexOutOfRangeError for a bound that is no integer, or a step of 0
   * @example arange(5).slice(0, 1, -1)   // [1, 2, 3]
   */
  readonly slice: <A extends AnyTensor, const X extends number | readonly number[]>(
    this: A,
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
    this: Arg<A, indexed.At<A['shape'], I>>,
    ...index: I
  ) => Out<indexed.At<A['shape'], I>>
  /**
   * One element of each line along the axis for each index (NumPy's take_along_axis): has the shape of the indices.
   *
   * @throws DTypeError unless indices are int32; IndexOutOfRangeError; ShapeError for other indices
   * @example tensor([[1, 2], [3, 4]]).gather(tensor([[1], [0]], { dtype: 'int32' }), 1)   // [[2], [3]]
   */
  readonly gather: <A extends AnyTensor, I extends AnyTensor, X extends number>(
    this: A,
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
    this: A,
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
    this: A,
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
  readonly oneHot: <A extends AnyTensor, N extends number>(this: A, depth: N) => Out<rule.Append<A['shape'], N>>
}

type Bound = number | null | readonly (number | null)[]
