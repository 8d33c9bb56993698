import type { Kind } from './arguments.js'

// What arguments may be, but for tensors. Ranges are left to whoever knows the shapes: these only tell numbers from words.

/** One more kind: how messages ask for it ('a number of at least 0'), and a test. */
export const kind = (wanted: string, accepts: (thing: unknown) => boolean): Kind => ({ wanted, accepts })

/** The kind, but it may be left out. */
export const optional = (kind: Kind): Kind => ({ ...kind, optional: true })

/** The kind, but as an option that must be given. */
export const required = (kind: Kind): Kind => ({ ...kind, optional: false })

const isNumber = (thing: unknown): boolean => typeof thing === 'number'
const areNumbers = (thing: unknown): boolean => Array.isArray(thing) && thing.every(isNumber)

export const anything = kind('a value', () => true)
export const number = kind('a number', isNumber)
export const boolean = kind('true or false', (thing) => typeof thing === 'boolean')
export const string = kind('a string', (thing) => typeof thing === 'string')
const callable = kind('a function', (thing) => typeof thing === 'function')

export { callable as function }
export const array = kind('an array', Array.isArray)
export const axis = kind('an integer, negative to count from the last axis', isNumber)
export const axes = kind('an integer, or an array of integers', (thing) => isNumber(thing) || areNumbers(thing))
export const shape = kind('an array of integers, such as [2, 3]', areNumbers)
/** What dtypes there are is known to `checkDType`, which also knows those of others. */
export const dtype = kind("'float32', 'float64', 'int32' or 'bool'", (thing) => typeof thing === 'string')

/** A number for both axes of an image, or one for each. */
export const pair = kind(
  'a number, or one for the height and one for the width: [2, 1]',
  (thing) => isNumber(thing) || (areNumbers(thing) && (thing as readonly number[]).length === 2),
)

/** One of these words. */
export const oneOf = (...words: readonly string[]): Kind =>
  kind(`${words.slice(0, -1).map(quoted).join(', ')} or ${quoted(words.at(-1)!)}`, (thing) =>
    words.includes(thing as string),
  )
const quoted = (word: string): string => `'${word}'`

/** An instance of a class: `instance(Random, 'a generator: new Random(seed)')`. */
export const instance = (of: abstract new (...args: never[]) => unknown, wanted: string): Kind =>
  kind(wanted, (thing) => thing instanceof of)
