import { isFloat, promote } from '../graph/dtype.js'
import { ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { broadcastShapes, formatShape } from '../graph/shape.js'
import { dropAxes } from './broadcast.js'
import { cast } from './cast.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { expandDims } from './layout.js'
import { normOver } from './norm.js'

const { sub } = elementwise

/**
 * The distance of each row of a from each of b, in the p-norm: `[..., m, d], [..., n, d] -> [..., m, n]`; p = 0 counts
 * the places where they differ. By differences, so that near rows keep the digits of their distance. The derivative is 0
 * where rows, or their elements, coincide.
 */
export const cdist = composed('cdist', {
  takes: { a: kinds.tensor, b: kinds.tensor, options: { p: kinds.amount } },
  call: (a: Node, b: Node, { p = 2 }: { readonly p?: number } = {}): Node => {
    const shapes = `${formatShape(a.sizes)} and ${formatShape(b.sizes)}`
    if (a.sizes.length < 2 || b.sizes.length < 2 || a.sizes.at(-1) !== b.sizes.at(-1)) {
      throw new ShapeError(`cdist: shapes ${shapes} given; use [..., m, size] and [..., n, size], rows of one size.`)
    }
    broadcastShapes('cdist, batch dimensions', [a.sizes.slice(0, -2), b.sizes.slice(0, -2)])
    const promoted = promote(a.dtype, b.dtype)
    const dtype = isFloat(promoted) ? promoted : 'float32'
    const differences = sub(expandDims(cast(a, dtype), -2), expandDims(cast(b, dtype), -3))
    const last = differences.sizes.length - 1
    return dropAxes(normOver(differences, [last], p), [last], {})
  },
  samples: [
    [random(2, 3), random(4, 3)],
    [random(2, 3), random(2, 3), { p: 1 }],
    [random(2, 3), random(2, 3), { p: 3 }],
    [random(2, 1, 3), random(2, 3), { p: 1.5 }],
    [random(2, 2), random(2, 2), { p: 0.5 }],
    [random(2, 2), random(2, 2), { p: Number.POSITIVE_INFINITY }],
    [random(2, 2), random(1, 2), { p: 0 }],
    [random(2, 0), random(2, 0), { p: 3 }],
  ],
  errors: [
    { args: [random(2, 3), random(2, 2)], error: ShapeError, says: ['cdist', '[2, 3] and [2, 2]', 'one size'] },
    { args: [random(3), random(2, 3)], error: ShapeError, says: ['cdist', '[3]'] },
    { args: [random(2, 2, 3), random(3, 2, 3)], error: ShapeError, says: ['cdist', 'batch', '[2]', '[3]'] },
  ],
})
