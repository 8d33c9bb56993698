import { bytesPerElement } from '../../graph/dtype.js'
import type { Kernel, Loop } from '../../graph/kernel.js'
import type { Spec } from '../../graph/value.js'
import { type StraightLine, straightLine } from '../../rules/straight-line.js'
import type { KernelStep, View } from '../plan/plan.js'
import { cumulate } from './cumulate.js'
import { defineMap } from './elementwise/map.js'
import { defineReduce } from './elementwise/reduce.js'
import {
  type KernelKind,
  type StepForm,
  type StepFunction,
  type Strided,
  type Target,
  unchecked,
} from './loops/kernel.js'
import { argReduce } from './movement/argreduce.js'
import { assemble } from './movement/assemble.js'
import { copy } from './movement/copy.js'
import { fold } from './movement/fold.js'
import { gather } from './movement/gather.js'
import { scatter } from './movement/scatter.js'
import { random } from './random.js'
import { BySignature } from './signature.js'

export type FormOf<K extends StepForm['kind']> = Extract<StepForm, { readonly kind: K }>

/** The kinds that are steps by themselves. */
const kinds: { readonly [K in Kernel['kind']]?: KernelKind<Extract<Kernel, { readonly kind: K }>> } = {
  argReduce,
  cumulate,
  assemble,
  fold,
  gather,
  layout: copy,
  random,
  reshape: copy,
  scatter,
}
const kindOf = ({ kind }: Kernel) => kinds[kind] as KernelKind<Kernel> | undefined

/** The products of one module. What runs them by the library alone does without, and a page then need not load them. */
export interface ProductSteps {
  readonly define: (target: Target, step: FormOf<'contract'>, workspace: number) => StepFunction | null
  readonly workspace: (step: FormOf<'contract'>) => number
}

/** Loops, whose bodies are steps in turn. As with products, what has none does without. */
export interface LoopSteps {
  readonly define: (library: Library, step: LoopForm, workspace: number) => StepFunction | null
  readonly workspace: (step: LoopForm) => number
}
export type LoopForm = FormOf<'kernel'> & { readonly kernel: Loop }
const isLoop = (step: StepForm): step is LoopForm => step.kind === 'kernel' && step.kernel.kind === 'loop'

/** What only programs have. */
export interface ProgramSteps {
  readonly products: ProductSteps
  readonly loops: LoopSteps
}

/** The functions of one module: steps that differ only in where their operands lie share one. */
export class Library {
  private readonly known = new BySignature<{ readonly found: StepFunction | null }>(Number.POSITIVE_INFINITY)
  private count = 0

  /**
   * @param workspace the address of the bytes that `workspaceOf` asks for
   * @param program how products and loops are written; without it they are not served
   */
  constructor(
    readonly target: Target,
    private readonly workspace: number,
    private readonly program?: ProgramSteps,
  ) {}

  /** How many functions there are. */
  get size(): number {
    return this.count
  }

  /** Null for a step that is not served. */
  functionOf(step: StepForm): StepFunction | null {
    const program = step.kind === 'map' || step.kind === 'reduce' ? straightLine(step.expressions) : null
    const slot = this.known.slotOf(step, program)
    if (slot.content === undefined) {
      slot.content = { found: this.define(step, program) }
      if (slot.content.found !== null) this.count++
    }
    return slot.content.found
  }

  private define(step: StepForm, program: StraightLine | null): StepFunction | null {
    const { target } = this
    const { inputs } = step
    const [out] = step.outs
    switch (step.kind) {
      case 'map': {
        const dtypes = step.outs.map(({ dtype }) => dtype)
        return unchecked(defineMap(target, program!, inputs, step.shape, dtypes))
      }
      case 'reduce': {
        const { by, axes, divisor, shape, outs } = step
        if (by === 'mul') return null
        const stored = outs.slice(1).map(({ dtype }) => dtype)
        return unchecked(defineReduce(target, { by, axes, divisor }, program, inputs, shape, out!, stored))
      }
      case 'contract':
        return this.program?.products.define(target, step, this.workspace) ?? null
      case 'check':
        return null
      case 'kernel':
        if (isLoop(step)) return this.program?.loops.define(this, step, this.workspace) ?? null
        return kindOf(step.kernel)?.define(target, step.kernel, inputs, step.outs, this.workspace) ?? null
    }
  }
}

/** The working memory that a step needs. */
export const workspaceOf = (step: StepForm, program?: ProgramSteps): number => {
  if (isLoop(step)) return program?.loops.workspace(step) ?? 0
  if (step.kind === 'kernel') return kindOf(step.kernel)?.workspace?.(step.kernel, step.inputs, step.outs) ?? 0
  return step.kind === 'contract' ? (program?.products.workspace(step) ?? 0) : 0
}

/** What a kernel that is a step by itself saves over JavaScript, in nanoseconds, copies of operands aside. */
export const savedByKernel = ({ kernel, inputs, outs }: KernelStep<Strided, Spec>): number =>
  kindOf(kernel)?.saves(kernel, inputs, outs) ?? 0

/** Where the first element of a view lies, if its buffer starts at an address. */
export const firstElement = ({ offset, dtype }: View, address: number): number =>
  address + offset * bytesPerElement(dtype)
