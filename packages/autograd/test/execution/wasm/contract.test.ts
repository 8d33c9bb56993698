import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { reference } from '../../../src/execution/reference/index.js'
import { wasmFeatures } from '../../../src/execution/wasm/assembler/index.js'
import { createProducts } from '../../../src/execution/wasm/eager/products.js'
import { createWasm } from '../../../src/execution/wasm/index.js'
import { instantiateProducts, productWorkspace } from '../../../src/execution/wasm/products/library/products.js'
import { createRuntime } from '../../../src/execution/wasm/runtime.js'
import { allocate, type DType } from '../../../src/graph/dtype.js'
import type { Contract } from '../../../src/graph/kernel.js'
import { denseValue, type Value } from '../../../src/graph/value.js'
import { contracts } from '../cases.js'
import { cases, elementsOf, runOn, value } from '../values.js'

/** Whole numbers without a pattern, from -8 to 8, stored by rows or by columns, perhaps with gaps. */
const matrix = (rows: number, columns: number, dtype: DType, layout: 'rows' | 'columns' | 'gaps'): Value => {
  const gap = layout === 'gaps' ? 2 : 1
  const data = allocate(dtype, rows * columns * gap)
  for (let i = 0; i < data.length; i++) data[i] = (((i * 7919 + 13) % 1009) % 17) - 8
  const strides = layout === 'columns' ? [1, rows] : [columns * gap, gap]
  return { data, shape: [rows, columns], dtype, strides, offset: 0, shared: false }
}

const product = (a: Value, b: Value): number[] => {
  const [m, k] = a.shape as [number, number]
  const n = b.shape[1]!
  const [x, y] = [elementsOf(a), elementsOf(b)]
  const out = new Array<number>(m * n).fill(0)
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) for (let j = 0; j < n; j++) out[i * n + j]! += x[i * k + l]! * y[l * n + j]!
  }
  return out
}

const byMul: Contract = { kind: 'contract', by: 'mul' }
const modes = wasmFeatures().relaxedSimd ? [false, true] : [false]

describe.each(modes)('products, fused: %s', (fused) => {
  const contract = createProducts(createRuntime(fused), true)
  const multiply = (a: Value, b: Value): number[] =>
    elementsOf(contract(byMul, [a, b], { shape: [a.shape[0]!, b.shape[1]!], dtype: a.dtype })!)

  test.each([
    [1, 1, 1],
    [1, 300, 50],
    [1, 67, 131],
    [50, 300, 1],
    [131, 67, 1],
    [3, 61, 130],
    [7, 9, 8],
    [13, 500, 7],
    [12, 33, 40],
    [64, 64, 64],
    [67, 131, 45],
    [200, 300, 9],
    [14, 20, 1100],
  ])('of whole numbers are exact: %i x %i x %i, in both types and every layout', (m, k, n) => {
    for (const dtype of ['float32', 'float64'] as const) {
      for (const left of ['rows', 'columns', 'gaps'] as const) {
        for (const right of ['rows', 'columns', 'gaps'] as const) {
          const [a, b] = [matrix(m, k, dtype, left), matrix(k, n, dtype, right)]
          expect(multiply(a, b)).toEqual(product(a, b))
        }
      }
    }
  })

  test.each(['float32', 'float64'] as const)('may be added to what is there: %s', (dtype) => {
    const runtime = createRuntime(fused)
    const { scratch } = runtime
    const { gemm, matvecColumns, matvecRows } = instantiateProducts(dtype, fused, scratch.memory)
    const bytes = dtype === 'float32' ? 4 : 8
    const work = scratch.take(productWorkspace(dtype))
    const [m, n, k] = [15, 21, 300]
    const [a, b, c] = [scratch.take(m * k * bytes), scratch.take(k * n * bytes), scratch.take(m * n * bytes)]
    scratch.open()
    const [left, right] = [matrix(m, k, dtype, 'rows'), matrix(k, n, dtype, 'rows')]
    scratch.view(dtype).set(left.data, a / bytes)
    scratch.view(dtype).set(right.data, b / bytes)
    const results = (size: number) => elementsOf(scratch.read({ shape: [size], dtype }, c))
    const twice = (call: (adds: number) => void) => {
      call(0)
      call(1)
    }
    twice((adds) => gemm(m, n, k, a, k * bytes, bytes, b, n * bytes, bytes, c, n * bytes, adds, work))
    const exact = product(left, right).map((e) => 2 * e)
    expect(results(m * n)).toEqual(exact)
    // the first row of a times b, and a times what its own first row holds
    twice((adds) => matvecColumns(n, k, b, n * bytes, a, c, adds))
    expect(results(n)).toEqual(exact.slice(0, n))
    twice((adds) => matvecRows(m, k, a, k * bytes, a, c, adds))
    const row: Value = { ...left, shape: [k, 1], strides: [1, 1] }
    expect(results(m)).toEqual(product(left, row).map((e) => 2 * e))
  })

  test('agree with the reference backend on batches of any strides', () => {
    let served = 0
    fc.assert(
      fc.property(contracts(fc.integer({ min: 0, max: 9 })), ({ kernel, inputs, out }) => {
        const before = inputs.map(({ data }) => data.slice())
        const result = contract(kernel as Contract, inputs, out)
        if (result === null) {
          expect(['int32', 'bool'].includes(out.dtype) || inputs.some(({ shape }) => shape.includes(0))).toBe(true)
          return
        }
        served++
        expect(elementsOf(result)).toEqual(elementsOf(runOn(reference, kernel, inputs, out)!))
        expect(inputs.map(({ data }) => data)).toEqual(before)
      }),
      cases(300),
    )
    expect(served).toBeGreaterThan(50)
  })

  test('of fractions round like sums of their length', () => {
    const [m, k, n] = [70, 515, 90]
    for (const [dtype, unit] of [
      ['float32', 2 ** -24],
      ['float64', 2 ** -53],
    ] as const) {
      const random = (size: number) => Float64Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898) * 4)
      const a = value([m, k], [...random(m * k)], dtype)
      const b = value([k, n], [...random(k * n)], dtype)
      const size = (x: Value): Value => ({ ...x, data: x.data.map(Math.abs) })
      const [actual, exact, sizes] = [multiply(a, b), product(a, b), product(size(a), size(b))]
      actual.forEach((e, i) => {
        expect(Math.abs(e - exact[i]!)).toBeLessThanOrEqual(2 * Math.sqrt(k) * unit * sizes[i]!)
      })
    }
  })

  test('keep NaN and infinities in their own rows and columns', () => {
    const a = value([15, 40], new Array(600).fill(1))
    const b = value([40, 21], new Array(840).fill(1))
    a.data[0] = NaN
    b.data[0] = Infinity
    multiply(a, b).forEach((e, i) => {
      expect(e).toBe(i < 21 ? NaN : i % 21 === 0 ? Infinity : 40)
    })
  })

  test('share one right factor among a batch', () => {
    const a = denseValue(
      Float32Array.from({ length: 3600 }, (_, i) => i % 7),
      [6, 20, 30],
      'float32',
    )
    const b: Value = { ...matrix(30, 10, 'float32', 'rows'), shape: [6, 30, 10], strides: [0, 10, 1] }
    const rows: Value = { ...a, shape: [120, 30], strides: [30, 1] }
    const out = { shape: [6, 20, 10], dtype: 'float32' } as const
    expect(elementsOf(contract(byMul, [a, b], out)!)).toEqual(
      product(rows, { ...b, shape: [30, 10], strides: [10, 1] }),
    )
  })
})

test('long float32 products keep their digits: they are summed in blocks', () => {
  const relativeError = (m: number, n: number, long: number) => {
    const a = denseValue(new Float32Array(m * long).fill(0.1), [m, long], 'float32')
    const b = denseValue(new Float32Array(n * long).fill(1), [long, n], 'float32')
    const product = runOn(createWasm(), byMul, [a, b], { shape: [m, n], dtype: 'float32' })!
    return Math.max(...Array.from(product.data, (found) => Math.abs(found / (Math.fround(0.1) * long) - 1)))
  }
  for (const [m, n, long] of [
    [1, 1, 1_000_000],
    [1, 8, 100_000],
    [8, 1, 100_000],
    [7, 9, 100_000],
    [2, 2, 1_000_000],
  ] as const) {
    expect(relativeError(m, n, long)).toBeLessThan(4e-6)
  }
})
