import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../../src/execution/reference/index.js'
import { wasmFeatures } from '../../../../src/execution/wasm/assembler/index.js'
import type { FloatType } from '../../../../src/execution/wasm/math/vector.js'
import { allocate } from '../../../../src/graph/dtype.js'
import type { Contract } from '../../../../src/graph/kernel.js'
import { contiguousStrides, type Shape, sizeOf } from '../../../../src/graph/shape.js'
import type { Spec, Value } from '../../../../src/graph/value.js'
import { cases, elementsOf, runOn, valuesOf } from '../../values.js'
import { compileProduct } from './products.js'

interface Product {
  readonly by: Contract['by']
  readonly a: Value
  readonly b: Value
  readonly out: Spec
  readonly summed: boolean
}
/** Of finite elements, which multiply alike either way. */
type Finite = Omit<Product, 'by'>
type Sizes = readonly [m: number, k: number, n: number]

const types = ['float32', 'float64'] as const
const batches = fc.oneof(
  fc.constant<Shape>([]),
  fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }),
  fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
)

/** Operands in any order of axes, with gaps, backwards, and repeated along some axes. */
const products = (sizes: fc.Arbitrary<Sizes>, elements: 'whole' | 'extended'): fc.Arbitrary<Product> =>
  fc
    .tuple(batches, sizes, fc.constantFrom<FloatType>(...types), fc.boolean())
    .chain(([batch, [m, k, n], dtype, summed]) =>
      fc.record({
        by: fc.constantFrom<Contract['by']>('mul', 'scale'),
        a: valuesOf([...batch, m, k], dtype, elements),
        b: valuesOf([...batch, k, n], dtype, elements),
        out: fc.constant({ shape: [...(summed ? [] : batch), m, n], dtype }),
        summed: fc.constant(summed),
      }),
    )

type Layout = 'rows' | 'columns' | 'gaps' | 'shared'
const layouts = ['rows', 'columns', 'gaps', 'shared'] as const

/** A batch of matrices stored by rows or by columns, perhaps with gaps, or one that the whole batch shares. */
const matrices = (shape: Shape, dtype: FloatType, layout: Layout, element: (i: number) => number): Value => {
  const [rows, columns] = shape.slice(-2) as [number, number]
  const batch = shape.slice(0, -2)
  const gap = layout === 'gaps' ? 2 : 1
  const own = layout === 'columns' ? [1, rows] : [columns * gap, gap]
  const between =
    layout === 'shared' ? batch.map(() => 0) : contiguousStrides(batch).map((s) => s * rows * columns * gap)
  const data = allocate(dtype, (layout === 'shared' ? 1 : sizeOf(batch)) * rows * columns * gap)
  for (let i = 0; i < data.length; i++) data[i] = element(i)
  return { data, shape, dtype, strides: [...between, ...own], offset: 0, shared: false }
}
const whole = (i: number) => (((i * 7919 + 13) % 1009) % 17) - 8
const fraction = (i: number) => Math.sin(i * 12.9898) * 4

/** By the reference backend, in float64; the sum over all batches, where that is asked for. */
const reliable = ({ by, a, b, out, summed }: Product): number[] => {
  const batch = a.shape.slice(0, -2)
  const [m, n] = out.shape.slice(-2)
  const each = { shape: [...batch, m!, n!], dtype: 'float64' as const }
  const product = runOn(reference, { kind: 'contract', by }, [a, b], each)!
  if (!summed) return elementsOf(product)
  const sum = { shape: [...batch.map(() => 1), m!, n!], dtype: 'float64' as const }
  return elementsOf(runOn(reference, { kind: 'reduce', by: 'add', axes: [...batch.keys()] }, [product], sum)!)
}

/** The same, sooner. */
const exact = ({ a, b, out, summed }: Finite): number[] => {
  const [m, k] = a.shape.slice(-2) as [number, number]
  const n = b.shape.at(-1)!
  const [x, y] = [elementsOf(a), elementsOf(b)]
  const product = new Array<number>(sizeOf(out.shape)).fill(0)
  for (let row = 0; row < x.length / k; row++) {
    const line = summed ? row % m : row
    for (let l = 0; l < k; l++) {
      const at = (Math.floor(row / m) * k + l) * n
      for (let j = 0; j < n; j++) product[line * n + j]! += x[row * k + l]! * y[at + j]!
    }
  }
  return product
}

const absolute = (x: Value): Value => ({ ...x, data: x.data.map(Math.abs) })

describe.each(wasmFeatures().relaxedSimd ? [false, true] : [false])('compiled products, fused: %s', (fused) => {
  const multiply = ({ by = 'mul', a, b, out, summed }: Finite & Partial<Product>): number[] =>
    elementsOf(compileProduct(a, b, out, { by, summed }, fused).checked())
  /** Whole numbers, NaN and infinities sum alike in any order. */
  const agree = (product: Product): void => {
    expect(multiply(product)).toEqual(reliable(product))
  }

  const small = fc.integer({ min: 0, max: 9 })
  test('of any strides agree with the reference backend: tiny ones', () => {
    fc.assert(fc.property(products(fc.tuple(small, small, small), 'extended'), agree), cases(600))
  })

  const long = fc
    .tuple(fc.constantFrom(0, 1, 2), fc.integer({ min: 10, max: 700 }), small, small)
    .map(([axis, size, x, y]) => [x, y].toSpliced(axis, 0, size) as unknown as Sizes)
  test('of any strides agree with the reference backend: long ones', () => {
    fc.assert(fc.property(products(long, 'whole'), agree), cases(200))
  })

  const middle = fc.integer({ min: 10, max: 40 })
  test('of any strides agree with the reference backend: larger ones', () => {
    fc.assert(fc.property(products(fc.tuple(middle, middle, middle), 'whole'), agree), cases(100))
  })

  test.each<[...sizes: Sizes, batch: Shape]>([
    [1, 67_000, 1, []],
    [1, 350, 200, []],
    [200, 350, 1, []],
    [9, 7100, 10, []],
    [300, 260, 5, []],
    [5, 260, 300, []],
    [3, 20, 3300, []],
    [20, 300, 17, [2]],
    [1, 70, 90, [2, 3]],
    [8, 9, 100, [5]],
  ])('of whole numbers are exact: %i x %i x %i, batch %j', (m, k, n, batch) => {
    for (const [turn, dtype] of types.entries()) {
      // each with another at every size
      const pairs = layouts.map((left, i) => [left, layouts[(i + turn + m + n) % layouts.length]!] as const)
      for (const [left, right] of pairs) {
        const a = matrices([...batch, m, k], dtype, left, whole)
        const b = matrices([...batch, k, n], dtype, right, whole)
        const expected = exact({ a, b, out: { shape: [...batch, m, n], dtype }, summed: false })
        expect(multiply({ a, b, out: { shape: [...batch, m, n], dtype }, summed: false })).toEqual(expected)
        if (batch.length === 0) continue
        const sum = { a, b, out: { shape: [m, n], dtype }, summed: true }
        expect(multiply(sum)).toEqual(exact(sum))
      }
    }
  })

  test.each<[...sizes: Sizes, batch: Shape, summed: boolean]>([
    [4, 2, 4, [], false],
    [4, 4, 1, [], false],
    [50, 515, 40, [], false],
    [1, 1500, 70, [], false],
    [7, 2100, 9, [], false],
    [8, 784, 9, [6], true],
    [16, 64, 64, [3], false],
  ])('of fractions round like sums of their length: %i x %i x %i, batch %j, summed: %s', (m, k, n, batch, summed) => {
    for (const [dtype, unit] of [
      ['float32', 2 ** -24],
      ['float64', 2 ** -53],
    ] as const) {
      for (const right of ['rows', 'columns', 'gaps'] as const) {
        const a = matrices([...batch, m, k], dtype, 'rows', fraction)
        const b = matrices([...batch, k, n], dtype, right, fraction)
        const product = { a, b, out: { shape: [...(summed ? [] : batch), m, n], dtype }, summed }
        const [actual, expected] = [multiply(product), exact(product)]
        const sizes = exact({ ...product, a: absolute(a), b: absolute(b) })
        const terms = summed ? k * sizeOf(batch) : k
        const excess = actual.map((e, i) => Math.abs(e - expected[i]!) / (2 * Math.sqrt(terms) * unit * sizes[i]!))
        expect(Math.max(...excess)).toBeLessThanOrEqual(1)
      }
    }
  })

  test.each<[...sizes: Sizes, batch: Shape]>([
    [1, 1_000_000, 1, []],
    [1, 100_000, 8, []],
    [8, 100_000, 1, []],
    [7, 30_000, 9, []],
    [20, 100_000, 2, []],
    [40, 30_000, 40, []],
    [30, 5000, 130, [9]],
    [1, 2000, 2, [40]],
    [7, 1000, 9, [40]],
    [2, 2, 2, [100_000]],
    [1, 1, 3, [100_000]],
    [3, 20, 5, [300, 10]],
  ])('of long float32 sums keep their digits: %i x %i x %i, batch %j', (m, k, n, batch) => {
    for (const layout of ['rows', 'columns'] as const) {
      const a = matrices([...batch, m, k], 'float32', layout, () => 0.1)
      const b = matrices([...batch, k, n], 'float32', layout, () => 1)
      const product = multiply({ a, b, out: { shape: [m, n], dtype: 'float32' }, summed: true })
      const sum = Math.fround(0.1) * k * sizeOf(batch)
      expect(Math.max(...product.map((e) => Math.abs(e / sum - 1)))).toBeLessThan(4e-6)
    }
  })

  test('of long sums add up each product of a batch by itself', () => {
    for (const [m, k, n] of [
      [2, 20_000, 3],
      [1, 40_000, 5],
      [40, 17_000, 36],
    ] as const) {
      const a = matrices([3, m, k], 'float32', 'rows', whole)
      const b = matrices([3, k, n], 'float32', 'columns', (i) => i % 3)
      const product = { a, b, out: { shape: [3, m, n], dtype: 'float32' as const }, summed: false }
      expect(multiply(product)).toEqual(exact(product))
    }
  })
})
