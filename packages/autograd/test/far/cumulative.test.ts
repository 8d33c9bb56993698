import { cumMaxWithIndices, cumMinWithIndices, jvp, type Tensor, tensor, vjp } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { elsewhere } from './elsewhere.js'
import { ways } from './ways.js'

// Products of the elements up to each, over the whole range, against products of whole numbers times powers of 2: as long
// as neither those nor products from the other end are out of range, all digits are right.

test('walks what no other test of this folder does', () => {
  expect(elsewhere.cumulative).toEqual(['cumProd', 'cumMaxWithIndices', 'cumMinWithIndices'])
})

const factors = [3, -5, 7, 0, 11, -13]
const dtypes = { float64: [-160, -60, 0, 60, 160], float32: [-18, -7, 0, 7, 18] } as const
/** A zero has no sign here. */
const list = (x: Tensor): number[] => [...x.data].map((element) => element + 0)
const unit = (at: number): number[] => factors.map((_, i) => (i === at ? 1 : 0))
const product = (list: readonly number[]): number => list.reduce((a, b) => a * b, 1)

describe.each(ways)('%s', (_, wrap) => {
  test('cumProd, each of its gradients and tangents, with a zero and without', () => {
    for (const zeros of [true, false]) {
      const numbers = factors.map((factor) => (factor === 0 && !zeros ? 2 : factor))
      for (const dtype of ['float64', 'float32'] as const) {
        const make = (list: readonly number[]) => tensor([...list], { dtype }) as Tensor
        for (const power of dtypes[dtype]) {
          const x = make(numbers.map((number) => number * 2 ** power))
          /** By element k, of the product up to i; its power is that of i factors. */
          const slope = (i: number, k: number) =>
            k > i ? 0 : product(numbers.slice(0, i + 1).toSpliced(k, 1)) * 2 ** (power * i) + 0
          const values = numbers.map((_, i) => product(numbers.slice(0, i + 1)) * 2 ** (power * (i + 1)) + 0)
          expect(list(wrap((p: Tensor) => p.cumProd())(x))).toEqual(values)
          const pull = wrap((p: Tensor, g: Tensor) => vjp((q: Tensor) => q.cumProd() as Tensor, p)[1](g)[0] as Tensor)
          const push = wrap((p: Tensor, d: Tensor) => jvp((q: Tensor) => q.cumProd() as Tensor, [p], [d])[1] as Tensor)
          numbers.forEach((_, at) => {
            expect(list(pull(x, make(unit(at))))).toEqual(numbers.map((_, k) => slope(at, k)))
            expect(list(push(x, make(unit(at))))).toEqual(numbers.map((_, i) => slope(i, at)))
          })
        }
      }
    }
  })

  test('extremes so far, with their places, of numbers of any size, and what they hand back', () => {
    for (const [dtype, large, small] of [
      ['float64', Number.MAX_VALUE, 2 ** -1022],
      ['float32', 2 ** 128 * (1 - 2 ** -24), 2 ** -126],
    ] as const) {
      const make = (numbers: readonly number[]) => tensor([...numbers], { dtype }) as Tensor
      const numbers = [small, -small, large, 3, large, -large, -Infinity, Infinity, NaN, 5]
      const weights = [large, 1, small, -2, 3, -large / 2, small, 5, -1, 7]
      for (const [extremes, best] of [
        [cumMaxWithIndices, Math.max],
        [cumMinWithIndices, Math.min],
      ] as const) {
        const { values, indices } = wrap((p: Tensor) => extremes(p))(make(numbers))
        const wanted = numbers.map((_, i) => best(...numbers.slice(0, i + 1)))
        const places = wanted.map((value) => numbers.findIndex((number) => Object.is(number, value)))
        expect([list(values as Tensor), list(indices as Tensor)]).toEqual([wanted, places])
        const pull = (p: Tensor, g: Tensor) => vjp((q: Tensor) => extremes(q).values as Tensor, p)[1](g)[0] as Tensor
        const slopes = numbers.map((_, at) =>
          places.reduce((sum, place, i) => (place === at ? sum + weights[i]! : sum), 0),
        )
        expect(list(wrap(pull)(make(numbers), make(weights)))).toEqual(
          slopes.map((slope) => (dtype === 'float32' ? Math.fround(slope) : slope)),
        )
      }
    }
  })
})
