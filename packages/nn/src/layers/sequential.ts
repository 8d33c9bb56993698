import type { Shaped, Tensor } from '@adjoint/autograd'
import { refuseForeign } from '../copy.js'
import { OptionError } from '../errors.js'
import { Module } from '../module/module.js'
import { type Apply, Layer } from './layer.js'

/** A module, or a pair of its name and itself. */
export type Step = Module | readonly [name: string, module: Module]

type Unnamed<S> = S extends readonly [string, infer M] ? M : S
type ModulesOf<Steps extends readonly unknown[]> = { [K in keyof Steps]: Unnamed<Steps[K]> }

/**
 * Modules one after another: each takes what the one before returns. The compiler follows the shapes; a layer that cannot
 * take its predecessor's output is an error at that argument. A pair gives a layer a name, for paths; else it is its number.
 *
 * @throws ShapeError at run time, which names the layer
 * @example
 * const model = new Sequential(new Linear(4, 3), new ReLU(), new Linear(3, 2))
 * model.forward(zeros([5, 4]))   // Tensor<[5, 2]>
 * model.layers[0].weight         // Tensor<[4, 3]>
 * @example
 * const named = new Sequential(['encoder', new Linear(4, 3)], ['head', new Linear(3, 2)])
 * named.namedParameters().keys()   // encoder.weight, encoder.bias, head.weight, head.bias
 */
export class Sequential<const Steps extends readonly Step[]> extends Layer {
  declare readonly out: Through<ModulesOf<Steps>, this['in']>
  /** Its layers, in order. */
  readonly layers: Writable<ModulesOf<Steps>>
  /** What each is called in paths. */
  private readonly names: readonly string[]

  constructor(
    ...layers: {
      [K in keyof Steps]: FitAt<ModulesOf<Steps>, K> extends string ? FitAt<ModulesOf<Steps>, K> : Steps[K]
    }
  ) {
    super()
    const steps = (layers as readonly unknown[]).map((layer, i) =>
      isNamed(layer) ? layer : ([`${i}`, layer] as const),
    )
    this.layers = steps.map(([, layer]) => layer) as Writable<ModulesOf<Steps>>
    this.names = steps.map(([name]) => name)
    this.layers.forEach(requireLayer)
    requireNames(this.names)
  }

  protected run(x: Tensor): Tensor {
    this.layers.forEach((layer, i) => {
      // it may have been added since
      requireLayer(layer, i)
      x = (layer as unknown as Runnable).forward(x)
    })
    return x
  }

  protected override children(): Iterable<readonly [string, unknown]> {
    const { layers, names, ...others } = this
    return [...layers.map((layer, i) => [names[i] ?? `${i}`, layer] as const), ...Object.entries(others)]
  }
}

type Writable<L> = { -readonly [K in keyof L]: L[K] }

interface Runnable {
  forward(x: Tensor): Tensor
}

const isNamed = (layer: unknown): layer is readonly [string, Module] =>
  Array.isArray(layer) && layer.length === 2 && typeof layer[0] === 'string'

const requireNames = (names: readonly string[]): void => {
  names.forEach((name, i) => {
    const wrong =
      name === '' || name.includes('.')
        ? 'which cannot stand in a path; use a word without a dot'
        : names.indexOf(name) < i
          ? 'as another one is; names are there once'
          : null
    if (wrong !== null) throw new OptionError(`Sequential: layer ${i} is called '${name}', ${wrong}.`)
  })
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
