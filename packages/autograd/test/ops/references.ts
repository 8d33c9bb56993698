import { alongAxis, axesOf, type Dense, fold, fromFront, get, indicesOf, type Keep, make, sumOf } from './dense.js'
import { indexingReferences, range } from './references-indexing.js'
import { inOrder } from './references-order.js'
import { products } from './references-products.js'
import { windows } from './references-windows.js'

// What each op that is not elementwise computes, by a formula of its own over plain numbers, element by element.

type Axes = number | readonly number[]
type Shape = readonly number[]
/** Each has the parameters of its op. */
type Reference = (...args: any[]) => Dense | readonly Dense[]

const meanOf = (list: readonly number[]) => sumOf(list) / list.length
const varianceOf = (list: readonly number[], correction: number) =>
  sumOf(list.map((x) => (x - meanOf(list)) ** 2)) / (list.length - correction)
const logSumExpOf = (list: readonly number[]) =>
  Math.max(...list) + Math.log(sumOf(list.map((x) => Math.exp(x - Math.max(...list)))))

/** The n-th derivative of digamma from the poles of gamma, those far away by Euler and Maclaurin's formula. */
const polygammaOf = (n: number, x: number): number => {
  const factorial = Array.from({ length: n }, (_, i) => i + 1).reduce((a, b) => a * b, 1)
  const sign = n % 2 === 0 ? -1 : 1
  const count = 2000
  const far = x + count - 0.5
  const rest = n === 0 ? -Math.log(far) : factorial / n / far ** n
  const first = (factorial * (n + 1)) / far ** (n + 2) / 24
  return sign * (sumOf(Array.from({ length: count }, (_, k) => factorial / (x + k) ** (n + 1))) + rest - first)
}

/** Of the elements up to each. */
const upTo =
  (f: (list: readonly number[]) => number) =>
  (x: Dense, axis = -1): Dense =>
    alongAxis(x, axis, (line, i) => f(line.slice(0, i + 1)))

const reshaped = (x: Dense, shape: Shape): Dense => {
  const known = shape.filter((dim) => dim !== -1).reduce((a, b) => a * b, 1)
  return { shape: shape.map((dim) => (dim === -1 ? x.data.length / known : dim)), data: x.data }
}

const permuted = (x: Dense, axes: Shape): Dense => {
  const from = axesOf(axes, x)
  return make(
    from.map((axis) => x.shape[axis]!),
    (index) =>
      get(
        x,
        x.shape.map((_, axis) => index[from.indexOf(axis)]!),
      ),
  )
}

const picked = (x: Dense, axis: number, places: readonly number[]): Dense =>
  make(x.shape.with(axis, places.length), (index) => get(x, index.with(axis, places[index[axis]!]!)))

type Bound = number | null | readonly (number | null)[]

/** The place that one outside of an axis shows, found step by step; null for none. */
const shownAt = (mode: string, at: number, dim: number): number | null => {
  if (at >= 0 && at < dim) return at
  switch (mode) {
    case 'circular':
      return shownAt(mode, at < 0 ? at + dim : at - dim, dim)
    case 'replicate':
      return at < 0 ? 0 : dim - 1
    case 'symmetric':
      return shownAt(mode, at < 0 ? -at - 1 : 2 * dim - 1 - at, dim)
    case 'reflect':
      return dim === 1 ? 0 : shownAt(mode, at < 0 ? -at : 2 * dim - 2 - at, dim)
    default:
      return null
  }
}

const joined = (tensors: readonly Dense[], axis: number): Dense => {
  const owners = tensors.flatMap((tensor) => Array.from({ length: tensor.shape[axis]! }, (_, i) => ({ tensor, i })))
  return make(tensors[0]!.shape.with(axis, owners.length), (index) => {
    const { tensor, i } = owners[index[axis]!]!
    return get(tensor, index.with(axis, i))
  })
}

const matmul = (a: Dense, b: Dense): Dense => {
  const left = a.shape.length === 1 ? reshaped(a, [1, -1]) : a
  const right = b.shape.length === 1 ? reshaped(b, [-1, 1]) : b
  const rank = Math.max(left.shape.length, right.shape.length)
  const dimsOf = (x: Dense) => [...new Array<number>(rank - x.shape.length).fill(1), ...x.shape]
  const batch = dimsOf(left)
    .slice(0, -2)
    .map((dim, axis) => (dim === 1 ? dimsOf(right)[axis]! : dim))
  const element = (x: Dense, place: readonly number[]) =>
    get(
      x,
      place.slice(rank - x.shape.length).map((at, axis) => (x.shape[axis] === 1 ? 0 : at)),
    )
  const product = make([...batch, left.shape.at(-2)!, right.shape.at(-1)!], (index) => {
    const [row, column] = index.slice(-2) as [number, number]
    const terms = Array.from(
      { length: left.shape.at(-1)! },
      (_, k) => element(left, [...index.slice(0, -2), row, k]) * element(right, [...index.slice(0, -2), k, column]),
    )
    return sumOf(terms)
  })
  const isKept = (axis: number) =>
    !(axis === rank - 2 && a.shape.length === 1) && !(axis === rank - 1 && b.shape.length === 1)
  return { ...product, shape: product.shape.filter((_, axis) => isKept(axis)) }
}

/** For each query the mean of the values, weighed by exp(query . key / sqrt(size)) over the keys that it may see. */
const attention = (
  q: Dense,
  k: Dense,
  v: Dense,
  {
    causal = false,
    mask,
    scale = 1 / Math.sqrt(q.shape.at(-1)!),
    groupedQueries = false,
  }: { causal?: boolean; mask?: Dense; scale?: number; groupedQueries?: boolean } = {},
): Dense => {
  const batches = [q, k, v].map(({ shape }) => shape.slice(0, -2))
  const rank = Math.max(...batches.map(({ length }) => length))
  const batch = Array.from({ length: rank }, (_, i) => Math.max(...batches.map((dims) => dims.at(i - rank) ?? 1)))
  const element = (x: Dense, place: readonly number[]) =>
    get(
      x,
      place.slice(-x.shape.length).map((at, axis) => (x.shape[axis] === 1 ? 0 : at)),
    )
  const [size, length] = [q.shape.at(-1)!, k.shape.at(-2)!]
  return make([...batch, q.shape.at(-2)!, v.shape.at(-1)!], (index) => {
    const [at, column] = index.slice(-2) as [number, number]
    const outer = index.slice(0, -2)
    const perHead = groupedQueries ? q.shape.at(-3)! / Math.max(k.shape.at(-3)!, v.shape.at(-3)!) : 1
    const head = groupedQueries ? outer.with(-1, Math.floor(outer.at(-1)! / perHead)) : outer
    const scoreOf = (key: number) => {
      const products = Array.from(
        { length: size },
        (_, i) => element(q, [...outer, at, i]) * element(k, [...head, key, i]),
      )
      if (mask === undefined) return scale * sumOf(products)
      const allowed = element(mask, [...outer, at, key])
      if (mask.dtype === 'bool') return allowed === 1 ? scale * sumOf(products) : -Infinity
      return scale * sumOf(products) + allowed
    }
    const keys = Array.from({ length }, (_, key) => key)
    const weights = keys.map((key) => (causal && key > at ? 0 : Math.exp(scoreOf(key))))
    const total = sumOf(weights)
    return total === 0 ? 0 : sumOf(keys.map((key) => weights[key]! * element(v, [...head, key, column]))) / total
  })
}

/** Each element less the mean of its example's group of channels, over the root of the variance there. */
const normalizedGroups = (x: Dense, groups: number, epsilon: number): Dense => {
  const width = x.shape[1]! / groups
  const groupOf = ([example, channel]: readonly number[]) => `${example} ${Math.floor(channel! / width)}`
  const places = indicesOf(x.shape)
  return make(x.shape, (index) => {
    const list = places.filter((place) => groupOf(place) === groupOf(index)).map((place) => get(x, place))
    return (get(x, index) - meanOf(list)) / Math.sqrt(varianceOf(list, 0) + epsilon)
  })
}

interface BatchNorm {
  readonly weight?: Dense
  readonly bias?: Dense
  readonly axis?: number
  readonly epsilon?: number
}
const byChannels = (x: Dense, { weight, bias, axis = 1, epsilon = 1e-5 }: BatchNorm, mean: Dense, variance: Dense) =>
  make(x.shape, (index) => {
    const channel = index[fromFront(axis, x.shape.length)]!
    const y = (get(x, index) - mean.data[channel]!) / Math.sqrt(variance.data[channel]! + epsilon)
    return y * (weight?.data[channel] ?? 1) + (bias?.data[channel] ?? 0)
  })

/** Extremes, and where each is first. */
const withIndices =
  (best: (list: readonly number[]) => number): Reference =>
  (x: Dense, axis: number, options: Keep = {}) => [
    fold(x, axis, options, best),
    fold(x, axis, options, (list) => list.indexOf(best(list))),
  ]
const extremesUpTo =
  (best: (list: readonly number[]) => number): Reference =>
  (x: Dense, axis = -1) => [upTo(best)(x, axis), upTo((list) => list.indexOf(best(list)))(x, axis)]
const arg =
  (best: (list: readonly number[]) => number): Reference =>
  (x: Dense, axis?: number, options: Keep = {}) =>
    fold(x, axis, options, (list) => list.indexOf(best(list)))

/** A reduction: what it makes of the list of elements. */
const folding =
  (f: (list: readonly number[]) => number): Reference =>
  (x: Dense, axes?: Axes, options: Keep = {}) =>
    fold(x, axes, options, f)

export const references: Readonly<Record<string, Reference>> = {
  cast: (x: Dense) => x,
  ...inOrder,

  // layout
  broadcastTo: (x: Dense, shape: Shape) =>
    make(shape, (index) =>
      get(
        x,
        index.slice(shape.length - x.shape.length).map((at, axis) => (x.shape[axis] === 1 ? 0 : at)),
      ),
    ),
  reshape: reshaped,
  ravel: (x: Dense) => reshaped(x, [-1]),
  flatten: (x: Dense, start?: number, end = -1) => {
    const rank = x.shape.length
    if (start === undefined && rank === 1) return reshaped(x, [-1, 1])
    const [first, last] = [fromFront(start ?? 1, rank), fromFront(end, rank)]
    const joined = x.shape.slice(first, last + 1).reduce((a, b) => a * b, 1)
    return reshaped(x, [...x.shape.slice(0, first), joined, ...x.shape.slice(last + 1)])
  },
  expandDims: (x: Dense, axis: number) => ({
    shape: x.shape.toSpliced(fromFront(axis, x.shape.length + 1), 0, 1),
    data: x.data,
  }),
  squeeze: (x: Dense, axis?: number) => ({
    shape: x.shape.filter((dim, i) => (axis === undefined ? dim !== 1 : i !== fromFront(axis, x.shape.length))),
    data: x.data,
  }),
  permute: permuted,
  swapAxes: (x: Dense, a: number, b: number) => {
    const [i, j] = axesOf([a, b], x) as [number, number]
    return permuted(x, [...x.shape.keys()].with(i, j).with(j, i))
  },
  transpose: (x: Dense) =>
    make([...x.shape.slice(0, -2), x.shape.at(-1)!, x.shape.at(-2)!], (index) =>
      get(x, [...index.slice(0, -2), index.at(-1)!, index.at(-2)!]),
    ),
  slice: (x: Dense, axes: Axes, start?: Bound, end?: Bound, { step = 1 }: { step?: Axes } = {}) => {
    const each = <T>(given: T | readonly T[], i: number) => (Array.isArray(given) ? given[i] : given) as T
    return axesOf(axes, x).reduce(
      (part, axis, i) =>
        picked(part, axis, range(x.shape[axis]!, each(start ?? null, i), each(end ?? null, i), each(step, i))),
      x,
    )
  },
  flip: (x: Dense, axes: Axes) =>
    axesOf(axes, x).reduce((turned, axis) => alongAxis(turned, axis, (line, i) => line[line.length - 1 - i]!), x),
  pad: (x: Dense, widths: readonly (readonly [number, number])[], { mode = 'constant', value = 0 } = {}) =>
    make(
      x.shape.map((dim, axis) => widths[axis]![0] + dim + widths[axis]![1]),
      (index) => {
        const from = index.map((at, axis) => shownAt(mode, at - widths[axis]![0], x.shape[axis]!))
        return from.includes(null) ? value : get(x, from as number[])
      },
    ),
  concat: (tensors: readonly Dense[], axis = 0) => joined(tensors, fromFront(axis, tensors[0]!.shape.length)),
  stack: (tensors: readonly Dense[], axis = 0) => {
    const at = fromFront(axis, tensors[0]!.shape.length + 1)
    return make(tensors[0]!.shape.toSpliced(at, 0, tensors.length), (index) =>
      get(tensors[index[at]!]!, index.toSpliced(at, 1)),
    )
  },

  // reductions, and what runs along an axis
  sum: folding(sumOf),
  mean: folding(meanOf),
  prod: folding((list) => list.reduce((a, b) => a * b, 1)),
  max: folding((list) => Math.max(...list)),
  min: folding((list) => Math.min(...list)),
  any: folding((list) => Number(list.some((x) => x !== 0))),
  all: folding((list) => Number(list.every((x) => x !== 0))),
  logSumExp: folding(logSumExpOf),
  variance: (x: Dense, axes?: Axes, { correction = 0, ...options }: Keep & { correction?: number } = {}) =>
    fold(x, axes, options, (list) => varianceOf(list, correction)),
  standardDeviation: (x: Dense, axes?: Axes, { correction = 0, ...options }: Keep & { correction?: number } = {}) =>
    fold(x, axes, options, (list) => Math.sqrt(varianceOf(list, correction))),
  argmax: arg((list) => Math.max(...list)),
  argmin: arg((list) => Math.min(...list)),
  maxWithIndices: withIndices((list) => Math.max(...list)),
  minWithIndices: withIndices((list) => Math.min(...list)),
  cumSum: upTo(sumOf),
  cumProd: upTo((list) => list.reduce((a, b) => a * b, 1)),
  cumMax: upTo((list) => Math.max(...list)),
  cumMin: upTo((list) => Math.min(...list)),
  cumMaxWithIndices: extremesUpTo((list) => Math.max(...list)),
  cumMinWithIndices: extremesUpTo((list) => Math.min(...list)),
  logCumSumExp: upTo(logSumExpOf),
  softmax: (x: Dense, axis = -1) => alongAxis(x, axis, (line, i) => 1 / sumOf(line.map((y) => Math.exp(y - line[i]!)))),
  logSoftmax: (x: Dense, axis = -1) => alongAxis(x, axis, (line, i) => line[i]! - logSumExpOf(line)),

  glu: (x: Dense, axis = -1) => {
    const at = fromFront(axis, x.shape.length)
    const half = x.shape[at]! / 2
    return make(x.shape.with(at, half), (index) => {
      const gate = get(x, index.with(at, index[at]! + half))
      return get(x, index) / (1 + Math.exp(-gate))
    })
  },
  prelu: (x: Dense, weight: Dense, { axis = 1 }: { axis?: number } = {}) =>
    make(x.shape, (index) => {
      const at = weight.data.length === 1 ? 0 : index[fromFront(axis, x.shape.length)]!
      return get(x, index) * (get(x, index) > 0 ? 1 : weight.data[at]!)
    }),
  nanToNum: (x: Dense, { nan = 0, posInf = Number.MAX_VALUE, negInf = -Number.MAX_VALUE } = {}) => ({
    shape: x.shape,
    data: x.data.map((each) =>
      Number.isNaN(each) ? nan : each === Infinity ? posInf : each === -Infinity ? negInf : each,
    ),
  }),
  polygamma: (n: number, x: Dense) => ({ shape: x.shape, data: x.data.map((each) => polygammaOf(n, each)) }),
  rmsNorm: (x: Dense, { axes = -1, epsilon = 1e-5 }: { axes?: Axes; epsilon?: number } = {}) => {
    const squares = fold(x, axes, { keepDims: true }, (list) => meanOf(list.map((each) => each * each)))
    return make(x.shape, (index) => {
      const line = index.map((at, axis) => Math.min(at, squares.shape[axis]! - 1))
      return get(x, index) / Math.sqrt(get(squares, line) + epsilon)
    })
  },
  groupNorm: (x: Dense, groups: number, { epsilon = 1e-5 } = {}) => normalizedGroups(x, groups, epsilon),
  instanceNorm: (x: Dense, { epsilon = 1e-5 } = {}) => normalizedGroups(x, x.shape[1]!, epsilon),
  batchNorm: (x: Dense, mean: Dense, variance: Dense, options: BatchNorm = {}) =>
    byChannels(x, options, mean, variance),
  batchNormWithStatistics: (x: Dense, options: BatchNorm = {}) => {
    const at = fromFront(options.axis ?? 1, x.shape.length)
    const others = x.shape.map((_, axis) => axis).filter((axis) => axis !== at)
    const [mean, variance] = [meanOf, (list: readonly number[]) => varianceOf(list, 0)].map((f) =>
      fold(x, others, {}, f),
    ) as [Dense, Dense]
    return [byChannels(x, options, mean, variance), mean, variance]
  },
  localResponseNorm: (x: Dense, size: number, { alpha = 1e-4, beta = 0.75, k = 1 } = {}) =>
    make(x.shape, (index) => {
      const first = index[1]! - Math.floor(size / 2)
      const around = Array.from({ length: size }, (_, i) => first + i).filter((at) => at >= 0 && at < x.shape[1]!)
      const squares = sumOf(around.map((at) => get(x, index.with(1, at)) ** 2)) / size
      return get(x, index) / (k + alpha * squares) ** beta
    }),
  normalize: (x: Dense, axis = -1, { order = 2, epsilon = 1e-12 } = {}) =>
    alongAxis(x, axis, (line, i) => {
      const sizes = line.map(Math.abs)
      const size = order === Infinity ? Math.max(...sizes) : sumOf(sizes.map((each) => each ** order)) ** (1 / order)
      return line[i]! / Math.max(size, epsilon)
    }),
  layerNorm: (x: Dense, { axes = -1, epsilon = 1e-5 }: { axes?: Axes; epsilon?: number } = {}) => {
    const [means, variances] = [meanOf, (list: readonly number[]) => varianceOf(list, 0)].map((f) =>
      fold(x, axes, { keepDims: true }, f),
    ) as [Dense, Dense]
    return make(x.shape, (index) => {
      const line = index.map((at, axis) => Math.min(at, means.shape[axis]! - 1))
      return (get(x, index) - get(means, line)) / Math.sqrt(get(variances, line) + epsilon)
    })
  },

  matmul,
  ...products,
  scaledDotProductAttention: attention,

  ...windows,

  // indexing
  gather: (x: Dense, places: Dense, axis: number) => {
    const at = fromFront(axis, x.shape.length)
    return make(places.shape, (index) => get(x, index.with(at, fromFront(get(places, index), x.shape[at]!))))
  },
  indexSelect: (x: Dense, places: Dense, axis = 0) => {
    const at = fromFront(axis, x.shape.length)
    const rank = places.shape.length
    return make(x.shape.toSpliced(at, 1, ...places.shape), (index) => {
      const place = get(places, index.slice(at, at + rank))
      return get(x, index.toSpliced(at, rank, fromFront(place, x.shape[at]!)))
    })
  },
  ...indexingReferences,
  oneHot: (places: Dense, depth: number) =>
    make([...places.shape, depth], (index) => Number(get(places, index.slice(0, -1)) === index.at(-1))),
}
