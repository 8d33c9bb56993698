import type { TypedArray } from '../../graph/dtype.js'
import type { Random } from '../../graph/kernel.js'
import { emptyValue, type Spec, type Value } from '../../graph/value.js'
import { log1p } from '../../rules/math/logarithm.js'
import { cos, sin } from '../../rules/math/trigonometric.js'
import { numberAt } from '../random.js'

export const random = ({ distribution }: Random, [key, counter]: readonly Value[], out: Spec): Value => {
  const value = emptyValue(out)
  fill[distribution](value.data, key!, counter!.data[counter!.offset]!)
  return value
}

/** Fills an array with what is drawn of the numbers from `next` on. */
const fill: { readonly [D in Random['distribution']]: (out: TypedArray, key: Value, next: number) => void } = {
  uniform: (out, key, next) => {
    for (let i = 0; i < out.length; i++) out[i] = numberAt(key, next + i)
  },
  normal: (out, key, next) => {
    for (let i = 0; i < out.length; i += 2) {
      const radius = Math.sqrt(-2 * log1p(-numberAt(key, next + i)))
      const angle = 2 * Math.PI * numberAt(key, next + i + 1)
      out[i] = radius * cos(angle)
      // beyond the end there is nothing to be set
      out[i + 1] = radius * sin(angle)
    }
  },
  permutation: (out, key, next) => {
    for (let i = 0; i < out.length; i++) out[i] = i
    for (let i = out.length - 1; i > 0; i--) {
      const j = Math.floor(numberAt(key, next++) * (i + 1))
      const kept = out[i]!
      out[i] = out[j]!
      out[j] = kept
    }
  },
}
