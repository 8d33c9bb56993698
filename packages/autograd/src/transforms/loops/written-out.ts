import type { Node } from '../../graph/node.js'
import { tracer } from '../../graph/tracer.js'
import { watcher } from '../../graph/watcher.js'
import { at } from '../../ops/at.js'
import { stack } from '../../ops/layout.js'
import type { Ran, Rounds } from './rounds.js'

/** Whether somebody wants to see the rounds of a loop, and not the loop as one node. */
export const isToBeWrittenOut = ({ length }: Rounds): boolean =>
  watcher?.unrolls === true && watcher.part !== undefined && tracer === null && length > 0

/** The same as `runLoop`, with the ops of each round recorded as they run. */
export const writtenOut = ({ what, f, carries, sequences, length, reverse }: Rounds): Ran => {
  let state = carries
  const given: (readonly Node[])[] = []
  for (let round = 0; round < length; round++) {
    const row = reverse ? length - 1 - round : round
    watcher!.part!({ kind: 'round', name: `${what}, round ${round + 1}` }, () => {
      const [after, shown] = f(
        state,
        sequences.map((sequence) => at(sequence, row)),
      )
      state = after
      given[row] = shown
    })
  }
  return { carries: state, given: given[0]!.map((_, i) => stack(given.map((shown) => shown[i]!))), sums: [] }
}
