import { sigmoid } from './activation.js'
import { gap } from './common.js'
import { binary, unary } from './rule.js'

/**
 * log2(2^a + 2^b), without overflow.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example logAddExp2(tensor([3]), 3)   // [4]
 */
export const logAddExp2 = binary('logAddExp2', {
  value: (m, a, b) => {
    const decay = m.pow(2, m.neg(m.abs(gap(m, a, b))))
    return m.add(m.maximum(a, b), m.div(m.log1p(decay), Math.LN2))
  },
  result: 'float',
  partials: [
    (m, a, b) => m.apply(sigmoid, m.mul(Math.LN2, gap(m, a, b))),
    (m, a, b) => m.apply(sigmoid, m.mul(Math.LN2, gap(m, b, a))),
  ],
  samples: [
    [-1.3, 0.4, 2.1, 0.5],
    [0.7, 1.9, -0.6, 0.5],
  ],
  known: [
    [0.4, 1.9, 2.336751795439824],
    [1e4, 1e4, 10001],
    [-Infinity, -Infinity, -Infinity],
    [-Infinity, 2.5, 2.5],
  ],
})

/**
 * log(x / (1 - x)), the inverse of sigmoid: accurate near 0, 1/2 and 1.
 *
 * @example logit(tensor([0.5, 1]))   // [0, Infinity]
 */
export const logit = unary('logit', {
  value: (m, x) => {
    const isCentral = m.less(m.abs(m.sub(x, 0.5)), 0.25)
    return m.select(isCentral, m.mul(2, m.atanh(m.sub(m.mul(2, x), 1))), m.sub(m.log(x), m.log1p(m.neg(x))))
  },
  result: 'float',
  partials: [(m, x) => m.add(m.div(1, x), m.div(1, m.sub(1, x)))],
  samples: [[0.1, 0.4, 0.5, 0.9]],
  known: [
    [0.1, -2.197224577336219],
    [0.9, 2.1972245773362196],
    [0.500001, 4.000000000120356e-6],
    [1e-300, -690.7755278982137],
    [0, -Infinity],
    [1, Infinity],
    [0.5, 0],
  ],
})
