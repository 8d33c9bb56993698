import {
  argsort,
  compile,
  flip,
  gather,
  indexSelect,
  kthValue,
  moveAxis,
  permute,
  scatter,
  slice,
  sort,
  sortWithIndices,
  swapAxes,
  type Tensor,
  tensor,
  topk,
  unique,
  vjp,
} from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Dense, toDense } from './dense.js'

// Laws of what puts axes and elements in another order.

type Fn = (...given: Tensor[]) => Tensor
const ways: readonly (readonly [string, (f: Fn) => Fn, { readonly numRuns: number; readonly seed: number }])[] = [
  ['eagerly', (f) => f, { numRuns: 100, seed: 1 }],
  ['compiled', (f) => compile(f) as Fn, { numRuns: 25, seed: 2 }],
]

interface Drawn {
  readonly x: Tensor
  readonly axis: number
  readonly descending: boolean
  /** Of the axes, and of the places along the axis. */
  readonly axes: readonly [number[], number[]]
  readonly places: number[]
}

/** With ties, zeros of both signs, infinities and NaN. */
const numbers = fc.constantFrom(0, -0, 1, 1, 2, -3, 0.5, 1e300, Infinity, -Infinity, NaN)
const shuffled = (count: number) => {
  const all = Array.from({ length: count }, (_, i) => i)
  return fc.shuffledSubarray(all, { minLength: count, maxLength: count })
}
const drawn: fc.Arbitrary<Drawn> = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })
  .chain((shape) => fc.tuple(fc.constant(shape), fc.nat(shape.length - 1)))
  .chain(([shape, axis]) => {
    const size = shape.reduce((a, b) => a * b, 1)
    const elements = fc.array(numbers, { minLength: size, maxLength: size })
    return fc.record({
      x: elements.map((data) => tensor(data, { dtype: 'float64' }).reshape(shape) as Tensor),
      axis: fc.constant(axis),
      descending: fc.boolean(),
      axes: fc.tuple(shuffled(shape.length), shuffled(shape.length)),
      places: shuffled(shape[axis]!),
    })
  })

const dense = (x: unknown): Dense => toDense(x as Tensor) as Dense
/** A zero has no sign where equal elements stand for each other. */
const signless = (x: Tensor) => ({ ...dense(x), data: dense(x).data.map((number) => number + 0) })
const indices = (places: readonly number[]): Tensor => tensor([...places], { dtype: 'int32' }) as Tensor
const inverse = (order: readonly number[]): number[] => order.map((_, i) => order.indexOf(i))
/** A cotangent for each element, all different. */
const cotangent = (like: Tensor): Tensor =>
  tensor(Array.from({ length: like.size }, (_, i) => i + 1), { dtype: 'float64' }).reshape([...like.shape]) as Tensor // biome-ignore format: a call

describe.each(ways)('%s', (_, wrap, runs) => {
  const holds = (law: (drawn: Drawn) => void) => fc.assert(fc.property(drawn, law), runs)
  const pulled = (f: Fn, x: Tensor, g: Tensor) => wrap((p, q) => vjp(f, p!)[1](q!)[0] as Tensor)(x, g)

  test('axes put in order twice are put in the order of the orders, and back by the inverse', () => {
    holds(({ x, axes: [p, q] }) => {
      const both = q.map((axis) => p[axis]!)
      expect(dense(wrap((a) => permute(permute(a!, p), q) as Tensor)(x))).toEqual(dense(permute(x, both)))
      const there: Fn = (a) => permute(a!, p) as Tensor
      expect(dense(wrap((a) => permute(there(a!), inverse(p)) as Tensor)(x))).toEqual(dense(x))
      const g = cotangent(there(x))
      expect(dense(pulled(there, x, g))).toEqual(dense(permute(g, inverse(p))))
    })
  })

  test('moving and swapping axes are such orders', () => {
    holds(({ x, axis, axes: [[to]] }) => {
      const all = x.shape.map((_, i) => i)
      const moved = all.toSpliced(axis, 1).toSpliced(to!, 0, axis)
      expect(dense(wrap((a) => moveAxis(a!, axis, to!) as Tensor)(x))).toEqual(dense(permute(x, moved)))
      const swapped = all.with(axis, to!).with(to!, axis)
      expect(dense(wrap((a) => swapAxes(a!, axis, to!) as Tensor)(x))).toEqual(dense(permute(x, swapped)))
    })
  })

  test('the places of a sort read it, are each there once, and their own places lead back', () => {
    holds(({ x, axis, descending }) => {
      const sorted: Fn = (a) => sort(a!, axis, { descending }) as Tensor
      const order: Fn = (a) => argsort(a!, axis, { descending }) as Tensor
      const y = wrap(sorted)(x)
      expect(dense(wrap((a) => gather(a!, order(a!), axis) as Tensor)(x))).toEqual(dense(y))
      expect(dense(wrap((a) => sortWithIndices(a!, axis, { descending }).indices as Tensor)(x))).toEqual(
        dense(order(x)),
      )
      const back: Fn = (a) => argsort(order(a!), axis) as Tensor
      expect(dense(wrap((a, b) => gather(b!, back(a!), axis) as Tensor)(x, y))).toEqual(dense(x))
      expect(dense(wrap((a, b) => scatter(a!, order(a!), b!, axis) as Tensor)(x, y))).toEqual(dense(x))
      expect(dense(wrap(sorted)(y))).toEqual(dense(y))
      const g = cotangent(x)
      expect(dense(pulled(sorted, x, g))).toEqual(dense(gather(g, back(x), axis)))
    })
  })

  test('a sort does not ask in which order the elements came', () => {
    holds(({ x, axis, descending, places }) => {
      const order = indices(places)
      const sorted: Fn = (a) => sort(a!, axis, { descending }) as Tensor
      const found = wrap((a) => sorted(indexSelect(a!, order, axis) as Tensor))(x)
      expect(signless(found)).toEqual(signless(sorted(x)))
      const there: Fn = (a) => indexSelect(a!, order, axis) as Tensor
      const back = indices(inverse(places))
      expect(dense(wrap((a) => indexSelect(there(a!), back, axis) as Tensor)(x))).toEqual(dense(x))
    })
  })

  test('the first few are the start of a sort, and the k-th is the k-th of it', () => {
    holds(({ x, axis, descending }) => {
      const { values, indices } = sortWithIndices(x, axis, { descending })
      const few = Math.ceil(x.shape[axis]! / 2)
      const first = (a: Tensor) => topk(a, few, axis, { largest: descending })
      expect(dense(wrap((a) => first(a!).values as Tensor)(x))).toEqual(dense(slice(values, axis, 0, few)))
      expect(dense(wrap((a) => first(a!).indices as Tensor)(x))).toEqual(dense(slice(indices, axis, 0, few)))
      if (descending) return
      const kth = (a: Tensor) => kthValue(a, few, axis, { keepDims: true })
      expect(dense(wrap((a) => kth(a!).values as Tensor)(x))).toEqual(dense(slice(values, axis, few - 1, few)))
      expect(dense(wrap((a) => kth(a!).indices as Tensor)(x))).toEqual(dense(slice(indices, axis, few - 1, few)))
    })
  })

  test('what stands once, read at the places of all, is all; counts make up the number of elements', () => {
    holds(({ x }) => {
      const found = (a: Tensor) => unique(a, { size: x.size, inverse: true, counts: true })
      const again = wrap((a) => indexSelect(found(a!).values as Tensor, found(a!).inverse as Tensor).add(0) as Tensor)(
        x,
      )
      expect(signless(again)).toEqual(signless(x))
      expect(wrap((a) => found(a!).counts.sum() as Tensor)(x).item()).toBe(x.size)
      const once = [...unique(x).data]
      expect(new Set(once.map((each) => each + 0)).size).toBe(once.length)
    })
  })

  test('turned round twice is nothing, and turning round exchanges the ends', () => {
    holds(({ x, axis }) => {
      const turned: Fn = (a) => flip(a!, axis) as Tensor
      expect(dense(wrap((a) => turned(turned(a!)))(x))).toEqual(dense(x))
      const places = Array.from({ length: x.shape[axis]! }, (_, i) => x.shape[axis]! - 1 - i)
      expect(dense(wrap(turned)(x))).toEqual(dense(indexSelect(x, indices(places), axis)))
      expect(dense(pulled(turned, x, cotangent(x)))).toEqual(dense(turned(cotangent(x))))
    })
  })
})
