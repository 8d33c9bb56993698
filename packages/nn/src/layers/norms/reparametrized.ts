import { type AnyTensor, type Arg, type Kind, kinds, type Out, Tensor } from '@adjoint/autograd'
import { refuseForeign } from '../../copy.js'
import { ModuleError, OptionError } from '../../errors.js'
import { Module, torchLayoutOf } from '../../module/module.js'
import { isPlainObject } from '../../state/properties.js'
import type { Apply } from '../layer.js'
import { TransposedConvolution } from '../windows/transposed.js'

/** A module that can be wrapped: one with a method `forward`. */
export type Runs = Module & { forward(...inputs: never): unknown }

/** Of what is no layer: the shapes of those have a rule. */
type Inputs<M> = M extends { readonly out: unknown }
  ? [never]
  : M extends { forward(...inputs: infer A): unknown }
    ? A
    : never
type Output<M> = M extends { forward(...inputs: never): infer Y } ? Y : never

export const wrapped: Kind = {
  ...kinds.kind(
    'a module with a method forward, such as new Linear(3, 4)',
    (thing) => thing instanceof Module && typeof (thing as unknown as { forward: unknown }).forward === 'function',
  ),
  refuse: refuseForeign,
}

/** Where a parameter stands: in which object, and under which name. */
interface Place {
  readonly holder: object
  readonly key: string
}

/**
 * A module around another, one parameter of which is computed from parameters of this one. The wrapped module has it while it
 * runs, and neither before nor after: asked for it, it names the wrapper.
 */
export abstract class Reparametrized<M extends Runs> extends Module {
  /** For the compiler only: the shape of what it is given. */
  declare readonly in: unknown
  /** For the compiler only: the shape of what it gives, or what is wrong with what it is given. */
  declare readonly out: Apply<M, this['in']>
  /** The module whose parameter is computed. */
  readonly module: M
  /** The path of that parameter in the module. */
  readonly name: string

  constructor(module: M, name: string) {
    super()
    this.module = module
    this.name = name
  }

  /** What the module gives with the computed parameter. */
  forward<X extends AnyTensor>(x: Arg<X, Apply<M, X['shape']>>): Out<Apply<M, X['shape']>>
  forward(...inputs: Inputs<M>): Output<M>
  forward(...inputs: unknown[]): unknown {
    const { holder, key } = placeOf(this.module, this.name)
    const absent = Object.getOwnPropertyDescriptor(holder, key)!
    const value = this.computed(this.training)
    Object.defineProperty(holder, key, { value, configurable: true, enumerable: false, writable: true })
    try {
      return (this.module as unknown as { forward(...inputs: unknown[]): unknown }).forward(...inputs)
    } finally {
      Object.defineProperty(holder, key, absent)
    }
  }

  /** The parameter that the module is given. @param training whether what is gathered may change */
  protected abstract computed(training: boolean): Tensor

  /**
   * How PyTorch's parametrization has it: what its names begin with, and what ours is of a tensor that is laid out as the
   * parameter is there.
   */
  protected parametrization(): { readonly prefix: string; readonly ours: (x: Tensor) => AnyTensor } {
    const names = this.name.split('.')
    const key = names.pop()!
    const holder = this.module.namedModules().get(names.join('.'))
    const source = holder === undefined ? undefined : torchLayoutOf(holder)[key]
    const { from, make = (x: Tensor) => x } = typeof source === 'object' ? source : { from: [source ?? key] }
    return { prefix: [...names, 'parametrizations', `${from[0]}.`].join('.'), ours: make }
  }

  protected override details(): string {
    return this.name
  }
}

/**
 * Takes a parameter out of a module, so that it is none any more.
 *
 * @param look throws for one that is not wanted, before anything is changed
 * @returns the parameter, and what `look` made of it
 * @throws OptionError for a path where none is; ModuleError where it is held elsewhere too
 */
export const takeOut = <R>(
  owner: string,
  module: Module,
  name: string,
  look: (weight: Tensor) => R,
): [weight: Tensor, seen: R] => {
  const place = findPlace(module, name)
  const own = place && Object.getOwnPropertyDescriptor(place.holder, place.key)
  const found: unknown = own?.value
  if (place === undefined || !(found instanceof Tensor) || !found.isParameter) {
    const paths = [...module.namedParameters().keys()]
    const has = paths.length === 0 ? 'which has none' : `which has ${paths.map((path) => `'${path}'`).join(', ')}`
    throw new OptionError(
      `${owner}: '${name}' is no parameter of ${module.constructor.name}, ${has}; use the name of one.`,
    )
  }
  if (found.dtype !== 'float32' && found.dtype !== 'float64') {
    throw new OptionError(`${owner}: '${name}' is ${found}; use a parameter of floats.`)
  }
  if (found.shape.length === 0) throw new OptionError(`${owner}: '${name}' is a scalar; use a parameter with axes.`)
  const seen = look(found)
  const absent = () => {
    throw new ModuleError(
      `${owner}: '${name}' of the wrapped ${module.constructor.name} is computed in the wrapper's forward, and is not there otherwise; ` +
        'call the wrapper in the place of what it wraps, and read value() of that.',
    )
  }
  Object.defineProperty(place.holder, place.key, { get: absent, configurable: true, enumerable: false })
  const [other] = [...module.namedParameters()].find(([, parameter]) => parameter === found) ?? []
  if (other !== undefined) {
    Object.defineProperty(place.holder, place.key, own!)
    throw new ModuleError(
      `${owner}: '${name}' is shared: it is at '${other}' too, where it would be another parameter; wrap a module that has it once.`,
    )
  }
  return [found, seen]
}

const placeOf = (module: Module, name: string): Place => {
  const place = findPlace(module, name)
  if (place !== undefined) return place
  throw new ModuleError(
    `${module.constructor.name}: there is no '${name}' any more; keep the parts of a module that is wrapped.`,
  )
}

/** The object that has the last name of a path: a module, or a plain object that one holds. */
const findPlace = (module: Module, path: string): Place | undefined => {
  const names = path.split('.')
  const key = names.pop()!
  const modules = names.length === 0 ? null : module.namedModules()
  for (let split = names.length; split >= 0; split--) {
    const start = split === 0 ? module : [...modules!].find(([at]) => at === names.slice(0, split).join('.'))
    const from: unknown = Array.isArray(start) ? start[1] : start
    if (from === undefined) continue
    let holder: unknown = from
    for (const name of names.slice(split)) holder = Object.getOwnPropertyDescriptor(Object(holder), name)?.value
    const holds = holder instanceof Module || isPlainObject(holder)
    if (holds && Object.hasOwn(holder as object, key)) return { holder: holder as object, key }
  }
  return undefined
}

/** The axis of the outputs, where it is not said: the last of a matrix [inputs, outputs], the second of a transposed convolution, else the first. */
export const outputsAxis = (module: Module, weight: Tensor): number =>
  weight.shape.length === 2 || module instanceof TransposedConvolution ? 1 : 0

/** An axis counted from the first. */
export const positionIn = (owner: string, weight: Tensor, name: string, axis: number): number => {
  const rank = weight.shape.length
  const position = axis < 0 ? axis + rank : axis
  if (Number.isInteger(position) && position >= 0 && position < rank) return position
  throw new OptionError(
    `${owner}: axis is ${axis}, and '${name}' is ${weight}; use an axis from ${-rank} to ${rank - 1}.`,
  )
}
