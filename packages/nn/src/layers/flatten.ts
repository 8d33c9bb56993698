import { checker, type FlattenShape, type Shaped, ShapeError, type Tensor } from '@adjoint/autograd'
import { Layer } from './layer.js'

const takes = checker('Flatten', {}, 'reshape() or ravel() make other shapes')

/**
 * All axes but the first as one: [batch, ...rest] becomes [batch, product of rest].
 *
 * @throws ShapeError for a scalar
 * @example new Flatten().forward(zeros([2, 3, 4]))   // Tensor<[2, 12]>
 */
export class Flatten extends Layer {
  declare readonly out: this['in'] extends infer S extends number[] ? FlattenShape<S> : Shaped<[number, number]>

  constructor() {
    takes(arguments)
    super()
  }

  protected run(x: Tensor): Tensor {
    if (x.shape.length === 0) throw new ShapeError('Flatten: a scalar has no batch axis to keep; use ravel().')
    return x.flatten()
  }
}
