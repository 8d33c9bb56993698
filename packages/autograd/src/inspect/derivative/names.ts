import { ArgumentError } from '../../graph/errors.js'
import { shown } from '../../graph/words.js'
import type { OpFunction } from '../../ops/facts.js'
import { parametersOf } from '../trace/parameter-names.js'
import { reserved } from './typescript.js'

type Fn = (...args: never[]) => unknown

const isName = (name: string): boolean => /^[\p{L}$_][\p{L}\p{N}$_]*$/u.test(name)

const keywords =
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if ' +
  'implements import in instanceof interface let new null package private protected public return static super switch this ' +
  'throw true try typeof var void while with yield arguments eval'

/** What the inputs of a function are called: as its user says, else as in its source, else x, or x1, x2 and so on. */
export const namesOf = (f: Fn, given: readonly string[] | undefined): readonly string[] => {
  const written = 'opName' in f ? null : parametersOf(f)
  if (written?.some((parameter) => /^[{[]/.test(parameter))) {
    throw new ArgumentError(
      'derivative: f takes its inputs as an object or an array, and is given one tensor for each; write it as (x, w) => ...',
    )
  }
  if (given !== undefined) return checkedNames(given, written)
  const count = (f as Partial<OpFunction<Fn>>).operands ?? f.length
  if (count === 0) {
    throw new ArgumentError(
      'derivative: f declares no inputs, so there is nothing to differentiate by; write it as (x) => ..., or say what its inputs ' +
        "are called: { names: ['x'] }.",
    )
  }
  const names = (written ?? []).slice(0, count).map((parameter) => parameter.split(/[\s=:]/)[0]!)
  const areUsable = names.length === count && names.every(isUsable) && new Set(names).size === count
  return areUsable ? names : count === 1 ? ['x'] : Array.from({ length: count }, (_, i) => `x${i + 1}`)
}

const isUsable = (name: string): boolean =>
  isName(name) && !reserved.includes(name) && !keywords.split(' ').includes(name)

const checkedNames = (names: readonly string[], written: readonly string[] | null): readonly string[] => {
  if (names.length === 0) throw new ArgumentError("derivative: names is empty; name each input of f, as ['x', 'w'].")
  for (const [i, name] of names.entries()) {
    if (!isUsable(name)) {
      throw new ArgumentError(
        `derivative: names[${i}] is ${shown(name)}, which cannot name a parameter of a function; use letters, digits and _.`,
      )
    }
    if (names.indexOf(name) !== i) {
      throw new ArgumentError(`derivative: two inputs are called ${name}; give each a name of its own.`)
    }
  }
  const most = written?.some((parameter) => parameter.startsWith('...')) ? Number.POSITIVE_INFINITY : written?.length
  if (most !== undefined && most > 0 && names.length > most) {
    throw new ArgumentError(
      `derivative: names has ${names.length}, and f takes ${written!.join(', ')}; name its inputs and nothing else.`,
    )
  }
  return names
}
