import { parseArgs } from 'node:util'
import type { GradcheckAllOptions } from '@adjoint/autograd/gradcheck'
import { type ReporterName, reporters } from './reporters/reporters.js'
import { UsageError } from './usage-error.js'

/** What the command line asks for. */
export type Request = 'help' | 'version' | Checking

/** Checking files, once or each time they change. */
export interface Checking {
  /** The files, as they were given. */
  readonly files: readonly string[]
  /** How what was found is told. */
  readonly reporter: ReporterName
  /** The file that gets the report; without one it is printed. */
  readonly output: string | undefined
  /** Whether to check again when a file changes. */
  readonly watch: boolean
  /** How thorough the checks are that do not say so themselves. */
  readonly options: Pick<GradcheckAllOptions, 'seed' | 'order'>
}

const names = Object.keys(reporters)

export const help = `adjoint-gradcheck [options] file.ts ...

Checks the gradients of what files export:
  export default { name: { f, inputs }, ... }     functions of tensors
  export default { name: { value, grad, x } }     functions of plain arrays
  export const name = { f, inputs }               or each by itself

  --reporter ${names.join('|').padEnd(17)} how it is told; ${names[0]} unless said otherwise
  --output FILE               write the report to a file, and print it for a human
  --watch                     check again when a file, or one that it imports, changes
  --order 1|2                 the highest order of derivatives; 2 unless said otherwise
  --seed N                    where the random numbers start; 0 unless said otherwise
  --help, --version

Exit status: 0 all pass, 1 some fail, 2 none fails but some are inconclusive, 64 wrong use, or a file that cannot be loaded
`

const options = {
  reporter: { type: 'string', default: names[0] },
  output: { type: 'string' },
  watch: { type: 'boolean', default: false },
  order: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', default: false },
  version: { type: 'boolean', default: false },
} as const

/**
 * @param args what follows the name of the program
 * @throws UsageError for options that there are not, or that are not given what they take, and where no file is named
 */
export const requestOf = (args: readonly string[]): Request => {
  const { values, positionals: files } = parsed(args)
  if (values.help) return 'help'
  if (values.version) return 'version'
  const { reporter, order, seed } = values
  if (!isReporter(reporter)) throw new UsageError(`--reporter ${reporter}: there are ${names.join(', ')}.`)
  if (order !== undefined && order !== '1' && order !== '2') throw new UsageError(`--order ${order}: give 1 or 2.`)
  if (seed !== undefined && !isCount(seed)) throw new UsageError(`--seed ${seed}: give an integer of at least 0.`)
  if (files.length === 0) {
    throw new UsageError('no file is named; name those that export what to check: adjoint-gradcheck gradients.ts')
  }
  return {
    files,
    reporter,
    output: values.output,
    watch: values.watch,
    options: {
      ...(order !== undefined && { order: order === '1' ? 1 : 2 }),
      ...(seed !== undefined && { seed: Number(seed) }),
    },
  }
}

const parsed = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true })
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nadjoint-gradcheck --help lists the options.`)
  }
}

const isReporter = (name: string | undefined): name is ReporterName => name !== undefined && names.includes(name)
const isCount = (text: string): boolean => /^\d+$/.test(text) && Number.isSafeInteger(Number(text))
