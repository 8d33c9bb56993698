import { AxisError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, normalizeAxis } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { composed } from './define.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { assemble, cut, type Window } from './parts.js'
import { several } from './several.js'

// A tensor as several, which lie side by side along an axis: what reaches any of them is put back together at once.

interface Cuts {
  readonly axis: number
  readonly starts: readonly number[]
  readonly sizes: readonly number[]
}

const windowsOf = (x: Node, { axis, starts, sizes }: Cuts): Window[] =>
  starts.map((start, i) => ({
    starts: x.sizes.map((_, j) => (j === axis ? start : 0)),
    steps: x.sizes.map(() => 1),
    counts: x.sizes.with(axis, sizes[i]!),
  }))

const partsOf = several('split', {
  run: ([x], cuts: Cuts) => windowsOf(x!, cuts).map((window) => cut(x!, window)),
  vjp: (cotangents, { inputs: [x], attrs }) => {
    const windows = windowsOf(x!, attrs).filter((_, i) => cotangents[i])
    const found = cotangents.filter((cotangent) => cotangent !== null)
    const [starts, steps] = [windows.map((window) => window.starts), windows.map((window) => window.steps)]
    return [assemble(found, { shape: x!.sizes, fill: 0, starts, steps })]
  },
  jvp: ([tangent], { attrs }): readonly Node[] => partsOf(tangent!, attrs),
  call:
    (apply) =>
    (x: Node, cuts: Cuts): readonly Node[] =>
      apply([x], cuts),
  samples: [],
})

const inSizes = (x: Node, axis: number, sizes: readonly number[]): readonly Node[] => {
  if (sizes.length === 0) return []
  let next = 0
  const starts = sizes.map((size) => {
    next += size
    return next - size
  })
  return partsOf(x, { axis, starts, sizes })
}

/** As many of one size as there is room for, and what is left. */
const equalSizes = (dim: number, size: number): number[] =>
  Array.from({ length: Math.max(1, Math.ceil(dim / size)) }, (_, i) => Math.min(size, dim - i * size))

/** Parts along an axis: all of one size but for the last, which may be smaller, or of the sizes in an array. */
export const split = composed('split', {
  takes: { x: kinds.tensor, sizes: kinds.axes, axis: kinds.optional(kinds.axis) },
  call: (x: Node, sizes: number | readonly number[], axis = 0): readonly Node[] => {
    const position = normalizeAxis('split', axis, x.sizes)
    const dim = x.sizes[position]!
    if (typeof sizes === 'number') {
      if (!Number.isInteger(sizes) || sizes < 1) {
        throw new ShapeError(`split: parts of size ${sizes} given; use an integer of at least 1, or an array of sizes.`)
      }
      return inSizes(x, position, equalSizes(dim, sizes))
    }
    const total = sizes.reduce((sum, size) => sum + size, 0)
    if (!sizes.every((size) => Number.isInteger(size) && size >= 0) || total !== dim) {
      throw new ShapeError(
        `split: sizes ${formatShape(sizes)} do not make up axis ${position} of shape ${formatShape(x.sizes)}: use integers ` +
          `of at least 0 whose sum is ${dim}.`,
      )
    }
    return inSizes(x, position, sizes)
  },
  samples: [
    [random(5), 2],
    [random(2, 6), 3, 1],
    [random(4, 2), [1, 0, 3]],
    [random(2, 3), [1, 2], -1],
    [random(2, 3), 9],
  ],
  errors: [
    { args: [random(5), [2, 2]], error: ShapeError, says: ['split', '[2, 2]', 'axis 0', '[5]', 'sum is 5'] },
    { args: [random(5), [6, -1]], error: ShapeError, says: ['split', '[6, -1]', 'at least 0'] },
    { args: [random(5), 0], error: ShapeError, says: ['split', 'size 0', 'at least 1'] },
    { args: [random(5), 2, 1], error: AxisError, says: ['split', 'axis 1', '[5]'] },
  ],
})

/** So many parts along an axis: all of one size but for the last, which may be smaller. */
export const chunk = composed('chunk', {
  takes: { x: kinds.tensor, chunks: kinds.number, axis: kinds.optional(kinds.axis) },
  call: (x: Node, chunks: number, axis = 0): readonly Node[] => {
    const position = normalizeAxis('chunk', axis, x.sizes)
    const dim = x.sizes[position]!
    if (!Number.isInteger(chunks) || chunks < 1) {
      throw new ShapeError(`chunk: ${chunks} parts given; use an integer of at least 1.`)
    }
    const sizes = dim === 0 ? new Array<number>(chunks).fill(0) : equalSizes(dim, Math.ceil(dim / chunks))
    if (sizes.length !== chunks) {
      throw new ShapeError(
        `chunk: axis ${position} of shape ${formatShape(x.sizes)} makes ${sizes.length} parts of size ${sizes[0]}, and not ` +
          `${chunks}; use split(), which takes sizes.`,
      )
    }
    return inSizes(x, position, sizes)
  },
  samples: [
    [random(7), 3],
    [random(2, 6), 2, -1],
    [random(3, 2), 1],
    [random(0, 2), 2],
  ],
  errors: [
    { args: [random(6), 4], error: ShapeError, says: ['chunk', '[6]', '3 parts of size 2', 'not 4', 'split()'] },
    { args: [random(6), 0], error: ShapeError, says: ['chunk', '0 parts'] },
    { args: [random(6), 2, 1], error: AxisError, says: ['chunk', 'axis 1', '[6]'] },
  ],
})

/** The entries of an axis, which is dropped, one by one. */
export const unbind = composed('unbind', {
  takes: { x: kinds.tensor, axis: kinds.optional(kinds.axis) },
  call: (x: Node, axis = 0): readonly Node[] => {
    const position = normalizeAxis('unbind', axis, x.sizes)
    const rest = x.sizes.toSpliced(position, 1)
    return inSizes(x, position, new Array<number>(x.sizes[position]!).fill(1)).map((part) => reshape(part, rest))
  },
  samples: [[random(3)], [random(3, 2)], [random(2, 3), -1]],
  errors: [
    { args: [random(), 0], error: AxisError, says: ['unbind', 'scalar'] },
    { args: [random(3), 1], error: AxisError, says: ['unbind', 'axis 1', '[3]'] },
  ],
})
