import { ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, sameShape } from '../graph/shape.js'
import { reshape } from './broadcast.js'
import { underived } from './define.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'
import { ravel } from './layout.js'

export interface SearchOptions {
  /** Before elements that are equal, or behind them. Default 'left'. */
  readonly side?: 'left' | 'right'
}

const line = values([4], [-1, 0.5, 0.5, 2])

/**
 * Where elements belong in a line that is sorted: how many of it come before. Of several lines, [..., n], each is for the
 * elements in the same place, [..., m]. int32.
 */
export const searchSorted = underived('searchSorted', {
  shape: ([, elements]) => ({ shape: elements!.sizes, dtype: 'int32' }),
  kernel: (_inputs, orEqual: boolean) => ({ kind: 'search', orEqual }),
  takes: { sorted: kinds.ascending, elements: kinds.tensor, options: { side: kinds.oneOf('left', 'right') } },
  call:
    (apply) =>
    (sorted: Node, elements: Node, { side = 'left' }: SearchOptions = {}): Node => {
      const orEqual = side === 'right'
      if (sorted.sizes.length === 1) return reshape(apply([sorted, ravel(elements)], orEqual), elements.sizes)
      const batch = sorted.sizes.slice(0, -1)
      if (sorted.sizes.length !== elements.sizes.length || !sameShape(batch, elements.sizes.slice(0, -1))) {
        throw new ShapeError(
          `searchSorted: lines ${formatShape(sorted.sizes)} and elements ${formatShape(elements.sizes)} must have equal ` +
            'shapes beside the last axis; one line, [n], is for elements of any shape.',
        )
      }
      return apply([sorted, elements], orEqual)
    },
  samples: [
    [line, random(3)],
    [line, values([2, 2], [0.5, -1, 3, -7]), { side: 'right' }],
    [values([2, 3], [1, 3, 5, 2, 4, 6]), values([2, 2], [3, 0, 4, 9])],
    [line, values([], [0.5])],
    [random(0), random(2)],
  ],
  errors: [
    { args: [random(2, 3), random(3, 2)], error: ShapeError, says: ['searchSorted', '[2, 3]', '[3, 2]', 'one line'] },
    { args: [random(), random(2)], error: ShapeError, says: ['searchSorted', '[]', '[2]'] },
  ],
})
