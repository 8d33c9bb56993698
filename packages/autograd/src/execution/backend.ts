import type { Kernel } from '../graph/kernel.js'
import type { Spec, Value } from '../graph/value.js'

/** What runs kernels. */
export interface Backend {
  readonly name: string
  /** The results, like `outs` in order; null for a kernel that this backend does not serve: the next one then does. */
  run(kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] | null
}
