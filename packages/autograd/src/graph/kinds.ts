import { checked, isKind, type Kind } from './arguments.js'
import { ArgumentError } from './errors.js'
import { shown } from './words.js'

// What arguments may be, but for tensors. Ranges are left to whoever knows the shapes: these only tell numbers from words.

const is = (wanted: string, accepts: (thing: unknown) => boolean): Kind => ({ wanted, accepts })

const isNumber = (thing: unknown): boolean => typeof thing === 'number'
const areNumbers = (thing: unknown): boolean => {
  if (!Array.isArray(thing)) return false
  for (let i = 0; i < thing.length; i++) if (typeof thing[i] !== 'number') return false
  return true
}

/** Whatever there is. */
export const anything = is('a value', () => true)
/** True or false. */
export const boolean = is('true or false', (thing) => typeof thing === 'boolean')
/** A string. */
export const string = is('a string', (thing) => typeof thing === 'string')
/** An array of strings. */
export const strings = is(
  'an array of strings',
  (thing) => Array.isArray(thing) && thing.every((item) => typeof item === 'string'),
)
/** A function. */
const callable = is('a function', (thing) => typeof thing === 'function')

export { callable as function }
/** An array. */
export const array = is('an array', Array.isArray)

/** A number, NaN and infinities included. */
export const number = is('a number', isNumber)
/** An integer of at least 0. */
export const count = is('an integer of at least 0', (thing) => Number.isInteger(thing) && (thing as number) >= 0)
/** As many as there are, and Infinity for all. */
export const amount = is('a number of at least 0', (thing) => typeof thing === 'number' && thing >= 0)
/** A number that says an axis; whether there is such an axis is for the op to say. */
export const axis = is('an integer, negative to count from the last axis', isNumber)
/** A number that says an axis, or an array of them. */
export const axes = is('an integer, or an array of integers', (thing) => isNumber(thing) || areNumbers(thing))
/** The same, or null, which says all axes. */
export const axesOrAll = is(
  'an integer, an array of integers, or null for all axes',
  (thing) => thing === null || axes.accepts(thing),
)
/** A number that says an axis, or null: all of them, as one line. */
export const axisOrAll = is('an integer, or null for all axes', (thing) => thing === null || axis.accepts(thing))
/** An array of numbers. */
export const shape = is('an array of integers, such as [2, 3]', areNumbers)
/** A number for both axes of an image, or one for each. */
export const pair = is(
  'a number, or one for the height and one for the width: [2, 1]',
  (thing) => isNumber(thing) || (areNumbers(thing) && (thing as readonly number[]).length === 2),
)
/** Two axes: [0, 1]. */
export const twoAxes = is(
  'two axes, such as [0, 1]',
  (thing) => areNumbers(thing) && (thing as readonly number[]).length === 2,
)
/** What dtypes there are is known to `checkDType`, which also knows those of others. */
export const dtype = is("'float32', 'float64', 'int32' or 'bool'", (thing) => typeof thing === 'string')

/** One more kind: how messages ask for it ('a number of at least 0'), and a test. */
export const kind = checked('kinds.kind', { wanted: string, accepts: callable }, is)

/** A number in a range: `numberThat('a positive number', (x) => x > 0)`. */
export const numberThat = checked(
  'kinds.numberThat',
  { wanted: string, holds: callable },
  (wanted: string, holds: (x: number) => boolean): Kind =>
    is(wanted, (thing) => typeof thing === 'number' && holds(thing)),
)

/** One of these words. */
export const oneOf = (...words: readonly string[]): Kind => {
  if (words.length < 2 || !strings.accepts(words)) {
    throw new ArgumentError(`kinds.oneOf: given (${words.map(shown).join(', ')}); pass two strings or more.`)
  }
  const quoted = words.map((word) => `'${word}'`)
  return is(`${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`, (thing) => words.includes(thing as string))
}

/** An instance of a class: `instance(Random, 'a generator: new Random(seed)')`. */
export const instance = checked(
  'kinds.instance',
  { of: callable, wanted: string },
  (of: abstract new (...args: never[]) => unknown, wanted: string): Kind => is(wanted, (thing) => thing instanceof of),
)

const aKind = is('a kind, such as kinds.number', isKind)

/** The kind, but it may be left out. */
export const optional = checked('kinds.optional', { kind: aKind }, (kind: Kind): Kind => ({ ...kind, optional: true }))

/** The kind, but as an option that must be given. */
export const required = checked('kinds.required', { kind: aKind }, (kind: Kind): Kind => ({ ...kind, optional: false }))

/** The kind, of which one or more stand at the end: `checker('join', { texts: kinds.rest(kinds.string) })`. */
export const rest = checked('kinds.rest', { kind: aKind }, (kind: Kind): Kind => ({ ...kind, rest: true }))
