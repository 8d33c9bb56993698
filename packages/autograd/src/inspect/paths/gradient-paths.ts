import type { Quantity } from '../trace/schema.js'

/** One way from a tensor to the result. */
export interface GradientPath {
  /** The names along it, from the tensor to the result. */
  readonly nodes: readonly string[]
  /** The local derivative of each step, in the same order; absent where any is no single number. */
  readonly factors?: readonly number[]
  /** What arrives at the tensor along it: the product of the local derivatives. */
  readonly amount: Quantity
  /** The square root of the sum of the squares of `amount`. */
  readonly norm: number
  /**
   * The part of the gradient g that comes along it: (amount · g) / (g · g), which of single numbers is amount / g. The shares of
   * all paths add up to 1; one that works against the others is negative. Null where the gradient is 0.
   */
  readonly share: number | null
}

/** A gradient as a sum over paths. */
export interface GradientPaths {
  /** What is differentiated. */
  readonly of: string
  /** By what. */
  readonly by: string
  /** The derivative: the sum over all paths. */
  readonly gradient: Quantity
  /** How many paths there are: exact below 2^53. */
  readonly count: number
  /** Those of the largest shares, in order of their size. */
  readonly paths: readonly GradientPath[]
  /** The sum of their shares. Null where the gradient is 0. */
  readonly share: number | null
  /**
   * Whether these are surely the largest. They are if all on the way are single numbers, or all paths could be followed; where
   * tensors have too many paths for that, those are followed first behind which most of the gradient lies.
   */
  readonly exact: boolean
  /** A table for a terminal. */
  readonly toString: () => string
}
