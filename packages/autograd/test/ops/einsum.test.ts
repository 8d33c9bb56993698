import { compile, einsum, grad, jacobian, type Tensor, tensor, vmap } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contractionOrder } from '../../src/ops/contraction-order.js'
import { type Dense, indicesOf, toDense } from './dense.js'
import { products } from './references-products.js'

type Einsum = (subscripts: string, ...operands: readonly Tensor[]) => Tensor
const summed = einsum as Einsum

/** Subscripts and operands that fit; integers, so that sums are exact in any order. */
interface Problem {
  readonly text: string
  readonly operands: readonly Dense[]
}

const letters = 'abcdE'
const problem = (most: number, spelled: fc.Arbitrary<boolean>): fc.Arbitrary<Problem> =>
  fc
    .record({
      sizes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: letters.length, maxLength: letters.length }),
      terms: fc.array(fc.array(fc.constantFrom(...letters), { maxLength: 4 }), { minLength: 1, maxLength: most }),
      seed: fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 7, maxLength: 7 }),
      ones: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
      order: fc.shuffledSubarray([...letters]),
      spelled,
    })
    .map(({ sizes, terms, seed, ones, order, spelled }) => {
      const operands = terms.map((term, i): Dense => {
        // an axis of size 1 stretches where its letter stands once in the term
        const shape = term.map((letter, axis) =>
          ones[(i + axis) % ones.length] && term.indexOf(letter) === term.lastIndexOf(letter) && axis === i % 4
            ? 1
            : sizes[letters.indexOf(letter)]!,
        )
        return { shape, data: indicesOf(shape).map((_, at) => seed[(at * (i + 2) + i) % seed.length]!) }
      })
      const there = order.filter((letter) => terms.some((term) => term.includes(letter)))
      const left = terms.map((term) => term.join('')).join(',')
      return { text: spelled ? `${left}->${there.join('')}` : left, operands }
    })

/** As numbers, -0 as 0: whether a sum of nothing but -0 begins with 0 is left open. */
const numbersOf = (x: Tensor): Dense => {
  const { shape, data } = toDense(x) as Dense
  return { shape, data: data.map((number) => number + 0) }
}

const tensorOf = ({ shape, data }: Dense): Tensor =>
  tensor([...data], { dtype: 'float64' }).reshape([...shape]) as Tensor

describe('einsum', () => {
  test('is one loop over all letters, in any order of contraction', () => {
    fc.assert(
      fc.property(problem(4, fc.boolean()), ({ text, operands }) => {
        expect(numbersOf(summed(text, ...operands.map(tensorOf)))).toEqual(products.einsum(text, ...operands))
      }),
      { numRuns: 300 },
    )
  })

  test('does not depend on the order of the operands', () => {
    fc.assert(
      fc.property(problem(4, fc.constant(true)), ({ text, operands }) => {
        const [left, right] = text.split('->') as [string, string]
        const turned = `${left.split(',').reverse().join(',')}->${right}`
        const straight = summed(text, ...operands.map(tensorOf))
        expect(numbersOf(summed(turned, ...operands.map(tensorOf).reverse()))).toEqual(numbersOf(straight))
      }),
    )
  })

  test('permutes its result as the letters of the result are permuted', () => {
    fc.assert(
      fc.property(problem(3, fc.constant(true)), ({ text, operands }) => {
        const [left, right] = text.split('->') as [string, string]
        const backwards = [...right].reverse().join('')
        const tensors = operands.map(tensorOf)
        const axes = [...right].map((_, axis) => right.length - 1 - axis)
        expect(numbersOf(summed(`${left}->${backwards}`, ...tensors))).toEqual(
          numbersOf(summed(text, ...tensors).permute(axes)),
        )
      }),
    )
  })

  test('is linear in each operand: its Jacobian is the product of the others', () => {
    fc.assert(
      fc.property(problem(3, fc.constant(true)), ({ text, operands }) => {
        const [first, ...rest] = operands.map(tensorOf) as [Tensor, ...Tensor[]]
        const f = (x: Tensor) => summed(text, x, ...rest)
        const size = first.size
        const slopes = jacobian(f)(first).reshape([-1, size]) as Tensor
        expect(numbersOf(slopes.matmul(first.reshape([size]) as Tensor))).toEqual(numbersOf(f(first).reshape([-1])))
      }),
      { numRuns: 50 },
    )
  })

  test('is the same compiled, and over examples', () => {
    fc.assert(
      fc.property(problem(3, fc.constant(true)), ({ text, operands }) => {
        const tensors = operands.map(tensorOf)
        const f = (...xs: Tensor[]) => summed(text, ...xs)
        const straight = f(...tensors)
        expect(numbersOf(compile(f)(...tensors))).toEqual(numbersOf(straight))
        const twice = tensors.map((x) => x.expandDims(0).broadcastTo([2, ...x.shape]) as Tensor)
        expect(numbersOf((vmap(f)(...twice) as Tensor).at(1))).toEqual(numbersOf(straight))
      }),
      { numRuns: 30 },
    )
  })

  test("takes any number of axes for '...'", () => {
    const a = tensorOf({ shape: [2, 1, 3, 2], data: indicesOf([2, 1, 3, 2]).map((_, i) => i) })
    const b = tensorOf({ shape: [2, 3, 2], data: indicesOf([2, 3, 2]).map((_, i) => i - 4) })
    for (const text of ['...ij,...ij', '...i,...i->...', 'i...,i...->...i', '...,...']) {
      expect(numbersOf(summed(text, a, b))).toEqual(products.einsum(text, ...([a, b].map(numbersOf) as Dense[])))
    }
  })

  test('finds the cheapest of all orders', () => {
    const cost = (
      factors: readonly string[],
      result: string,
      sizes: ReadonlyMap<string, number>,
      order: readonly (readonly [number, number])[],
    ): number => {
      const made = [...factors]
      const used = new Set<number>()
      let total = 0
      for (const pair of order) {
        const inside = [...new Set(pair.map((position) => made[position]!).join(''))]
        for (const position of pair) used.add(position)
        const outside = made.filter((_, at) => !used.has(at)).join('') + result
        const size = (list: readonly string[]) => list.reduce((product, letter) => product * sizes.get(letter)!, 1)
        const kept = inside.filter((letter) => outside.includes(letter))
        total += size(inside) + size(kept)
        made.push(kept.join(''))
      }
      return total
    }
    type Order = readonly (readonly [number, number])[]
    function* orders(left: readonly number[], next: number): Generator<Order> {
      if (left.length === 1) yield []
      for (const [n, j] of left.entries()) {
        for (const i of left.slice(0, n)) {
          const others = left.filter((at) => at !== i && at !== j)
          for (const rest of orders([...others, next], next + 1)) yield [[i, j], ...rest]
        }
      }
    }
    fc.assert(
      fc.property(
        fc.array(fc.uniqueArray(fc.constantFrom(...'abcdef'), { minLength: 1, maxLength: 3 }), {
          minLength: 3,
          maxLength: 5,
        }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 6, maxLength: 6 }),
        (terms, dims) => {
          // what nobody else names is summed over before
          const isNamed = (letter: string) =>
            'af'.includes(letter) || terms.filter((term) => term.includes(letter)).length > 1
          const factors = terms.map((term) => term.filter(isNamed).join(''))
          const sizes = new Map([...'abcdef'].map((letter, i) => [letter, dims[i]!]))
          const found = cost(factors, 'af', sizes, contractionOrder(factors, 'af', sizes))
          const least = Math.min(
            ...[...orders([...factors.keys()], factors.length)].map((order) => cost(factors, 'af', sizes, order)),
          )
          expect(found).toBe(least)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('of many operands, makes none of the large products that the order of writing would make', () => {
    const rows = Array.from(
      { length: 12 },
      () =>
        tensor(
          [
            [1, 2],
            [0, 1],
          ],
          { dtype: 'float64' },
        ) as Tensor,
    )
    const names = 'abcdefghijklm'
    const chain = `${rows.map((_, i) => names.slice(i, i + 2)).join(',')}->am`
    expect(summed(chain, ...rows).toArray()).toEqual([
      [1, 24],
      [0, 1],
    ])
    const vectors = Array.from({ length: 30 }, () => tensor([1, 2, 3], { dtype: 'float64' }) as Tensor)
    const alone = [...'abcdefghijklmnopqrstuvwxyzABCD'].join(',')
    expect(summed(`${alone}->`, ...vectors).item()).toBe(6 ** 30)
  })

  test('a row of NaN that the loss leaves out leaves gradients as they are', () => {
    const x = tensor(
      [
        [1, 2],
        [Number.NaN, 1],
      ],
      { dtype: 'float64' },
    ) as Tensor
    const w = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { dtype: 'float64' },
    ) as Tensor
    const loss = (p: Tensor) => summed('ij,jk->ik', x, p).at(0).sum()
    expect(grad(loss)(w).toArray()).toEqual([
      [1, 1],
      [2, 2],
    ])
  })
})
