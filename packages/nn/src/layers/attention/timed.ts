import {
  DTypeError,
  type MayEqual,
  type Shape,
  type Shaped,
  ShapeError,
  type Show,
  type ShowDim,
  type Tensor,
} from '@adjoint/autograd'
import { formatShape } from '../../shapes.js'
import { requireFeatures } from '../features.js'
import type { LastAxis } from '../layer.js'

/** The rule of what takes sequences [..., time, I] and gives [..., time, O]. */
export type Timed<S, I, O> = S extends readonly [...infer Batch, infer T, infer K]
  ? MayEqual<K, I> extends true
    ? Shaped<[...Batch, T, O]>
    : `expects ${ShowDim<I>} features, got ${ShowDim<K>}`
  : S extends readonly [] | readonly [unknown]
    ? `expects [..., time, ${ShowDim<I>}], got ${S extends Shape ? Show<S> : '?'}`
    : LastAxis<S, I, O>

/** Throws unless x is [..., time, features]. @param name what the message calls x */
export const requireTimed = (owner: string, name: string, features: number, x: Tensor): void => {
  if (x.shape.length < 2) {
    throw new ShapeError(
      `${owner}: ${name} has shape ${formatShape(x.shape)}; it needs an axis of time before its features, ` +
        `[..., time, ${features}]: add one with expandDims(0).`,
    )
  }
}

/** Throws unless x is a sequence of floats, [..., time, features], in the words of a layer. */
export const requireSequence = (layer: object, features: number, x: Tensor): void => {
  if (x.dtype !== 'float32' && x.dtype !== 'float64') {
    throw new DTypeError(`${layer}: x is ${x}; it must hold floats: cast it to 'float32' or 'float64'.`)
  }
  requireFeatures(layer, features, x)
  requireTimed(`${layer}`, 'x', features, x)
}
