import { contiguousStrides, type Shape, sizeOf, unravel } from '../../graph/shape.js'

/** Numbers by which the elements of a tensor may be told apart: its values, or what differences show. */
export interface Values {
  /** `input[0]` */
  readonly name: string
  /** One of each element, in row-major order. */
  readonly at: ArrayLike<number>
}

/** Which elements are wrong, by row-major position, as one look at them showed it. */
export interface Look {
  readonly wrong: (position: number) => boolean
  /** Of which elements that is known. All by default. */
  readonly known?: ((position: number) => boolean) | undefined
  /** What they might depend on. */
  readonly values?: readonly Values[] | undefined
}

/** A sentence that is true of the wrong elements and of no others. */
export interface Candidate {
  readonly says: string
  /** How many sentences are as simple as this one: the fewer, the less it is a coincidence. */
  readonly ways: number
}

/** A look, counted. */
export interface Counted {
  /** Of the elements that are known. */
  readonly wrong: readonly number[]
  readonly right: readonly number[]
  readonly values: readonly Values[]
}

/** What is known of a tensor whose wrong elements are to be described. */
export interface Seen {
  readonly shape: Shape
  /** The axes along which elements differ: those longer than 1. */
  readonly axes: readonly number[]
  readonly looks: readonly Counted[]
}

export const see = (shape: Shape, looks: readonly Look[]): Seen => ({
  shape,
  axes: [...shape.keys()].filter((axis) => shape[axis]! > 1),
  looks: looks.map(({ wrong, known = () => true, values = [] }) => {
    const positions = Array.from({ length: sizeOf(shape) }, (_, position) => position).filter(known)
    return { wrong: positions.filter(wrong), right: positions.filter((position) => !wrong(position)), values }
  }),
})

/** The index of an element along an axis. */
export const indexAlong = (shape: Shape, axis: number): ((position: number) => number) => {
  const [stride, size] = [contiguousStrides(shape)[axis]!, shape[axis]!]
  return (position) => Math.floor(position / stride) % size
}

/** `[2, 3]` */
export const written = (position: number, shape: Shape): string => `[${unravel(position, shape).join(', ')}]`
