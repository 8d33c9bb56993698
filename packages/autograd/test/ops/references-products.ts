import { axesOf, type Dense, fromFront, get, indicesOf, make, sumOf } from './dense.js'

// Products by loops over numbers, element by element.

type Shape = readonly number[]

/** For each value that the letters may take together, one product, added to the element that the result's letters name. */
const einsum = (text: string, ...operands: readonly Dense[]): Dense => {
  const [left, right] = text.replaceAll(' ', '').split('->') as [string, string?]
  const terms = left.split(',')
  const unnamed = Math.max(
    0,
    ...terms.map((term, i) => (term.includes('.') ? operands[i]!.shape.length - term.replace('...', '').length : 0)),
  )
  const digits = '9876543210'
  const spelled = (term: string, count: number) => term.replace('...', count === 0 ? '' : digits.slice(-count))
  const names = terms.map((term, i) => spelled(term, operands[i]!.shape.length - term.replace('...', '').length))
  const letters = [...new Set(names.join(''))].sort()
  const once = letters.filter((letter) => /[a-z]/i.test(letter) && left.split(letter).length === 2)
  const result = right === undefined ? spelled('...', unnamed) + once.join('') : spelled(right, unnamed)
  const sizes = letters.map((letter) =>
    Math.max(
      ...names.flatMap((name, i) => [...name].map((own, axis) => (own === letter ? operands[i]!.shape[axis]! : -1))),
    ),
  )
  const isEmpty = letters.map((letter) =>
    names.some((name, i) => [...name].some((own, axis) => own === letter && operands[i]!.shape[axis] === 0)),
  )
  const dims = sizes.map((size, i) => (isEmpty[i] ? 0 : size))
  const shape = [...result].map((letter) => dims[letters.indexOf(letter)]!)
  const sums = new Map(indicesOf(shape).map((index) => [index.join(), 0]))
  for (const place of indicesOf(dims)) {
    const at = (letter: string) => place[letters.indexOf(letter)]!
    const product = operands
      .map((x, i) =>
        get(
          x,
          [...names[i]!].map((letter, axis) => (x.shape[axis] === 1 ? 0 : at(letter))),
        ),
      )
      .reduce((a, b) => a * b, 1)
    const key = [...result].map(at).join()
    sums.set(key, sums.get(key)! + product)
  }
  return { shape, data: [...sums.values()] }
}

type Meeting = number | readonly [number | Shape, number | Shape]

const tensordot = (a: Dense, b: Dense, axes: Meeting = 2): Dense => {
  const counted = (n: number): [Shape, Shape] => [
    Array.from({ length: n }, (_, i) => a.shape.length - n + i),
    Array.from({ length: n }, (_, i) => i),
  ]
  const [left, right] = typeof axes === 'number' ? counted(axes) : [axesOf(axes[0], a), axesOf(axes[1], b)]
  const [freeA, freeB] = [a, b].map((x, i) =>
    [...x.shape.keys()].filter((axis) => !(i === 0 ? left : right).includes(axis)),
  )
  const shape = [...freeA!.map((axis) => a.shape[axis]!), ...freeB!.map((axis) => b.shape[axis]!)]
  const met = indicesOf(left.map((axis) => a.shape[axis]!))
  const placed = (x: Dense, free: Shape, at: Shape, summed: Shape, by: Shape) =>
    get(
      x,
      [...x.shape.keys()].map((axis) => (free.includes(axis) ? at[free.indexOf(axis)]! : by[summed.indexOf(axis)]!)),
    )
  return make(shape, (index) => {
    const [ofA, ofB] = [index.slice(0, freeA!.length), index.slice(freeA!.length)]
    return sumOf(met.map((by) => placed(a, freeA!, ofA, left, by) * placed(b, freeB!, ofB, right, by)))
  })
}

const scaled = (x: Dense, by: number): Dense => ({ shape: x.shape, data: x.data.map((element) => element * by) })
const along = (a: Dense, b: Dense, axis: number): Dense =>
  a.shape.length === 0
    ? scaled(b, a.data[0]!)
    : b.shape.length === 0
      ? scaled(a, b.data[0]!)
      : tensordot(a, b, [-1, b.shape.length === 1 ? 0 : axis])

const diagonal = (x: Dense, offset = 0, { axes = [0, 1] }: { axes?: Shape } = {}): Dense => {
  const [row, column] = axesOf(axes, x) as [number, number]
  const places = indicesOf([x.shape[row]!, x.shape[column]!]).filter(([i, j]) => j! - i! === offset)
  const others = [...x.shape.keys()].filter((axis) => axis !== row && axis !== column)
  return make([...others.map((axis) => x.shape[axis]!), places.length], (index) => {
    const [i, j] = places[index.at(-1)!] as [number, number]
    return get(
      x,
      [...x.shape.keys()].map((axis) => (axis === row ? i : axis === column ? j : index[others.indexOf(axis)]!)),
    )
  })
}

const triangle =
  (isKept: (distance: number) => boolean) =>
  (x: Dense, offset = 0): Dense =>
    make(x.shape, (index) => (isKept(index.at(-1)! - index.at(-2)! - offset) ? get(x, index) : 0))

const padded = (x: Dense, rank: number): Dense => ({
  shape: [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape],
  data: x.data,
})
/** The element at an index of what x broadcasts to. */
const stretched = (x: Dense, index: Shape): number =>
  get(
    x,
    index.slice(index.length - x.shape.length).map((at, axis) => (x.shape[axis] === 1 ? 0 : at)),
  )
const broadcast = (a: Shape, b: Shape): number[] => {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const [x, y] = [a.at(i - rank) ?? 1, b.at(i - rank) ?? 1]
    return x === 1 ? y : x
  })
}

const moved = (x: Dense, from: number, to: number): Dense => {
  const order = [...x.shape.keys()]
  const [axis] = order.splice(fromFront(from, x.shape.length), 1)
  order.splice(fromFront(to, x.shape.length), 0, axis!)
  return make(
    order.map((source) => x.shape[source]!),
    (index) =>
      get(
        x,
        [...order.keys()].map((source) => index[order.indexOf(source)]!),
      ),
  )
}

export const products = {
  einsum,
  tensordot,
  outer: (a: Dense, b: Dense) => make([...a.shape, ...b.shape], ([i, j]) => a.data[i!]! * b.data[j!]!),
  inner: (a: Dense, b: Dense) => along(a, b, -1),
  dot: (a: Dense, b: Dense) => along(a, b, -2),
  kron: (a: Dense, b: Dense) => {
    const rank = Math.max(a.shape.length, b.shape.length)
    const [left, right] = [padded(a, rank), padded(b, rank)]
    return make(
      left.shape.map((dim, axis) => dim * right.shape[axis]!),
      (index) =>
        get(
          left,
          index.map((at, axis) => Math.floor(at / right.shape[axis]!)),
        ) *
        get(
          right,
          index.map((at, axis) => at % right.shape[axis]!),
        ),
    )
  },
  cross: (a: Dense, b: Dense, axis = -1) => {
    const [left, right] = [moved(a, axis, -1), moved(b, axis, -1)]
    const product = make(broadcast(left.shape, right.shape), (index) => {
      const place = index.at(-1)!
      const [u, v] = [left, right].map((x) => (step: number) => stretched(x, index.with(-1, (place + step) % 3)))
      return u!(1) * v!(2) - u!(2) * v!(1)
    })
    return moved(product, -1, axis)
  },
  trace: (x: Dense, offset = 0, options = {}) => {
    const all = diagonal(x, offset, options)
    return make(all.shape.slice(0, -1), (index) =>
      sumOf(Array.from({ length: all.shape.at(-1)! }, (_, i) => get(all, [...index, i]))),
    )
  },
  diagonal,
  diag: (x: Dense, offset = 0) => {
    if (x.shape.length === 2) return diagonal(x, offset)
    const size = x.data.length + Math.abs(offset)
    return make([size, size], ([i, j]) => (j! - i! === offset ? x.data[Math.min(i!, j!)]! : 0))
  },
  tril: triangle((distance) => distance <= 0),
  triu: triangle((distance) => distance >= 0),
  cdist: (a: Dense, b: Dense, { p = 2 }: { p?: number } = {}) => {
    const batch = broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2))
    return make([...batch, a.shape.at(-2)!, b.shape.at(-2)!], (index) => {
      const [i, j] = index.slice(-2) as [number, number]
      const sizes = Array.from({ length: a.shape.at(-1)! }, (_, k) =>
        Math.abs(stretched(a, [...index.slice(0, -2), i, k]) - stretched(b, [...index.slice(0, -2), j, k])),
      )
      if (p === 0) return sizes.filter((size) => size !== 0).length
      if (p === Number.POSITIVE_INFINITY) return Math.max(0, ...sizes)
      return sumOf(sizes.map((size) => size ** p)) ** (1 / p)
    })
  },
}
