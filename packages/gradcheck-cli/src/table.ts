import type { BlackBoxCheck, FunctionCheck } from '@adjoint/autograd/gradcheck'
import { UsageError } from './usage-error.js'

/** Checks by name, as `gradcheckAll` takes them. */
export type Table = Readonly<Record<string, FunctionCheck<never[]> | BlackBoxCheck>>

type Named = Readonly<Record<string, unknown>>

const remedy =
  'export default { name: { f, inputs } }, or export const name = { f, inputs }; for plain arrays { value, grad, x }'

/**
 * The checks that a file exports: those of its default export, which has them by name, and each other export.
 *
 * @param file what the file is called
 * @param exports its exports by name
 * @throws UsageError where there are none, or something is no check, or two have one name
 */
export const tableOf = (file: string, exports: Named): Table => {
  const { default: table = {}, ...named } = exports
  if (!isObject(table) || Array.isArray(table)) {
    throw new UsageError(`${file}: its default export is no object of checks by name. Write ${remedy}.`)
  }
  if (typeof table.f === 'function' || typeof table.value === 'function') {
    throw new UsageError(`${file}: its default export is a check without a name. Write ${remedy}.`)
  }
  const twice = Object.keys(named).find((name) => Object.hasOwn(table, name) && named[name] !== table[name])
  if (twice !== undefined) {
    throw new UsageError(`${file}: ${twice} is exported, and is in the default export too. Call one of them otherwise.`)
  }
  const all = { ...table, ...named }
  if (Object.keys(all).length === 0) {
    throw new UsageError(`${file} exports no check, so nothing would be checked. Write ${remedy}.`)
  }
  for (const [name, check] of Object.entries(all)) {
    const fault = faultOf(check)
    if (fault !== null)
      throw new UsageError(`${file}: ${name} ${fault}. What a file exports is checked; write ${remedy}.`)
  }
  return all as Table
}

/** What a check lacks. */
const faultOf = (check: unknown): string | null => {
  if (typeof check === 'function') return 'is a function, without the inputs to check it at'
  if (!isObject(check)) return 'is no check'
  if ('value' in check) {
    if (typeof check.value !== 'function') return 'has a value that is no function'
    return 'x' in check ? null : 'has no x, the point to check at'
  }
  if (!('f' in check)) return 'has no f, the function to check'
  if (typeof check.f !== 'function') return 'has an f that is no function'
  if (!('inputs' in check)) return 'has no inputs'
  return Array.isArray(check.inputs) ? null : 'has inputs that are no array of the arguments of f'
}

const isObject = (thing: unknown): thing is Named => typeof thing === 'object' && thing !== null
