import type { DType } from '../graph/dtype.js'
import type { Random } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import type { Shape } from '../graph/shape.js'
import type { Algebra } from '../rules/algebra.js'
import { sharedConstant } from './constant.js'
import { underived } from './define.js'
import { mapTo } from './elementwise.js'

// What is drawn of a generator's key and counter, and elementwise what is made of that; `tensor/random.ts` is for users.

interface Draw {
  readonly distribution: Random['distribution']
  readonly shape: Shape
}

/** See the kernel: float64, or int32 for a permutation. */
export const draw = /* @__PURE__ */ underived('random', {
  shape: (_inputs, { distribution, shape }: Draw) => ({
    shape,
    dtype: distribution === 'permutation' ? 'int32' : 'float64',
  }),
  kernel: (_inputs, { distribution }) => ({ kind: 'random', distribution }),
  call:
    (apply) =>
    (key: Node, counter: Node, attrs: Draw): Node =>
      apply([key, counter], attrs),
  samples: [],
})

type Formula = <T>(m: Algebra<T>, x: T, ...parameters: T[]) => T

/** A formula of what is drawn and of float64 numbers, computed in float64 and then of a dtype. */
const madeOf = <D extends DType>(name: string, parameters: number, dtypes: readonly D[], formula: Formula) => {
  const make = (dtype: D) => mapTo(dtype, name, 1 + parameters, (m, x, ...rest) => formula(m, x!, ...rest))
  const ops = Object.fromEntries(dtypes.map((dtype) => [dtype, make(dtype)])) as Record<D, ReturnType<typeof make>>
  return (x: Node, dtype: D, ...numbers: number[]): Node =>
    ops[dtype](x, ...numbers.map((number) => sharedConstant(x, number, x.sizes, 'float64')))
}

const floats = ['float32', 'float64'] as const

/** Numbers in [0, 1) taken to what is `width` above `low`, but not beyond `last`. */
export const spread = /* @__PURE__ */ madeOf('random.spread', 3, floats, (m, x, low, width, last) =>
  m.minimum(m.add(low!, m.mul(width!, x)), last!),
)
/** Numbers in [0, 1) taken to the integers from `low` on, `width` of them. */
export const spreadWhole = /* @__PURE__ */ madeOf('random.spreadWhole', 2, ['int32'], (m, x, low, width) =>
  m.add(low!, m.floor(m.mul(width!, x))),
)
/** Numbers of deviation 1 around 0 taken to `deviation` around `mean`. */
export const scaled = /* @__PURE__ */ madeOf('random.scaled', 2, floats, (m, x, mean, deviation) =>
  m.add(mean!, m.mul(deviation!, x)),
)
/** 1 where a number is below p, else 0. */
export const isBelow = /* @__PURE__ */ madeOf('random.isBelow', 1, ['float32', 'float64', 'int32', 'bool'], (m, x, p) =>
  m.less(x, p!),
)
