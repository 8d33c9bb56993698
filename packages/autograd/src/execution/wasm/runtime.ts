import { type Callable, ModuleBuilder } from './assembler/index.js'
import type { VectorOptions } from './math/vector.js'
import { Scratch } from './memory.js'
import { importNumbers } from './numbers.js'

/** Kernels take addresses and sizes; those that check their input give 1 where it is wrong. */
export type WasmFunction = (...args: number[]) => number | undefined

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

/** A function over the scratch memory: over the one that there is now. */
export class Linked {
  private memory: WebAssembly.Memory | null = null
  private run: WasmFunction | null = null

  constructor(
    private readonly runtime: Runtime,
    private readonly module: WebAssembly.Module,
    private readonly imports: WebAssembly.Imports,
  ) {}

  get function(): WasmFunction {
    const { scratch } = this.runtime
    if (this.memory !== scratch.memory) {
      this.memory = scratch.memory
      const imports = { scratch: { memory: scratch.memory }, ...this.imports }
      this.run = new WebAssembly.Instance(this.module, imports).exports.run as WasmFunction
    }
    return this.run!
  }
}

/** The function that `define` gives; null if it gives none, or if the engine refuses it. */
export const buildFunction = (
  runtime: Runtime,
  define: (module: ModuleBuilder, options: VectorOptions) => Callable<readonly 'i32'[], 'i32' | null> | null,
): Linked | null => {
  const module = new ModuleBuilder()
  module.memory({ from: { module: 'scratch', name: 'memory' }, pages: 1, maximum: 65536 })
  const { scalar, imports } = importNumbers(module, runtime.deterministic)
  const defined = define(module, { fused: runtime.fused, scalar })
  if (defined === null) return null
  module.export('run', defined)
  try {
    return new Linked(runtime, new WebAssembly.Module(module.bytes()), imports)
  } catch (error) {
    // engines limit the length of functions, and browsers what is compiled at once
    if (!(error instanceof RangeError || error instanceof WebAssembly.CompileError)) throw error
    return null
  }
}
