import { ArgumentError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import type { Shape } from '../graph/shape.js'
import { cast } from './cast.js'
import { constant } from './constant.js'
import { type FixedSize, filledUp, fixedSizeTakes, placesOf } from './data-dependent.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { stack } from './layout.js'

const { div, notEqual, remainder, sub } = elementwise

/** The index of each row-major place in a shape: int32 [places, rank]. */
const indicesAt = (places: Node, shape: Shape): Node => {
  if (shape.length === 0) return constant(places, 0, [places.sizes[0]!, 0])
  const columns: Node[] = []
  let rest = places
  for (let axis = shape.length - 1; axis > 0; axis--) {
    const dim = Math.max(1, shape[axis]!)
    const index = remainder(rest, dim)
    columns.unshift(index)
    // exact: a multiple of dim, in float64
    rest = cast(div(cast(sub(rest, index), 'float64'), dim), 'int32')
  }
  return stack([rest, ...columns], 1)
}

/** The indices of the elements that are not 0 (NaN is none), one in each row: int32 [count, rank]. */
export const nonzero = composed('nonzero', {
  takes: { x: kinds.tensor, options: fixedSizeTakes },
  call: (x: Node, options: FixedSize = {}): Node => {
    const found = placesOf('nonzero', notEqual(x, 0), options)
    return filledUp('nonzero', indicesAt(found.places, x.sizes), found, options.fill ?? -1)
  },
  samples: [
    [values([2, 3], [0, 2, 0, -1, 0, 3]), { size: 3 }],
    [values([2, 2, 2], [1, 0, 0, 0, 0, 5, 7, 0]), { size: 5 }],
    [values([4], [1, 0, 1, 1], 'bool'), { size: 2, fill: 9 }],
    [values([], [2]), { size: 2 }],
    [random(0, 3), { size: 1 }],
  ],
  errors: [{ args: [random(2, 3), { fill: 3 }], error: ArgumentError, says: ['nonzero', 'fill 3', 'size'] }],
  differentiable: false,
})
