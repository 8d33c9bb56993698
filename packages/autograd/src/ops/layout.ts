import { AxisError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, normalizeAxes, normalizeAxis, sameShape, sizeOf } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { composed, linear } from './define.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { concat } from './slice.js'

// Ops that move elements without computing: each is linear, and its adjoint moves them back.

const permutation = kinds.kind('an array of integers, such as [1, 0]', kinds.shape.accepts)

export const permute = linear('permute', {
  shape: ([x], axes: readonly number[]) => ({ shape: axes.map((axis) => x!.sizes[axis]!), dtype: x!.dtype }),
  kernel: (_inputs, axes) => ({ kind: 'layout', axes: axes.map((source) => ({ source, start: 0, step: 1 })) }),
  adjoint: (cotangent, { attrs: axes }): Node =>
    permute(
      cotangent,
      axes.map((_, i) => axes.indexOf(i)),
    ),
  takes: { x: kinds.tensor, axes: permutation },
  instead: 'pass the axes as one array, [1, 0]',
  call:
    (apply) =>
    (x: Node, axes: readonly number[]): Node => {
      const positions = axes.map((axis) => normalizeAxis('permute', axis, x.sizes))
      if (axes.length !== x.sizes.length || new Set(positions).size !== axes.length) {
        throw new AxisError(
          `permute: ${formatShape(axes)} is not a permutation of the axes of shape ${formatShape(x.sizes)}: ` +
            'name each axis once.',
        )
      }
      return apply([x], positions)
    },
  samples: [
    [random(2, 3, 4), [2, 0, 1]],
    [random(2, 3), [-1, 0]],
    [random(), []],
  ],
  errors: [
    { args: [random(2, 3), [0, 0]], error: AxisError, says: ['permute', '[0, 0]', '[2, 3]'] },
    { args: [random(2, 3), [0]], error: AxisError, says: ['permute', '[0]', 'each axis once'] },
    { args: [random(2, 3), [0, 2]], error: AxisError, says: ['permute', 'axis 2', '[2, 3]'] },
  ],
})

export const swapAxes = composed('swapAxes', {
  takes: { x: kinds.tensor, a: kinds.axis, b: kinds.axis },
  call: (x: Node, a: number, b: number): Node => {
    const axes = x.sizes.map((_, i) => i)
    const i = normalizeAxis('swapAxes', a, x.sizes)
    const j = normalizeAxis('swapAxes', b, x.sizes)
    axes[i] = j
    axes[j] = i
    return permute(x, axes)
  },
  samples: [[random(2, 3, 4), 0, -1]],
  errors: [{ args: [random(2, 3), 0, 2], error: AxisError, says: ['swapAxes', 'axis 2', '[2, 3]'] }],
})

/** Axes moved to other places; the others stay in their order. */
export const moveAxis = composed('moveAxis', {
  takes: { x: kinds.tensor, from: kinds.axes, to: kinds.axes },
  call: (x: Node, from: number | readonly number[], to: number | readonly number[]): Node => {
    const [sources, targets] = [from, to].map((axes) => {
      const list = typeof axes === 'number' ? [axes] : axes
      normalizeAxes('moveAxis', list, x.sizes)
      return list.map((axis) => normalizeAxis('moveAxis', axis, x.sizes))
    }) as [number[], number[]]
    if (sources.length !== targets.length) {
      throw new AxisError(
        `moveAxis: axes ${formatShape(sources)} cannot go to ${formatShape(targets)}; give one place for each.`,
      )
    }
    const others = x.sizes.map((_, axis) => axis).filter((axis) => !sources.includes(axis))
    const order = x.sizes.map((_, place) => {
      const moved = targets.indexOf(place)
      return moved < 0 ? others.shift()! : sources[moved]!
    })
    return permute(x, order)
  },
  samples: [
    [random(2, 3, 4), 0, -1],
    [random(2, 3, 4), -1, 0],
    [random(2, 3, 4, 2), [0, 1], [-1, 0]],
    [random(2, 3), [], []],
  ],
  errors: [
    { args: [random(2, 3), 2, 0], error: AxisError, says: ['moveAxis', 'axis 2', '[2, 3]'] },
    { args: [random(2, 3), [0, 0], [0, 1]], error: AxisError, says: ['moveAxis', 'axis 0', 'twice'] },
    { args: [random(2, 3), [0, 1], 0], error: AxisError, says: ['moveAxis', '[0, 1]', '[0]', 'one place for each'] },
  ],
})

/** Swaps the last two axes. */
export const transpose = composed('transpose', {
  takes: { x: kinds.tensor },
  instead: 'it swaps the last two axes; for others use swapAxes(a, b) or permute([...])',
  call: (x: Node): Node => {
    if (x.sizes.length < 2) {
      throw new ShapeError(`transpose: shape ${formatShape(x.sizes)} has no two axes to swap; expandDims adds one.`)
    }
    return swapAxes(x, -2, -1)
  },
  samples: [[random(2, 3)], [random(2, 3, 4)]],
  errors: [{ args: [random(3)], error: ShapeError, says: ['transpose', '[3]', 'expandDims'] }],
})

/** A new axis of size 1 at this place of the result. */
export const expandDims = composed('expandDims', {
  takes: { x: kinds.tensor, axis: kinds.axis },
  call: (x: Node, axis: number): Node => {
    const position = normalizeAxis('expandDims', axis, [...x.sizes, 1])
    return reshape(x, x.sizes.toSpliced(position, 0, 1))
  },
  samples: [
    [random(3), 0],
    [random(2, 3), -1],
    [random(), 0],
  ],
  errors: [{ args: [random(3), 2], error: AxisError, says: ['expandDims', 'axis 2'] }],
})

/** Drops an axis of size 1, or all of them when none is named. */
export const squeeze = composed('squeeze', {
  takes: { x: kinds.tensor, axis: kinds.optional(kinds.axis) },
  call: (x: Node, axis?: number): Node => {
    if (axis === undefined) {
      return reshape(
        x,
        x.sizes.filter((dim) => dim !== 1),
      )
    }
    const position = normalizeAxis('squeeze', axis, x.sizes)
    if (x.sizes[position] !== 1) {
      throw new ShapeError(
        `squeeze: axis ${axis} of shape ${formatShape(x.sizes)} has size ${x.sizes[position]}, not 1; ` +
          'reduce it or pick an element with at().',
      )
    }
    return reshape(x, x.sizes.toSpliced(position, 1))
  },
  samples: [[random(1, 3, 1)], [random(1, 3, 1), -1]],
  errors: [{ args: [random(2, 3), 0], error: ShapeError, says: ['squeeze', 'axis 0', '[2, 3]', 'size 2'] }],
})

/** One axis with all elements in row-major order. */
export const ravel = composed('ravel', {
  takes: { x: kinds.tensor },
  call: (x: Node): Node => reshape(x, [sizeOf(x.sizes)]),
  samples: [[random(2, 3)], [random()]],
})

/**
 * The axes from `start` to `end`, both included, joined into one: all but the first unless others are named,
 * `[batch, ...rest] -> [batch, features]`.
 */
export const flatten = composed('flatten', {
  takes: { x: kinds.tensor, start: kinds.optional(kinds.axis), end: kinds.optional(kinds.axis) },
  instead: 'it joins the axes from start to end; use reshape() for other shapes',
  call: (x: Node, start?: number, end = -1): Node => {
    const { sizes } = x
    if (sizes.length === 0) throw new ShapeError('flatten: a scalar has no axis to keep; use ravel().')
    // a batch of numbers has one feature each
    if (start === undefined && sizes.length === 1) return reshape(x, [sizes[0]!, 1])
    const first = normalizeAxis('flatten', start ?? 1, sizes)
    const last = normalizeAxis('flatten', end, sizes)
    if (first > last) {
      throw new AxisError(
        `flatten: axis ${start ?? 1} of shape ${formatShape(sizes)} is behind axis ${end}; name the first one first.`,
      )
    }
    const joined = sizeOf(sizes.slice(first, last + 1))
    return reshape(x, sizes.toSpliced(first, last + 1 - first, joined))
  },
  samples: [[random(2, 3, 4)], [random(3)], [random(2, 3, 4), 0], [random(2, 3, 4, 2), -3, 2], [random(2, 3), 1, 1]],
  errors: [
    { args: [random()], error: ShapeError, says: ['flatten', 'scalar', 'ravel()'] },
    { args: [random(2, 3), 2], error: AxisError, says: ['flatten', 'axis 2', '[2, 3]'] },
    { args: [random(2, 3), -1, 0], error: AxisError, says: ['flatten', 'axis -1', '[2, 3]', 'behind axis 0'] },
  ],
})

/** Tensors of equal shape side by side along a new axis. */
export const stack = composed('stack', {
  takes: { tensors: kinds.tensors, axis: kinds.optional(kinds.axis) },
  instead: 'pass the tensors as one array, [a, b]',
  call: (tensors: readonly Node[], axis = 0): Node => {
    const [first] = tensors
    if (first === undefined) throw new ShapeError('stack: no tensors to join; pass at least one.')
    if (!tensors.every((tensor) => sameShape(tensor.sizes, first.sizes))) {
      throw new ShapeError(
        `stack: shapes ${tensors.map((tensor) => formatShape(tensor.sizes)).join(', ')} differ; ` +
          'stacked tensors have equal shapes. concat() joins along an existing axis.',
      )
    }
    const position = normalizeAxis('stack', axis, [...first.sizes, 1])
    return concat(
      tensors.map((tensor) => expandDims(tensor, position)),
      position,
    )
  },
  samples: [[[random(3), random(3)]], [[random(2, 3), random(2, 3)], -1]],
  errors: [
    { args: [[random(2), random(3)]], error: ShapeError, says: ['stack', '[2], [3]', 'concat()'] },
    { args: [[]], error: ShapeError, says: ['stack', 'at least one'] },
  ],
})
