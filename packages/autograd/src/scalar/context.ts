import { constant, type Num, type Scalar } from './num.js'

/** What is at work as a function runs: the innermost differentiation, or the recording of a program. */
export interface Context {
  /** A number as a Num that is fast there. */
  readonly lift: (value: number) => Num
  /** Records rounds once for all; null where each is run. */
  readonly rounds: Rounds | null
}

/**
 * What rounds give that begin with a state, each with its own element of each column: what they leave of the state, and of each round its
 * outputs. Null if they cannot be told from one of them.
 */
export type Rounds = (
  count: number,
  state: readonly Scalar[],
  columns: readonly (readonly Scalar[])[],
  round: (
    state: readonly Num[],
    items: readonly Num[],
  ) => { readonly state: readonly Scalar[]; readonly outputs: readonly Scalar[] },
) => { readonly state: readonly Scalar[]; readonly outputs: readonly (readonly Scalar[])[] } | null

export const plainly: Context = { lift: constant, rounds: null }

let current = plainly
export const currentContext = (): Context => current

/** Runs a function where another is at work. */
export const within = <T>(inner: Context, f: () => T): T => {
  const outer = current
  current = inner
  try {
    return f()
  } finally {
    current = outer
  }
}
