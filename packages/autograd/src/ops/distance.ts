import { isFloat, promote } from '../graph/dtype.js'
import { ShapeError } from '../graph/errors.js'
import type { Node, Recorded } from '../graph/node.js'
import { broadcastShapes, formatShape } from '../graph/shape.js'
import { sum } from './broadcast.js'
import { cast } from './cast.js'
import { composed, conditioned } from './define.js'
import { elementwise } from './elementwise.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { expandDims } from './layout.js'
import { norm } from './norm.js'
import { max } from './reduce.js'

const { abs, div, equal, logicalOr, mul, notEqual, pow, scale, sign, sub, where } = elementwise

/** The p-norm along the last axis, which stays with size 1; for p other than 0, 1, 2 and Infinity. */
const powerNorm = conditioned('powerNorm', {
  // sizes are at most 1 on the way, so that no power overflows
  compute: ([x], p: number) => {
    const sizes = abs(x!)
    const most = max(sizes, -1, { keepDims: true })
    const unit = where(logicalOr(equal(most, 0), equal(most, Number.POSITIVE_INFINITY)), 1, most)
    return mul(unit, pow(sum(pow(div(sizes, unit), p), -1, { keepDims: true }), 1 / p))
  },
  vjp: (cotangent, node) => [scale(cotangent, slopes(node))],
  jvp: ([tangent], node) => sum(scale(tangent!, slopes(node)), -1, { keepDims: true }),
  call:
    (apply) =>
    (x: Node, p: number): Node =>
      apply([x], p),
  samples: [],
})

/** sign(x) (|x| / norm)^(p - 1), and 0 where x is 0. */
const slopes = (node: Recorded<number>): Node => {
  const [x] = node.inputs as [Node]
  const isZero = equal(x, 0)
  const shares = div(abs(x), where(equal(node, 0), 1, node))
  return mul(sign(x), pow(where(isZero, 1, shares), node.attrs - 1))
}

/** The p-norm along the last axis. */
const normOf = (x: Node, p: number): Node => {
  if (p === 2) return norm(x, -1)
  if (p === 1) return sum(abs(x), -1)
  if (p === 0) return sum(cast(notEqual(x, 0), x.dtype), -1)
  if (x.sizes.at(-1) === 0) return sum(x, -1)
  return p === Number.POSITIVE_INFINITY ? max(abs(x), -1) : sum(powerNorm(x, p), -1)
}

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
    return normOf(sub(expandDims(cast(a, dtype), -2), expandDims(cast(b, dtype), -3)), p)
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
