import type { Holder } from '../../graph/holder.js'
import type { Value } from '../../graph/value.js'
import type { Running } from './explain.js'

/** A plan, ready to run: it is given inputs, runs, and gives outputs. */
export interface Executor {
  readonly running: Running
  /** Makes the value of a tensor an input; it may be where it is needed already. */
  hold(input: number, holder: Holder): void
  load(input: number, value: Value): void
  /** Tells whose value or gradient an output will be. */
  claim(output: number, leaf: Holder): void
  /** Computes all outputs. No tensor changes before `finish`. */
  run(): void
  /** To be called once nothing can fail any more. */
  finish(): void
  /** A copy of an output. */
  read(output: number): Value
  /** Makes an output the value of a tensor. */
  give(output: number, holder: Holder): void
  /** A tensor of the class of `like` with an output as its value. */
  gradient(output: number, like: Holder): Holder
  /** Gives all that tensors keep here back to them. It does not run again. */
  release(): void
}
