import {
  type CreateOptions,
  checked,
  defaultDType,
  random as globalRandom,
  kinds,
  type Random,
  type Shape,
  type Takes,
  type Tensor,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireOption } from '../errors.js'
import * as kind from '../kinds.js'

/** How many inputs each output of a layer is computed from, and the reverse. */
export interface Fans {
  /** How many inputs each output is computed from. */
  readonly fanIn: number
  /** How many outputs each input goes into. */
  readonly fanOut: number
}

/** What an initializer draws from, and for what. */
export interface InitializerOptions extends CreateOptions, Partial<Fans> {
  /** Default the global `random`. */
  readonly random?: Random
}

/**
 * Makes the first values of a parameter. Without given fans they are those of weights [inputs, outputs],
 * or [outputs, inputs, ...kernel] of a convolution.
 *
 * @example init.xavierUniform()([4, 3], { random: new Random(1) })   // Tensor<[4, 3]>
 */
export type Initializer = <const S extends number[]>(shape: readonly [...S], options?: InitializerOptions) => Tensor<S>

const fanKind = 'a positive number'

/** Makes values, given all options. */
export type Draw = (shape: Shape, options: Required<InitializerOptions>) => Tensor

const takesShape = checker('initializer', {
  shape: kinds.shape,
  options: { ...kind.creation, fanIn: kind.numberAs(fanKind), fanOut: kind.numberAs(fanKind) },
})

export const initializer = (draw: Draw): Initializer =>
  function (shape: Shape, options: InitializerOptions = {}) {
    takesShape(arguments)
    const { dtype = defaultDType(), random = globalRandom } = options
    return draw(shape, { dtype, random, ...fansOf(shape, options) })
  } as unknown as Initializer

const fansOf = (shape: Shape, { fanIn, fanOut }: Partial<Fans>): Fans => {
  for (const [name, fan] of Object.entries({ fanIn, fanOut })) {
    if (fan !== undefined) requireOption('initializer', name, fan, fan > 0 && Number.isFinite(fan), fanKind)
  }
  const [first = 1, second = first, ...kernel] = shape
  const area = kernel.reduce((product, size) => product * size, 1)
  const [inputs, outputs] = kernel.length === 0 ? [first, second] : [second * area, first * area]
  return { fanIn: fanIn ?? inputs, fanOut: fanOut ?? outputs }
}

export const evenly = (bound: number, shape: Shape, { random, dtype }: Required<InitializerOptions>): Tensor =>
  random.uniform([...shape], { low: -bound, high: bound, dtype })

export const normally = (
  standardDeviation: number,
  shape: Shape,
  { random, dtype }: Required<InitializerOptions>,
): Tensor => random.normal([...shape], { standardDeviation, dtype })

/** What makes initializers. Given to a layer without being called, it says so. */
export const maker = <F extends (...args: never[]) => Initializer>(name: string, takes: Takes, make: F): F =>
  checked(`init.${name}`, takes, make, `pass the initializer that it makes: { init: init.${name}() }`)
