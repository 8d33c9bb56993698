import { defaultDType } from '../graph/default-dtype.js'
import { checkDType, type DType, isFloat } from '../graph/dtype.js'
import { DTypeError } from '../graph/errors.js'
import type { MapKernel } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import { input } from '../rules/symbols.js'
import { linear } from './define.js'
import { random, values } from './facts.js'
import * as kinds from './kinds.js'

const copy: MapKernel = { kind: 'map', expression: input(0), arity: 1, prepared: undefined }

/** The same numbers in another dtype. To an integer or bool it carries no gradient. */
export const cast = linear('cast', {
  shape: ([x], dtype: DType) => ({ shape: x!.sizes, dtype }),
  kernel: () => copy,
  adjoint: (cotangent, { inputs: [x] }): Node => cast(cotangent, x!.dtype),
  takes: { x: kinds.tensor, dtype: kinds.dtype },
  call:
    (apply) =>
    (x: Node, dtype: DType): Node =>
      x.dtype === dtype ? x : apply([x], checkDType('cast', dtype)),
  samples: [
    [random(2, 3), 'float64'],
    [values([2], [1.5, -2.25], 'float32'), 'float64'],
  ],
  errors: [{ args: [random(2), 'float16'], error: DTypeError, says: ['cast', 'float16', 'float32'] }],
})

/** The same where it is a float, else as one. */
export const toFloat = (x: Node): Node => (isFloat(x.dtype) ? x : cast(x, defaultDType()))
