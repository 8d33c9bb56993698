import { bytesPerElement, type DType, type TypedArray } from '../../graph/dtype.js'
import { contiguousStrides, sizeOf } from '../../graph/shape.js'
import { denseData, isContiguous, type Spec, type Value } from '../../graph/value.js'

export const pageSize = 65536
const pageLimit = 65536

/** After each area, which whole vectors may be read from or written to. */
const margin = 16

/** So much memory is kept from run to run. */
const mostKept = 64 * 2 ** 20

/**
 * WebAssembly memory as scratch: what a kernel needs is laid out anew for each run. Values do not live here.
 * Areas are taken first, then `open` makes room for them all, then they are filled. A run that needed much is followed by
 * `close`: a memory cannot shrink, so there is another one then.
 */
export class Scratch {
  memory: WebAssembly.Memory
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

  /** Makes room for the areas taken; false if there is none. */
  open(): boolean {
    const missing = this.top - this.memory.buffer.byteLength
    if (missing <= 0) return true
    if (this.top > this.limit) return false
    // growing costs more than the room: at least by half
    const wanted = Math.min(Math.max(this.top, this.memory.buffer.byteLength * 1.5), this.limit)
    for (const bytes of [wanted, this.top]) {
      try {
        this.memory.grow(Math.ceil((bytes - this.memory.buffer.byteLength) / pageSize))
        this.views = viewsOf(this.memory)
        return true
      } catch {
        // the engine's own limit may be lower
      }
    }
    return false
  }

  /** To be called when the results have been read. */
  close(): void {
    if (this.memory.buffer.byteLength <= mostKept) return
    this.memory = new WebAssembly.Memory({ initial: 1, maximum: pageLimit })
    this.views = viewsOf(this.memory)
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

/** Where a value is going to lie in the scratch memory. */
export interface Incoming {
  /** Of its first element. */
  readonly address: number
  /** In elements. */
  readonly strides: readonly number[]
  /** Of what is copied. */
  readonly start: number
  /** What is copied of its array: so many elements from the first, or none of them but its own in their order. */
  readonly first: number
  readonly count: number
}

/** Takes room for a value: for the part of its array that it spans, or, if that has wide gaps, for its elements only. */
export const placeValue = (scratch: Scratch, value: Value): Incoming => {
  const { shape, dtype, strides, offset } = value
  const bytes = bytesPerElement(dtype)
  if (isContiguous(value)) {
    const count = sizeOf(shape)
    const start = scratch.take(count * bytes)
    return { address: start, strides, start, first: offset, count }
  }
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
  if (last - first >= 2 * distinct) {
    const start = scratch.take(sizeOf(shape) * bytes)
    return { address: start, strides: contiguousStrides(shape), start, first: -1, count: 0 }
  }
  const count = last - first + 1
  const start = scratch.take(count * bytes)
  return { address: start + (offset - first) * bytes, strides, start, first, count }
}

/** Copies it, once the memory is open. */
export const layValue = (scratch: Scratch, value: Value, { start, first, count }: Incoming): void => {
  const { data, dtype } = value
  const source = first < 0 ? denseData(value) : data.length === count ? data : data.subarray(first, first + count)
  scratch.view(dtype).set(source, start / bytesPerElement(dtype))
}
