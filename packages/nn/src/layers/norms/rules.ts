import {
  elementwise,
  type MayEqual,
  type ScalarFunction,
  type Shaped,
  ShapeError,
  type ShowDim,
  type Tensor,
} from '@adjoint/autograd'
import { OptionError, requireOption } from '../../errors.js'
import { formatShape } from '../../shapes.js'

// What normalizing layers have in common: what x must be, and what is done once it is normalized.

const affine: ScalarFunction<3> = (m, x, scale, shift) => m.add(m.mul(x, scale), shift)
const scaleAndShift = elementwise('norm.affine', affine)

/** x times a scale plus a shift, which stretch to it; each may be missing. */
export const scaled = (x: Tensor, scale: Tensor | null, shift: Tensor | null): Tensor => {
  if (scale === null) return shift === null ? x : x.add(shift)
  return shift === null ? x.mul(scale) : scaleAndShift(x, scale, shift)
}

/** One number for each channel, laid along axis 1 of x. */
export const alongChannels = (numbers: Tensor | null, x: Tensor): Tensor | null =>
  numbers && (numbers.reshape(x.shape.map((_, axis) => (axis === 1 ? -1 : 1))) as Tensor)

export const requireEpsilon = (owner: string, epsilon: number): void =>
  requireOption(owner, 'epsilon', epsilon, epsilon > 0 && epsilon < Number.POSITIVE_INFINITY, 'a small positive number')

/** Throws for an option that would do nothing without another. */
export const requireFor = (owner: string, name: string, given: boolean, other: string, holds: boolean): void => {
  if (given && !holds) throw new OptionError(`${owner}: ${name} does nothing without ${other}; leave it out.`)
}

const placeAxes = ['', ', length', ', height, width', ', depth, height, width']

/** Throws unless x is [batch, channels, ...] and has as many axes as one of `ranks` says. */
export const requireRank = (layer: object, ranks: readonly number[] | null, { shape }: Tensor): void => {
  const rank = shape.length
  if (ranks === null ? rank < 2 : !ranks.includes(rank)) {
    const wanted =
      ranks?.map((rank) => `[batch, channels${placeAxes[rank - 2]}]`).join(' or ') ?? '[batch, channels, ...]'
    const remedy =
      ranks !== null && rank === ranks[0]! - 1
        ? 'add a batch axis with x.expandDims(0), or use the layer for other axes'
        : 'reshape x, or use the layer for other axes'
    throw new ShapeError(`${layer}: expects ${wanted}, got shape ${formatShape(shape)}; ${remedy}.`)
  }
}

/** Throws unless x is [batch, channels, ...] with so many channels, and has as many axes as one of `ranks` says. */
export const requireChannels = (layer: object, channels: number, ranks: readonly number[] | null, x: Tensor): void => {
  requireRank(layer, ranks, x)
  const { shape } = x
  if (shape[1] === channels) return
  throw new ShapeError(
    `${layer}: expects ${channels} channels, got ${shape[1]}: x has shape ${formatShape(shape)}, and its axis 1 must have size ` +
      `${channels}; move the channels there with moveAxis(), or make the layer for that many.`,
  )
}

/**
 * The rule of a layer that keeps shapes [batch, C channels, ...] with R axes; R of `number` is any.
 */
export type Channels<S, C, R extends number> = S extends readonly unknown[]
  ? number extends S['length']
    ? Shaped<S>
    : S extends readonly [unknown, infer K, ...unknown[]]
      ? S['length'] extends R
        ? MayEqual<K, C> extends true
          ? Shaped<S>
          : `expects ${ShowDim<C>} channels, got ${ShowDim<K>}`
        : WrongRank<S, R>
      : WrongRank<S, R>
  : never

type WrongRank<S extends readonly unknown[], R extends number> = `expects ${Wanted<R>}, got ${S['length']} axes`
type Wanted<R extends number> = number extends R
  ? '[batch, channels, ...]'
  : [R] extends [2 | 3]
    ? [3] extends [R]
      ? [2] extends [R]
        ? '[batch, channels] or [batch, channels, length]'
        : '[batch, channels, length]'
      : '[batch, channels]'
    : [R] extends [4]
      ? '[batch, channels, height, width]'
      : '[batch, channels, depth, height, width]'
