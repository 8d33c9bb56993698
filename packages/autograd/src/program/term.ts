import type { Kernel } from '../graph/kernel.js'
import type { Holder } from '../graph/tracer.js'
import { UnknownValue } from '../graph/unknown.js'
import type { Spec, Value } from '../graph/value.js'

/** What a traced program is made of: values that will be, as far as they are known before any of them is computed. */
export type Term = Input | Constant | Application

export interface Input {
  readonly kind: 'input'
  readonly spec: Spec
  readonly source: Source
}
/** Known when the function was traced. */
export interface Constant {
  readonly kind: 'constant'
  readonly spec: Spec
  readonly value: Value
}
export interface Application {
  readonly kind: 'apply'
  readonly spec: Spec
  readonly kernel: Kernel
  readonly args: readonly Term[]
}

/** Where an input comes from at each call. */
export type Source =
  | { readonly kind: 'value'; readonly of: Place }
  | { readonly kind: 'gradient'; readonly of: Place }
  /** The draw of that number. */
  | { readonly kind: 'draw'; readonly index: number }

/** A tensor that was there before the trace. */
export interface Place {
  readonly holder: Holder
  /** Its position among the arguments' tensors, each call's own; null for one that the function refers to. */
  readonly argument: number | null
}

/** Something that a call gives, or changes. */
export interface Output {
  readonly term: Term
  readonly target: Target
}
export type Target =
  | { readonly kind: 'result'; readonly make: (value: Value) => Holder }
  | { readonly kind: 'value'; readonly of: Place }
  | { readonly kind: 'gradient'; readonly of: Place }

/** A function that throws if a value is not what it should be. */
export interface Check {
  readonly term: Term
  readonly look: (value: Value) => void
}

/** The value of a node while a function is traced: it stands for a term. */
export class TracedValue extends UnknownValue {
  constructor(readonly term: Term) {
    super(term.spec)
  }
}
