import { promote } from '../graph/dtype.js'
import { ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { broadcastShapes, formatShape } from '../graph/shape.js'
import { bilinear } from './bilinear.js'
import { broadcastTo, reshape } from './broadcast.js'
import { cast } from './cast.js'
import { composed } from './define.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { transpose } from './layout.js'

/** `[...batch, m, k] x [...batch, k, n] -> [...batch, m, n]`, the batch dimensions equal. */
const contract = bilinear('matmul', {
  shape: ([a, b], _attrs: null) => ({ shape: a!.shape.with(-1, b!.shape.at(-1)!), dtype: a!.dtype }),
  kernel: (by) => ({ kind: 'contract', by }),
  adjoints: [
    (apply, cotangent, [, b], attrs) => apply([cotangent, transpose(b!)], attrs),
    (apply, cotangent, [a], attrs) => apply([transpose(a!), cotangent], attrs),
  ],
  call:
    (apply) =>
    (a: Node, b: Node): Node =>
      apply([a, b], null),
  samples: [],
})

/**
 * The matrix product, as NumPy's: a vector on the left is a row, on the right a column, and leading axes are batches
 * that broadcast.
 */
export const matmul = composed('matmul', {
  takes: { a: kinds.tensor, b: kinds.tensor },
  call: (left: Node, right: Node): Node => {
    checkInner(left, right)
    const dtype = promote(left.dtype, right.dtype)
    const a = cast(left.shape.length === 1 ? reshape(left, [1, left.shape[0]!]) : left, dtype)
    const b = cast(right.shape.length === 1 ? reshape(right, [right.shape[0]!, 1]) : right, dtype)
    const product = multiply(a, b)
    if (left.shape.length > 1 && right.shape.length > 1) return product
    const shape = product.shape.slice(0, -2)
    if (left.shape.length > 1) shape.push(product.shape.at(-2)!)
    if (right.shape.length > 1) shape.push(product.shape.at(-1)!)
    return reshape(product, shape)
  },
  samples: [
    [random(2, 3), random(3, 4)],
    [random(3), random(3, 2)],
    [random(2, 3), random(3)],
    [random(3), random(3)],
    [random(2, 2, 3), random(3, 2)],
    [random(2, 3), random(2, 3, 2)],
    [random(2, 1, 2, 3), random(3, 3, 2)],
    [random(2, 0), random(0, 3)],
  ],
  errors: [
    { args: [random(2, 3), random(4, 2)], error: ShapeError, says: ['matmul', '[2, 3]', '[4, 2]', 'inner', '3 and 4'] },
    { args: [random(), random(2)], error: ShapeError, says: ['matmul', 'scalar', 'mul()'] },
    {
      args: [random(2, 2, 3), random(3, 3, 2)],
      error: ShapeError,
      says: ['matmul', 'batch', '[2, 2, 3]', '[3, 3, 2]'],
    },
  ],
})

const multiply = (a: Node, b: Node): Node => {
  if (a.shape.length === 2 && b.shape.length === 2) return contract(a, b)
  const m = a.shape.at(-2)!
  const [k, n] = b.shape.slice(-2) as [number, number]
  if (a.shape.length > 2 && b.shape.length === 2) {
    const rows = a.shape.slice(0, -1)
    const product = contract(reshape(a, [rows.reduce((x, y) => x * y), k]), b)
    return reshape(product, [...rows, n])
  }
  const batch = broadcastShapes(`${nameOf(a, b)}, batch dimensions`, [a.shape.slice(0, -2), b.shape.slice(0, -2)])
  return contract(broadcastTo(a, [...batch, m, k]), broadcastTo(b, [...batch, k, n]))
}

/** How errors call the product. */
const nameOf = (a: Node, b: Node): string => `matmul ${formatShape(a.shape)} x ${formatShape(b.shape)}`

const checkInner = (a: Node, b: Node): void => {
  if (a.shape.length === 0 || b.shape.length === 0) {
    throw new ShapeError(`${nameOf(a, b)}: a scalar is no matrix; use mul() to scale.`)
  }
  const inner = a.shape.at(-1)!
  const other = b.shape.length === 1 ? b.shape[0]! : b.shape.at(-2)!
  if (inner !== other) {
    throw new ShapeError(
      `${nameOf(a, b)}: inner dimensions ${inner} and ${other} differ. ` +
        'The last axis of the left meets the second to last of the right; transpose() one of them?',
    )
  }
}
