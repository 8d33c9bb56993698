import { AdjointError, type Shaped, type Tensor } from '@adjoint/autograd'
import { refuseForeign } from '../copy.js'
import { OptionError } from '../errors.js'
import { Module } from '../module.js'
import { type Apply, Layer } from './layer.js'

/**
 * Modules one after another: each takes what the one before returns. The compiler follows the shapes; a layer that cannot
 * take its predecessor's output is an error at that argument.
 *
 * @throws ShapeError at run time, which names the layer
 * @example
 * const model = new Sequential(new Linear(4, 3), new ReLU(), new Linear(3, 2))
 * model.forward(zeros([5, 4]))   // Tensor<[5, 2]>
 * model.layers[0].weight         // Tensor<[4, 3]>
 */
export class Sequential<Layers extends Module[]> extends Layer {
  declare readonly out: Through<Layers, this['in']>
  /** Its layers, in order. */
  readonly layers: Layers

  constructor(...layers: { [K in keyof Layers]: FitAt<Layers, K> extends string ? FitAt<Layers, K> : Layers[K] }) {
    super()
    this.layers = layers as Layers
    this.layers.forEach(requireLayer)
  }

  protected run(x: Tensor): Tensor {
    this.layers.forEach((layer, i) => {
      // it may have been added since
      requireLayer(layer, i)
      try {
        x = (layer as unknown as Runnable).forward(x)
      } catch (error) {
        throw inLayer(i, error)
      }
    })
    return x
  }

  override toString(): string {
    return `Sequential(${this.layers.join(', ')})`
  }

  protected override children(): Iterable<readonly [string, unknown]> {
    const { layers, ...others } = this
    return [...Object.entries(layers), ...Object.entries(others)]
  }
}

interface Runnable {
  forward(x: Tensor): Tensor
}

const requireLayer = (layer: unknown, index: number): void => {
  const runs = typeof (layer as Partial<Runnable> | null)?.forward === 'function'
  if (runs && layer instanceof Module) return
  refuseForeign(`Sequential: layer ${index}`, layer)
  const remedy = Array.isArray(layer)
    ? 'is an array; pass what is in it: new Sequential(...layers)'
    : runs
      ? 'is no Module, so that its parameters would not be found; make its class extend Module'
      : 'has no forward(x); pass modules, such as new ReLU()'
  throw new OptionError(`Sequential: layer ${index} ${remedy}.`)
}

/** The error with the number of the layer before its message. */
const inLayer = (index: number, error: unknown): unknown => {
  if (!(error instanceof AdjointError)) return error
  const Class = error.constructor as new (message: string, options: ErrorOptions) => AdjointError
  return new Class(`layer ${index}: ${error.message}`, { cause: error })
}

type Tuple = readonly unknown[]

/** The layers one after another, from shape S. */
type Through<Layers extends Tuple, S, Number extends Tuple = []> = Layers extends readonly [infer L, ...infer Rest]
  ? Apply<L, S> extends infer R
    ? R extends Shaped<infer Next>
      ? Through<Rest, Next, [...Number, 0]>
      : `layer ${Number['length']}: ${R & string}`
    : never
  : Layers extends readonly []
    ? Shaped<S>
    : Shaped<number[]>

/** The layers, the first misfit replaced by its sentence. */
type Fit<Layers extends Tuple, S = number[], Done extends Tuple = []> = Layers extends readonly [infer L, ...infer Rest]
  ? Apply<L, S> extends infer R
    ? R extends Shaped<infer Next>
      ? Fit<Rest, Next, [...Done, L]>
      : [...Done, R, ...Rest]
    : never
  : [...Done, ...Layers]
type FitAt<Layers extends Tuple, K> = Fit<Layers>[K & keyof Fit<Layers>]
