import type { Node } from '../graph/node.js'
import { normalizeAxes } from '../graph/shape.js'
import { type Axes, dropAxes, type KeepDims } from './broadcast.js'
import { toFloat } from './cast.js'
import { composed } from './define.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { average, badAxis, countOf } from './reduce.js'
import { type Centre, centreOf, type Spread, sizeOver, varianceOver } from './spread.js'

export interface VarianceOptions extends KeepDims {
  /** The divisor is the number of elements less this. 0 (default) for a population, 1 for a sample. */
  readonly correction?: number
}

const varianceTakes = {
  x: kinds.tensor,
  axis: kinds.optional(kinds.axesOrAll),
  options: { keepDims: kinds.boolean, correction: kinds.number },
}

type SpreadOp = (x: Node, centre: Centre, attrs: Spread) => Node

/** The spread of what there is along the axes; NaN of nothing. */
const spreadOf =
  (name: string, over: SpreadOp) =>
  (x: Node, axes?: Axes, { correction = 0, ...options }: VarianceOptions = {}): Node => {
    const positions = normalizeAxes(name, axes, x.sizes)
    const floats = toFloat(x)
    const count = countOf(x, positions)
    if (count === 0) return dropAxes(average(floats, positions), positions, options)
    const attrs = { axes: positions, centred: true, divisor: Math.max(0, count - correction), epsilon: 0 }
    return dropAxes(over(floats, centreOf(floats, attrs), attrs), positions, options)
  }

/** The mean squared distance from the mean. */
export const variance = composed('variance', {
  takes: varianceTakes,
  call: spreadOf('variance', varianceOver),
  samples: [[random(2, 3)], [random(2, 3), 0], [random(4, 2), 0, { keepDims: true, correction: 1 }]],
  errors: [badAxis('variance')],
})

/** The square root of the variance. Its gradient at a constant is 0. */
export const standardDeviation = composed('standardDeviation', {
  takes: varianceTakes,
  call: spreadOf('standardDeviation', sizeOver),
  samples: [[random(2, 3)], [random(4, 2), 0, { correction: 1 }]],
  errors: [badAxis('standardDeviation')],
})
