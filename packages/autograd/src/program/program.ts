import type { Holder } from '../graph/holder.js'
import type { Generator } from '../graph/tracer.js'
import type { Value } from '../graph/value.js'
import type { Cell } from './cell.js'
import type { InputTerm, Term } from './term.js'

/** A function as data: what it computes of which tensors, and what else it does. `traceProgram` makes it. */
export interface Program {
  /** What stands for the values of the tensors that it was given, in their order; null for one that it does not read. */
  readonly inputs: readonly (InputTerm | null)[]
  /** Tensors from before that it refers to and reads: inputs too, though nobody passed them. In the order of being met. */
  readonly captured: readonly Captured[]
  /** What it returned. */
  readonly tree: unknown
  /** The tensors in that, in their order. */
  readonly outputs: readonly Output[]
  readonly effects: Effects
  /** All tensors from before that it had to do with. */
  readonly cells: readonly Cell[]
}

export interface Captured {
  readonly tensor: Holder
  readonly term: InputTerm
}

export interface Output {
  readonly tensor: Holder
  /** Its value. */
  readonly term: Term
  /** Where the tensor is one from before. */
  readonly cell: Cell | null
}

/** What a function does beside returning something. */
export interface Effects {
  readonly changes: readonly Change[]
  readonly draws: readonly Draws[]
  /** What is looked at, in this order, before anything changes. */
  readonly checks: readonly Check[]
  readonly guards: readonly Guard[]
}

/** How many numbers of a generator are drawn at each call. */
export interface Draws {
  readonly generator: Generator
  readonly numbers: number
}

/** What becomes of a tensor from before. */
export type Change =
  | { readonly kind: 'value'; readonly of: Cell; readonly term: Term }
  | { readonly kind: 'gradient'; readonly of: Cell; readonly term: Term; readonly gradient: Holder }
  /** Its gradient is taken away. */
  | { readonly kind: 'clear'; readonly of: Cell }

/** A function that throws if a value is not what it should be. */
export interface Check {
  readonly term: Term
  readonly look: (value: Value) => void
}

/** A JavaScript value that the program depends on, and what it was. */
export interface Guard {
  readonly read: () => unknown
  readonly value: unknown
}
