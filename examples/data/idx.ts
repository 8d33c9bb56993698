import { readFileSync } from 'node:fs'

/** A data file that is missing or is not what it should be: the sentence names the file, the place and the remedy. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError'

  constructor(file: string, problem: string, remedy: string) {
    super(`${file}: ${problem}. ${remedy}`)
  }
}

export interface IdxArray {
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

export const installData = "Run 'npx -y pnpm@10 install' in the repository to get the data."
const reinstall = "Delete node_modules and run 'npx -y pnpm@10 install' to get it anew."
const elementTypes: Readonly<Record<number, string>> = {
  8: 'unsigned bytes',
  9: 'signed bytes',
  11: '16-bit integers',
  12: '32-bit integers',
  13: '32-bit floats',
  14: '64-bit floats',
}

/**
 * Reads a file in the IDX format of the MNIST database: two zero bytes, the element type, the number of dimensions,
 * each dimension as a big-endian 32-bit integer, then the elements in row-major order.
 *
 * @param dimensions how many dimensions the array must have
 * @throws DataFileError if the file cannot be read, is cut off or too long, or holds something else
 */
export const readIdx = (file: string, dimensions: number): IdxArray => {
  const bytes = read(file)
  const fail = (problem: string, remedy = reinstall): never => {
    throw new DataFileError(file, problem, remedy)
  }

  if (bytes[0] === 0x1f && bytes[1] === 0x8b) fail('at byte 0, it is compressed', `Unpack it with 'gunzip ${file}'.`)
  const headerEnd = 4 + 4 * dimensions
  if (bytes.length < headerEnd) fail(`it ends at byte ${bytes.length}, inside its header of ${headerEnd} bytes`)
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    fail(`at byte 0, it starts with ${hex(bytes.subarray(0, 4))} where an IDX file starts with 00 00`)
  }
  const type = bytes[2]!
  if (type !== 8) {
    const found = elementTypes[type] ?? `elements of the unknown type 0x${hex([type])}`
    fail(`at byte 2, it declares ${found}, and only unsigned bytes (08) are read`, 'Convert it, or check the name.')
  }
  if (bytes[3] !== dimensions) {
    fail(`at byte 3, it declares ${bytes[3]} dimensions, not ${dimensions}`, 'Are images and labels interchanged?')
  }

  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i))
  const size = shape.reduce((product, dimension) => product * dimension, 1)
  const end = headerEnd + size
  if (bytes.length < end) {
    fail(`it ends at byte ${bytes.length}, but its header declares [${shape.join(', ')}] elements up to byte ${end}`)
  }
  if (bytes.length > end) {
    fail(`at byte ${end}, its [${shape.join(', ')}] elements end, but the file goes on to byte ${bytes.length}`)
  }
  return { shape, data: bytes.subarray(headerEnd) }
}

const read = (file: string): Uint8Array => {
  try {
    return readFileSync(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const problem = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`
    throw new DataFileError(file, problem, installData)
  }
}

const hex = (bytes: Iterable<number>): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ')
