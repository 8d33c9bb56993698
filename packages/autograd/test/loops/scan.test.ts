import {
  compile,
  customOp,
  GradientError,
  grad,
  hessian,
  hvp,
  jvp,
  ones,
  parameter,
  Random,
  ShapeError,
  scan,
  stack,
  type Tensor,
  tensor,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { explain } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { expectClose } from '../vmap/examples.js'

const float64 = { dtype: 'float64' } as const
const xs: Tensor = tensor([[1, 2], [0.3, -1], [0.5, 0.25]], float64) // biome-ignore format: rows
const w: Tensor = tensor([[0.5, -0.2], [0.1, 0.7]], float64) // biome-ignore format: rows
const start: Tensor = tensor([0.1, 0.2], float64)

type Step = (h: Tensor, x: Tensor) => readonly [Tensor, Tensor]
type Run = (f: Step, h: Tensor, xs: Tensor, reverse: boolean) => readonly [Tensor, Tensor]
const scanned: Run = (f, h, rows, reverse) => scan(f as never, h, rows, { reverse }) as unknown as [Tensor, Tensor]
const unrolled: Run = (f, h, rows, reverse) => {
  const shown: Tensor[] = []
  const length = rows.shape[0]!
  let carry = h
  for (let i = 0; i < length; i++) {
    const at = reverse ? length - 1 - i : i
    const [next, y] = f(carry, rows.at(at) as Tensor)
    carry = next
    shown[at] = y
  }
  return [carry, stack(shown) as Tensor]
}
/** A recurrent network, of weights, a first state and inputs. */
const network =
  (run: Run, reverse: boolean) =>
  (weights: Tensor, h: Tensor, rows: Tensor): Tensor => {
    const step: Step = (before, x) => {
      const next = before.matmul(weights).add(x).tanh() as Tensor
      return [next, next.square() as Tensor]
    }
    const [last, ys] = run(step, h, rows, reverse)
    return last.sin().sum().add(ys.mul(ys.exp()).sum()) as Tensor
  }

const flat = (tree: unknown): Tensor[] => (Array.isArray(tree) ? tree.flatMap(flat) : [tree as Tensor])
const all = { argument: [0, 1, 2] } as const
type Network = (...args: Tensor[]) => Tensor

describe.each([false, true])('a scan (reverse: %s) has the derivatives of the unrolled loop', (reverse) => {
  const derivatives: Record<string, (f: Network) => unknown> = {
    'its value': (f) => f(w, start, xs),
    grad: (f) => grad(f, all)(w, start, xs),
    jvp: (f) => jvp(f, [w, start, xs], [w.mul(2) as Tensor, start.add(1) as Tensor, xs.sin() as Tensor]),
    hessian: (f) => hessian((v: Tensor) => f(v, start, xs))(w),
    'hessian by the rows': (f) => hessian((x: Tensor) => f(w, start, x))(xs),
    hvp: (f) => hvp((v: Tensor) => f(v, start, xs), w, w.sin() as Tensor),
    'grad of grad': (f) =>
      grad((v: Tensor) =>
        grad((h: Tensor) => f(v, h, xs))(start)
          .square()
          .sum(),
      )(w),
    'grad of jvp': (f) => grad((v: Tensor) => jvp((h: Tensor) => f(v, h, xs), [start], [start.cos() as Tensor])[1])(w),
    'jvp of grad': (f) =>
      jvp((v: Tensor, h: Tensor) => grad(f, all)(v, h, xs), [w, start], [w.sin() as Tensor, start.cos() as Tensor]),
    'third order': (f) =>
      grad((h: Tensor) =>
        hessian((v: Tensor) => f(w, v, xs))(h)
          .square()
          .sum(),
      )(start),
  }
  test.each(Object.entries(derivatives))('%s', (_, of) => {
    const wanted = flat(of(network(unrolled, reverse) as Network))
    expectClose(flat(of(network(scanned, reverse) as Network)), wanted)
    const compiled = compile(() => of(network(scanned, reverse) as Network) as Tensor)
    expectClose(flat(compiled()), wanted)
  })

  const turned = (x: Tensor) => stack([x, x.mul(2), x.sub(1)]) as Tensor
  test.each([
    [0, null, null],
    [null, 0, null],
    [null, null, 0],
    [0, 0, 0],
  ])('under vmap, with axes %s, %s, %s', (...axes) => {
    const args = [w, start, xs].map((x, i) => (axes[i] === 0 ? turned(x) : x)) as [Tensor, Tensor, Tensor]
    const options = { in: axes } as { in: (0 | null)[] }
    const each = (run: Run) =>
      vmap(grad(network(run, reverse), all) as never, options) as unknown as (...a: Tensor[]) => unknown
    expectClose(flat(each(scanned)(...args)), flat(each(unrolled)(...args)))
    const outside =
      (run: Run) =>
      (...given: Tensor[]) =>
        (vmap(network(run, reverse) as never, options) as unknown as Network)(...given).sum()
    const wanted = flat(grad(outside(unrolled) as Network, all)(...args))
    expectClose(flat(grad(outside(scanned) as Network, all)(...args)), wanted)
    expectClose(flat(compile(grad(outside(scanned) as Network, all) as never as Network)(...args)), wanted)
  })
})

describe('a scan', () => {
  test('adds to the gradients of parameters that its function refers to', () => {
    const [one, other] = [parameter(w), parameter(w)] as [Tensor, Tensor]
    network(scanned, false)(one, start, xs).backward()
    network(unrolled, false)(other, start, xs).backward()
    expectClose([one.grad], [other.grad])
  })

  test('takes and shows trees, integers among them', () => {
    const step = ({ n, sum }: { n: Tensor<[]>; sum: Tensor<[]> }, [x, k]: [Tensor<[]>, Tensor<[]>]) => {
      const next = { n: n.add(k), sum: sum.add(x.mul(n.cast('float64'))) }
      return [next, { sum: next.sum, index: n }] as const
    }
    const first = { n: tensor(1, { dtype: 'int32' }), sum: tensor(0, float64) }
    const rows = [tensor([1, 2, 3], float64), tensor([1, 2, 4], { dtype: 'int32' })] as [Tensor<[3]>, Tensor<[3]>]
    const [last, shown] = scan(step as never, first, rows) as unknown as [typeof first, { sum: Tensor; index: Tensor }]
    expect([last.n.item(), last.sum.item()]).toEqual([8, 1 * 1 + 2 * 2 + 3 * 4])
    expect(shown.index.dtype).toBe('int32')
    expect([...shown.index.data]).toEqual([1, 2, 4])
    const total = (x: Tensor) => (scan(step as never, first, [x, rows[1]]) as unknown as [typeof first])[0].sum
    expect([...grad(total as never as Network)(rows[0] as never).data]).toEqual([1, 2, 4])
  })

  test('runs no round, one, or so many as are asked for', () => {
    const double = (h: Tensor) => [h.mul(2), h] as const
    const none = scan((h: Tensor, x: Tensor) => [h.mul(x), h.add(x)] as const, start, zeros([0, 2], float64))
    expect([...none[0].data]).toEqual([...start.data])
    expect(`${none[1]}`).toBe('float64[0, 2]')
    expect([...scan(double, start, null, { length: 1 })[0].data]).toEqual([0.2, 0.4])
    expect([...scan(double, start, null, { length: 10 })[0].data]).toEqual([0.1 * 1024, 0.2 * 1024])
    expect([...grad((h: Tensor) => scan(double, h, null, { length: 10 })[0].sum())(start).data]).toEqual([1024, 1024])
  })

  test('nests, and has loops in derivatives of loops', () => {
    const powers =
      (run: Run) =>
      (x: Tensor): Tensor => {
        const inner: Step = (h, row) => [h.mul(row).add(x).sin() as Tensor, h]
        const outer: Step = (h, row) => {
          const [last, shown] = run(inner, h, stack([row, row.mul(h)]) as Tensor, true)
          return [last, shown.sum(0) as Tensor]
        }
        const [last, shown] = run(outer, start, xs, false)
        return last.sum().add(shown.square().sum()) as Tensor
      }
    for (const of of [grad, hessian])
      expectClose([of(powers(scanned))(start) as Tensor], [of(powers(unrolled))(start) as Tensor])
    expectClose([compile(hessian(powers(scanned)))(start) as Tensor], [hessian(powers(unrolled))(start) as Tensor])
  })

  test('draws the numbers that the unrolled loop draws, and the same ones for its derivative', () => {
    const noisy =
      (run: Run, random: Random) =>
      (rows: Tensor): Tensor => {
        const step: Step = (h, x) => {
          const next = h
            .mul(random.normal([2], float64))
            .add(x)
            .add(random.uniform([], float64)) as Tensor
          return [next, next]
        }
        return run(step, start, rows, false)[0].square().sum() as Tensor
      }
    for (const of of [grad, hessian]) {
      const wanted = of(noisy(unrolled, new Random(3)))(xs) as Tensor
      expectClose([of(noisy(scanned, new Random(3)))(xs) as Tensor], [wanted])
      expectClose([compile(of(noisy(scanned, new Random(3))))(xs) as Tensor], [wanted])
    }
  })

  test('runs custom ops that look at elements in each round, and for each example', () => {
    const cube = customOp({
      name: 'cube',
      forward: (x: Tensor) =>
        tensor(
          Array.from(x.data, (e) => e ** 3),
          float64,
        ),
      vjp: (g, [x]) => [
        tensor(
          Array.from(g.data, (e, i) => 3 * e * x.data[i]! ** 2),
          float64,
        ),
      ],
    })
    const total =
      (run: Run) =>
      (h: Tensor): Tensor =>
        run((a, x) => [cube(a.mul(0.5).add(x) as Tensor) as Tensor, a], h, xs, false)[0].sum() as Tensor
    const wanted = [grad(total(unrolled))(start) as Tensor]
    for (const wrap of [(f: Network) => f, (f: Network) => compile(f)]) {
      expectClose([wrap(grad(total(scanned)) as Network)(start)], wanted)
      const both = stack([start, start]) as Tensor
      expectClose(
        [wrap(vmap(grad(total(scanned))) as never as Network)(both)],
        [stack([wanted[0]!, wanted[0]!]) as Tensor],
      )
    }
  })

  test('may have nothing to do in its rounds', () => {
    const row = (_: unknown, x: Tensor) => [[], x.square()] as const
    const [none, squares] = scan(row as never, [], xs) as unknown as [unknown[], Tensor]
    expect(none).toEqual([])
    expectClose([squares], [xs.square() as Tensor])
    const [, same] = scan((_: unknown, x: Tensor) => [null, x] as never, null, xs) as unknown as [null, Tensor]
    expectClose([same], [xs])
    expect(scan(() => [[], null] as never, [], null, { length: 4 })).toEqual([[], null])
  })

  test('has all derivatives by what only goes into what is dear', () => {
    const product =
      (run: Run) =>
      (v: Tensor): Tensor =>
        run((h) => [h.add(v.matmul(start).tanh()).tanh() as Tensor, v], start, xs, false)[0].sum() as Tensor
    const derivatives: ((f: Network) => unknown)[] = [
      (f) => grad(f)(w),
      (f) => hessian(f)(w),
      (f) => jvp(grad(f), [w], [w.cos() as Tensor]),
      (f) => jvp(hessian(f), [w], [w.cos() as Tensor]),
      (f) => grad((v: Tensor) => jvp(f, [v], [w.cos() as Tensor])[1])(w),
    ]
    for (const of of derivatives) {
      const wanted = flat(of(product(unrolled)))
      expectClose(flat(of(product(scanned))), wanted)
      expectClose(flat(compile(() => of(product(scanned)) as Tensor)()), wanted)
    }
  })

  test('gives what all examples have in common beside what differs', () => {
    const count = tensor(1, { dtype: 'int32' })
    const each =
      (run: Run) =>
      (rows: Tensor, v: Tensor): Tensor => {
        const common = v.sin() as Tensor
        const step: Step = (n, x) => [n.add(x.sum().cast('int32')) as Tensor, common]
        return run(step, count as Tensor, rows, false)[1]
          .square()
          .sum()
          .add(rows.sum()) as Tensor
      }
    const mapped = (run: Run) => (v: Tensor) =>
      vmap(each(run), { in: [0, null] })(stack([xs, xs.mul(2)]) as never, v as never).sum() as Tensor
    for (const of of [
      (f: Network) => grad(f)(w),
      (f: Network) => jvp(grad(f), [w], [w.cos() as Tensor]),
      (f: Network) => hessian(f)(w),
    ]) {
      expectClose(flat(of(mapped(scanned))), flat(of(mapped(unrolled))))
    }
  })

  test('is told in a line', () => {
    const total = scan((h: Tensor, x: Tensor) => [h.mul(x), null] as const, parameter(start), xs)[0].sum()
    expect(explain(total)).toContain('scan(p1, c1, 3 rounds)')
  })

  test('is one node whatever its length, and a program that is as large', () => {
    const decay = (h: Tensor, x: Tensor) => [h.mul(0.9).add(x), null] as const
    const total = (rows: Tensor) => scan(decay, zeros([2], float64), rows)[0].sum()
    const sizes = [10, 1000].map((length) => {
      const compiled = compile(grad(total))
      compiled(ones([length, 2], float64) as Tensor)
      return compiled.explain().split('\n').length
    })
    expect(sizes[0]).toBe(sizes[1])
    const gradient = grad(total)(ones([1000, 2], float64))
    expect(gradient.data[0]).toBeCloseTo(0.9 ** 999, 12)
    expect(gradient.data[1999]).toBe(1)
  })
})

describe('what a scan cannot be', () => {
  const keep = (h: Tensor) => [h, null] as const
  test('is refused by the place and with a remedy', () => {
    expect(() => scan((h: Tensor, x: Tensor) => [stack([h, x]), null] as const, start, xs)).toThrow(ShapeError)
    expect(() => scan((h: { a: Tensor }) => [{ a: h.a.cast('float32') }, null] as const, { a: start }, xs)).toThrow(
      'scan: carry.a is float64[2], but the function returned float32[2] for it',
    )
    expect(() => scan((h: { a: Tensor }) => [{ b: h.a }, null] as const, { a: start }, xs)).toThrow('carry.b')
    expect(() => scan(keep, start, [xs, ones([4])])).toThrow('xs[1] is float32[4] and has 4 rows, but xs[0] has 3')
    expect(() => scan(keep, start, xs, { length: 4 })).toThrow('but length is 4')
    expect(() => scan(keep, start, tensor(1))).toThrow('which has no rows')
    expect(() => scan((i: number) => [i + 1, null] as never, 0 as never, xs)).toThrow(
      'scan: carry is 0, and no tensor: it would not change; make it one with tensor(...), or close over it.',
    )
    expect(() => scan((h: Tensor) => [{ h, n: 1 }, null] as never, { h: start } as never, xs)).toThrow(
      'returned.n is 1',
    )
    expect(() => scan((h: Tensor) => [h, { n: 2 }] as never, start, xs)).toThrow(
      'the y that the function returned.n is 2',
    )
    expect(() => scan(keep, start, [1, 2, 3] as never)).toThrow('scan: xs[0] is 1, and no tensor')
    expect(() => scan(keep, start, null)).toThrow('give { length }')
    expect(() => scan(((h: Tensor) => h) as never, start, xs)).toThrow('return [carry, y]')
    expect(() => scan((h: Tensor) => (h.sum().item() > 0 ? [h, null] : [h.neg(), null]) as never, start, xs)).toThrow(
      'where()',
    )
    expect(() => scan((async (h: Tensor) => [h, null]) as never, start, xs)).toThrow('async')
    expect(() => scan(keep, start, xs, { reversed: true } as never)).toThrow('reverse')
  })

  test('effects on tensors from outside are refused, and nothing has changed', () => {
    const p = parameter(start)
    const during = (effect: (h: Tensor) => unknown) => () =>
      scan(
        (h: Tensor) => {
          effect(h)
          return [h, null] as const
        },
        start,
        xs,
      )
    expect(during((h) => p.assign(h as Tensor<[2]>))).toThrow(GradientError)
    expect(during((h) => p.assign(h as Tensor<[2]>))).toThrow('gives another value to float64[2]')
    expect(during((h) => p.mul(h).sum().backward())).toThrow('backward')
    expect([p.hasGrad, ...p.data]).toEqual([false, 0.1, 0.2])
  })

  test('an index out of range is said with its round, eagerly and compiled', () => {
    const table = tensor([1, 2, 3], float64)
    const walk = (places: Tensor) =>
      scan(
        (h: Tensor, k: Tensor) => [h.add(table.indexSelect(k)), null] as never,
        tensor(0, float64),
        places,
      )[0] as Tensor
    const places = (at: number, length: number) =>
      tensor(
        Array.from({ length }, (_, i) => (i === at ? 7 : i % 3)),
        { dtype: 'int32' },
      ) as Tensor
    for (const run of [walk, compile(walk)]) {
      for (const length of [5, 5000]) {
        expect(() => run(places(3, length))).toThrow(`round 3 of ${length}`)
        expect(() => run(places(3, length))).toThrow('7')
        expect(Number.isFinite(run(places(-1, length)).item())).toBe(true)
      }
    }
  })

  test('a derivative of what the function does not do any more', () => {
    let factor = 2
    const run = (h: Tensor) => {
      const [last] = scan((a: Tensor) => [a.mul(factor), null] as const, h, null, { length: 3 })
      factor = 3
      return last.sum()
    }
    expect(() => grad(run)(start)).toThrow('does something else now than when it ran')
  })
})
