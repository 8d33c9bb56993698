import type { BincountOptions, HistogramOptions } from '../../ops/count.js'
import type { SearchOptions } from '../../ops/search-sorted.js'
import type { SortOptions, TopkOptions } from '../../ops/sort.js'
import type { UniqueOptions } from '../../ops/unique.js'
import type { KeepDims } from '../options.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Extremes, Tensor } from '../tensor.js'

/** What stands in order, and what is counted. Equal elements keep their order, -0 equals 0, and NaN is the greatest. */

/** A tensor, or an object where more is asked for; either where the options do not tell. */
type Uniques<A, O> =
  Asks<O, 'inverse'> extends true
    ? Found<A, O>
    : Asks<O, 'counts'> extends true
      ? Found<A, O>
      : true extends Asks<O, 'inverse'> | Asks<O, 'counts'>
        ? Tensor<[number]> | Found<A, O>
        : Tensor<[number]>
type Found<A, O> = { readonly values: Tensor<[number]> } & With<'inverse', A, O> & With<'counts', Tensor<[number]>, O>
type With<K extends string, T, O> =
  Asks<O, K> extends true
    ? { readonly [Name in K]: T }
    : true extends Asks<O, K>
      ? { readonly [Name in K]?: T }
      : unknown
type Asks<O, K extends string> = K extends keyof O ? O[K] : false

/** Functions only. */
export interface OrderingFunctions {
  /**
   * The elements along an axis, the last unless given, in ascending order; equal ones keep theirs, and NaN is the last. With
   * `descending` it is the first. The gradient goes back to where each element stood.
   *
   * @throws AxisError for an axis that x lacks
   * @example sort(tensor([3, 1, 2]))   // [1, 2, 3]
   */
  readonly sort: <A extends AnyTensor, X extends number = -1>(
    x: A,
    axis?: Arg<X, rule.WithAxis<A['shape'], X>>,
    options?: SortOptions,
  ) => A
  /**
   * What sort gives, and where each of these elements stood along the axis (int32).
   *
   * @throws AxisError for an axis that x lacks
   * @example sortWithIndices(tensor([3, 1, 2]))   // { values: [1, 2, 3], indices: [1, 2, 0] }
   */
  readonly sortWithIndices: <A extends AnyTensor, X extends number = -1>(
    x: A,
    axis?: Arg<X, rule.WithAxis<A['shape'], X>>,
    options?: SortOptions,
  ) => { readonly values: A; readonly indices: A }
  /**
   * Where along an axis, the last unless given, the elements stand that sort would give; int32.
   *
   * @throws AxisError for an axis that x lacks
   * @example argsort(tensor([3, 1, 2]))   // [1, 2, 0]
   */
  readonly argsort: <A extends AnyTensor, X extends number = -1>(
    x: A,
    axis?: Arg<X, rule.WithAxis<A['shape'], X>>,
    options?: SortOptions,
  ) => A
  /**
   * The k greatest elements along an axis, the last unless given, from the greatest on, and where they stand (int32). Of equal
   * ones the first come first; NaN is the greatest. The gradient goes to the elements that are given.
   *
   * @param options `largest`: if false, the k least, from the least on
   * @throws ShapeError for a k that the axis has not; AxisError for an axis that x lacks
   * @example topk(tensor([3, 1, 2]), 2)   // { values: [3, 2], indices: [0, 2] }
   */
  readonly topk: <A extends AnyTensor, K extends number, X extends number = -1>(
    x: A,
    k: K,
    axis?: Arg<X, rule.Splice<A['shape'], X, [K]>>,
    options?: TopkOptions,
  ) => Extremes<rule.Splice<A['shape'], X, [K]>>
  /**
   * The k-th least element along an axis, the last unless given, and where it stands (int32): 1 is the least. The gradient goes
   * to that element.
   *
   * @throws IndexOutOfRangeError for a k that the axis has not; AxisError for an axis that x lacks
   * @example kthValue(tensor([3, 1, 2]), 2)   // { values: 2, indices: 2 }
   */
  readonly kthValue: <A extends AnyTensor, X extends number = -1, K extends boolean = false>(
    x: A,
    k: number,
    axis?: Arg<X, rule.Reduce<A['shape'], X, K>>,
    options?: KeepDims<K>,
  ) => Extremes<rule.Reduce<A['shape'], X, K>>
  /**
   * Where elements belong in a line in ascending order, [n]: how many of it are less; with `side: 'right'` less or equal. Of
   * several lines, [..., n], each is for the elements in the same place, [..., m]; int32.
   *
   * @throws ShapeError for lines and elements of different batches
   * @example searchSorted(tensor([1, 3, 5]), tensor([3, 4]))   // [1, 2]
   */
  readonly searchSorted: <A extends AnyTensor, E extends AnyTensor>(
    sorted: A,
    elements: E,
    options?: SearchOptions,
  ) => E
  /**
   * The values that there are, each once, in ascending order; NaN is one of them. The gradient goes to the first element of
   * each. With `inverse` or `counts` an object, { values, inverse, counts }: for each element of x the place of its value, and
   * how often each value is there (int32).
   *
   * @param options `size`: so many, the least ones; where there are fewer, `fill` stands (0 unless given), and is counted 0
   *   times. Inside `compile`, `vmap` and loops, where elements are not known, it must be given
   * @throws CompileError there without a size
   * @example unique(tensor([3, 1, 3]), { counts: true })   // { values: [1, 3], counts: [1, 2] }
   */
  readonly unique: <A extends AnyTensor, const O extends UniqueOptions = object>(x: A, options?: O) => Uniques<A, O>
  /**
   * How often each integer is there, from 0 to the greatest; with `weights`, the sum of those of its elements.
   *
   * @param options `weights`: one for each element; `minLength`: at least so many bins; `size`: exactly so many, which must be
   *   given inside `compile`, `vmap` and loops
   * @throws DTypeError unless x is int32; IndexOutOfRangeError for an element below 0, or not below a given size; ShapeError
   *   for weights of another shape; CompileError inside `compile` without a size
   * @example bincount(tensor([0, 2, 2], { dtype: 'int32' }))   // [1, 0, 2]
   */
  readonly bincount: <A extends AnyTensor>(x: A, options?: BincountOptions<AnyTensor>) => Tensor<[number]>
  /**
   * How many elements lie in each bin, and the edges between: { counts, edges }. A bin goes from its lower edge to before its
   * upper one, which the last includes; what lies outside, and NaN, is counted nowhere.
   *
   * @param options `bins`: how many of equal width, 10 unless given, or a tensor of their edges; `range`: from where to where
   *   they go, else from the least to the greatest element; `weights`: what each element counts; `density`: true for counts
   *   over their sum and the widths
   * @throws ArgumentError for no bins, or a range that is none; ShapeError for edges that are no line, or weights of another
   *   shape
   * @example histogram(tensor([0, 1, 1, 4]), { bins: 2 })   // { counts: [3, 1], edges: [0, 2, 4] }
   */
  readonly histogram: <A extends AnyTensor>(
    x: A,
    options?: HistogramOptions<AnyTensor>,
  ) => { readonly counts: Tensor<[number]>; readonly edges: Tensor<[number]> }
}
