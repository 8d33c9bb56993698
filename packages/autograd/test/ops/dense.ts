import { Node } from '../../src/graph/node.js'
import { denseData } from '../../src/graph/value.js'

/** Numbers in row-major order and their shape: all that the independent formulas know of tensors. */
export interface Dense {
  readonly shape: readonly number[]
  readonly data: readonly number[]
  /** That of the tensor, where it was one. */
  readonly dtype?: string
}

/** An argument or result with its tensors as plain numbers, also those in arrays and options. */
export const toDense = (thing: unknown): unknown => {
  if (thing instanceof Node) return { shape: thing.sizes, data: [...denseData(thing.value)], dtype: thing.dtype }
  if (Array.isArray(thing)) return thing.map(toDense)
  if (typeof thing !== 'object' || thing === null) return thing
  return Object.fromEntries(Object.entries(thing).map(([name, option]) => [name, toDense(option)]))
}

export const sumOf = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0)

/** Every index into a shape, the last axis fastest. */
export const indicesOf = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (prefixes, dim) => prefixes.flatMap((prefix) => Array.from({ length: dim }, (_, i) => [...prefix, i])),
    [[]],
  )

/** A tensor, each element from its index. */
export const make = (shape: readonly number[], element: (index: number[]) => number): Dense => ({
  shape,
  data: indicesOf(shape).map(element),
})

/** The element at an index. */
export const get = ({ shape, data }: Dense, index: readonly number[]): number => {
  let position = 0
  shape.forEach((dim, axis) => {
    position = position * dim + index[axis]!
  })
  return data[position]!
}

/** An axis or index counted from the front. */
export const fromFront = (position: number, count: number): number => (position < 0 ? position + count : position)

/** The axes that are meant: all of them if none is named. */
export const axesOf = (axes: number | readonly number[] | undefined, { shape }: Dense): number[] => {
  const list = axes === undefined ? [...shape.keys()] : typeof axes === 'number' ? [axes] : axes
  return list.map((axis) => fromFront(axis, shape.length))
}

export interface Keep {
  readonly keepDims?: boolean
}

/** A function of the list of elements that lie along some axes, in their order. */
export const fold = (
  x: Dense,
  axes: number | readonly number[] | undefined,
  { keepDims = false }: Keep,
  f: (list: number[]) => number,
): Dense => {
  const folded = axesOf(axes, x)
  const kept = x.shape.map((dim, axis) => (folded.includes(axis) ? 1 : dim))
  const lines = indicesOf(x.shape.map((dim, axis) => (folded.includes(axis) ? dim : 1)))
  const result = make(kept, (index) =>
    f(
      lines.map((step) =>
        get(
          x,
          index.map((at, axis) => at + step[axis]!),
        ),
      ),
    ),
  )
  return keepDims ? result : { ...result, shape: x.shape.filter((_, axis) => !folded.includes(axis)) }
}

/** A function of each line along an axis that gives a line of the same length. */
export const alongAxis = (x: Dense, axis: number, f: (line: number[], position: number) => number): Dense => {
  const at = fromFront(axis, x.shape.length)
  return make(x.shape, (index) =>
    f(
      Array.from({ length: x.shape[at]! }, (_, i) => get(x, index.with(at, i))),
      index[at]!,
    ),
  )
}
