import { besselI as besselIOfNumber } from './math/bessel.js'
import { erfinv as erfinvOfNumber } from './math/erfinv.js'
import { lgamma as lgammaOfNumber, psi as psiOfNumber } from './math/gamma.js'
import { type BinaryRule, binary, type UnaryRule, unary } from './rule.js'

/**
 * The inverse of erf: infinite at -1 and 1, NaN outside.
 *
 * @example erfinv(tensor([0, 1]))   // [0, Infinity]
 */
export const erfinv = unary('erfinv', {
  numeric: erfinvOfNumber,
  result: 'float',
  partials: [(m, _x, y) => m.mul(Math.sqrt(Math.PI) / 2, m.exp(m.mul(y, y)))],
  samples: [[-0.8, 0.3, 0.95, 0]],
  known: [
    [0.3, 0.2724627147267543],
    [-0.95, -1.3859038243496777],
    [1e-20, 8.86226925452758e-21],
    [0.9999999999, 4.572824958544925],
    [1, Infinity],
    [-1, -Infinity],
    [1.5, NaN],
  ],
})

/**
 * log |Gamma(x)|, the logarithm of (x - 1)! at whole numbers; Infinity at 0, -1, -2, ...
 *
 * @example lgamma(tensor([1, 4]))   // [0, Math.log(6)]
 */
export const lgamma = unary('lgamma', {
  numeric: lgammaOfNumber,
  result: 'float',
  partials: [(m, x) => m.apply(digamma, x)],
  samples: [[-1.3, 0.4, 2.1, 12.5]],
  known: [
    [0.4, 0.7966778177017837],
    [-1.3, 1.2024757863901114],
    [20.5, 40.8315009745308],
    [1e-10, 23.025850929882736],
    [1e200, 4.595170185988091e202],
    [1, 0],
    [2, 0],
    [-3, Infinity],
  ],
})

/**
 * The derivative of lgamma. At 0 it is infinite, with the opposite sign, and at -1, -2, ..., where it is Infinity on one side
 * and -Infinity on the other, NaN.
 *
 * @example digamma(tensor([1]))   // [-0.5772156649015329]
 */
export const digamma: UnaryRule = unary('digamma', {
  value: (m, x) => m.apply(psi, 0, x),
  result: 'float',
  partials: [(m, x) => m.apply(psi, 1, x)],
  samples: [[-1.3, 0.4, 2.1, 12.5]],
  known: [
    [0.4, -2.561384544585116],
    [-1.3, 2.8825405488661673],
    [20.5, 2.9958363947076467],
    [1e-10, -10000000000.577215],
    [0, -Infinity],
    [-3, NaN],
  ],
})

/** The derivative of digamma of an order n, which is rounded to a whole number: so its derivative by n is 0. */
export const psi: BinaryRule = binary('psi', {
  numeric: psiOfNumber,
  result: 'float',
  partials: [() => 0, (m, n, x) => m.apply(psi, m.add(n, 1), x)],
  samples: [
    [0, 1, 2, 3],
    [-1.3, 0.4, 2.1, 12.5],
  ],
  known: [
    [1, 0.4, 7.275356590529597],
    [2, -1.3, 68.54941347116214],
    [5, 20.5, 7.476657640239659e-6],
    [1, -3, Infinity],
    [2, -3, NaN],
    [2, Infinity, 0],
  ],
})

/** The modified Bessel function I of an order n, which is rounded to a whole number: so its derivative by n is 0. */
export const besselI: BinaryRule = binary('besselI', {
  numeric: besselIOfNumber,
  result: 'float',
  partials: [
    () => 0,
    (m, n, x) => m.mul(0.5, m.add(m.apply(besselI, m.sub(n, 1), x), m.apply(besselI, m.add(n, 1), x))),
  ],
  samples: [
    [0, 1, 2, -3],
    [-1.3, 0.4, 2.1, 0],
  ],
  known: [
    [2, 0.4, 0.020268003561488262],
    [-3, -1.3, -0.05081450463846808],
    [4, 40.5, 1.998326066650849e16],
  ],
})

/**
 * The modified Bessel function I of order 0.
 *
 * @example i0(tensor([0, 1]))   // [1, 1.2660658777520084]
 */
export const i0 = unary('i0', {
  value: (m, x) => m.apply(besselI, 0, x),
  result: 'float',
  partials: [(m, x) => m.apply(besselI, 1, x)],
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 1.0404017822293412],
    [-20.5, 70922869.83431701],
    [100.25, 1.3769999662779009e42],
    [0, 1],
    [-Infinity, Infinity],
  ],
})

/**
 * The modified Bessel function I of order 1.
 *
 * @example i1(tensor([0, 1]))   // [0, 0.5651591039924851]
 */
export const i1 = unary('i1', {
  value: (m, x) => m.apply(besselI, 1, x),
  result: 'float',
  samples: [[-1.3, 0.4, 2.1, 0]],
  known: [
    [0.4, 0.2040267557335706],
    [-20.5, -69170831.67918438],
    [1e-300, 5e-301],
    [-Infinity, -Infinity],
  ],
})
