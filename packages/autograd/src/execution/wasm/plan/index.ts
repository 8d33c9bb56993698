import type { Executor } from '../../compile/executor.js'
import type { Plan } from '../../compile/plan.js'
import { wasmFeatures } from '../assembler/index.js'
import { WasmExecutor } from './executor.js'

/** What runs a plan in WebAssembly; null where there is none, or not for a program of that length. */
export const createPlanExecutor = (plan: Plan, deterministic: boolean): Executor | null => {
  const { simd, relaxedSimd } = wasmFeatures()
  if (!simd) return null
  try {
    return new WasmExecutor(plan, relaxedSimd && !deterministic)
  } catch (error) {
    // browsers compile at once only what is not too long
    if (error instanceof RangeError) return null
    throw error
  }
}
