import type { Evaluate } from '../../../graph/kernel.js'
import type { Executor } from '../../plan/executor.js'
import { interpreter } from '../../plan/interpreter.js'
import type { Plan } from '../../plan/plan.js'
import type { Work } from '../../work.js'
import { wasmFeatures } from '../assembler/index.js'
import { WasmExecutor } from './executor.js'

/**
 * Runs a plan in WebAssembly; if there is none, or none left, kernel by kernel.
 *
 * @param run runs a kernel as eager ops do
 */
export function* executorOf(plan: Plan, deterministic: boolean, run: Evaluate): Work<Executor> {
  const { simd, relaxedSimd } = wasmFeatures()
  if (!simd) return interpreter(plan, run, ', for there is no WebAssembly with SIMD')
  try {
    return yield* WasmExecutor.of(plan, run, { fused: relaxedSimd && !deterministic, deterministic })
  } catch (error) {
    // engines limit the length of functions and the number of memories, and browsers what is compiled at once
    if (!(error instanceof RangeError || error instanceof WebAssembly.CompileError)) throw error
    return interpreter(plan, run, `, for WebAssembly refused the program: ${error.message}`)
  }
}
