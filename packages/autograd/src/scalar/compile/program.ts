/** A program that can be run. */
export interface Program {
  /** Where the inputs are to be put, and then the results lie behind them; it may be another after a run of any program. */
  numbers(): Float64Array
  /** Which guard said otherwise than it did, or null if none: then the results are there. */
  run(): number | null
}
