import { ArgumentError, AxisError, ShapeError } from '../graph/errors.js'
import type { Cotangents, Node } from '../graph/node.js'
import { formatShape, normalizeAxes, normalizeAxis } from '../graph/shape.js'
import { shown } from '../graph/words.js'
import { reshape } from './broadcast.js'
import { composed, conditioned } from './define.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'
import { ravel, swapAxes } from './layout.js'
import { concat, flip, slice } from './slice.js'

// Elements that go round.

/** By so many places along each axis. */
const rolled = conditioned('roll', {
  compute: ([x], shifts: readonly number[]) =>
    shifts.reduce((y, shift, axis) => {
      const dim = x!.sizes[axis]!
      const places = ((shift % dim) + dim) % dim
      return places === 0 ? y : concat([slice(y, axis, -places), slice(y, axis, 0, -places)], axis)
    }, x!),
  vjp: (cotangent, { attrs }): Cotangents => [
    rolled(
      cotangent,
      attrs.map((shift) => -shift),
    ),
  ],
  jvp: ([tangent], { attrs }): Node => rolled(tangent!, attrs),
  call:
    (apply) =>
    (x: Node, shifts: readonly number[]): Node =>
      apply([x], shifts),
  samples: [],
})

/**
 * The elements moved on by `shift` places along an axis, or along several by one each; those that fall off the end come in
 * at the start. Without an axis in row-major order.
 */
export const roll = composed('roll', {
  takes: { x: kinds.tensor, shift: kinds.axes, axis: kinds.optional(kinds.axes) },
  call: (x: Node, shift: number | readonly number[], axis?: number | readonly number[]): Node => {
    const axes = axis === undefined || typeof axis === 'number' ? [axis ?? 0] : axis
    const shifts = typeof shift === 'number' ? axes.map(() => shift) : shift
    if (shifts.length !== axes.length || !shifts.every(Number.isInteger)) {
      throw new ArgumentError(
        `roll: shift is ${shown(shift)} for ${axis === undefined ? 'no axis' : `axis ${shown(axis)}`}; give an integer for ` +
          'each axis, or one for all of them.',
      )
    }
    const line = axis === undefined ? ravel(x) : x
    const places = line.sizes.map(() => 0)
    axes.forEach((axis, i) => {
      places[normalizeAxis('roll', axis, line.sizes)]! += shifts[i]!
    })
    const isMoved = places.some((shift, i) => line.sizes[i]! > 0 && shift % line.sizes[i]! !== 0)
    return isMoved ? reshape(rolled(line, places), x.sizes) : x
  },
  samples: [
    [random(5), 2],
    [random(2, 3), -1],
    [random(2, 3), 4, 1],
    [random(3, 4), [1, -2], [0, -1]],
    [random(3, 4), 1, [0, 1]],
    [random(4), [1, 1], [0, 0]],
    [random(3), 3, 0],
    [random(0, 2), 1, 0],
  ],
  errors: [
    { args: [random(3, 4), [1, 2], 0], error: ArgumentError, says: ['roll', '[1, 2]', 'axis 0', 'each axis'] },
    { args: [random(3, 4), [1, 2]], error: ArgumentError, says: ['roll', '[1, 2]', 'no axis'] },
    { args: [random(3), 0.5, 0], error: ArgumentError, says: ['roll', '0.5', 'integer'] },
    { args: [random(3), 1, 1], error: AxisError, says: ['roll', 'axis 1', '[3]'] },
  ],
})

/** Turned by a right angle `turns` times, from the first of two axes towards the second: [0, 1] unless others are given. */
export const rot90 = composed('rot90', {
  takes: { x: kinds.tensor, turns: kinds.optional(kinds.number), axes: kinds.optional(kinds.shape) },
  call: (x: Node, turns = 1, axes: readonly number[] = [0, 1]): Node => {
    if (!Number.isInteger(turns)) throw new ArgumentError(`rot90: ${turns} turns given; use an integer.`)
    if (axes.length !== 2) {
      throw new AxisError(`rot90: axes ${formatShape(axes)} given; name two, such as [0, 1].`)
    }
    if (x.sizes.length < 2) {
      throw new ShapeError(`rot90: shape ${formatShape(x.sizes)} has no two axes to turn; expandDims adds one.`)
    }
    normalizeAxes('rot90', axes, x.sizes)
    const [from, to] = axes as readonly [number, number]
    switch (((turns % 4) + 4) % 4) {
      case 1:
        return swapAxes(flip(x, to), from, to)
      case 2:
        return flip(x, axes)
      case 3:
        return flip(swapAxes(x, from, to), to)
      default:
        return x
    }
  },
  samples: [[random(2, 3)], [random(2, 3), 2], [random(2, 3), -1], [random(2, 3), 4], [random(2, 3, 4), 5, [-1, 0]]],
  errors: [
    { args: [random(3)], error: ShapeError, says: ['rot90', '[3]', 'two axes'] },
    { args: [random(2, 3), 0.5], error: ArgumentError, says: ['rot90', '0.5 turns', 'integer'] },
    { args: [random(2, 3), 1, [0]], error: AxisError, says: ['rot90', '[0]', 'two'] },
    { args: [random(2, 3), 1, [1, -1]], error: AxisError, says: ['rot90', 'axis 1', 'twice'] },
    { args: [random(2, 3), 1, [0, 2]], error: AxisError, says: ['rot90', 'axis 2', '[2, 3]'] },
  ],
})
