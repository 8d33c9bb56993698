import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { ArgumentError, checker, closest, kinds } from '@adjoint/autograd'
import { FormatError } from '../errors.js'
import { type ReadSafetensorsOptions, readSafetensors } from '../safetensors/read.js'
import { safetensorsParts, type WriteSafetensorsOptions, writeOptions } from '../safetensors/write.js'
import type { Tree } from '../tree.js'
import { disk } from './disk.js'
import { writeAtomically } from './write-atomically.js'

/** How a file is saved. */
export interface SaveOptions extends WriteSafetensorsOptions {
  /**
   * How many files to have at most: `keep: 3` leaves model.safetensors, what it replaced as model.1.safetensors, and what that
   * had replaced as model.2.safetensors. Default 1.
   */
  readonly keep?: number
}

/** How a file is loaded. */
export type LoadOptions = ReadSafetensorsOptions

const path = kinds.kind('the path of a file, a string', (thing) => typeof thing === 'string')
const keep = kinds.numberThat('an integer of at least 1', (x) => Number.isSafeInteger(x) && x > 0)
const takes = {
  save: checker('saveTree', { path, tree: kinds.anything, options: { ...writeOptions, keep } }),
  load: checker('loadTree', { path, options: { verify: kinds.boolean } }),
}

interface Format {
  readonly write: (owner: string, tree: unknown, options: WriteSafetensorsOptions) => readonly Uint8Array[]
  readonly read: (bytes: Uint8Array, options: ReadSafetensorsOptions) => unknown
}

/** By the extension of a path. */
const formats: Readonly<Record<string, Format>> = {
  '.safetensors': { write: safetensorsParts, read: readSafetensors },
}

const formatOf = (owner: string, path: string): Format => {
  const extension = extname(path).toLowerCase()
  if (Object.hasOwn(formats, extension)) return formats[extension]!
  const known = Object.keys(formats)
  const near = closest(extension, known)
  throw new ArgumentError(
    `${owner}: the path '${path}' has the extension '${extension}'; ${near === undefined ? `use ${known.join(', ')}` : `did you mean '${near}'?`}`,
  )
}

/**
 * Writes a tree as a file of the format that the extension of its path says. Folders that are not there are made. The file is
 * written beside the one that it replaces, and takes its place when the disk has it: a crash at any time, or a full disk,
 * leaves the old file as it was. What a crash left beside it, the next `saveTree` of that path removes. One process at a time
 * writes to a path.
 *
 * @throws ArgumentError for a tree that the format cannot have; what the file system throws, such as ENOSPC
 * @example
 * await saveTree('run/model.safetensors', { model: model.stateDict(), epoch: 3 })
 * const { epoch } = await loadTree('run/model.safetensors')
 * epoch   // 3
 */
export async function saveTree(path: string, tree: unknown, options: SaveOptions = {}): Promise<void> {
  takes.save(arguments)
  const { keep = 1, ...others } = options
  const parts = formatOf('saveTree', path).write('saveTree', tree, others)
  await writeAtomically(disk, path, parts, keep)
}

/**
 * Reads a file of the format that the extension of its path says. The type is yours to say, and is not checked.
 *
 * @throws FormatError for a file that is cut off, changed or of another format; what the file system throws, such as ENOENT
 * @example
 * await saveTree('weights.safetensors', { w: tensor([1, 2]) })
 * const { w } = await loadTree('weights.safetensors')
 * w   // [1, 2]
 */
export async function loadTree<T = Tree>(path: string, options: LoadOptions = {}): Promise<T> {
  takes.load(arguments)
  const format = formatOf('loadTree', path)
  const bytes = await bytesOf(path)
  try {
    return format.read(bytes, options) as T
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    throw new FormatError(`loadTree: '${path}': ${error.message}`, { cause: error })
  }
}

/** At once: `read` stops after 2 GiB. */
const mostBytes = 2 ** 30

const bytesOf = async (path: string): Promise<Uint8Array> => {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const bytes = new Uint8Array(size)
    let at = 0
    while (at < size) {
      const { bytesRead } = await file.read(bytes, at, Math.min(size - at, mostBytes), at)
      if (bytesRead === 0) break
      at += bytesRead
    }
    return bytes.subarray(0, at)
  } finally {
    await file.close()
  }
}
