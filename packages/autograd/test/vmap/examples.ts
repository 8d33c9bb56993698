import { type Tensor, tensor } from '@adjoint/autograd'
import { expect } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { leavesOf } from '../../src/graph/tree.js'

/** Tensors of one form for some examples: floats differ, other elements change their places. */
export const examples = (sample: readonly unknown[], count: number): Tensor[][] =>
  Array.from({ length: count }, (_, i) =>
    leavesOf(materialize(sample, i), 'sample').map(({ node }) => rotated(node as Tensor, i)),
  )

const rotated = (x: Tensor, by: number): Tensor => {
  const elements = [...x.data]
  const turned = elements.map((_, i) => elements[(i + by) % elements.length]!)
  return tensor(turned, { dtype: x.dtype }).reshape(x.shape) as Tensor
}

/** Which tensors are batched: each alone, and all of them. */
export const positions = (count: number): boolean[][] => {
  const alone = Array.from({ length: count }, (_, i) => Array.from({ length: count }, (_, j) => i === j))
  const all = new Array<boolean>(count).fill(true)
  return count === 1 ? [all] : [...alone, all]
}

export const expectClose = (got: readonly Tensor[], wanted: readonly Tensor[]): void => {
  expect(got.map(String)).toEqual(wanted.map(String))
  got.forEach((x, i) => {
    const other = wanted[i]!.data
    const tolerance = x.dtype === 'float32' ? 1e-6 : 1e-11
    const off = Array.from(x.data).flatMap((a, place) => {
      const b = other[place]!
      return Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))
        ? []
        : [{ result: i, place, got: a, wanted: b }]
    })
    expect(off).toEqual([])
  })
}

export const call = (op: unknown, args: readonly unknown[]): unknown =>
  (op as (...given: readonly unknown[]) => unknown)(...args)
