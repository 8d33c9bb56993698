import { type Dense, fold, fromFront, get, indicesOf, type Keep, make, sumOf } from './dense.js'

// What stands in order, what lies between, and what is counted: by JavaScript's own sort, filter and Map.

type Axes = number | readonly number[]

/** The places of a line by the elements there: the first where no element before is equal and none anywhere is less, ... */
const order = (line: readonly number[], descending = false): number[] =>
  [...line.keys()].sort((i, j) => (descending ? line[j]! - line[i]! : line[i]! - line[j]!) || i - j)

/** The first so many of each line in order: elements and places. */
const first = (x: Dense, axis: number, count: number, descending: boolean): [values: Dense, indices: Dense] => {
  const at = fromFront(axis, x.shape.length)
  const lineOf = (index: readonly number[]) => Array.from({ length: x.shape[at]! }, (_, i) => get(x, index.with(at, i)))
  const shape = x.shape.with(at, count)
  const places = make(shape, (index) => order(lineOf(index), descending)[index[at]!]!)
  return [make(shape, (index) => get(x, index.with(at, get(places, index)))), places]
}
const sorting = (x: Dense, axis = -1, { descending = false } = {}) => first(x, axis, x.shape.at(axis)!, descending)

const dropped = (x: Dense, axis: number, keepDims: boolean): Dense =>
  keepDims ? x : { shape: x.shape.toSpliced(fromFront(axis, x.shape.length), 1), data: x.data }

/** Piecewise linear through the elements in order, which stand at equal distances from 0 to 1. */
const quantileOf = (list: readonly number[], q: number, interpolation = 'linear'): number => {
  const inOrder = [...list].sort((a, b) => a - b)
  const place = q * (list.length - 1)
  const [low, high] = [inOrder[Math.floor(place)]!, inOrder[Math.ceil(place)]!]
  const part = place % 1
  const near = part < 0.5 || (part === 0.5 && Math.floor(place) % 2 === 0) ? low : high
  const ways: Readonly<Record<string, number>> = {
    lower: low,
    higher: high,
    nearest: near,
    midpoint: (low + high) / 2,
    linear: low * (1 - part) + high * part,
  }
  return ways[interpolation]!
}

const differences = (line: readonly number[], times: number): number[] =>
  times === 0 || line.length === 0
    ? [...line]
    : differences(
        line.slice(1).map((x, i) => x - line[i]!),
        times - 1,
      )

const pNorm = (list: readonly number[], order: number): number => {
  const sizes = list.map(Math.abs)
  if (order === Infinity) return Math.max(...sizes)
  if (order === -Infinity) return Math.min(...sizes)
  if (order === 0) return sizes.filter((size) => size > 0).length
  return sumOf(sizes.map((size) => size ** order)) ** (1 / order)
}

const filledUp = (list: readonly number[], size = list.length, fill = 0): Dense => ({
  shape: [size],
  data: Array.from({ length: size }, (_, i) => list[i] ?? fill),
})

export const inOrder: Readonly<Record<string, (...args: any[]) => Dense | readonly Dense[]>> = {
  sort: (x: Dense, axis?: number, options = {}) => sorting(x, axis, options)[0],
  sortWithIndices: sorting,
  argsort: (x: Dense, axis?: number, options = {}) => sorting(x, axis, options)[1],
  topk: (x: Dense, k: number, axis = -1, { largest = true } = {}) => first(x, axis, k, largest),
  kthValue: (x: Dense, k: number, axis = -1, { keepDims = false }: Keep = {}) =>
    first(x, axis, k, false).map((found) => {
      const at = fromFront(axis, x.shape.length)
      const last = make(found.shape.with(at, 1), (index) => get(found, index.with(at, k - 1)))
      return dropped(last, axis, keepDims)
    }),
  searchSorted: (line: Dense, elements: Dense, { side = 'left' } = {}) =>
    make(elements.shape, (index) => {
      const element = get(elements, index)
      const batch = line.shape.length === 1 ? [] : index.slice(0, -1)
      const all = Array.from({ length: line.shape.at(-1)! }, (_, i) => get(line, [...batch, i]))
      return all.filter((other) => (side === 'left' ? other < element : other <= element)).length
    }),
  median: (x: Dense, axes?: Axes, options: Keep = {}) => fold(x, axes, options, (list) => quantileOf(list, 0.5)),
  quantile: (
    x: Dense,
    q: number | readonly number[],
    axes?: Axes,
    { interpolation, ...options }: Keep & { interpolation?: string } = {},
  ) => {
    const each = (one: number) => fold(x, axes, options, (list) => quantileOf(list, one, interpolation))
    if (typeof q === 'number') return each(q)
    const all = q.map(each)
    return { shape: [q.length, ...fold(x, axes, options, () => 0).shape], data: all.flatMap(({ data }) => data) }
  },
  nanSum: (x: Dense, axes?: Axes, options: Keep = {}) =>
    fold(x, axes, options, (list) => sumOf(list.filter((element) => !Number.isNaN(element)))),
  nanMean: (x: Dense, axes?: Axes, options: Keep = {}) =>
    fold(x, axes, options, (list) => {
      const present = list.filter((element) => !Number.isNaN(element))
      return sumOf(present) / present.length
    }),
  norm: (x: Dense, axes?: Axes, { order = 2, ...options }: Keep & { order?: number } = {}) =>
    fold(x, axes, options, (list) => pNorm(list, order)),
  diff: (x: Dense, axis = -1, { order: times = 1 } = {}) => {
    const at = fromFront(axis, x.shape.length)
    const shape = x.shape.with(at, Math.max(0, x.shape[at]! - times))
    return make(shape, (index) => {
      const line = Array.from({ length: x.shape[at]! }, (_, i) => get(x, index.with(at, i)))
      return differences(line, times)[index[at]!]!
    })
  },
  countNonzero: (x: Dense, axes?: Axes, options: Keep = {}) =>
    fold(x, axes, options, (list) => list.filter((element) => element !== 0).length),
  nonzero: (x: Dense, { size = x.data.length, fill = -1 } = {}) => {
    const found = indicesOf(x.shape).filter((index) => get(x, index) !== 0)
    return make([size, x.shape.length], ([row, axis]) => found[row!]?.[axis!] ?? fill)
  },
  unique: (
    x: Dense,
    { size, fill, inverse, counts }: { size?: number; fill?: number; inverse?: boolean; counts?: boolean } = {},
  ) => {
    const often = new Map<number, number>()
    for (const element of x.data) often.set(element, 1 + (often.get(element) ?? 0))
    const found = [...often.keys()].sort((a, b) => a - b)
    return [
      filledUp(found, size, fill),
      ...(inverse ? [{ shape: x.shape, data: x.data.map((element) => found.indexOf(element)) }] : []),
      ...(counts
        ? [
            filledUp(
              found.map((element) => often.get(element)!),
              size,
            ),
          ]
        : []),
    ]
  },
  bincount: (x: Dense, { weights, size = 0 }: { weights?: Dense; size?: number } = {}) =>
    make([size], ([bin]) => sumOf(x.data.map((at, i) => (at === bin ? (weights?.data[i] ?? 1) : 0)))),
  histogram: (
    x: Dense,
    {
      bins = 10,
      range,
      weights,
      density,
    }: { bins?: number | Dense; range?: [number, number]; weights?: Dense; density?: boolean } = {},
  ) => {
    const [least, most] = x.data.length === 0 ? [0, 1] : [Math.min(...x.data), Math.max(...x.data)]
    const [low, high] = range ?? (least === most ? [least - 0.5, most + 0.5] : [least, most])
    const edges =
      typeof bins === 'number'
        ? Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + ((high - low) * i) / bins))
        : bins.data
    const last = edges.length - 2
    const counts = edges.slice(1).map((end, bin) => {
      const isIn = (element: number) => edges[bin]! <= element && (element < end || (bin === last && element === end))
      return sumOf(x.data.map((element, i) => (isIn(element) ? (weights?.data[i] ?? 1) : 0)))
    })
    const densities = counts.map((count, bin) => count / sumOf(counts) / (edges[bin + 1]! - edges[bin]!))
    return [
      { shape: [counts.length], data: density ? densities : counts },
      { shape: [edges.length], data: edges },
    ]
  },
}
