import type { Node } from '../graph/node.js'
import { type Shape, sameShape } from '../graph/shape.js'
import { specOf } from '../graph/value.js'
import { zerosLike } from './constant.js'
import { linear, primitive } from './define.js'

// Cutting windows out of tensors and laying tensors into windows are each other's adjoint.

/** Every `steps[i]`-th element of axis i from `starts[i]`, `counts[i]` of them; backwards where the step is negative. */
export interface Window {
  readonly starts: readonly number[]
  readonly steps: readonly number[]
  readonly counts: readonly number[]
}

/** Whether it is all of a shape, as it is. */
export const isWhole = ({ steps, counts }: Window, shape: Shape): boolean =>
  sameShape(counts, shape) && steps.every((step, i) => step === 1 || counts[i]! <= 1)

export const cut = linear('slice', {
  shape: ([x], { counts }: Window) => ({ shape: counts, dtype: x!.dtype }),
  kernel: (_inputs, { starts, steps }) => ({
    kind: 'layout',
    axes: starts.map((start, source) => ({ source, start, step: steps[source]! })),
  }),
  adjoint: (cotangent, { inputs: [x], attrs }) => putBack(cotangent, x!.sizes, attrs),
  call: (apply) => (x: Node, window: Window) => apply([x], window),
  samples: [],
})

/** Zeros of this shape with x in the window. */
const putBack = (x: Node, shape: Shape, { starts, steps, counts }: Window): Node => {
  const backwards = steps.some((step) => step < 0)
  const ascending = backwards
    ? cut(x, {
        starts: steps.map((step, i) => (step < 0 ? Math.max(0, counts[i]! - 1) : 0)),
        steps: steps.map(Math.sign),
        counts,
      })
    : x
  const first = starts.map((start, i) => {
    if (counts[i] === 0) return 0
    return steps[i]! < 0 ? start + (counts[i]! - 1) * steps[i]! : start
  })
  return assemble([ascending], { shape, fill: 0, starts: [first], steps: [steps.map(Math.abs)] })
}

/** A tensor of this shape with each input in its window, and `fill` elsewhere. The windows do not overlap. */
interface Assembly {
  readonly shape: Shape
  readonly fill: number
  readonly starts: readonly (readonly number[])[]
  readonly steps: readonly (readonly number[])[]
}

export const assemble = primitive('assemble', {
  shape: ([x], { shape }: Assembly) => ({ shape, dtype: x!.dtype }),
  kernel: (_inputs, { fill, starts, steps }) => ({ kind: 'assemble', fill, starts, steps }),
  vjp: (cotangent, { inputs, attrs: { starts, steps } }, wants) =>
    inputs.map(({ sizes }, i) =>
      wants(i) ? cut(cotangent, { starts: starts[i]!, steps: steps[i]!, counts: sizes }) : null,
    ),
  jvp: (tangents, { inputs, attrs }): Node =>
    assemble(
      inputs.map((input, i) => tangents[i] ?? zerosLike(input)),
      { ...attrs, fill: 0 },
    ),
  call: (apply) => (inputs: readonly Node[], assembly: Assembly) => apply(inputs, assembly),
  samples: [],
})

/** x with something else, of the same dtype, in the window. */
export const overwrite = linear('set', {
  shape: ([x]) => specOf(x!),
  kernel: ([x], { starts, steps }: Window) => ({
    kind: 'assemble',
    fill: 0,
    starts: [x!.sizes.map(() => 0), starts],
    steps: [x!.sizes.map(() => 1), steps],
  }),
  adjoint: (cotangent, { inputs: [, part], attrs }, index): Node =>
    index === 0 ? overwrite(cotangent, zerosLike(part!), attrs) : cut(cotangent, attrs),
  call: (apply) => (x: Node, part: Node, window: Window) => apply([x, part], window),
  samples: [],
})

/** What of an axis of this size Python's `start:end:step` shows: negatives count from the end, ends beyond it are cut. */
export const stretchOf = (
  dim: number,
  start: number | null | undefined,
  end: number | null | undefined,
  step: number,
): { readonly start: number; readonly count: number } => {
  const low = step > 0 ? 0 : -1
  const high = step > 0 ? dim : dim - 1
  const clip = (bound: number) => Math.min(Math.max(bound < 0 ? bound + dim : bound, low), high)
  const from = start === null || start === undefined ? (step > 0 ? low : high) : clip(start)
  const to = end === null || end === undefined ? (step > 0 ? high : low) : clip(end)
  const count = Math.max(0, Math.ceil((to - from) / step))
  return { start: count > 0 ? from : 0, count }
}
