import { bytesPerElement } from '../../../graph/dtype.js'
import type { Shape } from '../../../graph/shape.js'
import { type Loop, roundsOf } from '../loops/nest.js'
import { loopsOfStreams, type Stream } from './stream.js'

/** The loops of a fold: those over the results, and those that are folded. Vectors go along the last of one of them. */
export interface FoldAxes {
  readonly kept: readonly Loop[]
  readonly folded: readonly Loop[]
  readonly along: 'kept' | 'folded'
}

/** `fixed`: something is stored in row-major order, so vectors go along the last axis. */
export const foldAxes = (
  shape: Shape,
  axes: readonly number[],
  inputs: readonly Stream[],
  results: readonly Stream[],
  lanes: number,
  fixed: boolean,
): FoldAxes => {
  const streams = [...inputs, ...results]
  const over = (positions: readonly number[]) =>
    loopsOfStreams(
      positions.map((axis) => shape[axis]!),
      streams.map((stream) => ({ ...stream, strides: positions.map((axis) => stream.strides[axis]!) })),
    )
  const reach = (axis: number) => streams.reduce((sum, { strides }) => sum + Math.abs(strides[axis]!), 0)
  const all = [...shape.keys()]
  const folding = all.filter((axis) => axes.includes(axis))
  const kept = over(all.filter((axis) => !axes.includes(axis)))
  const folded = over(fixed ? folding : folding.toSorted((a, b) => reach(b) - reach(a)))
  if (fixed) {
    const last = all.findLast((axis) => shape[axis] !== 1)
    return { kept, folded, along: last === undefined || axes.includes(last) ? 'folded' : 'kept' }
  }
  const size = roundsOf(folded)
  const isLine = costAlong(folded.at(-1)!, inputs, lanes) + joining / size <= costAlong(kept.at(-1)!, inputs, lanes)
  return { kept, folded, along: isLine ? 'folded' : 'kept' }
}

/** What it takes to fold the lanes of one vector, in vectors. */
const joining = 10
/** What it takes to collect elements that are no neighbours. */
const collecting = 2

const costAlong = ({ count, steps }: Loop, inputs: readonly Stream[], lanes: number): number => {
  const apart = inputs.filter(({ dtype }, i) => steps[i] !== 0 && steps[i] !== bytesPerElement(dtype)).length
  return ((1 + collecting * apart) * Math.ceil(count / lanes) * lanes) / count
}
