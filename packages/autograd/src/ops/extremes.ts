import { ShapeError } from '../graph/errors.js'
import type { ArgReduce } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import { normalizeAxis } from '../graph/shape.js'
import { dropAxes, type KeepDims, reshape } from './broadcast.js'
import { byPlace } from './by-place.js'
import { underived } from './define.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { ravel } from './layout.js'
import { badAxis, requireElements } from './reduce.js'
import { several } from './several.js'

// Where the extremes are. Of equal elements the first counts, and NaN is more extreme than any number.

const argExtreme = (name: string, by: ArgReduce['by']) =>
  underived(name, {
    shape: ([x], axis: number) => ({ shape: x!.sizes.with(axis, 1), dtype: 'int32' }),
    kernel: (_inputs, axis) => ({ kind: 'argReduce', by, axis }),
    takes: { x: kinds.tensor, axis: kinds.optional(kinds.axisOrAll), options: { keepDims: kinds.boolean } },
    call:
      (apply) =>
      (x: Node, axis?: number | null, options: KeepDims = {}): Node => {
        const line = axis == null ? ravel(x) : x
        const position = axis == null ? 0 : normalizeAxis(name, axis, x.sizes)
        requireElements(name, line, [position])
        const found = apply([line], position)
        if (axis == null && options.keepDims) return reshape(found, new Array<number>(x.sizes.length).fill(1))
        return dropAxes(found, [position], options)
      },
    samples: [
      [values([2, 3], [1, 5, -2, 4, 0, 3])],
      [values([2, 3], [1, 5, -2, 4, 0, 3]), 1],
      [values([2, 3], [1, 5, -2, 4, 0, 3]), undefined, { keepDims: true }],
    ],
    errors: [badAxis(name), { args: [random(0)], error: ShapeError, says: [name, 'empty'] }],
  })

/** The position of the first greatest element along an axis, or in row-major order when none is given. int32. */
export const argmax = argExtreme('argmax', 'max')
/** The position of the first least element along an axis, or in row-major order when none is given. int32. */
export const argmin = argExtreme('argmin', 'min')

/** An extreme along an axis, and where it is first found. */
export interface Extremes {
  readonly values: Node
  /** int32 */
  readonly indices: Node
}

const extremesWithIndices = (name: string, by: ArgReduce['by']) =>
  several(name, {
    run: {
      shapes: ([x], axis: number) => {
        const shape = x!.sizes.with(axis, 1)
        return [
          { shape, dtype: 'int32' },
          { shape, dtype: x!.dtype },
        ]
      },
      kernel: (axis) => ({ kind: 'argReduce', by, axis, values: true }),
    },
    ...byPlace<number>((axis) => axis),
    takes: { x: kinds.tensor, axis: kinds.axis, options: { keepDims: kinds.boolean } },
    call:
      (apply) =>
      (x: Node, axis: number, options: KeepDims = {}): Extremes => {
        const position = normalizeAxis(name, axis, x.sizes)
        requireElements(name, x, [position])
        const [indices, found] = apply([x], position)
        return { values: dropAxes(found!, [position], options), indices: dropAxes(indices!, [position], options) }
      },
    samples: [
      [values([2, 3], [1, 5, -2, 4, 0, 3]), 1],
      [values([2, 3], [1, 5, -2, 4, 0, 3]), 0],
      [random(2, 3, 4), -2, { keepDims: true }],
      [random(1), 0],
    ],
    errors: [badAxis(name), { args: [random(2, 0), 1], error: ShapeError, says: [name, 'axis 1', '[2, 0]', 'empty'] }],
  })

/** The greatest elements along an axis, and the position of the first of each. */
export const maxWithIndices = extremesWithIndices('maxWithIndices', 'max')
/** The least elements along an axis, and the position of the first of each. */
export const minWithIndices = extremesWithIndices('minWithIndices', 'min')
