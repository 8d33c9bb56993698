import {
  argsort,
  bincount,
  CompileError,
  compile,
  diff,
  grad,
  hessian,
  histogram,
  IndexOutOfRangeError,
  jvp,
  kthValue,
  median,
  nanMean,
  nanSum,
  norm,
  quantile,
  searchSorted,
  sort,
  sortWithIndices,
  type Tensor,
  tensor,
  topk,
  unique,
  vmap,
} from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

type DType = 'float32' | 'float64' | 'int32' | 'bool'
const of = (list: readonly number[], dtype: DType = 'float64') => tensor([...list], { dtype }) as Tensor
const list = (x: unknown) => [...(x as Tensor).data]
const gradOf = (f: (x: Tensor) => unknown, x: Tensor) => list(grad((y: Tensor) => f(y) as Tensor)(x))

const { NaN: nan, POSITIVE_INFINITY: inf } = Number
const odd = [0, -0, 1, -1, 1, nan, inf, -inf, 5e-324, -5e-324, 1e308, -1e308, 1e-45, 3, 3, nan, 2 ** -149, -(2 ** -149)]

/** Before: less, or a number where the other is NaN. */
const isBefore = (a: number, b: number) => a < b || (Number.isNaN(b) && !Number.isNaN(a))

describe('sort', () => {
  test.each(['float64', 'float32', 'int32', 'bool'] as const)('%s: in order, stable, what was there', (dtype) => {
    const element =
      dtype === 'bool'
        ? fc.integer({ min: 0, max: 1 })
        : dtype === 'int32'
          ? fc.oneof(fc.integer(), fc.integer({ min: -3, max: 3 }), fc.constantFrom(-(2 ** 31), 2 ** 31 - 1))
          : fc.oneof(fc.constantFrom(...odd), fc.double(), fc.integer({ min: -3, max: 3 }))
    const sizes = fc.constantFrom(0, 1, 2, 40, 81, 100, 300, 3000)
    const lists = sizes.chain((size) => fc.array(element, { minLength: size, maxLength: size, size: 'max' }))
    fc.assert(
      fc.property(lists, fc.boolean(), (elements, descending) => {
        const x = of(elements, dtype)
        const given = list(x)
        const { values, indices } = sortWithIndices(x, 0, { descending })
        const [found, places] = [list(values), list(indices)]
        expect(found).toEqual(places.map((place) => given[place]))
        expect([...places].sort((a, b) => a - b)).toEqual([...given.keys()])
        for (let i = 1; i < found.length; i++) {
          const [a, b] = [found[i - 1]!, found[i]!]
          const isOut = descending ? isBefore(a, b) : isBefore(b, a)
          const isTie = !isBefore(a, b) && !isBefore(b, a)
          if (isOut || (isTie && places[i - 1]! > places[i]!)) expect.fail(`${a}, ${b} at ${i} of ${found}`)
        }
        expect(list(sort(x, 0, { descending }))).toEqual(found)
        expect(list(argsort(x, 0, { descending }))).toEqual(places)
        const k = Math.min(given.length, 5)
        const first = topk(x, k, 0, { largest: descending })
        expect([list(first.values), list(first.indices)]).toEqual([found.slice(0, k), places.slice(0, k)])
      }),
      { numRuns: 80 },
    )
  })

  test('the few that are first among many, however close they lie', () => {
    const wave = Array.from({ length: 5000 }, (_, i) => Math.sin(i * 12.9898) * 43758.5453)
    const lines = [
      wave,
      wave.map((x) => x - Math.floor(x)),
      wave.map((x) => 1 + (x - Math.floor(x)) * 2 ** -20),
      wave.map((x) => Math.round(x) % 7),
      wave.map((_, i) => i),
      wave.map((_, i) => -i),
      wave.map(() => 4),
      wave.map((x, i) => (i % 3 === 0 ? nan : x)),
    ]
    for (const line of lines) {
      for (const k of [1, 10, 1000]) {
        for (const largest of [true, false]) {
          const x = of(line)
          const all = sortWithIndices(x, 0, { descending: largest })
          const { values, indices } = topk(x, k, 0, { largest })
          expect(list(values)).toEqual(list(all.values).slice(0, k))
          expect(list(indices)).toEqual(list(all.indices).slice(0, k))
        }
      }
    }
  })

  test('its derivative goes where the elements stood; of equal ones to the first', () => {
    const x = of([2, 1, 2, 0])
    expect(
      gradOf(
        (y) =>
          sort(y)
            .mul(of([1, 2, 3, 4]))
            .sum(),
        x,
      ),
    ).toEqual([3, 2, 4, 1])
    expect(list(jvp((y: Tensor) => sort(y), [x], [of([10, 20, 30, 40])])[1])).toEqual([40, 20, 10, 30])
    expect(gradOf((y) => topk(y, 1).values.sum(), x)).toEqual([1, 0, 0, 0])
    expect(gradOf((y) => kthValue(y, 3).values, x)).toEqual([1, 0, 0, 0])
    expect(gradOf((y) => kthValue(y, 4).values, x)).toEqual([0, 0, 1, 0])
    const curved = (y: Tensor) =>
      sort(y)
        .pow(3)
        .mul(of([1, 2, 3, 4]))
        .sum() as Tensor
    expect(list((hessian(curved)(x) as Tensor).sum(0))).toEqual([36, 12, 48, 0])
  })

  test('along any axis, of what lies across it', () => {
    const x = tensor([
      [3, 1, 2],
      [0, 5, 4],
    ]).transpose() as Tensor
    expect(sort(x, 0).toArray()).toEqual([
      [1, 0],
      [2, 4],
      [3, 5],
    ])
    expect(sort(x, 1, { descending: true }).toArray()).toEqual([
      [3, 0],
      [5, 1],
      [4, 2],
    ])
  })
})

describe('median and quantile', () => {
  test('are NaN where there is one, in its own line only', () => {
    const x = tensor([
      [1, nan, 3],
      [1, 2, 9],
    ]) as Tensor
    expect(list(median(x, 1))).toEqual([nan, 2])
    expect(list(quantile(x, [0, 0.25], 1))).toEqual([nan, 1, nan, 1.5])
    expect(list(median(x))).toEqual([nan])
    expect(
      gradOf(
        (y) =>
          median(y, 1)
            .mul(of([0, 1], 'float32'))
            .sum(),
        x,
      ),
    ).toEqual([0, 0, 0, 0, 1, 0])
  })
  test('share the derivative between the two elements between which they lie', () => {
    const x = of([4, 1, 3, 9])
    expect(gradOf((y) => median(y), x)).toEqual([0.5, 0, 0.5, 0])
    expect(gradOf((y) => quantile(y, 0.9), x).map((g) => Math.round(g * 1e9) / 1e9)).toEqual([0.3, 0, 0, 0.7])
    // of equal elements each by its place
    expect(gradOf((y) => median(y), of([2, 2, 2, 2]))).toEqual([0, 0.5, 0.5, 0])
  })
  test('of infinities, and of numbers whose sum is out of range', () => {
    expect(list(median(of([inf, 1, 2])))).toEqual([2])
    expect(list(median(of([inf, inf])))).toEqual([inf])
    expect(list(median(of([1, inf])))).toEqual([inf])
    expect(list(quantile(of([1, inf]), [0, 1]))).toEqual([1, inf])
    expect(list(median(of([-inf, inf])))).toEqual([nan])
    expect(list(median(of([1.7e308, 1.5e308])))).toEqual([1.6e308])
    expect(list(median(of([-1.7e308, 1.7e308])))).toEqual([0])
  })
  test("NumPy's numbers", () => {
    const x = of([15, 20, 35, 40, 50])
    expect(list(quantile(x, [0.05, 0.3, 0.4, 0.5, 1])).map((q) => Math.round(q * 1e9) / 1e9)).toEqual([
      16, 23, 29, 35, 50,
    ])
    const at = (interpolation: 'lower' | 'higher' | 'nearest' | 'midpoint') =>
      list(quantile(x, [0.1, 0.125, 0.375], undefined, { interpolation }))
    expect(at('lower')).toEqual([15, 15, 20])
    expect(at('higher')).toEqual([20, 20, 35])
    expect(at('nearest')).toEqual([15, 15, 35])
    expect(at('midpoint')).toEqual([17.5, 17.5, 27.5])
    expect(median(of([1, 2], 'int32')).dtype).toBe('float32')
    expect(list(median(of([1, 2], 'int32')))).toEqual([1.5])
  })
})

describe('norm of an order', () => {
  const x = of([0, 3, -4])
  test('is that of the definition, whatever the sizes', () => {
    expect(list(norm(x, 0, { order: 1 }))).toEqual([7])
    expect(list(norm(x, 0, { order: inf }))).toEqual([4])
    expect(list(norm(x, 0, { order: -inf }))).toEqual([0])
    expect(list(norm(x, 0, { order: 0 }))).toEqual([2])
    expect(list(norm(x, 0, { order: -1 }))).toEqual([0])
    for (const scale of [1e-300, 1e-160, 1, 1e160, 1e300]) {
      expect(list(norm(of([1, -2, 2].map((e) => e * scale)), 0, { order: 3 }))[0]! / scale).toBeCloseTo(
        17 ** (1 / 3),
        12,
      )
      expect(list(norm(of([1, -2, 2].map((e) => e * scale)), 0, { order: -1 }))[0]! / scale).toBeCloseTo(0.5, 12)
      const slopes = gradOf((y) => norm(y, 0, { order: 3 }), of([1, -2, 2].map((e) => e * scale)))
      for (const [i, element] of [1, -2, 2].entries()) {
        expect(slopes[i]).toBeCloseTo((element * Math.abs(element)) / 17 ** (2 / 3), 12)
      }
    }
    expect(list(norm(of([1, inf]), 0, { order: 3 }))).toEqual([inf])
    expect(list(norm(of([1, nan]), 0, { order: 3 }))).toEqual([nan])
  })
  test('at 0 has a derivative of 0, as have elements that are 0', () => {
    for (const order of [0, 0.5, 1, 1.5, 2, 3]) {
      expect(gradOf((y) => norm(y, 0, { order }), of([0, 0]))).toEqual([0, 0])
      expect(gradOf((y) => norm(y, 0, { order }), x)[0]).toBe(0)
    }
    expect(gradOf((y) => norm(y, 0, { order: 1 }), x)).toEqual([0, 1, -1])
  })
  test('shares its derivative among what ties for Infinity', () => {
    expect(gradOf((y) => norm(y, 0, { order: inf }), of([4, -4, 1]))).toEqual([0.5, -0.5, 0])
    expect(gradOf((y) => norm(y, 0, { order: -inf }), of([4, -4, 9]))).toEqual([0.5, -0.5, 0])
  })
})

describe('sums without NaN', () => {
  const x = tensor([
    [1, nan, 3],
    [nan, nan, nan],
  ]) as Tensor
  test('leave it out, and give it a derivative of 0', () => {
    expect(list(nanSum(x, 1))).toEqual([4, 0])
    expect(list(nanMean(x, 1))).toEqual([2, nan])
    expect(gradOf((y) => nanSum(y), x)).toEqual([1, 0, 1, 0, 0, 0])
    expect(gradOf((y) => nanMean(y.at(0)), x)).toEqual([0.5, 0, 0.5, 0, 0, 0])
    expect(list(nanSum(of([1, 2], 'int32')))).toEqual([3])
    expect(nanSum(of([1, 2], 'int32')).dtype).toBe('int32')
    expect(list(nanMean(of([], 'float32')))).toEqual([nan])
  })
  test('are in range where the mean is', () => {
    expect(list(nanMean(of([1.7e308, nan, 1.7e308])))).toEqual([1.7e308])
    expect(list(nanMean(of([3e38, nan, 3e38], 'float32')))).toEqual(list(of([3e38], 'float32')))
  })
})

test('diff of integers wraps, of truth values says where they change', () => {
  expect(list(diff(of([1, 4, 2], 'int32')))).toEqual([3, -2])
  const changes = diff(of([1, 1, 0, 1], 'bool'))
  expect([changes.dtype, list(changes)]).toEqual(['bool', [0, 1, 1]])
  expect(list(diff(of([1, 1, 0, 1], 'bool'), 0, { order: 2 }))).toEqual([1, 0])
  expect(list(diff(of([1, inf, inf])))).toEqual([inf, nan])
})

test('searchSorted knows NaN as the greatest, and both zeros as one', () => {
  const line = of([-inf, -1, -0, 0, 2, nan, nan])
  const elements = of([nan, inf, 0, -0, -inf, -2])
  expect(list(searchSorted(line, elements))).toEqual([5, 5, 2, 2, 0, 1])
  expect(list(searchSorted(line, elements, { side: 'right' }))).toEqual([7, 5, 4, 4, 1, 1])
  expect(list(searchSorted(of([2 ** 24], 'float32'), of([2 ** 24 + 1], 'int32')))).toEqual([1])
  const many = Float64Array.from({ length: 1000 }, (_, i) => i * i)
  expect(list(searchSorted(tensor(many) as Tensor, of([998001, 250000, 250001])))).toEqual([999, 500, 501])
})

describe('unique', () => {
  test('as many values as there are', () => {
    const x = tensor([
      [3, nan, 1],
      [-0, 3, nan],
    ]) as Tensor
    const { values, inverse, counts } = unique(x, { inverse: true, counts: true })
    expect(list(values)).toEqual([-0, 1, 3, nan])
    expect(inverse.toArray()).toEqual([
      [2, 3, 1],
      [0, 2, 3],
    ])
    expect(list(counts)).toEqual([1, 1, 2, 2])
    expect(list(unique(of([0, -0])))).toEqual([0])
    expect(list(unique(of([1, 0, 1], 'bool')))).toEqual([0, 1])
    expect(list(unique(of([])))).toEqual([])
    expect(list(unique(of([]), { size: 2, fill: 5 }))).toEqual([5, 5])
  })
  test('of a fixed size, in compiled functions and for many examples too', () => {
    const fixed = (x: Tensor) => unique(x, { size: 3, fill: -1, counts: true })
    const x = of([5, 5, 2, 5])
    for (const f of [fixed, compile(fixed)])
      expect([list(f(x).values), list(f(x).counts)]).toEqual([
        [2, 5, -1],
        [1, 3, 0],
      ])
    const rows = tensor([
      [1, 1, 1],
      [3, 2, 1],
    ]) as Tensor
    expect(vmap((row: Tensor) => unique(row, { size: 2 }))(rows).toArray()).toEqual([
      [1, 0],
      [1, 2],
    ])
    expect(() => compile((y: Tensor) => unique(y))(x)).toThrow(CompileError)
    expect(() => compile((y: Tensor) => unique(y))(x)).toThrow('unique: the shape of its result depends on elements')
  })
  test('the first of equal elements has the derivative', () => {
    expect(
      gradOf(
        (y) =>
          unique(y)
            .mul(of([1, 10]))
            .sum(),
        of([3, 1, 3, 1]),
      ),
    ).toEqual([10, 1, 0, 0])
  })
})

describe('bincount', () => {
  test('has a bin for each integer up to the greatest, or as many as it is told', () => {
    const x = of([0, 2, 2, 5], 'int32')
    expect(bincount(x).toArray()).toEqual([1, 0, 2, 0, 0, 1])
    expect(bincount(x).dtype).toBe('int32')
    expect(bincount(x, { minLength: 8 }).toArray()).toEqual([1, 0, 2, 0, 0, 1, 0, 0])
    expect(bincount(x, { minLength: 2 }).toArray()).toEqual([1, 0, 2, 0, 0, 1])
    expect(bincount(of([], 'int32')).toArray()).toEqual([])
    expect(list(bincount(x, { weights: of([0.5, 1, 2, 3]) }))).toEqual([0.5, 0, 3, 0, 0, 3])
    expect(() => bincount(of([1, -2], 'int32'))).toThrow(IndexOutOfRangeError)
    expect(() => bincount(of([1, -2], 'int32'))).toThrow('bincount: index -2')
    expect(() => compile((y: Tensor) => bincount(y))(x)).toThrow(
      'bincount: the shape of its result depends on elements',
    )
    expect(compile((y: Tensor) => bincount(y, { size: 6 }))(x).toArray()).toEqual([1, 0, 2, 0, 0, 1])
  })
  test('is linear in the weights', () => {
    const x = of([1, 0, 1], 'int32')
    expect(
      gradOf(
        (w) =>
          bincount(x, { weights: w })
            .mul(of([2, 5]))
            .sum(),
        of([1, 1, 1]),
      ),
    ).toEqual([5, 2, 5])
  })
})

describe('histogram', () => {
  test('counts what lies within, the last edge too', () => {
    const { counts, edges } = histogram(of([0, 1, 1, 4, 2]), { bins: 4 })
    expect([counts.dtype, list(counts), list(edges)]).toEqual(['int32', [1, 2, 1, 1], [0, 1, 2, 3, 4]])
    const inside = histogram(of([-1, 0, 0.5, 2, nan, 3, inf]), { bins: 2, range: [0, 2] })
    expect(list(inside.counts)).toEqual([2, 1])
    expect(list(histogram(of([1, 1, 1]), { bins: 2 }).edges)).toEqual([0.5, 1, 1.5])
    expect(list(histogram(of([1, 1, 1]), { bins: 2 }).counts)).toEqual([0, 3])
    expect(list(histogram(of([]), { bins: 2 }).edges)).toEqual([0, 0.5, 1])
    expect(list(histogram(of([1, 2, 3], 'int32'), { bins: of([0, 2, 3], 'int32') }).counts)).toEqual([1, 2])
  })
  test('every element of a range is in a bin, whatever rounding does to the edges', () => {
    const elements = Array.from({ length: 999 }, (_, i) => Math.fround(Math.sin(i) * 0.1))
    for (const bins of [3, 7, 10, 49]) {
      const { counts, edges } = histogram(of(elements, 'float32'), { bins })
      expect(list(counts.sum())).toEqual([999])
      const at = list(edges)
      const wanted = at
        .slice(1)
        .map((end, i) => elements.filter((x) => x >= at[i]! && (x < end || (i === bins - 1 && x === end))).length)
      expect(list(counts)).toEqual(wanted)
    }
  })
  test('densities have the integral 1; weights count as they are', () => {
    const { counts, edges } = histogram(of([0, 1, 1, 4, 2]), { bins: of([0, 1, 4]), density: true })
    expect(list(counts)).toEqual([0.2, 0.8 / 3])
    expect(list(edges)).toEqual([0, 1, 4])
    const weighted = (w: Tensor) => histogram(of([0, 3, 9]), { bins: of([0, 2, 4]), weights: w }).counts
    expect(list(weighted(of([0.5, 2, 8])))).toEqual([0.5, 2])
    expect(
      gradOf(
        (w) =>
          weighted(w)
            .mul(of([3, 7]))
            .sum(),
        of([1, 1, 1]),
      ),
    ).toEqual([3, 7, 0])
  })
})
