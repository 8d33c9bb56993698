import type { Kernel } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import type { Spec, Value } from '../../graph/value.js'
import type { Backend } from '../backend.js'
import { wasmFeatures } from './assembler/index.js'
import { createEager, type Run } from './eager/index.js'
import { createRuntime } from './runtime.js'

export interface WasmOptions {
  /** The same bits on every machine: multiplications and additions are never fused. */
  readonly deterministic?: boolean
  /** Also kernels for which JavaScript would be faster. */
  readonly always?: boolean
}

/**
 * Kernels in vectors and tight loops. Their operands are copied into WebAssembly memory and the result out of it, so what
 * is too small to gain by that is left to the next backend, and so is everything where there is no WebAssembly.
 */
export const createWasm = (options: WasmOptions = {}): Backend => {
  let serve: Run | undefined
  return {
    name: 'wasm',
    run: (kernel, inputs, outs) => {
      serve ??= createRun(options)
      return serve(kernel, inputs, outs)
    },
  }
}

const createRun = ({ deterministic = false, always = false }: WasmOptions): Run => {
  const { simd, relaxedSimd } = wasmFeatures()
  if (!simd) return unserved()
  return createEager(createRuntime(relaxedSimd && !deterministic, deterministic), always)
}

/** About so many operations have to come together before vectors save time. */
const worthwhile = 1000

/** Serves nothing, and says so once: as soon as it would have mattered. */
const unserved = (): Run => {
  let warned = false
  return (kernel, inputs, outs) => {
    if (!warned && workOf(kernel, inputs, outs[0]!) >= worthwhile) {
      warned = true
      const isThere = typeof globalThis.WebAssembly === 'object'
      console.warn(
        `adjoint: ${isThere ? 'WebAssembly is forbidden here, or has no SIMD' : 'there is no WebAssembly here'}, so tensors ` +
          'are computed in plain JavaScript. Results are the same up to rounding, but large tensors take several times ' +
          "as long. A content security policy allows it by script-src 'wasm-unsafe-eval'.",
      )
    }
    return null
  }
}

const workOf = (kernel: Kernel, inputs: readonly Value[], out: Spec): number => {
  switch (kernel.kind) {
    case 'map':
      return sizeOf(out.shape)
    case 'reduce':
      return sizeOf(inputs[0]!.shape)
    case 'contract':
      return sizeOf(out.shape) * inputs[0]!.shape.at(-1)!
    default:
      return 0
  }
}
