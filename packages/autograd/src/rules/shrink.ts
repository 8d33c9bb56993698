import { parametric, ternary } from './rule.js'

/**
 * x moved towards 0 by `lambda`, 0.5 unless given, and 0 where it is no further from it.
 *
 * @example softshrink(tensor([-2, 0.25, 1]))   // [-1.5, 0, 0.5]
 */
export const softshrink = parametric('softshrink', 0.5, {
  value: (m, x, lambda) => {
    const moved = m.select(m.less(0, x), m.sub(x, lambda), m.add(x, lambda))
    return m.select(m.lessEqual(m.abs(x), lambda), 0, moved)
  },
  result: 'float',
  samples: [
    [-1.3, 0.4, 2.1, -0.2],
    [0.5, 0.5, 0.7, 0.1],
  ],
  known: [
    [-1.5, 0.5, -1],
    [0.25, 0.5, 0],
    [2, 0.5, 1.5],
    [NaN, 0.5, NaN],
  ],
})

/**
 * x where it is further than `lambda`, 0.5 unless given, from 0, else 0.
 *
 * @example hardshrink(tensor([-2, 0.25, 1]))   // [-2, 0, 1]
 */
export const hardshrink = parametric('hardshrink', 0.5, {
  value: (m, x, lambda) => m.select(m.lessEqual(m.abs(x), lambda), 0, x),
  result: 'float',
  samples: [
    [-1.3, 0.4, 2.1, -0.2],
    [0.5, 0.5, 0.7, 0.1],
  ],
  known: [
    [-1.5, 0.5, -1.5],
    [0.5, 0.5, 0],
    [NaN, 0.5, NaN],
  ],
})

/**
 * x where it is above `limit`, else `value`.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example threshold(tensor([-2, 0.25, 1]), 0, 9)   // [9, 0.25, 1]
 */
export const threshold = ternary('threshold', {
  value: (m, x, limit, value) => m.select(m.lessEqual(x, limit), value, x),
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 0.1, 1.5],
    [0.3, -0.6, 5],
  ],
  known: [
    [0.5, 0.25, 7, 0.5],
    [0.25, 0.25, 7, 7],
    [NaN, 0, 1, NaN],
  ],
})
