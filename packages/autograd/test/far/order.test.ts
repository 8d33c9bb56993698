import { type Tensor, tensor, vjp } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { functions } from '../../src/ops/index.js'
import { elsewhere } from './elsewhere.js'
import { ways } from './ways.js'

// What stands in order and what is counted, of any numbers at all, against JavaScript's own sort and filter.

const walked = ['sortWithIndices', 'argsort', 'topk', 'kthValue', 'searchSorted', 'unique', 'nonzero', 'countNonzero', 'bincount', 'histogram'] // biome-ignore format: a list

test('walks what no other test of this folder does', () => {
  expect(elsewhere.order).toEqual(walked)
})

const sizes = {
  float64: [0, 5e-324, 1e-310, 2 ** -1022, 1e-200, 0.5, 1, 1 + 2 ** -52, 3, 2 ** 53, 1e200, Number.MAX_VALUE, Infinity],
  float32: [0, 2 ** -149, 2 ** -130, 2 ** -126, 1e-30, 0.5, 1, 1 + 2 ** -23, 3, 2 ** 24, 1e30, 3.4028234663852886e38, Infinity],
} as const // biome-ignore format: lists
const list = (x: unknown): number[] => [...(x as Tensor).data]
const signless = (numbers: readonly number[]) => numbers.map((number) => number + 0)
const compare = (a: number, b: number) =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a < b ? -1 : Number(a > b)

describe.each(ways)('%s', (_, wrap) => {
  test.each(['float64', 'float32'] as const)('%s', (dtype) => {
    const make = (numbers: readonly number[]) => tensor([...numbers], { dtype }) as Tensor
    // in no order, with ties
    const some = [...sizes[dtype], ...sizes[dtype].map((x) => -x), 1, 1]
    const numbers = [Number.NaN, ...some.map((_, i) => some[(i * 11) % some.length]!), Number.NaN]
    const x = make(numbers)
    const given = list(x)
    const order = [...given.keys()].sort((i, j) => compare(given[i]!, given[j]!) || i - j)
    const inOrder = order.map((place) => given[place]!)
    const weights = given.map((_, i) => Math.cos(i))
    const atPlaces = (places: readonly number[]) => {
      const slopes = given.map(() => 0)
      places.forEach((place, i) => {
        slopes[place]! += list(make(weights))[i]!
      })
      return slopes
    }
    const pulled = (f: (p: Tensor) => unknown, count: number) =>
      list(wrap((p: Tensor, g: Tensor) => vjp((q: Tensor) => f(q) as Tensor, p)[1](g)[0] as Tensor)(x, make(weights.slice(0, count)))) // biome-ignore format: a call

    const sorted = wrap((p: Tensor) => functions.sortWithIndices(p))(x)
    expect([list(sorted.values), list(sorted.indices)]).toEqual([inOrder, order])
    expect(list(wrap((p: Tensor) => functions.argsort(p) as Tensor)(x))).toEqual(order)
    expect(pulled((p) => functions.sort(p), given.length)).toEqual(atPlaces(order))
    const least = wrap((p: Tensor) => functions.topk(p, 5, 0, { largest: false }))(x)
    expect([list(least.values), list(least.indices)]).toEqual([inOrder.slice(0, 5), order.slice(0, 5)])
    expect(pulled((p) => functions.topk(p, 5, 0, { largest: false }).values, 5)).toEqual(atPlaces(order.slice(0, 5)))
    given.forEach((_, i) => {
      const { values, indices } = functions.kthValue(x, i + 1)
      expect([...list(values), ...list(indices)]).toEqual([inOrder[i], order[i]])
    })

    const before = (side: 'left' | 'right') =>
      given.map((number) => given.filter((other) => compare(other, number) < (side === 'left' ? 0 : 1)).length)
    for (const side of ['left', 'right'] as const) {
      const find = (p: Tensor, q: Tensor) => functions.searchSorted(p, q, { side }) as Tensor
      expect(list(wrap(find)(make(inOrder), x))).toEqual(before(side))
    }

    const values = inOrder.filter((number, i) => i === 0 || compare(number, inOrder[i - 1]!) !== 0)
    const found = wrap((p: Tensor) => functions.unique(p, { size: values.length, counts: true, inverse: true }) as { values: Tensor; counts: Tensor; inverse: Tensor })(x) // biome-ignore format: a call
    expect(signless(list(found.values))).toEqual(signless(values))
    expect(list(found.counts)).toEqual(values.map((value) => given.filter((each) => compare(each, value) === 0).length))
    expect(list(found.inverse)).toEqual(given.map((each) => values.findIndex((value) => compare(each, value) === 0)))

    const places = given.flatMap((number, i) => (number === 0 ? [] : [i]))
    expect(list(wrap((p: Tensor) => functions.nonzero(p, { size: places.length }) as Tensor)(x))).toEqual(places)
    expect(list(wrap((p: Tensor) => functions.countNonzero(p) as Tensor)(x))).toEqual([places.length])

    const bins = tensor(given.map((_, i) => i), { dtype: 'int32' }) as Tensor // biome-ignore format: a call
    expect(list(wrap((w: Tensor) => functions.bincount(bins, { weights: w, size: given.length }) as Tensor)(x))).toEqual(signless(given)) // biome-ignore format: a call
    const edges = values.filter((value) => !Number.isNaN(value))
    const counted = wrap((p: Tensor, e: Tensor) => functions.histogram(p, { bins: e }).counts as Tensor)(x, make(edges))
    const last = edges.length - 2
    expect(list(counted)).toEqual(
      edges.slice(1).map((end, bin) => {
        const isIn = (each: number) => each >= edges[bin]! && (each < end || (bin === last && each === end))
        return given.filter(isIn).length
      }),
    )
  })
})
