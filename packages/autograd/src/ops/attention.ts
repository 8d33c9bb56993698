import { DTypeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { broadcastShapes, formatShape, type Shape } from '../graph/shape.js'
import { toFloat } from './cast.js'
import { composed } from './define.js'
import { lowerTriangle } from './diagonal.js'
import { elementwise } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { transpose } from './layout.js'
import { matmul } from './matmul.js'
import { softmax } from './softmax.js'

const { logicalAnd, mul, where } = elementwise

export interface AttentionOptions {
  /** Query i sees the keys 0 to i only. Default false. */
  readonly causal?: boolean
  /** True where a query may see a key: bool, broadcasts to [..., queries, keys]. */
  readonly mask?: Node
}

const op = 'scaledDotProductAttention'

/**
 * softmax(q k^T / sqrt(size)) v over the keys that each query may see (Vaswani et al., Attention is all you need, 2017).
 * The weight of what is masked is 0, and a query that sees nothing gets zeros.
 */
export const scaledDotProductAttention = composed(op, {
  takes: {
    queries: kinds.tensor,
    keys: kinds.tensor,
    values: kinds.tensor,
    options: { causal: kinds.boolean, mask: kinds.tensor },
  },
  call: (queries: Node, keys: Node, entries: Node, { causal = false, mask }: AttentionOptions = {}): Node => {
    const [q, k, v] = [toFloat(queries), toFloat(keys), toFloat(entries)]
    requireShapes(q.sizes, k.sizes, v.sizes)
    const scores = matmul(mul(q, 1 / Math.sqrt(q.sizes.at(-1)!)), transpose(k))
    if (mask !== undefined) requireMask(mask, scores.sizes)
    const visible = causal ? sooner(q, scores.sizes, mask) : mask
    // where all scores of a line are -Infinity, the softmax is 0
    const seen = visible === undefined ? scores : where(visible, scores, Number.NEGATIVE_INFINITY)
    return matmul(softmax(seen, -1), v)
  },
  samples: [
    [random(2, 3), random(4, 3), random(4, 2)],
    [random(2, 3, 2), random(2, 3, 2), random(2, 3, 2), { causal: true }],
    [random(2, 2), random(3, 2), random(2, 3, 1), { mask: values([2, 3], [1, 0, 1, 0, 0, 0], 'bool') }],
    [random(2, 2, 2), random(2, 2), random(2, 2), { causal: true, mask: values([2, 1, 2], [1, 1, 0, 1], 'bool') }],
  ],
  errors: [
    { args: [random(2, 3), random(4, 2), random(4, 2)], error: ShapeError, says: [op, '[2, 3]', '[4, 2]', '3 and 2'] },
    { args: [random(2, 3), random(4, 3), random(5, 2)], error: ShapeError, says: [op, '[4, 3]', '[5, 2]', '4 and 5'] },
    { args: [random(3), random(4, 3), random(4, 2)], error: ShapeError, says: [op, 'queries [3]', 'two axes'] },
    {
      args: [random(2, 2, 3), random(3, 4, 3), random(4, 2)],
      error: ShapeError,
      says: [op, 'batch', '[2]', '[3]'],
    },
    {
      args: [random(2, 3), random(4, 3), random(4, 2), { mask: values([3, 4], new Array(12).fill(1), 'bool') }],
      error: ShapeError,
      says: [op, 'mask [3, 4]', '[2, 4]'],
    },
    {
      args: [random(2, 3), random(4, 3), random(4, 2), { mask: random(2, 4) }],
      error: DTypeError,
      says: [op, 'mask is float64', 'bool'],
    },
  ],
})

const requireShapes = (q: Shape, k: Shape, v: Shape): void => {
  for (const [name, shape] of [['queries', q] as const, ['keys', k] as const, ['values', v] as const]) {
    if (shape.length < 2) {
      throw new ShapeError(
        `${op}: ${name} ${formatShape(shape)} need two axes or more, [..., length, size]; add one with expandDims().`,
      )
    }
  }
  if (q.at(-1) !== k.at(-1)) {
    throw new ShapeError(
      `${op}: queries ${formatShape(q)} and keys ${formatShape(k)} have sizes ${q.at(-1)} and ${k.at(-1)}; ` +
        'their products need one size: project them to it.',
    )
  }
  if (k.at(-2) !== v.at(-2)) {
    throw new ShapeError(
      `${op}: keys ${formatShape(k)} and values ${formatShape(v)} have lengths ${k.at(-2)} and ${v.at(-2)}; ` +
        'give each key its value.',
    )
  }
  broadcastShapes(
    `${op}, batch dimensions`,
    [q, k, v].map((shape) => shape.slice(0, -2)),
  )
}

const requireMask = (mask: Node, scores: Shape): void => {
  if (mask.dtype !== 'bool') {
    throw new DTypeError(
      `${op}: mask is ${mask.dtype}; it must be bool, true where a query may see a key: compare, as in ` +
        'mask.greaterEqual(0), or cast it.',
    )
  }
  const stretched = scores.length - mask.sizes.length
  const fits = stretched >= 0 && mask.sizes.every((dim, i) => dim === 1 || dim === scores[stretched + i])
  if (!fits) {
    throw new ShapeError(
      `${op}: mask ${formatShape(mask.sizes)} does not broadcast to the scores ${formatShape(scores)}, which are ` +
        '[..., queries, keys]; align it with reshape or expandDims.',
    )
  }
}

/** Where key j is no later than query i, and the mask, if any, allows it. */
const sooner = (like: Node, scores: Shape, mask: Node | undefined): Node => {
  const [queries, keys] = scores.slice(-2) as [number, number]
  const triangle = lowerTriangle(like, queries, keys)
  return mask === undefined ? triangle : logicalAnd(mask, triangle)
}
