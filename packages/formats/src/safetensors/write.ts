import { ArgumentError, checker, kinds } from '@adjoint/autograd'
import { encodeText, joined, littleBytes } from '../bytes.js'
import { isPlainObject, takeApart } from '../tree.js'
import { written } from './dtypes.js'
import { inOrder, mostHeaderBytes, type SafetensorsEntry } from './header.js'
import { headerSum, joinSums, mark, outlineKey, sumsKey, tensorSum } from './sums.js'

/** How a file is written. */
export interface WriteSafetensorsOptions {
  /** Texts by name for its metadata, for other readers: `{ format: 'pt' }` for Hugging Face's transformers. */
  readonly metadata?: Readonly<Record<string, string>>
}

const metadataKind = kinds.kind(
  'an object of strings',
  (thing) => isPlainObject(thing) && Object.values(thing).every((text) => typeof text === 'string'),
)

/** What options of a writer are. */
export const writeOptions = { metadata: metadataKind }

const takes = checker('writeSafetensors', { tree: kinds.anything, options: writeOptions })

/**
 * The bytes of a safetensors file with all of a tree: tensors, and numbers, strings, booleans, null, arrays and plain objects
 * of these. A tensor is named by the keys on the way to it, with dots between: `{ model: { '0.weight': w } }` has it as
 * 'model.0.weight', for Python too. All else stands in the metadata, with what says how the tree is built, and with checksums.
 * Dtypes: float64, float32, int32 and bool as they are.
 *
 * @throws ArgumentError for what a file cannot have (a function, a Map, a model instead of its `stateDict()`), by its path
 * @example
 * const bytes = writeSafetensors({ model: model.stateDict(), epoch: 3 })
 * readSafetensors(bytes).epoch   // 3
 */
export function writeSafetensors(tree: unknown, options: WriteSafetensorsOptions = {}): Uint8Array<ArrayBuffer> {
  takes(arguments)
  return joined(safetensorsParts('writeSafetensors', tree, options))
}

/** The bytes in pieces, where elements are not copied. */
export const safetensorsParts = (
  owner: string,
  tree: unknown,
  { metadata: given = {} }: WriteSafetensorsOptions,
): readonly Uint8Array[] => {
  const { tensors, outline } = takeApart(owner, tree)
  const ours = Object.keys(given).find((key) => key.startsWith('adjoint.'))
  if (ours !== undefined) {
    throw new ArgumentError(
      `${owner}: metadata has '${ours}', and names that begin with 'adjoint.' are taken; choose another.`,
    )
  }
  const all = [...tensors].map(([name, { data, shape, dtype }]) => ({
    name,
    shape,
    dtype: written[dtype],
    bytes: littleBytes(data as unknown as Float32Array),
    width: data.length === 0 ? 1 : (data as unknown as Float32Array).BYTES_PER_ELEMENT,
  }))
  // wide elements first: then each tensor begins at a multiple of the width of its elements
  const ordered = [...all].sort((a, b) => b.width - a.width)
  const entries = new Map<string, SafetensorsEntry>()
  let end = 0
  for (const { name, shape, dtype, bytes } of ordered) {
    entries.set(name, { dtype, shape, begin: end, end: end + bytes.length })
    end += bytes.length
  }
  const bytesOf = new Map(all.map(({ name, bytes }) => [name, bytes]))
  const metadata = { ...given, ...(outline !== undefined && { [outlineKey]: mark + outline }) }
  const sums = joinSums(
    headerSum(entries, metadata),
    inOrder(entries).map(([name]) => tensorSum(bytesOf.get(name)!)),
  )
  const header = Object.fromEntries<unknown>([
    ['__metadata__', { ...metadata, [sumsKey]: sums }],
    ...all.map(({ name, shape, dtype }) => {
      const { begin, end } = entries.get(name)!
      return [name, { dtype, shape, data_offsets: [begin, end] }] as const
    }),
  ])
  return [headerBytes(owner, JSON.stringify(header)), ...ordered.map(({ bytes }) => bytes)]
}

/** The length and the text, with spaces up to a multiple of 8 bytes. */
const headerBytes = (owner: string, json: string): Uint8Array => {
  const text = encodeText(json)
  const length = Math.ceil(text.length / 8) * 8
  if (length > mostHeaderBytes) {
    throw new ArgumentError(
      `${owner}: what is no tensor in the tree makes a header of ${length} bytes, and it may have ${mostHeaderBytes}; make long ` +
        'arrays of numbers tensors.',
    )
  }
  const bytes = new Uint8Array(8 + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, 8)
  return bytes
}
