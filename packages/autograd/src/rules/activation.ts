import type { Algebra } from './algebra.js'
import { betweenEnds, fromEnd, gated, onePlusRest, timesSigmoid, timesSquare } from './gate.js'
import { slopeOfTimesNormalBelow, timesNormalBelow } from './normal.js'
import { parametric, unary } from './rule.js'

/** exp(-|x|), which cannot overflow, by a select: smooth from the right at 0, where `abs` would have a slope of 0. */
const decay = <T>(m: Algebra<T>, x: T): T => m.exp(m.select(m.less(x, 0), x, m.neg(x)))

/**
 * The logistic function, 1 / (1 + exp(-x)), between 0 and 1.
 *
 * @example tensor([0, Math.log(3)]).sigmoid()   // [0.5, 0.75]
 */
export const sigmoid = unary('sigmoid', {
  value: (m, x) => {
    const e = decay(m, x)
    return m.div(m.select(m.less(x, 0), e, 1), m.add(1, e))
  },
  result: 'float',
  partials: [(m, _x, y) => m.mul(y, m.sub(1, y))],
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 0.598687660112452],
    [-100, 3.720075976020836e-44],
    [-1000, 0],
    [1000, 1],
  ],
})

/**
 * A smooth `relu`, log(1 + exp(x)), without overflow.
 *
 * @example tensor([0, 1000]).softplus()   // [Math.log(2), 1000]
 */
export const softplus = unary('softplus', {
  value: (m, x) => m.add(m.select(m.less(x, 0), 0, x), m.log1p(decay(m, x))),
  result: 'float',
  partials: [(m, x) => m.apply(sigmoid, x)],
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 0.9130152523999526],
    [-100, 3.720075976020836e-44],
    [100, 100],
  ],
})

/**
 * The logarithm of the sigmoid, -log(1 + exp(-x)), exact where the sigmoid underflows.
 *
 * @example tensor([0, -1000]).logSigmoid()   // [-Math.log(2), -1000]
 */
export const logSigmoid = unary('logSigmoid', {
  value: (m, x) => m.sub(m.select(m.less(x, 0), x, 0), m.log1p(decay(m, x))),
  result: 'float',
  partials: [(m, x) => m.apply(sigmoid, m.neg(x))],
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, -0.5130152523999526],
    [-100, -100],
    [100, -3.720075976020836e-44],
  ],
})

/**
 * The exponential linear unit: x where it is positive, else `alpha * (exp(x) - 1)`, with an alpha of 1 unless given
 * (Clevert et al. 2016).
 *
 * @example tensor([-1, 2]).elu()   // [Math.expm1(-1), 2]
 */
export const elu = parametric('elu', 1, {
  value: (m, x, alpha) => m.select(m.less(0, x), x, m.mul(alpha, m.expm1(x))),
  result: 'float',
  partials: [
    (m, x, alpha) => m.select(m.less(0, x), 1, m.mul(alpha, m.exp(x))),
    (m, x) => m.select(m.less(0, x), 0, m.expm1(x)),
  ],
  samples: [
    [-1.3, 0.4, -2.1],
    [1, 1.2, 0.7],
  ],
  known: [
    [-1.3, 0.7, -0.5092277448761912],
    [1000, 0.7, 1000],
  ],
})

/**
 * The continuously differentiable `elu`: x where it is positive, else `alpha * (exp(x / alpha) - 1)`, with an alpha of 1
 * unless given (Barron 2017).
 *
 * @example tensor([-2, 2]).celu(2)   // [2 * Math.expm1(-1), 2]
 */
export const celu = parametric('celu', 1, {
  value: (m, x, alpha) => {
    const u = m.div(x, alpha)
    // where u is so small that it might underflow, expm1(u) is u
    const isStraight = m.logicalOr(m.less(0, x), m.less(m.abs(u), 2 ** -60))
    return m.select(isStraight, x, m.mul(alpha, m.expm1(u)))
  },
  result: 'float',
  partials: [
    (m, x, alpha) => m.select(m.less(0, x), 1, m.exp(m.div(x, alpha))),
    (m, x, alpha) => {
      const u = m.div(x, alpha)
      return m.select(m.less(0, x), 0, m.sub(m.expm1(u), gated(m, u, m.exp(u))))
    },
  ],
  samples: [
    [-1.3, 0.4, -2.1],
    [1, 1.2, 0.7],
  ],
  known: [
    [-1.3, 0.7, -0.5907173682788203],
    [1000, 0.7, 1000],
  ],
})

// the fixed point that keeps zero mean and unit variance: Klambauer et al. 2017, "Self-normalizing neural networks"
const seluScale = 1.0507009873554805
const seluAlpha = 1.6732632423543772

/**
 * The scaled `elu` of self-normalizing networks: 1.0507 x where x is positive, else 1.7581 (exp(x) - 1)
 * (Klambauer et al. 2017).
 *
 * @example tensor([0, 1]).selu()   // [0, 1.0507009873554805]
 */
export const selu = unary('selu', {
  value: (m, x) => m.mul(seluScale, m.select(m.less(0, x), x, m.mul(seluAlpha, m.expm1(x)))),
  result: 'float',
  partials: [(m, x) => m.select(m.less(0, x), seluScale, m.mul(seluScale * seluAlpha, m.exp(x)))],
  samples: [[-1.3, 0.4, 2.1]],
  known: [
    [-1.3, -1.2789613751543256],
    [0.4, 0.4202803949421922],
  ],
})

/**
 * The sigmoid linear unit, also called swish: x * sigmoid(x).
 *
 * @example tensor([0, 100]).silu()   // [0, 100]
 */
export const silu = unary('silu', {
  value: (m, x) => m.apply(timesSigmoid, fromEnd(m, x), x),
  result: 'float',
  partials: [(m, x) => m.apply(timesSigmoid, onePlusRest(m, betweenEnds(m, x), x), x)],
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 0.2394750640449808],
    [-100, -3.720075976020836e-42],
    [-750.25, -1e-323],
  ],
})

/**
 * A smooth curve like `silu`: x * tanh(softplus(x)) (Misra 2019).
 *
 * @example tensor([0, 100]).mish()   // [0, 100]
 */
// with e = exp(x) the tanh is e (e + 2) / (e (e + 2) + 2)
export const mish = unary('mish', {
  value: (m, x) => {
    const isNegative = m.less(x, 0)
    const root = m.exp(m.mul(0.5, m.select(isNegative, x, m.neg(x))))
    const e = m.mul(root, root)
    const low = m.add(e, 2)
    const high = m.add(m.mul(2, e), 1)
    const numerator = m.select(isNegative, m.mul(timesSquare(m, fromEnd(m, x), root), low), m.mul(x, high))
    const rest = m.select(isNegative, m.add(m.mul(e, low), 2), m.add(m.mul(2, m.mul(e, e)), high))
    return m.div(numerator, rest)
  },
  result: 'float',
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 0.2890305340723632],
    [-100, -3.720075976020836e-42],
    [-720.5, -8.880957134282e-311],
  ],
})

/**
 * The Gaussian error linear unit: x * P(Z <= x) for a standard normal Z (Hendrycks and Gimpel 2016).
 *
 * @example tensor([0, 1]).gelu()   // [0, 0.8413447460685429]
 */
export const gelu = unary('gelu', {
  value: timesNormalBelow,
  result: 'float',
  partials: [slopeOfTimesNormalBelow],
  samples: [[-1.3, 0.4, 2.1, 0, -13]],
  known: [
    [0.4, 0.2621686966441297],
    [-3, -0.0040496940948902835],
    [-13.5, -1.0555389862638154e-40],
    [-38.5, -5.4e-323],
    [1e200, 1e200],
  ],
})

/** 2 sqrt(2 / pi) (x + 0.044715 x^3): the gate is a sigmoid of it, which is (1 + tanh(half of it)) / 2 without cancellation. */
const geluAngle = <T>(m: Algebra<T>, x: T): T =>
  m.mul(2 * Math.sqrt(2 / Math.PI), m.mul(x, m.add(1, m.mul(0.044715, m.mul(x, x)))))

/**
 * The approximation of `gelu` by tanh, x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))).
 *
 * @example tensor([0, 1]).geluTanh()   // [0, 0.8411919906082768]
 */
export const geluTanh = unary('geluTanh', {
  value: (m, x) => m.apply(timesSigmoid, fromEnd(m, x), geluAngle(m, x)),
  result: 'float',
  partials: [
    (m, given) => {
      const x = betweenEnds(m, given)
      const angle = geluAngle(m, x)
      const slope = m.mul(2 * Math.sqrt(2 / Math.PI), m.add(1, m.mul(3 * 0.044715, m.mul(x, x))))
      return m.apply(timesSigmoid, onePlusRest(m, m.mul(x, slope), angle), angle)
    },
  ],
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 0.2621611694273562],
    [-3, -0.003637392081773019],
    [-21.5, -2.8e-322],
  ],
})

/**
 * A curve like tanh that nears -1 and 1 slowly: x / (1 + |x|).
 *
 * @example tensor([-3, 1]).softsign()   // [-0.75, 0.5]
 */
export const softsign = unary('softsign', {
  // at the bounds it is -1 and 1 in either float dtype
  value: (m, x) => {
    const bounded = m.minimum(m.maximum(x, -(2 ** 100)), 2 ** 100)
    return m.div(bounded, m.add(1, m.abs(bounded)))
  },
  result: 'float',
  partials: [
    (m, x) => {
      const width = m.add(1, m.abs(x))
      return m.div(m.div(1, width), width)
    },
  ],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[-3, -0.75]],
})

/** (x - tanh(x)) / x in z = x^2, for |x| < 1: of the ninth convergent of Lambert's continued fraction. */
const shrinkRatio = <T>(m: Algebra<T>, z: T): T => {
  const over = m.mul(z, m.add(11486475, m.mul(z, m.add(810810, m.mul(z, m.add(12870, m.mul(44, z)))))))
  const under = m.add(945945, m.mul(z, m.add(13860, m.mul(45, z))))
  return m.div(over, m.add(34459425, m.mul(z, m.add(16216200, m.mul(z, under)))))
}

/**
 * What tanh takes away, x - tanh(x), which is x^3 / 3 near 0.
 *
 * @example tensor([0, 1]).tanhShrink()   // [0, 1 - Math.tanh(1)]
 */
export const tanhShrink = unary('tanhShrink', {
  value: (m, x) => m.select(m.less(m.abs(x), 1), m.mul(x, shrinkRatio(m, m.mul(x, x))), m.sub(x, m.tanh(x))),
  result: 'float',
  partials: [
    (m, x) => {
      const t = m.tanh(x)
      return m.mul(t, t)
    },
  ],
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 0.020051037744775117],
    [1e-6, 3.3333333333319997e-19],
    [-0.9, -0.18370212980097558],
  ],
})
