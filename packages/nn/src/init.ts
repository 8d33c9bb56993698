import {
  type CreateOptions,
  checked,
  checker,
  defaultDType,
  full,
  random as globalRandom,
  kinds,
  ones as onesOf,
  type Random,
  type Shape,
  type Takes,
  type Tensor,
  zeros as zerosOf,
} from '@adjoint/autograd'
import { requireAmount, requireOption } from './errors.js'
import * as kind from './kinds.js'

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
 * Makes the first values of a parameter. Without given fans they are those of weights of shape [inputs, outputs].
 *
 * @example init.xavierUniform()([4, 3], { random: new Random(1) })   // Tensor<[4, 3]>
 */
export type Initializer = <const S extends number[]>(shape: readonly [...S], options?: InitializerOptions) => Tensor<S>

const fanKind = 'a positive number'

type Draw = (shape: Shape, options: Required<InitializerOptions>) => Tensor

const takesShape = checker('initializer', {
  shape: kinds.shape,
  options: { ...kind.creation, fanIn: kind.numberAs(fanKind), fanOut: kind.numberAs(fanKind) },
})

const initializer = (draw: Draw): Initializer =>
  function (shape: Shape, options: InitializerOptions = {}) {
    takesShape(arguments)
    const { dtype = defaultDType(), random = globalRandom } = options
    return draw(shape, { dtype, random, ...fansOf(shape, options) })
  } as unknown as Initializer

const fansOf = (shape: Shape, { fanIn, fanOut }: Partial<Fans>): Fans => {
  for (const [name, fan] of Object.entries({ fanIn, fanOut })) {
    if (fan !== undefined) requireOption('initializer', name, fan, fan > 0 && Number.isFinite(fan), fanKind)
  }
  return { fanIn: fanIn ?? shape[0] ?? 1, fanOut: fanOut ?? shape[1] ?? shape[0] ?? 1 }
}

const evenly = (bound: number, shape: Shape, { random, dtype }: Required<InitializerOptions>): Tensor =>
  random.uniform([...shape], { low: -bound, high: bound, dtype })

const normally = (standardDeviation: number, shape: Shape, { random, dtype }: Required<InitializerOptions>): Tensor =>
  random.normal([...shape], { standardDeviation, dtype })

/** What makes initializers. Given to a layer without being called, it says so. */
const maker = <F extends (...args: never[]) => Initializer>(name: string, takes: Takes, make: F): F =>
  checked(`init.${name}`, takes, make, `pass the initializer that it makes: { init: init.${name}() }`)

/** Zeros. @example init.zeros()([3]) */
export const zeros = maker('zeros', {}, () => initializer((shape, { dtype }) => zerosOf([...shape], { dtype })))

/** Ones. @example init.ones()([3]) */
export const ones = maker('ones', {}, () => initializer((shape, { dtype }) => onesOf([...shape], { dtype })))

/** One number everywhere. @example init.constant(0.1)([3]) */
export const constant = maker('constant', { value: kinds.number }, (value: number) => {
  requireOption('init.constant', 'value', value, !Number.isNaN(value), 'a number')
  return initializer((shape, { dtype }) => full([...shape], value, { dtype }))
})

const number = kinds.optional(kinds.number)

/** Evenly spread over [low, high). @example init.uniform(-0.1, 0.1)([4, 3]) */
export const uniform = maker('uniform', { low: number, high: number }, (low = 0, high = 1) => {
  const wanted = 'numbers, the first below the second'
  requireOption('init.uniform', 'low and high', `${low} and ${high}`, Number.isFinite(high - low) && low < high, wanted)
  return initializer((shape, { random, dtype }) => random.uniform([...shape], { low, high, dtype }))
})

/** Normally distributed. @example init.normal(0, 0.02)([4, 3]) */
export const normal = maker(
  'normal',
  { mean: number, standardDeviation: number },
  (mean = 0, standardDeviation = 1) => {
    requireOption('init.normal', 'mean', mean, Number.isFinite(mean), 'a finite number')
    requireAmount('init.normal', 'standardDeviation', standardDeviation)
    return initializer((shape, { random, dtype }) => random.normal([...shape], { mean, standardDeviation, dtype }))
  },
)

/** For which activation weights are made. */
export interface GainOption {
  /** A factor for the activation that follows, such as 5/3 for tanh. Default 1. */
  readonly gain?: number
}

/** A maker whose numbers vary as `spread` says, with gain 1. */
const xavier = (name: string, spread: (fans: Fans) => number, draw: typeof evenly) =>
  maker(name, { options: { gain: kinds.number } }, ({ gain = 1 }: GainOption = {}) => {
    requireOption(`init.${name}`, 'gain', gain, gain > 0 && Number.isFinite(gain), 'a positive number')
    return initializer((shape, options) => draw(gain * spread(options), shape, options))
  })

/**
 * Variance 2 gain^2 / (fanIn + fanOut), evenly spread, for tanh and sigmoid (Glorot and Bengio, Understanding the
 * difficulty of training deep feedforward neural networks, 2010).
 *
 * @example new Linear(4, 3, { init: init.xavierUniform() })
 */
export const xavierUniform = xavier('xavierUniform', ({ fanIn, fanOut }) => Math.sqrt(6 / (fanIn + fanOut)), evenly)

/** As `xavierUniform`, normally distributed. @example init.xavierNormal({ gain: 5 / 3 })([4, 3]) */
export const xavierNormal = xavier('xavierNormal', ({ fanIn, fanOut }) => Math.sqrt(2 / (fanIn + fanOut)), normally)

/** For which ReLU weights are made, and what they keep. */
export interface KaimingOptions {
  /** The slope at negative numbers of the leaky ReLU that follows. Default 0: a ReLU. */
  readonly a?: number
  /** Keep the variance of activations (fanIn, the default), or that of gradients (fanOut). */
  readonly mode?: 'fanIn' | 'fanOut'
}

/** @param spread the bound of what is drawn, in standard deviations */
const kaiming = (name: string, spread: number, draw: typeof evenly) => {
  const takes = { options: { a: kinds.number, mode: kinds.oneOf('fanIn', 'fanOut') } }
  return maker(name, takes, ({ a = 0, mode = 'fanIn' }: KaimingOptions = {}) => {
    requireOption(`init.${name}`, 'a', a, Number.isFinite(a), 'the slope of the leaky ReLU, a number')
    return initializer((shape, options) => draw(spread * Math.sqrt(2 / ((1 + a * a) * options[mode])), shape, options))
  })
}

/**
 * Variance 2 / ((1 + a^2) fan), evenly spread, for ReLU (He et al., Delving deep into rectifiers, 2015).
 *
 * @example init.kaimingUniform({ a: Math.sqrt(5) })   // U(-1/sqrt(fanIn), 1/sqrt(fanIn)), the default of Linear
 */
export const kaimingUniform = kaiming('kaimingUniform', Math.sqrt(3), evenly)

/** As `kaimingUniform`, normally distributed. @example init.kaimingNormal({ mode: 'fanOut' })([4, 3]) */
export const kaimingNormal = kaiming('kaimingNormal', 1, normally)

/** Variance 1 / fanIn, normally distributed (LeCun et al., Efficient BackProp, 1998), for SELU. @example init.lecunNormal()([4, 3]) */
export const lecunNormal = maker('lecunNormal', {}, () =>
  initializer((shape, options) => normally(Math.sqrt(1 / options.fanIn), shape, options)),
)
