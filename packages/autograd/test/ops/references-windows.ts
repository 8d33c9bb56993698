import { type Dense, get, indicesOf, make, sumOf } from './dense.js'

// Convolution, pooling and resampling by loops over places: where a window reads, one element after the other.

type Shape = readonly number[]
type Sides = number | Shape
interface Window {
  readonly stride?: Sides
  readonly padding?: Sides | 'same' | 'valid'
  readonly dilation?: Sides
  readonly groups?: number
  readonly ceilMode?: boolean
}
const each = (sides: Sides, rank: number): Shape =>
  typeof sides === 'number' ? new Array<number>(rank).fill(sides) : sides

/** Where a window reads: the place on x, and in the window; some lie beyond x. */
interface Read {
  readonly from: Shape
  readonly at: Shape
}

/** What `f` makes of the reads of each window, of each batch and channel of a result. */
const overWindows = (
  x: Dense,
  channels: number,
  size: Sides,
  { stride = 1, padding = 0, dilation = 1, ceilMode = false }: Window,
  f: (reads: readonly Read[], batch: number, channel: number) => number,
): Dense => {
  const dims = x.shape.slice(2)
  const rank = dims.length
  const [sizes, strides, dilations] = [each(size, rank), each(stride, rank), each(dilation, rank)]
  const reach = sizes.map((length, i) => dilations[i]! * (length - 1))
  const before =
    padding === 'same' ? reach.map((r) => Math.floor(r / 2)) : each(padding === 'valid' ? 0 : padding, rank)
  const both = padding === 'same' ? reach : before.map((places) => 2 * places)
  const counts = sizes.map((_, i) => {
    const steps = (dims[i]! + both[i]! - reach[i]! - 1) / strides[i]!
    const more = ceilMode && Math.ceil(steps) * strides[i]! < dims[i]! + before[i]!
    return (more ? Math.ceil(steps) : Math.floor(steps)) + 1
  })
  return make([x.shape[0]!, channels, ...counts], ([batch, channel, ...place]) => {
    const reads = indicesOf(sizes).map((at) => ({
      from: at.map((step, i) => place[i]! * strides[i]! + step * dilations[i]! - before[i]!),
      at,
    }))
    return f(reads, batch!, channel!)
  })
}
const isInside = (x: Dense, place: Shape): boolean => place.every((at, i) => at >= 0 && at < x.shape[2 + i]!)

const convolution = (x: Dense, kernel: Dense, options: Window = {}): Dense => {
  const [out, channels, ...size] = kernel.shape as [number, number, ...number[]]
  const perGroup = out / (options.groups ?? 1)
  return overWindows(x, out, size, options, (reads, batch, channel) => {
    const first = Math.floor(channel / perGroup) * channels
    const terms = reads
      .filter(({ from }) => isInside(x, from))
      .flatMap(({ from, at }) =>
        Array.from(
          { length: channels },
          (_, c) => get(x, [batch, first + c, ...from]) * get(kernel, [channel, c, ...at]),
        ),
      )
    return sumOf(terms)
  })
}

/** Each element of x is spread over the places that its window has, as the kernel says. */
const transposed = (
  x: Dense,
  kernel: Dense,
  { stride = 1, padding = 0, dilation = 1, outputPadding = 0, groups = 1 }: Window & { outputPadding?: Sides } = {},
): Dense => {
  const [channels, perGroup, ...size] = kernel.shape as [number, number, ...number[]]
  const rank = size.length
  const [strides, dilations, more] = [each(stride, rank), each(dilation, rank), each(outputPadding, rank)]
  const paddings = each(padding as Sides, rank)
  const dims = size.map(
    (length, i) => (x.shape[2 + i]! - 1) * strides[i]! - 2 * paddings[i]! + dilations[i]! * (length - 1) + more[i]! + 1,
  )
  return make([x.shape[0]!, perGroup * groups, ...dims], ([batch, out, ...place]) => {
    const group = Math.floor(out! / perGroup)
    const inGroup = channels / groups
    const terms = indicesOf(x.shape.slice(2)).flatMap((from) =>
      indicesOf(size)
        .filter((at) => at.every((k, i) => from[i]! * strides[i]! + k * dilations[i]! - paddings[i]! === place[i]!))
        .flatMap((at) =>
          Array.from({ length: inGroup }, (_, c) => {
            const channel = group * inGroup + c
            return get(x, [batch!, channel, ...from]) * get(kernel, [channel, out! % perGroup, ...at])
          }),
        ),
    )
    return sumOf(terms)
  })
}

type Pool = (elements: readonly number[], size: number, options: Pooling, padded: number) => number
interface Pooling extends Window {
  readonly countIncludePad?: boolean
  readonly divisorOverride?: number
  readonly p?: number
}

const pooling =
  (f: Pool) =>
  (x: Dense, size: Sides, options: Pooling = {}): Dense =>
    overWindows(x, x.shape[1]!, size, { stride: size, ...options }, (reads, batch, channel) => {
      const paddings = each((options.padding ?? 0) as Sides, x.shape.length - 2)
      const onPadding = reads.filter(({ from }) =>
        from.every((at, i) => at >= -paddings[i]! && at < x.shape[2 + i]! + paddings[i]!),
      )
      const inside = reads.filter(({ from }) => isInside(x, from))
      return f(
        inside.map(({ from }) => get(x, [batch, channel, ...from])),
        reads.length,
        options,
        onPadding.length,
      )
    })

const maxPool = pooling((elements) => Math.max(...elements))
const maxPoolWithIndices = (x: Dense, size: Sides, options: Pooling = {}): readonly Dense[] => {
  const place = (at: Shape) => at.reduce((before, each, i) => before * x.shape[2 + i]! + each, 0)
  const indices = overWindows(x, x.shape[1]!, size, { stride: size, ...options }, (reads, batch, channel) => {
    const inside = reads.filter(({ from }) => isInside(x, from)).map(({ from }) => from)
    const elements = inside.map((from) => get(x, [batch, channel, ...from]))
    return place(inside[elements.indexOf(Math.max(...elements))]!)
  })
  return [maxPool(x, size, options), indices]
}
const avgPool = pooling((elements, _, { countIncludePad = true, divisorOverride }, padded) =>
  divisorOverride === undefined
    ? sumOf(elements) / Math.max(1, countIncludePad ? padded : elements.length)
    : sumOf(elements) / divisorOverride,
)
const lpPool = pooling((elements, _, { p = 2 }) =>
  p === Number.POSITIVE_INFINITY
    ? Math.max(...elements.map(Math.abs))
    : sumOf(elements.map((x) => Math.abs(x) ** p)) ** (1 / p),
)

const adaptive =
  (f: (elements: readonly number[]) => number) =>
  (x: Dense, size: number | readonly (number | null)[]): Dense => {
    const dims = x.shape.slice(2)
    const counts = dims.map((dim, i) => (typeof size === 'number' ? size : (size[i] ?? dim)))
    return make([...x.shape.slice(0, 2), ...counts], ([batch, channel, ...place]) => {
      const isWithin = (at: number, i: number) =>
        at >= Math.floor((place[i]! * dims[i]!) / counts[i]!) &&
        at < Math.ceil(((place[i]! + 1) * dims[i]!) / counts[i]!)
      return f(
        indicesOf(dims)
          .filter((at) => at.every(isWithin))
          .map((at) => get(x, [batch!, channel!, ...at])),
      )
    })
  }
const adaptiveAvg = adaptive((elements) => sumOf(elements) / elements.length)
const adaptiveMax = adaptive((elements) => Math.max(...elements))

/** A product of a weight for each axis and the element, summed over all elements of x: most weights are 0. */
const resampled = (x: Dense, shape: Shape, weight: (axis: number, to: number, from: number) => number): Dense =>
  make([...x.shape.slice(0, 2), ...shape], ([batch, channel, ...place]) =>
    sumOf(
      indicesOf(x.shape.slice(2)).map(
        (from) =>
          from.map((at, axis) => weight(axis, place[axis]!, at)).reduce((a, b) => a * b, 1) *
          get(x, [batch!, channel!, ...from]),
      ),
    ),
  )

const hat = (d: number) => Math.max(0, 1 - Math.abs(d))
/** Keys's kernel for a = -3/4, as it stands in the paper. */
const keys = (d: number): number => {
  const [a, s] = [-0.75, Math.abs(d)]
  if (s <= 1) return (a + 2) * s ** 3 - (a + 3) * s ** 2 + 1
  return s < 2 ? a * s ** 3 - 5 * a * s ** 2 + 8 * a * s - 4 * a : 0
}

interface Resizing {
  readonly size?: Sides
  readonly scale?: Sides
  readonly mode?: string
  readonly alignCorners?: boolean
}

const interpolate = (x: Dense, { size, scale, mode = 'nearest', alignCorners = false }: Resizing): Dense => {
  const dims = x.shape.slice(2)
  const scales = scale === undefined ? null : each(scale, dims.length)
  const shape = scales === null ? each(size!, dims.length) : dims.map((dim, i) => Math.floor(dim * scales[i]!))
  const steps = dims.map((dim, i) => (scales === null ? dim / shape[i]! : 1 / scales[i]!))
  const placeOf = (axis: number, to: number): number =>
    alignCorners
      ? shape[axis] === 1
        ? 0
        : (to * (dims[axis]! - 1)) / (shape[axis]! - 1)
      : (to + 0.5) * steps[axis]! - 0.5
  return resampled(x, shape, (axis, to, from) => {
    const last = dims[axis]! - 1
    if (mode === 'nearest') return Number(from === Math.min(last, Math.floor(to * steps[axis]!)))
    const place = placeOf(axis, to)
    if (mode !== 'bicubic') return hat(Math.min(last, Math.max(0, place)) - from)
    // the elements at the edges go on for ever
    const around = Array.from({ length: 8 }, (_, k) => Math.floor(place) - 3 + k)
    return sumOf(around.filter((at) => Math.min(last, Math.max(0, at)) === from).map((at) => keys(place - at)))
  })
}

interface Sampling {
  readonly mode?: string
  readonly padding?: string
  readonly alignCorners?: boolean
}

/** Mirrored at the edges as often as it takes. */
const mirrored = (place: number, low: number, high: number): number => {
  let at = place
  while (at < low || at > high) at = at < low ? 2 * low - at : 2 * high - at
  return at
}

const gridSample = (
  x: Dense,
  grid: Dense,
  { mode = 'bilinear', padding = 'zeros', alignCorners = false }: Sampling = {},
) => {
  const dims = x.shape.slice(2)
  return make([...x.shape.slice(0, 2), ...grid.shape.slice(1, -1)], ([batch, channel, ...at]) => {
    const place = dims.map((dim, axis) => {
      const coordinate = get(grid, [batch!, ...at, dims.length - 1 - axis])
      const raw = alignCorners ? ((coordinate + 1) / 2) * (dim - 1) : ((coordinate + 1) * dim - 1) / 2
      if (padding === 'zeros') return raw
      const inner =
        padding === 'border' ? raw : alignCorners ? mirrored(raw, 0, dim - 1) : mirrored(raw, -0.5, dim - 0.5)
      return Math.min(dim - 1, Math.max(0, inner))
    })
    const weight = (from: number, axis: number) =>
      mode === 'nearest' ? Number(Math.round(place[axis]!) === from) : hat(place[axis]! - from)
    return sumOf(
      indicesOf(dims).map((from) => from.map(weight).reduce((a, b) => a * b, 1) * get(x, [batch!, channel!, ...from])),
    )
  })
}

const columns = (x: Dense, size: Sides, options: Window = {}): Dense => {
  const rank = x.shape.length - 2
  const places = indicesOf(each(size, rank))
  const channels = x.shape[1]! * places.length
  const windows = overWindows(x, channels, size, options, (reads, batch, row) => {
    const { from } = reads[row % places.length]!
    return isInside(x, from) ? get(x, [batch, Math.floor(row / places.length), ...from]) : 0
  })
  return { shape: [x.shape[0]!, channels, windows.data.length / x.shape[0]! / channels], data: windows.data }
}

export const windows = {
  conv1d: convolution,
  conv2d: convolution,
  conv3d: convolution,
  convTranspose1d: transposed,
  convTranspose2d: transposed,
  convTranspose3d: transposed,
  im2col: columns,
  /** Each element of columns is added where im2col of the numbers of all places finds its number. */
  col2im: (x: Dense, shape: Shape, size: Sides, options: Window = {}): Dense => {
    const rows = indicesOf(each(size, shape.length)).length
    const image = make([x.shape[0]!, x.shape[1]! / rows, ...shape], () => 0)
    const numbered = columns({ shape: image.shape, data: image.data.map((_, i) => i + 1) }, size, options)
    return {
      shape: image.shape,
      data: image.data.map((_, i) => sumOf(x.data.filter((_, at) => numbered.data[at] === i + 1))),
    }
  },
  maxPool1d: maxPool,
  maxPool2d: maxPool,
  maxPool3d: maxPool,
  maxPool1dWithIndices: maxPoolWithIndices,
  maxPool2dWithIndices: maxPoolWithIndices,
  maxPool3dWithIndices: maxPoolWithIndices,
  avgPool1d: avgPool,
  avgPool2d: avgPool,
  avgPool3d: avgPool,
  lpPool1d: lpPool,
  lpPool2d: lpPool,
  lpPool3d: lpPool,
  adaptiveAvgPool1d: adaptiveAvg,
  adaptiveAvgPool2d: adaptiveAvg,
  adaptiveAvgPool3d: adaptiveAvg,
  adaptiveMaxPool1d: adaptiveMax,
  adaptiveMaxPool2d: adaptiveMax,
  adaptiveMaxPool3d: adaptiveMax,
  interpolate,
  pixelShuffle: (x: Dense, r: number) => {
    const [channels, height, width] = x.shape.slice(-3) as [number, number, number]
    return make([...x.shape.slice(0, -3), channels / r ** 2, height * r, width * r], (index) => {
      const [c, i, j] = index.slice(-3) as [number, number, number]
      const channel = c * r ** 2 + (i % r) * r + (j % r)
      return get(x, [...index.slice(0, -3), channel, Math.floor(i / r), Math.floor(j / r)])
    })
  },
  pixelUnshuffle: (x: Dense, r: number) => {
    const [channels, height, width] = x.shape.slice(-3) as [number, number, number]
    return make([...x.shape.slice(0, -3), channels * r ** 2, height / r, width / r], (index) => {
      const [c, i, j] = index.slice(-3) as [number, number, number]
      const place = c % r ** 2
      return get(x, [...index.slice(0, -3), Math.floor(c / r ** 2), i * r + Math.floor(place / r), j * r + (place % r)])
    })
  },
  gridSample,
}
