import { type Statement, unsigned } from './code.js'
import { ModuleBuilder } from './module.js'
import { i32 } from './scalar.js'
import { f32x4, v128 } from './vector.js'

export interface WasmFeatures {
  readonly simd: boolean
  /** Multiplication and addition in one instruction. */
  readonly relaxedSimd: boolean
}

const none: WasmFeatures = { simd: false, relaxedSimd: false }
const known = new WeakMap<object, WasmFeatures>()

/** What this engine can run: nothing without WebAssembly or where a content security policy forbids it. */
export const wasmFeatures = (): WasmFeatures => {
  const engine = globalThis.WebAssembly as typeof WebAssembly | undefined
  if (engine === undefined) return none
  let features = known.get(engine)
  if (features === undefined) {
    features = detect(engine)
    known.set(engine, features)
  }
  return features
}

const detect = (engine: typeof WebAssembly): WasmFeatures => {
  try {
    const zero = f32x4.const(0)
    const plain = probe(v128.store(i32.const(0), f32x4.add(zero, zero)))
    if (!engine.validate(plain)) return none
    // a policy may let modules be validated but not compiled, and some browsers compile only small ones at once
    new engine.Module(padded(plain))
    const relaxed = probe(v128.store(i32.const(0), f32x4.relaxedMulAdd(zero, zero, zero)))
    return { simd: true, relaxedSimd: engine.validate(relaxed) }
  } catch {
    return none
  }
}

/** The module with a section that means nothing. */
const padded = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const size = 65536
  return new Uint8Array([...bytes, 0x00, ...unsigned(size), ...new Array<number>(size).fill(0)])
}

const probe = (body: Statement): Uint8Array<ArrayBuffer> => {
  const module = new ModuleBuilder()
  module.memory({ pages: 0 })
  module.addFunction([], null, () => body)
  return module.bytes()
}
