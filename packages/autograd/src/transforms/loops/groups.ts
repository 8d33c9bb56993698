import type { Node } from '../../graph/node.js'
import { reshape } from '../../ops/broadcast.js'
import { concat, slice } from '../../ops/slice.js'
import type { BodyFunction } from './body.js'
import { type Ran, type Rounds, runLoop } from './rounds.js'

/**
 * Runs a loop in groups of so many rounds, which are a loop each in the body of another one: that keeps the carries with which
 * groups begin, and each group is computed again when its derivative is (Griewank, Achieving logarithmic growth of temporal and
 * spatial complexity in reverse automatic differentiation, 1992, on two levels).
 */
export const runInGroups = (rounds: Rounds, size: number): Ran => {
  const { sequences, length, reverse } = rounds
  const count = Math.floor(length / size)
  if (size === 1 || count < 2) return runLoop(rounds)
  const grouped = count * size
  // the rounds that are left run last
  const [from, left] = reverse ? [length - grouped, 0] : [0, grouped]
  const all = runLoop({
    ...rounds,
    f: inGroup({ ...rounds, length: size, keep: 'dear' }),
    sequences: sequences.map((node) => {
      const rows = part(node, from, grouped)
      return reshape(rows, [count, size, ...rows.sizes.slice(1)])
    }),
    length: count,
  })
  const given = all.given.map((node) => reshape(node, [grouped, ...node.sizes.slice(2)]))
  if (grouped === length) return { ...all, given }
  const rest = runLoop({
    ...rounds,
    carries: all.carries,
    sequences: sequences.map((node) => part(node, left, length - grouped)),
    length: length - grouped,
  })
  const joined = given.map((node, i) => concat(reverse ? [rest.given[i]!, node] : [node, rest.given[i]!]))
  return { ...rest, given: joined }
}

const inGroup =
  (rounds: Rounds): BodyFunction =>
  (carries, sequences) => {
    const ran = runLoop({ ...rounds, carries, sequences })
    return [ran.carries, ran.given]
  }

const part = (node: Node, from: number, count: number): Node => slice(node, 0, from, from + count)
