import { kinds } from '@adjoint/autograd'

const classOf = (thing: unknown): string => Object.prototype.toString.call(thing)

/** What files are read from. */
export const bytesKind = kinds.kind('the bytes of a file: a Uint8Array (a Buffer is one) or an ArrayBuffer', (thing) =>
  ['[object Uint8Array]', '[object ArrayBuffer]'].includes(classOf(thing)),
)

/** The bytes of a file, as they come from a file system or from `fetch`. */
export type Bytes = Uint8Array | ArrayBuffer

/** The same bytes, not copied. */
export const viewOf = (bytes: Bytes): Uint8Array => (ArrayBuffer.isView(bytes) ? bytes : new Uint8Array(bytes))

/** Whether the numbers of this machine begin with their lowest byte, as nearly all do. */
export const isLittleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1

/** A copy with the bytes of each element the other way round. */
const swapped = (bytes: Uint8Array, width: number): Uint8Array => {
  const out = new Uint8Array(bytes.length)
  for (let start = 0; start < bytes.length; start += width) {
    for (let i = 0; i < width; i++) out[start + i] = bytes[start + width - 1 - i]!
  }
  return out
}

/** The bytes in the order of this machine, where an array of elements so wide may begin: a copy only where it must be one. */
export const nativeBytes = (bytes: Uint8Array, width: number, littleEndian: boolean): Uint8Array => {
  if (littleEndian !== isLittleEndian && width > 1) return swapped(bytes, width)
  return bytes.byteOffset % width === 0 ? bytes : bytes.slice()
}

/** The bytes of an array of elements, little-endian, not copied where this machine has them so. */
export const littleBytes = (data: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number }): Uint8Array => {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return isLittleEndian || data.BYTES_PER_ELEMENT === 1 ? bytes : swapped(bytes, data.BYTES_PER_ELEMENT)
}

/** The pieces as one array. */
export const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

export const encodeText = (text: string): Uint8Array => new TextEncoder().encode(text)

/** The text of UTF-8 bytes; undefined for bytes that are none. */
export const decodeText = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
