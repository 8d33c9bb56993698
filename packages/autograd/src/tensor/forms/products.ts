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
    a: A,
    b: Arg<B, rule.MatMul<A['shape'], B['shape']>>,
  ) => Out<rule.MatMul<A['shape'], B['shape']>>
}

/** Functions only. */
export interface ProductFunctions {
  /**
   * softmax(queries keys^T / sqrt(size)) values: what each query [..., queries, size] finds among the values
   * [..., keys, n] of the keys [..., keys, size] (Vaswani et al., Attention is all you need, 2017). A query that may see
   * no key gets zeros.
   *
   * @param options `causal`: query i sees the keys 0 to i only; `mask`: bool, true where a query may see a key, broadcasts
   *   to [..., queries, keys]
   * @throws ShapeError if sizes or lengths differ, or batches or the mask do not broadcast; DTypeError unless a mask is bool
   * @example scaledDotProductAttention(zeros([8, 5, 4]), zeros([8, 7, 4]), zeros([8, 7, 3]))   // Tensor<[8, 5, 3]>
   */
  readonly scaledDotProductAttention: <Q extends AnyTensor, K extends AnyTensor, V extends AnyTensor>(
    queries: Q,
    keys: Arg<K, rule.Attention<Q['shape'], K['shape'], V['shape']>>,
    values: V,
    options?: { readonly causal?: boolean; readonly mask?: AnyTensor },
  ) => Out<rule.Attention<Q['shape'], K['shape'], V['shape']>>
}
