import { bytesPerElement, type DType, type TypedArray } from '../../graph/dtype.js'
import { AdjointError } from '../../graph/errors.js'
import { contiguousStrides, sizeOf } from '../../graph/shape.js'
import { denseData, type Spec, type Value } from '../../graph/value.js'
import { formatBytes } from '../bytes.js'

export const pageSize = 65536
const pageLimit = 65536

/** After each area, which whole vectors may be read from or written to. */
const margin = 16

/** Where a value lies in the memory: the address of its first element, and strides in bytes. */
export interface Placed {
  readonly address: number
  readonly strides: readonly number[]
}

/**
 * One WebAssembly memory as scratch: what a kernel needs is laid out anew for each run. Values do not live here.
 * Areas are taken first, then `open` makes room for them all, then they are filled.
 */
export class Scratch {
  readonly memory: WebAssembly.Memory
  private top = 0
  private views: { readonly [D in DType]: TypedArray }

  constructor(private readonly limit = pageLimit * pageSize) {
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: pageLimit })
    this.views = viewsOf(this.memory)
  }

  /** Forgets all areas. */
  reset(): void {
    this.top = 0
  }

  /** The address of `bytes` free ones. */
  take(bytes: number): number {
    const address = this.top
    this.top += Math.ceil((bytes + margin) / margin) * margin
    return address
  }

  /** True if all areas taken fit. Beyond the limit they never will. */
  get fits(): boolean {
    return this.top <= this.limit
  }

  /** Makes room for the areas taken. */
  open(): void {
    const missing = this.top - this.memory.buffer.byteLength
    if (missing <= 0) return
    // growing costs more than the room: at least by half
    const wanted = Math.min(Math.max(this.top, this.memory.buffer.byteLength * 1.5), this.limit)
    for (const bytes of [wanted, this.top]) {
      try {
        this.memory.grow(Math.ceil((bytes - this.memory.buffer.byteLength) / pageSize))
        this.views = viewsOf(this.memory)
        return
      } catch {
        // the engine's own limit may be lower
      }
    }
    throw new AdjointError(
      `WebAssembly: no room for ${formatBytes(this.top)} of operands, with ${formatBytes(this.memory.buffer.byteLength)} ` +
        'of memory at hand: work on smaller pieces, or run without the WebAssembly backend.',
    )
  }

  view(dtype: DType): TypedArray {
    return this.views[dtype]
  }

  /** The elements at an address, in an array of their own. */
  read({ shape, dtype }: Spec, address: number): Value {
    const start = address / bytesPerElement(dtype)
    const data = this.views[dtype].slice(start, start + sizeOf(shape))
    return { data, shape, dtype, strides: contiguousStrides(shape), offset: 0, shared: false }
  }
}

const viewsOf = ({ buffer }: WebAssembly.Memory): { readonly [D in DType]: TypedArray } => ({
  float32: new Float32Array(buffer),
  float64: new Float64Array(buffer),
  int32: new Int32Array(buffer),
  bool: new Uint8Array(buffer),
})

/** A value on its way into the scratch memory. */
export interface Incoming extends Placed {
  /** To be called once the memory is open. */
  readonly copy: () => void
}

/** Takes room for a value: for the part of its array that it spans, or, if that has wide gaps, for its elements only. */
export const placeValue = (scratch: Scratch, value: Value): Incoming => {
  const { data, shape, dtype, strides, offset } = value
  let first = offset
  let last = offset
  let distinct = 1
  for (let axis = 0; axis < shape.length; axis++) {
    const stride = strides[axis]!
    const reach = stride * (shape[axis]! - 1)
    if (reach > 0) last += reach
    else first += reach
    if (stride !== 0) distinct *= shape[axis]!
  }
  const bytes = bytesPerElement(dtype)
  const isSparse = last - first >= 2 * distinct
  const count = isSparse ? sizeOf(shape) : last - first + 1
  const address = scratch.take(count * bytes)
  const copy = () => {
    const source = isSparse ? denseData(value) : data.length === count ? data : data.subarray(first, last + 1)
    scratch.view(dtype).set(source, address / bytes)
  }
  const steps = isSparse ? contiguousStrides(shape) : strides
  return {
    address: isSparse ? address : address + (offset - first) * bytes,
    strides: steps.map((step) => step * bytes),
    copy,
  }
}
