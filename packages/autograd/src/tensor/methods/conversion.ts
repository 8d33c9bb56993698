// Written by scripts/methods.ts from forms/conversion.ts: change it there.

import type { DType } from '../../graph/dtype.js'
import type { AnyTensor } from '../tensor.js'
import type { Unary } from './common.js'

/** The same elements, seen otherwise. */
export interface Conversion {
  /**
   * The same values in another dtype; to int32 or bool no gradient flows. To int32 the fraction is dropped and what does
   * not fit wraps at 32 bits (NaN and infinities give 0), to bool all but 0 is true.
   *
   * @throws DTypeError for an unknown dtype
   * @example tensor([0.5, 2]).cast('int32')   // [0, 2]
   */
  readonly cast: <A extends AnyTensor>(this: A, dtype: DType) => A
  /**
   * The same values; no gradient flows back from here.
   *
   * @example stopGradient(parameter(ones([2]))).requiresGrad   // false
   */
  readonly stopGradient: Unary
}
