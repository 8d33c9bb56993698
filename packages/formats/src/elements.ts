import { type DType, type Tensor, type TypedArray, tensor } from '@adjoint/autograd'
import { nativeBytes } from './bytes.js'
import { FormatError } from './errors.js'

// What elements of files become: the dtype that holds each of their values exactly, or an error that names the first value
// that none does.

/** How elements lie in a file. */
export interface Element {
  /** As messages call it. */
  readonly name: string
  /** Bytes of one. */
  readonly width: number
  /** What a tensor of them is. */
  readonly dtype: DType
  /** Those in bytes in the order of this machine, aligned; may be a view of them. */
  readonly read: (native: Uint8Array, refuse: Refuse) => TypedArray
}

/** Throws for the element at a place. */
type Refuse = (place: number, problem: string) => never

type View<T> = new (buffer: ArrayBufferLike, start: number, length: number) => T
const viewAs =
  <T>(View: View<T>, width: number) =>
  ({ buffer, byteOffset, length }: Uint8Array): T =>
    new View(buffer, byteOffset, length / width)

const float32s = viewAs(Float32Array, 4)
const int32s = viewAs(Int32Array, 4)
const uint32s = viewAs(Uint32Array, 4)
const uint16s = viewAs(Uint16Array, 2)
const int16s = viewAs(Int16Array, 2)
const int8s = viewAs(Int8Array, 1)

/** Made of the bits of each. */
const fromBits = (native: Uint8Array, bitsOf: (half: number) => number): Float32Array => {
  const halves = uint16s(native)
  const out = new Uint32Array(halves.length)
  for (let i = 0; i < halves.length; i++) out[i] = bitsOf(halves[i]!)
  return new Float32Array(out.buffer)
}

/** The bits of a float32 of the same value as a float16. */
const widened = (half: number): number => {
  const sign = (half & 0x8000) << 16
  const exponent = (half >>> 10) & 31
  const fraction = half & 0x3ff
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13)
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13)
  if (fraction === 0) return sign
  // below the normal float16: the highest bit that is set is not written in a float32
  const shift = Math.clz32(fraction) - 21
  return sign | ((113 - shift) << 23) | (((fraction << shift) & 0x3ff) << 13)
}

const bool = (native: Uint8Array, refuse: Refuse): TypedArray => {
  for (let i = 0; i < native.length; i++) {
    if (native[i]! > 1) refuse(i, `is the byte ${native[i]}, and a truth value is 0 or 1`)
  }
  return native
}

const outOfRange = (value: number | bigint): string =>
  `is ${value}, and a tensor holds integers of 32 bits, from -2147483648 to 2147483647`

const uint32 = (native: Uint8Array, refuse: Refuse): TypedArray => {
  const all = uint32s(native)
  for (let i = 0; i < all.length; i++) if (all[i]! > 0x7fffffff) refuse(i, outOfRange(all[i]!))
  return int32s(native)
}

/** Of 64 bits, by their lower and upper halves. */
const long =
  (signed: boolean) =>
  (native: Uint8Array, refuse: Refuse): TypedArray => {
    const halves = int32s(native)
    const low = nativeLow
    const out = new Int32Array(halves.length / 2)
    for (let i = 0; i < out.length; i++) {
      const value = halves[2 * i + low]!
      const upper = halves[2 * i + 1 - low]!
      if (upper !== (signed ? value >> 31 : 0) || (!signed && value < 0)) {
        const whole = (BigInt(upper) << 32n) | BigInt(value >>> 0)
        refuse(i, outOfRange(signed ? BigInt.asIntN(64, whole) : BigInt.asUintN(64, whole)))
      }
      out[i] = value
    }
    return out
  }

/** Which half of 64 bits is the lower on this machine. */
const nativeLow = new Int32Array(new BigInt64Array([1n]).buffer)[0] === 1 ? 0 : 1

const element = (name: string, width: number, dtype: DType, read: Element['read']): Element => ({
  name,
  width,
  dtype,
  read,
})

/** All that is read, by names like NumPy's: the kind of number, and bytes. */
export const elements = {
  f8: element('float64', 8, 'float64', viewAs(Float64Array, 8)),
  f4: element('float32', 4, 'float32', float32s),
  f2: element('float16', 2, 'float32', (native) => fromBits(native, widened)),
  bf2: element('bfloat16', 2, 'float32', (native) => fromBits(native, (half) => half << 16)),
  i8: element('int64', 8, 'int32', long(true)),
  i4: element('int32', 4, 'int32', int32s),
  i2: element('int16', 2, 'int32', (native) => Int32Array.from(int16s(native))),
  i1: element('int8', 1, 'int32', (native) => Int32Array.from(int8s(native))),
  u8: element('uint64', 8, 'int32', long(false)),
  u4: element('uint32', 4, 'int32', uint32),
  u2: element('uint16', 2, 'int32', (native) => Int32Array.from(uint16s(native))),
  u1: element('uint8', 1, 'int32', (native) => Int32Array.from(native)),
  b1: element('bool', 1, 'bool', bool),
} as const satisfies Readonly<Record<string, Element>>

/** Where elements stand in a file. */
export interface Place {
  /** As a message begins: "readNpy". */
  readonly owner: string
  /** Whose elements they are: "'0.weight'". */
  readonly what: string
  /** The byte of the file at which they begin. */
  readonly offset: number
  readonly littleEndian: boolean
}

/**
 * A tensor of the elements in these bytes, which are as many as the shape says.
 *
 * @throws FormatError for one that no dtype holds, by its place
 */
export const tensorOf = (bytes: Uint8Array, shape: readonly number[], of: Element, place: Place): Tensor =>
  tensor(elementsOf(bytes, of, place), { shape: [...shape], dtype: of.dtype })

/** The elements themselves; may be a view of the bytes. */
export const elementsOf = (
  bytes: Uint8Array,
  of: Element,
  { owner, what, offset, littleEndian }: Place,
): TypedArray => {
  const refuse: Refuse = (i, problem) => {
    throw new FormatError(
      `${owner}: element ${i} of ${what} (${of.name}, at byte ${offset + i * of.width}) ${problem}; write it as another dtype.`,
    )
  }
  return of.read(nativeBytes(bytes, of.width, littleEndian), refuse)
}
