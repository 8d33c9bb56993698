import { inflateSync } from 'fflate'
import { decodeText } from '../bytes.js'
import { FormatError } from '../errors.js'
import { crc32 } from './crc.js'

// The directory of an archive is read here, and fflate does the inflating: its own reader compares no checksums.
// APPNOTE.TXT of PKWARE describes the format.

/** A file in an archive. */
export interface Member {
  readonly name: string
  /** The byte of the archive at which its bytes begin, as they are there. */
  readonly offset: number
  readonly bytes: Uint8Array
}

type Refuse = (at: number, problem: string) => never

/**
 * The files of a zip archive, stored or deflated, each compared with its checksum.
 *
 * @throws FormatError that says at which byte what is wrong
 */
export const membersOf = (owner: string, bytes: Uint8Array): readonly Member[] => {
  const refuse: Refuse = (at, problem) => {
    throw new FormatError(`${owner}: byte ${at}: ${problem}; give what numpy.savez writes.`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const listed = directoryOf(view, refuse).map((entry) => located(entry, view, refuse))
  const ordered = [...listed].sort((a, b) => a.header - b.header)
  ordered.forEach((entry, i) => {
    const next = ordered[i + 1]
    if (next && entry.end > next.header) refuse(next.header, `'${next.name}' begins within '${entry.name}'`)
  })
  return listed.map((entry) => extracted(entry, bytes, refuse))
}

/** What the directory says of a file. */
interface Listed {
  readonly name: string
  /** Where it says so. */
  readonly at: number
  readonly method: number
  readonly sum: number
  /** In the archive, and by itself. */
  readonly packed: number
  readonly size: number
  /** Where the file begins, with a header of its own. */
  readonly header: number
}

interface Located extends Listed {
  readonly start: number
  readonly end: number
}

const [endMark, listMark, fileMark] = [0x06054b50, 0x02014b50, 0x04034b50]

/** Where the last record begins: it may have a comment behind it. */
const endRecordOf = (view: DataView, refuse: Refuse): number => {
  const { byteLength } = view
  for (let at = byteLength - 22; at >= 0 && at >= byteLength - 22 - 0xffff; at--) {
    if (view.getUint32(at, true) === endMark && at + 22 + view.getUint16(at + 20, true) === byteLength) return at
  }
  return refuse(byteLength, 'no directory ends here: the file is cut off, or no zip archive')
}

const directoryOf = (view: DataView, refuse: Refuse): readonly Listed[] => {
  const end = endRecordOf(view, refuse)
  const [count, size, start] = [
    view.getUint16(end + 10, true),
    view.getUint32(end + 12, true),
    view.getUint32(end + 16, true),
  ]
  if (count === 0xffff || size === 0xffffffff || start === 0xffffffff) return refuse(end, tooLarge)
  if (view.getUint32(end + 4, true) !== 0 || view.getUint16(end + 8, true) !== count) {
    return refuse(end, 'the archive is in several parts, of which one is read')
  }
  if (start + size !== end) return refuse(end, `the directory has bytes ${start} to ${start + size}, and ends here`)
  const listed: Listed[] = []
  const names = new Set<string>()
  let at = start
  for (let i = 0; i < count; i++) {
    if (at + 46 > end || view.getUint32(at, true) !== listMark)
      return refuse(at, `no entry ${i} of the directory begins here`)
    const field = (offset: number): number => view.getUint32(at + offset, true)
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true))
    const name = textAt(view, at + 46, nameLength!)
    const next = at + 46 + nameLength! + extra! + comment!
    if (name === undefined || next > end) return refuse(at, `the name of entry ${i} is no text`)
    if (names.has(name)) return refuse(at, `there are two files '${name}'`)
    names.add(name)
    if (view.getUint16(at + 8, true) & 1) return refuse(at, `'${name}' is encrypted`)
    const [packed, size, header] = [field(20), field(24), field(42)]
    if ([packed, size, header].includes(0xffffffff)) return refuse(at, `'${name}': ${tooLarge}`)
    listed.push({ name, at, method: view.getUint16(at + 10, true), sum: field(16), packed, size, header })
    at = next
  }
  if (at !== end) return refuse(at, `the directory has ${count} entries, and more bytes`)
  return listed
}

const tooLarge = 'archives of 4 GiB and more (zip64) are not read: write several'

const textAt = (view: DataView, start: number, length: number): string | undefined =>
  start + length > view.byteLength
    ? undefined
    : decodeText(new Uint8Array(view.buffer, view.byteOffset + start, length))

const located = (entry: Listed, view: DataView, refuse: Refuse): Located => {
  const { name, header, packed } = entry
  if (header + 30 > view.byteLength || view.getUint32(header, true) !== fileMark)
    return refuse(header, `'${name}' does not begin here`)
  const nameLength = view.getUint16(header + 26, true)
  if (textAt(view, header + 30, nameLength) !== name) return refuse(header, `another file than '${name}' begins here`)
  const start = header + 30 + nameLength + view.getUint16(header + 28, true)
  const end = start + packed
  if (end > view.byteLength) return refuse(header, `'${name}' has ${packed} bytes, and the archive ends before`)
  return { ...entry, start, end }
}

/** Deflated bytes are at most so many times as many. */
const mostInflation = 1032

const extracted = (entry: Located, all: Uint8Array, refuse: Refuse): Member => {
  const { name, at, method, sum, packed, size, start, end } = entry
  const raw = all.subarray(start, end)
  if (method !== 0 && method !== 8)
    return refuse(at, `'${name}' is packed by method ${method}, and 0 (stored) and 8 (deflated) are read`)
  if (method === 0 ? packed !== size : size > packed * mostInflation) {
    return refuse(at, `'${name}' has ${size} bytes, made of ${packed}, which cannot be`)
  }
  const bytes = method === 0 ? raw : inflated(raw, size)
  if (bytes?.length !== size || crc32(bytes) !== sum) {
    return refuse(start, `'${name}' is not what was written: its checksum differs, so the file is damaged`)
  }
  return { name, offset: start, bytes }
}

/** Undefined for what was not deflated. */
const inflated = (raw: Uint8Array, size: number): Uint8Array | undefined => {
  try {
    // one more: then a file that is longer shows
    return inflateSync(raw, { out: new Uint8Array(size + 1) })
  } catch {
    return undefined
  }
}
