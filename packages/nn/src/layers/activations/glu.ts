import { glu, kinds, type Shaped, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireOption } from '../../errors.js'
import { Layer } from '../layer.js'
import type { Spliced } from '../shapes/rules.js'

const takes = checker('GLU', { axis: kinds.optional(kinds.axis) })

/**
 * a * sigmoid(b), of the first half a and the second half b of an axis, the last unless given: half as long afterwards (Dauphin
 * et al., Language modeling with gated convolutional networks, 2017).
 *
 * @throws OptionError for an axis that is no integer; AxisError for one that x lacks; ShapeError for one of an odd size
 * @example new GLU().forward(tensor([3, 0]))   // [1.5]
 */
export class GLU<A extends number = -1> extends Layer {
  declare readonly out: this['in'] extends readonly unknown[] ? Spliced<this['in'], A, [number]> : Shaped<number[]>
  /** The axis of the halves. */
  readonly axis: A

  constructor(axis: A = -1 as A) {
    takes(arguments)
    super()
    requireOption('GLU', 'axis', axis, Number.isInteger(axis), kinds.axis.wanted)
    this.axis = axis
  }

  protected run(x: Tensor): Tensor {
    return glu(x, this.axis as number) as Tensor
  }

  protected override details(): string {
    return `${this.axis}`
  }
}
