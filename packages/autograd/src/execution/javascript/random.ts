import type { Random } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import { resultValue, type Spec, type Value } from '../../graph/value.js'
import { log1p } from '../../rules/math/logarithm.js'
import { cos, sin } from '../../rules/math/trigonometric.js'
import { numberAt } from '../random.js'

export const random = ({ distribution }: Random, [key, counter]: readonly Value[], out: Spec): Value => {
  const size = sizeOf(out.shape)
  const value = resultValue(out, size)
  fill[distribution](value, size, key!, counter!.data[counter!.offset]!)
  return value
}

type Fill = (out: Value, size: number, key: Value, next: number) => void

/** Fills a value of so many elements with what is drawn of the numbers from `next` on. */
const fill: { readonly [D in Random['distribution']]: Fill } = {
  uniform: ({ data, offset }, size, key, next) => {
    for (let i = 0; i < size; i++) data[offset + i] = numberAt(key, next + i)
  },
  normal: ({ data, offset }, size, key, next) => {
    for (let i = 0; i < size; i += 2) {
      const radius = Math.sqrt(-2 * log1p(-numberAt(key, next + i)))
      const angle = 2 * Math.PI * numberAt(key, next + i + 1)
      data[offset + i] = radius * cos(angle)
      if (i + 1 < size) data[offset + i + 1] = radius * sin(angle)
    }
  },
  permutation: ({ data, offset }, size, key, next) => {
    for (let i = 0; i < size; i++) data[offset + i] = i
    for (let i = size - 1; i > 0; i--) {
      const j = Math.floor(numberAt(key, next++) * (i + 1))
      const kept = data[offset + i]!
      data[offset + i] = data[offset + j]!
      data[offset + j] = kept
    }
  },
}
