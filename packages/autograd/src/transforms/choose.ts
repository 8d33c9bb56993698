import { GradientError } from '../graph/errors.js'
import { derivativeOf } from '../graph/tree.js'

/** What to differentiate by, and what else the function returns. */
export interface DerivativeOptions<I extends number | readonly number[] = number | readonly number[]> {
  /**
   * The position of the argument to differentiate by, negative to count from the last; or an array of several, for which a
   * tuple of derivatives comes back. Default 0.
   */
  readonly argument?: I
  /** The function returns `[value, auxiliary]`: the value is differentiated, the auxiliary passed through. Default false. */
  readonly auxiliary?: boolean
}

/** The arguments of a call, some of which it is differentiated by. */
export interface Chosen {
  /** All of them, with undefined in place of the others. */
  readonly args: readonly unknown[]
  /** Those that are chosen, with what messages call them. */
  readonly each: readonly { readonly arg: unknown; readonly what: string }[]
  /** The function of those that are chosen, in the form of `args`. */
  of(f: (...args: never[]) => unknown): (...args: never[]) => unknown
  /** A tree of derivatives by them: one, or a tuple. */
  derivative(derivatives: readonly unknown[]): unknown
}

export const choose = (
  transform: string,
  given: readonly unknown[],
  argument: DerivativeOptions['argument'] = 0,
): Chosen => {
  const list = typeof argument === 'number' ? [argument] : argument
  const positions = list.map((position) => positionOf(transform, position, given.length))
  const twice = positions.find((position, i) => positions.indexOf(position) < i)
  if (twice !== undefined) throw new GradientError(`${transform}: argument ${twice} is named twice; name each once.`)
  const args = given.map((arg, i) => (positions.includes(i) ? arg : undefined))
  return {
    args,
    each: positions.map((position) => ({ arg: given[position], what: nameOf(position) })),
    of:
      (f) =>
      (...chosen: unknown[]) =>
        f(...(given.map((arg, i) => (positions.includes(i) ? chosen[i] : arg)) as never[])),
    derivative: (derivatives) => {
      const found = derivativeOf(args, derivatives) as unknown[]
      return typeof argument === 'number' ? found[positions[0]!] : positions.map((position) => found[position])
    },
  }
}

const positionOf = (transform: string, position: number, count: number): number => {
  const from = position < 0 ? position + count : position
  if (from >= 0 && from < count) return from
  // a call without arguments is told that one is missing
  if (position === 0) return 0
  throw new GradientError(
    `${transform}: argument ${position} is to be differentiated by, and the call has ${count === 1 ? '1 argument' : `${count} arguments`}; ` +
      `pass it, or use ${count < 2 ? 'argument: 0' : `an argument from 0 to ${count - 1}`}.`,
  )
}

const nameOf = (position: number): string =>
  position < ordinals.length ? `the ${ordinals[position]} argument` : `argument ${position}`

const ordinals = ['first', 'second', 'third', 'fourth']
