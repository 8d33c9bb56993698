import type { Executor } from '../../compile/executor.js'
import type { Plan } from '../../compile/plan.js'
import { wasmFeatures } from '../assembler/index.js'
import { WasmExecutor } from './executor.js'

/** What runs a plan in WebAssembly; null where there is none. */
export const createPlanExecutor = (plan: Plan, deterministic: boolean): Executor | null => {
  const { simd, relaxedSimd } = wasmFeatures()
  return simd ? new WasmExecutor(plan, relaxedSimd && !deterministic) : null
}
