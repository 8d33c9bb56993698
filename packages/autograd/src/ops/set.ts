import { ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape } from '../graph/shape.js'
import { reshape, stretches } from './broadcast.js'
import { integers } from './constant.js'
import { allPlaces } from './data-dependent.js'
import { composed } from './define.js'
import { elementwise } from './elementwise.js'
import { indices, random, values } from './facts.js'
import { formatIndex, type Index, type IndexItem, index, itemsOf } from './index-items.js'
import { changed, into, outlineOf, planOf } from './index-plan.js'
import * as kinds from './kinds.js'
import { ofOneDType, type Written, written } from './operand.js'
import { addTo, writeTo } from './places.js'

// Something else at an index: a tensor with other elements there.

/** What becomes of elements, of what is written to them, and of a mask. */
interface Writing {
  readonly toAll: (old: Node, value: Node) => Node
  readonly toPlaces: typeof addTo
}
const setting: Writing = { toAll: (_, value) => value, toPlaces: writeTo }
const adding: Writing = { toAll: (old, value) => elementwise.add(old, value), toPlaces: addTo }

/** x with something written to the elements that an index means. */
const write = (op: string, x: Node, index: Index, source: Written, { toAll, toPlaces }: Writing): Node => {
  const items = itemsOf(index)
  const [base, value] = ofOneDType(op, x, source)
  const arrays = items.filter((item) => typeof item === 'object' && item !== null)
  const [mask] = arrays
  if (arrays.length === 1 && isMask(mask!)) {
    // what does not depend on the number of true elements needs no look at them
    const plan = planOf(
      op,
      outlineOf(op, base, items, (mask) => integers(mask, Int32Array.of(0))),
    )
    if (stretches(value.sizes, plan.shape)) {
      const { merged, axis } = plan.picks!
      const chosen = reshape(mask, [merged[axis]!, ...merged.slice(axis + 1).map(() => 1)])
      return changed(base, plan, (old) => elementwise.where(chosen, toAll(old, into(value, plan)), old))
    }
  }
  const look = (mask: Node) => allPlaces(op, mask, `give a value of one element for all true ones, or use where()`)
  const plan = planOf(op, outlineOf(op, base, items, look))
  if (!stretches(value.sizes, plan.shape)) {
    throw new ShapeError(
      `${op}: a value of shape ${formatShape(value.sizes)} does not broadcast to ${formatShape(plan.shape)}, the shape of ` +
        `what the index ${formatIndex(items)} means; reshape it.`,
    )
  }
  const { picks } = plan
  if (picks === null) return changed(base, plan, (old) => toAll(old, into(value, plan)))
  const at = { op, mode: 'take', axis: picks.axis } as const
  return changed(base, plan, (old) => toPlaces(old, picks.index, into(value, plan), at))
}

const isMask = (item: IndexItem): item is Node => kinds.tensor.accepts(item) && (item as Node).dtype === 'bool'

/**
 * x with `value`, which is stretched to it, at an index as `at` takes it, several entries in an array:
 * `set(x, [0, ':'], row)`. Where indices repeat, the last one stays, in row-major order.
 */
export const set = composed('set', {
  takes: { x: kinds.tensor, index, value: written },
  call: (x: Node, index: Index, value: Written): Node => write('set', x, index, value, setting),
  samples: [
    [random(3), 1, 5],
    [random(3, 2), -1, random(2)],
    [random(3, 4), [':', 1], random(3)],
    [random(4, 5), ['::-2', '1:-1'], random(3)],
    [random(4, 5), ['::-2', '1:-1'], random(2, 1)],
    [random(2, 3), ['...', null, 0], random(2, 1)],
    [random(2, 3), [], random(3)],
    [random(2, 3), ['...'], random(2, 3)],
    [random(4), '2:2', random()],
    [random(5, 2), [[3, 1, 3]], random(3, 2)],
    [random(5, 2), [indices([2, 2], [0, 4, -1, -5])], random(2, 2, 2)],
    [random(3, 4, 2), [[0, 2], ':', [1, -1]], random(2, 4)],
    [random(2, 3, 4), [1, '::2', indices([3], [0, 2, 0])], random(3, 1)],
    [
      random(3, 3),
      [
        [0, 1, 2, 0],
        [0, 1, 2, 0],
      ],
      random(4),
    ],
    [random(2, 3), values([2, 3], [1, 0, 0, 1, 1, 0], 'bool'), 7],
  ],
  errors: [
    { args: [random(3, 2), 3, 0], error: IndexOutOfRangeError, says: ['set', 'index 3', '[3, 2]'] },
    { args: [random(3, 2), [0, 1, 0], 0], error: ShapeError, says: ['set', '(0, 1, 0)', '3 axes', '[3, 2]'] },
    { args: [random(3, 2), 0, random(3)], error: ShapeError, says: ['set', 'value of shape [3]', '[2]', 'index (0)'] },
    { args: [random(3, 2), [':', '1:y'], 0], error: ArgumentError, says: ['set', "'1:y'", "'y', at character 3"] },
    { args: [random(3), [[0, 3]], 0], error: IndexOutOfRangeError, says: ['set', 'index 3', 'axis 0', '[3]'] },
    { args: [random(3), indices([1], [3]), 0], error: IndexOutOfRangeError, says: ['set', 'index 3', 'axis 0'] },
    { args: [random(3), random(3), 0], error: DTypeError, says: ['set', 'float64[3]', 'int32'] },
    { args: [indices([3], [1, 2, 3]), 0, 0.5], error: DTypeError, says: ['set', '0.5', 'int32[3]', 'cast'] },
    {
      args: [random(2), values([3], [1, 0, 1], 'bool'), 0],
      error: ShapeError,
      says: ['set', 'mask of shape [3]', '[2]'],
    },
  ],
})

/** x with `value` added at an index as `set` takes it. Where indices repeat, all that goes there is added up. */
export const addAt = composed('addAt', {
  takes: { x: kinds.tensor, index, value: written },
  call: (x: Node, index: Index, value: Written): Node => write('addAt', x, index, value, adding),
  samples: [
    [random(3), 1, 5],
    [random(4, 5), ['::-2', '1:-1'], random(2, 1)],
    [random(5, 2), [[3, 1, 3]], random(3, 2)],
    [random(3, 4, 2), [[0, 2, 0], ':', indices([2, 1], [1, -1])], random(2, 3, 4)],
    [random(2, 3, 4), [1, '::2', indices([3], [0, 2, 0])], random(3, 1)],
  ],
  errors: [
    { args: [random(3, 2), 3, 0], error: IndexOutOfRangeError, says: ['addAt', 'index 3', '[3, 2]'] },
    { args: [random(3, 2), 0, random(3)], error: ShapeError, says: ['addAt', 'value of shape [3]', '[2]'] },
    { args: [indices([3], [1, 2, 3]), 0, 0.5], error: DTypeError, says: ['addAt', '0.5', 'int32[3]'] },
  ],
})

/**
 * x with `values` at the places that tensors of indices, one for each of the first axes, mean together; with `accumulate`
 * they are added to what is there.
 */
export const indexPut = composed('indexPut', {
  takes: { x: kinds.tensor, indices: kinds.tensors, values: written, options: { accumulate: kinds.boolean } },
  instead: 'pass the indices as one array, [rows, columns]',
  call: (
    x: Node,
    indices: readonly Node[],
    values: Written,
    { accumulate = false }: { readonly accumulate?: boolean } = {},
  ): Node => write('indexPut', x, indices, values, accumulate ? adding : setting),
  samples: [
    [random(4, 3), [indices([3], [0, 2, 0])], random(3, 3)],
    [random(4, 3), [indices([3, 1], [0, 2, 0]), indices([2], [1, -1])], random(3, 2)],
    [random(4, 3), [indices([3], [0, 2, 0]), indices([], [1])], random(3), { accumulate: true }],
    [random(2, 3), [values([2, 3], [1, 0, 0, 1, 1, 0], 'bool')], 7],
  ],
  errors: [
    { args: [random(3), [indices([1], [3])], 0], error: IndexOutOfRangeError, says: ['indexPut', 'index 3'] },
    { args: [random(3), [random(3)], 0], error: DTypeError, says: ['indexPut', 'float64[3]', 'int32'] },
    { args: [random(3), [indices([2], [0, 1])], random(3)], error: ShapeError, says: ['indexPut', '[3]', '[2]'] },
  ],
})
