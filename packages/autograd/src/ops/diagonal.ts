import { AxisError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, contiguousStrides, formatShape, normalizeAxis, sizeOf } from '../graph/shape.js'
import { denseValue } from '../graph/value.js'
import { reshape, sum } from './broadcast.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { type ErrorSample, random } from './facts.js'
import * as kinds from './kinds.js'
import { fold, unfold } from './strided.js'

// A diagonal is every (n + 1)-th element, so to look at one costs nothing.

const { where } = elementwise

/** Axes of x that are walked together, as one axis of the result: `[[0, 2], [1]]` is the diagonal of axes 0 and 2. */
export const walkTogether = (
  x: Node,
  groups: readonly (readonly number[])[],
  offsets: readonly number[] = [],
): Node => {
  const strides = contiguousStrides(x.sizes)
  const start = offsets.reduce((sum, offset, axis) => sum + offset * strides[axis]!, 0)
  const shape = groups.map((axes) =>
    Math.min(...axes.map((axis) => Math.max(0, x.sizes[axis]! - (offsets[axis] ?? 0)))),
  )
  const steps = groups.map((axes) => axes.reduce((sum, axis) => sum + strides[axis]!, 0))
  const isEmpty = shape.includes(0)
  const axes = steps.map((step, i) => ({ source: 0, start: i === 0 && !isEmpty ? start : 0, step }))
  return unfold(reshape(x, [sizeOf(x.sizes)]), { shape, axes })
}

export interface DiagonalOptions {
  /** The two axes whose diagonal it is. Default [0, 1]. */
  readonly axes?: readonly [number, number]
}

const requireOffset = (op: string, offset: number): void => {
  if (!Number.isInteger(offset)) {
    throw new IndexOutOfRangeError(
      `${op}: the offset ${offset} is not an integer; use one: 1 is the diagonal above the main one, -1 that below.`,
    )
  }
}

const diagonalTakes = {
  x: kinds.tensor,
  offset: kinds.optional(kinds.number),
  options: { axes: kinds.twoAxes },
}

const diagonalOf = (op: string, x: Node, offset: number, { axes = [0, 1] }: DiagonalOptions): Node => {
  requireOffset(op, offset)
  if (x.sizes.length < 2) {
    throw new ShapeError(`${op}: shape ${formatShape(x.sizes)} has no two axes; diag() makes a matrix of a vector.`)
  }
  const [row, column] = axes.map((axis) => normalizeAxis(op, axis, x.sizes)) as [number, number]
  if (row === column) {
    throw new AxisError(`${op}: axis ${row} of shape ${formatShape(x.sizes)} is named twice; name two axes.`)
  }
  const others = x.sizes.map((_, axis) => axis).filter((axis) => axis !== row && axis !== column)
  const offsets = x.sizes.map((_, axis) => Math.max(0, axis === row ? -offset : axis === column ? offset : 0))
  return walkTogether(x, [...others.map((axis) => [axis]), [row, column]], offsets)
}

const noMatrix = (op: string): readonly ErrorSample[] => [
  { args: [random(3)], error: ShapeError, says: [op, '[3]', 'two axes'] },
  { args: [random(3, 3), 0.5], error: IndexOutOfRangeError, says: [op, '0.5', 'integer'] },
  { args: [random(3, 3), 0, { axes: [0, 2] }], error: AxisError, says: [op, 'axis 2', '[3, 3]'] },
  { args: [random(3, 3), 0, { axes: [1, -1] }], error: AxisError, says: [op, 'axis 1', 'twice'] },
]

/**
 * The elements (i, i + offset) of two axes, the first two unless others are named: these axes are dropped, and the
 * diagonal is the last one of the result, as in NumPy and PyTorch.
 */
export const diagonal = composed('diagonal', {
  takes: diagonalTakes,
  call: (x: Node, offset = 0, options: DiagonalOptions = {}): Node => diagonalOf('diagonal', x, offset, options),
  samples: [
    [random(3, 3)],
    [random(2, 4), 1],
    [random(4, 2), -1],
    [random(3, 2, 4), 0, { axes: [0, -1] }],
    [random(2, 3), -1, { axes: [1, 0] }],
    [random(2, 3), 5],
    [random(0, 3)],
  ],
  errors: noMatrix('diagonal'),
})

/** The sum of such a diagonal. */
export const trace = composed('trace', {
  takes: diagonalTakes,
  call: (x: Node, offset = 0, options: DiagonalOptions = {}): Node => sum(diagonalOf('trace', x, offset, options), -1),
  samples: [[random(3, 3)], [random(2, 3), 1], [random(2, 3, 3), -1, { axes: [1, 2] }]],
  errors: noMatrix('trace'),
})

/** A square matrix that is 0 beside a diagonal, of a vector; and the diagonal of a matrix. */
export const diag = composed('diag', {
  takes: { x: kinds.tensor, offset: kinds.optional(kinds.number) },
  call: (x: Node, offset = 0): Node => {
    if (x.sizes.length === 2) return diagonalOf('diag', x, offset, {})
    requireOffset('diag', offset)
    if (x.sizes.length !== 1) {
      throw new ShapeError(
        `diag: shape ${formatShape(x.sizes)} given; use a vector, of which it makes a matrix, or a matrix: diagonal() ` +
          'takes two axes of more.',
      )
    }
    const size = x.sizes[0]! + Math.abs(offset)
    checkShape('diag', [size, size])
    const start = x.sizes[0] === 0 ? 0 : offset < 0 ? -offset * size : offset
    const axes = [{ source: 0, start, step: size + 1 }]
    return reshape(fold(x, { shape: [size * size], axes }), [size, size])
  },
  samples: [[random(3)], [random(2), 1], [random(2), -2], [random(3, 3)], [random(2, 3), 1], [random(0)]],
  errors: [
    { args: [random(2, 2, 2)], error: ShapeError, says: ['diag', '[2, 2, 2]', 'diagonal()'] },
    { args: [random()], error: ShapeError, says: ['diag', '[]', 'vector'] },
    { args: [random(2), 1.5], error: IndexOutOfRangeError, says: ['diag', '1.5', 'integer'] },
    { args: [random(2), 2 ** 20], error: ShapeError, says: ['diag', 'at most 2147483647'] },
  ],
})

/** True where the column is at most the row plus the offset. */
export const lowerTriangle = (like: Node, rows: number, columns: number, offset = 0): Node => {
  const data = new Uint8Array(rows * columns)
  for (let i = 0; i < rows; i++) data.fill(1, i * columns, i * columns + clamp(i + offset + 1, columns))
  return like.make(denseValue(data, [rows, columns], 'bool'))
}

const clamp = (count: number, most: number): number => Math.min(Math.max(0, count), most)

const triangle = (op: string, keep: (x: Node, rows: number, columns: number, offset: number) => Node) =>
  composed(op, {
    takes: { x: kinds.tensor, offset: kinds.optional(kinds.number) },
    call: (x: Node, offset = 0): Node => {
      requireOffset(op, offset)
      if (x.sizes.length < 2) {
        throw new ShapeError(`${op}: shape ${formatShape(x.sizes)} is no matrix; reshape() or expandDims() makes one.`)
      }
      const [rows, columns] = x.sizes.slice(-2) as [number, number]
      return keep(x, rows, columns, offset)
    },
    samples: [[random(3, 3)], [random(2, 3, 4), 1], [random(4, 2), -1], [random(2, 0)]],
    errors: [
      { args: [random(3)], error: ShapeError, says: [op, '[3]', 'matrix'] },
      { args: [random(3, 3), Number.NaN], error: IndexOutOfRangeError, says: [op, 'NaN', 'integer'] },
    ],
  })

/** Matrices, the last two axes, with zeros above the diagonal that is `offset` above the main one. */
export const tril = triangle('tril', (x, rows, columns, offset) => where(lowerTriangle(x, rows, columns, offset), x, 0))
/** Matrices, the last two axes, with zeros below the diagonal that is `offset` above the main one. */
export const triu = triangle('triu', (x, rows, columns, offset) =>
  where(lowerTriangle(x, rows, columns, offset - 1), 0, x),
)
