import type { Rule } from './rule.js'

/**
 * A scalar expression over numbered inputs: what an elementwise kernel computes for each element.
 * A directed acyclic graph: a shared subexpression is one object.
 */
export type Expression = Input | Constant | Apply

export interface Input {
  readonly kind: 'input'
  readonly index: number
}
export interface Constant {
  readonly kind: 'constant'
  readonly value: number
}
/** In a kernel every rule is a primitive (see `lower`): backends find their implementation by `rule.name`, or have that of numbers. */
export interface Apply {
  readonly kind: 'apply'
  readonly rule: Rule
  readonly args: readonly Expression[]
}
