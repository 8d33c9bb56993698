import type { Kernel } from '../../../graph/kernel.js'
import type { Spec, Value } from '../../../graph/value.js'
import { straightLine } from '../../../rules/straight-line.js'
import { reshapeWindow } from '../../window.js'
import type { Runtime } from '../runtime.js'
import { createMaps } from './maps.js'
import { createProducts } from './products.js'
import { createSteps } from './steps.js'

export type Run = (kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]) => readonly Value[] | null

/**
 * Runs each kernel as a plan of one step: its operands are copied into the scratch memory, the step's function runs over
 * them, and the result is copied out. What is not worth that is left to the next backend.
 *
 * @param always also what JavaScript would run faster
 */
export const createEager = (runtime: Runtime, always: boolean): Run => {
  const steps = createSteps(runtime, always)
  const maps = createMaps(runtime, always, steps)
  const products = createProducts(runtime, always)
  return (kernel, inputs, outs) => {
    const out = outs[0]!
    switch (kernel.kind) {
      case 'map':
        return alone(maps(kernel, inputs, out))
      case 'contract':
        return alone(products(kernel, inputs, out))
      case 'reduce': {
        const { by, axes, divisor = 1 } = kernel
        const x = inputs[0]!
        return steps(
          { kind: 'reduce', by, axes, divisor, expressions: [first], inputs, shape: x.shape, outs: [out] },
          itself,
        )
      }
      case 'layout':
      case 'call':
        return null
      default:
        if (kernel.kind === 'reshape' && reshapeWindow(inputs[0]!, out.shape) !== null) return null
        return steps({ kind: 'kernel', kernel, mayFail: false, inputs, outs }, null)
    }
  }
}

const first = { kind: 'input', index: 0 } as const
const itself = straightLine([first])

const alone = (value: Value | null): readonly Value[] | null => (value === null ? null : [value])
