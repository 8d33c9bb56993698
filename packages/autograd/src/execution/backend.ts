import type { Kernel } from '../graph/kernel.js'
import type { Spec, Value } from '../graph/value.js'

/** What runs kernels. `run` gives null for a kernel that this backend does not serve: the next one then does. */
export interface Backend {
  readonly name: string
  run(kernel: Kernel, inputs: readonly Value[], out: Spec): Value | null
}
