import type { Algebra } from './algebra.js'
import { type BinaryRule, binary } from './rule.js'

// Numbers times what falls off exponentially, multiplied in such an order that no product on the way is below the range of
// the dtype where the result is not.

/** x times a gate between 0 and 1. What a gate of 0 meets is 0, also where it is infinite. */
export const gated = <T>(m: Algebra<T>, x: T, gate: T): T => m.scale(x, gate)

/** Beyond it a decay is 0 in each dtype, times anything that it meets here. */
const end = 800

/** x, or the end of the decay below it, so that 0 does not meet infinity. */
export const fromEnd = <T>(m: Algebra<T>, x: T): T => m.maximum(x, -end)
export const betweenEnds = <T>(m: Algebra<T>, x: T): T => m.minimum(fromEnd(m, x), end)

/** x times the square of a root that is tiny. */
export const timesSquare = <T>(m: Algebra<T>, x: T, root: T): T => m.mul(m.mul(x, root), root)

/** The root of exp(angle), as far as a sigmoid can tell it from that of 1. */
const rootOfPower = <T>(m: Algebra<T>, angle: T): T => m.exp(m.mul(0.5, m.minimum(angle, 60)))

/** x / (1 + exp(-angle)); x is finite where the angle is negative. By the chain rule derivatives would underflow early. */
export const timesSigmoid: BinaryRule = binary('timesSigmoid', {
  value: (m, x, angle) => {
    const isNegative = m.less(angle, 0)
    const root = m.exp(m.mul(0.5, m.select(isNegative, angle, m.neg(angle))))
    return m.div(m.select(isNegative, timesSquare(m, x, root), x), m.add(1, m.mul(root, root)))
  },
  partials: [
    (m, _x, angle) => m.apply(timesSigmoid, 1, angle),
    (m, x, angle) => m.apply(timesSigmoid, m.apply(timesSigmoid, x, m.neg(angle)), angle),
  ],
  samples: [],
})

/** 1 + x / (1 + exp(angle)); x is finite. */
export const onePlusRest = <T>(m: Algebra<T>, x: T, angle: T): T => {
  const root = rootOfPower(m, angle)
  return m.add(1, m.div(x, m.add(1, m.mul(root, root))))
}
