import { isFloat } from '../graph/dtype.js'
import { DTypeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { broadcastShapes, formatShape, type Shape } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { cast, toFloat } from './cast.js'
import { composed } from './define.js'
import { lowerTriangle } from './diagonal.js'
import { elementwise } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { expandDims, transpose } from './layout.js'
import { matmul } from './matmul.js'
import { softmax } from './softmax.js'

const { add, logicalAnd, mul, where } = elementwise

export interface AttentionOptions {
  /** Query i sees the keys 0 to i only. Default false. */
  readonly causal?: boolean
  /** Broadcasts to [..., queries, keys]: bool, true where a query may see a key, or floats, which are added to the scores. */
  readonly mask?: Node
  /** What the products of queries and keys are multiplied by. Default 1 / sqrt(size). */
  readonly scale?: number
  /**
   * Whether keys and values have fewer heads (axis -3) than queries, of which so many in a row share one (Ainslie et al., GQA,
   * 2023). Default false.
   */
  readonly groupedQueries?: boolean
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
    options: {
      causal: kinds.boolean,
      mask: kinds.tensor,
      scale: kinds.numberThat('a finite number', Number.isFinite),
      groupedQueries: kinds.boolean,
    },
  },
  call: (queries: Node, keys: Node, entries: Node, options: AttentionOptions = {}): Node => {
    const [q, k, v] = [toFloat(queries), toFloat(keys), toFloat(entries)]
    requireShapes(q.sizes, k.sizes, v.sizes, options.groupedQueries ?? false)
    return options.groupedQueries ? ofGroups(q, k, v, options) : attend(q, k, v, options)
  },
  samples: [
    [random(2, 3), random(4, 3), random(4, 2)],
    [random(2, 3, 2), random(2, 3, 2), random(2, 3, 2), { causal: true }],
    [random(2, 2), random(3, 2), random(2, 3, 1), { mask: values([2, 3], [1, 0, 1, 0, 0, 0], 'bool') }],
    [random(2, 2, 2), random(2, 2), random(2, 2), { causal: true, mask: values([2, 1, 2], [1, 1, 0, 1], 'bool') }],
    [random(2, 3), random(4, 3), random(4, 2), { mask: random(2, 4), scale: 0.3 }],
    [random(2, 2), random(2, 2), random(2, 2), { mask: values([2], [0.5, -Infinity]), causal: true }],
    [random(4, 2, 3), random(2, 3, 3), random(2, 3, 1), { groupedQueries: true, mask: random(4, 1, 3) }],
    [random(2, 4, 2, 2), random(1, 2, 2), random(1, 2, 2), { groupedQueries: true, causal: true }],
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
      args: [random(2, 3), random(4, 3), random(4, 2), { mask: values([2, 4], new Array(8).fill(1), 'int32') }],
      error: DTypeError,
      says: [op, 'mask is int32', 'bool'],
    },
    {
      args: [random(3, 2, 3), random(2, 4, 3), random(2, 4, 2), { groupedQueries: true }],
      error: ShapeError,
      says: [op, 'queries [3, 2, 3]', '3 heads', '2', 'multiple'],
    },
    {
      args: [random(2, 3), random(4, 3), random(4, 2), { groupedQueries: true }],
      error: ShapeError,
      says: [op, 'queries [2, 3]', 'three axes'],
    },
  ],
})

const attend = (q: Node, k: Node, v: Node, { causal = false, mask, scale }: AttentionOptions): Node => {
  const scores = matmul(mul(q, scale ?? 1 / Math.sqrt(q.sizes.at(-1)!)), transpose(k))
  if (mask !== undefined) requireMask(mask, scores.sizes)
  const isAdded = mask !== undefined && isFloat(mask.dtype)
  const biased = isAdded ? add(scores, cast(mask, scores.dtype)) : scores
  const allowed = isAdded ? undefined : mask
  const visible = causal ? sooner(q, scores.sizes, allowed) : allowed
  // where all scores of a line are -Infinity, the softmax is 0
  const seen = visible === undefined ? biased : where(visible, biased, Number.NEGATIVE_INFINITY)
  return matmul(softmax(seen, -1), v)
}

/** With an axis more, of the queries' heads that share one of the keys and values. */
const ofGroups = (q: Node, k: Node, v: Node, { mask, ...options }: AttentionOptions): Node => {
  const heads = q.sizes.at(-3)!
  const shared = Math.max(k.sizes.at(-3)!, v.sizes.at(-3)!)
  const divided = (x: Node): Node => {
    const dim = x.sizes.at(-3)
    if (dim === undefined) return x
    const parts = dim === 1 ? [1, 1] : [shared, heads / shared]
    return reshape(x, [...x.sizes.slice(0, -3), ...parts, ...x.sizes.slice(-2)])
  }
  if (mask !== undefined) requireMask(mask, [...q.sizes.slice(0, -1), k.sizes.at(-2)!])
  const [keys, entries] = [expandDims(k, -3), expandDims(v, -3)]
  const found = attend(divided(q), keys, entries, mask === undefined ? options : { ...options, mask: divided(mask) })
  return reshape(found, [...found.sizes.slice(0, -4), heads, ...found.sizes.slice(-2)])
}

const requireShapes = (q: Shape, k: Shape, v: Shape, areGrouped: boolean): void => {
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
  const batch = areGrouped ? -3 : -2
  if (areGrouped) requireGroups(q, k, v)
  broadcastShapes(
    `${op}, batch dimensions`,
    [q, k, v].map((shape) => shape.slice(0, batch)),
  )
}

const requireGroups = (q: Shape, k: Shape, v: Shape): void => {
  for (const [name, shape] of [['queries', q] as const, ['keys', k] as const, ['values', v] as const]) {
    if (shape.length < 3) {
      throw new ShapeError(
        `${op}: ${name} ${formatShape(shape)} need three axes or more to have groups of heads, [..., heads, length, size]; ` +
          'reshape them.',
      )
    }
  }
  const [heads, ofKeys, ofValues] = [q.at(-3)!, k.at(-3)!, v.at(-3)!]
  const shared = Math.max(ofKeys, ofValues)
  const areAlike = [ofKeys, ofValues].every((count) => count === shared || count === 1)
  if (!areAlike || heads % shared !== 0) {
    throw new ShapeError(
      `${op}: queries ${formatShape(q)} have ${heads} heads, keys ${formatShape(k)} ${ofKeys} and values ${formatShape(v)} ` +
        `${ofValues}; the first must be a multiple of the others, which are the same: choose other numbers of heads.`,
    )
  }
}

const requireMask = (mask: Node, scores: Shape): void => {
  if (mask.dtype === 'int32') {
    throw new DTypeError(
      `${op}: mask is int32; it must be bool, true where a query may see a key, or floats that are added to the scores: ` +
        "compare, as in mask.greater(0), or cast it to 'bool'.",
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
