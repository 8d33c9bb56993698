import { kinds, ShapeError, type Tensor } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireCount } from '../errors.js'
import * as kind from '../kinds.js'
import type { LastAxis } from './layer.js'
import { LazyLayer } from './lazy-layer.js'
import { Linear, type LinearOptions } from './linear.js'

const takes = checker('LazyLinear', {
  outputs: kind.count,
  options: { bias: kinds.boolean, init: kind.initializer, ...kind.creation },
})

/**
 * A `Linear` for as many features as its first input has: [..., features] becomes [..., O]. Before there was one it has no
 * parameters: what asks for them, as an optimizer, `stateDict()` and transforms do, is refused; so is a first forward in
 * compile or vmap. With it the object becomes a `Linear`, of that class, with `weight` and `bias` drawn then.
 *
 * @throws OptionError for a number of outputs that is no positive integer; ModuleError for parameters before the first
 *   forward; CompileError for a first forward in compile or vmap; ShapeError for x with other features than the first had
 * @example
 * const model = new Sequential(new LazyLinear(3), new ReLU(), new LazyLinear(2))
 * model.forward(zeros([5, 4]))   // Tensor<[5, 2]>
 * model.layers[0].weight         // Tensor<[4, 3]>
 */
export class LazyLinear<O extends number> extends LazyLayer<Linear<number, O>> {
  declare readonly out: LastAxis<this['in'], number, O>
  /** The length of what it gives. */
  readonly outputs: O
  private readonly options: LinearOptions

  constructor(outputs: O, options: LinearOptions = {}) {
    takes(arguments)
    super(options.dtype)
    requireCount('LazyLinear', 'outputs', outputs)
    this.outputs = outputs
    this.options = { ...options }
  }

  protected make({ shape }: Tensor): Linear<number, O> {
    const features = shape.at(-1)
    if (features === undefined || features === 0) {
      throw new ShapeError(
        `${this}: x has shape [${shape.join(', ')}], and its last axis is to say how many features there are; give an input ` +
          'with features.',
      )
    }
    return new Linear(features, this.outputs, this.options)
  }

  protected override details(): string {
    return `${this.outputs}`
  }
}
