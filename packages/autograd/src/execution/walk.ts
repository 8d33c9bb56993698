import type { Shape } from '../graph/shape.js'

/** Nested loops over a shape with, for each operand, the distance between neighbours along each loop; innermost last. */
export interface Loops {
  readonly dims: readonly number[]
  readonly strides: readonly (readonly number[])[]
}

/** The fewest loops that walk all operands in row-major order: axes of size 1 vanish, neighbouring axes merge. */
export const collapse = (shape: Shape, strides: readonly (readonly number[])[]): Loops => {
  const dims: number[] = []
  const kept: number[][] = []
  for (let i = 0; i < strides.length; i++) kept.push([])
  for (let axis = 0; axis < shape.length; axis++) {
    const dim = shape[axis]!
    if (dim === 1) continue
    const last = dims.length - 1
    let merges = last >= 0
    for (let i = 0; merges && i < strides.length; i++) merges = kept[i]![last] === strides[i]![axis]! * dim
    if (merges) dims[last]! *= dim
    else dims.push(dim)
    for (let i = 0; i < strides.length; i++) kept[i]![dims.length - 1] = strides[i]![axis]!
  }
  return { dims, strides: kept }
}

/**
 * Calls `visit` at each step of all loops but the `inner` last ones, in order. `offsets` hold the position of each
 * operand: they start as given and are moved in place.
 */
export const walk = ({ dims, strides }: Loops, inner: number, offsets: number[], visit: () => void): void => {
  const depth = dims.length - inner
  if (depth <= 0) {
    visit()
    return
  }
  for (let i = 0; i < depth; i++) if (dims[i] === 0) return
  const index = new Array<number>(depth).fill(0)
  for (;;) {
    visit()
    let axis = depth - 1
    for (; axis >= 0; axis--) {
      const dim = dims[axis]!
      const more = ++index[axis]! < dim
      for (let i = 0; i < strides.length; i++) offsets[i]! += strides[i]![axis]! * (more ? 1 : 1 - dim)
      if (more) break
      index[axis] = 0
    }
    if (axis < 0) return
  }
}
