// What reductions and their like take beside a tensor.

export type Axes = number | readonly number[] | undefined
export interface KeepDims<K extends boolean> {
  /** Keep the reduced axes, with size 1. */
  readonly keepDims?: K
}
export interface SpreadOption {
  /** Divide by the number of elements less this (NumPy's ddof): 0 by default, 1 for the unbiased estimate. */
  readonly correction?: number
}
export interface FixedSize {
  /** So many, whatever the elements are: the first ones, and `fill` where there are fewer. */
  readonly size?: number
  /** What stands where there are fewer than `size`. */
  readonly fill?: number
}
/** What to add before and after a dim. */
export type Widths = readonly [before: number, after: number]
