import { buildModule, type Runtime, type WasmFunction } from '../runtime.js'
import type { FloatType } from '../vector/vector.js'
import { defineGemm, workspaceBytes } from './gemm.js'
import { defineMatvecColumns, defineMatvecRows } from './matvec.js'
import { numericOf } from './numeric.js'

/** The products of one float type; `gemm.ts` and `matvec.ts` say what they take. */
export interface Products {
  readonly gemm: WasmFunction
  readonly matvecColumns: WasmFunction
  readonly matvecRows: WasmFunction
  readonly workspace: number
}

export const buildProducts = (runtime: Runtime, type: FloatType): Products => {
  const numeric = numericOf(type, runtime.fused)
  const exports = buildModule(runtime, (module) => {
    module.export('gemm', defineGemm(module, numeric))
    module.export('matvecColumns', defineMatvecColumns(module, numeric))
    module.export('matvecRows', defineMatvecRows(module, numeric))
  })
  return {
    gemm: exports.gemm!,
    matvecColumns: exports.matvecColumns!,
    matvecRows: exports.matvecRows!,
    workspace: workspaceBytes(numeric),
  }
}
