import { expect } from 'vitest'
import type { CheckedFunction, KernelFunction, Strided, Target } from '../../../src/execution/wasm/loops/kernel.js'
import { buildFunction, createRuntime } from '../../../src/execution/wasm/runtime.js'
import { allocate, bytesPerElement, type DType, type TypedArray } from '../../../src/graph/dtype.js'
import { sizeOf } from '../../../src/graph/shape.js'
import { denseValue, type Spec, type Value } from '../../../src/graph/value.js'
import { sameBytes } from '../values.js'

/** Defines a kernel, or does not serve these operands. */
export type Define<Out = Spec> = (
  target: Target,
  inputs: readonly Strided[],
  out: Out,
  workspace: number,
) => KernelFunction | CheckedFunction | null

export interface Outcome {
  readonly result: Value
  readonly results: readonly Value[]
  /** What the function gives. */
  readonly code: number | undefined
}

const pageSize = 65536
const room = 16
const untouched = 0xff
const workspace = 64

/**
 * Runs a kernel on operands in memory of which nothing but its workspace may be written; the last one lies at its end.
 */
export const runKernel = (define: Define, inputs: readonly Value[], out: Spec, workspaceBytes = 0): Outcome | null =>
  runKernelOf((target, operands, [each], room) => define(target, operands, each!, room), inputs, [out], workspaceBytes)

/** The same for one of several results. */
export const runKernelOf = (
  define: Define<readonly Spec[]>,
  inputs: readonly Value[],
  outs: readonly Spec[],
  workspaceBytes = 0,
): Outcome | null => {
  const runtime = createRuntime(false)
  const { memory } = runtime.scratch
  const linked = buildFunction(runtime, (module, options) => define({ module, options }, inputs, outs, workspace))
  if (linked === null) return null

  const windows = inputs.map(windowOf)
  let top = align(workspace + workspaceBytes)
  const places = outs.map(({ shape, dtype }) => {
    const start = top
    const bytes = sizeOf(shape) * bytesPerElement(dtype)
    top = align(start + bytes + room)
    return { start, bytes }
  })
  const starts = windows.map(({ data }) => {
    const start = top
    top = align(top + data.byteLength + room)
    return start
  })
  memory.grow(Math.ceil((top + 64) / pageSize))
  const last = windows.at(-1)
  if (last !== undefined) {
    const end = memory.buffer.byteLength - room - last.data.byteLength
    starts[starts.length - 1] = end - (end % last.data.BYTES_PER_ELEMENT)
  }
  const bytes = new Uint8Array(memory.buffer).fill(untouched)
  windows.forEach(({ data }, i) => {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), starts[i])
  })
  const before = bytes.slice()
  const addresses = windows.map(({ data, first }, i) => starts[i]! + first * data.BYTES_PER_ELEMENT)
  const code = linked.function(...addresses, ...places.map(({ start }) => start))

  const results = outs.map(({ shape, dtype }, i) => {
    const data = allocate(dtype, sizeOf(shape))
    const { start, bytes: length } = places[i]!
    new Uint8Array(data.buffer).set(bytes.subarray(start, start + length))
    bytes.fill(untouched, start, start + length + room)
    return denseValue(data, shape, dtype)
  })
  bytes.fill(untouched, workspace, workspace + workspaceBytes)
  expect(sameBytes(bytes, before)).toBe(true)
  return { result: results[0]!, results, code }
}

const align = (address: number): number => Math.ceil(address / 16) * 16

/** The part of an array that a value spans, and the position of its first element there. */
const windowOf = ({ data, shape, strides, offset }: Value): { data: TypedArray; first: number } => {
  if (sizeOf(shape) === 0) return { data: data.subarray(0, 0), first: 0 }
  const reaches = shape.map((dim, axis) => (dim - 1) * strides[axis]!)
  const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0)
  const first = offset + sum(reaches.map((reach) => Math.min(reach, 0)))
  const last = offset + sum(reaches.map((reach) => Math.max(reach, 0)))
  return { data: data.subarray(first, last + 1), first: offset - first }
}

/** Whole numbers without a pattern, from -8 to 8, or truth values. */
export const numbered = (shape: readonly number[], dtype: DType = 'float32'): Value => {
  const data = allocate(dtype, sizeOf(shape))
  for (let i = 0; i < data.length; i++) {
    const number = (((i * 7919 + 13) % 1009) % 17) - 8
    data[i] = dtype === 'bool' ? number & 1 : number
  }
  return denseValue(data, shape, dtype)
}

export const permuted = (x: Value, axes: readonly number[]): Value => ({
  ...x,
  shape: axes.map((axis) => x.shape[axis]!),
  strides: axes.map((axis) => x.strides[axis]!),
})

/** Each window of some axes, as `unfold` shows them: `[n, c, h, w] -> [n, c, rows, columns, size, size]`. */
export const windowed = (x: Value, size: number, stride = 1): Value => {
  const [n, c, h, w] = x.shape as [number, number, number, number]
  const [image, channel, row, column] = x.strides as [number, number, number, number]
  const count = (dim: number) => Math.floor((dim - size) / stride) + 1
  return {
    ...x,
    shape: [n, c, count(h), count(w), size, size],
    strides: [image, channel, row * stride, column * stride, row, column],
  }
}
