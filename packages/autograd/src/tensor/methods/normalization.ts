// Written by scripts/methods.ts from forms/normalization.ts: change it there.

import type { NormalizeOptions } from '../../ops/normalize.js'
import type * as rule from '../shape-rules.js'
import type { AnyTensor, Arg } from '../tensor.js'
import type { Axiswise } from './common.js'

/** What brings the elements along an axis to a common scale. */
export interface Normalization {
  /**
   * Positive numbers in proportion to exp(x) that sum to 1 along the axis, the last by default; without overflow.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([0, Math.log(3)]).softmax()   // [0.25, 0.75]
   */
  readonly softmax: Axiswise
  /**
   * The logarithm of the softmax along the axis, exact where the softmax underflows.
   *
   * @throws AxisError for an axis that x lacks
   * @example tensor([0, 1000]).logSoftmax()   // [-1000, 0]
   */
  readonly logSoftmax: Axiswise
  /**
   * x / max(norm, epsilon) along an axis, the last unless given: of norm 1, but for what is nearly 0.
   *
   * @param options `order`: the p of the norm, 2 unless given; `epsilon`: 1e-12 unless given
   * @throws AxisError for an axis that x lacks; AdjointError for an epsilon that is not positive
   * @example tensor([3, 4], { dtype: 'float64' }).normalize()   // [0.6, 0.8]
   */
  readonly normalize: <A extends AnyTensor, X extends number = -1>(
    this: A,
    axis?: Arg<X, rule.WithAxis<A['shape'], X>>,
    options?: NormalizeOptions,
  ) => A
}
