import { AdjointError, AxisError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { normalizeAxes } from '../graph/shape.js'
import type { Axes } from './broadcast.js'
import { toFloat } from './cast.js'
import { composed } from './define.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { countOf } from './reduce.js'
import { measuredAndSize } from './spread.js'

export interface LayerNormOptions {
  /** What the mean and the variance are taken over. Default the last axis. */
  readonly axes?: Axes
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number
}

/** (x - mean) / sqrt(variance + epsilon) over the axes (default the last). */
export const layerNorm = composed('layerNorm', {
  takes: { x: kinds.tensor, options: { axes: kinds.axes, epsilon: kinds.number } },
  call: (x: Node, { axes = -1, epsilon = 1e-5 }: LayerNormOptions = {}): Node => {
    const positions = normalizeAxes('layerNorm', axes, x.sizes)
    if (!(epsilon > 0)) {
      throw new AdjointError(
        `layerNorm: epsilon is ${epsilon}; use a small positive number: what does not vary would be divided by 0.`,
      )
    }
    const floats = toFloat(x)
    const count = countOf(x, positions)
    if (count === 0) return floats
    return measuredAndSize(floats, { axes: positions, centred: true, divisor: count, epsilon })[0]!
  },
  samples: [
    [random(2, 4)],
    [random(2, 3, 2), { axes: [0, -1], epsilon: 0.1 }],
    [random(3, 2), { axes: 0 }],
    [values([2, 3], [2, 2, 2, 100, 101, 103]), { epsilon: 0.01 }],
    [random(2, 1)],
  ],
  errors: [
    { args: [random(2, 3), { axes: 2 }], error: AxisError, says: ['layerNorm', 'axis 2', '[2, 3]', '-2 to 1'] },
    { args: [random()], error: AxisError, says: ['layerNorm', 'scalar has no axes'] },
    { args: [random(2, 3), { epsilon: 0 }], error: AdjointError, says: ['layerNorm', 'epsilon is 0', 'positive'] },
  ],
})
