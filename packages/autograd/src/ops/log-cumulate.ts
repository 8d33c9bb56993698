import type { DType } from '../graph/dtype.js'
import type { Node } from '../graph/node.js'
import { normalizeAxis } from '../graph/shape.js'
import type { Algebra } from '../rules/algebra.js'
import { toFloat } from './cast.js'
import { cumMax, cumulationTakes } from './cumulate.js'
import { conditioned } from './define.js'
import { elementwise, mapTo } from './elementwise.js'
import { random, values } from './facts.js'
import { recurrence, shifted } from './recurrence.js'
import { badAxis } from './reduce.js'

const { add, neg, scale, sub } = elementwise

// With m_i the greatest element up to i, exp(y_i) is exp(m_i) (1 + t_i): one of the powers is that of m_i, and the others,
// t_i, keep their digits apart. When the greatest changes, they are scaled to the new one:
//   t_i = exp(m_(i-1) - m_i) t_(i-1) + exp(-|x_i - m_(i-1)|)
// On the way all is float64, so that a long line of factors loses nothing.

const none = Number.NEGATIVE_INFINITY

/** a - b, and 0 where they are equal, infinite ones too. */
const gap = <T>(m: Algebra<T>, a: T, b: T): T => m.select(m.equal(a, b), 0, m.sub(a, b))
/** From the greatest before to the greatest now. */
const factorOf = mapTo('float64', 'logCumSumExp.factor', 2, (m, before, greatest) => m.exp(gap(m, before!, greatest!)))
const newOf = mapTo('float64', 'logCumSumExp.new', 2, (m, x, before) =>
  m.select(m.equal(before!, none), 0, m.exp(m.neg(m.abs(gap(m, x!, before!))))),
)

type Formula = <T>(m: Algebra<T>, ...operands: T[]) => T
const inBoth = (name: string, arity: number, formula: Formula) => {
  const ops = { float32: mapTo('float32', name, arity, formula), float64: mapTo('float64', name, arity, formula) }
  return (dtype: DType, ...inputs: Node[]): Node => ops[dtype as keyof typeof ops](...inputs)
}
const logOf = inBoth('logCumSumExp.log', 2, (m, greatest, others) => m.add(greatest!, m.log1p(others!)))
const shareOf = inBoth('logCumSumExp.share', 3, (m, x, greatest, others) =>
  m.select(m.equal(greatest!, none), 0, m.div(m.exp(gap(m, x!, greatest!)), m.add(1, others!))),
)
const ratioOf = inBoth('logCumSumExp.ratio', 4, (m, before, greatest, othersBefore, others) =>
  m.mul(m.exp(gap(m, before!, greatest!)), m.div(m.add(1, othersBefore!), m.add(1, others!))),
)

const partsOf = (x: Node, axis: number) => {
  const greatest = cumMax(x, axis)
  const before = shifted(greatest, axis, 1, none)
  const others = recurrence(factorOf(before, greatest), newOf(x, before), { axis, reverse: false })
  return { greatest, before, others }
}

/** exp(x_i - y_i): what an element is of the sum up to it; 0 where there is none. */
const shares = conditioned('logCumSumExp.shares', {
  compute: ([x], axis: number) => {
    const { greatest, others } = partsOf(x!, axis)
    return shareOf(x!.dtype, x!, greatest, others)
  },
  vjp: (cotangent, share) => {
    const [x] = share.inputs
    const change = scale(cotangent, share)
    return [add(change, pullBack(neg(change), x!, share.attrs))]
  },
  jvp: ([tangent], share) => {
    const [x] = share.inputs
    return scale(sub(tangent!, pushOn(tangent!, x!, share.attrs)), share)
  },
  call:
    (apply) =>
    (x: Node, axis: number): Node =>
      apply([x], axis),
  samples: [],
})

/** exp(y_(i-1) - y_i): what is left of the shares before i. The first means nothing. */
const ratios = conditioned('logCumSumExp.ratios', {
  compute: ([x], axis: number) => {
    const { greatest, before, others } = partsOf(x!, axis)
    return ratioOf(x!.dtype, before, greatest, shifted(others, axis, 1, 0), others)
  },
  vjp: (cotangent, ratio) => {
    const [x] = ratio.inputs
    const change = scale(cotangent, ratio)
    return [pullBack(sub(shifted(change, ratio.attrs, -1, 0), change), x!, ratio.attrs)]
  },
  jvp: ([tangent], ratio) => {
    const [x] = ratio.inputs
    const change = pushOn(tangent!, x!, ratio.attrs)
    return scale(sub(shifted(change, ratio.attrs, 1, 0), change), ratio)
  },
  call:
    (apply) =>
    (x: Node, axis: number): Node =>
      apply([x], axis),
  samples: [],
})

/** The cotangent of x, and the tangent of the result, of logCumSumExp. */
const pullBack = (cotangent: Node, x: Node, axis: number): Node =>
  scale(recurrence(ratios(x, axis), cotangent, { axis, reverse: true }), shares(x, axis))
const pushOn = (tangent: Node, x: Node, axis: number): Node =>
  recurrence(ratios(x, axis), scale(tangent, shares(x, axis)), { axis, reverse: false })

/** The logarithms of the sums of exp(x) up to each element along an axis (default the last), without overflow. */
export const logCumSumExp = conditioned('logCumSumExp', {
  compute: ([x], axis: number) => {
    const { greatest, others } = partsOf(x!, axis)
    return logOf(x!.dtype, greatest, others)
  },
  vjp: (cotangent, { inputs: [x], attrs: axis }) => [pullBack(cotangent, x!, axis)],
  jvp: ([tangent], { inputs: [x], attrs: axis }) => pushOn(tangent!, x!, axis),
  takes: cumulationTakes,
  call:
    (apply) =>
    (x: Node, axis = -1): Node =>
      apply([toFloat(x)], normalizeAxis('logCumSumExp', axis, x.sizes)),
  samples: [
    [random(5)],
    [random(2, 3)],
    [random(3, 2), 0],
    [random(2, 0)],
    [values([2, 3], [1e4, 1e4, -1e4, -1e4, 3, 1e4])],
  ],
  errors: [badAxis('logCumSumExp')],
})
