import type { Kernel } from '../graph/kernel.js'
import type { Generator } from '../graph/tracer.js'
import { UnknownValue } from '../graph/unknown.js'
import type { Spec, Value } from '../graph/value.js'
import type { Cell } from './cell.js'

/** What a program is made of: values that will be, as far as they are known before any of them is computed. */
export type Term = InputTerm | ConstantTerm | Application | Part

export interface InputTerm {
  readonly kind: 'input'
  readonly spec: Spec
  readonly source: Source
}
/** Known when the function was traced. */
export interface ConstantTerm {
  readonly kind: 'constant'
  readonly spec: Spec
  readonly value: Value
}
export interface Application {
  readonly kind: 'apply'
  readonly spec: Spec
  readonly kernel: Kernel
  readonly args: readonly Term[]
  readonly made?: Made | undefined
}
/** One result of a kernel of several. */
export interface Part {
  readonly kind: 'part'
  readonly spec: Spec
  readonly of: Together
  readonly index: number
}
/** A kernel of several results: no term, but what its parts are made by. */
export interface Together {
  readonly kernel: Kernel
  readonly args: readonly Term[]
  readonly specs: readonly Spec[]
  readonly made?: Made | undefined
}

/** When a term was made while a function was traced. */
export interface Made {
  /** After all terms that were made before. */
  readonly time: number
  /** Which time it was that something was computed again, if so: terms of different times are not one, even if they are equal. */
  readonly again: number | null
}

export const madeOf = (term: Term): Made | undefined =>
  term.kind === 'apply' ? term.made : term.kind === 'part' ? term.of.made : undefined

export const argsOf = (term: Term): readonly Term[] =>
  term.kind === 'apply' ? term.args : term.kind === 'part' ? term.of.args : []

/** Where an input comes from at each call. */
export type Source =
  | { readonly kind: 'value'; readonly of: Cell }
  | { readonly kind: 'gradient'; readonly of: Cell }
  /** What the next numbers of a generator are a function of. */
  | { readonly kind: 'key'; readonly of: Generator }
  | { readonly kind: 'counter'; readonly of: Generator }
  /** By what runs the body that it is an input of. */
  | { readonly kind: 'given' }

/** The value of a node while a function is traced: it stands for a term. */
export class TracedValue extends UnknownValue {
  /** @param trace whose term it is */
  constructor(
    readonly term: Term,
    readonly trace: object,
  ) {
    super(term.spec)
  }
}
