/** Reproducible numbers: Mulberry32, whose state is one integer, so that a peer in another language can draw the same. */
export class Numbers {
  #state: number

  constructor(seed = 1) {
    this.#state = seed
  }

  /** One number from 0 up to but not including 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }

  /** Numbers from -bound to bound. */
  uniform(count: number, bound = 1): Float32Array {
    return Float32Array.from({ length: count }, () => (2 * this.next() - 1) * bound)
  }

  /** Integers from 0 to end - 1. */
  integers(count: number, end: number): Int32Array {
    return Int32Array.from({ length: count }, () => Math.floor(this.next() * end))
  }

  /** The weight of a layer of `inputs` features, as PyTorch draws it, and its bias. */
  linear(inputs: number, outputs: number): { weight: Weights; bias: Weights } {
    const bound = 1 / Math.sqrt(inputs)
    return {
      weight: { shape: [inputs, outputs], values: this.uniform(inputs * outputs, bound) },
      bias: { shape: [outputs], values: this.uniform(outputs, bound) },
    }
  }
}

/** The elements of a parameter in row-major order, and its shape. */
export interface Weights {
  readonly shape: number[]
  readonly values: Float32Array
}
