import {
  cdist,
  compile,
  cross,
  diag,
  diagonal,
  dot,
  grad,
  hessian,
  kron,
  type Tensor,
  tensor,
  trace,
  tril,
  triu,
} from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

const f64 = { dtype: 'float64' } as const
const vector = (...numbers: number[]): Tensor => tensor(numbers, f64)
const matrix = (...rows: number[][]): Tensor => tensor(rows, f64) as Tensor
const whole = fc.integer({ min: -5, max: 5 })
const square = (n: number) => fc.array(fc.array(whole, { minLength: n, maxLength: n }), { minLength: n, maxLength: n })

describe('laws, exact over integers', () => {
  test('(a kron b)(c kron d) = ac kron bd', () => {
    fc.assert(
      fc.property(square(2), square(3), square(2), square(3), (a, b, c, d) => {
        const [x, y, z, w] = [a, b, c, d].map((rows) => matrix(...rows)) as [Tensor, Tensor, Tensor, Tensor]
        // -0 counts as 0
        const right = kron(x.matmul(z), y.matmul(w)).add(0)
        expect(kron(x, y).matmul(kron(z, w)).add(0).toArray()).toEqual(right.toArray())
      }),
    )
  })

  test('a cross product is orthogonal to its factors, and changes its sign with their order', () => {
    const triple = fc.array(whole, { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(triple, triple, (a, b) => {
        const [x, y] = [vector(...a), vector(...b)]
        const product = cross(x, y)
        expect([dot(product, x).item(), dot(product, y).item()].map(Math.abs)).toEqual([0, 0])
        expect([...product.add(cross(y, x)).data].map(Math.abs)).toEqual([0, 0, 0])
      }),
    )
  })

  test('trace(ab) = trace(ba), and a diagonal comes back', () => {
    fc.assert(
      fc.property(square(3), square(3), fc.integer({ min: -2, max: 2 }), (a, b, offset) => {
        const [x, y] = [matrix(...a), matrix(...b)]
        expect(trace(x.matmul(y)).item()).toBe(trace(y.matmul(x)).item())
        const band = diagonal(x, offset)
        expect(diagonal(diag(band, offset), offset).toArray()).toEqual(band.toArray())
        expect(
          tril(x, offset)
            .add(triu(x, offset + 1))
            .toArray(),
        ).toEqual(a)
        // of what lies transposed in memory, too
        expect(diagonal(x.transpose(), offset).toArray()).toEqual(diagonal(x, -offset).toArray())
      }),
    )
  })
})

describe('distances', () => {
  const orders = [0, 0.5, 1, 1.5, 2, 3, Number.POSITIVE_INFINITY]

  test.each(orders)('p = %d: where rows coincide the derivatives are 0, to the second order', (p) => {
    const b = matrix([1, 2])
    const total = (x: Tensor) => cdist(x, b, { p }).sum()
    const f = compile(total)
    for (const run of [total, (x: Tensor) => f(x)]) {
      expect(run(matrix([1, 2])).item()).toBe(0)
      expect([...grad(run)(matrix([1, 2])).data].map(Math.abs)).toEqual([0, 0])
      expect([...hessian(run)(matrix([1, 2])).data].map(Math.abs)).toEqual([0, 0, 0, 0])
    }
  })

  test.each(orders)('p = %d: an element that coincides has no part in the derivative', (p) => {
    const slope = grad((x: Tensor) => cdist(x, matrix([1, 2]), { p }).sum())(matrix([4, 2]))
    expect(slope.toArray()).toEqual([[p === 0 ? 0 : 1, 0]])
  })

  test('are those of the difference, far out and near', () => {
    for (const size of [1e-300, 1e-8, 1, 1e30, 1e300]) {
      for (const p of orders.slice(1)) {
        const found = cdist(matrix([3 * size, 0]), matrix([0, 4 * size]), { p }).item()
        const wanted = p === Number.POSITIVE_INFINITY ? 4 : (3 ** p + 4 ** p) ** (1 / p)
        expect(found / size / wanted).toBeCloseTo(1, 12)
        const slope = grad((x: Tensor) => cdist(x, matrix([0, 4 * size]), { p }).sum())(matrix([3 * size, 0]))
        const shares = p === Number.POSITIVE_INFINITY ? [0, -1] : [(3 / wanted) ** (p - 1), -((4 / wanted) ** (p - 1))]
        expect([...slope.data]).toEqual(shares.map((share) => expect.closeTo(share, 12)))
      }
    }
    // |a|^2 - 2ab + |b|^2 would have no digit of this left
    expect(cdist(matrix([1e8, 1]), matrix([1e8, 1 + 2 ** -20])).item()).toBe(2 ** -20)
    expect(cdist(tensor([[4096, 1]]), tensor([[4096, 1 + 2 ** -20]])).item()).toBe(2 ** -20)
  })

  test('in the greatest difference, those that tie share the derivative', () => {
    const slope = grad((x: Tensor) => cdist(x, matrix([0, 0]), { p: Number.POSITIVE_INFINITY }).sum())
    expect(slope(matrix([2, -2])).toArray()).toEqual([[0.5, -0.5]])
  })

  test('are infinite or NaN where a difference is', () => {
    for (const p of orders.slice(1)) {
      const at = (x: number) => cdist(matrix([x, 1]), matrix([0, 0]), { p }).item()
      expect([at(Number.NEGATIVE_INFINITY), at(Number.NaN)]).toEqual([Number.POSITIVE_INFINITY, Number.NaN])
    }
  })
})
