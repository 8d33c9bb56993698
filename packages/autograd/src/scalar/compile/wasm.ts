import type { NumberFunction } from '../../rules/algebra.js'
import { type Layout, layoutOf } from './layout.js'
import { reserve, sharedMemory, sharedNumbers } from './memory.js'
import { moduleOf } from './module.js'
import type { Plan } from './plan.js'
import type { Program } from './program.js'

/** A program in WebAssembly: RangeError or a CompileError if the engine has no room for it. */
export class WasmProgram implements Program {
  private readonly layout: Layout
  private readonly plain: () => number
  private careful: (() => number) | null = null

  constructor(private readonly plan: Plan) {
    this.layout = layoutOf(plan)
    reserve(this.layout.words)
    this.plain = this.built(!plan.mayMultiply)
  }

  numbers(): Float64Array {
    return sharedNumbers()
  }

  run(): number | null {
    let outcome = this.plain()
    if (outcome < 0) {
      this.careful ??= this.built(true)
      outcome = this.careful()
    }
    return outcome === 0 ? null : outcome - 1
  }

  private built(isCareful: boolean): () => number {
    const { bytes, called } = moduleOf(this.plan, this.layout, isCareful)
    const imports = {
      memory: { memory: sharedMemory() },
      called: Object.fromEntries(called.entries()) as Record<string, NumberFunction>,
    }
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), imports).exports.run as () => number
  }
}
