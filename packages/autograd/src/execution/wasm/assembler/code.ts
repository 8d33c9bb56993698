/** The types of WebAssembly values that the kernels use. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128'

/** A function of a module. Its index is known only when the module is written: code refers to the object. */
export interface FunctionReference {
  index: number
}

/** Instructions as nested lists of bytes, joined only when a module is written. */
export type Instructions = readonly (number | FunctionReference | Instructions)[]

/**
 * Instructions that leave one value on the stack. They may be preceded by statements, and used twice they are computed
 * twice.
 */
export type Code<T extends ValueType> = Instructions & { readonly leaves?: T }

/** Instructions that leave nothing on the stack. A list of statements is a statement. */
export type Statement = Instructions & { readonly leaves?: 'nothing' }

/** As many as are written out in a row. */
export const range = <T>(length: number, each: (index: number) => T): T[] => Array.from({ length }, (_, i) => each(i))

/** Statements and then a value. */
export const after = <T extends ValueType>(statements: Statement, value: Code<T>): Code<T> => [statements, value]

const typeBytes = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const
export const typeByte = (type: ValueType): number => typeBytes[type]

/** Appends all bytes of the instructions. */
export const flatten = (instructions: Instructions, bytes: number[]): number[] => {
  for (const part of instructions) {
    if (typeof part === 'number') bytes.push(part)
    else if ('index' in part) bytes.push(...unsigned(part.index))
    else flatten(part, bytes)
  }
  return bytes
}

/** A number from 0 to 2^32 - 1 as unsigned LEB128. */
export const unsigned = (value: number): number[] => {
  const bytes: number[] = []
  value >>>= 0
  do {
    const low = value & 0x7f
    value >>>= 7
    bytes.push(value === 0 ? low : low | 0x80)
  } while (value !== 0)
  return bytes
}

/** A 64 bit integer, or a 32 bit one, as signed LEB128. */
export const signed = (value: number | bigint): number[] => {
  // of 32 bits, as addresses are: big integers take several times as long
  if (typeof value === 'number' && (value | 0) === value) return shortSigned(value)
  const bytes: number[] = []
  let rest = BigInt.asIntN(64, BigInt(value))
  for (;;) {
    const low = Number(rest & 0x7fn)
    rest >>= 7n
    const done = (rest === 0n && (low & 0x40) === 0) || (rest === -1n && (low & 0x40) !== 0)
    bytes.push(done ? low : low | 0x80)
    if (done) return bytes
  }
}

const shortSigned = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value
  while (rest < -64 || rest > 63) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  bytes.push(rest & 0x7f)
  return bytes
}

/** The little-endian bytes of what `write` puts into a view. */
const bytesOf = (size: number, write: (view: DataView) => void): number[] => {
  const buffer = new ArrayBuffer(size)
  write(new DataView(buffer))
  return [...new Uint8Array(buffer)]
}
export const float32Bytes = (value: number): number[] => bytesOf(4, (view) => view.setFloat32(0, value, true))
export const float64Bytes = (value: number): number[] => bytesOf(8, (view) => view.setFloat64(0, value, true))
export const int32Bytes = (value: number): number[] => bytesOf(4, (view) => view.setInt32(0, value, true))
export const int64Bytes = (value: bigint): number[] => bytesOf(8, (view) => view.setBigInt64(0, value, true))
export const textBytes = (text: string): number[] => {
  const bytes = [...new TextEncoder().encode(text)]
  return [...unsigned(bytes.length), ...bytes]
}
