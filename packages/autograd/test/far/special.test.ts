import { grad, polygamma, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { functions } from '../../src/ops/index.js'
import { elsewhere } from './elsewhere.js'
import { psi } from './gamma.js'
import * as jets from './jets.js'
import { fromNumber } from './precise.js'
import { type Fn, ways } from './ways.js'

// Ops that are functions of elements with something beside them.

test('walks what no other test of this folder does', () => {
  // psi and besselI are what digamma, i0 and i1, and their derivatives, are made of
  expect(elsewhere.special).toEqual(['psi', 'besselI', 'polygamma', 'glu', 'prelu'])
})

const powers = [-300, -60, -4, -1, 0, 1, 3, 4.5, 7, 60, 300]
const sizes = powers.map((k) => 1.375 * 2 ** k)
const limits = { float64: [2 ** -1074, 2e-15], float32: [2 ** -149, 2e-6] } as const
const dtypes = ['float64', 'float32'] as const
type DType = (typeof dtypes)[number]

const expectNear = (what: string, got: Tensor, wanted: readonly number[], dtype: DType, scale = wanted): void => {
  const [least, precision] = limits[dtype]
  const rounded = (x: number) => (dtype === 'float32' ? Math.fround(x) : x)
  const off = wanted.findIndex((x, i) => {
    const y = got.data[i]!
    return !(y === rounded(x) || Math.abs(y - x) <= precision * Math.abs(scale[i]!) + 64 * least)
  })
  expect(off < 0 ? '' : `${dtype} ${what}: element ${off} is ${got.data[off]} instead of ${wanted[off]}`).toBe('')
}

describe.each(ways)('%s', (_, wrap) => {
  test('polygamma and its derivative over the whole range', () => {
    for (const dtype of dtypes) {
      const points = [...sizes, ...sizes.filter((x) => x < 100).map((x) => -x)].filter(
        (x) => dtype === 'float64' || (Math.abs(x) > 2 ** -70 && Math.abs(x) < 2 ** 70),
      )
      const x = tensor(points, { dtype }) as Tensor
      const known = points
        .filter((p) => !Number.isInteger(p))
        .map((p) => jets.derivatives(psi(0, jets.variable(fromNumber(p)))))
      expect(known.length).toBe(points.length - points.filter(Number.isInteger).length)
      for (const n of [0, 1, 2]) {
        const at = tensor(points.filter((p) => !Number.isInteger(p)), { dtype }) as Tensor // biome-ignore format: a call
        // what rounding of x does, and the largest part of a sum that may cancel between poles
        const scale = known.map((jet, i) => Math.abs(jet[n]!) + Math.abs(jet[n + 1]! * at.data[i]!))
        expectNear(`polygamma ${n}`, wrap((p: Tensor) => polygamma(n, p) as Tensor)(at), known.map((jet) => jet[n]!), dtype, scale) // biome-ignore format: a call
        if (n === 2) continue
        const slope = wrap((p: Tensor) => grad((q: Tensor) => polygamma(n, q).sum() as Tensor)(p) as Tensor)
        const next = known.map((jet, i) => Math.abs(jet[n + 1]!) + Math.abs(jet[n + 2]! * at.data[i]!))
        expectNear(`the derivative of ${n}`, slope(at), known.map((jet) => jet[n + 1]!), dtype, next) // biome-ignore format: a call
      }
      expect(x.size).toBe(points.length)
    }
  })

  test('prelu: numbers and weights of any size, and its gradients', () => {
    for (const dtype of dtypes) {
      const numbers = powers.filter((k) => dtype === 'float64' || Math.abs(k) <= 60).map((k) => 1.375 * 2 ** k)
      const rows = [...numbers, ...numbers.map((x) => -x)]
      const x = tensor(rows.map((a) => numbers.map(() => a)), { dtype }) as Tensor // biome-ignore format: a matrix
      const weight = tensor(numbers, { dtype }) as Tensor
      const loss = (...all: Tensor[]) => functions.prelu(all[0]!, all[1]!) as Tensor
      const values = rows.flatMap((a) => numbers.map((w) => (a > 0 ? a : a * w)))
      expectNear('prelu', wrap(loss)(x, weight), values, dtype)
      const byX: Fn = (p, w) => grad((q: Tensor) => loss(q, w!).sum())(p!) as Tensor
      expectNear('by x', wrap(byX)(x, weight), rows.flatMap((a) => numbers.map((w) => (a > 0 ? 1 : w))), dtype) // biome-ignore format: a call
      const byWeight: Fn = (p, w) => grad((v: Tensor) => loss(p!, v).sum())(w!) as Tensor
      const total = numbers.reduce((sum, a) => sum - a, 0)
      expectNear('by the weights', wrap(byWeight)(x, weight), numbers.map(() => total), dtype) // biome-ignore format: a call
    }
  })

  test('glu: numbers of any size, gates that underflow, and its gradient', () => {
    const sigmoid = (b: jets.Jet) => jets.div(jets.number(1), jets.add(jets.number(1), jets.exp(jets.neg(b))))
    for (const dtype of dtypes) {
      const most = dtype === 'float64' ? 300 : 60
      const numbers = powers.filter((k) => Math.abs(k) <= most).flatMap((k) => [1.375 * 2 ** k, -1.375 * 2 ** k])
      const gates = [-1e30, -1000, -740, -100, -30, -1, 0, 1e-8, 2, 40, 1000, 1e30].map(
        dtype === 'float32' ? Math.fround : Number,
      )
      const pairs = numbers.flatMap((a) => gates.map((b) => [a, b] as const))
      const known = pairs.map(([a, b]) => {
        const gate = jets.derivatives(sigmoid(jets.variable(fromNumber(b))))
        const product = jets.derivatives(jets.mul(jets.number(a), sigmoid(jets.variable(fromNumber(b)))))
        return { value: product[0]!, byA: gate[0]!, byB: product[1]! }
      })
      const x = tensor([pairs.map(([a]) => a), pairs.map(([, b]) => b)].flat(), { dtype }) as Tensor
      const glu: Fn = (p) => functions.glu(p!) as Tensor
      const values = known.map(({ value }) => value)
      // exp of a gate is off by its rounding
      const moved = (list: readonly number[]) =>
        list.map((each, i) => each * (1 + Math.min(Math.abs(pairs[i]![1]), 800)))
      expectNear('glu', wrap(glu)(x), values, dtype, moved(values))
      const slopes = wrap((p: Tensor) => grad((q: Tensor) => glu(q).sum())(p) as Tensor)(x)
      const wanted = [...known.map(({ byA }) => byA), ...known.map(({ byB }) => byB)]
      expectNear('its gradient', slopes, wanted, dtype, [
        ...moved(known.map(({ byA }) => byA)),
        ...moved(known.map(({ byB }) => byB)),
      ])
    }
  })
})
