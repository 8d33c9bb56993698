import { ModuleBuilder } from './assembler/index.js'
import type { VectorOptions } from './math/vector.js'
import { Scratch } from './memory.js'
import { importNumbers, numbersToImport } from './numbers.js'

/** Kernels take addresses and sizes. */
export type WasmFunction = (...args: number[]) => void

/** What the kernels of one backend share. */
export interface Runtime {
  readonly scratch: Scratch
  /** Whether multiplications and additions may be fused. */
  readonly fused: boolean
  /** Whether the functions called are the same in every engine. */
  readonly deterministic: boolean
}

export const createRuntime = (fused: boolean, deterministic = true): Runtime => ({
  scratch: new Scratch(),
  fused,
  deterministic,
})

/** A module over the scratch memory; `build` defines and exports its functions, which come back by name. */
export const buildModule = (
  { scratch, fused, deterministic }: Runtime,
  build: (module: ModuleBuilder, options: VectorOptions) => void,
): { readonly [name: string]: WasmFunction } => {
  const module = new ModuleBuilder()
  module.memory({ from: { module: 'scratch', name: 'memory' }, pages: 1, maximum: 65536 })
  build(module, { fused, scalar: importNumbers(module) })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), {
    scratch: { memory: scratch.memory },
    ...numbersToImport(deterministic),
  })
  return instance.exports as unknown as { readonly [name: string]: WasmFunction }
}
