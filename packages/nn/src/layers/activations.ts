import {
  elementwise,
  hardshrink,
  kinds,
  type ScalarFunction,
  type Shaped,
  ShapeError,
  softshrink,
  type Takes,
  type Tensor,
  threshold,
} from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireAmount, requireOption, requirePositive } from '../errors.js'
import { amount, numberAs, positive } from '../kinds.js'
import { formatShape } from '../shapes.js'
import { Layer } from './layer.js'

const takesActivation = checker('Activation', { label: kinds.string, f: kinds.function })

/** A layer without parameters that keeps the shape. */
export class Activation extends Layer {
  declare readonly out: Shaped<this['in']>
  private readonly f: (x: Tensor) => Tensor
  private readonly label: string

  /** @param label how it is shown, as in `LeakyReLU(0.2)` */
  constructor(label: string, f: (x: Tensor) => Tensor) {
    takesActivation(arguments)
    super()
    this.label = label
    this.f = f
  }

  protected run(x: Tensor): Tensor {
    return this.f(x)
  }

  override toString(): string {
    return this.label
  }
}

type ActivationClass<Args extends unknown[]> = new (...args: Args) => Activation

/** The class of an activation: `make` gives the function for what the constructor was given, which is what it takes. */
const activation = <Args extends unknown[]>(
  name: string,
  make: (...args: Args) => (x: Tensor) => Tensor,
  takes: Takes = {},
): ActivationClass<Args> => {
  const check = checker(name, takes)
  const classes = {
    [name]: class extends Activation {
      constructor(...args: Args) {
        check(arguments)
        super(`${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`, make(...args))
      }
    },
  }
  return classes[name]!
}

/** max(x, 0). @example new ReLU() */
export const ReLU = activation('ReLU', () => (x) => x.relu())
/** x kept between 0 and 6. @example new ReLU6() */
export const ReLU6 = activation('ReLU6', () => (x) => x.relu6())
/** The class of an activation with a number, which has a default. */
const withNumber = (name: string, parameter: string, initial: number, f: (x: Tensor, value: number) => Tensor) =>
  activation<[value?: number]>(
    name,
    (value = initial) => {
      requireOption(name, parameter, value, Number.isFinite(value), 'a finite number')
      return (x) => f(x, value)
    },
    { [parameter]: kinds.optional(numberAs('a finite number')) },
  )

/** x where it is positive, else slope * x (Maas et al. 2013). Default slope 0.01. @example new LeakyReLU(0.2) */
export const LeakyReLU = withNumber('LeakyReLU', 'slope', 0.01, (x, slope) => x.leakyRelu(slope))
/** x where it is positive, else alpha (exp(x) - 1) (Clevert et al. 2016). Default alpha 1. @example new ELU(0.5) */
export const ELU = withNumber('ELU', 'alpha', 1, (x, alpha) => x.elu(alpha))
/** x where it is positive, else alpha (exp(x / alpha) - 1) (Barron 2017). Default alpha 1. @example new CELU(0.5) */
export const CELU = withNumber('CELU', 'alpha', 1, (x, alpha) => x.celu(alpha))
/** The scaled ELU of self-normalizing networks, for weights of `init.lecunNormal()` (Klambauer et al. 2017). @example new SELU() */
export const SELU = activation('SELU', () => (x) => x.selu())
/** 1 / (1 + exp(-x)). @example new Sigmoid() */
export const Sigmoid = activation('Sigmoid', () => (x) => x.sigmoid())
/** log(sigmoid(x)). @example new LogSigmoid() */
export const LogSigmoid = activation('LogSigmoid', () => (x) => x.logSigmoid())
/** The hyperbolic tangent. @example new Tanh() */
export const Tanh = activation('Tanh', () => (x) => x.tanh())
/** x / (1 + |x|). @example new Softsign() */
export const Softsign = activation('Softsign', () => (x) => x.softsign())
/** log(1 + exp(beta x)) / beta. Default beta 1. @example new Softplus(2) */
export const Softplus = activation<[beta?: number]>(
  'Softplus',
  (beta = 1) => {
    requirePositive('Softplus', 'beta', beta)
    requireOption('Softplus', 'beta', beta, Number.isFinite(beta), 'a positive number')
    return beta === 1 ? (x) => x.softplus() : (x) => x.mul(beta).softplus().div(beta) as Tensor
  },
  { beta: kinds.optional(positive) },
)
/** x sigmoid(x), also called swish (Elfwing et al. 2018). @example new SiLU() */
export const SiLU = activation('SiLU', () => (x) => x.silu())
/** x tanh(softplus(x)) (Misra 2019). @example new Mish() */
export const Mish = activation('Mish', () => (x) => x.mish())
/** Which `GELU` it is. */
export interface GeluOptions {
  /** 'tanh' for the approximation of the paper. Default 'none'. */
  readonly approximate?: 'none' | 'tanh'
}
/** x P(Z <= x) for a standard normal Z (Hendrycks and Gimpel 2016). @example new GELU({ approximate: 'tanh' }) */
export const GELU = activation<[options?: GeluOptions]>(
  'GELU',
  ({ approximate = 'none' }: GeluOptions = {}) => (approximate === 'tanh' ? (x) => x.geluTanh() : (x) => x.gelu()),
  { options: { approximate: kinds.oneOf('none', 'tanh') } },
)
/** The sigmoid in three straight pieces. @example new HardSigmoid() */
export const HardSigmoid = activation('HardSigmoid', () => (x) => x.hardSigmoid())
/** x kept between low and high, -1 and 1 unless given. @example new HardTanh(0, 2) */
export const HardTanh = activation<[low?: number, high?: number]>(
  'HardTanh',
  (low = -1, high = 1) => {
    const wanted = 'numbers, the first below the second'
    requireOption('HardTanh', 'low and high', `${low} and ${high}`, low < high, wanted)
    if (low === -1 && high === 1) return (x) => x.hardTanh()
    const kept: ScalarFunction<1> = (m, x) =>
      m.select(m.lessEqual(x, low), low, m.select(m.lessEqual(high, x), high, x))
    return elementwise('hardTanh', kept)
  },
  { low: kinds.optional(numberAs('a number')), high: kinds.optional(numberAs('a number')) },
)
/** x hardSigmoid(x) (Howard et al. 2019). @example new HardSwish() */
export const HardSwish = activation('HardSwish', () => (x) => x.hardSwish())
/** The class of a shrinkage, whose number is at least 0. */
const shrinking = (name: string, f: (x: Tensor, lambda: number) => Tensor) =>
  activation<[lambda?: number]>(
    name,
    (lambda = 0.5) => {
      requireAmount(name, 'lambda', lambda)
      return (x) => f(x, lambda)
    },
    { lambda: kinds.optional(amount) },
  )

/** x moved towards 0 by lambda, and 0 where it is no further from it. Default lambda 0.5. @example new Softshrink(1) */
export const Softshrink = shrinking('Softshrink', (x, lambda) => softshrink(x, lambda))
/** x where it is further than lambda from 0, else 0. Default lambda 0.5. @example new Hardshrink(1) */
export const Hardshrink = shrinking('Hardshrink', (x, lambda) => hardshrink(x, lambda))
/** x - tanh(x). @example new TanhShrink() */
export const TanhShrink = activation('TanhShrink', () => (x) => x.tanhShrink())
/** x where it is above limit, else value. @example new Threshold(0, -1) */
export const Threshold = activation<[limit: number, value: number]>(
  'Threshold',
  (limit, value) => {
    requireOption('Threshold', 'limit', limit, Number.isFinite(limit), 'a finite number')
    requireOption('Threshold', 'value', value, Number.isFinite(value), 'a finite number')
    return (x) => threshold(x, limit, value)
  },
  { limit: numberAs('a finite number'), value: numberAs('a finite number') },
)
const alongAxis = (name: string, f: (x: Tensor, axis: number) => Tensor) =>
  activation<[axis?: number]>(
    name,
    (axis = -1) => {
      requireOption(name, 'axis', axis, Number.isInteger(axis), kinds.axis.wanted)
      return (x) => f(x, axis)
    },
    { axis: kinds.optional(kinds.axis) },
  )

/** Positive numbers that sum to 1 along an axis, the last unless given. @example new Softmax() */
export const Softmax = alongAxis('Softmax', (x, axis) => x.softmax(axis))
/** The softmax of -x: the least number has the most. @example new Softmin() */
export const Softmin = alongAxis('Softmin', (x, axis) => x.neg().softmax(axis))
/** The softmax over the channels of [batch, channels, height, width] or [channels, height, width]. @example new Softmax2d() */
export const Softmax2d = activation('Softmax2d', () => (x) => {
  if (x.shape.length === 3 || x.shape.length === 4) return x.softmax(-3)
  const remedy = 'use Softmax, which takes any axis'
  throw new ShapeError(
    `Softmax2d: expects [batch, channels, height, width], got shape ${formatShape(x.shape)}; ${remedy}.`,
  )
})
/** The logarithm of the softmax. @example new LogSoftmax() */
export const LogSoftmax = alongAxis('LogSoftmax', (x, axis) => x.logSoftmax(axis))
/** x as it is. @example new Identity() */
export const Identity = activation('Identity', () => (x) => x)
