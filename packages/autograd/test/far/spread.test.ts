import {
  batchNorm,
  batchNormWithStatistics,
  compile,
  grad,
  groupNorm,
  instanceNorm,
  jvp,
  layerNorm,
  localResponseNorm,
  normalize,
  rmsNorm,
  stopGradient,
  type Tensor,
  tensor,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { eagerBackends, withBackends } from '../../src/execution/eager.js'
import { javascript } from '../../src/execution/javascript/index.js'
import { reference } from '../../src/execution/reference/index.js'
import { createWasm } from '../../src/execution/wasm/index.js'
import { elsewhere } from './elsewhere.js'

// Reductions that square on the way, over the whole range of each dtype: of rows times a power of 2, what they give of the
// rows themselves, times that power. Their values of the rows are worked out here, in float64, with exact means.

type Fn = (x: Tensor) => Tensor
type DType = 'float64' | 'float32'

const on =
  (backends: Parameters<typeof withBackends>[0]) =>
  (f: Fn): Fn =>
  (x) =>
    withBackends(backends, () => f(x))
const ways: readonly (readonly [string, (f: Fn) => Fn])[] = [
  ['eagerly', on(eagerBackends())],
  ['in vectors', on([createWasm({ always: true }), javascript])],
  ['by the reference', on([reference])],
  ['compiled', (f) => compile(f)],
]

/** Rows of multiples of 1/16, so that sums of them and of their squares are exact. */
const rowsOf = (count: number): number[][] =>
  [1, 2, 3].map((seed) => Array.from({ length: count }, (_, i) => ((((i + 3) * 7919 * seed) % 61) - 30) / 16))
const columns = [3, 8, 37]
const weightsOf = (count: number): number[] => Array.from({ length: count }, (_, i) => Math.cos(3 * i + 1))

const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0)

interface Known {
  /** One for each row, or each element of it. */
  readonly value: (row: readonly number[]) => number[]
  /** The gradient of the weighted sum of the value. */
  readonly slope: (row: readonly number[], weights: readonly number[]) => number[]
  /** With a factor f in front of the row: that of the value is f to this power. */
  readonly degree: number
  /** The least power of 2 in front of the row; below it epsilon counts. */
  readonly least?: number
  /** The greatest, and less its sign the least, by which a given variance, or what a slope is the difference of, is in range. */
  readonly most?: { readonly [D in DType]: number }
  readonly f: Fn
}

const centred = (row: readonly number[]) => row.map((x) => x - sum(row) / row.length)
const deviation = (row: readonly number[]) => Math.sqrt(sum(centred(row).map((d) => d * d)) / row.length)
const length = (row: readonly number[]) => Math.sqrt(sum(row.map((x) => x * x)))

const rootMeanSquare = (row: readonly number[]) => length(row) / Math.sqrt(row.length)

/** Less the mean, over the deviation. */
const normal: Omit<Known, 'f'> = {
  degree: 0,
  least: -510,
  value: (row) => centred(row).map((d) => d / deviation(row)),
  slope: (row, weights) => {
    const y = centred(row).map((d) => d / deviation(row))
    const along = sum(y.map((each, i) => each * weights[i]!)) / row.length
    const level = sum(weights) / row.length
    return y.map((each, i) => (weights[i]! - level - each * along) / deviation(row))
  },
}

const [size, alpha, beta] = [3, 0.5, 0.75]
/** The squared divisors of a row whose elements are channels. */
const around = (row: readonly number[]) =>
  row.map((_, i) => (alpha / size) * sum([i - 1, i, i + 1].map((j) => (row[j] ?? 0) ** 2)))

const known: { readonly [name: string]: Known } = {
  mean: {
    f: (x) => x.mean(-1),
    degree: 1,
    value: (row) => [sum(row) / row.length],
    slope: (row, [w]) => row.map(() => w! / row.length),
  },
  norm: {
    f: (x) => x.norm(-1),
    degree: 1,
    value: (row) => [length(row)],
    slope: (row, [w]) => row.map((x) => (w! * x) / length(row)),
  },
  standardDeviation: {
    f: (x) => x.standardDeviation(-1),
    degree: 1,
    value: (row) => [deviation(row)],
    slope: (row, [w]) => centred(row).map((d) => (w! * d) / (row.length * deviation(row))),
  },
  'standardDeviation with correction 1': {
    f: (x) => x.standardDeviation(-1, { correction: 1 }),
    degree: 1,
    value: (row) => [deviation(row) * Math.sqrt(row.length / (row.length - 1))],
    slope: (row, [w]) =>
      centred(row).map((d) => (w! * d) / (Math.sqrt(row.length * (row.length - 1)) * deviation(row))),
  },
  variance: {
    f: (x) => x.variance(-1),
    degree: 2,
    value: (row) => [deviation(row) ** 2],
    slope: (row, [w]) => centred(row).map((d) => (2 * w! * d) / row.length),
  },
  layerNorm: { ...normal, f: (x) => layerNorm(x, { epsilon: Number.MIN_VALUE }) },
  groupNorm: { ...normal, f: (x) => groupNorm(x, 1, { epsilon: Number.MIN_VALUE }) },
  instanceNorm: {
    ...normal,
    f: (x) => instanceNorm(x.expandDims(1), { epsilon: Number.MIN_VALUE }).reshape(x.shape) as Tensor,
  },
  batchNormWithStatistics: { ...normal, f: (x) => ofRows(x, Number.MIN_VALUE).values },
  'the mean of batchNormWithStatistics': {
    f: (x) => ofRows(x).mean,
    degree: 1,
    value: (row) => [sum(row) / row.length],
    slope: (row, [w]) => row.map(() => w! / row.length),
  },
  'the variance of batchNormWithStatistics': {
    f: (x) => ofRows(x, 1).variance,
    degree: 2,
    value: (row) => [deviation(row) ** 2],
    slope: (row, [w]) => centred(row).map((d) => (2 * w! * d) / row.length),
  },
  batchNorm: {
    ...normal,
    most: { float64: 500, float32: 60 },
    f: (x) => {
      const statistics = [x.mean(1), x.variance(1)].map((each) => stopGradient(each as Tensor)) as [Tensor, Tensor]
      return batchNorm(x, ...statistics, { axis: 0, epsilon: Number.MIN_VALUE })
    },
    slope: (row, weights) => weights.map((w) => w / deviation(row)),
  },
  localResponseNorm: {
    f: (x) => localResponseNorm(x, size, { alpha, beta, k: Number.MIN_VALUE }),
    degree: 1 - 2 * beta,
    most: { float64: 500, float32: 70 },
    value: (row) => row.map((x, i) => x / around(row)[i]! ** beta),
    slope: (row, weights) => {
      const squares = around(row)
      return row.map((x, j) => {
        const through = [j - 1, j, j + 1].filter((i) => i >= 0 && i < row.length)
        const shared = sum(through.map((i) => weights[i]! * row[i]! * squares[i]! ** (-beta - 1)))
        return weights[j]! * squares[j]! ** -beta - 2 * beta * (alpha / size) * x * shared
      })
    },
  },
  rmsNorm: {
    f: (x) => rmsNorm(x, { epsilon: Number.MIN_VALUE }),
    ...{ degree: 0, least: -510 },
    value: (row) => row.map((x) => x / rootMeanSquare(row)),
    slope: (row, weights) => {
      const y = row.map((x) => x / rootMeanSquare(row))
      const along = sum(y.map((each, i) => each * weights[i]!)) / row.length
      return y.map((each, i) => (weights[i]! - each * along) / rootMeanSquare(row))
    },
  },
  normalize: {
    f: (x) => normalize(x, -1, { epsilon: Number.MIN_VALUE }),
    degree: 0,
    value: (row) => row.map((x) => x / length(row)),
    slope: (row, weights) => {
      const y = row.map((x) => x / length(row))
      const along = sum(y.map((each, i) => each * weights[i]!))
      return y.map((each, i) => (weights[i]! - each * along) / length(row))
    },
  },
}

const ofRows = (x: Tensor, epsilon = 1e-5) => batchNormWithStatistics(x, { axis: 0, epsilon })

const small = 1e-5
/** With what is added to the variance, or to the mean of the squares. */
const few: { readonly [name: string]: Fn } = {
  layerNorm: (x) => layerNorm(x, { epsilon: small }),
  groupNorm: (x) => groupNorm(x, 1, { epsilon: small }),
  instanceNorm: (x) => instanceNorm(x.expandDims(1), { epsilon: small }).reshape(x.shape) as Tensor,
  batchNormWithStatistics: (x) => ofRows(x, small).values,
  rmsNorm: (x) => rmsNorm(x, { epsilon: small }),
  normalize: (x) => normalize(x),
}
const slopesOf = (name: string, row: readonly number[], weights: readonly number[]) => {
  const isCentred = name !== 'rmsNorm' && name !== 'normalize'
  const distances = isCentred ? centred(row) : row
  const divisor = name === 'normalize' ? 1 : row.length
  const epsilon = name === 'normalize' ? 0 : small
  const size = Math.sqrt(sum(distances.map((d) => d * d)) / divisor + epsilon)
  const along = sum(distances.map((d, i) => (d / size) * weights[i]!)) / divisor
  const level = isCentred ? sum(weights) / row.length : 0
  return { size, slopes: distances.map((d, i) => (weights[i]! - level - (d / size) * along) / size) }
}

const limits = { float64: [2 ** -1022, Number.MAX_VALUE], float32: [2 ** -126, 2 ** 128] } as const
const exponents = {
  float64: [-1015, -700, -520, -500, -100, 0, 100, 500, 520, 700, 1015],
  float32: [-120, -70, -60, -20, 0, 20, 60, 70, 120],
} as const
const tolerance = { float64: 4e-15, float32: 1e-6 } as const

const expectNear = (what: string, got: ArrayLike<number>, wanted: readonly number[], dtype: DType): void => {
  const [least, most] = limits[dtype]
  const size = Math.max(...wanted.map(Math.abs))
  // what is below the normal range is not asked for
  if (size < least * 2 ** 30 && size !== 0) return
  const wrong = wanted.flatMap((x, i) => {
    const isRight =
      Math.abs(x) >= most ? Math.abs(got[i]!) === Infinity : Math.abs(got[i]! - x) <= tolerance[dtype] * size
    return isRight ? [] : [`${what}: element ${i} is ${got[i]} instead of ${x}`]
  })
  expect(wrong).toEqual([])
}

test('walks what no other test of this folder does', () => {
  expect(Object.keys(known)).toEqual(expect.arrayContaining([...elsewhere.spread]))
})

describe.each(ways)('%s', (_, wrap) => {
  test.each(Object.keys(known))('%s, its gradient and its tangent, of rows of any size', (name) => {
    const { f, degree, least = -1015, most, value, slope } = known[name]!
    for (const dtype of ['float64', 'float32'] as const) {
      for (const count of columns) {
        const rows = rowsOf(count)
        const outputs = value(rows[0]!).length
        const weights = weightsOf(outputs)
        const weighted: Fn = (x) => f(x).mul(tensor(outputs === 1 ? weights[0]! : weights, { dtype })) as Tensor
        const along = tensor(rows.map(() => weightsOf(count)), { dtype }) as Tensor // biome-ignore format: a matrix
        const made = {
          value: wrap(f),
          slope: wrap((x) => grad((p: Tensor) => weighted(p).sum())(x) as Tensor),
          tangent: wrap((x) => jvp(weighted, [x], [along])[1].sum() as Tensor),
        }
        const [from, to] = most === undefined ? [least, 1015] : [-most[dtype], most[dtype]]
        for (const exponent of exponents[dtype].filter((each) => each >= from && each <= to)) {
          // in two steps, since 2^1015 squared is out of range
          const times = (list: readonly number[], power: number) =>
            list.map((each) => each * 2 ** Math.trunc(power / 2) * 2 ** (power - Math.trunc(power / 2)))
          const x = tensor(rows.map((row) => times(row, exponent)), { dtype }) as Tensor // biome-ignore format: a matrix
          const what = `${dtype}[3, ${count}] times 2^${exponent}`
          expectNear(
            what,
            made.value(x).data,
            rows.flatMap((row) => times(value(row), degree * exponent)),
            dtype,
          )
          const slopes = rows.flatMap((row) => times(slope(row, weights), (degree - 1) * exponent))
          expectNear(`gradient, ${what}`, made.slope(x).data, slopes, dtype)
          const change = sum(slopes.map((each, i) => each * along.data[i]!))
          const scale = Math.max(...slopes.map(Math.abs))
          if (scale > limits[dtype][0] * 2 ** 30 && scale < limits[dtype][1] / 1000) {
            const off = Math.abs(made.tangent(x).item() - change) / scale
            expect(off, `tangent, ${what}`).toBeLessThan(tolerance[dtype] * count)
          }
        }
      }
    }
  })

  test('means of the largest numbers', () => {
    const largest = { float64: Number.MAX_VALUE, float32: 2 ** 128 * (1 - 2 ** -24) }
    for (const dtype of ['float64', 'float32'] as const) {
      const huge = largest[dtype]
      for (const count of [2, 5, 64, 1000]) {
        const line = tensor([new Array<number>(count).fill(huge)], { dtype }) as Tensor
        expect(wrap((x) => x.mean())(line).item() / huge).toBeCloseTo(1, 6)
        expect(wrap((x) => x.mean(0))(line.transpose() as Tensor).item() / huge).toBeCloseTo(1, 6)
        expect(wrap((x) => x.standardDeviation())(line).item()).toBe(0)
        expect(wrap((x) => grad((p: Tensor) => p.mean())(x) as Tensor)(line).data[0]).toBeCloseTo(1 / count, 7)
      }
      const apart = tensor([huge, -huge, huge, -huge], { dtype }) as Tensor
      expect(wrap((x) => x.standardDeviation())(apart).item() / huge).toBeCloseTo(1, 6)
      expect([...wrap((x) => layerNorm(x) as Tensor)(apart).data]).toEqual(
        [1, -1, 1, -1].map((y) => expect.closeTo(y, 6)),
      )
    }
  })

  test('float32 rows of mean 10,000 and spread .005 keep their digits', () => {
    for (const count of [6, 64, 1000]) {
      const row = Array.from({ length: count }, (_, i) => Math.fround(10_000 + 0.005 * Math.sin(i * i)))
      const x = tensor([row]) as Tensor
      const d = deviation(row)
      const near = (list: readonly number[]) => list.map((each) => expect.closeTo(each, 5))
      expect(wrap((p) => p.variance(-1))(x).item() / d ** 2).toBeCloseTo(1, 5)
      expect(wrap((p) => p.standardDeviation(-1))(x).item() / d).toBeCloseTo(1, 5)
      const wanted = near(centred(row).map((each) => each / Math.sqrt(d * d + 1e-12)))
      expect([...wrap((p) => layerNorm(p, { epsilon: 1e-12 }) as Tensor)(x).data]).toEqual(wanted)
      expect([...wrap((p) => ofRows(p, 1e-12).values)(x).data]).toEqual(wanted)
      expect(wrap((p) => ofRows(p).variance)(x).item() / d ** 2).toBeCloseTo(1, 5)
      expect(wrap((p) => ofRows(p).mean)(x).item()).toBe(Math.fround(sum(row) / count))
    }
  })

  test.each(Object.keys(few))(
    'float32 gradients of %s are right to some roundings of the cotangent over the size, also of so few elements that little is left',
    (name) => {
      for (const count of name === 'batchNormWithStatistics' ? [2, 3, 8] : [1, 2, 3, 8]) {
        for (const mean of [0, 10_000]) {
          const row = Array.from({ length: count }, (_, i) => Math.fround(mean + Math.sin(i * i + 1)))
          const weights = weightsOf(count).map(Math.fround)
          const { size, slopes } = slopesOf(name, row, weights)
          const weighted: Fn = (x) =>
            few[name]!(x)
              .mul(tensor([weights]))
              .sum() as Tensor
          const got = wrap((x) => grad(weighted as never)(x) as Tensor)(tensor([row]) as Tensor)
          for (const [i, slope] of slopes.entries()) {
            const off = Math.abs(got.data[i]! - slope) * size
            expect(off, `${count} elements of mean ${mean}, slope ${slope}`).toBeLessThan(4 * 2 ** -23)
          }
        }
      }
    },
  )

  test('what does not vary has no spread, however its mean is rounded', () => {
    for (const dtype of ['float64', 'float32'] as const) {
      for (const count of [3, 7, 49, 1000]) {
        for (const number of [0.1, 0.7, 1 / 49, 1e10 / 3]) {
          const x = tensor(new Array<number>(count).fill(number), { dtype }) as Tensor
          expect(wrap((p) => p.standardDeviation())(x).item(), `${number}, ${count} times`).toBe(0)
          const slopes = wrap((p) => grad((q: Tensor) => q.standardDeviation())(p) as Tensor)(x)
          expect(new Set(slopes.data)).toEqual(new Set([0]))
        }
      }
    }
  })

  test('a NaN row is alone with its NaN, and has a gradient of 0 where its cotangent is 0', () => {
    for (const f of [known.layerNorm!.f, known.norm!.f, known.standardDeviation!.f, known.variance!.f]) {
      for (const bad of [NaN, Infinity]) {
        const x = tensor([[1, bad, 3], [1, 2, 4]], { dtype: 'float64' }) as Tensor // biome-ignore format: a matrix
        const good = tensor([[1, 2, 4]], { dtype: 'float64' }) as Tensor
        const slopes = wrap((p) => grad((q: Tensor) => f(q).slice(0, 1, 2).sum())(p) as Tensor)(x)
        const alone = grad((q: Tensor) => f(q).sum())(good) as Tensor
        expect([...slopes.data].map((slope) => slope + 0)).toEqual([
          0,
          0,
          0,
          ...[...alone.data].map((slope) => expect.closeTo(slope, 14)),
        ])
        const still = tensor([[0, 0, 0], [1, 2, 3]], { dtype: 'float64' }) as Tensor // biome-ignore format: a matrix
        const tangent = wrap((p) => jvp(f, [p], [still])[1] as Tensor)(x)
        expect([...tangent.data].slice(0, tangent.size / 2)).toEqual(new Array<number>(tangent.size / 2).fill(0))
      }
    }
  })

  test('one element with correction 1 has neither variance nor a gradient', () => {
    const x = tensor([[4], [5]]) as Tensor
    for (const f of [
      (p: Tensor) => p.variance(1, { correction: 1 }),
      (p: Tensor) => p.standardDeviation(1, { correction: 1 }),
    ]) {
      expect([...wrap(f)(x).data]).toEqual([NaN, NaN])
      expect([...wrap((p) => grad((q: Tensor) => f(q).sum())(p) as Tensor)(x).data]).toEqual([NaN, NaN])
      const first = wrap((p) => grad((q: Tensor) => f(q).slice(0, 0, 1).sum())(p) as Tensor)
      expect([...first(x).data]).toEqual([NaN, 0])
    }
  })
})
