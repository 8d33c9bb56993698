import type { Algebra } from './algebra.js'
import { noneByZero, unlessNaN } from './common.js'
import { binary, ternary, unary } from './rule.js'

/**
 * x itself, as an op of the graph.
 *
 * @example tensor([1, 2]).identity()   // [1, 2]
 */
export const identity = unary('identity', {
  value: (_m, x) => x,
  partials: [() => 1],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, 0.4]],
})

/**
 * The sum a + b, element by element.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2]).add(tensor([[10], [20]]))   // [[11, 12], [21, 22]]
 */
export const add = binary('add', {
  value: (m, a, b) => m.add(a, b),
  primitive: true,
  additive: true,
  partials: [() => 1, () => 1],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [[0.5, 0.25, 0.75]],
})

/**
 * The difference a - b, element by element.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2]).sub(3)   // [-2, -1]
 */
export const sub = binary('sub', {
  value: (m, a, b) => m.sub(a, b),
  primitive: true,
  partials: [() => 1, () => -1],
  misfit: (dtype) =>
    dtype === 'bool' ? "truth values have no difference; use logicalXor(), or cast them to 'int32' to count" : null,
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [[0.5, 0.75, -0.25]],
})

/**
 * The product a * b, element by element; `matmul` is the matrix product.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2]).mul(tensor([3, 4]))   // [3, 8]
 */
export const mul = binary('mul', {
  value: (m, a, b) => m.mul(a, b),
  primitive: true,
  partials: [(_m, _a, b) => b, (_m, a) => a],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [[1.5, -2.5, -3.75]],
})

/** The product of a cotangent and a partial: see `BinaryPrimitive`. */
export const scale = binary('scale', {
  value: (m, g, p) => m.scale(g, p),
  primitive: true,
  partials: [(_m, _g, p) => p, (_m, g) => g],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [
    [1.5, -2.5, -3.75],
    [0, Infinity, 0],
    [0, NaN, 0],
    [Infinity, 0, 0],
  ],
})

/** The product of integers: see `BinaryPrimitive`. */
export const integerMul = binary('integerMul', {
  value: (m, a, b) => m.integerMul(a, b),
  primitive: true,
  partials: [(_m, _a, b) => b, (_m, a) => a],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [
    [1.5, -2.5, -3.75],
    [65537, -65537, -4295098369],
    [123456789, 987654321, -67153019],
    [-2147483648, -2147483647, -2147483648],
  ],
})

/**
 * The quotient a / b, element by element; of integers it is a float32.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2]).div(2)   // [0.5, 1]
 */
export const div = binary('div', {
  value: (m, a, b) => m.div(a, b),
  primitive: true,
  result: 'float',
  partials: [(m, _a, b) => m.div(1, b), (m, _a, b, y) => m.neg(m.div(y, b))],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [
    [-7.5, 2.5, -3],
    [1, 0, Infinity],
  ],
})

/**
 * The negative, -x.
 *
 * @throws DTypeError for truth values
 * @example tensor([1, -2]).neg()   // [-1, 2]
 */
export const neg = unary('neg', {
  value: (m, x) => m.neg(x),
  primitive: true,
  partials: [() => -1],
  misfit: (dtype) =>
    dtype === 'bool' ? "truth values have no negative; use logicalNot(), or cast them to 'int32' to count" : null,
  samples: [[-1.3, 0.4, 2.1]],
  known: [[0.4, -0.4]],
})

/**
 * The absolute value |x|; its derivative at 0 is 0.
 *
 * @example tensor([-3, 2]).abs()   // [3, 2]
 */
export const abs = unary('abs', {
  value: (m, x) => m.abs(x),
  primitive: true,
  partials: [(m, x) => m.select(m.less(0, x), 1, m.select(m.less(x, 0), -1, 0))],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[-0.4, 0.4]],
})

/**
 * The sign of x: -1, 0 or 1; NaN for NaN. Its derivative is 0.
 *
 * @example tensor([-3, 0, 2]).sign()   // [-1, 0, 1]
 */
export const sign = unary('sign', {
  value: (m, x) => m.select(m.less(0, x), 1, m.select(m.less(x, 0), -1, x)),
  partials: [() => 0],
  samples: [[-1.3, 0.4, 2.1]],
  known: [
    [-0.4, -1],
    [0, 0],
    [7, 1],
    [NaN, NaN],
  ],
})

/**
 * The square, x * x.
 *
 * @example tensor([-3, 2]).square()   // [9, 4]
 */
export const square = unary('square', {
  value: (m, x) => m.mul(x, x),
  partials: [(m, x) => m.mul(2, x)],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[-1.5, 2.25]],
})

/**
 * The reciprocal, 1 / x.
 *
 * @example tensor([2, 4]).reciprocal()   // [0.5, 0.25]
 */
export const reciprocal = unary('reciprocal', {
  value: (m, x) => m.div(1, x),
  result: 'float',
  partials: [(m, _x, y) => m.neg(m.mul(y, y))],
  samples: [[-1.3, 0.4, 2.1]],
  known: [[-4, -0.25]],
})

/**
 * The square root; NaN for negative numbers.
 *
 * @example tensor([4, 9]).sqrt()   // [2, 3]
 */
export const sqrt = unary('sqrt', {
  value: (m, x) => m.sqrt(x),
  primitive: true,
  result: 'float',
  partials: [(m, _x, y) => m.div(0.5, y)],
  samples: [[0.3, 1.2, 4.7]],
  known: [
    [2.25, 1.5],
    [3, 1.7320508075688772],
  ],
})

/**
 * The reciprocal of the square root, 1 / sqrt(x).
 *
 * @example tensor([4, 16]).rsqrt()   // [0.5, 0.25]
 */
export const rsqrt = unary('rsqrt', {
  value: (m, x) => m.div(1, m.sqrt(x)),
  result: 'float',
  partials: [(m, x, y) => m.div(m.mul(-0.5, y), x)],
  samples: [[0.3, 1.2, 4.7]],
  known: [[0.25, 2]],
})

/**
 * The power a ** b. The derivative by the base is 0 for an exponent of 0, at a base of 0 too. That by the exponent is 0 at
 * a base of 0 unless the power is infinite there, and NaN at a negative base, where the power is defined for isolated
 * exponents only.
 *
 * @throws ShapeError if the shapes do not broadcast; DTypeError for an integer to a negative number
 * @example tensor([2, 3]).pow(2)   // [4, 9]
 */
export const pow = binary('pow', {
  value: (m, a, b) => m.pow(a, b),
  primitive: true,
  partials: [
    (m, a, b) => m.scale(b, m.pow(a, m.sub(b, 1))),
    (m, a, b, y) => m.scale(y, m.select(m.logicalAnd(m.equal(a, 0), m.lessEqual(0, b)), 0, m.log(a))),
  ],
  misfit: (dtype, [, exponent]) =>
    dtype === 'int32' && typeof exponent === 'number' && exponent < 0
      ? `integers to the power of ${exponent} are fractions; cast them to 'float32' or 'float64' first`
      : null,
  samples: [
    [0.3, 1.2, 4.7, 0.8],
    [2.5, -1.4, 0.6, 3],
  ],
  known: [
    [1.7, 2.5, 3.7680989902071307],
    [-2, 3, -8],
    [0, 0, 1],
    [NaN, 0, 1],
    [1, NaN, 1],
  ],
})

/** The power of integers: see `BinaryPrimitive`. */
export const integerPow = binary('integerPow', {
  value: (m, a, b) => m.integerPow(a, b),
  primitive: true,
  partials: [
    (m, a, b) => m.scale(b, m.pow(a, m.sub(b, 1))),
    (m, a, b, y) => m.scale(y, m.select(m.logicalAnd(m.equal(a, 0), m.lessEqual(0, b)), 0, m.log(a))),
  ],
  samples: [
    [0.3, 1.2, 4.7, 0.8],
    [2.5, -1.4, 0.6, 3],
  ],
  known: [
    [-2, 3, -8],
    [0, 0, 1],
    [5, -1, 0.2],
    [3, 40, 689956897],
    [-7, 33, -100179207],
  ],
})

/** part / length where length is that of (part, other): 0 at the origin, and what it tends to at an infinity. */
const cosine = <T>(m: Algebra<T>, part: T, other: T, length: T): T => {
  const isInfinite = (x: T) => m.equal(m.abs(x), Infinity)
  const size = m.select(isInfinite(part), m.select(isInfinite(other), Math.SQRT1_2, 1), 0)
  const far = m.select(m.less(part, 0), m.neg(size), size)
  return m.select(m.equal(length, 0), 0, m.select(m.equal(length, Infinity), far, m.div(part, length)))
}

/**
 * The length of (a, b), sqrt(a^2 + b^2), without overflow; its derivative at (0, 0) is 0.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([3]).hypot(tensor([4]))   // [5]
 */
export const hypot = binary('hypot', {
  value: (m, a, b) => m.hypot(a, b),
  primitive: true,
  result: 'float',
  partials: [(m, a, b, y) => cosine(m, a, b, y), (m, a, b, y) => cosine(m, b, a, y)],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
  ],
  known: [
    [3, -4, 5],
    [3e200, 4e200, 4.9999999999999995e200],
  ],
})

/**
 * From a to b, `a + t * (b - a)`, exact at both ends.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([0, 10]).lerp(tensor([10, 20]), 0.5)   // [5, 15]
 */
export const lerp = ternary('lerp', {
  value: (m, a, b, t) => {
    const span = m.sub(b, a)
    const rest = m.sub(1, t)
    const near = m.select(m.less(t, 0.5), m.add(a, m.mul(t, span)), m.sub(b, m.mul(rest, span)))
    return m.select(m.less(m.abs(span), Infinity), near, m.add(m.scale(rest, a), m.scale(t, b)))
  },
  result: 'float',
  partials: [(m, _a, _b, t) => m.sub(1, t), (_m, _a, _b, t) => t, (m, a, b) => m.sub(b, a)],
  samples: [
    [-1.3, 0.4, 2.1],
    [0.7, 1.9, -0.6],
    [0.2, 0.9, 1.6],
  ],
  known: [
    [2, 6, 0.25, 3],
    [0.1, 0.7, 1, 0.7],
  ],
})

/**
 * The remainder `a - floor(a / b) * b`, which has the sign of b, as in Python and NumPy. It is NaN if b is 0; if b is
 * infinite it is a, or b where the signs differ.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([7, -7]).remainder(3)   // [1, 2]
 */
export const remainder = binary('remainder', {
  value: (m, a, b) => m.remainder(a, b),
  primitive: true,
  partials: [
    (m, _a, _b, y) => unlessNaN(m, y),
    (m, a, b, y) => {
      const far = m.select(m.equal(y, b), 1, 0)
      return m.select(m.equal(m.abs(b), Infinity), far, m.neg(m.round(m.div(m.sub(a, y), b))))
    },
  ],
  misfit: noneByZero('remainder', 'NaN'),
  samples: [
    [-1.3, 5.4, 2.1, -7.7],
    [0.7, 1.9, -0.6, -3.2],
  ],
  known: [
    [-7, 3, 2],
    [7, -3, -2],
    [-5.5, -2, -1.5],
  ],
})
