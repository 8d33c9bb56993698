import { basename, dirname, extname, join, resolve } from 'node:path'
import process from 'node:process'
import { threadId } from 'node:worker_threads'
import type { Disk, OpenFile } from './disk.js'

// A file is written beside the one that it will replace, and takes its name when the disk has all of it: who reads the name,
// at any time and after any crash, finds the old file or the new one, whole.

/**
 * Writes pieces as a file, in the place of one that is there.
 *
 * @param keep how many files there shall be at most: this one, and those that it and others before it replaced, with .1, .2, ...
 * before their extension
 * @throws what the file system throws; the old file is as it was then
 */
export const writeAtomically = (
  disk: Disk,
  path: string,
  parts: readonly Uint8Array[],
  keep: number,
): Promise<void> => {
  const own = ownOf()
  // one after the other: what was asked for last stays
  const place = resolve(path)
  const before = own.waiting.get(place) ?? Promise.resolve()
  const written = before.catch(() => {}).then(() => write(disk, path, parts, keep))
  own.waiting.set(place, written)
  const forget = () => {
    if (own.waiting.get(place) === written) own.waiting.delete(place)
  }
  written.then(forget, forget)
  return written
}

const write = async (disk: Disk, path: string, parts: readonly Uint8Array[], keep: number): Promise<void> => {
  const own = ownOf()
  const folder = dirname(path)
  const first = await disk.mkdir(folder, { recursive: true })
  const beside = join(folder, `.${basename(path)}.${process.pid}-${threadId}-${++own.count}.tmp`)
  own.inProgress.add(beside)
  try {
    await removeLeftovers(disk, path)
    await writeAll(disk, beside, parts)
    await rotate(disk, path, keep)
    await disk.rename(beside, path)
  } catch (error) {
    await disk.rm(beside, { force: true }).catch(() => {})
    throw error
  } finally {
    own.inProgress.delete(beside)
  }
  // the names of folders that were made stand in those around them
  const last = first === undefined ? folder : dirname(first)
  for (let at = folder; ; at = dirname(at)) {
    await syncFolder(disk, at)
    if (at === last || at === dirname(at)) break
  }
}

/** What this thread is writing, whichever copy of this package does. */
interface Own {
  /** Numbers the files. */
  count: number
  readonly inProgress: Set<string>
  /** The last that is to be written to a path. */
  readonly waiting: Map<string, Promise<void>>
}
const key = Symbol.for('@adjoint/formats: what is being written')
const shared = globalThis as unknown as Record<symbol, Own | undefined>
const ownOf = (): Own => {
  const own = shared[key] ?? { count: 0, inProgress: new Set(), waiting: new Map() }
  shared[key] = own
  return own
}

/** Removes what processes left that ended while they wrote this file. */
const removeLeftovers = async (disk: Disk, path: string): Promise<void> => {
  const start = `.${basename(path)}.`
  for (const name of await disk.readdir(dirname(path))) {
    const [, pid, thread] = name.startsWith(start)
      ? (/^(\d+)-(\d+)-\d+\.tmp$/.exec(name.slice(start.length)) ?? [])
      : []
    if (pid === undefined) continue
    const leftover = join(dirname(path), name)
    const isOurs = Number(pid) === process.pid && Number(thread) === threadId
    const isWritten = isOurs ? ownOf().inProgress.has(leftover) : isRunning(Number(pid))
    if (!isWritten) await disk.rm(leftover, { force: true })
  }
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // it may be another user's
    return codeOf(error) === 'EPERM'
  }
}

/** At once: as many pieces and bytes as a call may have everywhere. */
const [mostParts, mostBytes] = [512, 2 ** 26]

const writeAll = async (disk: Disk, path: string, parts: readonly Uint8Array[]): Promise<void> => {
  const file = await disk.open(path, 'wx')
  try {
    for (const batch of batchesOf(parts)) await writeBatch(file, batch)
    await file.sync()
  } finally {
    await file.close()
  }
}

function* batchesOf(parts: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = []
  let bytes = 0
  for (const part of parts) {
    for (let start = 0; start < part.length; start += mostBytes) {
      const piece = part.subarray(start, start + mostBytes)
      if (batch.length === mostParts || (batch.length > 0 && bytes + piece.length > mostBytes)) {
        yield batch
        batch = []
        bytes = 0
      }
      batch.push(piece)
      bytes += piece.length
    }
  }
  if (batch.length > 0) yield batch
}

const writeBatch = async (file: OpenFile, batch: readonly Uint8Array[]): Promise<void> => {
  let left = batch
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left)
    const rest: Uint8Array[] = []
    for (const part of left) {
      if (bytesWritten < part.length) rest.push(part.subarray(bytesWritten))
      bytesWritten = Math.max(0, bytesWritten - part.length)
    }
    left = rest
  }
}

/** Moves older files on by one, and gives the present one a second name: its own stays with it until another takes it. */
const rotate = async (disk: Disk, path: string, keep: number): Promise<void> => {
  for (let age = keep - 1; age > 0; age--) {
    const older = agedPath(path, age)
    await disk.rm(older, { force: true })
    await unless(['ENOENT'], age === 1 ? duplicate(disk, path, older) : disk.rename(agedPath(path, age - 1), older))
  }
}

/** The name of the file that was replaced so many times ago. */
const agedPath = (path: string, age: number): string => {
  const extension = extname(path)
  return `${path.slice(0, path.length - extension.length)}.${age}${extension}`
}

/** A second name for a file, or a copy on a disk where a file has one name. */
const duplicate = async (disk: Disk, from: string, to: string): Promise<void> => {
  try {
    await disk.link(from, to)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw error
    await disk.copyFile(from, to)
  }
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code

/** Waits for what may fail in one of these ways. */
const unless = async (codes: readonly unknown[], act: Promise<void>): Promise<void> => {
  try {
    await act
  } catch (error) {
    if (!codes.includes(codeOf(error))) throw error
  }
}

const syncFolder = async (disk: Disk, folder: string): Promise<void> => {
  // Windows opens no folders, and keeps names by itself
  if (process.platform === 'win32') return
  const opened = await disk.open(folder, 'r')
  try {
    // some network disks know no such thing
    await unless(['EINVAL', 'ENOTSUP'], opened.sync())
  } finally {
    await opened.close()
  }
}
