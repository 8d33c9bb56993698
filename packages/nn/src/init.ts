import {
  type CreateOptions,
  full,
  random as globalRandom,
  ones as onesOf,
  type Random,
  type Shape,
  type Tensor,
  zeros as zerosOf,
} from '@adjoint/autograd'
import { OptionError, requireOption } from './errors.js'

/** How many inputs each output of a layer is computed from, and the reverse. */
export interface Fans {
  readonly fanIn: number
  readonly fanOut: number
}

export interface InitializerOptions extends CreateOptions, Partial<Fans> {
  /** Default the global `random`. */
  readonly random?: Random
}

/**
 * Makes the first values of a parameter. Without given fans they are those of weights of shape [inputs, outputs].
 *
 * @example init.xavierUniform()([4, 3], { random: new Random(1) })   // Tensor<[4, 3]>
 */
export type Initializer = <const S extends number[]>(shape: readonly [...S], options?: InitializerOptions) => Tensor<S>

type Draw = (shape: Shape, options: Required<InitializerOptions>) => Tensor

const initializer = (draw: Draw): Initializer =>
  ((shape: Shape, options: InitializerOptions = {}) => {
    const { dtype = 'float32', random = globalRandom } = options
    return draw(shape, { dtype, random, ...fansOf(shape, options) })
  }) as unknown as Initializer

const fansOf = (shape: Shape, { fanIn, fanOut }: Partial<Fans>): Fans => ({
  fanIn: fanIn ?? shape[0] ?? 1,
  fanOut: fanOut ?? shape[1] ?? shape[0] ?? 1,
})

const evenly = (bound: number, shape: Shape, { random, dtype }: Required<InitializerOptions>): Tensor =>
  random.uniform([...shape], { low: -bound, high: bound, dtype })

const normally = (standardDeviation: number, shape: Shape, { random, dtype }: Required<InitializerOptions>): Tensor =>
  random.normal([...shape], { standardDeviation, dtype })

/** Zeros. @example init.zeros()([3]) */
export const zeros = (): Initializer => initializer((shape, { dtype }) => zerosOf([...shape], { dtype }))

/** Ones. @example init.ones()([3]) */
export const ones = (): Initializer => initializer((shape, { dtype }) => onesOf([...shape], { dtype }))

/** One number everywhere. @example init.constant(0.1)([3]) */
export const constant = (value: number): Initializer =>
  initializer((shape, { dtype }) => full([...shape], value, { dtype }))

/** Evenly spread over [low, high). @example init.uniform(-0.1, 0.1)([4, 3]) */
export const uniform = (low = 0, high = 1): Initializer =>
  initializer((shape, { random, dtype }) => random.uniform([...shape], { low, high, dtype }))

/** Normally distributed. @example init.normal(0, 0.02)([4, 3]) */
export const normal = (mean = 0, standardDeviation = 1): Initializer =>
  initializer((shape, { random, dtype }) => random.normal([...shape], { mean, standardDeviation, dtype }))

export interface GainOption {
  /** A factor for the activation that follows, such as 5/3 for tanh. Default 1. */
  readonly gain?: number
}

/**
 * Variance 2 gain^2 / (fanIn + fanOut), evenly spread, for tanh and sigmoid (Glorot and Bengio, Understanding the
 * difficulty of training deep feedforward neural networks, 2010).
 *
 * @example new Linear(4, 3, { init: init.xavierUniform() })
 */
export const xavierUniform = ({ gain = 1 }: GainOption = {}): Initializer =>
  initializer((shape, options) => evenly(gain * Math.sqrt(6 / (options.fanIn + options.fanOut)), shape, options))

/** As `xavierUniform`, normally distributed. @example init.xavierNormal({ gain: 5 / 3 })([4, 3]) */
export const xavierNormal = ({ gain = 1 }: GainOption = {}): Initializer =>
  initializer((shape, options) => normally(gain * Math.sqrt(2 / (options.fanIn + options.fanOut)), shape, options))

export interface KaimingOptions {
  /** The slope at negative numbers of the leaky ReLU that follows. Default 0: a ReLU. */
  readonly a?: number
  /** Keep the variance of activations (fanIn, the default), or that of gradients (fanOut). */
  readonly mode?: 'fanIn' | 'fanOut'
}

const kaimingDeviation = (options: Fans, { a = 0, mode = 'fanIn' }: KaimingOptions): number => {
  if (mode !== 'fanIn' && mode !== 'fanOut') {
    throw new OptionError(`init.kaiming: mode is '${String(mode)}'; use 'fanIn' or 'fanOut'.`)
  }
  requireOption('init.kaiming', 'a', a, Number.isFinite(a), 'the slope of the leaky ReLU, a number')
  return Math.sqrt(2 / ((1 + a * a) * options[mode]))
}

/**
 * Variance 2 / ((1 + a^2) fan), evenly spread, for ReLU (He et al., Delving deep into rectifiers, 2015).
 *
 * @example init.kaimingUniform({ a: Math.sqrt(5) })   // U(-1/sqrt(fanIn), 1/sqrt(fanIn)), the default of Linear
 */
export const kaimingUniform = (how: KaimingOptions = {}): Initializer =>
  initializer((shape, options) => evenly(Math.sqrt(3) * kaimingDeviation(options, how), shape, options))

/** As `kaimingUniform`, normally distributed. @example init.kaimingNormal({ mode: 'fanOut' })([4, 3]) */
export const kaimingNormal = (how: KaimingOptions = {}): Initializer =>
  initializer((shape, options) => normally(kaimingDeviation(options, how), shape, options))

/** Variance 1 / fanIn, normally distributed (LeCun et al., Efficient BackProp, 1998), for SELU. @example init.lecunNormal()([4, 3]) */
export const lecunNormal = (): Initializer =>
  initializer((shape, options) => normally(Math.sqrt(1 / options.fanIn), shape, options))
