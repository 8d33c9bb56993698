import { checked } from '../graph/arguments.js'
import { ArgumentError } from '../graph/errors.js'
import { isPlainObject, shown } from '../graph/words.js'
import * as kinds from '../ops/kinds.js'
import type { BlackBoxOptions } from './black-box.js'
import { gradcheck } from './gradcheck.js'
import { type GradcheckOptions, optionKinds } from './options.js'
import type { Report } from './report/report.js'
import { type Checked, type Summary, summaryOf } from './report/summary.js'

/** A function and what to check it at. */
export interface FunctionCheck<Inputs extends readonly unknown[]> {
  /** The function, as for `gradcheck`. */
  readonly f: (...inputs: Inputs) => unknown
  /** Its arguments. */
  readonly inputs: readonly [...Inputs]
  /** How thorough this check is, where it is not as the others. */
  readonly options?: GradcheckOptions
}

/** Functions of plain arrays and what to check them at. */
export interface BlackBoxCheck {
  /** The function, as for `gradcheck.blackBox`. */
  readonly value: (x: never) => unknown
  /** Its gradient. */
  readonly grad?: (x: never) => unknown
  /** The gradient of `<cotangent, value>`. */
  readonly vjp?: (x: never, cotangent: never) => unknown
  /** The derivative along a tangent. */
  readonly jvp?: (x: never, tangent: never) => unknown
  /** Where to check. */
  readonly x: unknown
  /** How thorough this check is, where it is not as the others. */
  readonly options?: BlackBoxOptions
}

/** Shows how far a table is; those of the console and the page in `@adjoint/nn` will do. */
export interface CheckProgress {
  /** Called once, before the first check. @param total the number of checks */
  start(total: number, label: string): void
  /** Called after each check. @param done the number of checks so far @param last what became of it */
  update(done: number, last: Checked): void
  /** Called once, also where something throws. */
  stop(): void
}

/** How thorough all checks of a table are, unless they say otherwise themselves. */
export interface GradcheckAllOptions extends GradcheckOptions {
  /** Shows how far it is. Default nothing. */
  readonly progress?: CheckProgress
}

/** Checks a table of functions by name. */
export interface GradcheckAll {
  /**
   * Checks each function of a table, and goes on where one fails or throws.
   *
   * @param table by name `{ f, inputs }` as for `gradcheck`, or `{ value, grad, x }` as for `gradcheck.blackBox`; each may have
   * `options` of its own
   * @param options for all checks, and `progress` to show how far it is
   * @returns a summary: as text a line for each check, and in full what did not pass
   * @throws ArgumentError for a table that is empty, or in which something is neither
   * @example
   * const summary = gradcheckAll({
   *   tanh: { f: (x: Tensor) => x.tanh(), inputs: [tensor([0.3, -1])] },
   *   square: { value: (x: number[]) => x[0]! ** 2, grad: (x: number[]) => [2 * x[0]!], x: [3] },
   * })
   * summary.verdict   // 'pass'
   */
  <T extends Readonly<Record<string, readonly unknown[]>>>(
    table: { readonly [Name in keyof T]: FunctionCheck<T[Name]> },
    options?: GradcheckAllOptions,
  ): Summary
  /** The same where black boxes are among them, or inputs are arrays of any length: functions say what they take. */
  <const T extends Readonly<Record<string, AnyCheck>>>(
    table: { readonly [Name in keyof T]: Fitting<T[Name]> },
    options?: GradcheckAllOptions,
  ): Summary
}

interface AnyFunctionCheck extends Pick<FunctionCheck<never[]>, 'f' | 'options'> {
  readonly inputs: readonly unknown[]
}

type AnyCheck = AnyFunctionCheck | BlackBoxCheck

/** A check whose inputs are what its function takes; otherwise what they should be. */
type Fitting<Check> = Check extends { readonly f: (...inputs: infer Takes) => unknown; readonly inputs: infer Inputs }
  ? Inputs extends Readonly<Takes>
    ? Check
    : Inputs extends readonly Takes[number][]
      ? number extends Inputs['length']
        ? Check
        : FunctionCheck<Takes>
      : FunctionCheck<Takes>
  : Check

const takes = {
  table: kinds.kind('an object of checks by name: { tanh: { f, inputs } }', isPlainObject),
  options: {
    ...optionKinds,
    progress: kinds.kind(
      'an object with methods start, update and stop',
      (thing) => isObject(thing) && ['start', 'update', 'stop'].every((name) => typeof thing[name] === 'function'),
    ),
  },
}

const isObject = (thing: unknown): thing is Readonly<Record<string, unknown>> =>
  typeof thing === 'object' && thing !== null

/** Checks a table of functions by name, see `GradcheckAll`. */
export const gradcheckAll: GradcheckAll = checked(
  'gradcheckAll',
  takes,
  (table: Readonly<Record<string, AnyCheck>>, { progress, ...options }: GradcheckAllOptions = {}): Summary => {
    const entries = Object.entries(table)
    if (entries.length === 0) {
      throw new ArgumentError('gradcheckAll: the table is empty, so nothing would be checked; name at least one check.')
    }
    for (const [name, check] of entries) requireCheck(name, check)
    progress?.start(entries.length, 'gradcheck')
    try {
      return summaryOf(
        entries.map(([name, check], i) => {
          const found = run(name, check, options)
          progress?.update(i + 1, found)
          return found
        }),
      )
    } finally {
      progress?.stop()
    }
  },
)

const requireCheck = (name: string, check: unknown): void => {
  const isFunction = isObject(check) && typeof check.f === 'function' && Array.isArray(check.inputs)
  const isBox = isObject(check) && typeof check.value === 'function' && 'x' in check
  if (isFunction || isBox) return
  throw new ArgumentError(
    `gradcheckAll: ${name} is ${shown(check)}; give { f, inputs }, where inputs is an array of the arguments, or { value, grad, x }.`,
  )
}

const run = (name: string, check: AnyCheck, all: GradcheckOptions): Checked => {
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1000
  try {
    const report = reportOn(check, all)
    return { name, verdict: report.verdict, report, threw: null, seconds: seconds() }
  } catch (error) {
    return { name, verdict: 'fail', report: null, threw: String(error), seconds: seconds() }
  }
}

const reportOn = (check: AnyCheck, all: GradcheckOptions): Report => {
  if ('f' in check) return gradcheck(check.f, check.inputs as readonly never[], { ...all, ...check.options })
  const { x, options: own, ...box } = check
  // what is said of all checks may be what only functions of tensors have
  const { order: _order, captured: _captured, ...common } = all
  return gradcheck.blackBox(box as never, x, { ...common, ...own })
}
