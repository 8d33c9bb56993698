import type { TypedArray } from '../../graph/dtype.js'
import type { Random } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import { denseData, resultValue, type Spec, type Value } from '../../graph/value.js'
import { log1p } from '../../rules/math/logarithm.js'
import { cos, sin } from '../../rules/math/trigonometric.js'
import { numberAt } from '../random.js'

export const random = ({ distribution }: Random, [key, counter]: readonly Value[], out: Spec): Value => {
  const size = sizeOf(out.shape)
  const value = resultValue(out, size)
  const { data, offset } = counter!
  if (counter!.shape.length === 0) fill[distribution](value, value.offset, size, key!, data[offset]!)
  else fillRows(distribution, value, size, key!, denseData(counter!))
  return value
}

const fillRows = (
  distribution: Random['distribution'],
  value: Value,
  size: number,
  key: Value,
  counters: TypedArray,
): void => {
  const each = size / counters.length
  for (let i = 0; i < counters.length; i++) {
    fill[distribution](value, value.offset + i * each, each, key, counters[i]!)
  }
}

type Fill = (out: Value, offset: number, size: number, key: Value, next: number) => void

/** Fills so many elements with what is drawn of the numbers from `next` on. */
const fill: { readonly [D in Random['distribution']]: Fill } = {
  uniform: ({ data }, offset, size, key, next) => {
    for (let i = 0; i < size; i++) data[offset + i] = numberAt(key, next + i)
  },
  normal: ({ data }, offset, size, key, next) => {
    for (let i = 0; i < size; i += 2) {
      const radius = Math.sqrt(-2 * log1p(-numberAt(key, next + i)))
      const angle = 2 * Math.PI * numberAt(key, next + i + 1)
      data[offset + i] = radius * cos(angle)
      if (i + 1 < size) data[offset + i + 1] = radius * sin(angle)
    }
  },
  permutation: ({ data }, offset, size, key, next) => {
    for (let i = 0; i < size; i++) data[offset + i] = i
    for (let i = size - 1; i > 0; i--) {
      const j = Math.floor(numberAt(key, next++) * (i + 1))
      const kept = data[offset + i]!
      data[offset + i] = data[offset + j]!
      data[offset + j] = kept
    }
  },
}
