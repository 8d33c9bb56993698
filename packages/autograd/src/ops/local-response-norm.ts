import { AdjointError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { toFloat } from './cast.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { pad } from './pad.js'
import { centreOf, sizeOver } from './spread.js'
import { unfold } from './unfold.js'

export interface LocalResponseOptions {
  /** What the mean of the squares is multiplied by. Default 1e-4. */
  readonly alpha?: number
  /** The power of the divisor. Default 0.75. */
  readonly beta?: number
  /** Added to the mean of the squares. Default 1. */
  readonly k?: number
}

const { div, mul, pow } = elementwise
const op = 'localResponseNorm'

/** x / (k + alpha mean(x^2))^beta, the mean over so many channels around each; zeros lie beyond the first and the last. */
export const localResponseNorm = composed(op, {
  takes: {
    x: kinds.tensor,
    size: kinds.number,
    options: {
      alpha: kinds.numberThat('a number of at least 0', (alpha) => alpha >= 0),
      beta: kinds.numberThat('a finite number', Number.isFinite),
      k: kinds.number,
    },
  },
  instead: 'give alpha, beta and k as options, { alpha, beta, k }',
  call: (x: Node, size: number, { alpha = 1e-4, beta = 0.75, k = 1 }: LocalResponseOptions = {}): Node => {
    if (x.sizes.length < 2) {
      throw new ShapeError(`${op}: x ${formatShape(x.sizes)} must be [batch, channels, ...]; add axes with reshape().`)
    }
    if (!Number.isInteger(size) || size < 1) {
      throw new ShapeError(`${op}: size ${size} given; use an integer of at least 1, the number of channels.`)
    }
    if (!(k > 0)) {
      throw new AdjointError(`${op}: k is ${k}; use a positive number: what is 0 around would be divided by 0.`)
    }
    const floats = toFloat(x)
    if (x.sizes.includes(0)) return floats
    const widths = x.sizes.map((_, axis): [number, number] => (axis === 1 ? [size >> 1, (size - 1) >> 1] : [0, 0]))
    const around = unfold(pad(floats, widths), 1, size)
    const attrs = { axes: [x.sizes.length], centred: false, divisor: size / alpha, epsilon: k }
    const root = reshape(sizeOver(around, centreOf(around, attrs), attrs), x.sizes)
    // in two parts, since the power itself may be out of range
    return mul(div(floats, root), pow(root, 1 - 2 * beta))
  },
  samples: [
    [random(2, 4), 3],
    [random(1, 4, 2), 2, { alpha: 0.5, beta: 0.5, k: 2 }],
    [random(1, 3, 2, 2), 5, { alpha: 2, beta: 1.5, k: 0.5 }],
    [random(1, 2, 2, 1, 2), 1, { alpha: 1, beta: 0 }],
    [values([1, 3, 2], [0, 300, 0, -400, 0, 500]), 2, { alpha: 1 }],
    [random(1, 2, 2), 2, { alpha: 0 }],
    [random(0, 2), 2],
  ],
  errors: [
    { args: [random(3), 1], error: ShapeError, says: [op, '[3]', '[batch, channels, ...]'] },
    { args: [random(1, 3), 0], error: ShapeError, says: [op, 'size 0', 'at least 1'] },
    { args: [random(1, 3), 1.5], error: ShapeError, says: [op, 'size 1.5', 'integer'] },
    { args: [random(1, 3), 2, { k: 0 }], error: AdjointError, says: [op, 'k is 0', 'positive'] },
  ],
})
