// Written by scripts/methods.ts from forms/normalization.ts: change it there.

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
}
