import type { Holder } from '../../graph/tracer.js'
import type { Value } from '../../graph/value.js'
import type { Running } from './explain.js'
import type { Input } from './term.js'

/** A compiled program, ready to run. */
export interface Executor {
  readonly running: Running
  /** Tells whose value or gradient an output will be. */
  claim(output: number, leaf: Holder): void
  /**
   * Computes all outputs, given the inputs: tensors, whose values may be where they are needed already, and values.
   * No tensor changes before `finish`.
   */
  run(inputs: readonly (Holder | Value)[]): void
  /** To be called once nothing can fail any more. */
  finish(): void
  /** A copy of an output. */
  read(output: number): Value
  /** Makes an output the value of a tensor. */
  give(output: number, holder: Holder): void
  /** A tensor of the class of `like` with an output as its value. */
  gradient(output: number, like: Holder): Holder
}

export interface Compilation {
  readonly executor: Executor
  readonly inputs: readonly Input[]
  readonly explain: () => string
}
