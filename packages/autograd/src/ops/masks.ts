import { DTypeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { broadcastShapes, formatShape, sizeOf } from '../graph/shape.js'
import { broadcastTo, stretches } from './broadcast.js'
import { type FixedSize, filledUp, fixedSizeTakes, placesOf } from './data-dependent.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { ravel } from './layout.js'
import { ofOneDType, type Written, written } from './operand.js'
import { pad } from './pad.js'
import { take } from './places.js'

// Elements where a mask is true.

const requireMask = (op: string, mask: Node): void => {
  if (mask.dtype === 'bool') return
  throw new DTypeError(`${op}: the mask is ${mask}; use bool: a comparison, or cast(mask, 'bool').`)
}

const mask = values([2, 3], [1, 0, 0, 1, 1, 0], 'bool')

/** x with `value` where the mask is true; both are stretched to it. */
export const maskedFill = composed('maskedFill', {
  takes: { x: kinds.tensor, mask: kinds.tensor, value: written },
  call: (x: Node, mask: Node, value: Written): Node => {
    requireMask('maskedFill', mask)
    const [base, given] = ofOneDType('maskedFill', x, value)
    for (const [name, { sizes }] of Object.entries({ mask, value: given })) {
      if (!stretches(sizes, x.sizes)) {
        throw new ShapeError(
          `maskedFill: the ${name} of shape ${formatShape(sizes)} does not broadcast to ${formatShape(x.sizes)}, the shape of x; ` +
            'reshape it, or use where(), which stretches all of them.',
        )
      }
    }
    return elementwise.where(mask, given, base)
  },
  samples: [
    [random(2, 3), mask, -1],
    [random(2, 3), values([3], [1, 0, 1], 'bool'), random()],
    [random(2, 3), mask, random(2, 1)],
  ],
  errors: [
    { args: [random(3), random(3), 0], error: DTypeError, says: ['maskedFill', 'float64[3]', 'bool'] },
    { args: [random(3), mask, 0], error: ShapeError, says: ['maskedFill', 'mask of shape [2, 3]', '[3]', 'where()'] },
    { args: [random(2, 3), mask, random(2)], error: ShapeError, says: ['maskedFill', 'value of shape [2]', '[2, 3]'] },
  ],
})

/** The elements where a mask is true, in row-major order; x and the mask are stretched to each other. */
export const maskedSelect = composed('maskedSelect', {
  takes: { x: kinds.tensor, mask: kinds.tensor, options: fixedSizeTakes },
  call: (x: Node, mask: Node, options: FixedSize = {}): Node => {
    requireMask('maskedSelect', mask)
    const shape = broadcastShapes('maskedSelect', [x.sizes, mask.sizes])
    const places = placesOf('maskedSelect', broadcastTo(mask, shape), options)
    const elements = ravel(broadcastTo(x, shape))
    const { size = 0, fill = 0 } = options
    const found =
      sizeOf(shape) === 0 ? pad(elements, [[0, size]]) : take(elements, places.places, { op: 'maskedSelect', axis: 0 })
    return filledUp('maskedSelect', found, places, fill)
  },
  samples: [
    [random(2, 3), mask, { size: 2 }],
    [random(2, 3), mask, { size: 5, fill: 7 }],
    [random(0), values([0], [], 'bool'), { size: 2 }],
  ],
  errors: [
    { args: [random(3), random(3)], error: DTypeError, says: ['maskedSelect', 'float64[3]', 'bool'] },
    { args: [random(2), mask], error: ShapeError, says: ['maskedSelect', '[2] and [2, 3]', 'broadcast'] },
  ],
})
