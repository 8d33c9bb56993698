import type { Algebra } from './algebra.js'
import { gated } from './gate.js'
import { parametric, unary } from './rule.js'

// Activations made of pieces: at a corner the derivative is that of one side.

/**
 * The rectified linear unit: x where it is positive, else 0; its derivative at 0 is 0.
 *
 * @example tensor([-1, 2]).relu()   // [0, 2]
 */
export const relu = unary('relu', {
  value: (m, x) => m.maximum(x, 0),
  partials: [(m, x) => m.select(m.less(0, x), 1, 0)],
  samples: [[-1.3, 0.4, 2.1]],
  known: [
    [-1.3, 0],
    [2.1, 2.1],
    [NaN, NaN],
  ],
})

/** 1 strictly between the corners, else 0. */
const inside = <T>(m: Algebra<T>, low: number, x: T, high: number): T => m.logicalAnd(m.less(low, x), m.less(x, high))

/**
 * x kept between 0 and 6; its derivative at both is 0.
 *
 * @example tensor([-1, 2, 7]).relu6()   // [0, 2, 6]
 */
export const relu6 = unary('relu6', {
  value: (m, x) => m.minimum(m.maximum(x, 0), 6),
  partials: [(m, x) => m.select(inside(m, 0, x, 6), 1, 0)],
  samples: [[-1.3, 0.4, 2.1, 7.2]],
  known: [
    [-1.3, 0],
    [2.1, 2.1],
    [7.2, 6],
  ],
})

/**
 * x where it is positive, else `slope * x`, with a slope of 0.01 unless given.
 *
 * @example tensor([-1, 2]).leakyRelu(0.1)   // [-0.1, 2]
 */
export const leakyRelu = parametric('leakyRelu', 0.01, {
  value: (m, x, slope) => m.select(m.less(0, x), x, m.mul(slope, x)),
  result: 'float',
  samples: [
    [-1.3, 0.4, -2.1],
    [0.01, 0.2, 0.3],
  ],
  known: [
    [-2, 0.25, -0.5],
    [2, 0.25, 2],
  ],
})

/**
 * The sigmoid in three straight pieces: x / 6 + 1 / 2 kept between 0 and 1.
 *
 * @example tensor([-3, 0, 3]).hardSigmoid()   // [0, 0.5, 1]
 */
export const hardSigmoid = unary('hardSigmoid', {
  value: (m, x) => m.div(m.minimum(m.maximum(m.add(x, 3), 0), 6), 6),
  result: 'float',
  partials: [(m, x) => m.select(inside(m, -3, x, 3), 1 / 6, 0)],
  samples: [[-4.3, -1.3, 0.4, 5.1]],
  known: [
    [-4, 0],
    [1.5, 0.75],
    [4, 1],
  ],
})

/**
 * `silu` with a sigmoid of straight pieces: x * hardSigmoid(x) (Howard et al. 2019).
 *
 * @example tensor([-3, 1.5, 3]).hardSwish()   // [0, 1.125, 3]
 */
export const hardSwish = unary('hardSwish', {
  value: (m, x) => gated(m, x, m.apply(hardSigmoid, x)),
  result: 'float',
  samples: [[-4.3, -1.3, 0.4, 5.1]],
  known: [
    [-4, 0],
    [1.5, 1.125],
    [4, 4],
  ],
})

/**
 * x kept between -1 and 1; unlike that of `clamp`, its derivative at the corners is 0.
 *
 * @example tensor([-2, 0.5, 2]).hardTanh()   // [-1, 0.5, 1]
 */
export const hardTanh = unary('hardTanh', {
  value: (m, x) => m.minimum(m.maximum(x, -1), 1),
  partials: [(m, x) => m.select(inside(m, -1, x, 1), 1, 0)],
  samples: [[-1.3, 0.4, -0.7, 2.1]],
  known: [
    [-4, -1],
    [0.5, 0.5],
    [4, 1],
  ],
})
