import { contiguousStrides, type Shape, sizeOf, unravel } from '../../graph/shape.js'

/** Another element in the place of each: its position, or -1 where there is none. */
export interface IndexMap {
  readonly says: string
  readonly from: (position: number) => number
}

const permutations = (count: number): number[][] =>
  count === 0
    ? [[]]
    : permutations(count - 1).flatMap((rest) =>
        Array.from({ length: count }, (_, at) => [...rest.slice(0, at), count - 1, ...rest.slice(at)]),
      )

/** The axes in another order, read or written as if they were in this one. */
export const transposes = (shape: Shape): readonly IndexMap[] => {
  if (shape.length < 2 || shape.length > 4) return []
  const strides = contiguousStrides(shape)
  return permutations(shape.length)
    .filter((order) => order.some((axis, k) => axis !== k))
    .flatMap((order) => {
      const turned = order.map((axis) => shape[axis]!)
      const positions = Array.from({ length: sizeOf(shape) }, (_, position) =>
        unravel(position, turned).reduce((sum, index, k) => sum + index * strides[order[k]!]!, 0),
      )
      const back = new Array<number>(positions.length)
      positions.forEach((to, position) => {
        back[to] = position
      })
      const says =
        shape.length === 2 ? 'transposed' : `transposed: its axes are in the order [${order.join(', ')}] or that undone`
      return [
        { says, from: (position: number) => positions[position]! },
        { says, from: (position: number) => back[position]! },
      ]
    })
}

/** Moved along an axis, in a ring or with nothing coming in; or back to front. */
export const shifts = (shape: Shape): readonly IndexMap[] => {
  const strides = contiguousStrides(shape)
  return shape.flatMap((side, axis): IndexMap[] => {
    if (side < 2) return []
    const along = shape.length === 1 ? '' : ` along axis ${axis}`
    const moved = (to: (index: number) => number) => (position: number) => {
      const index = unravel(position, shape)[axis]!
      const next = to(index)
      return next < 0 || next >= side ? -1 : position + (next - index) * strides[axis]!
    }
    const steps = [1, -1, 2, -2, 3, -3].filter((step) => Math.abs(step) < side)
    return [
      ...steps.flatMap((step) => {
        const by = Math.abs(step) === 1 ? 'one place, off by one' : `${Math.abs(step)} places`
        return [
          { says: `shifted by ${by}${along}`, from: moved((index) => (index + step + side) % side) },
          { says: `shifted by ${by}${along}`, from: moved((index) => index + step) },
        ]
      }),
      ...(side > 2 ? [{ says: `shifted: in reversed order${along}`, from: moved((index) => side - 1 - index) }] : []),
    ]
  })
}
