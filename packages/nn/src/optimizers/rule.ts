import type { Tensor } from '@adjoint/autograd'
import type { GroupNumbers } from './group-numbers.js'
import type { HyperTable, HyperValue } from './hyper.js'
import type { ParameterState } from './state.js'

/** What the numbers of a group and its choices are when it is made. */
export interface Given {
  readonly [name: string]: HyperValue | boolean
}

/**
 * How an optimizer steps, as data: its numbers, its choices, and what these make of a parameter. `elementwiseUpdate` makes
 * the last from expressions; what is no matter of single elements is written in tensor ops.
 */
export interface OptimizerRule {
  /** What messages call the optimizer. */
  readonly name: string
  /** The numbers it steps by, learningRate among them: they may be changed between any two steps. */
  readonly hyper: HyperTable & { readonly learningRate: HyperTable[string] }
  /** What is chosen once, with its default. */
  readonly choices?: { readonly [name: string]: boolean }
  /** Throws where numbers and choices do not go together. */
  readonly check?: (owner: string, given: Given) => void
  /** How parameters of a group with these numbers and choices change. */
  readonly update: (given: Given) => Update
}

/** How a parameter changes at a step. */
export interface Update {
  /** What is kept of each parameter, by name: each makes a leaf tensor, or undefined where such a parameter needs none. */
  readonly state: { readonly [name: string]: (parameter: Tensor, path: string) => Tensor | undefined }
  /** Numbers that have to stay what they are, each with why: `{ momentum: 'there is no velocity' }`. */
  readonly settled?: { readonly [name: string]: string }
  /**
   * The next value of a parameter. It runs unrecorded, and assigns to the state. In a compiled step it runs once, on tensors
   * without elements: what changes from step to step is a tensor of the state, or one that `numbers` gives.
   */
  next(parameter: Tensor, gradient: Tensor, state: ParameterState, numbers: GroupNumbers): Tensor
}
