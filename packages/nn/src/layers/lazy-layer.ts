import { type DType, parameter, refuseInCompiled, type Tensor, zeros } from '@adjoint/autograd'
import { ModuleError } from '../errors.js'
import { Layer } from './layer.js'

interface Learned extends Layer {
  readonly weight: Tensor
  readonly bias: Tensor | null
}

/**
 * A layer that learns from its first input how many features or channels it takes, and then is the layer for that many. Its
 * parameters have the paths that they would have there.
 */
export abstract class LazyLayer<L extends Layer> extends Layer {
  private made: L | null = null

  /** @param dtype that of its parameters, if it is given. @throws DTypeError for one that cannot be trained */
  protected constructor(dtype: DType | undefined) {
    super()
    if (dtype !== undefined) parameter(zeros([], { dtype }))
  }

  /** Whether there was a first input, so that there are parameters. */
  get isMade(): boolean {
    return this.made !== null
  }

  /** The layer that it is since its first input. @throws ModuleError before */
  get layer(): L {
    if (this.made === null) throw new ModuleError(`${this}: ${this.pending()}`)
    return this.made
  }

  /** The weight of that layer. @throws ModuleError before the first input */
  get weight(): L extends { readonly weight: infer W } ? W : never {
    return (this.layer as unknown as Learned).weight as never
  }

  /** The bias of that layer; null where it has none. @throws ModuleError before the first input */
  get bias(): L extends { readonly bias: infer B } ? B : never {
    return (this.layer as unknown as Learned).bias as never
  }

  /** Makes the layer for inputs of this shape, or says what is wrong with it. */
  protected abstract make(x: Tensor): L

  protected run(x: Tensor): Tensor {
    if (this.made !== null) return outputOf(this.made, x)
    refuseInCompiled(`${this}: its first input makes its parameters`, `${firstForward}, outside`)
    const layer = this.make(x)
    const output = outputOf(layer, x)
    this.made = layer
    return output
  }

  protected override pending(): string | null {
    if (this.made !== null) return null
    return `it has no parameters before its first input, which says how many it takes; ${firstForward}.`
  }

  protected override children(): Iterable<readonly [string, unknown]> {
    return this.made === null ? [] : Object.entries(this.made)
  }
}

const firstForward = 'call forward once, with an input of the right shape'

const outputOf = (layer: Layer, x: Tensor): Tensor => (layer as unknown as { forward(x: Tensor): Tensor }).forward(x)
