import type { Assemble, Fold, Layout, Reshape } from '../../graph/kernel.js'
import { sizeOf, unravel } from '../../graph/shape.js'
import { denseValue, type Spec, type Value } from '../../graph/value.js'
import { elementAt, filled, places, positionOf, stored } from './places.js'

export const layout = ({ axes, fixed }: Layout, [x]: readonly Value[], out: Spec): Value =>
  filled(out, (place) => {
    const walked = new Set(axes.map(({ source }) => source))
    const from = x!.shape.map((_, axis) => (walked.has(axis) ? 0 : (fixed?.[axis] ?? 0)))
    axes.forEach(({ source, start, step }, axis) => {
      if (source !== null) from[source]! += start + step * place[axis]!
    })
    return elementAt(x!, from)
  })

export const fold = ({ axes }: Fold, [x]: readonly Value[], out: Spec): Value => {
  const totals = new Float64Array(sizeOf(out.shape))
  const dense = denseValue(totals, out.shape, 'float64')
  for (const place of places(x!.shape)) {
    const to = out.shape.map(() => 0)
    axes.forEach(({ source, start, step }, axis) => {
      if (source !== null) to[source]! += start + step * place[axis]!
    })
    totals[positionOf(dense, to)]! += elementAt(x!, place)
  }
  return filled(out, (place) => elementAt(dense, place))
}

export const reshape = (_: Reshape, [x]: readonly Value[], out: Spec): Value => {
  let position = 0
  return filled(out, () => elementAt(x!, unravel(position++, x!.shape)))
}

export const assemble = ({ fill, starts, steps }: Assemble, inputs: readonly Value[], out: Spec): Value => {
  const value = filled(out, () => fill)
  inputs.forEach((input, i) => {
    for (const place of places(input.shape)) {
      const to = place.map((index, axis) => starts[i]![axis]! + steps[i]![axis]! * index)
      value.data[positionOf(value, to)] = stored(out.dtype, elementAt(input, place))
    }
  })
  return value
}
