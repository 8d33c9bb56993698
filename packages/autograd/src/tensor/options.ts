// What reductions and their like take beside a tensor.

/** Left out or null: all of them. */
export type Axes = number | readonly number[] | null | undefined
export interface KeepDims<K extends boolean> {
  /** Keep the reduced axes, with size 1. */
  readonly keepDims?: K
}
export interface SpreadOption {
  /** Divide by the number of elements less this (NumPy's ddof): 0 by default, 1 for the unbiased estimate. */
  readonly correction?: number
}
/** What to add before and after a dim. */
export type Widths = readonly [before: number, after: number]
