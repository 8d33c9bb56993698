import type { DType } from '../graph/dtype.js'
import { AxisError, ShapeError } from '../graph/errors.js'
import type { Monoid } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import { formatShape, normalizeAxes, sizeOf } from '../graph/shape.js'
import { type Axes, broadcastTo, dropAxes, type KeepDims, reducedSpec, reductionTakes, sum } from './broadcast.js'
import { cast, toFloat } from './cast.js'
import { composed, linear, primitive } from './define.js'
import { elementwise } from './elementwise.js'
import { type ErrorSample, random, values } from './facts.js'
import * as kinds from './kinds.js'
import { concat, slice } from './slice.js'

const { add, div, equal, mul, notEqual, scale } = elementwise

/** How many elements meet in one of a reduction. */
export const countOf = (x: Node, axes: readonly number[]): number => sizeOf(axes.map((axis) => x.sizes[axis]!))

/** What every reduction says of an axis that is not there. */
export const badAxis = (name: string): ErrorSample => ({
  args: [random(2, 3), 2],
  error: AxisError,
  says: [name, 'axis 2', '[2, 3]', '-2 to 1'],
})

export const requireElements = (name: string, x: Node, axes: readonly number[]): void => {
  const empty = axes.find((axis) => x.sizes[axis] === 0)
  if (empty !== undefined) {
    throw new ShapeError(
      `${name}: axis ${empty} of shape ${formatShape(x.sizes)} is empty and has no ${name}; ` +
        'check the size first or concat a starting value.',
    )
  }
}

interface Average {
  readonly axes: readonly number[]
  readonly divisor: number
  readonly dtype: DType
}

/** A sum over a divisor, which does not overflow on the way. */
const averageOver = linear('mean', {
  shape: ([x], { axes, dtype }: Average) => ({ shape: reducedSpec(x!, axes).shape, dtype }),
  kernel: (_inputs, { axes, divisor }) => ({ kind: 'reduce', by: 'add', axes, divisor }),
  adjoint: (cotangent, { inputs: [x], attrs: { divisor } }): Node =>
    broadcastTo(div(cast(cotangent, x!.dtype), divisor), x!.sizes),
  takes: { x: kinds.tensor },
  call:
    (apply) =>
    (x: Node, attrs: Average): Node =>
      apply([x], attrs),
  samples: [],
})

/** The mean over axes that stay with size 1; of floats. What it is divided by and its dtype may be others. */
export const average = (
  x: Node,
  axes: readonly number[],
  { divisor = countOf(x, axes), dtype = x.dtype }: { readonly divisor?: number; readonly dtype?: DType } = {},
): Node => averageOver(x, { axes, divisor, dtype })

/** The arithmetic mean; NaN over an empty axis. */
export const mean = composed('mean', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('mean', axes, x.sizes)
    return dropAxes(average(toFloat(x), positions), positions, options)
  },
  samples: [[random(2, 3)], [random(2, 3), 0], [random(2, 3, 2), [0, 2], { keepDims: true }], [random()]],
  errors: [badAxis('mean')],
})

/** The extremes of equal value share the derivative equally. */
const extreme = (name: string, by: Monoid) =>
  primitive(name, {
    shape: ([x], axes: readonly number[]) => reducedSpec(x!, axes),
    kernel: (_inputs, axes) => ({ kind: 'reduce', by, axes }),
    vjp: (cotangent, node) => [
      scale(broadcastTo(cotangent, node.inputs[0]!.sizes), shares(node.inputs[0]!, node, node.attrs)),
    ],
    jvp: ([tangent], node) =>
      sum(scale(tangent!, shares(node.inputs[0]!, node, node.attrs)), node.attrs, { keepDims: true }),
    takes: reductionTakes,
    call:
      (apply) =>
      (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
        const positions = normalizeAxes(name, axes, x.sizes)
        requireElements(name, x, positions)
        return dropAxes(apply([x], positions), positions, options)
      },
    samples: [
      [values([2, 3], [1, 5, -2, 4, 0, 3])],
      [values([2, 3], [1, 5, -2, 4, 0, 3]), 0],
      [values([2, 3], [1, 5, -2, 4, 0, 3]), -1, { keepDims: true }],
      [values([], [2])],
    ],
    errors: [badAxis(name), { args: [random(2, 0), 1], error: ShapeError, says: [name, 'axis 1', '[2, 0]', 'empty'] }],
  })

/** What each element contributes to the derivative of the extreme: 1, or equal parts among those that tie. */
const shares = (x: Node, y: Node, axes: readonly number[]): Node => {
  const ties = cast(equal(x, y), x.dtype)
  return div(ties, sum(ties, axes, { keepDims: true }))
}

export const max = extreme('max', 'max')
export const min = extreme('min', 'min')

/** True where any element is; bool. */
export const any = composed('any', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('any', axes, x.sizes)
    return notEqual(sum(notEqual(x, 0), positions, options), 0)
  },
  samples: [[values([2, 2], [0, 1, 0, 0], 'bool'), 1]],
  errors: [badAxis('any')],
  differentiable: false,
})

/** True where all elements are; bool. */
export const all = composed('all', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('all', axes, x.sizes)
    return equal(sum(equal(x, 0), positions, options), 0)
  },
  samples: [[values([2, 2], [1, 1, 0, 1], 'bool'), 1]],
  errors: [badAxis('all')],
  differentiable: false,
})

/**
 * The product. It is multiplied up by halves, so its derivatives of every order are products of the other elements:
 * exact also where elements are zero.
 */
export const prod = composed('prod', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('prod', axes, x.sizes)
    let product = x.dtype === 'bool' ? cast(x, 'int32') : x
    for (const axis of positions) product = multiplyUp(product, axis)
    return dropAxes(product, positions, options)
  },
  samples: [
    [random(2, 3)],
    [random(2, 5), 1],
    [values([3, 3], [0, 2, 3, 0, 0, 4, 1, 2, 3]), -1, { keepDims: true }],
    [random(2, 0), 1],
    [random()],
  ],
  errors: [badAxis('prod')],
})

const multiplyUp = (x: Node, axis: number): Node => {
  if (x.sizes[axis] === 0) return add(sum(x, axis, { keepDims: true }), 1)
  let product = x
  for (let n = product.sizes[axis]!; n > 1; n = product.sizes[axis]!) {
    const half = n >> 1
    const halves = mul(slice(product, axis, 0, half), slice(product, axis, half, 2 * half))
    product = n % 2 === 0 ? halves : concat([halves, slice(product, axis, n - 1, n)], axis)
  }
  return product
}
