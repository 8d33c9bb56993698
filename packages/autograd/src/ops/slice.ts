import { holds, promote } from '../graph/dtype.js'
import { AxisError, DTypeError, IndexOutOfRangeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape, normalizeAxis, type Shape } from '../graph/shape.js'
import { cast } from './cast.js'
import { zerosLike } from './constant.js'
import { composed, linear, primitive } from './define.js'
import { indices, random } from './facts.js'
import * as kinds from './kinds.js'

// Cutting windows out of tensors and putting tensors into windows are each other's adjoint.

/** Every `steps[i]`-th element of axis i from `starts[i]`, `counts[i]` of them; backwards where the step is negative. */
interface Window {
  readonly starts: readonly number[]
  readonly steps: readonly number[]
  readonly counts: readonly number[]
}

const cut = linear('slice', {
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

const assemble = primitive('assemble', {
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

/** An axis of this length with each tensor at every `step`-th place of it from its start on: all places are taken, each once. */
export const interleave = (
  parts: readonly { readonly x: Node; readonly start: number; readonly step: number }[],
  axis: number,
  length: number,
): Node =>
  assemble(
    parts.map(({ x }) => x),
    {
      shape: parts[0]!.x.sizes.with(axis, length),
      fill: 0,
      starts: parts.map(({ x, start }) => x.sizes.map((_, i) => (i === axis ? start : 0))),
      steps: parts.map(({ x, step }) => x.sizes.map((_, i) => (i === axis ? step : 1))),
    },
  )

/** Which elements of a slice are taken. */
export interface SliceOptions {
  /** Take every step-th element; a negative step runs backwards. Default 1. */
  readonly step?: number
}

const bound = kinds.optional(
  kinds.kind('an integer, or null for the end of the axis', (thing) => thing === null || typeof thing === 'number'),
)

/**
 * Elements `start` up to but not including `end` of an axis, by Python's rules: negatives count from the end, ends
 * beyond the axis are cut.
 */
export const slice = composed('slice', {
  takes: { x: kinds.tensor, axis: kinds.axis, start: bound, end: bound, options: { step: kinds.number } },
  call: (x: Node, axis: number, start?: number | null, end?: number | null, options: SliceOptions = {}): Node => {
    const step = options.step ?? 1
    const position = normalizeAxis('slice', axis, x.sizes)
    const dim = x.sizes[position]!
    const bounds = { start, end, step }
    for (const [name, bound] of Object.entries(bounds)) {
      if (bound !== null && bound !== undefined && !Number.isInteger(bound)) {
        throw new IndexOutOfRangeError(
          `slice: ${name} ${typeof bound === 'string' ? `'${bound}'` : bound} of shape ${formatShape(x.sizes)} is not an integer; use one, or null for the end of the axis.`,
        )
      }
    }
    if (step === 0) throw new IndexOutOfRangeError('slice: step 0 goes nowhere; use a positive or negative integer.')
    const low = step > 0 ? 0 : -1
    const high = step > 0 ? dim : dim - 1
    const clip = (bound: number) => Math.min(Math.max(bound < 0 ? bound + dim : bound, low), high)
    const from = start === null || start === undefined ? (step > 0 ? low : high) : clip(start)
    const to = end === null || end === undefined ? (step > 0 ? high : low) : clip(end)
    const count = Math.max(0, Math.ceil((to - from) / step))
    return cut(x, {
      starts: x.sizes.map((_, i) => (i === position && count > 0 ? from : 0)),
      steps: x.sizes.map((_, i) => (i === position ? step : 1)),
      counts: x.sizes.with(position, count),
    })
  },
  samples: [
    [random(5), 0, 1, 4],
    [random(3, 5), 1, -3],
    [random(3, 5), -1, 4, 0, { step: -2 }],
    [random(7), 0, 0, null, { step: 3 }],
    [random(4), 0, 3, 1],
    [random(4), 0, null, null, { step: -1 }],
  ],
  errors: [
    { args: [random(3), 1, 0, 1], error: AxisError, says: ['slice', 'axis 1', '[3]'] },
    { args: [random(3), 0, Number.NaN], error: IndexOutOfRangeError, says: ['slice', 'NaN', '[3]', 'integer'] },
    { args: [random(3), 0, 0, 2, { step: 0 }], error: IndexOutOfRangeError, says: ['slice', 'step 0'] },
  ],
})

/** The elements of an axis in reverse order. */
export const flip = composed('flip', {
  takes: { x: kinds.tensor, axis: kinds.axis },
  call: (x: Node, axis: number): Node => slice(x, normalizeAxis('flip', axis, x.sizes), null, null, { step: -1 }),
  samples: [
    [random(4), 0],
    [random(2, 3), -1],
  ],
  errors: [{ args: [random(3), 1], error: AxisError, says: ['flip', 'axis 1', '[3]'] }],
})

/** What `pad` adds. */
export interface PadOptions {
  /** What fills the new places. Default 0. */
  readonly value?: number
}

const widths = kinds.kind(
  'a pair [before, after] for each axis, such as [[1, 1], [0, 2]]',
  (thing) => Array.isArray(thing) && thing.every(Array.isArray),
)

/** Adds `widths[i] = [before, after]` places to axis i. */
export const pad = composed('pad', {
  takes: { x: kinds.tensor, widths, options: { value: kinds.number } },
  instead: 'pass the widths as one array of pairs, [[1, 1], [0, 2]]',
  call: (x: Node, widths: readonly (readonly [number, number])[], { value = 0 }: PadOptions = {}): Node => {
    const fits =
      widths.length === x.sizes.length && widths.flat().every((width) => Number.isInteger(width) && width >= 0)
    if (!fits) {
      throw new ShapeError(
        `pad: widths [${widths.map(formatShape).join(', ')}] do not fit shape ${formatShape(x.sizes)}: ` +
          'give one pair [before, after] of integers of at least 0 for each axis; slice() makes a tensor smaller.',
      )
    }
    if (!holds(x.dtype, value)) {
      throw new DTypeError(`pad: value ${value} does not fit ${x}; cast it to a float, or choose another value.`)
    }
    const shape = x.sizes.map((dim, i) => dim + widths[i]![0] + widths[i]![1])
    return assemble([x], {
      shape: checkShape('pad', shape),
      fill: value,
      starts: [widths.map(([before]) => before)],
      steps: [x.sizes.map(() => 1)],
    })
  },
  samples: [
    [random(3), [[1, 2]]],
    [
      random(2, 3),
      [
        [0, 1],
        [2, 0],
      ],
      { value: 7 },
    ],
  ],
  errors: [
    { args: [random(2, 3), [[1, 1]]], error: ShapeError, says: ['pad', '[[1, 1]]', '[2, 3]', 'each axis'] },
    { args: [random(3), [[-1, 0]]], error: ShapeError, says: ['pad', 'slice()'] },
    { args: [random(3), [[2 ** 31, 0]]], error: ShapeError, says: ['pad', '[2147483651]', 'at most 2147483647'] },
    {
      args: [indices([1], [3]), [[1, 0]], { value: 0.5 }],
      error: DTypeError,
      says: ['pad', '0.5', 'int32[1]', 'cast'],
    },
    { args: [indices([1], [3]), [[1, 0]], { value: NaN }], error: DTypeError, says: ['pad', 'NaN', 'int32[1]'] },
  ],
})

/** Tensors one after another along an existing axis; their other dimensions are equal. */
export const concat = composed('concat', {
  takes: { tensors: kinds.tensors, axis: kinds.optional(kinds.axis) },
  instead: 'pass the tensors as one array, [a, b]',
  call: (tensors: readonly Node[], axis = 0): Node => {
    const [first] = tensors
    if (first === undefined) throw new ShapeError('concat: no tensors to join; pass at least one.')
    const position = normalizeAxis('concat', axis, first.sizes)
    const dtype = tensors.map((tensor) => tensor.dtype).reduce(promote)
    const starts: number[][] = []
    let length = 0
    for (const { sizes: shape } of tensors) {
      const fits =
        shape.length === first.sizes.length && shape.every((dim, i) => i === position || dim === first.sizes[i])
      if (!fits) {
        throw new ShapeError(
          `concat: shapes ${tensors.map((tensor) => formatShape(tensor.sizes)).join(', ')} differ ` +
            `beside axis ${axis}; only the joined axis may differ. stack() joins along a new axis.`,
        )
      }
      starts.push(shape.map((_, i) => (i === position ? length : 0)))
      length += shape[position]!
    }
    return assemble(
      tensors.map((tensor) => cast(tensor, dtype)),
      {
        shape: checkShape('concat', first.sizes.with(position, length)),
        fill: 0,
        starts,
        steps: starts.map((start) => start.map(() => 1)),
      },
    )
  },
  samples: [[[random(2, 3), random(1, 3)]], [[random(2, 1), random(2, 3), random(2, 2)], -1]],
  errors: [
    { args: [[]], error: ShapeError, says: ['concat', 'at least one'] },
    { args: [[random(2, 3), random(2, 4)], 0], error: ShapeError, says: ['concat', '[2, 3], [2, 4]', 'axis 0'] },
    { args: [[random(2), random(2)], 1], error: AxisError, says: ['concat', 'axis 1'] },
  ],
})
