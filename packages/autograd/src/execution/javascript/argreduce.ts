import type { ArgReduce } from '../../graph/kernel.js'
import { emptyValue, type Spec, type Value } from '../../graph/value.js'
import { collapse, walk } from '../walk.js'

export const argReduce = ({ by, axis }: ArgReduce, [x]: readonly Value[], outs: readonly Spec[]): readonly Value[] => {
  const results = outs.map(emptyValue)
  const [places, values] = results.map((value) => value.data)
  const { data, strides, offset } = x!
  const count = x!.shape[axis]!
  const step = strides[axis]!
  const sign = by === 'max' ? 1 : -1
  const loops = collapse(outs[0]!.shape, [strides])
  const offsets = [offset]
  let i = 0
  if (places!.length === 0) return results
  walk(loops, 0, offsets, () => {
    let position = offsets[0]!
    let found = 0
    let best = data[position]! * sign
    for (let j = 1; j < count && !Number.isNaN(best); j++) {
      position += step
      const element = data[position]! * sign
      if (element <= best) continue
      found = j
      best = element
    }
    if (values !== undefined) values[i] = data[offsets[0]! + found * step]!
    places![i++] = found
  })
  return results
}
