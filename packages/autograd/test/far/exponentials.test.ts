import { grad, jvp, logCumSumExp, scaledDotProductAttention, type Tensor, tensor, vjp } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { elsewhere } from './elsewhere.js'
import { ways } from './ways.js'

// The softmax and its kin over the whole range of each dtype, against their closed forms in float64. They depend on
// differences within a row alone, so that numbers may be any size, and differences too.

type Fn = (x: Tensor) => Tensor
type Row = readonly number[]
const dtypes = ['float64', 'float32'] as const
type DType = (typeof dtypes)[number]

const sum = (list: Row): number => list.reduce((a, b) => a + b, 0)
const powers = (row: Row): number[] => row.map((x) => Math.exp(x - Math.max(...row)))
const softmax = (row: Row): number[] => powers(row).map((power, _, all) => power / sum(all))
/** log(sum(exp(row))), less the largest of the row: that one is 1 of the sum. */
const excess = (row: Row): number =>
  Math.log1p(
    sum(
      powers(row)
        .toSorted((a, b) => a - b)
        .slice(0, -1),
    ),
  )

/** Of each element the direction less its mean over the row, as a sum of differences, so that none of 1 cancels. */
const centred = (y: Row, along: Row): number[] =>
  y.map((_, i) => sum(y.map((other, k) => other * (along[i]! - along[k]!))))
/** The change of the softmax along a direction. */
const turned = (row: Row, along: Row): number[] => {
  const y = softmax(row)
  return centred(y, along).map((each, i) => y[i]! * each)
}

/** The row up to each element. */
const starts = (row: Row): Row[] => row.map((_, i) => row.slice(0, i + 1))

interface Known {
  readonly f: Fn
  readonly value: (row: Row) => number[]
  /** The gradient of the value's sum with these weights, and what its rounding is relative to. */
  readonly slope: (row: Row, weights: Row) => number[]
  readonly slopeScale: (row: Row) => number[]
  /** The change of that gradient along a direction; it is rounded relative to the scale of the gradient, or to this one. */
  readonly change: (row: Row, weights: Row, along: Row) => number[]
  readonly changeScale?: (row: Row) => number[]
}

const known: { readonly [name: string]: Known } = {
  softmax: {
    f: (x) => x.softmax(-1),
    value: softmax,
    slope: (row, weights) => {
      const y = softmax(row)
      return centred(y, weights).map((each, i) => y[i]! * each)
    },
    slopeScale: softmax,
    change: (row, weights, along) => {
      const y = softmax(row)
      const [w, v] = [centred(y, weights), centred(y, along)]
      const shared = sum(y.map((each, i) => each * w[i]! * v[i]!))
      return y.map((each, i) => each * (w[i]! * v[i]! - shared))
    },
  },
  logSoftmax: {
    f: (x) => x.logSoftmax(-1),
    value: (row) => row.map((x) => x - Math.max(...row) - excess(row)),
    slope: (row, weights) => softmax(row).map((y, i) => weights[i]! - y * sum(weights)),
    slopeScale: (row) => row.map(() => 1),
    change: (row, weights, along) => turned(row, along).map((each) => -each * sum(weights)),
    changeScale: softmax,
  },
  logSumExp: {
    f: (x) => x.logSumExp(-1),
    value: (row) => [Math.max(...row) + excess(row)],
    slope: (row, [weight]) => softmax(row).map((y) => weight! * y),
    slopeScale: softmax,
    change: (row, [weight], along) => turned(row, along).map((each) => weight! * each),
  },
  logCumSumExp: {
    f: (x) => logCumSumExp(x, -1),
    value: (row) => starts(row).map((start) => Math.max(...start) + excess(start)),
    slope: (row, weights) => {
      const shares = starts(row).map(softmax)
      return row.map((_, k) => sum(shares.map((share, i) => weights[i]! * (share[k] ?? 0))))
    },
    slopeScale: (row) => {
      const shares = starts(row).map(softmax)
      return row.map((_, k) => sum(shares.map((share) => share[k] ?? 0)))
    },
    change: (row, weights, along) => {
      const changes = starts(row).map((start) => turned(start, along))
      return row.map((_, k) => sum(changes.map((change, i) => weights[i]! * (change[k] ?? 0))))
    },
  },
}

test('walks what no other test of this folder does', () => {
  expect([...Object.keys(known), 'scaledDotProductAttention']).toEqual(elsewhere.exponentials)
})

const limits = { float64: [2 ** -1074, Number.MAX_VALUE], float32: [2 ** -149, 2 ** 128 * (1 - 2 ** -24)] } as const
const tolerance = { float64: 4e-15, float32: 2e-6 } as const
const exponents = {
  float64: [-1020, -300, -60, -1, 0, 5, 9, 60, 300, 1019],
  float32: [-120, -40, -1, 0, 4, 6, 40, 123],
} as const
const shifts = { float64: [1000, -1e4, 2 ** 46, -(2 ** 46)], float32: [1000, -1e4, 2 ** 17, -(2 ** 17)] } as const

/** Multiples of 1/16 from -6 to 6, times powers of 2 or moved; with the greatest and the least number in a row. */
const rowsOf = (count: number, dtype: DType): number[][] => {
  const row = Array.from({ length: count }, (_, i) => (((i * 61) % 97) * 2 - 96) / 16)
  const most = limits[dtype][1]
  return [
    ...exponents[dtype].map((power) => row.map((x) => x * 2 ** power)),
    ...shifts[dtype].map((shift) => row.map((x) => x + shift)),
    row.map((x) => (x < 0 ? -most : most)),
    row.map((_, i) => (i === 1 ? most : -most)),
    row.map((_, i) => (i === 1 ? -most : 0)),
    row.map((x, i) => (i % 3 === 1 ? -Infinity : x)),
  ]
}

const matrix = (rows: readonly Row[], dtype: DType): Tensor => tensor(rows.map((row) => [...row]), { dtype }) as Tensor // biome-ignore format: a call
const list = (x: Tensor): number[] => [...x.data]
/** Each element right relative to its scale, or to two of the smallest numbers. */
const expectNear = (what: string, got: Row, wanted: Row, scale: Row, dtype: DType): void => {
  const rounded = (x: number) => (dtype === 'float32' ? Math.fround(x) : x)
  const isNear = (x: number, i: number) =>
    x === rounded(wanted[i]!) ||
    Math.abs(x - wanted[i]!) <= tolerance[dtype] * Math.abs(scale[i]!) + 2 * limits[dtype][0]
  const off = got.findIndex((x, i) => !isNear(x, i))
  expect(off < 0 ? '' : `${dtype} ${what}: element ${off} is ${got[off]} instead of ${wanted[off]}`).toBe('')
  expect(got.length).toBe(wanted.length)
}

describe.each(ways)('%s', (_, wrap) => {
  test.each(Object.keys(known))('%s, its gradient, the change of that and its tangent, of rows of any size', (name) => {
    const { f, value, slope, slopeScale, change, changeScale = slopeScale } = known[name]!
    for (const dtype of dtypes) {
      for (const count of [2, 5, 37]) {
        const rows = rowsOf(count, dtype)
        const x = matrix(rows, dtype)
        const weights = Array.from({ length: value(rows[0]!).length }, (_, i) => Math.fround(Math.cos(3 * i + 1)))
        const weighted = (y: Tensor) => y.mul(tensor(name === 'logSumExp' ? weights[0]! : weights, { dtype })).sum()
        const directions = rows.map((row) => row.map((_, i) => Math.fround(Math.sin(i + 2))))
        const along = matrix(directions, dtype)
        const values = rows.map(value)
        expectNear('value', list(wrap(f)(x)), values.flat(), values.flat(), dtype)

        const slopeOf = (p: Tensor) => grad((q: Tensor) => weighted(f(q)))(p) as Tensor
        const slopes = rows.map((row) => slope(row, weights))
        const scales = rows.map(slopeScale)
        expectNear('gradient', list(wrap(slopeOf)(x)), slopes.flat(), scales.flat(), dtype) // biome-ignore format: a call

        const second = rows.map((row, r) => change(row, weights, directions[r]!))
        const secondScale = rows.map((row) => changeScale(row).map((scale) => 4 * scale))
        const backwards = (p: Tensor) => grad((q: Tensor) => slopeOf(q).mul(along).sum() as Tensor)(p) as Tensor
        const forwards = (p: Tensor) => jvp(slopeOf, [p], [along])[1] as Tensor
        for (const [mode, f] of [
          ['backwards', backwards],
          ['forwards', forwards],
        ] as const) {
          expectNear(`change of the gradient, ${mode}`, list(wrap(f)(x)), second.flat(), secondScale.flat(), dtype)
        }

        // the change of each element is that of its own gradient
        const unit = (at: number) => weights.map((_, i) => (i === at ? 1 : 0))
        const changes = rows.map((row, r) =>
          weights.map((_, at) => sum(slope(row, unit(at)).map((each, i) => each * directions[r]![i]!))),
        )
        const changeScales = name === 'softmax' ? values : changes.map((row) => row.map(() => 1))
        expectNear('tangent', list(wrap((p: Tensor) => jvp(f, [p], [along])[1] as Tensor)(x)), changes.flat(), changeScales.flat(), dtype) // biome-ignore format: a call
      }
    }
  })

  test('attention, its gradients and their changes, of queries and values of any size', () => {
    const size = 4
    const quarters = (rows: number, seed: number): number[][] =>
      Array.from({ length: rows }, (_, r) => Array.from({ length: size }, (_, i) => (((r * size + i + seed) * 37) % 23 - 11) / 4)) // biome-ignore format: a matrix
    const [q, k, v, g] = [quarters(3, 1), quarters(5, 2), quarters(5, 3), quarters(3, 4)]
    const [dq, dk, dv] = [quarters(3, 5), quarters(5, 6), quarters(5, 7)]
    const times = (rows: readonly Row[], power: number) => rows.map((row) => row.map((x) => x * 2 ** power))
    const dot = (a: Row, b: Row) => sum(a.map((x, i) => x * b[i]!))
    const column = (rows: readonly Row[], i: number) => rows.map((row) => row[i]!)
    /** The product of a and b, row by column. */
    const product = (a: readonly Row[], b: readonly Row[]) =>
      a.map((row) => b[0]!.map((_, i) => dot(row, column(b, i))))
    const transpose = (a: readonly Row[]) => a[0]!.map((_, i) => column(a, i))
    const plus = (a: readonly Row[], b: readonly Row[]) => a.map((row, r) => row.map((x, i) => x + b[r]![i]!))
    const largest = (row: Row) => Math.max(...row.map(Math.abs))
    const absolute = (a: readonly Row[]) => a.map((row) => row.map(Math.abs))
    const attend = (...given: Tensor[]) => scaledDotProductAttention(given[0]!, given[1]!, given[2]!) as Tensor
    const pull = (...[cotangent, ...given]: Tensor[]) => vjp(attend, ...given)[1](cotangent!) as Tensor[]
    const turn = (...[cotangent, ...all]: Tensor[]) =>
      jvp((...given: Tensor[]) => pull(cotangent!, ...given), all.slice(0, 3), all.slice(3))[1] as Tensor[]
    const [attends, pulls, turns] = [wrap(attend), wrap(pull), wrap(turn)]

    for (const dtype of dtypes) {
      const far = { float64: [-900, -40, 0, 4, 8, 60, 400], float32: [-100, -20, 0, 3, 5, 40, 100] }[dtype]
      for (const power of far) {
        for (const factor of [-0.25, 0, 0.25].map((part) => Math.trunc(part * far.at(-1)!))) {
          const [queries, values] = [times(q, power), times(v, factor)]
          const weights = queries.map((row) => softmax(k.map((key) => dot(row, key) / 2)))
          const byWeight = product(g, transpose(values))
          const byScore = weights.map((row, r) => known.softmax!.slope(row.map(Math.log), byWeight[r]!))
          const scoreScale = weights.map((row, r) => row.map((y) => y * largest(byWeight[r]!)))
          const given = [g, queries, k, values].map((rows) => matrix(rows, dtype))
          const close = (what: string, got: Tensor, wanted: number[][], scale: number[][]) =>
            expectNear(`${what}, queries 2^${power}, values 2^${factor}`, list(got), wanted.flat(), scale.flat(), dtype)

          close('value', attends(...given.slice(1)), product(weights, values), product(weights, absolute(values)))
          const [byQuery, byKey, byValue] = pulls(...given)
          const half = (rows: number[][]) => times(rows, -1)
          close('queries', byQuery!, half(product(byScore, k)), product(scoreScale, absolute(k)))
          close('keys', byKey!, half(product(transpose(byScore), queries)), product(transpose(scoreScale), absolute(queries))) // biome-ignore format: a call
          close('values', byValue!, product(transpose(weights), g), product(transpose(weights), absolute(g)))

          // and how they change along a direction by which scores change by some numbers
          const changes = [dq, times(dk, -power), times(dv, factor)] as const
          const byScores = half(plus(product(changes[0], transpose(k)), product(queries, transpose(changes[1]))))
          const byWeights = product(g, transpose(changes[2]))
          const logs = weights.map((row) => row.map(Math.log))
          const turnedScore = plus(
            logs.map((row, r) => known.softmax!.change(row, byWeight[r]!, byScores[r]!)),
            logs.map((row, r) => known.softmax!.slope(row, byWeights[r]!)),
          )
          const turnedScale = weights.map((row, r) =>
            row.map((y) => y * (4 * largest(byWeight[r]!) * largest(byScores[r]!) + largest(byWeights[r]!))),
          )
          const turnedWeights = logs.map((row, r) => turned(row, byScores[r]!))
          const turnedWeightScale = weights.map((row, r) => row.map((y) => 4 * y * largest(byScores[r]!)))
          const [ofQuery, ofKey, ofValue] = turns(...given, ...changes.map((rows) => matrix(rows, dtype)))
          close('change by queries', ofQuery!, half(plus(product(turnedScore, k), product(byScore, changes[1]))), plus(product(turnedScale, absolute(k)), product(scoreScale, absolute(changes[1])))) // biome-ignore format: a call
          close('change by keys', ofKey!, half(plus(product(transpose(turnedScore), queries), product(transpose(byScore), changes[0]))), plus(product(transpose(turnedScale), absolute(queries)), product(transpose(scoreScale), absolute(changes[0])))) // biome-ignore format: a call
          close('change by values', ofValue!, product(transpose(turnedWeights), g), product(transpose(turnedWeightScale), absolute(g))) // biome-ignore format: a call
        }
      }
    }
  })
})
