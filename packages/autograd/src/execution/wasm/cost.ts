import { bytesPerElement } from '../../graph/dtype.js'
import type { Kernel } from '../../graph/kernel.js'
import { type Shape, sizeOf } from '../../graph/shape.js'
import type { Spec } from '../../graph/value.js'
import type { Primitive } from '../../rules/algebra.js'
import type { Instruction, StraightLine } from '../../rules/straight-line.js'
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

export const savedBy = (step: StepForm, program: StraightLine | null): number => {
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
    case 'kernel': {
      const [x] = step.inputs
      return inJavaScript(step.kernel, x!, step.inputs, step.outs[0]) - copies(step) - callCost
    }
  }
}

/** What JavaScript takes for a kernel, less what the kernel itself takes here. */
const inJavaScript = (kernel: Kernel, x: Strided, inputs: readonly Strided[], out: Spec): number => {
  const size = sizeOf(out.shape)
  switch (kernel.kind) {
    case 'reshape':
      return 3 * size
    case 'assemble': {
      const rows = inputs.reduce((sum, { shape }) => sum + sizeOf(shape) / rowOf(shape, out.shape), 0)
      return 50 * rows
    }
    case 'fold':
      return 8 * sizeOf(x.shape)
    case 'argReduce':
      return 3 * sizeOf(x.shape)
    case 'gather': {
      const inner = kernel.mode === 'take' ? sizeOf(x.shape.slice(kernel.axis + 1)) : 1
      return (30 / inner + 0.2) * size
    }
    case 'scatter':
      return 3 * sizeOf(inputs[2]!.shape)
    default:
      return 0
  }
}

/** How many elements at the end of a shape lie side by side also in a larger one. */
const rowOf = (shape: Shape, within: Shape): number => {
  let length = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    length *= shape[axis]!
    if (shape[axis] !== within[axis]) break
  }
  return Math.max(1, length)
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
