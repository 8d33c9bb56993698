import type { FloatType } from '../math/vector.js'
import { instantiateProducts, productWorkspace } from '../products/library/products.js'
import type { Runtime, WasmFunction } from '../runtime.js'

/** The products of one float type; `gemm.ts` and `matvec.ts` say what they take. */
export interface Products {
  readonly gemm: WasmFunction
  readonly matvecColumns: WasmFunction
  readonly matvecRows: WasmFunction
  /** Whether any of so many elements is NaN, from an address on. */
  readonly hasNaN: (address: number, count: number) => number
  readonly workspace: number
}

export const buildProducts = ({ fused, scratch }: Runtime, type: FloatType): Products => ({
  ...instantiateProducts(type, fused, scratch.memory),
  workspace: productWorkspace(type),
})
