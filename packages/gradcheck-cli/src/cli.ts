import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Checking, help, requestOf } from './arguments.js'
import { changeOf } from './change.js'
import { type FileSummary, verdictOf } from './file-summary.js'
import { loader } from './load.js'
import { progressOn } from './progress.js'
import { reporters } from './reporters/reporters.js'
import { UsageError } from './usage-error.js'

/** What the program ends with. */
const exitStatus = { pass: 0, fail: 1, inconclusive: 2, misuse: 64 } as const

/** Where the program writes. */
export interface Streams {
  readonly stdout: Pick<NodeJS.WriteStream, 'write'>
  readonly stderr: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>
}

/** Runs the program. @param args what follows its name @returns its exit status */
export const main = async (args: readonly string[], streams: Streams): Promise<number> => {
  try {
    const request = requestOf(args)
    if (request === 'help' || request === 'version') {
      streams.stdout.write(request === 'help' ? help : `${version()}\n`)
      return exitStatus.pass
    }
    return request.watch ? await watched(request, streams) : await checked(request, streams, () => {})
  } catch (error) {
    return misuse(error, streams)
  }
}

/** Checks the files. @param onSources is told the files that were loaded, also where not all could be */
const checked = async (
  { files, reporter, output, options }: Checking,
  { stdout, stderr }: Streams,
  onSources: (sources: readonly string[]) => void,
): Promise<number> => {
  const loading = loader()
  const found: FileSummary[] = []
  try {
    const loaded = []
    for (const file of files) loaded.push(await loading.load(file))
    for (const { file, table, gradcheckAll } of loaded) {
      const progress = stderr.isTTY && { progress: progressOn(stderr, file) }
      found.push({ file, summary: gradcheckAll(table, { ...options, ...progress }) })
    }
  } finally {
    onSources(loading.sources())
    await loading.close()
  }
  const text = reporters[reporter](found)
  if (output !== undefined) write(output, text)
  stdout.write(output === undefined ? text : reporters.human(found))
  return exitStatus[verdictOf(found)]
}

/** Checks the files, and again each time one of them changes, until the process ends. */
const watched = async (request: Checking, streams: Streams): Promise<never> => {
  for (;;) {
    const start = Date.now()
    const sources = new Set(request.files.map((file) => resolve(file)))
    try {
      await checked(request, streams, (loaded) => {
        for (const file of loaded) sources.add(file)
      })
    } catch (error) {
      misuse(error, streams)
    }
    streams.stderr.write('adjoint-gradcheck: waits for changes\n')
    await changeOf([...sources], start)
  }
}

/** Tells what was wrong with the call. @throws what is no misuse */
const misuse = (error: unknown, { stderr }: Streams): number => {
  if (!(error instanceof UsageError)) throw error
  stderr.write(`adjoint-gradcheck: ${error.message}\n`)
  return exitStatus.misuse
}

const write = (output: string, text: string): void => {
  try {
    mkdirSync(dirname(resolve(output)), { recursive: true })
    writeFileSync(output, text)
  } catch (error) {
    throw new UsageError(`--output ${output}: ${(error as Error).message}`)
  }
}

const version = (): string => JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version
