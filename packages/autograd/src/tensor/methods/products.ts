// Written by scripts/methods.ts from forms/products.ts: change it there.

import type * as product from '../product-rules.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg, Out } from '../tensor.js'

/** Sums of products. */
export interface Products {
  /**
   * The matrix product [..., m, k] x [..., k, n] -> [..., m, n]; a vector on either side counts as [k].
   *
   * @throws ShapeError if inner dims differ, batch dims do not broadcast, or one is a scalar
   * @example tensor([[1, 2], [3, 4]]).matmul(tensor([1, 1]))   // [3, 7]
   */
  readonly matmul: <A extends AnyTensor, B extends AnyTensor>(
    this: A,
    b: Arg<B, rule.MatMul<A['shape'], B['shape']>>,
  ) => Out<rule.MatMul<A['shape'], B['shape']>>
  /**
   * The product of each element of a vector with each of another: [m], [n] -> [m, n].
   *
   * @throws ShapeError unless both are vectors
   * @example outer(tensor([1, 2]), tensor([3, 4]))   // [[3, 4], [6, 8]]
   */
  readonly outer: <A extends AnyTensor, B extends AnyTensor>(
    this: A,
    b: Arg<B, product.Outer<A['shape'], B['shape']>>,
  ) => Out<product.Outer<A['shape'], B['shape']>>
  /**
   * Sums of products over the last axis of both: of each row of a with each row of b. With a scalar it is the product.
   *
   * @throws ShapeError if the last dims differ
   * @example inner(tensor([[1, 2], [3, 4]]), tensor([1, 1]))   // [3, 7]
   */
  readonly inner: <A extends AnyTensor, B extends AnyTensor>(
    this: A,
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
    this: A,
    b: Arg<B, product.Dot<A['shape'], B['shape']>>,
  ) => Out<product.Dot<A['shape'], B['shape']>>
  /**
   * Kronecker's product: each element of a times the whole of b. Dims are multiplied; the shape that has fewer gets ones
   * in front.
   *
   * @throws ShapeError if the result would be too large
   * @example kron(tensor([1, 10]), tensor([1, 2]))   // [1, 2, 10, 20]
   */
  readonly kron: <A extends AnyTensor, B extends AnyTensor>(this: A, b: B) => Out<product.Kron<A['shape'], B['shape']>>
  /**
   * The cross product of vectors of three elements, along the last axis unless another is given; other axes broadcast.
   *
   * @throws ShapeError unless the axis has 3 elements in both, or if others do not broadcast; AxisError for an axis that
   *   one of them lacks
   * @example cross(tensor([1, 0, 0]), tensor([0, 1, 0]))   // [0, 0, 1]
   */
  readonly cross: <A extends AnyTensor, B extends AnyTensor, X extends number = -1>(
    this: A,
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
    this: A,
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
    this: A,
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
    this: Arg<A, product.Diag<A['shape'], D>>,
    offset?: D,
  ) => Out<product.Diag<A['shape'], D>>
  /**
   * Matrices, the last two axes, with zeros above the diagonal that is `offset` above the main one.
   *
   * @throws ShapeError for fewer than two axes
   * @example tril(ones([2, 2]))   // [[1, 0], [1, 1]]
   */
  readonly tril: <A extends AnyTensor>(this: Arg<A, product.Matrices<'tril', A['shape']>>, offset?: number) => A
  /**
   * Matrices, the last two axes, with zeros below the diagonal that is `offset` above the main one.
   *
   * @throws ShapeError for fewer than two axes
   * @example triu(ones([2, 2]), 1)   // [[0, 1], [0, 0]]
   */
  readonly triu: <A extends AnyTensor>(this: Arg<A, product.Matrices<'triu', A['shape']>>, offset?: number) => A
}
