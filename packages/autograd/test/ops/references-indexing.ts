import { type Dense, fromFront, get, indicesOf, make } from './dense.js'

// Indexing as loops over places: each place of the result says which place of x it means.

type Item = number | string | null | readonly number[] | Dense

/** The places that Python's x[start:end:step] visits. */
export const range = (dim: number, start: number | null, end: number | null | undefined, step: number): number[] => {
  const bound = (at: number) => Math.max(step > 0 ? 0 : -1, Math.min(fromFront(at, dim), step > 0 ? dim : dim - 1))
  const from = start === null ? (step > 0 ? 0 : dim - 1) : bound(start)
  const to = end === null || end === undefined ? (step > 0 ? dim : -1) : bound(end)
  const places: number[] = []
  for (let at = from; step > 0 ? at < to : at > to; at += step) places.push(at)
  return places
}

const isDense = (item: Item): item is Dense => typeof item === 'object' && item !== null && 'data' in item
const isMask = (item: Item): item is Dense => isDense(item) && item.dtype === 'bool'

/** A mask as an array of indices for each of its axes, as NumPy's nonzero. */
const nonzero = (mask: Dense): Dense[] => {
  const found = indicesOf(mask.shape).filter((index) => get(mask, index) !== 0)
  return mask.shape.map((_, axis) => ({ shape: [found.length], data: found.map((index) => index[axis]!) }))
}

/** An entry of an index for one axis of x (or none), by NumPy's names. */
type Entry = 'newaxis' | 'separator' | { places: number[] } | { at: number } | { picks: Dense }

const entriesOf = (x: Dense, items: readonly Item[]): Entry[] => {
  const plain = items.flatMap((item): readonly Item[] => (isMask(item) ? nonzero(item) : [item]))
  const whole = plain.includes('...') ? plain : [...plain, '...']
  const named = whole.filter((item) => item !== null && item !== '...').length
  let axis = 0
  return whole.flatMap((item): Entry[] => {
    if (item === null) return ['newaxis']
    if (item === '...') {
      const rest = Array.from({ length: x.shape.length - named }, () => ({
        places: Array.from({ length: x.shape[axis++]! }, (_, i) => i),
      }))
      return plain.includes('...') ? ['separator', ...rest] : rest
    }
    const dim = x.shape[axis++]!
    if (typeof item === 'number') return [{ at: fromFront(item, dim) }]
    if (typeof item === 'string') {
      const [start, end, step] = item.split(':').map((text) => (text === '' ? null : Number(text)))
      return [{ places: range(dim, start!, end, step ?? 1) }]
    }
    return [{ picks: isDense(item) ? item : { shape: [item.length], data: item } }]
  })
}

/** The element of x that each place of the result means, and the shape of the result. */
const meant = (x: Dense, items: readonly Item[]) => {
  const entries = entriesOf(x, items)
  const picks = entries.flatMap((entry) => (typeof entry === 'object' && 'picks' in entry ? [entry.picks] : []))
  const isIndex = (entry: Entry) =>
    typeof entry === 'object' && ('picks' in entry || (picks.length > 0 && 'at' in entry))
  const rank = Math.max(0, ...picks.map(({ shape }) => shape.length))
  const common = Array.from({ length: rank }, (_, i) => {
    const dims = picks.map(({ shape }) => shape.at(i - rank) ?? 1)
    return dims.find((dim) => dim !== 1) ?? 1
  })
  const marks = entries.map(isIndex)
  const isTogether = !/1.*0.*1/.test(marks.map(Number).join(''))
  const first = picks.length > 0 && isTogether ? marks.indexOf(true) : 0
  const dimsOf = (list: readonly Entry[]) =>
    list.flatMap((entry) =>
      entry === 'newaxis' ? [1] : typeof entry === 'object' && 'places' in entry ? [entry.places.length] : [],
    )
  const before = dimsOf(entries.slice(0, first))
  const shape = [...before, ...common, ...dimsOf(entries.slice(first))]
  const elementFor = (index: readonly number[]): number[] => {
    const place = index.slice(before.length, before.length + rank)
    const others = [...index.slice(0, before.length), ...index.slice(before.length + rank)]
    let axis = 0
    return entries.flatMap((entry): number[] => {
      if (entry === 'newaxis') others.shift()
      if (typeof entry === 'string') return []
      const dim = x.shape[axis++]!
      if ('places' in entry) return [entry.places[others.shift()!]!]
      if ('at' in entry) return [entry.at]
      const own = place.slice(rank - entry.picks.shape.length).map((at, i) => (entry.picks.shape[i] === 1 ? 0 : at))
      return [fromFront(get(entry.picks, own), dim)]
    })
  }
  return { shape, elementFor }
}

export const at = (x: Dense, ...items: readonly Item[]): Dense => {
  const { shape, elementFor } = meant(x, items)
  return make(shape, (index) => get(x, elementFor(index)))
}

const stretchedTo = (value: Dense | number, shape: readonly number[]): Dense =>
  make(shape, (index) => {
    if (typeof value === 'number') return value
    const own = index.slice(shape.length - value.shape.length).map((at, axis) => (value.shape[axis] === 1 ? 0 : at))
    return get(value, own)
  })

/** One element after the other, in row-major order. */
const writing =
  (f: (old: number, value: number) => number) =>
  (x: Dense, index: Item | readonly Item[], value: Dense | number): Dense => {
    const { shape, elementFor } = meant(x, Array.isArray(index) ? index : [index as Item])
    const whole = stretchedTo(value, shape)
    const elements = new Map(indicesOf(x.shape).map((place) => [place.join(), get(x, place)]))
    for (const place of indicesOf(shape)) {
      const to = elementFor(place).join()
      elements.set(to, f(elements.get(to)!, get(whole, place)))
    }
    return { shape: x.shape, data: [...elements.values()] }
  }
export const set = writing((_, value) => value)
export const addAt = writing((old, value) => old + value)

const along =
  (f: (old: number, value: number) => number) =>
  (x: Dense, places: Dense, source: Dense | number, axis: number): Dense => {
    const at = fromFront(axis, x.shape.length)
    const whole = stretchedTo(source, places.shape)
    const elements = new Map(indicesOf(x.shape).map((place) => [place.join(), get(x, place)]))
    for (const place of indicesOf(places.shape)) {
      const to = place.with(at, fromFront(get(places, place), x.shape[at]!)).join()
      elements.set(to, f(elements.get(to)!, get(whole, place)))
    }
    return { shape: x.shape, data: [...elements.values()] }
  }

/** Parts of these sizes, each found by counting. */
const parts = (x: Dense, axis: number, sizes: readonly number[]): Dense[] => {
  const at = fromFront(axis, x.shape.length)
  let start = 0
  return sizes.map((size) => {
    const first = start
    start += size
    return make(x.shape.with(at, size), (index) => get(x, index.with(at, first + index[at]!)))
  })
}

/** As many as there is room for, and the rest. */
const sizesOf = (dim: number, size: number): number[] => (dim <= size ? [dim] : [size, ...sizesOf(dim - size, size)])

const tile = (x: Dense, counts: number | readonly number[]): Dense => {
  const times = typeof counts === 'number' ? [counts] : counts
  const rank = Math.max(times.length, x.shape.length)
  const shape = Array.from({ length: rank }, (_, i) => (x.shape.at(i - rank) ?? 1) * (times.at(i - rank) ?? 1))
  for (let i = 0; i < rank - x.shape.length; i++) shape[i] = times[i]!
  for (let i = 0; i < rank - times.length; i++) shape[i] = x.shape[i]!
  return make(shape, (index) =>
    get(
      x,
      index.slice(rank - x.shape.length).map((place, axis) => place % x.shape[axis]!),
    ),
  )
}

const ravelled = (x: Dense): Dense => ({ shape: [x.data.length], data: x.data })

const repeatInterleave = (
  x: Dense,
  counts: number | readonly number[] | Dense,
  axis?: number,
  { size, fill = 0 }: { size?: number; fill?: number } = {},
): Dense => {
  if (axis === undefined) return repeatInterleave(ravelled(x), counts, 0, size === undefined ? {} : { size, fill })
  const at = fromFront(axis, x.shape.length)
  const countOf = (i: number) => {
    if (typeof counts === 'number') return counts
    return 'data' in counts ? (counts.shape.length === 0 ? counts.data[0]! : counts.data[i]!) : counts[i]!
  }
  const rows = Array.from({ length: x.shape[at]! }, (_, i) => i).flatMap((i) => new Array<number>(countOf(i)).fill(i))
  return make(x.shape.with(at, size ?? rows.length), (index) => {
    const row = rows[index[at]!]
    return row === undefined ? fill : get(x, index.with(at, row))
  })
}

/** Each element carried to its place, one axis after the other. */
const roll = (x: Dense, shift: number | readonly number[], axis?: number | readonly number[]): Dense => {
  if (axis === undefined) return { shape: x.shape, data: roll(ravelled(x), shift, 0).data }
  const axes = typeof axis === 'number' ? [axis] : axis
  return axes.reduce((moved, one, i) => {
    const at = fromFront(one, x.shape.length)
    const by = typeof shift === 'number' ? shift : shift[i]!
    const dim = x.shape[at]!
    return make(x.shape, (index) => get(moved, index.with(at, (((index[at]! - by) % dim) + dim) % dim)))
  }, x)
}

const quarterTurn = (x: Dense, [from, to]: readonly [number, number]): Dense =>
  make(x.shape.with(from, x.shape[to]!).with(to, x.shape[from]!), (index) =>
    get(x, index.with(from, index[to]!).with(to, x.shape[to]! - 1 - index[from]!)),
  )

const stretched = (x: Dense, shape: readonly number[]) => stretchedTo(x, shape)
const commonShape = (a: readonly number[], b: readonly number[]): number[] => {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a.at(i - rank) ?? 1, b.at(i - rank) ?? 1]
    return i < rank - a.length ? n : i < rank - b.length ? m : m === 1 ? n : m
  })
}

export const indexingReferences = {
  roll,
  rot90: (x: Dense, turns = 1, axes: readonly number[] = [0, 1]) => {
    const [from, to] = axes.map((axis) => fromFront(axis, x.shape.length)) as [number, number]
    let turned = x
    for (let i = 0; i < ((turns % 4) + 4) % 4; i++) turned = quarterTurn(turned, [from, to])
    return turned
  },
  tile,
  repeat: tile,
  repeatInterleave,
  split: (x: Dense, sizes: number | readonly number[], axis = 0) =>
    parts(x, axis, typeof sizes === 'number' ? sizesOf(x.shape.at(axis)!, sizes) : sizes),
  chunk: (x: Dense, chunks: number, axis = 0) => {
    const dim = x.shape.at(axis)!
    return parts(x, axis, dim === 0 ? new Array<number>(chunks).fill(0) : sizesOf(dim, Math.ceil(dim / chunks)))
  },
  unbind: (x: Dense, axis = 0) => {
    const at = fromFront(axis, x.shape.length)
    return Array.from({ length: x.shape[at]! }, (_, i) =>
      make(x.shape.toSpliced(at, 1), (index) => get(x, index.toSpliced(at, 0, i))),
    )
  },
  moveAxis: (x: Dense, from: number | readonly number[], to: number | readonly number[]) => {
    const rank = x.shape.length
    const [sources, targets] = [from, to].map((axes) =>
      (typeof axes === 'number' ? [axes] : axes).map((axis) => fromFront(axis, rank)),
    ) as [number[], number[]]
    const others = [...x.shape.keys()].filter((axis) => !sources.includes(axis))
    const places = [...x.shape.keys()].filter((axis) => !targets.includes(axis))
    /** Where axis i of x stands in the result. */
    const placeOf = (axis: number) =>
      sources.includes(axis) ? targets[sources.indexOf(axis)]! : places[others.indexOf(axis)]!
    const shape = [...x.shape]
    x.shape.forEach((dim, axis) => {
      shape[placeOf(axis)] = dim
    })
    return make(shape, (index) =>
      get(
        x,
        x.shape.map((_, axis) => index[placeOf(axis)]!),
      ),
    )
  },
  meshgrid: (tensors: readonly Dense[], { indexing = 'xy' } = {}) => {
    const swap = indexing === 'xy' && tensors.length > 1
    const axisOf = (i: number) => (swap && i < 2 ? 1 - i : i)
    const shape = tensors.map((_, axis) => tensors[axisOf(axis)]!.data.length)
    return tensors.map(({ data }, i) => make(shape, (index) => data[index[axisOf(i)]!]!))
  },
  unfold: (x: Dense, axis: number, size: number, { step = 1 } = {}) => {
    const at = fromFront(axis, x.shape.length)
    let count = 0
    while (count * step + size <= x.shape[at]!) count++
    return make([...x.shape.with(at, count), size], (index) =>
      get(x, index.slice(0, -1).with(at, index[at]! * step + index.at(-1)!)),
    )
  },
  maskedFill: (x: Dense, mask: Dense, value: Dense | number) => {
    const [chosen, values] = [stretched(mask, x.shape), stretchedTo(value, x.shape)]
    return { shape: x.shape, data: x.data.map((element, i) => (chosen.data[i] ? values.data[i]! : element)) }
  },
  maskedSelect: (x: Dense, mask: Dense, { size, fill = 0 }: { size?: number; fill?: number } = {}) => {
    const shape = commonShape(x.shape, mask.shape)
    const [elements, chosen] = [stretched(x, shape), stretched(mask, shape)]
    const found = elements.data.filter((_, i) => chosen.data[i])
    const data = size === undefined ? found : Array.from({ length: size }, (_, i) => found[i] ?? fill)
    return { shape: [data.length], data }
  },
  at,
  set,
  addAt,
  indexPut: (x: Dense, places: readonly Dense[], value: Dense | number, { accumulate = false } = {}) =>
    (accumulate ? addAt : set)(x, places, value),
  scatter: along((_, value) => value),
  scatterAdd: along((old, value) => old + value),
  indexAdd: (x: Dense, places: Dense, source: Dense, axis = 0) =>
    addAt(x, [...new Array<string>(fromFront(axis, x.shape.length)).fill(':'), places], source),
}
