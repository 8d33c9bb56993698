import { ModuleBuilder } from '../../../../src/execution/wasm/assembler/index.js'
import type { FloatType } from '../../../../src/execution/wasm/math/vector.js'
import {
  type ContractOptions,
  contractWorkspace,
  defineContract,
} from '../../../../src/execution/wasm/products/contract.js'
import { importProducts, linkProducts } from '../../../../src/execution/wasm/products/library/products.js'
import { allocate, bytesPerElement } from '../../../../src/graph/dtype.js'
import { sizeOf } from '../../../../src/graph/shape.js'
import { denseValue, type Spec, type Value } from '../../../../src/graph/value.js'

const noScalar = () => {
  throw new Error('a product asked for a scalar function')
}

/** A product compiled for operands of these shapes and strides, and a function that runs it over what lies there. */
export const compileProduct = (a: Value, b: Value, out: Spec, options: ContractOptions, fused: boolean) => {
  const type = out.dtype as FloatType
  const bytes = bytesPerElement(type)
  let top = 16
  const take = (size: number) => {
    const address = top
    top += Math.ceil(size / 16) * 16 + 16
    return address
  }
  const workspace = take(contractWorkspace(a, b, out, options))
  const [aBase, bBase] = [take(a.data.byteLength), take(b.data.byteLength)]
  const result = take(sizeOf(out.shape) * bytes)
  // the end of memory comes right after what may be read and written
  const memory = new WebAssembly.Memory({ initial: Math.ceil(top / 65536), maximum: 65536 })
  const view = type === 'float32' ? new Float32Array(memory.buffer) : new Float64Array(memory.buffer)

  const builder = new ModuleBuilder()
  builder.memory({ from: { module: 'plan', name: 'memory' }, pages: 0 })
  const target = { module: builder, options: { fused, scalar: noScalar } }
  const kernel = defineContract(target, importProducts(builder, type), a, b, out, { ...options, workspace })
  builder.export('product', kernel)
  const module = new WebAssembly.Module(builder.bytes())
  const instance = new WebAssembly.Instance(module, { plan: { memory }, ...linkProducts(module, fused, memory) })
  const call = instance.exports.product as (a: number, b: number, out: number) => void

  const run = () => call(aBase + a.offset * bytes, bBase + b.offset * bytes, result)
  const checked = (): Value => {
    view.fill(NaN)
    view.set(a.data, aBase / bytes)
    view.set(b.data, bBase / bytes)
    const elements = sizeOf(out.shape)
    const expected = view.slice()
    run()
    const data = allocate(type, elements)
    data.set(view.subarray(result / bytes, result / bytes + elements))
    // all but the result and what comes after it is as it was
    for (const [start, end] of [
      [0, workspace],
      [aBase, result],
      [Math.ceil((result + elements * bytes) / 16) * 16 + 16, view.byteLength],
    ] as const) {
      const part = (array: Float32Array | Float64Array) => Array.from(array.subarray(start / bytes, end / bytes))
      if (!part(view).every((e, i) => Object.is(e, expected[start / bytes + i]))) throw new Error('written elsewhere')
    }
    return denseValue(data, out.shape, type)
  }
  return { run, checked, size: builder.bytes().length }
}
