import { defaultDType } from '../graph/default-dtype.js'
import { AxisError, DTypeError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, normalizeAxis, type Shape, sameShape } from '../graph/shape.js'
import { broadcastTo, reshape } from './broadcast.js'
import { constant } from './constant.js'
import { composed } from './define.js'
import { indices, random } from './facts.js'
import * as kinds from './kinds.js'
import { ofOneDType, type Written, written } from './operand.js'
import { addTo, type Places, read, take, writeTo } from './places.js'

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

const requireSource = (op: string, source: Node, wanted: Shape): void => {
  if (sameShape(source.sizes, wanted)) return
  throw new ShapeError(
    `${op}: source ${formatShape(source.sizes)} must have the shape of what the indices pick, ${formatShape(wanted)}; ` +
      'broadcastTo() stretches it.',
  )
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
    return take(x, index, { op: 'indexSelect', axis: position })
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
    requireSource('scatterAdd', source, index.sizes)
    const [base, added] = ofOneDType('scatterAdd', x, source)
    return addTo(base, index, added, { op: 'scatterAdd', mode: 'along', axis: position })
  },
  samples: [[random(2, 3), indices([2, 2], [0, 0, -1, 1]), random(2, 2), 1]],
  errors: [
    { args: [random(3), indices([1], [3]), random(1), 0], error: IndexOutOfRangeError, says: ['scatterAdd', '3'] },
    { args: [random(3), indices([1], [0]), random(2), 0], error: ShapeError, says: ['scatterAdd', '[2]', '[1]'] },
    { args: [random(3), random(1), random(1), 0], error: DTypeError, says: ['scatterAdd', 'float64', 'int32'] },
  ],
})

/**
 * x with `source`, a tensor or a number, at the places that `gather(x, indices, axis)` would read. Where indices repeat, the
 * last one along the axis stays.
 */
export const scatter = composed('scatter', {
  takes: { x: kinds.tensor, indices: kinds.tensor, source: written, axis: kinds.axis },
  call: (x: Node, index: Node, source: Written, axis: number): Node => {
    requireIndices('scatter', index)
    const position = normalizeAxis('scatter', axis, x.sizes)
    requireAlong('scatter', x, index, position)
    const [base, value] = ofOneDType('scatter', x, source)
    if (typeof source !== 'number') requireSource('scatter', source, index.sizes)
    return writeTo(base, index, broadcastTo(value, index.sizes), { op: 'scatter', mode: 'along', axis: position })
  },
  samples: [
    [random(2, 3), indices([2, 2], [0, 0, -1, 1]), random(2, 2), 1],
    [random(3, 2), indices([4, 2], [0, 2, 0, 1, 1, 2, -2, 0]), random(4, 2), 0],
    [random(2, 3), indices([2, 1], [2, -3]), 7, -1],
  ],
  errors: [
    { args: [random(3), indices([1], [3]), random(1), 0], error: IndexOutOfRangeError, says: ['scatter', '3'] },
    { args: [random(3), indices([1], [0]), random(2), 0], error: ShapeError, says: ['scatter', '[2]', '[1]'] },
    { args: [random(3), random(1), random(1), 0], error: DTypeError, says: ['scatter', 'float64', 'int32'] },
    { args: [random(2, 3), indices([1, 1], [0]), 1, 1], error: ShapeError, says: ['scatter', '[1, 1]', '[2, 3]'] },
    {
      args: [indices([3], [1, 2, 3]), indices([1], [0]), 0.5, 0],
      error: DTypeError,
      says: ['scatter', '0.5', 'int32[3]'],
    },
  ],
})

/**
 * x with `source` added at the places of an axis that `indexSelect(x, indices, axis)` would read; repeated indices add up.
 */
export const indexAdd = composed('indexAdd', {
  takes: { x: kinds.tensor, indices: kinds.tensor, source: kinds.tensor, axis: kinds.optional(kinds.axis) },
  call: (x: Node, index: Node, source: Node, axis = 0): Node => {
    requireIndices('indexAdd', index)
    const position = normalizeAxis('indexAdd', axis, x.sizes)
    const wanted = x.sizes.toSpliced(position, 1, ...index.sizes)
    requireSource('indexAdd', source, wanted)
    const [base, added] = ofOneDType('indexAdd', x, source)
    return addTo(base, index, added, { op: 'indexAdd', mode: 'take', axis: position })
  },
  samples: [
    [random(4, 2), indices([3], [1, 1, -1]), random(3, 2)],
    [random(2, 3), indices([2, 2], [0, 2, 1, 1]), random(2, 2, 2), 1],
    [random(3), indices([], [1]), random()],
  ],
  errors: [
    { args: [random(3, 2), indices([2], [0, 5]), random(2, 2)], error: IndexOutOfRangeError, says: ['indexAdd', '5'] },
    { args: [random(3, 2), indices([2], [0, 1]), random(2)], error: ShapeError, says: ['indexAdd', '[2]', '[2, 2]'] },
    { args: [random(3), random(2), random(2)], error: DTypeError, says: ['indexAdd', 'float64', 'int32'] },
    { args: [random(3), indices([1], [0]), random(1), 1], error: AxisError, says: ['indexAdd', 'axis 1'] },
  ],
})

/** For each index from 0 to `depth` - 1 a line of `depth` zeros with a 1 there: shape [...indices, depth], of floats. */
export const oneHot = composed('oneHot', {
  takes: { indices: kinds.tensor, depth: kinds.number },
  call: (index: Node, depth: number): Node => {
    requireIndices('oneHot', index)
    const shape = checkShape('oneHot', [...index.sizes, depth])
    const places = reshape(index, [...index.sizes, 1])
    const at: Places = { op: 'oneHot', mode: 'along', axis: index.sizes.length, negatives: 'refused' }
    const dtype = defaultDType()
    return addTo(constant(index, 0, shape, dtype), places, constant(index, 1, places.sizes, dtype), at)
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
