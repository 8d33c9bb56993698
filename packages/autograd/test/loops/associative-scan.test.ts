import {
  ArgumentError,
  AxisError,
  associativeScan,
  cumProd,
  cumSum,
  grad,
  hessian,
  jvp,
  ones,
  ShapeError,
  scan,
  stack,
  type Tensor,
  tensor,
  vmap,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { difference, ways } from '../compile/harness.js'

const float64 = { dtype: 'float64' } as const
const wave = (...shape: number[]): Tensor => {
  const size = shape.reduce((a, b) => a * b, 1)
  return tensor(
    Array.from({ length: size }, (_, i) => Math.sin(1.3 * i + 0.4) + 1.2),
    float64,
  ).reshape(shape) as Tensor
}

type Pair = readonly [Tensor, Tensor]
const times = (a: Tensor, b: Tensor): Tensor => a.mul(b) as Tensor
/** Functions h -> a h + b, one after the other. */
const follow = ([a, b]: Pair, [c, d]: Pair): Pair => [a.mul(c) as Tensor, c.mul(b).add(d) as Tensor]
const product = (a: Tensor, b: Tensor): Tensor => a.matmul(b) as Tensor

const recurrence = (a: Tensor, b: Tensor): Tensor => associativeScan(follow, [a, b] as Pair)[1]
const byRounds = (a: Tensor, b: Tensor): Tensor =>
  scan(
    (h: Tensor, [c, d]: Pair) => {
      const next = h.mul(c).add(d) as Tensor
      return [next, next] as const
    },
    b.at(0).mul(0) as Tensor,
    [a, b] as never,
  )[1] as unknown as Tensor
const products = (x: Tensor): Tensor => associativeScan(product, x)
const oneByOne = (x: Tensor): Tensor => {
  const all = [x.at(0) as Tensor]
  for (let i = 1; i < x.shape[0]!; i++) all.push(all.at(-1)!.matmul(x.at(i)) as Tensor)
  return stack(all) as Tensor
}

describe('associativeScan', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 100])('gives all prefixes of %i elements', (n) => {
    const numbers = Array.from({ length: n }, (_, i) => ((i * 7) % 5) - 2)
    const x: Tensor = tensor(numbers, { dtype: 'int32' })
    let total = 0
    const wanted = numbers.map((e) => (total += e))
    const add = (a: Tensor, b: Tensor) => a.add(b) as Tensor
    expect([...associativeScan(add, x).data]).toEqual(wanted)
    expect(associativeScan(add, x).dtype).toBe('int32')
    let behind = 0
    const reversed = numbers
      .toReversed()
      .map((e) => (behind += e))
      .toReversed()
    expect([...associativeScan(add, x, { reverse: true }).data]).toEqual(reversed)
    const last = (_: Tensor, b: Tensor) => b
    expect([...associativeScan(last, x).data]).toEqual(numbers)
    const first = (a: Tensor, _: Tensor) => a
    expect([...associativeScan(first, x).data]).toEqual(numbers.map(() => numbers[0]))
    expect([...associativeScan(first, x, { reverse: true }).data]).toEqual(numbers.map(() => numbers.at(-1)))
  })

  test('keeps the order of what does not commute, from either end', () => {
    const x = wave(6, 2, 2).sub(1) as Tensor
    expect(difference(products(x), oneByOne(x), 1e-12)).toBeNull()
    // from behind, the later one is given first
    const reversed = associativeScan(product, x, { reverse: true })
    expect(difference(reversed, oneByOne(x.flip(0) as Tensor).flip(0), 1e-12)).toBeNull()
  })

  test('goes along any axis, and over trees whose tensors differ in rank', () => {
    const x = wave(2, 5, 3)
    for (const axis of [0, 1, 2, -1, -2]) {
      const wanted = cumProd(x, axis) as Tensor
      expect(difference(associativeScan(times, x, { axis }), wanted, 1e-12)).toBeNull()
    }
    const tree = { a: wave(5, 2), b: [wave(5)] }
    const sums = associativeScan(
      (p: { a: Tensor; b: Tensor[] }, q: { a: Tensor; b: Tensor[] }) => ({
        b: [p.b[0]!.add(q.b[0]!)],
        a: p.a.mul(q.a),
      }),
      tree,
    )
    expect(difference(sums.a, cumProd(tree.a, 0), 1e-12)).toBeNull()
    expect(difference(sums.b[0], cumSum(tree.b[0]!, 0), 1e-12)).toBeNull()
  })

  test('calls the function about twice the logarithm of the length, on at most twice as many elements', () => {
    for (const n of [1, 2, 3, 1000, 1024, 1025]) {
      let [calls, elements] = [0, 0]
      associativeScan(
        (a: Tensor, b: Tensor) => {
          calls++
          elements += a.size
          return a.add(b) as Tensor
        },
        ones([n]) as Tensor,
      )
      expect(calls).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(n)))
      expect(elements).toBeLessThanOrEqual(2 * n)
      expect(elements).toBeGreaterThanOrEqual(n - 1)
    }
  })

  const [a, b, x] = [wave(7), wave(7).cos() as Tensor, wave(5, 2, 2).sub(1) as Tensor]
  const derivatives: Record<string, (f: typeof recurrence, g: typeof products) => unknown> = {
    values: (f, g) => [f(a, b), g(x)],
    grad: (f, g) => [
      grad((p: Tensor, q: Tensor) => f(p, q).sin().sum(), { argument: [0, 1] })(a, b),
      grad((y: Tensor) => g(y).sin().sum())(x),
    ],
    jvp: (f, g) => [jvp(f, [a, b], [a.sin() as Tensor, b.exp() as Tensor]), jvp(g, [x], [x.cos() as Tensor])],
    hessian: (f, g) => [
      hessian((p: Tensor) => f(p, b).square().sum())(a),
      hessian((y: Tensor) => g(y).square().sum())(x),
    ],
    'grad of jvp': (f) => grad((p: Tensor) => jvp((q: Tensor) => f(p, q).sin().sum(), [b], [b.exp() as Tensor])[1])(a),
    'vmap of grad': (f, g) => [
      vmap(
        grad((p: Tensor, q: Tensor) => f(p, q).sin().sum()),
        { in: [0, null] },
      )(stack([a, a.mul(0.5)]) as never, b as never),
      vmap(grad((y: Tensor) => g(y).sin().sum()))(stack([x, x.mul(0.5)]) as never),
    ],
    'grad of vmap': (f) =>
      grad((q: Tensor) => (vmap((p: Tensor) => f(p, q))(stack([a, a.sin()]) as never) as Tensor).cos().sum())(b),
    'in a scan': (f, g) =>
      grad(
        (p: Tensor, y: Tensor) => {
          const [last] = scan(
            (h: Tensor, row: Tensor) => [f(h.tanh() as Tensor, row), null] as const,
            p,
            stack([b, b.mul(0.3), b.sin()]),
          )
          const [other] = scan((h: Tensor) => [g(h.tanh() as Tensor), null] as const, y, null, { length: 3 })
          return last.sum().add(other.sum())
        },
        { argument: [0, 1] },
      )(a, x),
  }
  test.each(Object.entries(derivatives))('equals one round after the other: %s', (_, of) => {
    const wanted = of(byRounds, oneByOne)
    expect(difference(of(recurrence, products), wanted, 1e-9)).toBeNull()
    for (const [, wrap] of ways) {
      expect(difference(wrap(() => of(recurrence, products) as Tensor)(), wanted, 1e-9)).toBeNull()
    }
  })

  test('refuses what it cannot take, by the place', () => {
    const pair = { a: wave(3), b: wave(4) }
    const keep = (p: Tensor) => p
    expect(() => associativeScan(keep as never, pair)).toThrow(ShapeError)
    expect(() => associativeScan(keep as never, pair)).toThrow(
      'xs.b is float64[4] and has 4 elements along axis 0, but xs.a has 3',
    )
    expect(() => associativeScan(keep, tensor(1))).toThrow(AxisError)
    expect(() => associativeScan(keep, tensor(1))).toThrow('no axis to go along')
    expect(() => associativeScan(keep, wave(3), { axis: 1 })).toThrow('axis 1')
    expect(() => associativeScan(keep as never, [])).toThrow('no tensor')
    expect(() => associativeScan(keep as never, { a: wave(3), n: 2 } as never)).toThrow(ArgumentError)
    expect(() => associativeScan(keep as never, { a: wave(3), n: 2 } as never)).toThrow('xs.n is 2')
    expect(() => associativeScan((p: Tensor) => p.sum(), wave(4))).toThrow(
      'xs is float64[2], but the function returned float64[] for it',
    )
    expect(() => associativeScan((p: Tensor) => p.cast('float32'), wave(4))).toThrow('float32[2]')
    expect(() => associativeScan((({ a }: { a: Tensor }) => ({ c: a })) as never, { a: wave(4) })).toThrow('xs.c')
    expect(() => associativeScan((async (p: Tensor) => p) as never, wave(4))).toThrow('async')
  })
})
