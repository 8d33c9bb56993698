import { levelOf } from '../graph/level.js'
import type { Node } from '../graph/node.js'
import type { Shape } from '../graph/shape.js'
import { tracer } from '../graph/tracer.js'
import { parameterBit } from '../graph/tracking.js'
import { UnknownValue } from '../graph/unknown.js'
import { denseData } from '../graph/value.js'

/** A typed array that can be read but not written. */
export interface ReadonlyTypedArray extends Iterable<number> {
  readonly [index: number]: number
  readonly length: number
  at(index: number): number | undefined
  entries(): IterableIterator<[number, number]>
  filter(test: (element: number, index: number) => boolean): ReadonlyTypedArray
  find(test: (element: number, index: number) => boolean): number | undefined
  findIndex(test: (element: number, index: number) => boolean): number
  forEach(f: (element: number, index: number) => void): void
  includes(element: number): boolean
  join(separator?: string): string
  reduce<R>(f: (result: R, element: number, index: number) => R, initial: R): R
  subarray(start?: number, end?: number): ReadonlyTypedArray
  slice(start?: number, end?: number): ReadonlyTypedArray
  map(f: (element: number, index: number) => number): ReadonlyTypedArray
  every(test: (element: number, index: number) => boolean): boolean
  some(test: (element: number, index: number) => boolean): boolean
  indexOf(element: number): number
}

/** Row-major elements as nested arrays. */
export const nested = (data: ReadonlyTypedArray, shape: Shape): unknown => {
  let at = 0
  const level = (axis: number): unknown =>
    axis === shape.length ? data[at++]! : Array.from({ length: shape[axis]! }, () => level(axis + 1))
  return level(0)
}

/** The elements for a reader, long axes cut in the middle; rows below each other where asked for. */
const summary = (data: ReadonlyTypedArray, shape: Shape, edge = 3, inLines = false): string => {
  const level = (axis: number, offset: number): string => {
    if (axis === shape.length) return String(Number(data[offset]!.toPrecision(6)))
    const dim = shape[axis]!
    let stride = 1
    for (let i = axis + 1; i < shape.length; i++) stride *= shape[i]!
    const parts: string[] = []
    for (let i = 0; i < dim; i++) {
      if (dim > 2 * edge + 2 && i === edge) {
        parts.push('...')
        i = dim - edge
      }
      parts.push(level(axis + 1, offset + i * stride))
    }
    const between = inLines && axis < shape.length - 1 ? `,\n${' '.repeat(axis + 1)}` : ', '
    return `[${parts.join(between)}]`
  }
  return level(0, 0)
}

/** As much as a line of a terminal holds. */
const lineLength = 76

/** What Node passes to the method by which an object shows itself. */
export interface InspectOptions {
  readonly depth?: number | null | undefined
  readonly stylize?: (text: string, style: string) => string
}

/** A tensor for a reader: never an error, whatever has become of its elements. */
export const inspected = (
  node: Node,
  depth?: number | null,
  { depth: outermost, stylize }: InspectOptions = {},
): string => {
  const styled = stylize ?? ((text) => text)
  const head = styled(`Tensor ${node}`, 'special') + styled(origin(node), 'undefined')
  if (typeof depth === 'number' && depth < 0) return `[${head}]`
  const elements = elementsOf(node)
  if (typeof elements === 'string') return `${head} (${elements})`
  const isInside = depth !== outermost
  for (const edge of isInside ? [3, 1] : [3]) {
    const text = summary(elements, node.sizes, edge)
    if (text.length <= lineLength) return `${head} ${styled(text, 'number')}`
  }
  return isInside ? head : `${head}\n${styled(summary(elements, node.sizes, 3, true), 'number')}`
}

const origin = ({ op, tracking }: Node): string =>
  op !== null ? ` by ${op.name}` : (tracking & parameterBit) === 0 ? '' : ' requiresGrad'

/** The elements, or a word about why there are none. */
const elementsOf = (node: Node): ReadonlyTypedArray | string => {
  if (tracer?.isCompiling) return 'traced: no elements yet'
  try {
    const { value } = node
    const level = levelOf(value)
    if (level !== null) return `one of ${level.size} examples of vmap`
    return value instanceof UnknownValue
      ? 'traced: its elements are known only inside the compiled function'
      : denseData(value)
  } catch {
    return 'its buffer was transferred: no elements left'
  }
}
