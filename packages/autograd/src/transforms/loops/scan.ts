import { ArgumentError, ShapeError } from '../../graph/errors.js'
import type { RunLoop } from '../../graph/kernel.js'
import type { Node } from '../../graph/node.js'
import { requireSync } from '../../graph/tracking.js'
import { type Leaf, rebuild } from '../../graph/tree.js'
import { shown } from '../../graph/words.js'
import type { BodyFunction } from './body.js'
import { requireAlike, sameEachRound, tensorsIn } from './carry.js'
import { runInGroups } from './groups.js'
import { type Rounds, runLoop } from './rounds.js'
import { isToBeWrittenOut, writtenOut } from './written-out.js'

/** How `scan` goes through its rounds. */
export interface ScanOptions {
  /** How many rounds there are: where no sequence says it. */
  readonly length?: number | undefined
  /** From the last row to the first. Default false. */
  readonly reverse?: boolean | undefined
  /**
   * What is kept for the derivative, which computes the rest again: of each round the carries that it took and its products and
   * loops (unless given); `'all'` results; `'carries'` alone; or the carries of every so many rounds, a number: the square root
   * of the number of rounds takes least memory, about twice that root of rounds, for one more run of the loop.
   */
  readonly save?: 'all' | 'carries' | number | undefined
}

type ScanFunction = (carry: never, row: never) => unknown

/** `scan(f, carry, xs)`: the carry after all rounds, and what they gave. */
export const scan = (
  like: Node,
  asProgram: RunLoop,
  f: ScanFunction,
  carry: unknown,
  xs: unknown,
  { length: given, reverse = false, save }: ScanOptions = {},
): [carry: unknown, ys: unknown] => {
  const carries = tensorsIn('scan: carry', carry)
  const sequences = tensorsIn('scan: xs', xs)
  const length = lengthOf(sequences, given)
  let ys: unknown = null
  const body: BodyFunction = (before, rows) => {
    const result = requireSync('scan', f(rebuild(carry, before) as never, rebuild(xs, rows) as never))
    if (!Array.isArray(result) || result.length !== 2) {
      throw new ArgumentError(
        `scan: the function returned ${shown(result)}; return [carry, y], with null where there is no y.`,
      )
    }
    const after = requireAlike(
      alike('scan'),
      carries,
      tensorsIn('scan: the carry that the function returned', result[0]),
    )
    ys = result[1]
    return [after, tensorsIn('scan: the y that the function returned', ys).map(({ node }) => node)]
  }
  const rounds: Rounds = {
    what: 'scan',
    like,
    asProgram,
    f: body,
    carries: carries.map(({ node }) => node),
    sequences: sequences.map(({ node }) => node),
    length,
    reverse,
    keep: save === 'all' ? 'all' : save === undefined ? 'dear' : 'none',
  }
  const ran = isToBeWrittenOut(rounds)
    ? writtenOut(rounds)
    : typeof save === 'number'
      ? runInGroups(rounds, save)
      : runLoop(rounds)
  return [rebuild(carry, ran.carries), rebuild(ys, ran.given)]
}

const alike = (what: string) => ({ what, who: 'the function', name: 'carry', rule: sameEachRound })

/** `fori(from, to, body, carry)`: the carry after a round for each of the indices. */
export const fori = (
  asProgram: RunLoop,
  indices: Node,
  body: (index: never, carry: never) => unknown,
  carry: unknown,
): unknown => {
  const carries = tensorsIn('fori: carry', carry)
  const f: BodyFunction = (before, [index]) => {
    const after = requireSync('fori', body(index as never, rebuild(carry, before) as never))
    return [requireAlike(alike('fori'), carries, tensorsIn('fori: the carry that the function returned', after)), []]
  }
  const rounds: Rounds = {
    what: 'fori',
    like: indices,
    asProgram,
    f,
    carries: carries.map(({ node }) => node),
    sequences: [indices],
    length: indices.sizes[0]!,
    reverse: false,
  }
  const ran = isToBeWrittenOut(rounds) ? writtenOut(rounds) : runLoop(rounds)
  return rebuild(carry, ran.carries)
}

const lengthOf = (sequences: readonly Leaf[], given: number | undefined): number => {
  let length = given
  let first = `length is ${given}`
  for (const { node, path } of sequences) {
    const rows = node.sizes[0]
    if (rows === undefined)
      throw new ShapeError(`scan: xs${path} is ${node}, which has no rows; close over it, or give it a first axis.`)
    length ??= rows
    if (rows !== length) {
      throw new ShapeError(
        `scan: xs${path} is ${node} and has ${rows} rows, but ${first}; give all the same number of rows.`,
      )
    }
    if (given === undefined) first = `xs${path} has ${rows}`
  }
  if (length === undefined)
    throw new ArgumentError('scan: there are no xs, so nothing says how many rounds there are; give { length }.')
  return length
}
