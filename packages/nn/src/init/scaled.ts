import { kinds } from '@adjoint/autograd'
import { requireOption } from '../errors.js'
import { evenly, type Fans, initializer, maker, normally } from './initializer.js'

/** By what the activation that follows shrinks what goes through it: the gains that PyTorch recommends. */
const gains = {
  linear: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  leakyRelu: Math.sqrt(2 / (1 + 0.01 ** 2)),
  selu: 3 / 4,
} as const

/** For which activation weights are made. */
export interface GainOption {
  /** A factor for the activation that follows, or its name: `tanh` is 5/3. Default 1. */
  readonly gain?: number | keyof typeof gains
}

export const gainKind = kinds.kind(
  `a positive number, or the activation that follows: ${Object.keys(gains).join(', ')}`,
  (thing) => typeof thing === 'number' || (typeof thing === 'string' && Object.hasOwn(gains, thing)),
)

export const gainOf = (owner: string, gain: number | keyof typeof gains): number => {
  if (typeof gain !== 'number') return gains[gain]
  requireOption(owner, 'gain', gain, gain > 0 && Number.isFinite(gain), 'a positive number')
  return gain
}

/** A maker whose numbers vary as `spread` says, with gain 1. */
const xavier = (name: string, spread: (fans: Fans) => number, draw: typeof evenly) =>
  maker(name, { options: { gain: gainKind } }, ({ gain = 1 }: GainOption = {}) => {
    const factor = gainOf(`init.${name}`, gain)
    return initializer((shape, options) => draw(factor * spread(options), shape, options))
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

/** Variance 1 / fanIn, evenly spread (LeCun et al., Efficient BackProp, 1998). @example init.lecunUniform()([4, 3]) */
export const lecunUniform = maker('lecunUniform', {}, () =>
  initializer((shape, options) => evenly(Math.sqrt(3 / options.fanIn), shape, options)),
)
