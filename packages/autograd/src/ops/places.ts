import type { Gather } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import { type Shape, sizeOf } from '../graph/shape.js'
import { specOf } from '../graph/value.js'
import { broadcastTo, reshape } from './broadcast.js'
import { constant, upTo, zerosLike } from './constant.js'
import { linear } from './define.js'
import { elementwise } from './elementwise.js'

// Reading at indices and adding at indices are each other's adjoint; and what is written at indices is read there again,
// but for what others were written over.

/** How indices and a tensor meet, as kernels say it. */
export interface Places {
  readonly op: string
  readonly mode: Gather['mode']
  readonly axis: number
  readonly negatives?: 'refused'
}

const resultShape = (x: Shape, index: Shape, { mode, axis }: Places): Shape =>
  mode === 'along' ? index : [...x.slice(0, axis), ...index, ...x.slice(axis + 1)]

export const read = linear('gather', {
  shape: ([x, index], at: Places) => ({ shape: resultShape(x!.sizes, index!.sizes, at), dtype: x!.dtype }),
  kernel: (_inputs, at) => ({ kind: 'gather', ...at }),
  adjoint: (cotangent, { inputs: [x, index], attrs }): Node => addTo(zerosLike(x!), index!, cotangent, attrs),
  parameters: [1],
  call:
    (apply) =>
    (x: Node, index: Node, at: Places): Node =>
      apply([x, index], at),
  samples: [],
})

/** The places of an axis, which is replaced by the axes of the indices. */
export const take = (x: Node, index: Node, { op, axis }: Pick<Places, 'op' | 'axis'>): Node =>
  read(x, index, { op, mode: 'take', axis })

export const addTo = linear('scatterAdd', {
  shape: ([base]) => specOf(base!),
  kernel: (_inputs, at: Places) => ({ kind: 'scatter', by: 'add', ...at }),
  adjoint: (cotangent, { inputs, attrs }, position): Node =>
    position === 0 ? cotangent : read(cotangent, inputs[1]!, attrs),
  parameters: [1],
  call:
    (apply) =>
    (base: Node, index: Node, source: Node, at: Places): Node =>
      apply([base, index, source], at),
  samples: [],
})

/** The last of several that are written to one place stays there. */
export const writeTo = linear('scatter', {
  shape: ([base]) => specOf(base!),
  kernel: (_inputs, at: Places) => ({ kind: 'scatter', by: 'set', ...at }),
  adjoint: (cotangent, { inputs: [base, index, source], attrs }, position): Node =>
    position === 0
      ? writeTo(cotangent, index!, zerosLike(source!), attrs)
      : elementwise.where(staying(base!.sizes, index!, attrs), read(cotangent, index!, attrs), 0),
  parameters: [1],
  call:
    (apply) =>
    (base: Node, index: Node, source: Node, at: Places): Node =>
      apply([base, index, source], at),
  samples: [],
})

/** Of what is written, whether it stays: the numbers of all are written, and read again. */
const staying = (base: Shape, index: Node, at: Places): Node => {
  const { axis, mode } = at
  const isTake = mode === 'take'
  const count = isTake ? sizeOf(index.sizes) : index.sizes[axis]!
  const numbers = upTo(index, count)
  const inPlace = isTake
    ? reshape(numbers, index.sizes)
    : broadcastTo(reshape(numbers, [count, ...base.slice(axis + 1).map(() => 1)]), index.sizes)
  const seen = isTake ? { ...at, axis: 0 } : at
  const slots = constant(index, -1, isTake ? [base[axis]!] : base)
  const stays = elementwise.equal(read(writeTo(slots, index, inPlace, seen), index, seen), inPlace)
  return isTake ? reshape(stays, [...index.sizes, ...base.slice(axis + 1).map(() => 1)]) : stays
}
