import type { Random } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import type { Spec, Value } from '../../graph/value.js'
import { numbers } from '../../rules/numbers.js'
import { numberAt } from '../random.js'
import { elementAt, filled } from './places.js'

export const random = ({ distribution }: Random, [key, counter]: readonly Value[], out: Spec): Value => {
  const rank = counter!.shape.length
  const size = sizeOf(out.shape.slice(rank))
  return filled(out, (place) => {
    const start = elementAt(counter!, place.slice(0, rank))
    const i = place.slice(rank).reduce((before, at, axis) => before * out.shape[rank + axis]! + at, 0)
    switch (distribution) {
      case 'uniform':
        return numberAt(key!, start + i)
      case 'normal': {
        const first = start + 2 * Math.floor(i / 2)
        const radius = numbers.sqrt(-2 * numbers.log1p(-numberAt(key!, first)))
        const angle = 2 * Math.PI * numberAt(key!, first + 1)
        return radius * (i % 2 === 0 ? numbers.cos(angle) : numbers.sin(angle))
      }
      case 'permutation':
        return shuffled(key!, start, size)[i]!
    }
  })
}

const shuffled = (key: Value, start: number, count: number): number[] => {
  const order = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(numberAt(key, start + count - 1 - i) * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}
