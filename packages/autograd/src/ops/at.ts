import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { normalizeIndex } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { allPlaces } from './data-dependent.js'
import { composed } from './define.js'
import { indices, random, values } from './facts.js'
import { type IndexItem, item } from './index-items.js'
import { outlineOf, outOf, partOf, planOf } from './index-plan.js'
import * as kinds from './kinds.js'
import { cut } from './parts.js'
import { take } from './places.js'

// Elements at an index.

/**
 * What stands at an index, which has an entry for each axis: an integer, which drops it; a slice `'start:end:step'` by
 * Python's rules, `':'` for all of it; an array of integers or a tensor of int32, whose axes replace it; or a mask. `'...'`
 * stands for the axes that are not named, as does the end, and null for a new axis. One row is `at(x, -1)`.
 */
export const at = composed('at', {
  takes: { x: kinds.tensor, index: kinds.rest(item) },
  call: (x: Node, index: IndexItem, ...more: IndexItem[]): Node => {
    if (typeof index === 'number' && more.length === 0 && x.sizes.length > 0) {
      const start = normalizeIndex('at', index, 0, x.sizes)
      const rest = x.sizes.slice(1)
      const row = {
        starts: x.sizes.map((_, axis) => (axis === 0 ? start : 0)),
        steps: x.sizes.map(() => 1),
        counts: [1, ...rest],
      }
      return reshape(cut(x, row), rest)
    }
    const plan = planOf(
      'at',
      outlineOf('at', x, [index, ...more], (mask) =>
        allPlaces('at', mask, 'use where(), or maskedSelect(x, mask, { size: 10 })'),
      ),
    )
    const part = partOf(x, plan)
    return outOf(plan.picks === null ? part : take(part, plan.picks.index, { op: 'at', axis: plan.picks.axis }), plan)
  },
  samples: [
    [random(3), 1],
    [random(3, 2), -1],
    [random(3, 4), 0, -1],
    [random(3, 4), ':', 1],
    [random(2, 3, 4), '...', 0],
    [random(4, 5), '::-2', '1:-1'],
    [random(2, 3), null, 1, null],
    [random(2, 3, 2), 1, '...', null, 0],
    [random(), null],
    [random(2, 3), ':'],
    // indices: side by side, and not
    [random(4, 3), indices([2, 2], [0, -1, 2, 2])],
    [random(2, 3, 4), ':', [2, 0, 0]],
    [random(3, 4, 2), [0, 2], [1, -1]],
    [random(3, 4, 2), indices([2, 1], [0, -1]), indices([3], [1, 1, 3])],
    [random(2, 3, 4), 0, ':', [1, 3]],
    [random(2, 3, 4), [1, 0], ':', indices([2], [-1, 2])],
    [random(2, 3, 2, 4), ':', [2, 0], 1, indices([2], [0, 3])],
    [random(2, 3, 4), ':', [0, 1], null, [1, 2]],
    [random(5, 3), '1:4', indices([], [1])],
    [random(2, 3), []],
  ],
  errors: [
    { args: [random(3), 3], error: IndexOutOfRangeError, says: ['at', 'index 3', '[3]', '-3 to 2'] },
    { args: [random(3, 2), ':', -3], error: IndexOutOfRangeError, says: ['at', 'index -3', 'axis 1', '[3, 2]'] },
    { args: [random(3), Number.NaN], error: IndexOutOfRangeError, says: ['at', 'NaN', 'integer'] },
    { args: [random(), 0], error: ShapeError, says: ['at', 'scalar', 'item()'] },
    { args: [random(2, 3), 0, ':', 1], error: ShapeError, says: ['at', "(0, ':', 1)", '3 axes', '[2, 3]'] },
    { args: [random(2, 3), '...', 0, '...'], error: ArgumentError, says: ['at', "'...' 2 times"] },
    { args: [random(4), '1:x'], error: ArgumentError, says: ['at', "'1:x'", "'x', at character 3", 'integer'] },
    {
      args: [random(2, 4), 0, '1:2:3:4'],
      error: ArgumentError,
      says: ['at', 'number 2', 'character 6', 'fourth part'],
    },
    { args: [random(4), '2'], error: ArgumentError, says: ['at', "'2'", 'the number 2'] },
    { args: [random(4), 'all'], error: ArgumentError, says: ['at', "'all'", "'start:end'"] },
    { args: [random(4), '::0'], error: IndexOutOfRangeError, says: ['at', "'::0'", 'step 0'] },
    { args: [random(2, 3), 0, [0, 3]], error: IndexOutOfRangeError, says: ['at', 'index 3', 'axis 1', '[2, 3]'] },
    { args: [random(2, 3), [0, 0.5]], error: IndexOutOfRangeError, says: ['at', '0.5', 'integer'] },
    { args: [random(2, 3), 0, indices([2], [0, 3])], error: IndexOutOfRangeError, says: ['at', 'index 3', 'axis 1'] },
    {
      args: [random(2, 3, 4), indices([2], [0, 1]), ':', indices([2], [0, -5])],
      error: IndexOutOfRangeError,
      says: ['at', 'index -5, at [1] of the indices', 'axis 2 of size 4'],
    },
    { args: [random(2, 3), [0, 1], [0, 1, 2]], error: ShapeError, says: ['at', '[2] and [3]', 'broadcast'] },
    { args: [random(2, 3), random(2)], error: DTypeError, says: ['at', 'float64[2]', 'int32', 'bool'] },
    {
      args: [random(2, 3), values([3], [1, 0, 1], 'bool')],
      error: ShapeError,
      says: ['at', 'mask of shape [3]', '[2]', 'axis 0'],
    },
    {
      args: [random(2), null, values([], [1], 'bool')],
      error: ShapeError,
      says: ['at', 'mask is a scalar', 'where()'],
    },
  ],
})
