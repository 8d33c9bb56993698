import { ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, normalizeAxis } from '../graph/shape.js'
import { timesSigmoid } from '../rules/gate.js'
import { reshape } from './broadcast.js'
import { toFloat } from './cast.js'
import { composed } from './define.js'
import { elementwise, fromRule } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { slice } from './slice.js'

// Activations of more than one element, or with parameters along an axis.

const gate = fromRule(timesSigmoid)

/** a * sigmoid(b), of the halves a and b of x along the axis (default the last) (Dauphin et al. 2017). */
export const glu = composed('glu', {
  takes: { x: kinds.tensor, axis: kinds.optional(kinds.axis) },
  call: (x: Node, axis = -1): Node => {
    const position = normalizeAxis('glu', axis, x.sizes)
    const count = x.sizes[position]!
    if (count % 2 !== 0) {
      throw new ShapeError(
        `glu: axis ${axis} of shape ${formatShape(x.sizes)} has ${count} elements, which have no halves; make it even, ` +
          'or choose another axis.',
      )
    }
    const floats = toFloat(x)
    return gate(slice(floats, position, 0, count / 2), slice(floats, position, count / 2))
  },
  samples: [[random(2, 6)], [random(4, 3), 0], [values([2, 2], [3, -700, -2, 800])]],
  errors: [
    { args: [random(2, 3)], error: ShapeError, says: ['glu', 'axis -1', '[2, 3]', '3 elements', 'even'] },
    { args: [random(2, 3), 1], error: ShapeError, says: ['glu', 'axis 1'] },
  ],
})

export interface PreluOptions {
  /** The axis along which each entry of x has a weight of its own. Default 1: channels. */
  readonly axis?: number
}

/** x where it is positive, else weight * x: one weight, or one for each place of an axis (He et al. 2015). */
export const prelu = composed('prelu', {
  takes: { x: kinds.tensor, weight: kinds.tensor, options: { axis: kinds.axis } },
  call: (x: Node, weight: Node, options: PreluOptions = {}): Node => {
    const [count = 1] = weight.sizes
    const { axis = 1 } = options
    const isOne = weight.sizes.length <= 1 && count === 1
    // of one weight it does not matter, nor need there be channels
    if (isOne && options.axis === undefined) return elementwise.leakyRelu(x, reshape(weight, []))
    const position = normalizeAxis('prelu', axis, x.sizes)
    if (isOne) return elementwise.leakyRelu(x, reshape(weight, []))
    if (weight.sizes.length > 1 || count !== x.sizes[position]) {
      throw new ShapeError(
        `prelu: weight ${formatShape(weight.sizes)} has not one entry, nor one for each of the ${x.sizes[position]} of axis ` +
          `${axis} of shape ${formatShape(x.sizes)}; give it that shape, or name another axis.`,
      )
    }
    const places = x.sizes.map((_, i) => (i === position ? count : 1))
    return elementwise.leakyRelu(x, reshape(weight, places))
  },
  samples: [
    [random(2, 3), random(3)],
    [random(2, 3, 2), random(3)],
    [random(4), random()],
    [random(2, 2), random(1), { axis: 0 }],
    [random(3, 2), random(3), { axis: -2 }],
  ],
  errors: [
    { args: [random(2, 3), random(2)], error: ShapeError, says: ['prelu', 'weight [2]', 'the 3 of axis 1', '[2, 3]'] },
    { args: [random(2, 3), random(1, 3)], error: ShapeError, says: ['prelu', 'weight [1, 3]'] },
  ],
})
