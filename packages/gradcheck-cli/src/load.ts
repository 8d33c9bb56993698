import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { gradcheckAll } from '@adjoint/autograd/gradcheck'
import { register as registerCommonJS } from 'tsx/cjs/api'
import { register as registerModules } from 'tsx/esm/api'
import { type Table, tableOf } from './table.js'
import { UsageError } from './usage-error.js'

const library = '@adjoint/autograd'
const { cache } = createRequire(import.meta.url)
let loads = 0

/** A file's checks, and what checks them. */
export interface Loaded {
  /** The file, as it was given. */
  readonly file: string
  /** What it exports. */
  readonly table: Table
  /** Of the copy of the library that the file uses: tensors of another copy are refused. */
  readonly gradcheckAll: typeof gradcheckAll
}

/** Loads files, in TypeScript or JavaScript; each call loads all anew, also what they import. */
export interface Loader {
  /** @throws UsageError for a file that is not there, that throws as it is loaded, or that exports anything but checks */
  load(file: string): Promise<Loaded>
  /** What was loaded so far, and can be changed: the files and what they import, but for packages; also what was not there. */
  sources(): readonly string[]
  /** Other files are loaded as before. */
  close(): Promise<void>
}

export const loader = (): Loader => {
  const namespace = `adjoint-gradcheck-${loads++}`
  const imported: string[] = []
  const absent: string[] = []
  const modules = registerModules({ namespace, onImport: (url) => void imported.push(url) })
  const commonJS = registerCommonJS({ namespace })
  const suffix = `?namespace=${namespace}`
  const required = () =>
    Object.keys(cache).flatMap((key) => (key.endsWith(suffix) ? [key.slice(0, -suffix.length)] : []))

  /** The library as the file finds it: where modules and CommonJS have a copy each, the one that the file has loaded. */
  const checkerFor = async (url: string): Promise<Pick<Loaded, 'gradcheckAll'>> => {
    const { resolve } = createRequire(url)
    if (required().some((path) => path === resolvedBy(resolve, library))) {
      return commonJS.require(resolve(`${library}/gradcheck`), url)
    }
    try {
      return await modules.import(`${library}/gradcheck`, url)
    } catch (error) {
      // black boxes know nothing of the library: what was installed with this program will do
      if (isAbsent(error)) return await modules.import(`${library}/gradcheck`, import.meta.url)
      throw error
    }
  }

  return {
    load: async (file) => {
      const path = resolve(file)
      if (!existsSync(path)) throw new UsageError(`${file}: there is no such file in ${resolve('.')}.`)
      if (!statSync(path).isFile())
        throw new UsageError(`${file} is a folder: name the files in it, as in ${file}/*.ts.`)
      const url = pathToFileURL(path).href
      const exports = await modules.import(url, import.meta.url).catch((error: unknown) => {
        absent.push(...absentOf(error))
        throw new UsageError(`${file} cannot be loaded: ${wordsOf(error, suffix)}`)
      })
      const table = tableOf(file, ownExports(exports))
      const { gradcheckAll } = await checkerFor(url).catch((error: unknown) => {
        throw new UsageError(`${file}: ${library} cannot be loaded: ${wordsOf(error, suffix)}`)
      })
      return { file, table, gradcheckAll }
    },
    sources: () => {
      const paths = imported.filter((url) => url.startsWith('file:')).map((url) => fileURLToPath(url))
      return [...new Set([...paths, ...required(), ...absent])].filter((path) => !path.includes('node_modules'))
    },
    close: async () => {
      commonJS.unregister()
      await modules.unregister()
    },
  }
}

/** What a CommonJS module exports is one object, which modules see as its default. */
const ownExports = (namespace: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { default: exported, 'module.exports': _same, ...named } = namespace
  const isTranspiled = typeof exported === 'object' && exported !== null && '__esModule' in exported
  if (isTranspiled) return { ...(exported as Readonly<Record<string, unknown>>) }
  return exported === undefined ? named : { ...named, default: exported }
}

const resolvedBy = (resolve: NodeJS.RequireResolve, name: string): string | null => {
  try {
    return resolve(name)
  } catch {
    return null
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'].includes(String(error.code))

const extensions = ['', '.ts', '.tsx', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json']

/** The files that an import may have meant which was not found; none for what would be a package. */
const absentOf = (error: unknown): readonly string[] => {
  if (!isAbsent(error)) return []
  const { message, requireStack = [] } = error as Error & { readonly requireStack?: readonly string[] }
  const name = /Cannot find module '([^']+)'/.exec(message)?.[1]
  if (name === undefined || !/^[./]/.test(name)) return []
  const path = resolve(dirname(requireStack[0] ?? ''), name).replace(/\.\w+$/, '')
  return extensions.map((extension) => `${path}${extension}`)
}

/** What was thrown, where, and the remedy where there is one. */
const wordsOf = (error: unknown, suffix: string): string => {
  const frame = error instanceof Error ? error.stack?.split('\n').find((line) => /^\s+at /.test(line)) : undefined
  // of CommonJS the loader has it that the text of the module is its address
  const place = frame && /\bdata:|\bnode:/.test(frame) ? undefined : frame
  const remedy = isAbsent(error) ? 'Correct the path, or install the package where the file is.' : undefined
  const words = [String(error), place, remedy].filter((line) => line !== undefined)
  return words.join('\n').replaceAll(suffix, '')
}
