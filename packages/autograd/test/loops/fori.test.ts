import {
  ArgumentError,
  compile,
  fori,
  GradientError,
  grad,
  hessian,
  jvp,
  parameter,
  ShapeError,
  stack,
  type Tensor,
  tensor,
  vmap,
} from '@adjoint/autograd'
import { explain } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { difference, ways } from '../compile/harness.js'

const float64 = { dtype: 'float64' } as const
const int32 = { dtype: 'int32' } as const
const w: Tensor = tensor([[0.5, -0.2], [0.1, 0.7]], float64) // biome-ignore format: rows
const start: Tensor = tensor([0.3, -0.4], float64)

type Run = typeof fori
const inJavaScript = ((from: number, to: number, body: (i: Tensor<[]>, carry: unknown) => unknown, carry: unknown) => {
  let state = carry
  for (let i = from; i < to; i++) state = body(tensor(i, int32), state)
  return state
}) as never as Run

/** Polynomials of weights, whose terms depend on the round. */
const series =
  (run: Run) =>
  (v: Tensor, h: Tensor): Tensor =>
    run(
      -1,
      4,
      (i, { sum, x }: { sum: Tensor; x: Tensor }) => ({
        x: x.matmul(v).tanh(),
        sum: sum.add(x.mul(i.cast('float64').add(0.5))),
      }),
      { x: h, sum: h.mul(0) as Tensor },
    )
      .sum.square()
      .sum() as Tensor

describe('fori', () => {
  const all = { argument: [0, 1] } as const
  const derivatives: Record<string, (f: (v: Tensor, h: Tensor) => Tensor) => unknown> = {
    values: (f) => f(w, start),
    grad: (f) => grad(f, all)(w, start),
    jvp: (f) => jvp(f, [w, start], [w.sin() as Tensor, start.cos() as Tensor]),
    hessian: (f) => hessian((v: Tensor) => f(v, start))(w),
    'grad of jvp': (f) => grad((v: Tensor) => jvp((h: Tensor) => f(v, h), [start], [start.cos() as Tensor])[1])(w),
    'vmap of grad': (f) => vmap(grad(f, all), { in: [0, null] })(stack([w, w.mul(2)]) as never, start as never),
    'grad of vmap': (f) =>
      grad((h: Tensor) => (vmap((v: Tensor) => f(v, h))(stack([w, w.mul(2)]) as never) as Tensor).sum())(start),
    nested: (f) => grad((v: Tensor) => fori(0, 3, (i, x: Tensor) => x.mul(f(v, x).add(i).tanh()), start).sum())(w),
  }
  test.each(Object.entries(derivatives))('equals the JavaScript loop: %s', (_, of) => {
    const wanted = of(series(inJavaScript))
    expect(difference(of(series(fori)), wanted, 1e-10)).toBeNull()
    for (const [, wrap] of ways) {
      expect(difference(wrap(() => of(series(fori)) as Tensor)(), wanted, 1e-10)).toBeNull()
    }
  })

  test('counts with an int32 tensor, from any integer, and not at all where there is nothing to count', () => {
    const digits = (from: number, to: number) =>
      fori(from, to, (i, n: Tensor<[]>) => n.mul(10).add(i), tensor(0, int32)) as Tensor
    for (const run of [digits, (from: number, to: number) => compile(() => digits(from, to))()]) {
      expect(run(1, 5).item()).toBe(1234)
      expect(run(-2, 1).item()).toBe(-210)
      expect(run(3, 4).item()).toBe(3)
      expect([run(3, 3).item(), run(3, -3).item()]).toEqual([0, 0])
      expect(run(3, 4).dtype).toBe('int32')
    }
    const largest = 2 ** 31 - 1
    expect(fori(largest - 2, largest, (i) => i, tensor(0, int32)).item()).toBe(largest - 1)
    expect(grad((x: Tensor<[]>) => fori(5, 0, (_, y: Tensor<[]>) => y.exp(), x))(tensor(3)).item()).toBe(1)
  })

  test('is one node, whatever the number of rounds', () => {
    const run = (rounds: number) => fori(0, rounds, (_, h: Tensor) => h.mul(0.9), parameter(start)).sum()
    expect(explain(run(1000)).split('\n').length).toBe(explain(run(10)).split('\n').length)
    expect(fori(0, 1000, (_, n: Tensor<[]>) => n.add(1), tensor(0, int32)).item()).toBe(1000)
  })

  test('refuses what it cannot be, by the place and with a remedy', () => {
    const keep = (_: Tensor, h: Tensor) => h
    for (const bad of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31, '3', tensor(3, int32)] as never[]) {
      expect(() => fori(0, bad, keep, start)).toThrow(ArgumentError)
      expect(() => fori(bad, 3, keep, start)).toThrow('fori: from is')
    }
    expect(() => fori(0, tensor(3, int32) as never, keep, start)).toThrow('whileLoop')
    expect(() => fori(0, 3, (_, h: { a: Tensor }) => ({ a: h.a.sum() }), { a: start })).toThrow(ShapeError)
    expect(() => fori(0, 3, (_, h: { a: Tensor }) => ({ a: h.a.sum() }), { a: start })).toThrow(
      'fori: carry.a is float64[2], but the function returned float64[] for it',
    )
    expect(() => fori(0, 3, (i, _: Tensor) => i, tensor(1, float64) as Tensor)).toThrow('int32[]')
    expect(() => fori(0, 3, ((_: Tensor, h: Tensor[]) => [h[0]]) as never, [start, start])).toThrow('carry[1]')
    expect(() => fori(0, 3, (_, h) => h, { a: start, n: 3 } as never)).toThrow('carry.n is 3')
    expect(() => fori(0, 3, (() => 3) as never, start)).toThrow('returned is 3, and no tensor')
    const p = parameter(start)
    expect(() => fori(0, 3, (_, h: Tensor) => [p.assign(h as never), h][1] as Tensor, start)).toThrow(GradientError)
    expect(() => fori(0, 3, (_, h: Tensor) => [p.assign(h as never), h][1] as Tensor, start)).toThrow('fori:')
  })
})
