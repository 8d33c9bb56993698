import fc from 'fast-check'
import { ModuleBuilder } from '../../../../src/execution/wasm/assembler/index.js'
import type { KernelFunction, Strided, Target } from '../../../../src/execution/wasm/loops/kernel.js'
import { importNumbers } from '../../../../src/execution/wasm/numbers.js'
import { allocate, bytesPerElement, type DType } from '../../../../src/graph/dtype.js'
import { type Shape, sizeOf } from '../../../../src/graph/shape.js'
import { denseValue, type Spec, type Value } from '../../../../src/graph/value.js'
import { dtypes, sameBytes, valuesOf } from '../../values.js'

const pageSize = 65536
const margin = 16
const untouched = 0xa5

type Run = (...addresses: number[]) => void

/** The kernel in a module of its own, or null if it is not served. */
const build = (
  define: (target: Target) => KernelFunction | null,
  memory: WebAssembly.Memory,
  fused = false,
): Run | null => {
  const module = new ModuleBuilder()
  module.memory({ from: { module: 'test', name: 'memory' }, pages: 1 })
  const { scalar, imports } = importNumbers(module, true)
  const kernel = define({ module, options: { fused, scalar } })
  if (kernel === null) return null
  module.export('run', kernel)
  const compiled = new WebAssembly.Module(module.bytes())
  return new WebAssembly.Instance(compiled, { test: { memory }, ...imports }).exports.run as Run
}

/**
 * Runs a kernel; `inPlace` is the input that lies where the first result does. The first input lies at the start of the
 * memory and the last at its end, so that what is read far off traps; what is written far off is found.
 */
export const runKernel = (
  define: (target: Target) => KernelFunction | null,
  inputs: readonly Value[],
  outs: readonly Spec[],
  inPlace?: number,
): Value[] | null => {
  const aligned = (bytes: number) => Math.ceil(bytes / margin) * margin
  let top = 0
  const take = (bytes: number): number => {
    top += aligned(bytes) + 2 * margin
    return top - aligned(bytes) - 2 * margin
  }
  const addresses = inputs.map(({ data }) => take(data.byteLength))
  const results = outs.map(({ shape, dtype }) => take(sizeOf(shape) * bytesPerElement(dtype)))
  if (inPlace !== undefined) results[0] = addresses[inPlace]!
  const last = inputs.length - 1
  take(inputs[last]?.data.byteLength ?? 0)
  const pages = Math.ceil(top / pageSize)
  const memory = new WebAssembly.Memory({ initial: pages })
  const bytes = new Uint8Array(memory.buffer).fill(untouched)
  if (last > 0 && last !== inPlace) {
    addresses[last] = pages * pageSize - margin - aligned(inputs[last]!.data.byteLength)
  }
  const run = build(define, memory)
  if (run === null) return null
  inputs.forEach(({ data }, i) => {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), addresses[i]!)
  })
  const before = bytes.slice()
  run(...inputs.map(({ dtype, offset }, i) => addresses[i]! + offset * bytesPerElement(dtype)), ...results)
  const values = outs.map(({ shape, dtype }, i) => {
    const size = sizeOf(shape) * bytesPerElement(dtype)
    const data = allocate(dtype, sizeOf(shape))
    new Uint8Array(data.buffer).set(bytes.subarray(results[i], results[i]! + size))
    bytes.set(before.subarray(results[i], results[i]! + size + margin), results[i]!)
    return denseValue(data, shape, dtype)
  })
  if (!sameBytes(bytes, before)) throw new Error('written outside of the results')
  return values
}

export const stridedOf = ({ shape, dtype, strides }: Value): Strided => ({ shape, dtype, strides })

/** Shapes with short and long axes, of up to some thousand elements. */
export const someShapes: fc.Arbitrary<Shape> = fc
  .array(fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 40 })), { maxLength: 4 })
  .filter((shape) => sizeOf(shape) <= 3000)

export const inputsOver = (
  shape: Shape,
  arity: number,
  kinds: fc.Arbitrary<DType> = dtypes,
  elements: Parameters<typeof valuesOf>[2] = 'special',
): fc.Arbitrary<Value[]> =>
  fc.tuple(...Array.from({ length: arity }, () => kinds.chain((dtype) => valuesOf(shape, dtype, elements))))
