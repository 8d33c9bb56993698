import type { FixedSize } from '../../ops/data-dependent.js'
import type { SliceOptions } from '../../ops/slice.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Out } from '../tensor.js'

/** Elements by their places. */
export interface Indexing {
  /**
   * Elements `start` up to but not including `end` of an axis, by Python's rules.
   *
   * @throws AxisError for an axis that x lacks; IndexOutOfRangeError for a bound that is no integer, or a step of 0
   * @example arange(5).slice(0, 1, -1)   // [1, 2, 3]
   */
  readonly slice: <A extends AnyTensor, X extends number>(
    x: A,
    axis: Arg<X, rule.Splice<A['shape'], X, [number]>>,
    start: number | null,
    end?: number | null,
    options?: SliceOptions,
  ) => Out<rule.Splice<A['shape'], X, [number]>>
  /**
   * One entry of the first axis, which is dropped; -1 is the last.
   *
   * @throws IndexOutOfRangeError; ShapeError for a scalar
   * @example tensor([[1, 2], [3, 4]]).at(-1)   // [3, 4]
   */
  readonly at: <A extends AnyTensor>(x: Arg<A, rule.Row<A['shape']>>, index: number) => Out<rule.Row<A['shape']>>
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
   * The indices of the elements that are not 0, in row-major order: int32 [count, rank]; NaN is not 0.
   *
   * @param options `size`: so many rows, the first ones; where there are fewer, `fill` stands (-1 unless given). Inside
   *   `compile`, `vmap` and loops, where elements are not known, it must be given
   * @throws CompileError there without a size
   * @example nonzero(tensor([[0, 2], [3, 0]]))   // [[0, 1], [1, 0]]
   */
  readonly nonzero: <A extends AnyTensor>(x: A, options?: FixedSize) => Out<rule.Nonzero<A['shape']>>
}
