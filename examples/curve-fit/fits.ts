import type { Tensor } from '@adjoint/autograd'

/** A curve, and what networks of growing width have made of it. */
export interface Fits {
  readonly name: string
  /** The points that they learned from. */
  readonly points: readonly (readonly [x: number, y: number])[]
  readonly fits: readonly { readonly width: number; readonly error: number; readonly fitted: Tensor<[number, 1]> }[]
}
