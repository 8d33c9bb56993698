import { AdjointError } from '../graph/errors.js'
import type { Kernel } from '../graph/kernel.js'
import type { Spec, Value } from '../graph/value.js'
import type { Backend } from './backend.js'

/** The results of the first backend that serves the kernel. */
export const runKernel = (
  backends: readonly Backend[],
  kernel: Kernel,
  inputs: readonly Value[],
  outs: readonly Spec[],
): readonly Value[] => {
  for (let i = 0; i < backends.length; i++) {
    const values = backends[i]!.run(kernel, inputs, outs)
    if (values !== null) return values
  }
  throw new AdjointError(
    `No backend runs kernels of kind '${kernel.kind}' (asked: ${backends.map(({ name }) => name).join(', ') || 'none'}): ` +
      'add the reference backend at the end of the list.',
  )
}
