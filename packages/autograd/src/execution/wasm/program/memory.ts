import { bytesPerElement, type DType, type TypedArray } from '../../../graph/dtype.js'
import { CompileError } from '../../../graph/errors.js'
import { formatShape, sizeOf } from '../../../graph/shape.js'
import {
  denseData,
  denseValue,
  isContiguous,
  resultValue,
  type Spec,
  smallSize,
  type Value,
} from '../../../graph/value.js'
import { formatBytes } from '../../bytes.js'
import type { Plan, View } from '../../plan/plan.js'
import { pageSize } from '../memory.js'

/** Programs of fewer bytes do not ask for too much: if there is no memory for them, others have it. */
const large = 2 ** 28

/** The memory of one plan, where values go in and out. */
export class PlanMemory {
  readonly memory: WebAssembly.Memory
  private readonly views: { readonly [D in DType]: TypedArray }

  /** @throws CompileError that says what takes so much; RangeError if it is not much */
  constructor(bytes: number, plan: Plan) {
    this.memory = allocateMemory(bytes, plan)
    const { buffer } = this.memory
    this.views = {
      float32: new Float32Array(buffer),
      float64: new Float64Array(buffer),
      int32: new Int32Array(buffer),
      bool: new Uint8Array(buffer),
    }
  }

  write(address: number, dtype: DType, data: TypedArray): void {
    const view = this.views[dtype]
    const to = address / bytesPerElement(dtype)
    // a call costs more than a few elements
    if (data.length > 16) view.set(data, to)
    else for (let i = 0; i < data.length; i++) view[to + i] = data[i]!
  }

  /** The elements at an address, in an array of their own. */
  read(address: number, { shape, dtype }: Spec): Value {
    const from = address / bytesPerElement(dtype)
    return denseValue(this.views[dtype].slice(from, from + sizeOf(shape)), shape, dtype)
  }

  /** A view of the buffer at an address, where it is. */
  look({ shape, dtype, strides, offset }: View, address: number): Value {
    const from = address / bytesPerElement(dtype) + offset
    // spreads, which would be shorter, take longer than a small program
    return { data: this.views[dtype], shape, dtype, strides, offset: from, shared: true }
  }

  /** A view of the buffer at an address, in room of its own. */
  readView(view: View, address: number): Value {
    const { shape, dtype, offset } = view
    const size = sizeOf(shape)
    if (size > smallSize || !isContiguous(view)) {
      const data = denseData(this.look(view, address))
      return denseValue(data.buffer === this.views[dtype].buffer ? data.slice() : data, shape, dtype)
    }
    // the loss of a step, as a rule: to make an array for it takes as long as a small step
    const value = resultValue(view, size)
    const source = this.views[dtype]
    const from = address / bytesPerElement(dtype) + offset
    for (let i = 0; i < size; i++) value.data[value.offset + i] = source[from + i]!
    return value
  }
}

const allocateMemory = (bytes: number, plan: Plan): WebAssembly.Memory => {
  const pages = Math.ceil(bytes / pageSize)
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages })
  } catch (cause) {
    if (bytes < large) throw cause
    throw new CompileError(
      `compile: the program needs ${formatBytes(bytes)} of memory, which WebAssembly does not give (at most 4 GiB). ` +
        `Largest are ${largest(plan)}. Work on smaller batches, or run this function uncompiled.`,
      { cause },
    )
  }
}

const largest = ({ inputs, steps }: Plan): string => {
  const inputsAndResults = [
    ...inputs.map((buffer) => ({ what: 'an input', buffer })),
    ...steps.flatMap(({ kind, outs }) => outs.map((buffer) => ({ what: `a result of ${kind}`, buffer }))),
  ]
  const sizeIn = ({ shape, dtype }: { shape: readonly number[]; dtype: Parameters<typeof bytesPerElement>[0] }) =>
    sizeOf(shape) * bytesPerElement(dtype)
  return inputsAndResults
    .toSorted((a, b) => sizeIn(b.buffer) - sizeIn(a.buffer))
    .slice(0, 3)
    .map(({ what, buffer }) => `${what}, ${buffer.dtype}${formatShape(buffer.shape)} (${formatBytes(sizeIn(buffer))})`)
    .join(', ')
}
