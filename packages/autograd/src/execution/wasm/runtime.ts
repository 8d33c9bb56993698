import type { Primitive } from '../../rules/algebra.js'
import { numbers } from '../../rules/numbers.js'
import { ModuleBuilder } from './assembler/index.js'
import { Scratch } from './memory.js'
import type { VectorOptions } from './vector/vector.js'

/** Kernels take addresses and sizes. */
export type WasmFunction = (...args: number[]) => void

/** What the kernels of one backend share. */
export interface Runtime {
  readonly scratch: Scratch
  /** Whether multiplications and additions may be fused. */
  readonly fused: boolean
}

export const createRuntime = (fused: boolean): Runtime => ({ scratch: new Scratch(), fused })

/** A module over the scratch memory; `build` defines and exports its functions, which come back by name. */
export const buildModule = (
  { scratch, fused }: Runtime,
  build: (module: ModuleBuilder, options: VectorOptions) => void,
): { readonly [name: string]: WasmFunction } => {
  const module = new ModuleBuilder()
  module.memory({ from: { module: 'scratch', name: 'memory' }, pages: 1, maximum: 65536 })
  const imported = new Map<Primitive, ReturnType<VectorOptions['scalar']>>()
  const scalar = (name: Primitive) => {
    let known = imported.get(name)
    if (known === undefined) {
      const parameters = new Array<'f64'>(numbers[name].length).fill('f64')
      known = module.importFunction('numbers', name, parameters, 'f64')
      imported.set(name, known)
    }
    return known
  }
  build(module, { fused, scalar })
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), {
    scratch: { memory: scratch.memory },
    numbers: numbers as unknown as Record<string, WebAssembly.ImportValue>,
  })
  return instance.exports as unknown as { readonly [name: string]: WasmFunction }
}
