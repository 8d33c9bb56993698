import type * as product from '../product-rules.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Out } from '../tensor.js'
import type { ShapesOf } from './common.js'

/** Sums of products. */
export interface Products {
  /**
   * The matrix product [..., m, k] x [..., k, n] -> [..., m, n]; a vector on either side counts as [k].
   *
   * @throws ShapeError if inner dims differ, batch dims do not broadcast, or one is a scalar
   * @example tensor([[1, 2], [3, 4]]).matmul(tensor([1, 1]))   // [3, 7]
   */
  readonly matmul: <A extends AnyTensor, B extends AnyTensor>(
    a: A,
    b: Arg<B, rule.MatMul<A['shape'], B['shape']>>,
  ) => Out<rule.MatMul<A['shape'], B['shape']>>
}

/** Functions only. */
export interface ProductFunctions {
  /**
   * Einstein's summation: the product of tensors whose axes have letters for names, summed over each letter that the
   * result does not name. Without '->' the result has the letters that stand in the text once, in alphabetical order.
   * '...' stands for axes without a name, which broadcast; dims of 1 stretch. Products are made two at a time, in the
   * cheapest order.
   *
   * @throws ArgumentError for a text that says nothing that can be, which shows the place; ShapeError if a letter has two
   *   sizes
   * @example einsum('ij,kj->ik', tensor([[1, 2]]), tensor([[3, 4], [5, 6]]))   // [[11, 17]]
   */
  readonly einsum: <const T extends string, const X extends readonly AnyTensor[]>(
    subscripts: Arg<T, product.Einsum<T, ShapesOf<X>>>,
    ...operands: X
  ) => Out<product.Einsum<T, ShapesOf<X>>>
  /**
   * The product summed over axes that meet: as many of the last of a and the first of b as `axes` says, 2 by default; or
   * the axes of a, and in the same order those of b.
   *
   * @throws AxisError for axes that they lack; ShapeError if axes that meet have different sizes
   * @example tensordot(zeros([2, 3, 4]), zeros([4, 5, 2]), [[0, 2], [2, 0]])   // Tensor<[3, 5]>
   */
  readonly tensordot: <
    A extends AnyTensor,
    B extends AnyTensor,
    const X extends number | readonly [number | readonly number[], number | readonly number[]] = 2,
  >(
    a: A,
    b: Arg<B, product.TensorDot<A['shape'], B['shape'], X>>,
    axes?: X,
  ) => Out<product.TensorDot<A['shape'], B['shape'], X>>
  /**
   * The distance of each row of a from each row of b: [..., m, size], [..., n, size] -> [..., m, n]. It is made of
   * differences, so that the distance of near rows is exact. The derivative is 0 where rows coincide.
   *
   * @param options `p`: the norm, 2 unless given; with Infinity the greatest difference, with 0 the number of places that
   *   differ
   * @throws ShapeError if the rows differ in size, or batches do not broadcast
   * @example cdist(tensor([[0, 0]]), tensor([[3, 4], [0, 1]]))   // [[5, 1]]
   */
  readonly cdist: <A extends AnyTensor, B extends AnyTensor>(
    a: A,
    b: Arg<B, product.Distances<A['shape'], B['shape']>>,
    options?: { readonly p?: number },
  ) => Out<product.Distances<A['shape'], B['shape']>>
  /**
   * softmax(queries keys^T / sqrt(size)) values: what each query [..., queries, size] finds among the values
   * [..., keys, n] of the keys [..., keys, size] (Vaswani et al., Attention is all you need, 2017). A query that may see
   * no key gets zeros.
   *
   * @param options `causal`: query i sees the keys 0 to i only; `mask`: broadcasts to [..., queries, keys], bool, true where a
   *   query may see a key, or floats that are added to the scores; `scale`: 1 / sqrt(size) unless given; `groupedQueries`: keys
   *   and values have fewer heads, [..., heads, keys, size], than queries, of which so many in a row share one (Ainslie et al., GQA,
   *   2023)
   * @throws ShapeError if sizes or lengths differ, or batches or the mask do not broadcast; DTypeError for a mask of int32
   * @example scaledDotProductAttention(zeros([8, 5, 4]), zeros([8, 7, 4]), zeros([8, 7, 3]))   // Tensor<[8, 5, 3]>
   */
  readonly scaledDotProductAttention: <
    Q extends AnyTensor,
    K extends AnyTensor,
    V extends AnyTensor,
    G extends boolean = false,
  >(
    queries: Q,
    keys: Arg<K, rule.Attention<Q['shape'], K['shape'], V['shape'], G>>,
    values: V,
    options?: {
      readonly causal?: boolean
      readonly mask?: AnyTensor
      readonly scale?: number
      readonly groupedQueries?: G
    },
  ) => Out<rule.Attention<Q['shape'], K['shape'], V['shape'], G>>
  /**
   * The product of each element of a vector with each of another: [m], [n] -> [m, n].
   *
   * @throws ShapeError unless both are vectors
   * @example outer(tensor([1, 2]), tensor([3, 4]))   // [[3, 4], [6, 8]]
   */
  readonly outer: <A extends AnyTensor, B extends AnyTensor>(
    a: A,
    b: Arg<B, product.Outer<A['shape'], B['shape']>>,
  ) => Out<product.Outer<A['shape'], B['shape']>>
  /**
   * Sums of products over the last axis of both: of each row of a with each row of b. With a scalar it is the product.
   *
   * @throws ShapeError if the last dims differ
   * @example inner(tensor([[1, 2], [3, 4]]), tensor([1, 1]))   // [3, 7]
   */
  readonly inner: <A extends AnyTensor, B extends AnyTensor>(
    a: A,
    b: Arg<B, product.Inner<A['shape'], B['shape']>>,
  ) => Out<product.Inner<A['shape'], B['shape']>>
  /**
   * NumPy's dot: sums of products over the last axis of a and the second to last of b, or its only one. Of vectors a
   * scalar, of matrices their product; of more axes all with all, where `matmul` has batches. With a scalar it is the
   * product.
   *
   * @throws ShapeError if those dims differ
   * @example dot(tensor([1, 2]), tensor([3, 4]))   // 11
   */
  readonly dot: <A extends AnyTensor, B extends AnyTensor>(
    a: A,
    b: Arg<B, product.Dot<A['shape'], B['shape']>>,
  ) => Out<product.Dot<A['shape'], B['shape']>>
  /**
   * Kronecker's product: each element of a times the whole of b. Dims are multiplied; the shape that has fewer gets ones
   * in front.
   *
   * @throws ShapeError if the result would be too large
   * @example kron(tensor([1, 10]), tensor([1, 2]))   // [1, 2, 10, 20]
   */
  readonly kron: <A extends AnyTensor, B extends AnyTensor>(a: A, b: B) => Out<product.Kron<A['shape'], B['shape']>>
  /**
   * The cross product of vectors of three elements, along the last axis unless another is given; other axes broadcast.
   *
   * @throws ShapeError unless the axis has 3 elements in both, or if others do not broadcast; AxisError for an axis that
   *   one of them lacks
   * @example cross(tensor([1, 0, 0]), tensor([0, 1, 0]))   // [0, 0, 1]
   */
  readonly cross: <A extends AnyTensor, B extends AnyTensor, X extends number = -1>(
    a: A,
    b: Arg<B, product.Cross<A['shape'], B['shape'], X>>,
    axis?: X,
  ) => Out<product.Cross<A['shape'], B['shape'], X>>
  /**
   * The sum of a diagonal: of the elements (i, i + offset) of the first two axes, or of those in `axes`.
   *
   * @throws ShapeError for fewer than two axes; AxisError for an axis that x lacks, or one named twice
   * @example trace(tensor([[1, 2], [3, 4]]))   // 5
   */
  readonly trace: <A extends AnyTensor, const X extends readonly [number, number] = readonly [0, 1]>(
    x: A,
    offset?: number,
    options?: { readonly axes?: Arg<X, product.Trace<A['shape'], X>> },
  ) => Out<product.Trace<A['shape'], X>>
  /**
   * A diagonal: the elements (i, i + offset) of the first two axes, or of those in `axes`. These are dropped, and the
   * diagonal is the last axis, as in NumPy and PyTorch.
   *
   * @throws ShapeError for fewer than two axes; AxisError for an axis that x lacks, or one named twice
   * @example diagonal(tensor([[1, 2, 3], [4, 5, 6]]), 1)   // [2, 6]
   */
  readonly diagonal: <
    A extends AnyTensor,
    D extends number = 0,
    const X extends readonly [number, number] = readonly [0, 1],
  >(
    x: A,
    offset?: D,
    options?: { readonly axes?: Arg<X, product.Diagonal<A['shape'], D, X>> },
  ) => Out<product.Diagonal<A['shape'], D, X>>
  /**
   * Of a vector the matrix with it as a diagonal, `offset` above the main one, and zeros elsewhere; of a matrix that
   * diagonal.
   *
   * @throws ShapeError for neither a vector nor a matrix
   * @example diag(tensor([1, 2]))   // [[1, 0], [0, 2]]
   */
  readonly diag: <A extends AnyTensor, D extends number = 0>(
    x: Arg<A, product.Diag<A['shape'], D>>,
    offset?: D,
  ) => Out<product.Diag<A['shape'], D>>
  /**
   * Matrices, the last two axes, with zeros above the diagonal that is `offset` above the main one.
   *
   * @throws ShapeError for fewer than two axes
   * @example tril(ones([2, 2]))   // [[1, 0], [1, 1]]
   */
  readonly tril: <A extends AnyTensor>(x: Arg<A, product.Matrices<'tril', A['shape']>>, offset?: number) => A
  /**
   * Matrices, the last two axes, with zeros below the diagonal that is `offset` above the main one.
   *
   * @throws ShapeError for fewer than two axes
   * @example triu(ones([2, 2]), 1)   // [[0, 1], [0, 0]]
   */
  readonly triu: <A extends AnyTensor>(x: Arg<A, product.Matrices<'triu', A['shape']>>, offset?: number) => A
}
