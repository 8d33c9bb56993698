import type { Executor } from '../../plan/executor.js'
import { interpreter } from '../../plan/interpreter.js'
import type { Plan } from '../../plan/plan.js'
import { wasmFeatures } from '../assembler/index.js'
import { WasmExecutor } from './executor.js'

/** Runs a plan in WebAssembly; if there is none, or none left, on the backends of eager ops. */
export const executorOf = (plan: Plan, deterministic: boolean): Executor => {
  const { simd, relaxedSimd } = wasmFeatures()
  if (!simd) return interpreter(plan, ', for there is no WebAssembly with SIMD')
  try {
    return new WasmExecutor(plan, { fused: relaxedSimd && !deterministic, deterministic })
  } catch (error) {
    // engines limit the length of functions and the number of memories, and browsers what is compiled at once
    if (!(error instanceof RangeError || error instanceof WebAssembly.CompileError)) throw error
    return interpreter(plan, `, for WebAssembly refused the program: ${error.message}`)
  }
}
