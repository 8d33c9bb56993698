import type { Kernel } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import type { Spec, Value } from '../../graph/value.js'
import type { Backend } from '../backend.js'
import { wasmFeatures } from './assembler/index.js'
import { createContract } from './contract/index.js'
import { createMap } from './map/index.js'
import { createReduce } from './reduce/index.js'
import { createRuntime } from './runtime.js'

export interface WasmOptions {
  /** The same bits on every machine: multiplications and additions are never fused. */
  readonly deterministic?: boolean
  /** Also kernels for which JavaScript would be faster. */
  readonly always?: boolean
}

type Run = (kernel: Kernel, inputs: readonly Value[], out: Spec) => Value | null

/**
 * Elementwise kernels, folds and matrix products of floats in vectors. Their operands are copied into WebAssembly
 * memory and the result out of it, so what is too small to gain by that is left to the next backend, and so is
 * everything where there is no WebAssembly.
 */
export const createWasm = (options: WasmOptions = {}): Backend => {
  let serve: Run | undefined
  return {
    name: 'wasm',
    run: (kernel, inputs, outs) => {
      serve ??= createRun(options)
      const value = serve(kernel, inputs, outs[0]!)
      return value === null ? null : [value]
    },
  }
}

const createRun = ({ deterministic = false, always = false }: WasmOptions): Run => {
  const { simd, relaxedSimd } = wasmFeatures()
  if (!simd) return unserved()
  const runtime = createRuntime(relaxedSimd && !deterministic, deterministic)
  const map = createMap(runtime, always)
  const reduce = createReduce(runtime, always)
  const contract = createContract(runtime, always)
  return (kernel, inputs, out) => {
    switch (kernel.kind) {
      case 'map':
        return map(kernel, inputs, out)
      case 'reduce':
        return reduce(kernel, inputs, out)
      case 'contract':
        return contract(kernel, inputs, out)
      default:
        return null
    }
  }
}

/** About so many operations have to come together before vectors save time. */
const worthwhile = 1000

/** Serves nothing, and says so once: as soon as it would have mattered. */
const unserved = (): Run => {
  let warned = false
  return (kernel, inputs, out) => {
    if (!warned && workOf(kernel, inputs, out) >= worthwhile) {
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
