import { copyFile, link, mkdir, open, readdir, rename, rm } from 'node:fs/promises'

/** A file that is open. */
export interface OpenFile {
  /** Writes pieces at the end. @returns how many bytes of them were written, which may be fewer */
  writev(parts: readonly Uint8Array[]): Promise<{ readonly bytesWritten: number }>
  /** Waits until the disk has what was written. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** What saving asks of a file system. */
export interface Disk {
  open(path: string, flags: string): Promise<OpenFile>
  mkdir(path: string, options: { readonly recursive: true }): Promise<string | undefined>
  rename(from: string, to: string): Promise<void>
  link(from: string, to: string): Promise<void>
  copyFile(from: string, to: string): Promise<void>
  rm(path: string, options: { readonly force: true }): Promise<void>
  readdir(path: string): Promise<string[]>
}

/** The one that there is. */
export const disk: Disk = { open, mkdir, rename, link, copyFile, rm, readdir }
