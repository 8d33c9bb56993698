import { unary } from './rule.js'

/**
 * The greatest whole number that is not above x. Its derivative is 0.
 *
 * @example tensor([1.5, -1.5]).floor()   // [1, -2]
 */
export const floor = unary('floor', {
  value: (m, x) => m.floor(x),
  primitive: true,
  partials: [() => 0],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[-1.3, -2]],
})

/**
 * The least whole number that is not below x. Its derivative is 0.
 *
 * @example tensor([1.5, -1.5]).ceil()   // [2, -1]
 */
export const ceil = unary('ceil', {
  value: (m, x) => m.ceil(x),
  primitive: true,
  partials: [() => 0],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[1.3, 2]],
})

/**
 * The nearest whole number, halves to the even one. Its derivative is 0.
 *
 * @example tensor([0.5, 1.5, 2.6]).round()   // [0, 2, 3]
 */
export const round = unary('round', {
  value: (m, x) => m.round(x),
  primitive: true,
  partials: [() => 0],
  samples: [[-1.3, 0.4, 2.1]],
  known: [
    [-1.3, -1],
    [0.5, 0],
    [1.5, 2],
    [-2.5, -2],
    [0.49999999999999994, 0],
    [4503599627370497, 4503599627370497],
  ],
})

/**
 * x without its fraction: the next whole number towards 0. Its derivative is 0.
 *
 * @example tensor([1.5, -1.5]).trunc()   // [1, -1]
 */
export const trunc = unary('trunc', {
  value: (m, x) => m.trunc(x),
  primitive: true,
  partials: [() => 0],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[-1.7, -1]],
})
