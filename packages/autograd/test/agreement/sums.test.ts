import { type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { allocate } from '../../src/graph/dtype.js'
import { type FloatType, unitAt } from './points.js'
import { compiled, eager, inJavaScript, inVectors, sizes, type Way } from './ways.js'

// The promise of docs/conventions.md, against exact sums.

const ways: readonly (readonly [string, Way])[] = [
  ['JavaScript', inJavaScript],
  ['vectors', inVectors],
  ['eager', eager],
  ['compiled', compiled],
]
const dtypes = ['float32', 'float64'] as const

/** So much of the sum of the sizes may be lost before the result is rounded. */
const lost = { float32: 2 ** -36, float64: 2 ** -44 } as const

/** Whole numbers without a pattern, to 2^24 in size. */
const whole = (i: number): number => ((i * 7_919_123 + 13) % (2 ** 25 - 39)) - 2 ** 24
/** What is summed: whole numbers of a unit, so that sums are known exactly. */
const kinds: { readonly [name: string]: { readonly unit: number; readonly at: (i: number, size: number) => number } } =
  {
    'of one size': { unit: 2 ** -24, at: whole },
    'of many sizes': { unit: 2 ** -60, at: (i) => whole(i) * 2 ** ((i * 31) % 40) },
    'that cancel': {
      unit: 2 ** -10,
      at: (i, size) => (i === size - 1 ? 1 : i % 2 === 0 ? whole(i) * 1024 : -whole(i - 1) * 1024),
    },
    'that are subnormal': { unit: 2 ** -149, at: (i) => whole(i) >> 6 },
    'that are subnormal in float64': { unit: 2 ** -1074, at: whole },
  }

interface Terms {
  readonly list: readonly number[]
  readonly exact: (from: number, step: number, count: number) => { readonly sum: number; readonly sizes: number }
}

/** The exact sum as a number, rounded to float64 once. */
const termsOf = (kind: string, size: number): Terms => {
  const { unit, at } = kinds[kind]!
  const wholes = Array.from({ length: size }, (_, i) => at(i, size))
  return {
    list: wholes.map((n) => n * unit),
    exact: (from, step, count) => {
      let [sum, sizes] = [0n, 0]
      for (let i = 0, place = from; i < count; i++, place += step) {
        sum += BigInt(wholes[place]!)
        sizes += Math.abs(wholes[place]!) * unit
      }
      return { sum: Number(sum) * unit, sizes }
    },
  }
}

const tensorOf = (list: readonly number[], shape: readonly number[], dtype: FloatType): Tensor => {
  const data = allocate(dtype, list.length)
  data.set(list)
  return tensor(data, { dtype }).reshape(shape as never) as unknown as Tensor
}

const expectSum = (
  got: number,
  { sum, sizes }: ReturnType<Terms['exact']>,
  dtype: FloatType,
  where: string,
  divisor = 1,
) => {
  const wanted = sum / divisor
  // half a unit is rounding; the quotient itself is rounded
  const allowed = (lost[dtype] * sizes) / divisor + 0.51 * unitAt(wanted, dtype)
  expect(Math.abs(got - wanted) <= allowed, `${where} is ${got} and not ${wanted}`).toBe(true)
}

const shapes = [[2, 3], [3, 700], [700, 3], [20, 20], [6000, 17], [17, 6000]] as const // biome-ignore format: pairs

describe.each(dtypes)('%s', (dtype) => {
  describe.each(ways)('in %s', (_, way) => {
    const kindsHere = Object.keys(kinds).filter((kind) => dtype === 'float64' || !kind.endsWith('float64'))

    test.each(kindsHere)('sums and means of numbers %s, of any number of them', (kind) => {
      const [sum, mean] = [way((x) => x.sum() as Tensor), way((x) => x.mean() as Tensor)]
      for (const size of sizes) {
        const { list, exact } = termsOf(kind, size)
        const x = tensorOf(list, [size], dtype)
        const wanted = exact(0, 1, size)
        expectSum(sum([x]).data[0]!, wanted, dtype, `the sum of ${size}`)
        expectSum(mean([x]).data[0]!, wanted, dtype, `the mean of ${size}`, size)
      }
    })

    test.each(kindsHere)('sums of rows and means of columns of numbers %s', (kind) => {
      for (const [rows, columns] of shapes) {
        const { list, exact } = termsOf(kind, rows * columns)
        const x = tensorOf(list, [rows, columns], dtype)
        const byRow = way((y) => y.sum(1) as Tensor)([x]).data
        const turned = way((y) => y.transpose().sum(0) as Tensor)([x]).data
        const byColumn = way((y) => y.mean(0) as Tensor)([x]).data
        for (let i = 0; i < rows; i += Math.ceil(rows / 20)) {
          const wanted = exact(i * columns, 1, columns)
          expectSum(byRow[i]!, wanted, dtype, `${rows} x ${columns}: row ${i}`)
          expectSum(turned[i]!, wanted, dtype, `${rows} x ${columns}, transposed: column ${i}`)
        }
        for (let j = 0; j < columns; j += Math.ceil(columns / 20)) {
          expectSum(byColumn[j]!, exact(j, columns, rows), dtype, `${rows} x ${columns}: column ${j}`, rows)
        }
      }
    })

    test('products of deep matrices, however they lie', () => {
      const depth = 20_000
      const multiply = way((a, b) => a.matmul(b) as Tensor)
      const [a, b] = [0.1, 1].map((element) => allocate(dtype, 6 * depth).fill(element))
      // blocks of float32 are summed as such
      const allowed = dtype === 'float32' ? 2 ** -16 : lost.float64
      for (const [m, n] of [
        [1, 1],
        [1, 6],
        [6, 1],
        [2, 5],
        [5, 2],
        [6, 6],
      ] as const) {
        // biome-ignore format: pairs
        const left = tensorOf([...a!.subarray(0, m * depth)], [m, depth], dtype)
        const right = tensorOf([...b!.subarray(0, n * depth)], [depth, n], dtype)
        const turned = [left.reshape([depth, m]).transpose(), right.reshape([n, depth]).transpose()] as Tensor[]
        for (const x of [left, turned[0]!]) {
          for (const y of [right, turned[1]!]) {
            const wanted = depth * a![0]! * b![0]!
            for (const got of multiply([x, y]).data) expect(Math.abs(got / wanted - 1)).toBeLessThan(allowed)
          }
        }
      }
    })

    test('max, min, argmax and prod are the same bits in every way, of subnormal numbers too', () => {
      const functions: ((x: Tensor) => unknown)[] = [
        (x) => x.max(),
        (x) => x.min(),
        (x) => x.argmax(),
        (x) => x.argmin(),
        (x) => x.prod(),
      ]
      for (const kind of kindsHere) {
        for (const size of sizes) {
          const x = tensorOf(termsOf(kind, size).list, [size], dtype)
          functions.forEach((f, k) => {
            const [got, wanted] = [way, inJavaScript].map((each) => each(f as (y: Tensor) => Tensor)([x]).data[0])
            expect(got, `${k} of ${size} numbers ${kind}`).toBe(wanted)
          })
        }
      }
    })
  })
})
