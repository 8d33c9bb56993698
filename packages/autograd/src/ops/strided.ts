import type { Layout } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import type { Shape } from '../graph/shape.js'
import { linear } from './define.js'

// Looking at elements along other axes costs nothing: overlapping windows, diagonals. The adjoint adds up what several
// places had in common.

/** The axes of what is looked at, and how each walks those of what is looked into. */
export interface View {
  readonly shape: Shape
  readonly axes: Layout['axes']
}

/** x seen along other axes, several of which may walk one of its own. */
export const unfold = linear('unfold', {
  shape: ([x], { shape }: View) => ({ shape, dtype: x!.dtype }),
  kernel: (_inputs, { axes }) => ({ kind: 'layout', axes }),
  adjoint: (cotangent, { inputs: [x], attrs: { axes } }): Node => fold(cotangent, { shape: x!.sizes, axes }),
  call:
    (apply) =>
    (x: Node, view: View): Node =>
      apply([x], view),
  samples: [],
})

/** Zeros of a shape, to which each element of x is added at the place where a look along these axes would find it. */
export const fold = linear('fold', {
  shape: ([x], { shape }: View) => ({ shape, dtype: x!.dtype }),
  kernel: (_inputs, { axes }) => ({ kind: 'fold', axes }),
  adjoint: (cotangent, { inputs: [x], attrs: { axes } }): Node => unfold(cotangent, { shape: x!.sizes, axes }),
  call:
    (apply) =>
    (x: Node, view: View): Node =>
      apply([x], view),
  samples: [],
})
