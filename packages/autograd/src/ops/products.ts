import { promote } from '../graph/dtype.js'
import { AxisError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, normalizeAxis, type Shape } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { cast } from './cast.js'
import { productOf, toOrder } from './contraction.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { permute, transpose } from './layout.js'
import { matmul } from './matmul.js'
import { concat, slice } from './slice.js'

const { mul, sub } = elementwise
const pair = { a: kinds.tensor, b: kinds.tensor }

/** How many of the last axes of a meet the first of b; or the axes of a, and in the same order those of b. */
export type MeetingAxes = number | readonly [number | readonly number[], number | readonly number[]]

const meetingAxes = kinds.kind(
  'a number of axes, or those of each, such as [[1], [0]]',
  (thing) =>
    kinds.number.accepts(thing) || (Array.isArray(thing) && thing.length === 2 && thing.every(kinds.axes.accepts)),
)

const listOf = (axes: number | readonly number[]): readonly number[] => (typeof axes === 'number' ? [axes] : axes)

/** A name for each axis, from `first` on. */
const names = (rank: number, first: number): string[] =>
  Array.from({ length: rank }, (_, axis) => String.fromCharCode(first + axis))

/** The product summed over pairs of axes, `left[i]` of a with `right[i]` of b; then come the others of a, and those of b. */
const contractAxes = (a: Node, b: Node, left: readonly number[], right: readonly number[]): Node => {
  const dtype = promote(a.dtype, b.dtype)
  const ofA = names(a.sizes.length, 0x100)
  const ofB = names(b.sizes.length, 0x8000)
  right.forEach((axis, i) => {
    ofB[axis] = ofA[left[i]!]!
  })
  const wanted = [...ofA.filter((_, axis) => !left.includes(axis)), ...ofB.filter((_, axis) => !right.includes(axis))]
  const product = productOf(
    { labels: ofA.join(''), shape: a.sizes },
    { labels: ofB.join(''), shape: b.sizes },
    wanted.join(''),
  )
  return toOrder(product, wanted.join(''))(product.run(cast(a, dtype), cast(b, dtype)))
}

/** The product summed over axes that meet, as NumPy's. */
export const tensordot = composed('tensordot', {
  takes: { ...pair, axes: kinds.optional(meetingAxes) },
  call: (a: Node, b: Node, axes: MeetingAxes = 2): Node => {
    const shapes = `${formatShape(a.sizes)} and ${formatShape(b.sizes)}`
    if (
      typeof axes === 'number' &&
      !(Number.isInteger(axes) && axes >= 0 && axes <= Math.min(a.sizes.length, b.sizes.length))
    ) {
      throw new AxisError(
        `tensordot: ${axes} axes of ${shapes} cannot meet; use an integer of at least 0 that both have.`,
      )
    }
    const [ofA, ofB] =
      typeof axes === 'number'
        ? [names(axes, 0).map((_, i) => a.sizes.length - axes + i), names(axes, 0).map((_, i) => i)]
        : [listOf(axes[0]), listOf(axes[1])]
    const left = ofA.map((axis) => normalizeAxis('tensordot', axis, a.sizes))
    const right = ofB.map((axis) => normalizeAxis('tensordot', axis, b.sizes))
    const isOnce = (list: readonly number[]) => new Set(list).size === list.length
    if (left.length !== right.length || !isOnce(left) || !isOnce(right)) {
      throw new AxisError(
        `tensordot: axes ${formatShape(ofA)} and ${formatShape(ofB)} do not meet one by one: name as many axes of each, ` +
          'and each once.',
      )
    }
    left.forEach((axis, i) => {
      const [size, other] = [a.sizes[axis]!, b.sizes[right[i]!]!]
      if (size !== other) {
        throw new ShapeError(
          `tensordot: axis ${axis} of ${formatShape(a.sizes)} and axis ${right[i]} of ${formatShape(b.sizes)} have sizes ` +
            `${size} and ${other}; name axes of one size.`,
        )
      }
    })
    return contractAxes(a, b, left, right)
  },
  samples: [
    [random(2, 3, 4), random(3, 4, 2)],
    [random(2, 3), random(3, 2), 1],
    [random(2), random(3), 0],
    [
      random(2, 3, 4),
      random(4, 2, 3),
      [
        [0, -1],
        [1, 0],
      ],
    ],
    [random(2, 3), random(2, 2), [0, 1]],
    [random(2), random(), [[], []]],
  ],
  errors: [
    {
      args: [random(2, 3), random(4, 2), 1],
      error: ShapeError,
      says: ['tensordot', 'axis 1 of [2, 3]', 'axis 0 of [4, 2]', '3 and 4'],
    },
    { args: [random(2), random(2, 2)], error: AxisError, says: ['tensordot', '2 axes of [2] and [2, 2]'] },
    { args: [random(2, 2), random(2, 2), [[0, 1], [0]]], error: AxisError, says: ['[0, 1] and [0]', 'as many'] },
    {
      args: [
        random(2, 2),
        random(2, 2),
        [
          [0, 0],
          [0, 1],
        ],
      ],
      error: AxisError,
      says: ['[0, 0]', 'once'],
    },
    { args: [random(2, 2), random(2, 2), [2, 0]], error: AxisError, says: ['axis 2', '[2, 2]'] },
  ],
})

/** The product of each element of a vector with each of another: `[m], [n] -> [m, n]`. */
export const outer = composed('outer', {
  takes: pair,
  call: (a: Node, b: Node): Node => {
    if (a.sizes.length !== 1 || b.sizes.length !== 1) {
      throw new ShapeError(
        `outer: shapes ${formatShape(a.sizes)} and ${formatShape(b.sizes)} given; use vectors: ravel() makes one, and ` +
          'tensordot(a, b, 0) multiplies all with all.',
      )
    }
    return mul(reshape(a, [...a.sizes, 1]), b)
  },
  samples: [
    [random(2), random(3)],
    [random(1), random(0)],
  ],
  errors: [{ args: [random(2, 2), random(2)], error: ShapeError, says: ['outer', '[2, 2] and [2]', 'ravel()'] }],
})

/** Summed over the last axis of a and this one of b; with a scalar the product. */
const along = (op: string, a: Node, b: Node, axis: number): Node => {
  if (a.sizes.length === 0 || b.sizes.length === 0) return mul(a, b)
  const meeting = b.sizes.length === 1 ? 0 : axis + b.sizes.length
  const last = a.sizes.length - 1
  if (a.sizes[last] !== b.sizes[meeting]) {
    throw new ShapeError(
      `${op}: shapes ${formatShape(a.sizes)} and ${formatShape(b.sizes)}: the last axis of the left has size ` +
        `${a.sizes[last]}, and axis ${meeting} of the right ${b.sizes[meeting]}; give both one size.`,
    )
  }
  if (b.sizes.length > 2) return contractAxes(a, b, [last], [meeting])
  return matmul(a, meeting === 1 ? transpose(b) : b)
}

/** The sums of products over the last axis of both: of each row of a with each of b. */
export const inner = composed('inner', {
  takes: pair,
  call: (a: Node, b: Node): Node => along('inner', a, b, -1),
  samples: [
    [random(3), random(3)],
    [random(2, 3), random(4, 3)],
    [random(2, 2, 3), random(3)],
    [random(2, 3), random(2, 2, 3)],
    [random(), random(2)],
  ],
  errors: [
    { args: [random(2, 3), random(3, 2)], error: ShapeError, says: ['inner', '[2, 3]', '[3, 2]', 'size 3', '2'] },
  ],
})

/** The sums of products over the last axis of a and the second to last of b, or its only one, as NumPy's dot. */
export const dot = composed('dot', {
  takes: pair,
  call: (a: Node, b: Node): Node => along('dot', a, b, -2),
  samples: [
    [random(3), random(3)],
    [random(2, 3), random(3, 2)],
    [random(2, 3), random(3)],
    [random(2, 3), random(2, 3, 2)],
    [random(2), random()],
  ],
  errors: [{ args: [random(3), random(2)], error: ShapeError, says: ['dot', '[3] and [2]', 'one size'] }],
})

const large = () => values([50000], new Array<number>(50000).fill(1))

/** Kronecker's product: each element of a times the whole of b. Ones are put before the shape that has fewer axes. */
export const kron = composed('kron', {
  takes: pair,
  call: (a: Node, b: Node): Node => {
    const rank = Math.max(a.sizes.length, b.sizes.length)
    const padded = ({ sizes }: Node): Shape => [...new Array<number>(rank - sizes.length).fill(1), ...sizes]
    const [left, right] = [padded(a), padded(b)]
    const shape = checkShape(
      'kron',
      left.map((dim, axis) => dim * right[axis]!),
    )
    const product = mul(
      reshape(
        a,
        left.flatMap((dim) => [dim, 1]),
      ),
      reshape(
        b,
        right.flatMap((dim) => [1, dim]),
      ),
    )
    return reshape(product, shape)
  },
  samples: [
    [random(2, 2), random(1, 3)],
    [random(2), random(2, 3)],
    [random(), random(2)],
    [random(0, 2), random(2, 2)],
  ],
  errors: [{ args: [large(), large()], error: ShapeError, says: ['kron', '[2500000000]', 'at most'] }],
})

/** The cross product of vectors of three elements along an axis; other axes broadcast. */
export const cross = composed('cross', {
  takes: { ...pair, axis: kinds.optional(kinds.axis) },
  call: (a: Node, b: Node, axis = -1): Node => {
    const [i, j] = [a, b].map((x) => normalizeAxis('cross', axis, x.sizes)) as [number, number]
    if (a.sizes[i] !== 3 || b.sizes[j] !== 3) {
      throw new ShapeError(
        `cross: axis ${axis} of shapes ${formatShape(a.sizes)} and ${formatShape(b.sizes)} has ${a.sizes[i]} and ` +
          `${b.sizes[j]} elements; use vectors of 3.`,
      )
    }
    const [left, right] = [toLast(a, i), toLast(b, j)]
    const product = turned(sub(mul(left, turned(right)), mul(turned(left), right)))
    return fromLast(product, normalizeAxis('cross', axis, product.sizes))
  },
  samples: [
    [random(3), random(3)],
    [random(2, 3), random(3)],
    [random(3, 2), random(3, 2), 0],
    [random(3, 1), random(2, 3, 1), -2],
    [random(3, 2), random(3), 0],
  ],
  errors: [
    { args: [random(2, 3), random(2, 2)], error: ShapeError, says: ['cross', '[2, 3]', '[2, 2]', '3 and 2'] },
    { args: [random(3), random()], error: AxisError, says: ['cross', 'scalar'] },
  ],
})

/** The second, the third and the first of each three. */
const turned = (x: Node): Node => concat([slice(x, -1, 1), slice(x, -1, 0, 1)], -1)

const axesOf = (x: Node): number[] => x.sizes.map((_, axis) => axis)
const toLast = (x: Node, axis: number): Node =>
  axis === x.sizes.length - 1 ? x : permute(x, [...axesOf(x).toSpliced(axis, 1), axis])
const fromLast = (x: Node, axis: number): Node => {
  const last = x.sizes.length - 1
  return axis === last ? x : permute(x, axesOf(x).toSpliced(last, 1).toSpliced(axis, 0, last))
}
