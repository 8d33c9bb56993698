import { ArgumentError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, requireSize } from '../graph/shape.js'
import { broadcastTo, reshape } from './broadcast.js'
import { composed } from './define.js'
import { random } from './facts.js'
import * as kinds from './kinds.js'

export interface MeshgridOptions {
  /** 'xy' (the default, as in NumPy): the first tensor runs along the second axis, as x does in a picture. Or 'ij'. */
  readonly indexing?: 'xy' | 'ij'
}

/** The coordinates of all points of a grid: of each vector a tensor in which it runs along its own axis. */
export const meshgrid = composed('meshgrid', {
  takes: { tensors: kinds.tensors, options: { indexing: kinds.oneOf('xy', 'ij') } },
  instead: 'pass the vectors as one array, [x, y]',
  call: (tensors: readonly Node[], { indexing = 'xy' }: MeshgridOptions = {}): readonly Node[] => {
    if (tensors.length === 0) throw new ArgumentError('meshgrid: no vectors given; pass at least one.')
    for (const { sizes } of tensors) {
      if (sizes.length !== 1) {
        throw new ShapeError(`meshgrid: it takes vectors, and one has shape ${formatShape(sizes)}; use ravel().`)
      }
    }
    const axisOf = (i: number) => (indexing === 'xy' && i < 2 && tensors.length > 1 ? 1 - i : i)
    const shape = tensors.map((_, i) => tensors[axisOf(i)]!.sizes[0]!)
    requireSize('meshgrid', shape)
    return tensors.map((tensor, i) => {
      const along = shape.map((_, axis) => (axis === axisOf(i) ? tensor.sizes[0]! : 1))
      return broadcastTo(reshape(tensor, along), shape)
    })
  },
  samples: [
    [[random(3), random(2)]],
    [[random(3), random(2)], { indexing: 'ij' }],
    [[random(2), random(3), random(4)]],
    [[random(3)]],
  ],
  errors: [
    { args: [[]], error: ArgumentError, says: ['meshgrid', 'at least one'] },
    { args: [[random(3), random(2, 2)]], error: ShapeError, says: ['meshgrid', '[2, 2]', 'ravel()'] },
  ],
})
