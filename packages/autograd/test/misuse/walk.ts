import { AdjointError, type AnyTensor, Tensor, tensor } from '@adjoint/autograd'
import { expect, test } from 'vitest'

/**
 * A public function or class, and a call of it that is right. The walk calls it wrongly in every way: an argument of
 * another type, a surplus argument, an unknown option, an option of another type. Each must be refused by an error of the
 * library that says what to do, also where a promise is returned.
 */
export interface Subject {
  /** `(...args) => new Adam(...args)` for a class. */
  readonly call: (...args: never[]) => unknown
  /**
   * Arguments that are right, made anew at each call. A plain object among them is one of options, all of them given,
   * unless `may` says 'data' of it.
   */
  readonly args: () => readonly unknown[]
  /**
   * What else each argument may be than what is of the type of the right one: names of `things`, 'nan undefined', with a
   * minus what it may not be though it is of that type. An object of options may be left out, and so may each option,
   * unless this says 'required'.
   */
  readonly may?: readonly string[]
  /** The same for options. */
  readonly options?: Readonly<Record<string, string>>
  /** True where further arguments are handed on. */
  readonly forwards?: boolean
}

/** What a newcomer may pass. */
export const things: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  boolean: () => true,
  number: () => 3,
  nan: () => Number.NaN,
  bigint: () => 1n,
  string: () => 'nonsense',
  symbol: () => Symbol('nonsense'),
  function: () => () => 1,
  object: () => ({ nonsense: 1 }),
  array: () => [],
  strings: () => ['nonsense'],
  map: () => new Map(),
  bare: () => Object.create(null),
  tensor: () => tensor([1, 2, 3, 4, 5, 6, 7]),
}

/** What an error tells its reader to do. */
const remedy =
  /\b(use|pass|give|make|write|wrap|call|leave|take|cast|return|did you mean|reshape|align|sum|state|rename|choose|set|pick|name|add|keep|its (one )?options? (is|are))\b/i

const isOptions = (thing: unknown): thing is Readonly<Record<string, unknown>> =>
  typeof thing === 'object' && thing !== null && Object.getPrototypeOf(thing) === Object.prototype

/** Asserts that a call is refused by an error of the library with a remedy. */
const expectRefused = async (name: string, act: () => unknown): Promise<void> => {
  let result: unknown
  try {
    result = await act()
  } catch (error) {
    expect(error, `${name}: ${error}`).toBeInstanceOf(AdjointError)
    expect((error as Error).message, name).toMatch(remedy)
    return
  }
  const shown = result instanceof Tensor ? `${result as AnyTensor}` : typeof result
  expect.fail(`${name} is accepted, and gives ${shown}`)
}

/** What may stand in the place of an argument: things of its type, and what else is said. */
const allowed = (argument: unknown, more = '', isOption = false): ReadonlySet<string> => {
  const names = new Set(more.split(' '))
  if (argument instanceof Tensor) names.add('tensor')
  else if (['number', 'boolean', 'function'].includes(typeof argument)) names.add(typeof argument)
  const isWhole = isOptions(argument) && !names.has('data') && !names.has('required')
  if (isWhole || (isOption && !names.has('required'))) names.add('undefined')
  if (isWhole) names.add('bare')
  for (const name of names) if (name.startsWith('-')) names.delete(name.slice(1))
  return names
}

/** Calls that are wrong, each with a name. */
function* mistakes({ args, may = [], options = {}, forwards = false }: Subject): Generator<[string, unknown[]]> {
  for (const [i, argument] of args().entries()) {
    const fine = allowed(argument, may[i])
    for (const [thing, make] of Object.entries(things)) {
      if (!fine.has(thing)) yield [`argument ${i + 1} is ${thing}`, args().with(i, make())]
    }
    if (!isOptions(argument) || fine.has('data')) continue
    yield [`argument ${i + 1} has an unknown option`, args().with(i, { ...argument, nonsense: 1 })]
    for (const [option, value] of Object.entries(argument)) {
      const fineThere = allowed(value, options[option], true)
      for (const [thing, make] of Object.entries(things)) {
        if (fineThere.has(thing)) continue
        yield [`option ${option} is ${thing}`, args().with(i, { ...argument, [option]: make() })]
      }
    }
  }
  if (!forwards) yield ['a surplus argument', [...args(), 1]]
}

/** One test for each subject: the right call is right, and the wrong ones are refused. */
export const walk = (subjects: Readonly<Record<string, Subject>>): void => {
  test.each(Object.entries(subjects))('%s refuses what it cannot take', async (name, subject) => {
    const call = subject.call as (...args: readonly unknown[]) => unknown
    await call(...subject.args())
    for (const [what, args] of mistakes(subject)) await expectRefused(`${name}: ${what}`, () => call(...args))
  })
}
