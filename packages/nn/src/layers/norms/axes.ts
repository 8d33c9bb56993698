import {
  type CreateOptions,
  kinds,
  type MayEqual,
  parameter,
  type Shape,
  type Shaped,
  ShapeError,
  type Show,
  type Tensor,
} from '@adjoint/autograd'
import { requireOption } from '../../errors.js'
import * as kind from '../../kinds.js'
import { formatShape, sameShape } from '../../shapes.js'
import { requireFeatures } from '../features.js'
import type { LastAxis } from '../layer.js'

// What layers that normalize the last axes have in common.

/** The size of the last axis, or the sizes of the last axes. */
export type Features = number | readonly number[]

/** A tensor with a number for each feature. */
export type PerFeature<F> = Tensor<
  F extends number ? [F] : F extends Shape ? { -readonly [K in keyof F]: F[K] } : never
>

export const perFeature = <F>(numbers: Tensor): PerFeature<F> => parameter(numbers) as unknown as PerFeature<F>

/** How a layer normalizes the last axes, and what it is made of. */
export interface AxesNormOptions extends CreateOptions {
  /** Added before the root is taken. Default 1e-5. */
  readonly epsilon?: number
  /** Whether to multiply by `scale`, which is trained. Default true. */
  readonly affine?: boolean
}

const featuresKind = kinds.kind(
  'a positive integer, or an array of them',
  (thing) => typeof thing === 'number' || kinds.shape.accepts(thing),
)

export const axesNormTakes = {
  features: featuresKind,
  options: { epsilon: kind.numberAs('a small positive number'), affine: kinds.boolean, dtype: kinds.dtype },
}

/** The sizes of the axes to normalize; throws for what are none. */
export const sizesOf = (owner: string, features: Features): number[] => {
  const sizes = typeof features === 'number' ? [features] : [...features]
  const wanted = typeof features === 'number' ? 'a positive integer' : 'positive integers, one or more'
  const holds = sizes.length > 0 && sizes.every((size) => Number.isSafeInteger(size) && size > 0)
  requireOption(owner, 'features', typeof features === 'number' ? features : formatShape(features), holds, wanted)
  return sizes
}

/** Throws unless the last axes of x have these sizes. */
export const requireLast = (layer: object, sizes: readonly number[], x: Tensor): void => {
  if (sizes.length === 1) {
    requireFeatures(layer, sizes[0]!, x)
    return
  }
  const last = x.shape.length < sizes.length ? x.shape : x.shape.slice(x.shape.length - sizes.length)
  if (sameShape(last, sizes)) return
  throw new ShapeError(
    `${layer}: expects ${formatShape(sizes)} features, got ${formatShape(last)}: x has shape ${formatShape(x.shape)}, and its last ` +
      `${sizes.length} axes must have these sizes; reshape x, or make the layer for those.`,
  )
}

/** -1, -2, ... for so many axes at the end. */
export const lastAxes = (sizes: readonly number[]): number[] => sizes.map((_, i) => i - sizes.length)

export const showFeatures = (features: Features): string =>
  typeof features === 'number' ? `${features}` : formatShape(features)

/** The rule of a layer that normalizes the last axes, of sizes F. */
export type LastAxes<S, F> = F extends number
  ? LastAxis<S, F, F>
  : F extends readonly [infer One]
    ? LastAxis<S, One, One>
    : S extends readonly unknown[]
      ? number extends S['length']
        ? Shaped<S>
        : F extends Shape
          ? Ending<S, F>
          : never
      : never

/** Axes from the end, one by one. */
type Ending<S extends readonly unknown[], F extends Shape, A = S, B = F> = number extends F['length']
  ? Shaped<S>
  : B extends readonly [...infer RestB, infer b]
    ? A extends readonly [...infer RestA, infer a]
      ? MayEqual<a, b> extends true
        ? Ending<S, F, RestA, RestB>
        : Misfit<S, F>
      : Misfit<S, F>
    : Shaped<S>
type Misfit<
  S,
  F extends Shape,
> = `expects ${Show<F>} features at the end of the shape, got ${S extends Shape ? Show<S> : '?'}`
