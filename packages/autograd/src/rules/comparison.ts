import { binary, unary } from './rule.js'

const pairs = [
  [-1.3, 0.4, 2.1],
  [0.7, 0.4, -0.6],
]
const truths = [
  [0, 0, 1, 1],
  [0, 1, 0, 1],
]

/**
 * Where a equals b; bool. In a condition write `if (a.equal(b).item())`, or `all()` or `any()` first:
 * any tensor is true to JavaScript.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2, 3]).equal(2)   // [0, 1, 0]
 */
export const equal = binary('equal', {
  value: (m, a, b) => m.equal(a, b),
  primitive: true,
  result: 'bool',
  partials: 'none',
  samples: pairs,
  known: [
    [0.4, 0.4, 1],
    [0.4, 0.5, 0],
    [NaN, NaN, 0],
  ],
})

/**
 * Where a differs from b; bool. In a condition write `if (a.notEqual(b).item())`, or `all()` or `any()` first:
 * any tensor is true to JavaScript.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2, 3]).notEqual(2)   // [1, 0, 1]
 */
export const notEqual = binary('notEqual', {
  value: (m, a, b) => m.logicalNot(m.equal(a, b)),
  result: 'bool',
  partials: 'none',
  samples: pairs,
  known: [
    [0.4, 0.4, 0],
    [0.4, 0.5, 1],
    [NaN, NaN, 1],
  ],
})

/**
 * Where a < b; bool. In a condition write `if (a.less(b).item())`, or `all()` or `any()` first:
 * any tensor is true to JavaScript.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2, 3]).less(2)   // [1, 0, 0]
 */
export const less = binary('less', {
  value: (m, a, b) => m.less(a, b),
  primitive: true,
  result: 'bool',
  partials: 'none',
  samples: pairs,
  known: [
    [0.4, 0.5, 1],
    [0.4, 0.4, 0],
    [NaN, 1, 0],
  ],
})

/**
 * Where a <= b; bool. In a condition write `if (a.lessEqual(b).item())`, or `all()` or `any()` first:
 * any tensor is true to JavaScript.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2, 3]).lessEqual(2)   // [1, 1, 0]
 */
export const lessEqual = binary('lessEqual', {
  value: (m, a, b) => m.lessEqual(a, b),
  primitive: true,
  result: 'bool',
  partials: 'none',
  samples: pairs,
  known: [
    [0.4, 0.4, 1],
    [0.5, 0.4, 0],
    [NaN, 1, 0],
  ],
})

/**
 * Where a > b; bool. In a condition write `if (a.greater(b).item())`, or `all()` or `any()` first:
 * any tensor is true to JavaScript.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2, 3]).greater(2)   // [0, 0, 1]
 */
export const greater = binary('greater', {
  value: (m, a, b) => m.less(b, a),
  result: 'bool',
  partials: 'none',
  samples: pairs,
  known: [
    [0.5, 0.4, 1],
    [0.4, 0.4, 0],
    [NaN, 1, 0],
  ],
})

/**
 * Where a >= b; bool. In a condition write `if (a.greaterEqual(b).item())`, or `all()` or `any()` first:
 * any tensor is true to JavaScript.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([1, 2, 3]).greaterEqual(2)   // [0, 1, 1]
 */
export const greaterEqual = binary('greaterEqual', {
  value: (m, a, b) => m.lessEqual(b, a),
  result: 'bool',
  partials: 'none',
  samples: pairs,
  known: [
    [0.4, 0.4, 1],
    [0.4, 0.5, 0],
    [NaN, 1, 0],
  ],
})

/**
 * Where neither a nor b is 0; bool.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([0, 1]).logicalAnd(tensor([1, 1]))   // [0, 1]
 */
export const logicalAnd = binary('logicalAnd', {
  value: (m, a, b) => m.logicalAnd(a, b),
  primitive: true,
  result: 'bool',
  partials: 'none',
  samples: truths,
  known: [
    [1, 1, 1],
    [1, 0, 0],
    [-2, NaN, 1],
  ],
})

/**
 * Where a and b are not both 0; bool.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([0, 1]).logicalOr(tensor([0, 0]))   // [0, 1]
 */
export const logicalOr = binary('logicalOr', {
  value: (m, a, b) => m.logicalOr(a, b),
  primitive: true,
  result: 'bool',
  partials: 'none',
  samples: truths,
  known: [
    [0, 0, 0],
    [0, 3, 1],
  ],
})

/**
 * Where one of a and b is 0 and the other is not; bool.
 *
 * @throws ShapeError if the shapes do not broadcast
 * @example tensor([0, 1]).logicalXor(tensor([1, 1]))   // [1, 0]
 */
export const logicalXor = binary('logicalXor', {
  value: (m, a, b) => m.logicalNot(m.equal(m.logicalNot(a), m.logicalNot(b))),
  result: 'bool',
  partials: 'none',
  samples: truths,
  known: [
    [2, 3, 0],
    [0, 3, 1],
  ],
})

/**
 * Where x is 0; bool.
 *
 * @example tensor([0, 2]).logicalNot()   // [1, 0]
 */
export const logicalNot = unary('logicalNot', {
  value: (m, x) => m.logicalNot(x),
  primitive: true,
  result: 'bool',
  partials: 'none',
  samples: [[0, 1]],
  known: [
    [0, 1],
    [0.3, 0],
  ],
})

/**
 * Where x is NaN; bool.
 *
 * @example tensor([0, NaN]).isNaN()   // [0, 1]
 */
export const isNaN = unary('isNaN', {
  value: (m, x) => m.logicalNot(m.equal(x, x)),
  result: 'bool',
  partials: 'none',
  samples: [[-1.3, 0.4]],
  known: [
    [NaN, 1],
    [Infinity, 0],
  ],
})

/**
 * Where x is infinite; bool.
 *
 * @example tensor([0, -Infinity]).isInf()   // [0, 1]
 */
export const isInf = unary('isInf', {
  value: (m, x) => m.equal(m.abs(x), Infinity),
  result: 'bool',
  partials: 'none',
  samples: [[-1.3, 0.4]],
  known: [
    [-Infinity, 1],
    [NaN, 0],
    [3, 0],
  ],
})

/**
 * Where x is neither infinite nor NaN; bool.
 *
 * @example tensor([0, NaN]).isFinite()   // [1, 0]
 */
export const isFinite = unary('isFinite', {
  value: (m, x) => m.less(m.abs(x), Infinity),
  result: 'bool',
  partials: 'none',
  samples: [[-1.3, 0.4]],
  known: [
    [-Infinity, 0],
    [NaN, 0],
    [3, 1],
  ],
})
