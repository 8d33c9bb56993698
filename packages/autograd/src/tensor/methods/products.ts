// Written by scripts/methods.ts from forms/products.ts: change it there.

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
}
