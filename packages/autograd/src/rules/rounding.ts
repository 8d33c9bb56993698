import { unary } from './rule.js'

/** The greatest whole number that is not above x. */
export const floor = unary('floor', {
  value: (m, x) => m.floor(x),
  primitive: true,
  partials: [() => 0],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[-1.3, -2]],
})

/** The least whole number that is not below x. */
export const ceil = unary('ceil', {
  value: (m, x) => m.ceil(x),
  primitive: true,
  partials: [() => 0],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[1.3, 2]],
})

/** To the nearest whole number, halves to the even one. */
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

/** Towards 0. */
export const trunc = unary('trunc', {
  value: (m, x) => m.trunc(x),
  primitive: true,
  partials: [() => 0],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[-1.7, -1]],
})
