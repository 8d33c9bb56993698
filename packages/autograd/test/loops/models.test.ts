import {
  checkpoint,
  compile,
  grad,
  hvp,
  jvp,
  scan,
  stack,
  type Tensor,
  tensor,
  valueAndGrad,
  vmap,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import type { Jet } from './jets.js'
import { as, float64, models, range, spread, vector, type Wrap } from './models.js'

// Held against plain arithmetic on numbers that move, and against closed forms.

const near = (found: Tensor, wanted: readonly number[], within = 1e-11) => {
  const list = Array.from(found.data)
  expect(list.length).toBe(wanted.length)
  list.forEach((x, i) => {
    const error = Math.abs(x - wanted[i]!) / Math.max(1, Math.abs(wanted[i]!))
    expect(error, `element ${i}: ${x} for ${wanted[i]}`).toBeLessThan(within)
  })
}

const allNear = (found: readonly Tensor[], wanted: readonly (readonly number[])[]) => {
  for (const [i, list] of wanted.entries()) near(found[i]!, list)
}

type Loss = (p: Tensor) => Tensor
type All = (p: Tensor, v: Tensor) => readonly [Tensor, Tensor, Tensor, Tensor, Tensor]
/** The value, the gradient, and along a direction the slope and the curvature twice. */
const derivatives =
  (f: Loss): All =>
  (p, v) => {
    const [value, gradient] = valueAndGrad(f)(p)
    const [slope, curvature] = jvp((q: Tensor) => jvp(f, [q], [v])[1] as Tensor, [p], [v])
    return [value as Tensor, gradient, slope, curvature, hvp(f, p, v).mul(v).sum()] as never
  }

describe.each(Object.entries(models))('%s, as a scan', (_, { parameters, looped, plain }) => {
  const n = parameters.length
  const along = spread(n, 7)
  const wanted = (length: number, at: readonly number[], v: readonly number[]) => {
    const jet = (direction: readonly number[]) =>
      plain(
        at.map((x, i): Jet => [x, direction[i]!, 0]),
        length,
      )
    const [value, slope, half] = jet(v)
    const gradient = range(n).map((i) => jet(range(n).map((j) => (i === j ? 1 : 0)))[1])
    return [[value], gradient, [slope], [2 * half], [2 * half]] as const
  }
  const other = parameters.map((x, i) => x * (1 + 0.1 * Math.sin(i)))
  const ways: Record<string, (length: number) => void> = {
    eager: (length) => {
      const found = derivatives((p) => looped(p, length, as))(vector(parameters), vector(along))
      allNear(found, wanted(length, parameters, along))
    },
    compiled: (length) => {
      const step = compile(derivatives((p) => looped(p, length, as)))
      for (const at of [parameters, other]) {
        const found = step(vector(at), vector(along))
        allNear(found, wanted(length, at, along))
      }
    },
    'in checkpoints': (length) => {
      for (const f of [
        (p: Tensor) => looped(p, length, checkpoint as Wrap),
        checkpoint((p: Tensor) => looped(p, length, as)),
      ]) {
        const found = derivatives(f)(vector(parameters), vector(along))
        allNear(found, wanted(length, parameters, along))
      }
    },
    'under vmap': (length) => {
      const both = stack([vector(parameters), vector(other)]) as Tensor
      const all = vmap(derivatives((p) => looped(p, length, as)) as never, { in: [0, null] }) as unknown as All
      for (const way of [all, compile(all)]) {
        const found = way(both, vector(along))
        for (const [i, at] of [parameters, other].entries()) {
          allNear(
            found.map((all) => all.at(i) as Tensor),
            wanted(length, at, along),
          )
        }
      }
    },
  }
  test.each(Object.entries(ways))('%s, has the values and derivatives of plain arithmetic', (_, way) => {
    for (const length of [0, 1, 7]) way(length)
  })
})

describe('a scan has the derivatives of closed forms', () => {
  test("Newton's iteration has those of the root", () => {
    const root = (a: Tensor): Tensor => {
      const step = (x: Tensor) => [x.sub(x.pow(3).sub(a).div(x.square().mul(3))) as Tensor, null] as const
      return scan(step as never, a, null, { length: 40 })[0] as unknown as Tensor
    }
    for (const a of [0.2, 1, 30]) {
      const at = tensor(a, float64) as Tensor
      const of = [[a ** (1 / 3)], [a ** (-2 / 3) / 3], [(-2 / 9) * a ** (-5 / 3)], [(10 / 27) * a ** (-8 / 3)]]
      const [first, second, third] = [grad(root), grad(grad(root)), grad(grad(grad(root)))] as Loss[]
      for (const [i, f] of [root, first!, second!, third!].entries()) {
        near(f(at), of[i]!, 1e-9)
        near(compile(f)(at), of[i]!, 1e-9)
      }
    }
  })

  test('products along a sequence have those of the products of the others, zeros among them too', () => {
    const products = (x: Tensor): Tensor =>
      scan(
        (p: Tensor, each: Tensor) => [p.mul(each), p.mul(each)] as never,
        tensor(1, float64) as Tensor,
        x,
      )[1] as Tensor
    const weights = spread(5, 2)
    const loss = (x: Tensor): Tensor => products(x).mul(vector(weights)).sum() as Tensor
    for (const x of [
      [2, -0.5, 3, 0.25, 1.5],
      [2, 0, 3, 0.25, 1.5],
      [0, 2, 3, 0, 1.5],
    ]) {
      const upTo = (k: number, without: readonly number[]) =>
        range(k + 1).reduce((all, i) => (without.includes(i) ? all : all * x[i]!), 1)
      const sum = (without: readonly number[]) =>
        range(5).reduce((all, k) => (without.every((i) => i <= k) ? all + weights[k]! * upTo(k, without) : all), 0)
      near(
        products(vector(x)),
        range(5).map((k) => upTo(k, [])),
      )
      near(
        grad(loss)(vector(x)),
        range(5).map((i) => sum([i])),
      )
      const along = spread(5, 9)
      const curved = range(5).map((i) =>
        range(5).reduce((all, j) => (i === j ? all : all + along[j]! * sum([i, j])), 0),
      )
      near(hvp(loss, vector(x), vector(along)), curved)
      near(compile((y: Tensor) => hvp(loss, y, vector(along)) as Tensor)(vector(x)), curved)
    }
  })

  test('a pendulum without friction keeps its energy, whose derivatives are those of the start', () => {
    const [g, by] = [9.81, 0.01]
    const energy = (s: Tensor) => s.at(1).square().mul(0.5).sub(s.at(0).cos().mul(g)) as Tensor
    const slope = (s: Tensor) => stack([s.at(1), s.at(0).sin().mul(-g)]) as Tensor
    const step = (s: Tensor) => {
      const k1 = slope(s)
      const k2 = slope(s.add(k1.mul(by / 2)) as Tensor)
      const k3 = slope(s.add(k2.mul(by / 2)) as Tensor)
      const k4 = slope(s.add(k3.mul(by)) as Tensor)
      return [
        s.add(
          k1
            .add(k2.mul(2))
            .add(k3.mul(2))
            .add(k4)
            .mul(by / 6),
        ) as Tensor,
        null,
      ] as const
    }
    const after = (s: Tensor) => energy(scan(step as never, s, null, { length: 500 })[0] as unknown as Tensor)
    const start = vector([1.5, 0.4])
    near(after(start), [0.5 * 0.4 ** 2 - g * Math.cos(1.5)], 1e-7)
    for (const f of [grad(after), compile(grad(after))]) near(f(start), [g * Math.sin(1.5), 0.4], 1e-6)
  })

  test('a Fibonacci number is a product of matrices, in integers', () => {
    const step = ([a, b]: readonly [Tensor, Tensor]) => [[b, a.add(b)], a] as const
    const start = [tensor(0, { dtype: 'int32' }), tensor(1, { dtype: 'int32' })] as const
    const [, all] = scan(step as never, start, null, { length: 12 }) as unknown as [unknown, Tensor]
    expect([all.dtype, ...all.data]).toEqual(['int32', 0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
  })
})
