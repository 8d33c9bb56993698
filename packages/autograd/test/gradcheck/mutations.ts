import { customOp, random, stopGradient, type Tensor, tensor } from '@adjoint/autograd'
import type { Node } from '../../src/graph/node.js'
import { functions } from '../../src/ops/index.js'
import { rules } from '../../src/rules/index.js'
import { unary } from '../../src/rules/rule.js'
import { type F, withRule, withRules } from './mutate.js'

const f64 = { dtype: 'float64' } as const
const x = tensor([-1.3, 0.4, 2.1], f64)
const y = tensor([0.7, 1.9, -0.6], f64)
const positive = tensor([0.3, 1.2, 4.7], f64)
const square = tensor([[0.5, -1.2, 0.9], [1.6, 0.3, -0.7], [-0.4, 2.2, 1.1]], f64) // biome-ignore format: a matrix
const other = tensor([[1.5, 0.2, -0.9], [0.6, -1.3, 0.4], [0.8, -2.1, 0.1]], f64) // biome-ignore format: a matrix
const wide = tensor([[0.5, -1.2, 0.9], [1.6, 0.3, -0.7]], f64) // biome-ignore format: a matrix
const indices = tensor([2, 0, 2, 2], { dtype: 'int32' })

const {
  abs,
  add,
  broadcastTo,
  concat,
  div,
  matmul,
  mul,
  neg,
  pad,
  permute,
  reshape,
  slice,
  softmax,
  sub,
  tanh,
  transpose,
} = functions
const squared = functions.square
const as = (f: unknown) => f as F
const kept: F = (a) => a.sum(1, { keepDims: true }) as Tensor
const spread: F = (a) => a.broadcastTo([4, 3]) as Tensor
const turned: F = (a) => a.permute([1, 2, 0]) as Tensor
const selected: F = (a) => a.indexSelect(indices) as Tensor
const product = as(matmul)

/** s (1 - s), with s (1 - s) for its derivative too. */
const slopeOfSigmoid = unary('slopeOfSigmoid', {
  value: (m, a) => {
    const s = m.apply(rules.sigmoid, a)
    return m.mul(s, m.sub(1, s))
  },
  partials: [(_m, _a, slope) => slope],
  samples: [],
})

/** A function with a wrong derivative. */
export interface Mutation {
  readonly f: F
  readonly inputs: readonly Tensor[]
  /** The order at which it shows: 1 unless given. */
  readonly order?: 1 | 2
  /** The cause that the diagnosis names, if it can. */
  readonly cause?: string
}

export const mutations: Record<string, Mutation> = {
  // scalar rules
  'tanh: sign flipped': {
    f: withRule(rules.tanh, { partials: [(m, _x, t) => m.sub(m.mul(t!, t!), 1)] }),
    inputs: [x],
    cause: 'sign flip',
  },
  'tanh: a square is missing': { f: withRule(rules.tanh, { partials: [(m, _x, t) => m.sub(1, t!)] }), inputs: [x] },
  'square: factor 2 is missing': {
    f: withRule(rules.square, { partials: [(_m, a) => a!] }),
    inputs: [x],
    cause: 'constant factor',
  },
  'sqrt: twice what it should be': {
    f: withRule(rules.sqrt, { partials: [(m, _x, r) => m.div(1, r!)] }),
    inputs: [positive],
    cause: 'constant factor',
  },
  'sin: the cosine of something else': {
    f: withRule(rules.sin, { partials: [(m, a) => m.cos(m.mul(2, a!))] }),
    inputs: [x],
  },
  'mul: the other operand': {
    f: withRule(rules.mul, { partials: [(_m, a) => a!, (_m, _a, b) => b!] }),
    inputs: [x, y],
  },
  'div: a sign is missing in one of two partials': {
    f: withRule(rules.div, { partials: [(m, _a, b) => m.div(1, b!), (m, _a, b, q) => m.div(q!, b!)] }),
    inputs: [x, y],
    cause: 'sign flip',
  },
  'sigmoid: the second factor is missing': {
    f: withRule(rules.sigmoid, { partials: [(_m, _x, s) => s!] }),
    inputs: [x],
  },
  'log: an epsilon in the denominator': {
    f: withRule(rules.log, { partials: [(m, a) => m.div(1, m.add(a!, 1e-7))] }),
    inputs: [positive],
  },
  "exp: 0.09 % off everywhere, which torch's slow mode passes": {
    f: withRule(rules.exp, { partials: [(m, _x, e) => m.mul(1.0009, e!)] }),
    inputs: [x],
    cause: 'constant factor',
  },
  'add: zero where the truth is 1e-6': {
    f: withRule(rules.add, { value: (m, a, b) => m.add(a!, m.mul(1e-6, m.sin(b!))), partials: [() => 1, () => 0] }),
    inputs: [x, y],
    cause: 'no gradient',
  },
  'pow: the exponent is taken to be constant': {
    f: withRule(rules.pow, { partials: [(m, a, b) => m.mul(b!, m.pow(a!, m.sub(b!, 1))), () => 0] }),
    inputs: [positive, y],
    cause: 'no gradient',
  },
  'gelu: the derivative of its approximation': {
    f: withRule(rules.gelu, {
      partials: [
        (m, a) => {
          const s = m.apply(rules.sigmoid, m.mul(1.702, a!))
          return m.mul(s, m.add(1, m.mul(m.mul(1.702, a!), m.sub(1, s))))
        },
      ],
    }),
    inputs: [x],
  },
  'maximum: the smaller one has the derivative': {
    f: withRule(rules.maximum, { partials: [(m, a, b) => m.less(a!, b!), (m, a, b) => m.less(b!, a!)] }),
    inputs: [x, y],
  },
  'softplus: the second derivative is that of a constant': {
    f: withRule(rules.softplus, { partials: [(m, a) => m.apply({ ...rules.sigmoid, partials: [() => 0] }, a!)] }),
    inputs: [x],
    order: 2,
    cause: 'no gradient',
  },
  'sigmoid: a factor of the second derivative': {
    f: withRule(rules.sigmoid, { partials: [(m, a) => m.apply(slopeOfSigmoid, a!)] }),
    inputs: [x],
    order: 2,
  },

  // ops
  'matmul: one factor is not transposed': {
    f: withRules(product, {
      vjp: (g, { inputs: [a, b] }, index) => (index === 0 ? matmul(g, b!) : matmul(transpose(a!), g)),
    }),
    inputs: [square, other],
    cause: 'transpose',
  },
  'matmul: factors in the wrong order': {
    f: withRules(product, {
      vjp: (g, { inputs: [a] }, index, right) => (index === 0 ? right() : matmul(g, transpose(a!))),
    }),
    inputs: [square, other],
  },
  'matmul: the result is transposed': {
    f: withRules(product, { vjp: (_g, _node, index, right) => (index === 0 ? transpose(right()) : right()) }),
    inputs: [square, other],
    cause: 'transpose',
  },
  'matmul: a term of the product rule is missing, forward': {
    f: withRules(product, { jvp: ([da], { inputs: [, b] }, right) => (da ? matmul(da, b!) : right()) }),
    inputs: [square, other],
    cause: 'no gradient',
  },
  'broadcastTo: the sum is missing': {
    f: withRules(spread, { vjp: (g, { inputs: [a] }) => reshape(slice(g, 0, 0, 1), a!.sizes) }),
    inputs: [x],
  },
  'broadcastTo: the shape of the result': { f: withRules(spread, { vjp: (g) => g }), inputs: [x] },
  'broadcastTo: a mean where a sum belongs': {
    f: withRules(spread, { vjp: (_g, _node, _index, right) => div(right(), 4) }),
    inputs: [x],
    cause: 'constant factor',
  },
  'sum: a mean where a sum belongs': {
    f: withRules(kept, { vjp: (_g, _node, _index, right) => div(right(), 3) }),
    inputs: [wide],
    cause: 'constant factor',
  },
  'sum: only to the first of them': {
    f: withRules(kept, {
      vjp: (g, { inputs: [a] }) =>
        pad(
          g,
          a!.sizes.map((_, i) => (i === 1 ? [0, 2] : [0, 0])),
        ),
    }),
    inputs: [wide],
  },
  'permute: not the inverse': {
    f: withRules(turned, { vjp: (g) => permute(g, [1, 2, 0]) }),
    inputs: [random.normal([2, 2, 2], f64)],
  },
  'indexSelect: what is picked twice counts once': {
    f: withRules(selected, {
      vjp: (g) => concat([slice(g, 0, 1, 2), mul(slice(g, 0, 0, 1), 0), slice(g, 0, 0, 1)]),
    }),
    inputs: [x],
  },
  'max: the derivative goes to all': {
    f: withRules((a) => a.max(1, { keepDims: true }) as Tensor, {
      vjp: (g, { inputs: [a] }) => broadcastTo(g, a!.sizes),
    }),
    inputs: [wide],
  },
  'softmax: only the diagonal': {
    f: withRules(as(softmax), { vjp: (g, s) => mul(g, sub(s, mul(s, s))) }),
    inputs: [wide],
  },
  'softmax: right in reverse, wrong forward': {
    f: withRules(as(softmax), { jvp: ([t], s) => mul(t!, s) }),
    inputs: [wide],
  },
  'logSumExp: right forward, wrong in reverse': {
    f: withRules((a) => a.logSumExp(1, { keepDims: true }) as Tensor, {
      vjp: (g, { inputs: [a] }) => broadcastTo(g, a!.sizes),
    }),
    inputs: [wide],
  },

  // what is given to the rule
  'the cotangent is ignored': {
    f: withRules((a) => a.square() as Tensor, { vjp: (_g, { inputs: [a] }) => mul(a!, 2) }),
    inputs: [x],
    cause: 'cotangent ignored',
  },
  'the cotangent of a scalar loss is ignored': {
    f: customOp({ name: 'loss', forward: (a: Tensor) => a.square().sum() as Tensor, vjp: (_g, [a]) => [a.mul(2)] }),
    inputs: [x],
  },
  'the tangent is ignored': {
    f: withRules((a) => a.square() as Tensor, { jvp: (_t, { inputs: [a] }) => mul(a!, 2) }),
    inputs: [x],
    cause: 'cotangent ignored',
  },
  'the absolute value of the cotangent': {
    f: withRules((a) => a.neg() as Tensor, { vjp: (g) => neg(abs(g)) }),
    inputs: [x],
  },
  'the cotangent arrives twice': {
    f: withRules(as(tanh), { vjp: (_g, _node, _index, right) => add(right(), right()) }),
    inputs: [x],
    cause: 'constant factor',
  },
  'nothing arrives': { f: withRules(as(tanh), { vjp: () => null }), inputs: [x], cause: 'no gradient' },
  'stopGradient in the function': {
    f: (a, b) => a.mul(stopGradient(b)) as Tensor,
    inputs: [x, y],
    cause: 'no gradient',
  },
  'a rule that throws': {
    f: withRules(as(tanh), {
      vjp: () => {
        throw new RangeError('not written yet')
      },
    }),
    inputs: [x],
  },
  'a rule that gives NaN': { f: withRules(as(tanh), { vjp: (g) => mul(g, Number.NaN) }), inputs: [x] },

  // the second order
  'a saved output is treated as constant': {
    f: withRules(as(tanh), { vjp: (g, t) => mul(g, sub(1, squared(stopGradient(t as Tensor)))) }),
    inputs: [x],
    order: 2,
    cause: 'no gradient',
  },
  'a saved output is treated as constant, forward': {
    f: withRules(as(tanh), { jvp: ([t], out) => mul(t!, sub(1, squared(stopGradient(out as Tensor)))) }),
    inputs: [x],
    order: 2,
  },
  'half of the second derivative is lost': {
    f: withRules(as(mul), {
      vjp: (g, { inputs: [a, b] }, index) => mul(g, index === 0 ? (stopGradient(b as Tensor) as Node) : a!),
    }),
    inputs: [x, y],
    order: 2,
  },
}

/** The functions that were changed above, as they are. */
export const untouched: readonly (readonly [string, F, readonly Tensor[]])[] = [
  ['tanh', withRule(rules.tanh, {}), [x]],
  [
    'matmul',
    withRules(product, { vjp: (_g, _node, _index, right) => right(), jvp: (_t, _node, right) => right() }),
    [square, other],
  ],
  ['sum', kept, [wide]],
  ['broadcastTo', spread, [x]],
  ['permute', turned, [random.normal([2, 2, 2], f64)]],
  ['indexSelect', selected, [x]],
  ['softmax', as(softmax), [wide]],
]
