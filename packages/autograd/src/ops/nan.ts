import type { Node } from '../graph/node.js'
import { normalizeAxes } from '../graph/shape.js'
import { type Axes, dropAxes, type KeepDims, reductionTakes, sum } from './broadcast.js'
import { cast, toFloat } from './cast.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random } from './facts.js'
import { average, badAxis, countOf } from './reduce.js'

const { div, isNaN, logicalNot, where } = elementwise

// Sums without what is NaN, which has no derivative.

const samples = [[random(2, 3)], [random(2, 3), 0], [random(2, 3, 2), [0, 2], { keepDims: true }], [random()]]

/** The sum of the elements that are not NaN. */
export const nanSum = composed('nanSum', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('nanSum', axes, x.sizes)
    return sum(where(isNaN(x), 0, x), positions, options)
  },
  samples: [...samples, [random(2, 0), 1]],
  errors: [badAxis('nanSum')],
})

/** The mean of the elements that are not NaN; NaN where there are none. */
export const nanMean = composed('nanMean', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('nanMean', axes, x.sizes)
    const floats = toFloat(x)
    const absent = isNaN(floats)
    // the sum by itself might be out of range; to divide it by a power of 2 loses nothing
    let divisor = 1
    while (divisor < countOf(x, positions)) divisor *= 2
    const total = average(where(absent, 0, floats), positions, { divisor, dtype: 'float64' })
    const count = average(cast(logicalNot(absent), 'float64'), positions, { divisor })
    return dropAxes(cast(div(total, count), floats.dtype), positions, options)
  },
  samples,
  errors: [badAxis('nanMean')],
})
