import type { Kernel } from '../../../graph/kernel.js'
import type { Spec } from '../../../graph/value.js'
import type { Step } from '../../plan/plan.js'
import type { Callable, ModuleBuilder } from '../assembler/index.js'
import type { VectorOptions } from '../math/vector.js'

/**
 * The kernels of compiled programs. Of their operands everything is known when they are written but where they lie, so
 * that shapes and strides stand in the code as constants, and kernels that are alike share one function.
 */

/** An operand: a strided window, as in `Value`, on elements somewhere in memory. */
export interface Strided extends Spec {
  /** Distance between neighbours along each axis, in elements: 0 repeats, negative runs backwards. */
  readonly strides: readonly number[]
}

/** A step, as far as its function depends on it: all but where its operands lie. */
export type StepForm = Step<Strided, Spec>

/** The function of a step; `checks` tells that it gives 1 where its input is wrong. */
export type StepFunction =
  | { readonly checks: false; readonly function: KernelFunction }
  | { readonly checks: true; readonly function: CheckedFunction }

export const unchecked = (f: KernelFunction | null): StepFunction | null =>
  f === null ? null : { checks: false, function: f }
export const checked = (f: CheckedFunction | null): StepFunction | null =>
  f === null ? null : { checks: true, function: f }

/** All that is known here of a kind of kernel that is a step by itself. */
export interface KernelKind<K extends Kernel> {
  /** Null if JavaScript should run it. `workspace` is the address of its working memory. */
  readonly define: (
    target: Target,
    kernel: K,
    inputs: readonly Strided[],
    outs: readonly Spec[],
    workspace: number,
  ) => StepFunction | null
  /** The bytes of working memory that it needs; kernels may share them. */
  readonly workspace?: (kernel: K, inputs: readonly Strided[], outs: readonly Spec[]) => number
  /** How many nanoseconds longer JavaScript takes, copies of operands aside. */
  readonly saves: (kernel: K, inputs: readonly Strided[], outs: readonly Spec[]) => number
}

/** Where kernels are written. */
export interface Target {
  readonly module: ModuleBuilder
  readonly options: VectorOptions
}

/**
 * A kernel: it takes the address of the element at index [0, ..., 0] of each input in order, then of each result.
 * Results are dense, aligned to 16 bytes and do not overlap with inputs, but that an elementwise one may take the place of an
 * input (see `defineMap`); 16 bytes after them are free to be written, and 16 bytes after every input may be read.
 */
export type KernelFunction = Callable<readonly 'i32'[], null>

/** A kernel that may refuse its input: it gives 0, or 1 for an index out of range. */
export type CheckedFunction = Callable<readonly 'i32'[], 'i32'>
