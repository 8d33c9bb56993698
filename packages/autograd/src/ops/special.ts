import { isFloat } from '../graph/dtype.js'
import type { Node } from '../graph/node.js'
import { sharedConstant } from './constant.js'
import { composed } from './define.js'
import { mapTo } from './elementwise.js'
import { values } from './facts.js'
import * as kinds from './kinds.js'
import { digamma, psi } from './rare.js'

// Functions of elements with numbers beside them that are no operands.

const highestOrder = 1000

/** The n-th derivative of digamma, n = 0, 1, ..., 1000. It is Infinity at 0, -1, ... for odd n, and for even n NaN at -1, -2, ... */
export const polygamma = composed('polygamma', {
  takes: {
    n: kinds.kind(
      `an integer from 0 to ${highestOrder}`,
      (n) => kinds.count.accepts(n) && (n as number) <= highestOrder,
    ),
    x: kinds.tensor,
  },
  call: (n: number, x: Node): Node => (n === 0 ? digamma(x) : psi(n, x)),
  samples: [0, 1, 2, 3].map((n) => [n, values([4], [-1.3, 0.4, 2.1, 12.5])]),
})

export interface NanToNumOptions {
  /** What NaN becomes. Default 0. */
  readonly nan?: number
  /** What Infinity becomes. Default the greatest finite number of the dtype. */
  readonly posInf?: number
  /** What -Infinity becomes. Default the least finite number of the dtype. */
  readonly negInf?: number
}

const replaced = (dtype: 'float32' | 'float64') =>
  mapTo(dtype, 'nanToNum', 4, (m, x, nan, posInf, negInf) => {
    const finite = m.select(m.equal(x!, -Infinity), negInf!, x!)
    return m.select(m.equal(x!, x!), m.select(m.equal(x!, Infinity), posInf!, finite), nan!)
  })
const replaced32 = replaced('float32')
const replaced64 = replaced('float64')
const largest32 = 2 ** 128 * (1 - 2 ** -24)

/** x with numbers for NaN and the infinities, where the derivative is 0. Integers stay as they are. */
export const nanToNum = composed('nanToNum', {
  takes: { x: kinds.tensor, options: { nan: kinds.number, posInf: kinds.number, negInf: kinds.number } },
  call: (x: Node, { nan = 0, posInf, negInf }: NanToNumOptions = {}): Node => {
    if (!isFloat(x.dtype)) return x
    const isNarrow = x.dtype === 'float32'
    const largest = isNarrow ? largest32 : Number.MAX_VALUE
    const numbers = [nan, posInf ?? largest, negInf ?? -largest].map((n) => sharedConstant(x, n, x.sizes, x.dtype))
    return (isNarrow ? replaced32 : replaced64)(x, ...numbers)
  },
  samples: [
    [values([3], [-1.3, 0.4, 2.1])],
    [values([5], [-Infinity, 0.4, NaN, 2, Infinity]), { nan: 3, posInf: 100, negInf: -100 }],
  ],
})
