import { unary } from './rule.js'

/**
 * The hyperbolic sine, (exp(x) - exp(-x)) / 2.
 *
 * @example tensor([0, 1]).sinh()   // [0, Math.sinh(1)]
 */
export const sinh = unary('sinh', {
  value: (m, x) => m.sinh(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.cosh(x)],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, 0.4107523258028155]],
})

/**
 * The hyperbolic cosine, (exp(x) + exp(-x)) / 2.
 *
 * @example tensor([0, 1]).cosh()   // [1, Math.cosh(1)]
 */
export const cosh = unary('cosh', {
  value: (m, x) => m.cosh(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.sinh(x)],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, 1.0810723718384547]],
})

/**
 * The hyperbolic tangent, sinh(x) / cosh(x), between -1 and 1.
 *
 * @example tensor([0, 1, 100]).tanh()   // [0, Math.tanh(1), 1]
 */
export const tanh = unary('tanh', {
  value: (m, x) => m.tanh(x),
  primitive: true,
  result: 'float',
  partials: [(m, _x, y) => m.sub(1, m.mul(y, y))],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, 0.3799489622552249]],
})

/**
 * The inverse of sinh, log(x + sqrt(x^2 + 1)).
 *
 * @example tensor([0, Math.sinh(2)]).asinh()   // [0, 2]
 */
export const asinh = unary('asinh', {
  value: (m, x) => m.asinh(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.div(1, m.hypot(x, 1))],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, 0.3900353197707153]],
})

/**
 * The inverse of cosh, log(x + sqrt(x^2 - 1)); NaN below 1.
 *
 * @example tensor([1, Math.cosh(2)]).acosh()   // [0, 2]
 */
export const acosh = unary('acosh', {
  value: (m, x) => m.acosh(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.div(1, m.mul(m.sqrt(m.sub(x, 1)), m.sqrt(m.add(x, 1))))],
  samples: [[1.3, 2.4, 5.1]],
  known: [[2.4, 1.5220793674636532]],
})

/**
 * The inverse of tanh, log((1 + x) / (1 - x)) / 2; NaN beyond -1 and 1.
 *
 * @example tensor([0, Math.tanh(2)]).atanh()   // [0, 2]
 */
export const atanh = unary('atanh', {
  value: (m, x) => m.atanh(x),
  primitive: true,
  result: 'float',
  partials: [(m, x) => m.div(1, m.mul(m.sub(1, x), m.add(1, x)))],
  samples: [[-0.8, 0.3, 0.6]],
  known: [[0.3, 0.3095196042031117]],
})
