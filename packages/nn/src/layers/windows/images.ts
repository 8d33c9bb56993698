import { AdjointError, ShapeError, type SpatialRank, type Tensor } from '@adjoint/autograd'
import { formatShape } from '../../shapes.js'
import { axisNames } from './sides.js'

/** Throws unless x is [batch, channels] and so many axes. */
export const requireImages = (layer: object, rank: SpatialRank, { shape }: Tensor): void => {
  if (shape.length === rank + 2) return
  const remedy =
    shape.length === rank + 1
      ? 'one example without a batch is expandDims(0), and what has no channels expandDims(1)'
      : 'reshape() x, or use the layer for as many axes'
  throw new ShapeError(`${layer}: expects [batch, channels, ${axisNames[rank]}], got ${formatShape(shape)}; ${remedy}.`)
}

/** Throws unless axis 1 of x, that of the channels, has this size. */
export const requireChannels = (layer: object, channels: number, { shape }: Tensor): void => {
  if (shape[1] === channels) return
  throw new ShapeError(
    `${layer}: expects ${channels} channels, got ${shape[1]}: x has shape ${formatShape(shape)}, and its axis 1 holds the ` +
      'channels; permute() what has them elsewhere, or make the layer for so many.',
  )
}

/** Calls an op in the name of a layer: an error begins with the layer's text in the place of the op's name. */
export const inNameOf = <R>(layer: object, call: () => R): R => {
  try {
    return call()
  } catch (error) {
    if (error instanceof AdjointError) error.message = `${layer}: ${error.message.replace(/^\w+: /, '')}`
    throw error
  }
}
