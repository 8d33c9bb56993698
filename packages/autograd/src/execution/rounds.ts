import type { Evaluate, Loop } from '../graph/kernel.js'
import { sizeOf } from '../graph/shape.js'
import { denseData, emptyValue, rowOf, type Spec, share, type Value } from '../graph/value.js'
import { inRound, runBody } from '../program/body.js'

/** Runs a loop round by round, kernel by kernel: where there is no faster way, and as the oracle of those. */
export const runRounds = (
  { body, length, reverse, common, carries, when }: Loop,
  inputs: readonly Value[],
  outs: readonly Spec[],
  evaluate: Evaluate,
): readonly Value[] => {
  const shared = inputs.slice(0, common)
  let state = inputs.slice(common, common + carries)
  const sequences = inputs.slice(common + carries)
  const rows = outs.slice(carries).map(emptyValue)
  for (let round = 0; round < length; round++) {
    const at = reverse ? length - 1 - round : round
    const given = [...shared, ...state, ...sequences.map((all) => rowOf(all, at))]
    if (when !== undefined && !isTrue(given[when]!)) {
      // the carries stay, and with them what one of them says
      if (when < common + carries) break
      continue
    }
    const results = inRound(round, length, () => runBody(body, given, evaluate))
    state = results.slice(0, carries)
    rows.forEach(({ data, shape }, i) => {
      data.set(denseData(results[carries + i]!), at * sizeOf(shape.slice(1)))
    })
  }
  return [...state.map(share), ...rows]
}

const isTrue = ({ data, offset }: Value): boolean => data[offset] !== 0
