import type { Holder } from '../../graph/tracer.js'
import type { Value } from '../../graph/value.js'
import type { Input } from './term.js'

/** A compiled program, ready to run. */
export interface Executor {
  /**
   * Computes all outputs, given the inputs: tensors, whose values may be where they are needed already, and values.
   * If it throws, no tensor has changed.
   */
  run(inputs: readonly (Holder | Value)[]): void
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
