import {
  adaptiveAvgPool2d,
  adaptiveMaxPool1d,
  avgPool1d,
  avgPool2d,
  col2im,
  conv1d,
  conv2d,
  conv3d,
  convTranspose1d,
  convTranspose2d,
  convTranspose3d,
  grad,
  gridSample,
  im2col,
  interpolate,
  lpPool1d,
  maxPool1d,
  maxPool2d,
  maxPool2dWithIndices,
  pixelShuffle,
  pixelUnshuffle,
  type Tensor,
  tensor,
} from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const f64 = { dtype: 'float64' } as const
const of = (numbers: readonly number[], shape: readonly number[]): Tensor =>
  tensor([...numbers], f64).reshape([...shape]) as Tensor
/** Small whole numbers, no two rows alike. */
const whole = (shape: readonly number[], seed: number): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return of(
    Array.from({ length: size }, (_, i) => ((i * 7 + seed * 3) % 11) - 5),
    shape,
  )
}
const line = (...numbers: number[]): Tensor => of(numbers, [1, 1, numbers.length])
const list = (x: Tensor): number[] => [...x.data].map((number) => number + 0)

type Convolve = (x: Tensor, kernel: Tensor, options?: object) => Tensor
const pairs = {
  1: [conv1d, convTranspose1d],
  2: [conv2d, convTranspose2d],
  3: [conv3d, convTranspose3d],
} as unknown as Readonly<Record<number, readonly [Convolve, Convolve]>>

const geometry = fc.record({
  rank: fc.integer({ min: 1, max: 3 }),
  dims: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }),
  size: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
  stride: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 3, maxLength: 3 }),
  padding: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
  dilation: fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 3, maxLength: 3 }),
  groups: fc.integer({ min: 1, max: 2 }),
  seed: fc.nat(10),
})

/** One of these geometries where the window fits. */
const fitting = geometry
  .map(({ rank, dims, size, stride, padding, dilation, ...rest }) => {
    const cut = (sides: readonly number[]) => sides.slice(0, rank)
    const options = { stride: cut(stride), padding: cut(padding), dilation: cut(dilation) }
    return { rank, dims: cut(dims), size: cut(size), options, ...rest }
  })
  .filter(({ dims, size, options: { padding, dilation } }) =>
    dims.every((dim, i) => dim + 2 * padding[i]! > dilation[i]! * (size[i]! - 1)),
  )

describe('convolution', () => {
  test('and its transpose are each other’s adjoint, in any geometry: exact over integers', () => {
    fc.assert(
      fc.property(fitting, ({ rank, dims, size, options: { stride, padding, dilation }, groups, seed }) => {
        const [forward, backward] = pairs[rank]!
        const options = { stride, padding, dilation, groups }
        const x = whole([2, 2 * groups, ...dims], seed)
        const kernel = whole([3 * groups, 2, ...size], seed + 1)
        const y = forward(x, kernel, options)
        const cotangent = whole(y.shape, seed + 2)
        // what the strides leave open at the ends
        const outputPadding = dims.map(
          (dim, i) => (dim + 2 * padding[i]! - dilation[i]! * (size[i]! - 1) - 1) % stride[i]!,
        )
        const pulled = grad((p: Tensor) => forward(p, kernel, options).mul(cotangent).sum())(x)
        const spread = backward(cotangent, kernel, { ...options, outputPadding })
        expect([spread.shape, list(spread)]).toEqual([x.shape, list(pulled)])
      }),
      { numRuns: 100 },
    )
  })

  test("'same' keeps the size for windows of any length, with the odd place behind, as in PyTorch", () => {
    expect(list(conv1d(line(1, 2, 3, 4), line(1, 10), { padding: 'same' }))).toEqual([21, 32, 43, 4])
    expect(list(conv1d(line(1, 2, 3, 4), line(1, 10, 100), { padding: 'same' }))).toEqual([210, 321, 432, 43])
    expect(list(conv1d(line(1, 2, 3, 4), line(1, 10), { padding: 'valid' }))).toEqual([21, 32, 43])
  })

  test('columns: im2col and col2im are each other’s adjoint', () => {
    fc.assert(
      fc.property(fitting, ({ dims, size, options, seed }) => {
        const x = whole([2, 2, ...dims], seed)
        const columns = im2col(x, size, options)
        const cotangent = whole(columns.shape, seed + 1)
        const pulled = grad((p: Tensor) => im2col(p, size, options).mul(cotangent).sum())(x)
        expect(list(col2im(cotangent, dims, size, options))).toEqual(list(pulled))
      }),
      { numRuns: 50 },
    )
  })
})

describe('pooling', () => {
  test('of equal elements the first has the derivative, also where windows differ in length', () => {
    const slope = (f: (x: Tensor) => Tensor, x: Tensor) => list(grad((p: Tensor) => f(p).sum())(x))
    expect(slope((x) => maxPool1d(x, 2, { ceilMode: true }), line(1, 1, 2))).toEqual([1, 0, 1])
    expect(slope((x) => adaptiveMaxPool1d(x, 2), line(3, 3, 3))).toEqual([1, 1, 0])
    expect(slope((x) => maxPool2d(x, 2), of([1, 2, 2, 2], [1, 1, 2, 2]))).toEqual([0, 1, 0, 0])
  })

  test('a last window that would begin beyond the end is left out, as in PyTorch', () => {
    expect(maxPool1d(line(1, 2, 3, 4), 1, { stride: 3, ceilMode: true }).shape).toEqual([1, 1, 2])
    expect(maxPool1d(line(1, 2, 3, 4), 1, { stride: 5, ceilMode: true }).shape).toEqual([1, 1, 1])
    expect(list(maxPool1d(line(1, 2, 3, 4, 5), 2, { stride: 2, ceilMode: true }))).toEqual([2, 4, 5])
  })

  test('what a mean counts: padding unless told otherwise, never what lies beyond it', () => {
    expect(list(avgPool1d(line(6, 6, 6), 2, { stride: 2, ceilMode: true }))).toEqual([6, 6])
    expect(list(avgPool1d(line(6, 6, 6), 2, { stride: 2, padding: 1 }))).toEqual([3, 6])
    expect(list(avgPool1d(line(6, 6, 6), 2, { stride: 2, padding: 1, countIncludePad: false }))).toEqual([6, 6])
    expect(list(avgPool1d(line(6, 6, 6), 3, { stride: 3, padding: 1, ceilMode: true }))).toEqual([4, 3])
    // nothing but padding
    expect(list(avgPool1d(line(6), 1, { padding: 1, countIncludePad: false }))).toEqual([0, 6, 0])
  })

  test('an element that is infinite or NaN stays in its windows', () => {
    const x = of([1, 2, Number.NaN, 3, 4, Number.POSITIVE_INFINITY, 5, 6, 7], [1, 1, 3, 3])
    expect(list(adaptiveAvgPool2d(x, [3, 2]))).toEqual([1.5, NaN, 3.5, Infinity, 5.5, 6.5])
    expect(list(avgPool2d(x, [1, 2], { stride: 1 }))).toEqual([1.5, NaN, 3.5, Infinity, 5.5, 6.5])
  })

  test('p-norms do not overflow, and have a derivative of 0 at 0', () => {
    expect(list(lpPool1d(line(3e200, 4e200), 2))).toEqual([expect.closeTo(5e200, -190)])
    expect(list(grad((x: Tensor) => lpPool1d(x, 2, { p: 3 }).sum())(line(0, 0, 0, 2)))).toEqual([0, 0, 0, 1])
  })
})

describe('images of another size', () => {
  const image = of([1, 2, 3, 4], [1, 1, 2, 2])

  test('as in the documentation of PyTorch', () => {
    expect(list(interpolate(image, { scale: 2 }) as Tensor)).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4])
    expect(list(interpolate(image, { scale: 2, mode: 'bilinear' }) as Tensor)).toEqual([
      ...[1, 1.25, 1.75, 2, 1.5, 1.75, 2.25, 2.5],
      ...[2.5, 2.75, 3.25, 3.5, 3, 3.25, 3.75, 4],
    ])
    const aligned = [1, 1.3333, 1.6667, 2, 1.6667, 2, 2.3333, 2.6667, 2.3333, 2.6667, 3, 3.3333, 3, 3.3333, 3.6667, 4]
    expect(list(interpolate(image, { scale: 2, mode: 'bilinear', alignCorners: true }) as Tensor)).toEqual(
      aligned.map((number) => expect.closeTo(number, 4)),
    )
  })

  test('a line is a line again, between its ends; a cubic gives back quadratic functions', () => {
    const size = 12
    const at = Array.from({ length: size }, (_, i) => i)
    const up = (numbers: number[], mode: 'bilinear' | 'bicubic') =>
      list(interpolate(of([...numbers, ...numbers], [1, 1, 2, size]), { scale: 2, mode }) as Tensor).slice(0, 2 * size)
    const places = Array.from({ length: 2 * size }, (_, i) => (i + 0.5) / 2 - 0.5)
    const inner = (numbers: number[]) => numbers.slice(4, -4)
    for (const mode of ['bilinear', 'bicubic'] as const) {
      expect(inner(up(at, mode))).toEqual(inner(places).map((x) => expect.closeTo(x, mode === 'bilinear' ? 13 : 1)))
    }
    expect(up(new Array<number>(size).fill(7), 'bicubic')).toEqual(places.map(() => expect.closeTo(7, 13)))
  })

  test('pixelShuffle and pixelUnshuffle undo each other', () => {
    const x = whole([2, 12, 3, 2], 1)
    expect(list(pixelUnshuffle(pixelShuffle(x, 2) as Tensor, 2) as Tensor)).toEqual(list(x))
    const y = whole([2, 3, 4, 6], 1)
    expect(list(pixelShuffle(pixelUnshuffle(y, 2) as Tensor, 2) as Tensor)).toEqual(list(y))
  })
})

describe('gridSample', () => {
  const x = whole([1, 2, 3, 4], 2)
  /** The centres of all elements, mirrored or not. */
  const grid = (alignCorners: boolean, sign = 1): Tensor => {
    const at = (i: number, dim: number) => sign * (alignCorners ? (2 * i) / (dim - 1) - 1 : (2 * i + 1) / dim - 1)
    return of(
      [0, 1, 2].flatMap((row) => [0, 1, 2, 3].flatMap((column) => [at(column, 4), at(row, 3)])),
      [1, 3, 4, 2],
    )
  }

  test.each([false, true])('at the centres of all elements it gives them back: alignCorners %s', (alignCorners) => {
    for (const padding of ['zeros', 'border', 'reflection'] as const) {
      for (const mode of ['bilinear', 'nearest'] as const) {
        const options = { alignCorners, padding, mode }
        const close = (y: Tensor) => list(y).map((number) => expect.closeTo(number, 12))
        expect(list(gridSample(x, grid(alignCorners), options) as Tensor)).toEqual(close(x))
        const turned = x.flip(2).flip(3) as Tensor
        expect(list(gridSample(x, grid(alignCorners, -1), options) as Tensor)).toEqual(close(turned))
      }
    }
  })

  test('far out: zeros, the edge, or the image again and again', () => {
    const flat = of([1, 2, 4], [1, 1, 1, 3])
    const at = (coordinate: number, padding: 'zeros' | 'border' | 'reflection') =>
      (gridSample(flat, of([coordinate, 0], [1, 1, 1, 2]), { padding }) as Tensor).item()
    for (const far of [1e3, 1e30, Number.POSITIVE_INFINITY]) {
      expect([at(far, 'zeros'), at(-far, 'zeros')]).toEqual([0, 0])
      expect([at(far, 'border'), at(-far, 'border')]).toEqual([4, 1])
    }
    // one place is 2 / 3; the image is 2 wide, and comes back every 4
    for (const turns of [-8, -4, 0, 4, 8]) {
      const shown = [-2 / 3, 0, 2 / 3, 4 / 3, 2].map((place) => at(place + turns, 'reflection'))
      expect(shown).toEqual([1, 2, 4, 4, 2].map((number) => expect.closeTo(number, 12)))
    }
  })

  test('beyond zeros and edges there is no derivative by the grid', () => {
    const slope = (padding: 'zeros' | 'border') =>
      list(grad((g: Tensor) => (gridSample(x, g, { padding }) as Tensor).sum())(of([5, -7, 1e30, 0], [1, 1, 2, 2])))
    expect(slope('zeros')).toEqual([0, 0, 0, 0])
    expect(slope('border').slice(0, 3)).toEqual([0, 0, 0])
  })
})

test('indices of maxPool2dWithIndices are places of the image: on it also where all is -Infinity and padding comes first', () => {
  const nothing = tensor(new Array<number>(9).fill(-Infinity), { dtype: 'float64' }).reshape([1, 1, 3, 3]) as Tensor
  const { values, indices } = maxPool2dWithIndices(nothing, 2, { stride: 2, padding: 1 })
  expect(list(values as Tensor)).toEqual(new Array(4).fill(-Infinity))
  expect(list(indices as Tensor)).toEqual([0, 1, 3, 4])
})
