import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { ArgumentError, checker, closest, kinds, refuseForeignTensor, Tensor } from '@adjoint/autograd'
import { FormatError } from '../errors.js'
import { npyParts, readNpy } from '../numpy/npy.js'
import { npzBytes, npzOptions, readNpz, type WriteNpzOptions } from '../numpy/npz.js'
import { type ReadSafetensorsOptions, readSafetensors } from '../safetensors/read.js'
import { safetensorsParts, type WriteSafetensorsOptions, writeOptions } from '../safetensors/write.js'
import { isPlainObject, type Tree } from '../tree.js'
import { disk } from './disk.js'
import { writeAtomically } from './write-atomically.js'

/** How a file is saved. */
export interface SaveOptions extends WriteSafetensorsOptions, WriteNpzOptions {
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
  save: checker('saveTree', { path, tree: kinds.anything, options: { ...writeOptions, ...npzOptions, keep } }),
  load: checker('loadTree', { path, options: { verify: kinds.boolean } }),
}

interface Format {
  readonly write: (owner: string, tree: unknown, options: SaveOptions) => readonly Uint8Array[]
  readonly read: (bytes: Uint8Array, options: LoadOptions) => unknown
  /** The options that mean something here. */
  readonly options: readonly string[]
}

/** By the extension of a path. */
const formats: Readonly<Record<string, Format>> = {
  '.safetensors': { write: safetensorsParts, read: readSafetensors, options: ['metadata', 'verify'] },
  '.npy': {
    write: (owner, tree) => {
      if (tree instanceof Tensor) return npyParts(tree)
      refuseForeignTensor(`${owner}: the tree`, tree)
      throw new ArgumentError(
        `${owner}: an .npy file has one tensor; write a tree as .safetensors, or tensors by name as .npz.`,
      )
    },
    read: (bytes) => readNpy(bytes),
    options: [],
  },
  '.npz': {
    write: (owner, tree, options) => {
      if (isPlainObject(tree)) return [npzBytes(owner, tree, options)]
      throw new ArgumentError(
        `${owner}: an .npz file has tensors by name; give an object of tensors, or write .safetensors.`,
      )
    },
    read: (bytes) => readNpz(bytes),
    options: ['compress'],
  },
}

const formatOf = (owner: string, path: string, options: object): Format => {
  const extension = extname(path).toLowerCase()
  if (Object.hasOwn(formats, extension)) {
    const format = formats[extension]!
    for (const [name, value] of Object.entries(options)) {
      if (value === undefined || format.options.includes(name)) continue
      throw new ArgumentError(`${owner}: ${name} means nothing for ${extension} files; leave it out.`)
    }
    return format
  }
  const known = Object.keys(formats)
  const near = closest(extension, known)
  throw new ArgumentError(
    `${owner}: the path '${path}' has the extension '${extension}'; ${near === undefined ? `use ${known.join(', ')}` : `did you mean '${near}'?`}`,
  )
}

/**
 * Writes a tree as a file of the format that the extension of its path says: .safetensors for any tree, .npy for a tensor, .npz for
 * an object of tensors. Folders that are not there are made. The file is
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
  const parts = formatOf('saveTree', path, others).write('saveTree', tree, others)
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
  const format = formatOf('loadTree', path, options)
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
