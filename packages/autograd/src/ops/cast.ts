import { type DType, isDType } from '../graph/dtype.js'
import { DTypeError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { input } from '../rules/symbols.js'
import { linear } from './define.js'
import { random, values } from './facts.js'

/** The same numbers in another dtype. To an integer or bool it carries no gradient. */
export const cast = linear('cast', {
  shape: ([x], dtype: DType) => ({ shape: x!.shape, dtype }),
  kernel: () => ({ kind: 'map', expression: input(0), arity: 1 }),
  adjoint: (cotangent, { inputs: [x] }): Node => cast(cotangent, x!.dtype),
  call:
    (apply) =>
    (x: Node, dtype: DType): Node => {
      if (!isDType(dtype)) {
        throw new DTypeError(`cast: '${String(dtype)}' is no dtype; use 'float32', 'float64', 'int32' or 'bool'.`)
      }
      return x.dtype === dtype ? x : apply([x], dtype)
    },
  samples: [
    [random(2, 3), 'float64'],
    [values([2], [1.5, -2.25], 'float32'), 'float64'],
  ],
  errors: [{ args: [random(2), 'float16'], error: DTypeError, says: ['cast', 'float16', 'float32'] }],
})
