import { AxisError, ShapeError } from '../graph/errors.js'
import type { ArgReduce, Monoid } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import { formatShape, normalizeAxes, normalizeAxis, sizeOf } from '../graph/shape.js'
import {
  type Axes,
  broadcastTo,
  dropAxes,
  type KeepDims,
  reducedSpec,
  reductionTakes,
  reshape,
  sum,
} from './broadcast.js'
import { cast, toFloat } from './cast.js'
import { stopGradient } from './constant.js'
import { composed, noDerivative, primitive } from './define.js'
import { elementwise } from './elementwise.js'
import { type ErrorSample, random, values } from './facts.js'
import * as kinds from './kinds.js'
import { ravel } from './layout.js'
import { concat, slice } from './slice.js'

const { abs, add, div, equal, isFinite, mul, notEqual, scale, sqrt, square, sub, where } = elementwise

const countOf = (x: Node, axes: readonly number[]): number => sizeOf(axes.map((axis) => x.shape[axis]!))

const badAxis = (name: string): ErrorSample => ({
  args: [random(2, 3), 2],
  error: AxisError,
  says: [name, 'axis 2', '[2, 3]', '-2 to 1'],
})

const requireElements = (name: string, x: Node, axes: readonly number[]): void => {
  const empty = axes.find((axis) => x.shape[axis] === 0)
  if (empty !== undefined) {
    throw new ShapeError(
      `${name}: axis ${empty} of shape ${formatShape(x.shape)} is empty and has no ${name}; ` +
        'check the size first or concat a starting value.',
    )
  }
}

/** The arithmetic mean; NaN over an empty axis. */
export const mean = composed('mean', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('mean', axes, x.shape)
    return div(sum(toFloat(x), positions, options), countOf(x, positions))
  },
  samples: [[random(2, 3)], [random(2, 3), 0], [random(2, 3, 2), [0, 2], { keepDims: true }], [random()]],
  errors: [badAxis('mean')],
})

/** The extremes of equal value share the derivative equally. */
const extreme = (name: string, by: Monoid) =>
  primitive(name, {
    shape: ([x], axes: readonly number[]) => reducedSpec(x!, axes),
    kernel: (_inputs, axes) => ({ kind: 'reduce', by, axes }),
    vjp: (cotangent, node) =>
      scale(broadcastTo(cotangent, node.inputs[0]!.shape), shares(node.inputs[0]!, node, node.attrs)),
    jvp: ([tangent], node) =>
      sum(scale(tangent!, shares(node.inputs[0]!, node, node.attrs)), node.attrs, { keepDims: true }),
    takes: reductionTakes,
    call:
      (apply) =>
      (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
        const positions = normalizeAxes(name, axes, x.shape)
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

const argExtreme = (name: string, by: ArgReduce['by']) =>
  primitive(name, {
    shape: ([x], axis: number) => ({ shape: x!.shape.with(axis, 1), dtype: 'int32' }),
    kernel: (_inputs, axis) => ({ kind: 'argReduce', by, axis }),
    ...noDerivative,
    takes: { x: kinds.tensor, axis: kinds.optional(kinds.axis), options: { keepDims: kinds.boolean } },
    call:
      (apply) =>
      (x: Node, axis?: number, options: KeepDims = {}): Node => {
        const line = axis === undefined ? ravel(x) : x
        const position = axis === undefined ? 0 : normalizeAxis(name, axis, x.shape)
        requireElements(name, line, [position])
        const found = apply([line], position)
        if (axis === undefined && options.keepDims) return reshape(found, new Array<number>(x.shape.length).fill(1))
        return dropAxes(found, [position], options)
      },
    samples: [
      [values([2, 3], [1, 5, -2, 4, 0, 3])],
      [values([2, 3], [1, 5, -2, 4, 0, 3]), 1],
      [values([2, 3], [1, 5, -2, 4, 0, 3]), undefined, { keepDims: true }],
    ],
    errors: [badAxis(name), { args: [random(0)], error: ShapeError, says: [name, 'empty'] }],
    differentiable: false,
  })

/** The position of the first greatest element along an axis, or in row-major order when none is given. int32. */
export const argmax = argExtreme('argmax', 'max')
/** The position of the first least element along an axis, or in row-major order when none is given. int32. */
export const argmin = argExtreme('argmin', 'min')

/** True where any element is; bool. */
export const any = composed('any', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('any', axes, x.shape)
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
    const positions = normalizeAxes('all', axes, x.shape)
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
    const positions = normalizeAxes('prod', axes, x.shape)
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
  if (x.shape[axis] === 0) return add(sum(x, axis, { keepDims: true }), 1)
  let product = x
  for (let n = product.shape[axis]!; n > 1; n = product.shape[axis]!) {
    const half = n >> 1
    const halves = mul(slice(product, axis, 0, half), slice(product, axis, half, 2 * half))
    product = n % 2 === 0 ? halves : concat([halves, slice(product, axis, n - 1, n)], axis)
  }
  return product
}

export interface VarianceOptions extends KeepDims {
  /** The divisor is the number of elements less this. 0 (default) for a population, 1 for a sample. */
  readonly correction?: number
}

const spreadTakes = {
  x: kinds.tensor,
  axis: kinds.optional(kinds.axes),
  options: { keepDims: kinds.boolean, correction: kinds.number },
}

/** The mean squared distance from the mean. */
export const variance = composed('variance', {
  takes: spreadTakes,
  call: (x: Node, axes?: Axes, { correction = 0, ...options }: VarianceOptions = {}): Node => {
    const positions = normalizeAxes('variance', axes, x.shape)
    const floats = toFloat(x)
    const centred = sub(floats, mean(floats, positions, { keepDims: true }))
    return div(sum(square(centred), positions, options), Math.max(0, countOf(x, positions) - correction))
  },
  samples: [[random(2, 3)], [random(2, 3), 0], [random(4, 2), 0, { keepDims: true, correction: 1 }]],
  errors: [badAxis('variance')],
})

/** The square root whose derivative at 0 is taken as 0: for distances, which have no direction there. */
const distanceRoot = (squared: Node): Node => {
  const isZero = equal(squared, 0)
  return where(isZero, 0, sqrt(where(isZero, 1, squared)))
}

/** The square root of the variance. Its gradient at a constant is 0. */
export const standardDeviation = composed('standardDeviation', {
  takes: spreadTakes,
  call: (x: Node, axes?: Axes, options: VarianceOptions = {}): Node =>
    distanceRoot(variance(x, normalizeAxes('standardDeviation', axes, x.shape), options)),
  samples: [[random(2, 3)], [random(4, 2), 0, { correction: 1 }]],
  errors: [badAxis('standardDeviation')],
})

/** The Euclidean norm over the axes, without overflow or underflow on the way. Its gradient at 0 is 0. */
export const norm = composed('norm', {
  takes: reductionTakes,
  call: (x: Node, axes?: Axes, options: KeepDims = {}): Node => {
    const positions = normalizeAxes('norm', axes, x.shape)
    const floats = toFloat(x)
    if (countOf(x, positions) === 0) return sum(floats, positions, options)
    const largest = max(abs(stopGradient(floats)), positions, { keepDims: true })
    const unit = where(notEqual(largest, 0), where(isFinite(largest), largest, 1), 1)
    const length = mul(distanceRoot(sum(square(div(floats, unit)), positions, { keepDims: true })), unit)
    return dropAxes(length, positions, options)
  },
  samples: [[random(2, 3)], [random(2, 3), 1], [random(3), 0, { keepDims: true }]],
  errors: [badAxis('norm')],
})
