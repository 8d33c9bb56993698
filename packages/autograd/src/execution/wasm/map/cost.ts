import { bytesPerElement } from '../../../graph/dtype.js'
import type { Spec } from '../../../graph/value.js'
import type { Primitive } from '../../../rules/algebra.js'
import type { Program, Step } from '../../../rules/program.js'
import { isVectorized } from '../elementwise/primitives.js'
import type { FloatType } from '../math/vector.js'

/** Nanoseconds an element that vectors save over JavaScript, copies included: measured from 1,000 to 1,000,000. */
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

/** Copies of more than the caches hold cost so much more a byte. */
const cachedBytes = 4 * 2 ** 20
const uncachedByte = 0.06

/** Nanoseconds an element that copying loses for large operands. */
export const lossByCopies = (inputs: readonly Spec[], out: Spec, size: number): number => {
  const bytes = inputs.reduce((sum, { dtype }) => sum + bytesPerElement(dtype), bytesPerElement(out.dtype))
  return bytes * size > cachedBytes ? bytes * uncachedByte : 0
}

/** What a call of a JavaScript function from a vector kernel loses. */
const callLoss = 3

export const savedByVectors = ({ steps }: Program, type: FloatType): number =>
  steps.reduce((total, step) => total + savedBy(step, steps, type), base[type])

const savedBy = (step: Step, steps: readonly Step[], type: FloatType): number => {
  if (step.kind !== 'apply') return 0
  const exponent = steps[step.args[1] ?? -1]
  const constant = exponent?.kind === 'constant' ? exponent.value : undefined
  if (!isVectorized(step.name, type, constant)) return -callLoss
  return (savings[type][step.name] ?? 0) + simple[type]
}
