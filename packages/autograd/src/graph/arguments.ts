import { ArgumentError } from './errors.js'
import { type Familiar, foundElsewhere, meant } from './familiar.js'
import { refuseForeignTensor } from './foreign.js'
import { isPlainObject, shown } from './words.js'

// What a function takes is declared beside it and checked as it is called: JavaScript has no types, and TypeScript's are
// silent about an option that is spelled wrong in a variable.

/** What an argument or option may be. */
export interface Kind {
  /** How messages ask for it, as in 'use a number'. */
  readonly wanted: string
  /** Whether something is of this kind. */
  readonly accepts: (thing: unknown) => boolean
  /** Whether it may be left out. Where this is not said, arguments may not, and options may. */
  readonly optional?: boolean
  /** Whether any number of such arguments may follow: only the last may say so. */
  readonly rest?: boolean
  /** Throws for what is refused in words of its own. `what` begins the message: 'fit: model'. */
  readonly refuse?: (what: string, thing: unknown) => void
}

/** The options of a function by name: its last argument as a rule. */
export type OptionKinds = Readonly<Record<string, Kind>>

/** The arguments of a function, in order and by name; those that are options by theirs. */
export type Takes = Readonly<Record<string, Kind | OptionKinds>>

/** Throws ArgumentError unless the arguments are what is declared. */
export type ArgumentCheck = (args: ArrayLike<unknown>) => void

interface Parameter extends Kind {
  readonly name: string
  readonly options: OptionKinds | null
}

export const isKind = (what: unknown): what is Kind => typeof (what as Kind | null)?.accepts === 'function'

const parameterOf = (owner: string, name: string, what: Kind | OptionKinds): Parameter => {
  if (isKind(what)) return { name, optional: false, ...what, options: null }
  if (!isPlainObject(what) || !Object.values(what).every(isKind)) {
    throw new ArgumentError(`${owner}: ${name} is declared as ${shown(what)}; use a kind, such as kinds.number.`)
  }
  return {
    name,
    options: what,
    wanted: `one object${Object.keys(what).length === 0 ? '' : ` with any of ${Object.keys(what).join(', ')}`}`,
    accepts: (thing) => fitsOptions(thing, what),
    optional: !Object.values(what).some(({ optional }) => optional === false),
  }
}

const fitsOptions = (thing: unknown, kinds: OptionKinds): boolean => {
  if (!isPlainObject(thing)) return false
  for (const name in thing) {
    if (!Object.hasOwn(kinds, name)) return false
    if (thing[name] !== undefined && !kinds[name]!.accepts(thing[name])) return false
  }
  for (const name in kinds) if (kinds[name]!.optional === false && thing[name] === undefined) return false
  return true
}

/**
 * What a function or a constructor takes, to be checked at its head. It refuses a surplus argument, an unknown option
 * (with the name that was meant, also if it is PyTorch's or NumPy's), and an argument or option of another kind. What takes
 * one argument may be given to `Array.map`, and ignores the index and the array; anything else refuses to be.
 *
 * @param owner how messages begin: the name of the function or class
 * @param takes its arguments in order; the options, if it has any, as an object of kinds
 * @param instead what to do instead of passing more arguments, where there is something to say
 * @param theirs what options of its own are called in other libraries
 * @example
 * const takes = checker('distance', { x: kinds.tensor, y: kinds.tensor, options: { squared: kinds.boolean } })
 * function distance(x: Tensor, y: Tensor, { squared = false } = {}) {
 *   takes(arguments)
 *   const square = x.sub(y).square().sum()
 *   return squared ? square : square.sqrt()
 * }
 * distance(tensor([3, 4]), tensor([0, 0]))   // 5
 */
export const checker = (owner: string, takes: Takes, instead?: string, theirs?: Familiar): ArgumentCheck => {
  if (typeof owner !== 'string' || !isPlainObject(takes) || (instead !== undefined && typeof instead !== 'string')) {
    throw new ArgumentError(
      `checker: given ${shown(owner)} and ${shown(takes)}; pass a name, and an object with a kind for each argument.`,
    )
  }
  const parameters = Object.entries(takes).map(([name, what]) => parameterOf(owner, name, what))
  const accepts = parameters.map((parameter) => parameter.accepts)
  const optional = parameters.map((parameter) => parameter.optional === true)
  const more = parameters.at(-1)?.rest ? accepts.at(-1) : undefined
  const most = parameters.length
  const least = optional.lastIndexOf(false) + 1
  const fits = (args: ArrayLike<unknown>): boolean => {
    const count = args.length
    if (count < least) return false
    for (let i = 0; i < count; i++) {
      const given = args[i]
      if (given === undefined) {
        if (i < least ? !optional[i] : more !== undefined && i >= most) return false
      } else if (i < most) {
        if (!accepts[i]!(given)) return false
      } else if (more === undefined || !more(given)) return most === 1 && isCalledBack(args, 3)
    }
    return true
  }
  return (args) => {
    if (!fits(args)) throw complaint(owner, spreadOver(parameters, args.length), args, instead, theirs)
  }
}

/** With one for each argument, where the last stands for all that follow. */
const spreadOver = (parameters: readonly Parameter[], count: number): readonly Parameter[] => {
  const last = parameters.at(-1)
  if (!last?.rest) return parameters
  const first = parameters.length - 1
  const rest = Array.from({ length: Math.max(1, count - first) }, (_, i) => ({ ...last, name: `${last.name}[${i}]` }))
  return [...parameters.slice(0, first), ...rest]
}

/** The function with its arguments checked: `checker` for what is written as an expression. */
export const checked = <F extends (...args: never[]) => unknown>(
  owner: string,
  takes: Takes,
  f: F,
  instead?: string,
): F => {
  if (typeof f !== 'function') throw new ArgumentError(`checked: ${shown(f)} is no function; pass the one to check.`)
  return checkedBy(checker(owner, takes, instead), f)
}

export const checkedBy = <F extends (...args: never[]) => unknown>(check: ArgumentCheck, f: F): F =>
  ((...args: never[]) => {
    check(args)
    return f(...args)
  }) as F

/** Whether these are the arguments that `map` (of three) or `reduce` (of four) passes: an element, its index, the array. */
export const isCalledBack = (args: ArrayLike<unknown>, length: number): boolean => {
  if (args.length !== length) return false
  const array = args[length - 1]
  const index = args[length - 2]
  return Array.isArray(array) && typeof index === 'number' && array[index] === args[length - 3]
}

/** The first thing that is wrong with the arguments. */
const complaint = (
  owner: string,
  parameters: readonly Parameter[],
  args: ArrayLike<unknown>,
  instead: string | undefined,
  theirs: Familiar | undefined,
): ArgumentError => {
  if (isCalledBack(args, 3) || isCalledBack(args, 4)) return new ArgumentError(calledBack(owner, args.length))
  for (const [i, { name, wanted, accepts, optional, options, refuse = refuseForeignTensor }] of parameters.entries()) {
    const given = args[i]
    if (given === undefined) {
      if (!optional) return new ArgumentError(`${owner}: ${name} is missing; use ${wanted}.`)
    } else if (!accepts(given)) {
      refuse(`${owner}: ${name}`, given)
      if (options !== null && isPlainObject(given)) return wrongOption(owner, given, options, parameters, theirs)
      const place = isPlainObject(given) ? parameters.findIndex((parameter) => parameter.options !== null) : -1
      const where = place > i ? ` Options are argument ${place + 1}.` : ''
      return new ArgumentError(`${owner}: ${name} is ${shown(given)}; use ${wanted}.${where}`)
    }
  }
  const surplus = Array.from(args)
    .slice(parameters.length)
    .find((given) => given !== undefined)
  const names = parameters.map(({ name }) => name).join(', ')
  const remedy = instead === undefined ? '; leave it out' : `: ${instead}`
  return new ArgumentError(`${owner}: it takes (${names}), and ${shown(surplus)} is one too many${remedy}.`)
}

/** What `tensors.map(sum)` is told, and `tensors.reduce(add)`. */
export const calledBack = (owner: string, count: number): string =>
  `${owner}: Array.${count === 3 ? 'map' : 'reduce'} passes it an index and the array as well, which it does not take; ` +
  `write ${count === 3 ? `(x) => ${owner}(x)` : `(a, b) => ${owner}(a, b)`}.`

const wrongOption = (
  owner: string,
  given: Readonly<Record<string, unknown>>,
  kinds: OptionKinds,
  parameters: readonly Parameter[],
  theirs: Familiar | undefined,
): ArgumentError => {
  const known = Object.keys(kinds)
  for (const name in given) {
    if (!Object.hasOwn(kinds, name)) {
      const place = parameters.filter(({ options }) => options === null).map((parameter) => parameter.name)
      return new ArgumentError(`${owner}: unknown option ${name}${hint(name, known, place, theirs)} ${listed(known)}`)
    }
    if (given[name] !== undefined && !kinds[name]!.accepts(given[name])) {
      const { refuse = refuseForeignTensor } = kinds[name]!
      refuse(`${owner}: ${name}`, given[name])
      return new ArgumentError(`${owner}: ${name} is ${shown(given[name])}; use ${kinds[name]!.wanted}.`)
    }
  }
  const missing = known.find((name) => kinds[name]!.optional === false && given[name] === undefined)!
  return new ArgumentError(`${owner}: ${missing} is missing; use ${kinds[missing]!.wanted}.`)
}

const hint = (unknown: string, known: readonly string[], places: readonly string[], theirs?: Familiar): string => {
  const option = meant(unknown, known, theirs)
  if (option !== undefined) return `: did you mean ${option}?`
  const argument = meant(unknown, places, theirs)
  if (argument !== undefined) return `: ${argument} is argument ${places.indexOf(argument) + 1}, and no option.`
  const other = foundElsewhere(unknown, theirs)
  return other === undefined ? '.' : `: ${other}.`
}

const listed = (known: readonly string[]): string =>
  known.length === 1 ? `Its one option is ${known[0]}.` : `Its options are ${known.join(', ')}.`
