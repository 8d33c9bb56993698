import { type DType, parameter, refuseInCompiled, type Tensor, zeros } from '@adjoint/autograd'
import { ModuleError } from '../errors.js'
import { Layer } from './layer.js'

/** What a layer is called that learns with a weight and a bias. */
type WeightOf<L> = L extends { readonly weight: infer W } ? W : never
type BiasOf<L> = L extends { readonly bias: infer B } ? B : never

/**
 * A layer that learns from its first input how many features or channels it takes, and from then on is the layer for that
 * many: the same object is of that class and has its parameters.
 */
export abstract class LazyLayer<L extends Layer> extends Layer {
  /** @param dtype that of its parameters, if it is given. @throws DTypeError for one that cannot be trained */
  protected constructor(dtype: DType | undefined) {
    super()
    if (dtype !== undefined) parameter(zeros([], { dtype }))
  }

  /** The weight. @throws ModuleError before the first input */
  get weight(): WeightOf<L> {
    throw this.unmade()
  }

  /** The bias; null where there is none. @throws ModuleError before the first input */
  get bias(): BiasOf<L> {
    throw this.unmade()
  }

  /** Makes the layer for inputs of this shape, or says what is wrong with it. */
  protected abstract make(x: Tensor): L

  protected run(x: Tensor): Tensor {
    refuseInCompiled(`${this}: its first input makes its parameters`, `${firstForward}, outside`)
    const layer = this.make(x)
    const output = (layer as unknown as { forward(x: Tensor): Tensor }).forward(x)
    become(this, layer)
    return output
  }

  protected override pending(): string | null {
    return `it has no parameters before its first input, which says how many it takes; ${firstForward}.`
  }

  protected override children(): Iterable<readonly [string, unknown]> {
    return []
  }

  private unmade(): ModuleError {
    return new ModuleError(`${this}: ${this.pending()}`)
  }
}

const firstForward = 'call forward once, with an input of the right shape'

/** Gives an object the class and the properties of another, whatever holds it. Its mode and its hooks stay. */
const become = (thing: object, other: object): void => {
  for (const key of Object.keys(thing)) delete (thing as Record<string, unknown>)[key]
  Object.setPrototypeOf(thing, Object.getPrototypeOf(other))
  Object.defineProperties(thing, Object.getOwnPropertyDescriptors(other))
}
