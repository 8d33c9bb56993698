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
  shape: ([a, b], _attrs: null) => ({ shape: a!.sizes.with(-1, b!.sizes.at(-1)!), dtype: a!.dtype }),
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
    const a = cast(left.sizes.length === 1 ? reshape(left, [1, left.sizes[0]!]) : left, dtype)
    const b = cast(right.sizes.length === 1 ? reshape(right, [right.sizes[0]!, 1]) : right, dtype)
    const product = multiply(a, b)
    if (left.sizes.length > 1 && right.sizes.length > 1) return product
    const shape = product.sizes.slice(0, -2)
    if (left.sizes.length > 1) shape.push(product.sizes.at(-2)!)
    if (right.sizes.length > 1) shape.push(product.sizes.at(-1)!)
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
  if (a.sizes.length === 2 && b.sizes.length === 2) return contract(a, b)
  const m = a.sizes.at(-2)!
  const [k, n] = b.sizes.slice(-2) as [number, number]
  // one right factor for all: its adjoint is one product too, where a batch would have one each, and their sum
  if (a.sizes.length > 2 && b.sizes.length === 2) {
    const rows = a.sizes.slice(0, -1)
    const product = contract(reshape(a, [rows.reduce((x, y) => x * y), k]), b)
    return reshape(product, [...rows, n])
  }
  const batch = broadcastShapes(`${nameOf(a, b)}, batch dimensions`, [a.sizes.slice(0, -2), b.sizes.slice(0, -2)])
  return contract(broadcastTo(a, [...batch, m, k]), broadcastTo(b, [...batch, k, n]))
}

/** How errors call the product. */
const nameOf = (a: Node, b: Node): string => `matmul ${formatShape(a.sizes)} x ${formatShape(b.sizes)}`

const checkInner = (a: Node, b: Node): void => {
  if (a.sizes.length === 0 || b.sizes.length === 0) {
    throw new ShapeError(`${nameOf(a, b)}: a scalar is no matrix; use mul() to scale.`)
  }
  const inner = a.sizes.at(-1)!
  const other = b.sizes.length === 1 ? b.sizes[0]! : b.sizes.at(-2)!
  if (inner !== other) {
    throw new ShapeError(
      `${nameOf(a, b)}: inner dimensions ${inner} and ${other} differ. ` +
        'The last axis of the left meets the second to last of the right; transpose() one of them?',
    )
  }
}
