import { bytesPerElement } from '../../graph/dtype.js'
import type { Kernel } from '../../graph/kernel.js'
import type { Spec } from '../../graph/value.js'
import { type StraightLine, straightLine } from '../../rules/straight-line.js'
import type { View } from '../plan/plan.js'
import { defineMap } from './elementwise/map.js'
import { defineReduce } from './elementwise/reduce.js'
import type { CheckedFunction, KernelFunction, StepForm, Strided, Target } from './loops/kernel.js'
import type { FloatType } from './math/vector.js'
import { defineArgReduce } from './movement/argreduce.js'
import { defineAssemble } from './movement/assemble.js'
import { defineCopy } from './movement/copy.js'
import { defineFold } from './movement/fold.js'
import { defineGather } from './movement/gather.js'
import { defineScatter, scatterWorkspace } from './movement/scatter.js'
import { contractWorkspace, defineContract } from './products/contract.js'
import { importProducts, type ProductFunctions } from './products/library/products.js'
import { defineRandom } from './random.js'
import { BySignature } from './signature.js'

type FormOf<K extends StepForm['kind']> = Extract<StepForm, { readonly kind: K }>

/** The function of a step; `checks` tells that it gives 1 where its input is wrong. */
export type StepFunction =
  | { readonly checks: false; readonly function: KernelFunction }
  | { readonly checks: true; readonly function: CheckedFunction }

/** The functions of one module: steps that differ only in where their operands lie share one. */
export class Library {
  private readonly known = new BySignature<{ readonly found: StepFunction | null }>(Number.POSITIVE_INFINITY)
  private readonly products = new Map<FloatType, ProductFunctions>()

  /** @param workspace the address of the bytes that `workspaceOf` asks for */
  constructor(
    readonly target: Target,
    readonly workspace: number,
  ) {}

  /** Null for a step that is not served. */
  functionOf(step: StepForm): StepFunction | null {
    const program = step.kind === 'map' || step.kind === 'reduce' ? straightLine(step.expressions) : null
    const slot = this.known.slotOf(step, program)
    slot.content ??= { found: this.define(step, program) }
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
      case 'contract': {
        const type = productType(step)
        if (type === null) return null
        const [a, b] = step.inputs
        const options = { by: step.by, summed: step.summed, workspace: this.workspace }
        return unchecked(defineContract(target, this.productsOf(type), a, b, out!, options))
      }
      case 'check':
        return null
      case 'kernel':
        return this.defineKernel(step.kernel, inputs, out!)
    }
  }

  private defineKernel(kernel: Kernel, inputs: readonly Strided[], out: Spec): StepFunction | null {
    const { target } = this
    switch (kernel.kind) {
      case 'reshape':
      case 'layout':
        return unchecked(defineCopy(target, inputs[0]!, out))
      case 'assemble':
        return unchecked(defineAssemble(target, kernel, inputs, out))
      case 'fold':
        return unchecked(defineFold(target, kernel, inputs, out))
      case 'argReduce':
        return unchecked(defineArgReduce(target, kernel, inputs, out))
      case 'gather':
        return checked(defineGather(target, kernel, inputs, out))
      case 'scatter':
        return checked(defineScatter(target, kernel, inputs, out, this.workspace))
      case 'random':
        return unchecked(defineRandom(target, kernel, inputs, out))
      default:
        return null
    }
  }

  private productsOf(type: FloatType): ProductFunctions {
    let products = this.products.get(type)
    if (products === undefined) {
      products = importProducts(this.target.module, type)
      this.products.set(type, products)
    }
    return products
  }
}

const unchecked = (f: KernelFunction | null): StepFunction | null =>
  f === null ? null : { checks: false, function: f }
const checked = (f: CheckedFunction | null): StepFunction | null => (f === null ? null : { checks: true, function: f })

/** Products are of one float type; null for any other. */
const productType = ({ inputs: [a, b], outs: [{ dtype }] }: FormOf<'contract'>): FloatType | null =>
  (dtype === 'float32' || dtype === 'float64') && a.dtype === dtype && b.dtype === dtype ? dtype : null

/** The working memory that a step needs. */
export const workspaceOf = (step: StepForm): number => {
  if (step.kind === 'kernel' && step.kernel.kind === 'scatter')
    return scatterWorkspace(step.kernel, step.inputs, step.outs[0]!)
  if (step.kind !== 'contract' || productType(step) === null) return 0
  return contractWorkspace(step.inputs[0], step.inputs[1], step.outs[0], { summed: step.summed })
}

/** Where the first element of a view lies, if its buffer starts at an address. */
export const firstElement = ({ offset, dtype }: View, address: number): number =>
  address + offset * bytesPerElement(dtype)
