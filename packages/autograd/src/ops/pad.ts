import { ArgumentError, DTypeError, ShapeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { checkShape, formatShape } from '../graph/shape.js'
import { integers } from './constant.js'
import { composed } from './define.js'
import { indices, random } from './facts.js'
import * as kinds from './kinds.js'
import { requireFits } from './operand.js'
import { assemble, cut, isWhole } from './parts.js'
import { take } from './places.js'

// Places added around a tensor, or taken away.

/** What `pad` takes beside the widths. */
export interface PadOptions {
  /**
   * What the new places show: one number (`constant`, the default), or the tensor itself: mirrored at its last element
   * (`reflect`) or behind it (`symmetric`), that element again and again (`replicate`), or the tensor from its other end on
   * (`circular`).
   */
  readonly mode?: 'constant' | 'reflect' | 'symmetric' | 'replicate' | 'circular'
  /** What fills the new places in the mode `constant`. Default 0. */
  readonly value?: number
}

/** The place in an axis of this size that a place before or behind it shows. */
const modes: Readonly<
  Record<Exclude<PadOptions['mode'], 'constant' | undefined>, (at: number, dim: number) => number>
> = {
  reflect: (at, dim) => (dim === 1 ? 0 : dim - 1 - Math.abs(dim - 1 - modulo(at, 2 * dim - 2))),
  symmetric: (at, dim) => Math.min(modulo(at, 2 * dim), modulo(-1 - at, 2 * dim)),
  replicate: (at, dim) => Math.min(Math.max(at, 0), dim - 1),
  circular: (at, dim) => modulo(at, dim),
}
const modulo = (a: number, b: number): number => ((a % b) + b) % b

type Widths = readonly (readonly [before: number, after: number])[]
const widths = kinds.kind(
  'a pair [before, after] for each axis, such as [[1, 1], [0, 2]]',
  (thing) => Array.isArray(thing) && thing.every(Array.isArray),
)

/** Adds `widths[i] = [before, after]` places to axis i; a negative width takes places away. */
export const pad = composed('pad', {
  takes: {
    x: kinds.tensor,
    widths,
    options: { mode: kinds.oneOf('constant', 'reflect', 'symmetric', 'replicate', 'circular'), value: kinds.number },
  },
  instead: 'pass the widths as one array of pairs, [[1, 1], [0, 2]]',
  call: (x: Node, widths: Widths, { mode = 'constant', value }: PadOptions = {}): Node => {
    const fits =
      widths.length === x.sizes.length &&
      widths.every((pair) => pair.length === 2 && pair.every(Number.isInteger)) &&
      x.sizes.every((dim, i) => dim + Math.min(0, widths[i]![0]) + Math.min(0, widths[i]![1]) >= 0)
    if (!fits) {
      throw new ShapeError(
        `pad: widths [${widths.map(formatShape).join(', ')}] do not fit shape ${formatShape(x.sizes)}: give one pair ` +
          '[before, after] of integers for each axis; negative ones take away what is there, and no more.',
      )
    }
    const shape = checkShape(
      'pad',
      x.sizes.map((dim, i) => dim + widths[i]![0] + widths[i]![1]),
    )
    if (mode === 'constant') return padConstant(x, widths, shape, value ?? 0)
    if (value !== undefined) {
      throw new ArgumentError(`pad: value ${value} is of no use in mode '${mode}'; leave it out, or the mode.`)
    }
    return widths.reduce((padded, [before, after], axis) => {
      const dim = x.sizes[axis]!
      if (before === 0 && after === 0) return padded
      if (dim === 0 && shape[axis]! > 0) {
        throw new ShapeError(
          `pad: axis ${axis} of shape ${formatShape(x.sizes)} is empty, so that mode '${mode}' has nothing to show; ` +
            "use mode 'constant'.",
        )
      }
      const shown = Int32Array.from({ length: shape[axis]! }, (_, i) => modes[mode](i - before, dim))
      return take(padded, integers(x, shown), { op: 'pad', axis })
    }, x)
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
    [
      random(4, 3),
      [
        [-1, 2],
        [1, -2],
      ],
    ],
    [
      random(3, 2),
      [
        [2, 1],
        [0, 0],
      ],
      { mode: 'reflect' },
    ],
    [random(3), [[4, 6]], { mode: 'reflect' }],
    [random(1), [[2, 1]], { mode: 'reflect' }],
    [
      random(3, 2),
      [
        [2, 1],
        [5, 3],
      ],
      { mode: 'symmetric' },
    ],
    [
      random(2, 3),
      [
        [1, 0],
        [2, 2],
      ],
      { mode: 'replicate' },
    ],
    [
      random(2, 3),
      [
        [1, -1],
        [4, 2],
      ],
      { mode: 'circular' },
    ],
  ],
  errors: [
    { args: [random(2, 3), [[1, 1]]], error: ShapeError, says: ['pad', '[[1, 1]]', '[2, 3]', 'each axis'] },
    { args: [random(3), [[-2, -2]]], error: ShapeError, says: ['pad', '[[-2, -2]]', '[3]', 'no more'] },
    { args: [random(3), [[1]]], error: ShapeError, says: ['pad', '[[1]]', 'pair'] },
    { args: [random(3), [[2 ** 31, 0]]], error: ShapeError, says: ['pad', '[2147483651]', 'at most 2147483647'] },
    { args: [random(0), [[1, 0]], { mode: 'circular' }], error: ShapeError, says: ['pad', 'axis 0', '[0]', 'empty'] },
    {
      args: [random(2), [[1, 0]], { mode: 'reflect', value: 3 }],
      error: ArgumentError,
      says: ['pad', 'value 3', "'reflect'"],
    },
    {
      args: [indices([1], [3]), [[1, 0]], { value: 0.5 }],
      error: DTypeError,
      says: ['pad', '0.5', 'int32[1]', 'cast'],
    },
    { args: [indices([1], [3]), [[1, 0]], { value: NaN }], error: DTypeError, says: ['pad', 'NaN', 'int32[1]'] },
  ],
})

const padConstant = (x: Node, widths: Widths, shape: readonly number[], value: number): Node => {
  requireFits('pad', x, value)
  const steps = x.sizes.map(() => 1)
  const kept = {
    starts: widths.map(([before]) => Math.max(0, -before)),
    steps,
    counts: x.sizes.map((dim, i) => dim + Math.min(0, widths[i]![0]) + Math.min(0, widths[i]![1])),
  }
  return assemble([isWhole(kept, x.sizes) ? x : cut(x, kept)], {
    shape,
    fill: value,
    starts: [widths.map(([before]) => Math.max(0, before))],
    steps: [steps],
  })
}
