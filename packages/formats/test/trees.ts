import { Tensor } from '@adjoint/autograd'
import { expect } from 'vitest'

/** The same to the bit, tensors by dtype, shape and elements; the keys in the same order. */
export const expectSame = (actual: unknown, wanted: unknown): void => expect(plain(actual)).toEqual(plain(wanted))

const plain = (thing: unknown): unknown => {
  if (thing instanceof Tensor) {
    const data = thing.data as unknown as Float32Array
    return {
      tensor: thing.dtype,
      shape: [...thing.shape],
      bytes: [...new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
    }
  }
  if (Array.isArray(thing)) return thing.map(plain)
  if (typeof thing === 'number') return Object.is(thing, -0) ? 'minus zero' : thing
  if (typeof thing !== 'object' || thing === null) return thing
  // pairs, so that order and strange keys count
  return { object: Object.entries(thing).map(([key, value]) => [key, plain(value)]) }
}
