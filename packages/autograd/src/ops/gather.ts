import { defaultDType } from '../graph/default-dtype.js'
import { promote } from '../graph/dtype.js'
import { AxisError, DTypeError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Gather } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, normalizeAxis, type Shape, sameShape } from '../graph/shape.js'
import { specOf } from '../graph/value.js'
import { reshape } from './broadcast.js'
import { cast } from './cast.js'
import { constant, zerosLike } from './constant.js'
import { composed, linear } from './define.js'
import { indices, random } from './facts.js'
import * as kinds from './kinds.js'

// Reading at indices and adding at indices are each other's adjoint.

interface At {
  readonly op: string
  readonly mode: Gather['mode']
  readonly axis: number
  readonly negatives?: 'refused'
}

const resultShape = (x: Shape, index: Shape, { mode, axis }: At): Shape =>
  mode === 'along' ? index : [...x.slice(0, axis), ...index, ...x.slice(axis + 1)]

const read = linear('gather', {
  shape: ([x, index], at: At) => ({ shape: resultShape(x!.sizes, index!.sizes, at), dtype: x!.dtype }),
  kernel: (_inputs, at) => ({ kind: 'gather', ...at }),
  adjoint: (cotangent, { inputs: [x, index], attrs }): Node => addAt(zerosLike(x!), index!, cotangent, attrs),
  parameters: [1],
  call:
    (apply) =>
    (x: Node, index: Node, at: At): Node =>
      apply([x, index], at),
  samples: [],
})

export const addAt = linear('scatterAdd', {
  shape: ([base]) => specOf(base!),
  kernel: (_inputs, at: At) => ({ kind: 'scatter', ...at }),
  adjoint: (cotangent, { inputs, attrs }, position): Node =>
    position === 0 ? cotangent : read(cotangent, inputs[1]!, attrs),
  parameters: [1],
  call:
    (apply) =>
    (base: Node, index: Node, source: Node, at: At): Node =>
      apply([base, index, source], at),
  samples: [],
})

export const requireIndices = (op: string, index: Node): void => {
  if (index.dtype !== 'int32') {
    throw new DTypeError(
      `${op}: indices are ${index.dtype}; they must be int32: tensor([...], { dtype: 'int32' }) or cast(indices, 'int32').`,
    )
  }
}

const requireAlong = (op: string, x: Node, index: Node, axis: number): void => {
  const fits = index.sizes.length === x.sizes.length && index.sizes.every((dim, i) => i === axis || dim === x.sizes[i])
  if (!fits) {
    throw new ShapeError(
      `${op}: indices ${formatShape(index.sizes)} must have the shape of x ${formatShape(x.sizes)} beside axis ${axis}; ` +
        'indexSelect() picks the same places on every line.',
    )
  }
}

/**
 * One element of each line along the axis for each index, as NumPy's take_along_axis: `indices` has the shape of x but
 * for the axis, and gives the result its shape. Negative indices count from the end.
 */
export const gather = composed('gather', {
  takes: { x: kinds.tensor, indices: kinds.tensor, axis: kinds.axis },
  call: (x: Node, index: Node, axis: number): Node => {
    requireIndices('gather', index)
    const position = normalizeAxis('gather', axis, x.sizes)
    requireAlong('gather', x, index, position)
    return read(x, index, { op: 'gather', mode: 'along', axis: position })
  },
  samples: [
    [random(2, 4), indices([2, 3], [0, 1, 1, 3, -1, 0]), 1],
    [random(3), indices([2], [2, 2]), 0],
  ],
  errors: [
    { args: [random(2, 3), indices([2, 1], [0, 3]), 1], error: IndexOutOfRangeError, says: ['gather', '3'] },
    { args: [random(2, 3), random(2, 1), 1], error: DTypeError, says: ['gather', 'float64', 'int32'] },
    { args: [random(2, 3), indices([3, 1], [0, 0, 0]), 1], error: ShapeError, says: ['gather', '[3, 1]', '[2, 3]'] },
    { args: [random(2, 3), indices([2, 1], [0, 0]), 2], error: AxisError, says: ['gather', 'axis 2'] },
  ],
})

/** The given places of an axis, as NumPy's take: the axis is replaced by the axes of `indices`. */
export const indexSelect = composed('indexSelect', {
  takes: { x: kinds.tensor, indices: kinds.tensor, axis: kinds.optional(kinds.axis) },
  call: (x: Node, index: Node, axis = 0): Node => {
    requireIndices('indexSelect', index)
    const position = normalizeAxis('indexSelect', axis, x.sizes)
    return read(x, index, { op: 'indexSelect', mode: 'take', axis: position })
  },
  samples: [
    [random(4, 2), indices([3], [1, 1, -1])],
    [random(2, 3), indices([2, 2], [0, 2, 1, 1]), 1],
    [random(3), indices([], [1])],
  ],
  errors: [
    { args: [random(3, 2), indices([2], [0, 5])], error: IndexOutOfRangeError, says: ['indexSelect', '5', '3'] },
    { args: [random(3), random(2)], error: DTypeError, says: ['indexSelect', 'float64', 'int32'] },
    { args: [random(3), indices([1], [0]), 1], error: AxisError, says: ['indexSelect', 'axis 1'] },
  ],
})

/** x with `source` added at the places that `gather(x, indices, axis)` would read; repeated indices add up. */
export const scatterAdd = composed('scatterAdd', {
  takes: { x: kinds.tensor, indices: kinds.tensor, source: kinds.tensor, axis: kinds.axis },
  call: (x: Node, index: Node, source: Node, axis: number): Node => {
    requireIndices('scatterAdd', index)
    const position = normalizeAxis('scatterAdd', axis, x.sizes)
    requireAlong('scatterAdd', x, index, position)
    if (!sameShape(source.sizes, index.sizes)) {
      throw new ShapeError(
        `scatterAdd: source ${formatShape(source.sizes)} and indices ${formatShape(index.sizes)} must have equal shapes; ` +
          'broadcastTo() stretches one to the other.',
      )
    }
    const dtype = promote(x.dtype, source.dtype)
    return addAt(cast(x, dtype), index, cast(source, dtype), { op: 'scatterAdd', mode: 'along', axis: position })
  },
  samples: [[random(2, 3), indices([2, 2], [0, 0, -1, 1]), random(2, 2), 1]],
  errors: [
    { args: [random(3), indices([1], [3]), random(1), 0], error: IndexOutOfRangeError, says: ['scatterAdd', '3'] },
    { args: [random(3), indices([1], [0]), random(2), 0], error: ShapeError, says: ['scatterAdd', '[2]', '[1]'] },
    { args: [random(3), random(1), random(1), 0], error: DTypeError, says: ['scatterAdd', 'float64', 'int32'] },
  ],
})

/** For each index from 0 to `depth` - 1 a line of `depth` zeros with a 1 there: shape [...indices, depth], of floats. */
export const oneHot = composed('oneHot', {
  takes: { indices: kinds.tensor, depth: kinds.number },
  call: (index: Node, depth: number): Node => {
    requireIndices('oneHot', index)
    const shape = checkShape('oneHot', [...index.sizes, depth])
    const places = reshape(index, [...index.sizes, 1])
    const at: At = { op: 'oneHot', mode: 'along', axis: index.sizes.length, negatives: 'refused' }
    const dtype = defaultDType()
    return addAt(constant(index, 0, shape, dtype), places, constant(index, 1, places.sizes, dtype), at)
  },
  samples: [
    [indices([3], [2, 0, 1]), 3],
    [indices([2, 1], [0, 1]), 2],
  ],
  errors: [
    { args: [indices([2], [0, 3]), 3], error: IndexOutOfRangeError, says: ['oneHot', '3'] },
    { args: [indices([2], [0, -1]), 3], error: IndexOutOfRangeError, says: ['oneHot', 'index -1', '0 to 2'] },
    { args: [random(2), 3], error: DTypeError, says: ['oneHot', 'float64', 'int32'] },
    { args: [indices([2], [0, 1]), 1.5], error: ShapeError, says: ['oneHot', '1.5'] },
  ],
  differentiable: false,
})
