import { encodeText } from '../bytes.js'
import { checksumOf } from '../checksum.js'
import { inOrder, type SafetensorsEntry } from './header.js'

// What this package writes has checksums in its metadata: one of all that the header says, and one of each tensor. Other
// readers pass over them, and files of other writers have none.

/** Where an outline of the tree stands in the metadata, and where checksums do. */
export const outlineKey = 'adjoint.tree'
export const sumsKey = 'adjoint.sums'
/** What both texts begin with: they are known if it is their keys that were damaged. */
export const mark = 'adjoint '

/** That of what a header says, however it is written. */
export const headerSum = (
  entries: ReadonlyMap<string, SafetensorsEntry>,
  metadata: Readonly<Record<string, string>>,
): string => {
  const ordered = inOrder(entries)
  const base = ordered[0]?.[1].begin ?? 0
  const said = ordered.map(([name, { dtype, shape, begin, end }]) => [name, dtype, shape, begin - base, end - base])
  const texts = Object.entries(metadata).filter(([key]) => key !== sumsKey)
  texts.sort(([a], [b]) => (a < b ? -1 : 1))
  return digits(checksumOf(encodeText(JSON.stringify([said, texts]))))
}

export const tensorSum = (bytes: Uint8Array): string => digits(checksumOf(bytes))

const digits = (sum: number): string => sum.toString(16).padStart(8, '0')

/** The sum of the header, and that of each tensor in the order of their elements. */
export const joinSums = (header: string, tensors: readonly string[]): string => mark + [header, ...tensors].join(' ')

/**
 * The sums of a file by name of tensor, that of the header under null; none of a file of another writer. Undefined where they
 * are not what was written.
 */
export const sumsOf = (
  entries: ReadonlyMap<string, SafetensorsEntry>,
  metadata: Readonly<Record<string, string>>,
): ReadonlyMap<string | null, string> | undefined => {
  const text = Object.hasOwn(metadata, sumsKey) ? metadata[sumsKey]! : undefined
  if (text === undefined) {
    const isOurs = Object.values(metadata).some((value) => value.startsWith(mark))
    return isOurs ? undefined : new Map()
  }
  const [header, ...tensors] = text.slice(mark.length).split(' ')
  const names = inOrder(entries).map(([name]) => name)
  if (tensors.length !== names.length || header !== headerSum(entries, metadata)) return undefined
  return new Map<string | null, string>([[null, header], ...names.map((name, i) => [name, tensors[i]!] as const)])
}
