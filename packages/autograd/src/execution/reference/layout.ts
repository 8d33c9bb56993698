import type { Assemble, Layout, Reshape } from '../../graph/kernel.js'
import { unravel } from '../../graph/shape.js'
import type { Spec, Value } from '../../graph/value.js'
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
