import type { Kind } from '../graph/arguments.js'
import { isFloat } from '../graph/dtype.js'
import { DTypeError, ShapeError } from '../graph/errors.js'
import type { Layout } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import { formatShape, requireSize, type Shape } from '../graph/shape.js'
import * as kinds from './kinds.js'
import { pad } from './pad.js'
import { unfold, type View } from './strided.js'

// How windows lie on what has some axes behind [batch, channels]. Convolution and pooling read overlapping windows. Looking
// through them costs nothing (a layout), and its adjoint adds up what they had in common; all else is reshaping, products
// and reductions, whose derivatives are known.

/** One number for all axes, or one for each. */
export type Sides = number | readonly number[]

/** Where windows stand, and which places they read: a number for all axes, or one for each. */
export interface WindowOptions {
  /** Distance between windows. Default 1 for convolution, the window's size for pooling. */
  readonly stride?: Sides
  /** Places added on either side, of zeros for convolution. Default 0. */
  readonly padding?: Sides
  /** Distance between the places that a window reads. Default 1. */
  readonly dilation?: Sides
}

/** The names of one, two and three axes. */
export const axisNames = ['length', 'height, width', 'depth, height, width'] as const
const wanted = [
  'a number',
  'a number, or one for the height and one for the width: [2, 1]',
  'a number, or one for the depth, the height and the width: [2, 1, 1]',
]

/** What a number for each of so many axes may be. */
export const sidesKind = (rank: number): Kind =>
  kinds.kind(
    wanted[rank - 1]!,
    (thing) => kinds.number.accepts(thing) || (kinds.shape.accepts(thing) && (thing as Shape).length === rank),
  )

/** The same, of as many axes as there are. */
export const anySides: Kind = kinds.kind(
  'a number, or one for each axis behind [batch, channels]',
  (thing) => kinds.number.accepts(thing) || kinds.shape.accepts(thing),
)

export const windowKinds = (rank: number): Readonly<Record<keyof WindowOptions, Kind>> => ({
  stride: sidesKind(rank),
  padding: sidesKind(rank),
  dilation: sidesKind(rank),
})

export const each = (sides: Sides, rank: number): readonly number[] =>
  typeof sides === 'number' ? new Array<number>(rank).fill(sides) : sides

/** How windows lie along an axis. */
export interface Along {
  /** That of the axis. */
  readonly dim: number
  readonly size: number
  readonly stride: number
  readonly dilation: number
  /** Places added in front and behind. */
  readonly before: number
  readonly after: number
  readonly count: number
}

/** From the first to the last place that a window reads. */
const reachOf = (size: number, dilation: number): number => dilation * (size - 1) + 1

export const requireIntegers = (op: string, name: string, numbers: readonly number[], least: number): void => {
  if (numbers.every((number) => Number.isInteger(number) && number >= least)) return
  throw new ShapeError(`${op}: ${name} ${formatShape(numbers)} given; use integers of at least ${least}.`)
}

/** Throws unless x is [batch, channels] and so many axes. */
export const requireAxes = (op: string, x: Node, rank: number): void => {
  if (x.sizes.length === rank + 2) return
  throw new ShapeError(
    `${op}: the input has shape ${formatShape(x.sizes)}; it must be [batch, channels, ${axisNames[rank - 1]}]: use ` +
      'expandDims.',
  )
}

export const requireFloat = (op: string, x: Node): void => {
  if (!isFloat(x.dtype)) throw new DTypeError(`${op}: the input is ${x}; cast it to 'float32' or 'float64'.`)
}

interface Lie extends Omit<WindowOptions, 'padding'> {
  readonly padding?: Sides | 'same' | 'valid'
  /** Whether a last window may reach beyond the end. */
  readonly ceilMode?: boolean
}

/** How windows lie on each axis of x behind [batch, channels], checked. */
export const geometryOf = (
  op: string,
  x: Pick<Node, 'sizes'>,
  size: Sides,
  { stride = 1, padding = 0, dilation = 1, ceilMode = false }: Lie,
): readonly Along[] => {
  const rank = x.sizes.length - 2
  const [sizes, strides, dilations] = [each(size, rank), each(stride, rank), each(dilation, rank)]
  const isSame = padding === 'same'
  const paddings = each(typeof padding === 'string' ? 0 : padding, rank)
  requireIntegers(op, 'size', sizes, 1)
  requireIntegers(op, 'stride', strides, 1)
  requireIntegers(op, 'dilation', dilations, 1)
  requireIntegers(op, 'padding', paddings, 0)
  if (isSame && strides.some((step) => step !== 1)) {
    throw new ShapeError(
      `${op}: padding 'same' with stride ${formatShape(strides)}; use a stride of 1, or pad by numbers.`,
    )
  }
  const lies = sizes.map((size, i): Along => {
    const [dim, stride, dilation] = [x.sizes[2 + i]!, strides[i]!, dilations[i]!]
    const reach = reachOf(size, dilation)
    const before = isSame ? (reach - 1) >> 1 : paddings[i]!
    const after = isSame ? reach - 1 - before : paddings[i]!
    const left = dim + before + after - reach
    const steps = left / stride
    // a window that begins behind the end would read nothing but padding
    const above = Math.ceil(steps) * stride < dim + before ? Math.ceil(steps) : Math.floor(steps)
    const last = ceilMode ? above : Math.floor(steps)
    return { dim, size, stride, dilation, before, after: after + Math.max(0, last * stride - left), count: last + 1 }
  })
  const reach = lies.map(({ size, dilation }) => reachOf(size, dilation))
  const padded = lies.map(({ dim }, i) => dim + (isSame ? reach[i]! - 1 : 2 * paddings[i]!))
  if (reach.some((length, i) => length > padded[i]!)) {
    throw new ShapeError(
      `${op}: a window reaching over ${formatShape(reach)} is larger than the padded image of ` +
        `${formatShape(padded)}, from input ${formatShape(x.sizes)}; pad more or use a smaller window.`,
    )
  }
  requireSize(op, [...x.sizes.slice(0, 2), ...lies.map(({ dim, before, after }) => dim + before + after)])
  requireSize(op, viewOf(x.sizes, lies).shape)
  return lies
}

/** `[batch, channels, ...axes] -> [batch, channels, ...windows, ...window]`. */
export const viewOf = ([batch, channels]: Shape, lies: readonly Along[]): View => {
  const axes: Layout['axes'] = [
    { source: 0, start: 0, step: 1 },
    { source: 1, start: 0, step: 1 },
    ...lies.map(({ stride }, i) => ({ source: 2 + i, start: 0, step: stride })),
    ...lies.map(({ dilation }, i) => ({ source: 2 + i, start: 0, step: dilation })),
  ]
  return { shape: [batch!, channels!, ...lies.map(({ count }) => count), ...lies.map(({ size }) => size)], axes }
}

/** The windows of x with its padding. */
export const windowsOf = (x: Node, lies: readonly Along[], padWith: number): Node => {
  const widths = lies.map(({ before, after }) => [before, after] as const)
  const isPadded = widths.some(([before, after]) => before + after > 0)
  const padded = isPadded ? pad(x, [[0, 0], [0, 0], ...widths], { value: padWith }) : x
  return unfold(padded, viewOf(x.sizes, lies))
}

/** How many places each window along an axis reads from `first` up to `end`. */
export const countReads = ({ size, stride, dilation, before, count }: Along, first: number, end: number): number[] =>
  Array.from({ length: count }, (_, window) => {
    const start = window * stride - before
    let reads = 0
    for (let k = 0; k < size; k++) if (start + k * dilation >= first && start + k * dilation < end) reads++
    return reads
  })

/** Throws if a window lies on padding with all its places. */
export const requireSight = (op: string, x: Node, lies: readonly Along[]): void => {
  for (const [i, along] of lies.entries()) {
    if (along.before === 0) continue
    const window = countReads(along, 0, along.dim).indexOf(0)
    if (window < 0) continue
    const paddings = lies.map(({ before }) => before)
    throw new ShapeError(
      `${op}: padding ${formatShape(paddings)} covers whole windows, as number ${window} along axis ${2 + i} of input ` +
        `${formatShape(x.sizes)}: there is no greatest element in it. Pad by at most half the size of a window.`,
    )
  }
}
