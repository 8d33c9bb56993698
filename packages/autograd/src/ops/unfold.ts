import { AxisError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, normalizeAxis, requireSize } from '../graph/shape.js'
import { composed } from './define.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { unfold as seenAlong } from './strided.js'

export interface UnfoldOptions {
  /** Distance between neighbouring windows. Default 1. */
  readonly step?: number
}

/** Windows of `size` entries along an axis, which then counts them; their entries are along a new last axis. */
export const unfold = composed('unfold', {
  takes: { x: kinds.tensor, axis: kinds.axis, size: kinds.number, options: { step: kinds.number } },
  instead: 'give the step as an option, { step: 2 }',
  call: (x: Node, axis: number, size: number, { step = 1 }: UnfoldOptions = {}): Node => {
    const position = normalizeAxis('unfold', axis, x.sizes)
    const dim = x.sizes[position]!
    if (!Number.isInteger(size) || size < 1 || !Number.isInteger(step) || step < 1) {
      throw new ShapeError(`unfold: size ${size} and step ${step} given; use integers of at least 1.`)
    }
    if (size > dim) {
      throw new ShapeError(
        `unfold: a window of ${size} is larger than axis ${position} of shape ${formatShape(x.sizes)}; use a smaller one, or pad.`,
      )
    }
    const shape = [...x.sizes.with(position, Math.floor((dim - size) / step) + 1), size]
    requireSize('unfold', shape)
    const axes = shape.map((_, i) => ({
      source: i === x.sizes.length ? position : i,
      start: 0,
      step: i === position ? step : 1,
    }))
    return seenAlong(x, { axes, shape })
  },
  samples: [
    [random(7), 0, 3],
    [random(2, 5, 2), 1, 2, { step: 2 }],
    [random(3, 4), -1, 4],
    [random(8), 0, 2, { step: 3 }],
  ],
  errors: [
    { args: [random(3), 0, 4], error: ShapeError, says: ['unfold', 'window of 4', 'axis 0', '[3]'] },
    { args: [random(3), 0, 0], error: ShapeError, says: ['unfold', 'size 0', 'at least 1'] },
    { args: [random(3), 0, 2, { step: 0.5 }], error: ShapeError, says: ['unfold', 'step 0.5', 'integers'] },
    { args: [random(3), 1, 2], error: AxisError, says: ['unfold', 'axis 1', '[3]'] },
  ],
})
