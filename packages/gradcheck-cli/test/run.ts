import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'

const program = join(import.meta.dirname, '../src/main.ts')

/** What a process printed, and how it ended. */
export interface Ended {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A folder with some files, which is gone after the test: in the workspace, where packages are found, or outside it. */
export const folderWith = (files: Readonly<Record<string, string>>, parent = import.meta.dirname): string => {
  const folder = mkdtempSync(join(parent, 'temporary-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return folder
}

/** The same where no package is found. */
export const folderOutside = (files: Readonly<Record<string, string>>): string => folderWith(files, tmpdir())

/** Starts the program, unbuilt, in a folder. */
export const start = (folder: string, ...args: readonly string[]) => {
  const child = spawn(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), '--conditions=source', program, ...args],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Runs the program, unbuilt, in a folder. */
export const run = async (folder: string, ...args: readonly string[]): Promise<Ended> => {
  const child = start(folder, ...args)
  const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)]
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { status, stdout: await stdout, stderr: await stderr }
}
