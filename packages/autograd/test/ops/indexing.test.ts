import {
  type AnyTensor,
  addAt,
  CompileError,
  compile,
  concat,
  grad,
  type IndexItem,
  IndexOutOfRangeError,
  maskedSelect,
  moveAxis,
  repeatInterleave,
  roll,
  rot90,
  set,
  split,
  type Tensor,
  tensor,
  vmap,
} from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withBackends } from '../../src/execution/eager.js'
import { createJavaScript } from '../../src/execution/javascript/index.js'
import { reference } from '../../src/execution/reference/index.js'
import { createWasm } from '../../src/execution/wasm/index.js'
import { gradcheck } from '../../src/gradcheck/index.js'
import { materialize } from '../../src/gradcheck/samples.js'
import { indices, random, values } from '../../src/ops/facts.js'
import { functions } from '../../src/ops/index.js'
import { type Dense, toDense } from './dense.js'
import { references } from './references.js'
import * as expected from './references-indexing.js'

const cases = { numRuns: 300, seed: 7 }
const numbered = (shape: readonly number[], from = 1): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  const numbers = Array.from({ length: size }, (_, i) => i + from)
  return (tensor(numbers, { dtype: 'float64' }) as Tensor).reshape(shape)
}
const int32 = (numbers: readonly number[], shape: readonly number[] = [numbers.length]): Tensor =>
  (tensor([...numbers], { dtype: 'int32' }) as Tensor).reshape(shape)
const dense = ({ shape, data }: AnyTensor | Dense) => ({ shape: [...shape], data: [...data] })

/** A shape, and an index into it: slices, integers, new axes, arrays, tensors of indices of one shape, and masks. */
const indexings = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      common: fc.constantFrom<readonly number[]>([], [2], [3], [2, 3]),
      gap: fc.option(fc.nat(4)),
      news: fc.array(fc.nat(6), { maxLength: 2 }),
      entries: fc.array(
        fc.record({
          kind: fc.constantFrom('integer', 'slice', 'slice', 'indices', 'array', 'mask', 'stop'),
          bounds: fc.array(fc.option(fc.integer({ min: -5, max: 5 })), { minLength: 2, maxLength: 2 }),
          step: fc.constantFrom(1, 1, 2, -1, -3),
          numbers: fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
        }),
        { minLength: shape.length, maxLength: shape.length },
      ),
    }),
  )
  .map(({ shape, common, gap, news, entries }) => {
    const items: IndexItem[] = []
    const size = common.reduce((a, b) => a * b, 1)
    for (const [axis, { kind, bounds, step, numbers }] of entries.entries()) {
      const dim = shape[axis]!
      const within = (number: number) => (number % (2 * dim)) - dim
      if (kind === 'stop') break
      if (kind === 'integer') items.push(within(numbers[0]!))
      else if (kind === 'slice') items.push(`${bounds[0] ?? ''}:${bounds[1] ?? ''}:${step}`)
      else if (kind === 'indices') items.push(int32(numbers.slice(0, size).map(within), common))
      else if (kind === 'array') items.push(new Array<number>(common.at(-1) ?? 1).fill(within(numbers[1]!)))
      else {
        // as many true ones as the other indices are, where there is room
        const count = Math.min(dim, common.at(-1) ?? 1)
        items.push(tensor(Array.from({ length: dim }, (_, i) => i < count)) as Tensor)
      }
    }
    // '...' in the middle is about axes that the entries behind it count from the end: it stands in the place of one of them
    if (gap !== null && gap < items.length) items[gap] = items.length === shape.length ? ':' : '...'
    for (const place of news) items.splice(place, 0, null)
    return { shape, items: items.length === 0 ? (['...'] as IndexItem[]) : items }
  })

/** Entries in range and of shapes that broadcast: the rest is about errors. */
const fits = ({ shape, items }: { shape: number[]; items: IndexItem[] }): boolean => {
  try {
    numbered(shape).at(...(items as [IndexItem]))
    return true
  } catch {
    return false
  }
}

const vectors = [createWasm({ always: true }), createJavaScript(() => false), reference]

describe('an index', () => {
  test('means what loops over plain arrays find there', () => {
    let ran = 0
    fc.assert(
      fc.property(indexings, ({ shape, items }) => {
        fc.pre(fits({ shape, items }))
        ran++
        const x = numbered(shape)
        const wanted = dense(expected.at(toDense(x) as Dense, ...(items.map(toDense) as never[])))
        expect(dense(x.at(...(items as [IndexItem])))).toEqual(wanted)
        const ofBackends = withBackends(vectors, () => x.at(...(items as [IndexItem])))
        expect(dense(ofBackends)).toEqual(wanted)
      }),
      cases,
    )
    expect(ran).toBeGreaterThan(150)
  })

  test('is written to one element after the other: the last of several stays, or all add up', () => {
    fc.assert(
      fc.property(indexings, fc.boolean(), ({ shape, items }, isNumber) => {
        fc.pre(fits({ shape, items }))
        const x = numbered(shape)
        const there = x.at(...(items as [IndexItem]))
        const value = isNumber ? -7 : numbered(there.shape, 100)
        const given = [toDense(x), items.map(toDense), toDense(value)] as never[]
        expect(dense(set(x, items, value))).toEqual(dense(expected.set(...(given as [never, never, never]))))
        expect(dense(addAt(x, items, value))).toEqual(dense(expected.addAt(...(given as [never, never, never]))))
      }),
      cases,
    )
  })

  test('shows what was written there, where no element is meant twice', () => {
    fc.assert(
      fc.property(indexings, ({ shape, items }) => {
        fc.pre(fits({ shape, items }))
        const places = numbered(shape).at(...(items as [IndexItem]))
        fc.pre(new Set(places.data).size === places.size)
        const value = numbered(places.shape, 100)
        const x = set(numbered(shape), items, value)
        expect(dense(x.at(...(items as [IndexItem])))).toEqual(dense(value))
      }),
      cases,
    )
  })

  test('has the same derivatives compiled and for examples of vmap', () => {
    const x = numbered([3, 4, 2])
    const rows = int32([0, -1, 0, 2])
    const f = (x: Tensor, rows: Tensor): Tensor =>
      addAt(set(x, [rows, '::2', 1], x.at(rows, '1::2', 0).mul(2)), [rows, 0], x.at(0, 1))
        .at('...', 0)
        .square()
        .sum()
    const slope = grad(f)
    const wanted = dense(slope(x, rows))
    expect(dense(compile(slope)(x, rows))).toEqual(wanted)
    const examples = vmap((rows: Tensor) => slope(x, rows))(rows.reshape([1, 4]).broadcastTo([2, 4]))
    expect(dense(examples.at(1))).toEqual(wanted)
  })

  test('out of range is an error with its axis in compiled functions too', () => {
    const f = compile((x: Tensor, i: Tensor, j: Tensor) => x.at(i, ':', j))
    const x = numbered([3, 4, 2])
    expect(dense(f(x, int32([0, 2]), int32([1, -1]))).shape).toEqual([2, 4])
    expect(() => f(x, int32([0, 2]), int32([1, 2]))).toThrow(IndexOutOfRangeError)
    expect(() => f(x, int32([0, 2]), int32([1, 2]))).toThrow(
      'index 2, at [1] of the indices, is out of range for axis 2',
    )
  })

  test('leaves what it does not mean as it is: NaN, infinities and the sign of zeros', () => {
    const x = tensor([Number.NaN, -0, Number.POSITIVE_INFINITY, 1]) as Tensor
    for (const y of [set(x, 3, 5), addAt(x, 3, 4), set(x, [[3]], 5), addAt(x, [[3, 3]], 2), set(x, x.equal(1), 5)]) {
      expect([...y.data]).toEqual([Number.NaN, -0, Number.POSITIVE_INFINITY, 5])
    }
  })
})

describe('a mask', () => {
  const x = numbered([2, 3])

  test('is looked at, and refused with the remedy where that cannot be', () => {
    const f = (x: Tensor) => x.at(x.greater(2))
    expect([...f(x).data]).toEqual([3, 4, 5, 6])
    expect(() => compile(f)(x)).toThrow(CompileError)
    expect(() => compile(f)(x)).toThrow('at: the shape of its result depends on elements')
    expect(() => compile(f)(x)).toThrow('maskedSelect(x, mask, { size: 10 })')
    expect(() => vmap((row: Tensor) => row.at(row.greater(2)))(x)).toThrow('where()')
  })

  test('that is written to needs no look where one value is for all', () => {
    const f = (x: Tensor) => addAt(set(x, x.greater(4), 0), [':', tensor([true, false, true])], x.slice(1, 0, 1))
    expect(f(x).toArray()).toEqual([
      [2, 2, 4],
      [8, 0, 4],
    ])
    expect(compile(f)(x).toArray()).toEqual(f(x).toArray())
    const each = (x: Tensor) => set(x, x.greater(4), tensor([7, 8], { dtype: 'float64' }))
    expect(each(x).toArray()).toEqual([
      [1, 2, 3],
      [4, 7, 8],
    ])
    expect(() => compile(each)(x)).toThrow('set: the shape of its result depends on elements')
  })

  test('selects so many in compiled functions and for examples', () => {
    const f = (x: Tensor) => maskedSelect(x, x.greater(2), { size: 3, fill: -1 })
    expect([...compile(f)(x).data]).toEqual([3, 4, 5])
    expect(vmap(f)(x).toArray()).toEqual([
      [3, -1, -1],
      [4, 5, 6],
    ])
    const slope = compile(grad((x: Tensor) => f(x).square().sum()))
    expect([...slope(x).data]).toEqual([0, 0, 6, 8, 10, 0])
  })
})

describe('laws', () => {
  const arrays = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })

  test('rolling back and forth is nothing; the parts of a split are the whole', () => {
    fc.assert(
      fc.property(arrays, fc.integer({ min: -9, max: 9 }), fc.nat(2), fc.nat(3), (shape, shift, k, size) => {
        const x = numbered(shape)
        const axis = k % shape.length
        expect(dense(roll(roll(x, shift, axis), -shift, axis))).toEqual(dense(x))
        expect(dense(roll(roll(x, shift), -shift))).toEqual(dense(x))
        expect(dense(concat(split(x, size + 1, axis), axis))).toEqual(dense(x))
        expect(dense(moveAxis(moveAxis(x, axis, 0), 0, axis))).toEqual(dense(x))
        expect(dense(x.flip([...shape.keys()]).ravel())).toEqual(dense(x.ravel().flip(0)))
      }),
      cases,
    )
  })

  test('four right angles are none, and one by one they come to it', () => {
    const x = numbered([2, 3, 4])
    for (const axes of [
      [0, 1],
      [2, 0],
      [-1, 1],
    ]) {
      let turned = x
      for (let turns = 1; turns <= 4; turns++) {
        turned = rot90(turned, 1, axes)
        expect(dense(rot90(x, turns, axes))).toEqual(dense(turned))
      }
      expect(dense(turned)).toEqual(dense(x))
      expect(dense(rot90(rot90(x, -1, axes), 1, axes))).toEqual(dense(x))
    }
  })

  test('counts in a tensor repeat as those in an array, and a size cuts or fills', () => {
    const x = numbered([3, 2])
    const counts = int32([2, 0, 3])
    const whole = repeatInterleave(x, [2, 0, 3], 0)
    expect(dense(repeatInterleave(x, counts, 0))).toEqual(dense(whole))
    for (const size of [0, 1, 4, 5, 7]) {
      const f = compile((x: Tensor, counts: Tensor) => repeatInterleave(x, counts, 0, { size, fill: -1 }))
      const filled = concat([whole, numbered([9, 2]).mul(0).sub(1)]).slice(0, 0, size)
      expect(dense(f(x, counts))).toEqual(dense(filled))
    }
    expect(() => compile((x: Tensor, n: Tensor) => repeatInterleave(x, n, 0))(x, counts)).toThrow('{ size: 10 }')
  })

  test('what reaches some parts of a split goes back to them alone', () => {
    const x = numbered([5])
    const slope = grad((x: Tensor) => {
      const [a, , c] = split(x, [2, 1, 2])
      return a.sum().add(c.square().sum())
    })(x)
    expect([...slope.data]).toEqual([1, 1, 0, 8, 10])
  })
})

describe('where the shape depends on elements', () => {
  const mask = (shape: number[], ...bits: number[]) => values(shape, bits, 'bool')
  const some = mask([2, 3], 1, 0, 0, 1, 1, 0)
  const calls = {
    at: [
      [random(4), mask([4], 1, 0, 1, 1)],
      [random(2, 2, 3), ':', mask([2, 3], 1, 0, 0, 0, 1, 1)],
      [random(2, 3), mask([2], 0, 1), [0, 2, 2]],
      [random(2, 3, 2), mask([2, 3], 1, 0, 0, 0, 1, 1), indices([3], [0, 1, 0])],
      [random(2, 3), mask([2, 3], 0, 0, 0, 0, 0, 0)],
    ],
    set: [
      [random(3, 4), ['1:', mask([4], 1, 0, 1, 1)], random(2, 1)],
      [random(2, 3), some, random(3)],
    ],
    addAt: [
      [random(3, 4), ['1:', mask([4], 1, 0, 1, 1)], random(2, 1)],
      [random(2, 3), some, random(3)],
    ],
    maskedSelect: [
      [random(2, 3), some],
      [random(3), some],
      [random(2, 1), mask([3], 1, 0, 1)],
    ],
    repeatInterleave: [[random(2, 3), indices([3], [1, 0, 2]), 1]],
  }
  test.each(Object.entries(calls))('%s: values and derivatives to the second order', (name, samples) => {
    const op = functions[name as keyof typeof calls] as unknown as (...args: unknown[]) => Tensor
    for (const sample of samples) {
      const args = materialize(sample)
      const wanted = references[name]!(...args.map(toDense)) as { shape: readonly number[]; data: readonly number[] }
      const got = op(...args)
      expect([[...got.shape], [...got.data]]).toEqual([[...wanted.shape], [...wanted.data]])
      expect(gradcheck(op as never, args as never).verdict).toBe('pass')
    }
  })
})
