import type { TypedArray } from '../../graph/dtype.js'
import type { Contract, Kernel, Monoid } from '../../graph/kernel.js'
import type { Shape } from '../../graph/shape.js'
import type { Spec, Value } from '../../graph/value.js'
import type { Expression } from '../../rules/expression.js'
import type { Window } from '../window.js'

/** A program as backends run it: steps in order, which read and write buffers. */
export interface Plan {
  readonly inputs: readonly Buffer[]
  readonly constants: readonly PlanConstant[]
  readonly steps: readonly PlanStep[]
  readonly outputs: readonly PlanOutput[]
}

export interface PlanOutput {
  readonly view: View
  /** Whether a tensor has it as its value after the call: then it is a buffer of its own. */
  readonly kept: boolean
  /** The input that it is the new value of. */
  readonly replaces: Buffer | null
}

/** Room for the elements of one value, in row-major order. */
export interface Buffer extends Spec {
  readonly id: number
}

/** Elements that are known; one, if it stands for all. */
export interface PlanConstant {
  readonly buffer: Buffer
  readonly data: TypedArray
}

/** A window on a buffer. */
export interface View extends Window, Spec {
  readonly shape: Shape
  readonly buffer: Buffer
}

/** A step over operands and results of some form. */
export type Step<In, Out> =
  | MapStep<In, Out>
  | ReduceStep<In, Out>
  | ContractStep<In, Out>
  | KernelStep<In, Out>
  | CheckStep<In>
export type PlanStep = Step<View, Buffer>

/** Several elementwise results in one loop. */
export interface MapStep<In = View, Out = Buffer> {
  readonly kind: 'map'
  /** One for each result, over the inputs. */
  readonly expressions: readonly Expression[]
  readonly inputs: readonly In[]
  readonly shape: Shape
  readonly outs: readonly Out[]
}

/** Axes reduced over elements that are computed on the way. */
export interface ReduceStep<In = View, Out = Buffer> {
  readonly kind: 'reduce'
  readonly by: Monoid
  readonly axes: readonly number[]
  /** Of sums; 1 for none. */
  readonly divisor: number
  /** What is reduced; then what is computed beside it and stored. */
  readonly expressions: readonly Expression[]
  readonly inputs: readonly In[]
  readonly shape: Shape
  /** The reduction, which keeps the axes with size 1; then what is stored. */
  readonly outs: readonly Out[]
}

/** A batched product of matrices. */
export interface ContractStep<In = View, Out = Buffer> {
  readonly kind: 'contract'
  readonly by: Contract['by']
  readonly inputs: readonly [In, In]
  /** Whether the products of the batch are added up. */
  readonly summed: boolean
  readonly outs: readonly [Out]
}

/** Any other kernel. A reshape here is a copy. */
export interface KernelStep<In = View, Out = Buffer> {
  readonly kind: 'kernel'
  readonly kernel: Kernel
  /** Whether it may find an index out of range. */
  readonly mayFail: boolean
  readonly inputs: readonly In[]
  readonly outs: readonly Out[]
}

/** A look at a value, which throws if it is wrong. */
export interface CheckStep<In = View> {
  readonly kind: 'check'
  readonly inputs: readonly [In]
  readonly look: (value: Value) => void
  readonly outs: readonly []
}

/** Whether a step may find that its input is wrong. */
export const mayFail = (step: PlanStep): boolean => step.kind === 'check' || (step.kind === 'kernel' && step.mayFail)
