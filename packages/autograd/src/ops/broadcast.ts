import { AxisError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import {
  broadcastShapes,
  checkShape,
  formatShape,
  normalizeAxes,
  type Shape,
  sameShape,
  sizeOf,
} from '../graph/shape.js'
import type { Spec } from '../graph/value.js'
import { cast } from './cast.js'
import { linear } from './define.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'

// Broadcasting and summing are each other's adjoint. No other rule ever un-broadcasts.

/** An axis, several, or all of them when null or left out; negatives count from the last. */
export type Axes = number | readonly number[] | null
export interface KeepDims {
  /** Keep the reduced axes with size 1. Default false. */
  readonly keepDims?: boolean
}

/** What users give a reduction. */
export const reductionTakes = {
  x: kinds.tensor,
  axis: kinds.optional(kinds.axesOrAll),
  options: { keepDims: kinds.boolean },
}

export const broadcastTo = linear('broadcastTo', {
  shape: ([x], shape: Shape) => ({ shape, dtype: x!.dtype }),
  kernel: ([x], _shape, out) => {
    const added = out.shape.length - x!.sizes.length
    return {
      kind: 'layout',
      axes: out.shape.map((dim, i) => {
        const source = i - added
        const walks = source >= 0 && (x!.sizes[source] === dim || dim === 1)
        return { source: walks ? source : null, start: 0, step: 1 }
      }),
    }
  },
  adjoint: (cotangent, { inputs: [x] }): Node => sumTo(cotangent, x!.sizes),
  takes: { x: kinds.tensor, shape: kinds.shape },
  instead: 'pass the shape as one array, [2, 3]',
  call:
    (apply) =>
    (x: Node, shape: Shape): Node => {
      if (sameShape(x.sizes, shape)) return x
      if (!stretches(x.sizes, checkShape('broadcastTo', shape))) {
        broadcastShapes('broadcastTo', [x.sizes, shape])
        throw new ShapeError(
          `broadcastTo: shape ${formatShape(x.sizes)} does not broadcast to ${formatShape(shape)}: ` +
            'only dimensions of size 1 stretch. Sum the tensor instead if you want it smaller.',
        )
      }
      return apply([x], [...shape])
    },
  samples: [
    [random(3), [2, 3]],
    [random(2, 1, 3), [2, 4, 3]],
    [random(), [2, 2]],
    [random(1, 1), [3, 1]],
    [random(2, 3), [2, 3]],
  ],
  errors: [
    { args: [random(3), [2]], error: ShapeError, says: ['broadcastTo', '[3]', '[2]'] },
    { args: [random(2, 3), [3]], error: ShapeError, says: ['broadcastTo', '[2, 3]', '[3]'] },
    { args: [random(3), [-1, 3]], error: ShapeError, says: ['[-1, 3]', 'integer'] },
  ],
})

/** Whether a shape broadcasts to another one. */
export const stretches = (from: Shape, to: Shape): boolean => {
  const added = to.length - from.length
  if (added < 0) return false
  for (let i = 0; i < from.length; i++) if (from[i] !== 1 && from[i] !== to[added + i]) return false
  return true
}

export const sum = linear('sum', {
  shape: ([x], axes: readonly number[]) => reducedSpec(x!, axes),
  kernel: (_inputs, axes) => ({ kind: 'reduce', by: 'add', axes }),
  adjoint: (cotangent, { inputs: [x] }): Node => broadcastTo(cotangent, x!.sizes),
  takes: reductionTakes,
  call:
    (apply) =>
    (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
      const positions = normalizeAxes('sum', axes, x.sizes)
      return dropAxes(apply([x.dtype === 'bool' ? cast(x, 'int32') : x], positions), positions, options)
    },
  samples: [
    [random(2, 3)],
    [random(2, 3), 0],
    [random(2, 3, 4), [0, -1]],
    [random(2, 3), -1, { keepDims: true }],
    [random()],
    [random(2, 3), []],
  ],
  errors: [
    { args: [random(2, 3), 2], error: AxisError, says: ['sum', 'axis 2', '[2, 3]', '-2 to 1'] },
    { args: [random(2, 3), [0, -2]], error: AxisError, says: ['sum', 'axis 0', 'twice'] },
    { args: [random(), 0], error: AxisError, says: ['sum', 'scalar has no axes'] },
  ],
})

/** The adjoint of broadcasting: sums whatever `shape` was stretched along. */
const sumTo = (x: Node, shape: Shape): Node => {
  const added = x.sizes.length - shape.length
  const axes: number[] = []
  for (let i = 0; i < x.sizes.length; i++) {
    if (i < added || (shape[i - added] === 1 && x.sizes[i] !== 1)) axes.push(i)
  }
  return reshape(axes.length === 0 ? x : sum(x, axes, { keepDims: true }), shape)
}

export const reshape = linear('reshape', {
  shape: ([x], shape: Shape) => ({ shape, dtype: x!.dtype }),
  kernel: () => ({ kind: 'reshape' }),
  adjoint: (cotangent, { inputs: [x] }): Node => reshape(cotangent, x!.sizes),
  takes: { x: kinds.tensor, shape: kinds.shape },
  instead: 'pass the shape as one array, [2, 3]',
  call:
    (apply) =>
    (x: Node, shape: Shape): Node => {
      if (sameShape(x.sizes, shape)) return x
      return apply([x], [...inferDim(x.sizes, shape)])
    },
  samples: [
    [random(2, 3), [3, 2]],
    [random(2, 3), [-1]],
    [random(6), [2, -1]],
    [random(1), []],
  ],
  errors: [
    { args: [random(2, 3), [4]], error: ShapeError, says: ['reshape', '[2, 3]', '6 elements', '[4]'] },
    { args: [random(2, 3), [-1, 4]], error: ShapeError, says: ['reshape', '[2, 3]', '[-1, 4]'] },
    { args: [random(2, 3), [-1, -1]], error: ShapeError, says: ['reshape', 'one dimension'] },
    { args: [random(2, 3), [1.5, 4]], error: ShapeError, says: ['[1.5, 4]', 'integer'] },
  ],
})

/** The shape with its -1, if any, replaced by what is left over. */
const inferDim = (from: Shape, to: Shape): Shape => {
  if (isFull(to) && sizeOf(from) === sizeOf(to)) return to
  const unknown = to.indexOf(-1)
  if (unknown !== to.lastIndexOf(-1)) {
    throw new ShapeError(`reshape: ${formatShape(to)} leaves more than one dimension open; use -1 once.`)
  }
  checkShape('reshape', unknown < 0 ? to : to.with(unknown, 0))
  const size = sizeOf(from)
  const known = sizeOf(unknown < 0 ? to : to.with(unknown, 1))
  const shape = unknown < 0 ? to : to.with(unknown, known === 0 ? 0 : size / known)
  if (sizeOf(shape) !== size || !shape.every(Number.isInteger)) {
    throw new ShapeError(
      `reshape: shape ${formatShape(from)} has ${size} elements and cannot become ${formatShape(to)}; ` +
        'the dimensions must multiply to that number (-1 stands for what is left).',
    )
  }
  return shape
}

const isFull = (shape: Shape): boolean => {
  for (const dim of shape) if (!Number.isInteger(dim) || dim < 0) return false
  return true
}

/** What a reduction gives, which keeps its axes with size 1. */
export const reducedSpec = ({ sizes, dtype }: Node, axes: readonly number[]): Spec => {
  const reduced = [...sizes]
  for (const axis of axes) reduced[axis] = 1
  return { shape: reduced, dtype }
}

/** Drops axes of size 1 that a reduction kept, unless they are wanted. */
export const dropAxes = (x: Node, axes: readonly number[], { keepDims = false }: KeepDims): Node => {
  if (keepDims) return x
  const shape: number[] = []
  for (let i = 0; i < x.sizes.length; i++) if (!axes.includes(i)) shape.push(x.sizes[i]!)
  return reshape(x, shape)
}
