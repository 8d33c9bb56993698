import { ShapeError, type Tensor } from '@adjoint/autograd'
import { formatShape } from '../shapes.js'

/** Throws unless the last axis of x has this size. */
export const requireFeatures = (layer: object, features: number, { shape }: Tensor): void => {
  if (shape[shape.length - 1] === features) return
  const got = shape.length === 0 ? 'a scalar' : `${shape.at(-1)}`
  throw new ShapeError(
    `${layer}: expects ${features} features, got ${got}: x has shape ${formatShape(shape)}, and its last axis ` +
      `must have size ${features}; reshape or flatten x, or make the layer for that many features.`,
  )
}
