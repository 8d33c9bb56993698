import { closest } from '@adjoint/autograd'
import { decodeText } from '../bytes.js'
import { FormatError } from '../errors.js'
import { nestsMoreThan } from '../nesting.js'
import { read, unread } from './dtypes.js'
import { duplicateKey } from './duplicates.js'

// The format, as https://github.com/huggingface/safetensors describes it: 8 bytes that say how long the header is, the
// header (an object in JSON), and the elements of the tensors, without gaps. What is there is checked before it is used.

/** What a header says of a tensor. */
export interface SafetensorsEntry {
  /** What an element is in the file, as the format calls it: 'F32', 'BF16', ... */
  readonly dtype: string
  /** The size of each axis. */
  readonly shape: readonly number[]
  /** The byte of the file at which its elements begin. */
  readonly begin: number
  /** The byte of the file after its elements. */
  readonly end: number
}

/** What stands before the elements of the tensors. */
export interface SafetensorsHeader {
  /** The tensors by name, in the order of the header. */
  readonly entries: ReadonlyMap<string, SafetensorsEntry>
  /** The texts by name that come with them. */
  readonly metadata: Readonly<Record<string, string>>
  /** How long the whole file is. */
  readonly byteLength: number
}

/** As many bytes as a header may have, by the reference implementation. */
export const mostHeaderBytes = 100_000_000

/**
 * Reads a header, and checks all of it.
 *
 * @param bytes the beginning of a file, or the whole
 * @throws FormatError that says at which byte, or in which entry, what is wrong
 */
export const parseHeader = (owner: string, bytes: Uint8Array): SafetensorsHeader => {
  const refuse: Refuse = (problem) => {
    throw new FormatError(`${owner}: ${problem}; give the bytes of a safetensors file.`)
  }
  const length = lengthOf(bytes, refuse)
  const text = decodeText(bytes.subarray(8, 8 + length))
  if (text === undefined) return refuse(`the header (bytes 8 to ${8 + length}) is no UTF-8 text`)
  const header = jsonOf(text, refuse)
  const repeated = duplicateKey(text)
  if (repeated !== undefined) return refuse(`the header has the key ${JSON.stringify(repeated)} twice`)
  const entries = new Map<string, SafetensorsEntry>()
  let metadata: Readonly<Record<string, string>> = {}
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') metadata = metadataOf(value, refuse)
    else entries.set(name, entryOf(name, value, 8 + length, refuse))
  }
  return { entries, metadata, byteLength: requireDense(entries, 8 + length, refuse) }
}

type Refuse = (problem: string) => never

/** Other files that may be given by mistake, by their first bytes. */
const others: readonly (readonly [what: string, start: readonly number[]])[] = [
  ['a zip archive, as PyTorch (.pt) and NumPy (.npz) write them', [0x50, 0x4b, 3, 4]],
  ['an .npy file: readNpy reads it', [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ['a GGUF file', [0x47, 0x47, 0x55, 0x46]],
  ['an HDF5 file, as Keras writes them', [0x89, 0x48, 0x44, 0x46]],
  ['a pickle, as PyTorch once wrote them', [0x80, 2]],
  ['a text in JSON', [0x7b, 0x22]],
  ['a pointer of Git LFS and not the file itself', [0x76, 0x65, 0x72, 0x73, 0x69, 0x6f, 0x6e, 0x20]],
  ['a page in HTML', [0x3c, 0x21]],
]

const lengthOf = (bytes: Uint8Array, refuse: Refuse): number => {
  if (bytes.length < 8) {
    return refuse(`there are ${bytes.length} bytes, and a file begins with 8 that say how long its header is`)
  }
  const other = others.find(([, start]) => start.every((byte, i) => bytes[i] === byte))
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8)
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true)
  const isJson = bytes.length === 8 || bytes[8] === 0x7b
  if (other !== undefined && !isJson) return refuse(`this is ${other[0]}, and no safetensors file`)
  const says = `the first 8 bytes say that the header has ${length} bytes`
  if (length > mostHeaderBytes) return refuse(`${says}, and it may have ${mostHeaderBytes}`)
  if (length < 2) return refuse(`${says}, and the shortest, {}, has 2`)
  if (length > bytes.length - 8) {
    return refuse(`${says}, and ${bytes.length - 8} follow (${8 + length - bytes.length} are missing)`)
  }
  if (!isJson) return refuse(`byte 8 is ${bytes[8]}, and the header begins with a brace, 123`)
  return length
}

const jsonOf = (text: string, refuse: Refuse): Readonly<Record<string, unknown>> => {
  // what nests deeply takes JSON.parse very long
  if (nestsMoreThan(text, deepest)) return refuse(`the header, which begins at byte 8, nests more than ${deepest} deep`)
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>
  } catch (error) {
    return refuse(`the header, which begins at byte 8, is no JSON (${(error as Error).message.slice(0, 120)})`)
  }
}

/** A header is an object of objects with arrays of numbers. */
const deepest = 8

const isObject = (thing: unknown): thing is Readonly<Record<string, unknown>> =>
  typeof thing === 'object' && thing !== null && !Array.isArray(thing)

const metadataOf = (value: unknown, refuse: Refuse): Readonly<Record<string, string>> => {
  if (!isObject(value)) return refuse('__metadata__ is no object')
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string')
      refuse(`__metadata__ has ${typeof text} under ${JSON.stringify(key)}, and texts are due`)
  }
  return value as Readonly<Record<string, string>>
}

const isCount = (thing: unknown): thing is number => Number.isSafeInteger(thing) && (thing as number) >= 0
const fields = ['dtype', 'shape', 'data_offsets']

const entryOf = (name: string, value: unknown, base: number, refuse: Refuse): SafetensorsEntry => {
  const what = `entry ${JSON.stringify(name)}`
  if (!isObject(value)) return refuse(`${what} is no object with ${fields.join(', ')}`)
  const strange = Object.keys(value).find((key) => !fields.includes(key))
  if (strange !== undefined)
    return refuse(`${what} has a field ${JSON.stringify(strange)}, which the format does not know`)
  const { dtype, shape, data_offsets: offsets } = value
  if (!Array.isArray(shape) || !shape.every(isCount)) return refuse(`${what}: its shape is no array of sizes`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    return refuse(`${what}: its data_offsets are not two byte positions`)
  }
  const [begin, end] = offsets as [number, number]
  if (typeof dtype !== 'string') return refuse(`${what}: its dtype is no text`)
  const element = Object.hasOwn(read, dtype) ? read[dtype] : undefined
  if (element === undefined && !unread.includes(dtype)) {
    const near = closest(dtype, Object.keys(read))
    return refuse(
      `${what}: its dtype ${JSON.stringify(dtype)} is unknown${near === undefined ? '' : ` (${near} is known)`}`,
    )
  }
  const size = shape.reduce((product: number, axis: number) => product * axis, 1)
  if (!Number.isSafeInteger(size * 8))
    return refuse(`${what}: shape [${shape.join(', ')}] has more elements than a file`)
  // those of types that are not read may share bytes: what is there is not looked at
  if (element !== undefined && end - begin !== size * element.width) {
    return refuse(
      `${what}: ${dtype} of shape [${shape.join(', ')}] takes ${size * element.width} bytes, and data_offsets [${begin}, ${end}] ` +
        `are ${end - begin}`,
    )
  }
  if (end < begin) return refuse(`${what}: data_offsets [${begin}, ${end}] run backwards`)
  return { dtype, shape: [...(shape as number[])], begin: base + begin, end: base + end }
}

/** Throws where elements overlap or leave a gap. @returns where the last ones end */
const requireDense = (entries: ReadonlyMap<string, SafetensorsEntry>, base: number, refuse: Refuse): number => {
  let end = base
  let last = 'the header'
  for (const [name, entry] of inOrder(entries)) {
    if (entry.begin !== end) {
      const how = entry.begin < end ? 'overlaps' : 'leaves a gap after'
      return refuse(
        `entry ${JSON.stringify(name)} begins at byte ${entry.begin} and ${how} ${last}, which ends at byte ${end}`,
      )
    }
    end = entry.end
    last = `entry ${JSON.stringify(name)}`
  }
  return end
}

/** By where their elements are; empty ones by name. */
export const inOrder = (
  entries: ReadonlyMap<string, SafetensorsEntry>,
): readonly (readonly [name: string, entry: SafetensorsEntry])[] =>
  [...entries].sort(([nameA, a], [nameB, b]) => a.begin - b.begin || a.end - b.end || (nameA < nameB ? -1 : 1))
