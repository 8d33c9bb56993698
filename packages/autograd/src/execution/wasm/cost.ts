import { bytesPerElement } from '../../graph/dtype.js'
import { sizeOf } from '../../graph/shape.js'
import type { Spec } from '../../graph/value.js'
import type { Primitive } from '../../rules/algebra.js'
import type { Instruction, StraightLine } from '../../rules/straight-line.js'
import type { KernelStep } from '../plan/plan.js'
import { computedIn } from './elementwise/arithmetic.js'
import { isVectorized } from './elementwise/primitives.js'
import type { StepForm, Strided } from './loops/kernel.js'
import type { FloatType } from './math/vector.js'

/**
 * What WebAssembly saves over JavaScript when a step runs by itself, in nanoseconds, its copies included. This is all that is
 * known of costs: whether a step is worth its copies, and whether its function is worth being built, follows from it.
 * Measured from 1,000 to 1,000,000 elements.
 */

/** Nanoseconds that a call takes more than one of JavaScript before it computes anything. */
export const callCost = 600

/** Of a product, for each multiplication. */
export const savedByProduct = (multiplications: number): number => multiplications * 0.3 - 900

/** @param savedByKernel what a kernel saves that is a step by itself, copies aside */
export const savedBy = (
  step: StepForm,
  program: StraightLine | null,
  savedByKernel: (step: KernelStep<Strided, Spec>) => number,
): number => {
  switch (step.kind) {
    case 'map': {
      const dtypes = [...step.inputs, ...step.outs].map(({ dtype }) => dtype)
      return sizeOf(step.shape) * savedByVectors(program!, computedIn(program!, dtypes)) - callCost
    }
    case 'contract':
      return savedByProduct(sizeOf(step.outs[0].shape) * step.inputs[0].shape.at(-1)!)
    case 'check':
      return 0
    case 'reduce':
      return sizeOf(step.shape) * 0.6 - copies(step) - callCost
    case 'kernel':
      return savedByKernel(step) - copies(step) - callCost
  }
}

/** What the copies of operands take: more a byte where there are more than the caches hold. */
const copies = ({ inputs, outs }: StepForm): number => {
  const bytes = [...inputs, ...outs].reduce((sum, { shape, dtype }) => sum + sizeOf(shape) * bytesPerElement(dtype), 0)
  return bytes * 0.05 + Math.max(0, bytes - cachedBytes) * 0.1
}
const cachedBytes = 6 * 2 ** 20

/** Nanoseconds an element that vectors save over JavaScript. */
const base = { float32: 1, float64: 0.7 }
const simple = { float32: 0.3, float64: 0.1 }

/** Beyond that of a simple operation. */
const savings: { readonly [T in FloatType]: { readonly [K in Primitive]?: number } } = {
  float32: {
    exp: 7,
    expm1: 9,
    log: 6,
    log1p: 9,
    tanh: 11,
    sin: 10,
    cos: 10,
    erf: 50,
    round: 8,
    maximum: 1,
    minimum: 1,
  },
  float64: { exp: 5, expm1: 7, log: 2, log1p: 5, tanh: 9, sin: 7, cos: 6, round: 8, maximum: 0.5, minimum: 0.5 },
}

/** What a call of a JavaScript function from a vector kernel loses. */
const callLoss = 3

export const savedByVectors = ({ steps }: StraightLine, type: FloatType): number =>
  steps.reduce((total, step) => total + savedByStep(step, steps, type), base[type])

const savedByStep = (step: Instruction, steps: readonly Instruction[], type: FloatType): number => {
  if (step.kind !== 'apply') return 0
  const exponent = steps[step.args[1] ?? -1]
  const constant = exponent?.kind === 'constant' ? exponent.value : undefined
  if (!isVectorized(step.name, type, constant)) return -callLoss
  return (savings[type][step.name] ?? 0) + simple[type]
}
