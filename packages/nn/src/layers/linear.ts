import {
  type CreateOptions,
  defaultDType,
  random as globalRandom,
  kinds,
  parameter,
  type Random,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireCount } from '../errors.js'
import { type Initializer, kaimingUniform, uniform } from '../init.js'
import * as kind from '../kinds.js'
import { type TorchLayout, transposed } from '../state/torch.js'
import { requireFeatures } from './features.js'
import { initial } from './initial.js'
import { type LastAxis, Layer } from './layer.js'

/** How the weights of a `Linear` begin. */
export interface LinearOptions extends CreateOptions {
  /** Whether to add a bias. Default true. */
  readonly bias?: boolean
  /** The first weights. Default `kaimingUniform({ a: Math.sqrt(5) })`, as in PyTorch. */
  readonly init?: Initializer
  /** Default the global `random`. */
  readonly random?: Random
}

const takes = checker('Linear', {
  inputs: kind.count,
  outputs: kind.count,
  options: { bias: kinds.boolean, init: kind.initializer, ...kind.creation },
})

/**
 * x @ weight + bias along the last axis: [..., I] becomes [..., O].
 * The weight has shape [inputs, outputs]: the transpose of PyTorch's. The bias starts evenly spread over
 * ±1/sqrt(inputs).
 *
 * @throws OptionError for a size that is no positive integer; ShapeError for x with other than `inputs` features
 * @example
 * const linear = new Linear(4, 3)
 * linear.forward(zeros([2, 4]))   // Tensor<[2, 3]>
 */
export class Linear<I extends number, O extends number> extends Layer {
  declare readonly out: LastAxis<this['in'], I, O>
  /** The length of what it takes. */
  readonly inputs: I
  /** The length of what it gives. */
  readonly outputs: O
  /** A row for each input: the transpose of PyTorch's. */
  readonly weight: Tensor<[I, O]>
  /** Null where the layer was made without one. */
  readonly bias: Tensor<[O]> | null

  constructor(inputs: I, outputs: O, options: LinearOptions = {}) {
    takes(arguments)
    super()
    requireCount('Linear', 'inputs', inputs)
    requireCount('Linear', 'outputs', outputs)
    const {
      bias = true,
      init = kaimingUniform({ a: Math.sqrt(5) }),
      random = globalRandom,
      dtype = defaultDType(),
    } = options
    this.inputs = inputs
    this.outputs = outputs
    this.weight = initial('Linear', init, [inputs, outputs], { fanIn: inputs, fanOut: outputs, random, dtype })
    const bound = 1 / Math.sqrt(inputs)
    this.bias = bias ? parameter(uniform(-bound, bound)([outputs], { random, dtype })) : null
  }

  protected run(x: Tensor): Tensor {
    requireFeatures(this, this.inputs, x)
    const product = x.matmul(this.weight)
    return this.bias === null ? product : product.add(this.bias)
  }

  protected override torchLayout(): TorchLayout {
    return { weight: transposed('weight') }
  }

  protected override details(): string {
    return `${this.inputs}, ${this.outputs}`
  }
}
