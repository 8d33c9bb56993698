import {
  ArgumentError,
  CompileError,
  checkpoint,
  compile,
  cond,
  customOp,
  GradientError,
  grad,
  hessian,
  jvp,
  parameter,
  Random,
  ShapeError,
  scan,
  stack,
  type Tensor,
  tensor,
  verify,
  vmap,
  type WhileOptions,
  whileLoop,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { difference, ways } from '../compile/harness.js'

const float64 = { dtype: 'float64' } as const
const int32 = { dtype: 'int32' } as const
const scalar = (x: number): Tensor => tensor(x, float64)
const int = (n: number): Tensor => tensor(n, int32)
const w: Tensor = tensor([[0.5, -0.2], [0.1, 0.7]], float64) // biome-ignore format: rows
const start: Tensor = tensor([0.3, -0.4], float64)

type Run = typeof whileLoop
/** The same written as a user would without it. */
const plain = ((test: (carry: unknown) => Tensor, body: (carry: unknown) => unknown, carry: unknown) => {
  let state = carry
  while (test(state).item()) state = body(state)
  return state
}) as never as Run

type Over = (f: (x: Tensor) => unknown, rows: Tensor) => unknown
/** For many examples at once, and for one after the other. */
const mapped: Over = (f, rows) => vmap(f as never)(rows as never) as unknown
const oneByOne: Over = (f, rows) => {
  const found = Array.from({ length: rows.shape[0]! }, (_, i) => [f(rows.at(i))].flat() as Tensor[])
  const columns = found[0]!.map((_, j) => stack(found.map((row) => row[j]!)) as Tensor)
  return columns.length === 1 ? columns[0] : columns
}

/** One after the other in a scan, which traces it. */
const overRounds: Over = (f, rows) => scan((none: Tensor, x: Tensor) => [none, f(x)] as const, scalar(0), rows)[1]
const inScan = (f: (x: Tensor) => Tensor, rows: Tensor): Tensor => overRounds(f, rows) as Tensor
/** Ways to run a function of each row. */
const eachWay: Record<string, (f: (x: Tensor) => Tensor, all: Tensor) => Tensor> = {
  'one by one': (f, all) => stack(Array.from({ length: all.shape[0]! }, (_, i) => f(all.at(i)))),
  'one by one, compiled': (f, all) => {
    const compiled = compile(f)
    return stack(Array.from({ length: all.shape[0]! }, (_, i) => compiled(all.at(i))))
  },
  'in a scan': inScan,
  'in a compiled scan': (f, all) => compile((rows: Tensor) => inScan(f, rows))(all),
  'under vmap': (f, all) => vmap(f)(all as never) as Tensor,
  'under vmap, compiled': (f, all) => compile((rows: Tensor) => vmap(f)(rows as never) as Tensor)(all),
  'compiled, under vmap': (f, all) => vmap(compile(f))(all as never) as Tensor,
  'in a scan of vmap': (f, all) =>
    (
      scan((none: Tensor) => [none, vmap(f)(all as never)] as const, scalar(0), null, {
        length: 2,
      })[1] as unknown as Tensor
    ).at(1),
  'in a scan under vmap': (f, all) =>
    vmap((x: Tensor) => inScan(f, stack([x]) as Tensor).at(0))(all as never) as Tensor,
}
const each = Object.entries(eachWay)

describe.each(each)('whileLoop %s', (_, run) => {
  test('finds square roots by Newton, with the derivatives of the square root', () => {
    const root = (a: Tensor): Tensor =>
      whileLoop(
        (x) => x.square().sub(a).abs().greater(a.mul(1e-13)),
        (x) => x.add(a.div(x)).mul(0.5),
        a.mul(1) as Tensor,
        { bound: 40 },
      )
    const numbers = [4, 9, 0.25, 2, 1234.5]
    const all = tensor(numbers, float64) as Tensor
    const close = (of: (f: typeof root) => (x: Tensor) => Tensor, f: (x: number) => number) => {
      Array.from(run(of(root), all).data).forEach((x, i) => {
        expect(Math.abs(x / f(numbers[i]!) - 1)).toBeLessThan(1e-6)
      })
    }
    close((f) => f, Math.sqrt)
    close(
      (f) => grad(f),
      (x) => 0.5 / Math.sqrt(x),
    )
    close(
      (f) => grad(grad(f)),
      (x) => -0.25 * x ** -1.5,
    )
    close(
      (f) => (a) => jvp(f, [a], [scalar(2)])[1],
      (x) => 1 / Math.sqrt(x),
    )
  })

  test('counts with integers: Collatz and Euclid', () => {
    const collatz = (n: Tensor): Tensor =>
      whileLoop(
        ([m]) => m.greater(1),
        ([m, steps]) => {
          const isOdd = m.remainder(2).equal(1)
          return [
            cond(
              isOdd,
              (k: Tensor) => k.mul(3).add(1),
              (k: Tensor) => k.div(2).cast('int32'),
              m,
            ),
            steps.add(1),
          ]
        },
        [n, int(0)],
        { bound: 120 },
      )[1]
    expect([...run(collatz, tensor([1, 27, 6, 97, 2], int32)).data]).toEqual([0, 111, 8, 118, 1])
    const divisor = (pair: Tensor): Tensor =>
      whileLoop(
        ({ b }) => b.notEqual(0),
        ({ a, b }) => ({ a: b, b: a.remainder(b) }),
        { a: pair.at(0) as Tensor, b: pair.at(1) as Tensor },
        { bound: 30 },
      ).a
    const pairs = tensor([[48, 36], [17, 5], [7, 0], [0, 7], [832040, 514229]], int32) as Tensor // biome-ignore format: rows
    expect([...run(divisor, pairs).data]).toEqual([12, 1, 7, 7, 1])
    expect(run(divisor, pairs).dtype).toBe('int32')
  })

  test('runs nothing where the test does not hold at first, and as many rounds as the bound', () => {
    const count = (n: Tensor): Tensor =>
      whileLoop(
        (k) => k.less(n),
        (k) => k.add(1),
        int(0),
        { bound: 4 },
      )
    expect([...run(count, tensor([0, 4, 1, -3, 2], int32)).data]).toEqual([0, 4, 1, 0, 2])
    expect([
      ...run(
        (n) =>
          grad((x: Tensor) =>
            whileLoop(
              (h) => h.less(n),
              (h) => h.mul(3),
              x,
              { bound: 4 },
            ),
          )(scalar(1)),
        tensor([0.5, 1.5, 81], float64),
      ).data,
    ]).toEqual([1, 3, 81])
  })

  test('an index that is out of range after the last round is not looked up', () => {
    const table: Tensor = tensor([1, 2, 4, 8], float64)
    const sumOf =
      (values: Tensor) =>
      (n: Tensor): Tensor =>
        whileLoop(
          ({ i }) => i.less(n),
          ({ i, sum }) => ({ i: i.add(1), sum: sum.add(values.indexSelect(i)) }),
          { i: int(0), sum: scalar(0) },
          { bound: 9 },
        ).sum
    const ns = tensor([4, 2, 0, 3], int32) as Tensor
    expect([...run(sumOf(table), ns).data]).toEqual([15, 3, 0, 7])
    expect([...grad((values: Tensor) => run(sumOf(values), ns).sum())(table).data]).toEqual([3, 3, 2, 1])
    expect(() => run(sumOf(table), tensor([1, 5], int32))).toThrow('index 4')
  })

  test('is an error where the bound is reached, and only where it is', () => {
    const halve = (x: Tensor): Tensor =>
      whileLoop(
        (y) => y.greater(1),
        (y) => y.div(2),
        x,
        { bound: 6 },
      )
    expect([...run(halve, tensor([64, 1, 40], float64)).data]).toEqual([1, 1, 0.625])
    for (const of of [halve, grad(halve), (x: Tensor) => jvp(halve, [x], [x])[1] as Tensor]) {
      expect(() => run(of, tensor([64, 65, 1], float64))).toThrow(ArgumentError)
      expect(() => run(of, tensor([64, 65, 1], float64))).toThrow('whileLoop: its test still holds after 6 rounds')
    }
    // and not where another branch is taken
    const guarded = (x: Tensor) => cond(x.lessEqual(64), halve, (y: Tensor) => y.neg(), x)
    expect([...run(guarded, tensor([64, 65, 1], float64)).data]).toEqual([1, -65, 1])
    expect([...run(grad(guarded), tensor([64, 65, 1], float64)).data]).toEqual([1 / 64, -1, 1])
    const other = (x: Tensor) => cond(x.greater(64), halve, (y: Tensor) => y.neg(), x)
    expect(() => run(other, tensor([64, 65, 1], float64))).toThrow('6 rounds')
  })

  test('verify looks at rounds that count', () => {
    const positive = (y: Tensor) =>
      verify(y, ([e]) => {
        if (e! <= 1) throw new RangeError(`saw ${e}`)
      })
    const down =
      (by: number) =>
      (x: Tensor): Tensor =>
        whileLoop(
          (y) => y.greater(by),
          (y) => {
            positive(y)
            return y.sub(1)
          },
          x,
          { bound: 9 },
        )
    expect([...run(down(1), tensor([3.5, 1, 9, -2], float64)).data]).toEqual([0.5, 1, 1, -2])
    expect(() => run(down(0.25), tensor([3.5, 0.1], float64))).toThrow('saw 0.5')
    expect(() => run(down(0.25), tensor([0.1, 3.5], float64))).toThrow(RangeError)
  })
})

describe('what is in no round that counts', () => {
  /** Each becomes NaN or infinite, in value or derivative, in the round after the last. */
  const bodies: Record<string, (x: Tensor, w: Tensor) => Tensor> = {
    'a quotient by 0': (x, v) => v.div(x),
    'the root of what is negative': (x, v) => x.sub(0.5).sqrt().mul(v),
    'a logarithm of 0': (x, v) => x.log().mul(v),
    'a product of infinities': (x, v) => x.reciprocal().mul(v.matmul(v.mul(x.reciprocal()))),
    'the slope of a root at 0': (x, v) => x.sqrt().mul(v),
    'a rule that knows nothing of zeros': (x, v) => careless(x).mul(v),
  }
  const careless = customOp({
    name: 'careless',
    forward: (x: Tensor) =>
      tensor(
        Array.from(x.data, (e) => 1 / e),
        float64,
      ).reshape(x.shape) as Tensor,
    vjp: (g, [x]) => [g.div(x.square()).neg() as Tensor],
    jvp: ([d], [x]) => d.div(x.square()).neg() as Tensor,
  })
  const loop =
    (run: Run, f: (x: Tensor, v: Tensor) => Tensor) =>
    (x: Tensor, v: Tensor): Tensor =>
      run(
        ({ y }) => y.greater(0.5),
        ({ y, sum }) => ({ y: y.sub(1), sum: sum.mul(0.5).add(f(y, v)) }),
        { y: x, sum: v.mul(0) as Tensor },
        { bound: 7 },
      )
        .sum.square()
        .sum() as Tensor
  const [x, v] = [scalar(3), start]
  const xs: Tensor = tensor([3, 1, 5, 0, 2], float64)
  const byBoth = { argument: [0, 1] } as const
  type Loss = (x: Tensor, v: Tensor) => Tensor
  const derivatives: Record<string, (f: Loss) => unknown> = {
    values: (f) => f(x, v),
    grad: (f) => grad(f, byBoth)(x, v),
    jvp: (f) => jvp(f, [x, v], [scalar(2), v.sin() as Tensor]),
    'second order': (f) => [hessian((u: Tensor) => f(x, u))(v), hessian((y: Tensor) => f(y, v))(x)],
    'grad of jvp': (f) => grad((u: Tensor) => jvp((y: Tensor) => f(y, u), [x], [scalar(2)])[1])(v),
  }
  /** The same for examples that need different numbers of rounds, 0 among them. */
  const overExamples: Record<string, (f: Loss, all: (f: (x: Tensor) => unknown) => unknown) => unknown> = {
    'their values': (f, all) => all((y) => f(y, v)),
    'their gradients': (f, all) => all((y) => grad(f, byBoth)(y, v)),
    'their second derivatives': (f, all) => all((y) => hessian((u: Tensor) => f(y, u))(v)),
    'their tangents': (f, all) => all((y) => jvp(f, [y, v], [scalar(2), v.sin() as Tensor])),
    'the gradient of all': (f, all) => grad((u: Tensor) => (all((y) => f(y, u)) as Tensor).sin().sum())(v),
    'the second derivative of all': (f, all) => hessian((u: Tensor) => (all((y) => f(y, u)) as Tensor).sin().sum())(v),
  }
  describe.each(Object.entries(bodies))('%s', (name, body) => {
    // a rule that looks at elements has no derivative of its own there
    const isOnce = name.startsWith('a rule')
    test.each(Object.entries(derivatives))('is in no derivative: %s', (order, of) => {
      if (isOnce && (order === 'second order' || order === 'grad of jvp')) return
      const wanted = of(loop(plain, body))
      expect(difference(of(loop(whileLoop, body)), wanted, 1e-10)).toBeNull()
      expect(difference(compile(() => of(loop(whileLoop, body)) as Tensor)(), wanted, 1e-10)).toBeNull()
      for (const [, wrap] of isOnce ? [] : ways) {
        expect(difference(wrap(() => of(loop(whileLoop, body)) as Tensor)(), wanted, 1e-10)).toBeNull()
      }
    })
    test.each(Object.entries(overExamples))('is in no derivative of others: %s', (order, of) => {
      if (isOnce && order.includes('second')) return
      const wanted = of(loop(plain, body), (g) => oneByOne(g, xs))
      const f = loop(whileLoop, body)
      expect(
        difference(
          of(f, (g) => mapped(g, xs)),
          wanted,
          1e-10,
        ),
      ).toBeNull()
      expect(difference(compile(() => of(f, (g) => mapped(g, xs)) as Tensor)(), wanted, 1e-10)).toBeNull()
      expect(
        difference(
          of(f, (g) => overRounds(g, xs)),
          wanted,
          1e-10,
        ),
      ).toBeNull()
      expect(difference(compile(() => of(f, (g) => overRounds(g, xs)) as Tensor)(), wanted, 1e-10)).toBeNull()
    })
  })
})

interface Kit {
  readonly loop: Run
  readonly scan: (
    f: (h: Tensor, x: Tensor) => readonly [Tensor, Tensor],
    h: Tensor,
    xs: Tensor,
  ) => readonly [Tensor, Tensor]
  readonly over: Over
}
const ours: Kit = {
  loop: whileLoop,
  scan: (f, h, xs) => scan(f as never, h, xs) as unknown as [Tensor, Tensor],
  over: mapped,
}
const inJavaScript: Kit = {
  loop: plain,
  scan: (f, h, xs) => {
    let carry = h
    const shown = Array.from({ length: xs.shape[0]! }, (_, i) => {
      const [next, y] = f(carry, xs.at(i))
      carry = next
      return y
    })
    return [carry, stack(shown) as Tensor]
  },
  over: oneByOne,
}

type Loss = (v: Tensor, h: Tensor) => Tensor
const all = { argument: [0, 1] } as const
const ws = stack([w, w.mul(1.5), w.mul(0.1)]) as Tensor
const derivatives: Record<string, (f: Loss, over: Over) => unknown> = {
  values: (f) => f(w, start),
  grad: (f) => grad(f, all)(w, start),
  jvp: (f) => jvp(f, [w, start], [w.sin() as Tensor, start.cos() as Tensor]),
  hessian: (f) => [hessian((v: Tensor) => f(v, start))(w), hessian((h: Tensor) => f(w, h))(start)],
  'grad of jvp': (f) => grad((v: Tensor) => jvp((h: Tensor) => f(v, h), [start], [start.cos() as Tensor])[1])(w),
  'jvp of grad': (f) =>
    jvp((v: Tensor, h: Tensor) => grad(f, all)(v, h), [w, start], [w.sin() as Tensor, start.cos() as Tensor]),
  'third order': (f) => jvp((h: Tensor) => hessian((u: Tensor) => f(w, u))(h), [start], [start.cos() as Tensor]),
  'vmap of grad': (f, over) => over((v) => grad(f, all)(v, start), ws),
  'grad of vmap': (f, over) => grad((h: Tensor) => (over((v) => f(v, h), ws) as Tensor).sin().sum())(start),
  'grad of vmap by what is shared': (f, over) =>
    grad(
      (v: Tensor, h: Tensor) =>
        (over((s) => f(v.mul(s) as Tensor, h), tensor([1, 1.5, 0.1], float64)) as Tensor).sin().sum(),
      all,
    )(w, start),
  'vmap of vmap': (f, over) =>
    over((v) => over((h) => grad(f, { argument: 1 })(v, h), stack([start, start.mul(3)]) as Tensor), ws),
  'hessian of vmap': (f, over) => hessian((h: Tensor) => (over((v) => f(v, h), ws) as Tensor).sum())(start),
}

const programs: Record<string, (kit: Kit) => Loss> = {
  'integers and floats':
    ({ loop }) =>
    (v, h) => {
      const { x, n } = loop(
        ({ x: y }) => y.square().sum().greater(0.01),
        ({ x: y, n: k }) => ({ n: k.add(1), x: y.matmul(v).tanh().mul(0.9) }),
        { x: h, n: int(0) },
        { bound: 25 },
      )
      return x.mul(n.cast('float64').add(1)).sin().sum() as Tensor
    },
  'one in the other':
    ({ loop }) =>
    (v, h) =>
      loop(
        ({ k }) => k.less(3),
        ({ k, x }) => ({
          k: k.add(1),
          x: loop(
            (y) => y.square().sum().greater(0.02),
            (y) => y.matmul(v).mul(0.8),
            x.add(h.mul(k.cast('float64'))) as Tensor,
            { bound: 20 },
          ),
        }),
        { k: int(0), x: h },
        { bound: 5 },
      )
        .x.exp()
        .sum() as Tensor,
  'a loop in it, and it in a scan':
    ({ loop, scan: rounds }) =>
    (v, h) => {
      const twice = (y: Tensor): Tensor =>
        rounds((z, x) => [z.matmul(v).mul(x.add(0.7)) as Tensor, z], y, tensor([0, 0.1], float64))[0]
      const inner = (x: Tensor): Tensor => loop((y) => y.square().sum().greater(0.03), twice, x, { bound: 15 })
      const [last, shown] = rounds(
        (c, x) => [inner(c.add(x) as Tensor), c.sin() as Tensor],
        h,
        stack([h, h.mul(2)]) as Tensor,
      )
      return last.exp().sum().add(shown.sum()) as Tensor
    },
  'branches in it, and it in a branch':
    ({ loop }) =>
    (v, h) => {
      const next = (y: Tensor): Tensor =>
        cond(
          y.at(0).greater(y.at(1)),
          (z: Tensor) => z.matmul(v) as Tensor,
          (z: Tensor) => z.mul(0.5).sub(z.sin().mul(v.at(0)).mul(0.3)) as Tensor,
          y,
        )
      const small = (x: Tensor): Tensor =>
        loop((y) => y.square().sum().greater(0.02), next, x, { bound: 30 })
          .exp()
          .sum() as Tensor
      return cond(h.sum().add(v.sum()).less(1.3), small, (x: Tensor) => x.matmul(v).sum() as Tensor, h)
    },
  'checkpoints in it, and it in a checkpoint':
    ({ loop }) =>
    (v, h) => {
      const next = checkpoint((y: Tensor) => y.matmul(v).tanh().mul(0.9) as Tensor)
      const small = (x: Tensor): Tensor =>
        loop((y) => y.square().sum().greater(0.02), next, x, { bound: 30 })
          .cos()
          .sum() as Tensor
      return checkpoint(small)(h.mul(1.5) as Tensor)
    },
  'derivatives and examples in it':
    ({ loop, over }) =>
    (v, h) =>
      loop(
        (y) => y.square().sum().greater(0.02),
        (y) => {
          const slope = grad((z: Tensor) => z.matmul(v).matmul(z).add(z.square().square().sum()))(y)
          const rows = over((row) => row.mul(y).sum(), v) as Tensor
          return y.sub(slope.mul(0.2)).add(rows.mul(0.05))
        },
        h,
        { bound: 40 },
      )
        .exp()
        .sum() as Tensor,
}

describe.each(Object.entries(programs))('whileLoop with %s', (_, program) => {
  test.each(Object.entries(derivatives))('is the JavaScript loop: %s', (_order, of) => {
    const wanted = of(program(inJavaScript), oneByOne)
    expect(difference(of(program(ours), mapped), wanted, 1e-9)).toBeNull()
    expect(difference(compile(() => of(program(ours), mapped) as Tensor)(), wanted, 1e-9)).toBeNull()
  })
})

describe('whileLoop', () => {
  test('runs the rounds that count, and no more', () => {
    let calls = 0
    const counted = customOp({
      name: 'counted',
      forward: (x: Tensor) => {
        calls++
        return tensor(x.item() * 0.5, float64)
      },
      vjp: (g) => [g.mul(0.5)],
    })
    const small = (x: Tensor): Tensor => whileLoop((y) => y.greater(1), counted, x, { bound: 1000 })
    const compiled = compile(small)
    compiled(scalar(4))
    for (const f of [small, compiled]) {
      calls = 0
      expect(f(scalar(40)).item()).toBe(0.625)
      expect(calls).toBe(6)
    }
  })

  test('draws the numbers that the JavaScript loop draws', () => {
    const sample =
      (run: Run, generator: Random) =>
      (low: Tensor): Tensor => {
        const { x, sum } = run(
          ({ x: y }) => y.less(low.add(generator.uniform([], float64).mul(0.01))),
          ({ sum: s }) => {
            const y = generator.uniform([], float64) as Tensor
            return { x: y, sum: s.add(y.mul(low)) }
          },
          { x: scalar(0), sum: low.mul(1) as Tensor },
          { bound: 400 },
        )
        return x.add(sum) as Tensor
      }
    const low = scalar(0.9)
    for (const of of [(f: (x: Tensor) => Tensor) => f(low), (f: (x: Tensor) => Tensor) => grad(f)(low)]) {
      const wanted = of(sample(plain, new Random(5)))
      expect(difference(of(sample(whileLoop, new Random(5))), wanted, 1e-12)).toBeNull()
      const compiled = new Random(5)
      expect(difference(compile(() => of(sample(whileLoop, compiled)))(), wanted, 1e-12)).toBeNull()
    }
    // examples draw their own, and each stops by itself
    const generator = new Random(5)
    const many = vmap((x: Tensor) =>
      whileLoop(
        (y) => y.less(x),
        () => generator.uniform([], float64) as Tensor,
        scalar(0),
      ),
    )
    const lows = tensor([0, 0.5, 0.9, 0.99], float64)
    const drawn = many(lows as never) as unknown as Tensor
    expect(drawn.data[0]).toBe(0)
    Array.from(lows.data).forEach((least, i) => {
      expect(drawn.data[i]).toBeGreaterThanOrEqual(least)
    })
  })

  test('is a program of one size, whatever its bound', () => {
    const program = (bound: number) => {
      const compiled = compile(
        grad((x: Tensor) =>
          whileLoop(
            (y) => y.greater(1),
            (y) => y.div(2),
            x,
            { bound },
          ),
        ),
      )
      expect(compiled(scalar(5)).item()).toBe(0.125)
      return compiled.explain().split('\n').length
    }
    expect(program(1000)).toBe(program(10))
  })

  test('needs no bound where the test is known, also for examples', () => {
    const f = (x: Tensor): Tensor =>
      whileLoop(
        (y) => y.less(100),
        (y) => y.mul(y),
        x,
      )
    expect(f(scalar(3)).item()).toBe(6561)
    expect(grad(f)(scalar(3)).item()).toBe(8 * 3 ** 7)
    expect([...(vmap(grad(f))(tensor([3, 200, 2], float64) as never) as Tensor).data]).toEqual([
      8 * 3 ** 7,
      1,
      8 * 2 ** 7,
    ])
    // a branch that is not taken need not come to an end
    const guarded = (x: Tensor) => cond(x.greater(1), f, (y: Tensor) => y.neg(), x)
    expect([...(vmap(guarded)(tensor([3, 0.5, 1], float64) as never) as Tensor).data]).toEqual([6561, -0.5, -1])
    expect([...(vmap((x: Tensor) => f(x))(tensor([], float64) as never) as Tensor).data]).toEqual([])
  })

  test('refuses what it cannot be, by the place and with a remedy', () => {
    const below = (y: Tensor) => y.less(9)
    const up = (y: Tensor) => y.add(1)
    const zero = scalar(0)
    for (const bound of [0, -1, 1.5, Number.NaN, Infinity, '3', 2 ** 31] as never[]) {
      expect(() => whileLoop(below, up, zero, { bound })).toThrow(ArgumentError)
      expect(() => whileLoop(below, up, zero, { bound })).toThrow('whileLoop: bound is')
    }
    expect(() => whileLoop(below, up, zero, { maxIterations: 3 } as WhileOptions)).toThrow('bound')
    const runs: ((f: () => Tensor) => unknown)[] = [
      (f) => f(),
      (f) => compile(f)(),
      (f) => inScan(f, zero.reshape([1]) as Tensor),
    ]
    for (const run of runs) {
      const refused = (test: unknown, body: unknown, carry: unknown) =>
        expect(() => run(() => whileLoop(test as never, body as never, carry as never, { bound: 9 }) as Tensor))
      refused(() => true, up, zero).toThrow(
        'the test returned true; return a bool tensor of shape [], such as n.less(10)',
      )
      refused((y: Tensor) => y, up, zero).toThrow('the test returned float64[]')
      refused((y: Tensor) => y.expandDims(0).less(9), up, zero).toThrow('bool[1]')
      refused(below, (y: Tensor) => y.expandDims(0), zero).toThrow(ShapeError)
      refused(below, (y: Tensor) => y.expandDims(0), zero).toThrow(
        'carry is float64[], but the body returned float64[1] for it',
      )
      refused(
        ({ a }: { a: Tensor }) => below(a),
        ({ a }: { a: Tensor }) => ({ a: a.cast('float32') }),
        { a: zero },
      ).toThrow('whileLoop: carry.a is float64[], but the body returned float32[] for it')
      refused(
        ([a]: Tensor[]) => below(a!),
        ([a]: Tensor[]) => [a],
        [zero, zero],
      ).toThrow('carry[1] is float64[], but the body returned none')
      refused(
        ([a]: Tensor[]) => below(a!),
        ([a]: Tensor[]) => [a, a],
        [zero],
      ).toThrow('returned carry[1] (float64[]), which the first carry has not')
      refused(
        ([a]: Tensor[]) => below(a!),
        ([a]: Tensor[]) => [a, 3],
        [zero, zero],
      ).toThrow('[1] is 3, and no tensor')
      refused(
        ({ a }: { a: Tensor }) => below(a),
        (c: unknown) => c,
        { a: zero, n: 3 },
      ).toThrow('carry.n is 3')
      refused(below, async (y: Tensor) => y, zero).toThrow('async')
    }
    // which round it was
    const later = (y: Tensor) => (y.item() > 2 ? y.expandDims(0) : y.add(1))
    expect(() => whileLoop(below, later, zero)).toThrow('It was in round 3, from 0 on')
    const assigned = parameter(zero)
    const once = (y: Tensor) => [assigned.assign(y as never), y][1] as Tensor
    for (const run of runs.slice(1)) {
      expect(() => run(() => whileLoop(below, once, zero, { bound: 3 }))).toThrow(GradientError)
    }
    expect(assigned.item()).toBe(0)
  })

  test('needs no bound in a compiled function, but where something is kept of each round', () => {
    const f = (x: Tensor): Tensor =>
      whileLoop(
        ({ y }) => y.less(1e6),
        ({ y, n }) => ({ y: y.mul(1.01).add(x.mul(1e-3)), n: n.add(1) }),
        { y: x, n: int(0) },
      ).y
    for (const [, wrap] of ways) {
      expect(difference(wrap(f)(scalar(3)), f(scalar(3)), 1e-9)).toBeNull()
      const along = (x: Tensor) => jvp(f, [x], [scalar(1)])
      expect(difference(wrap(along)(scalar(3)), along(scalar(3)), 1e-9)).toBeNull()
      const twice = (x: Tensor) =>
        jvp((z: Tensor) => jvp((y: Tensor) => f(y.square() as Tensor), [z], [z])[1], [x], [x])
      expect(difference(wrap(twice)(scalar(3)), twice(scalar(3)), 1e-9)).toBeNull()
      const many = (xs: Tensor) => vmap((x: Tensor) => jvp(f, [x], [x]))(xs as never)
      const xs = tensor([3, 1e7, 40], float64) as Tensor
      expect(difference(wrap(many)(xs), many(xs), 1e-9)).toBeNull()
    }
    expect(compile(f)(scalar(2e6)).item()).toBe(2e6)
    const compiled = compile(f)
    compiled(scalar(1))
    expect(compiled.explain()).toContain('any number of rounds')

    const generator = new Random(1)
    const refused: Record<string, () => Tensor> = {
      'in reverse mode': compile(() => grad(f)(scalar(3))),
      'in reverse mode, of tangents': compile(() =>
        grad((t: Tensor) => jvp(f, [scalar(3)], [t])[1] as Tensor)(scalar(1)),
      ),
      'in another loop': () => inScan(f, scalar(3).reshape([1]) as Tensor),
      'with random numbers': compile(() =>
        whileLoop(
          (y) => y.less(9),
          (y) => y.add(generator.uniform([], float64)),
          scalar(0),
        ),
      ),
      'with verify': compile(() =>
        whileLoop(
          (y) => y.less(9),
          (y) => {
            verify(y, () => undefined)
            return y.add(1)
          },
          scalar(0),
        ),
      ),
    }
    for (const run of Object.values(refused)) {
      expect(run).toThrow(CompileError)
      expect(run).toThrow('whileLoop: how many rounds there will be is not known')
      expect(run).toThrow('give { bound }')
    }
  })

  test('ends with its last round, whatever the bound', () => {
    const rounds = { bound: 2 ** 30 }
    const f = (x: Tensor): Tensor =>
      whileLoop(
        (y) => y.less(100),
        (y) => y.mul(3),
        x,
        rounds,
      )
    for (const [, wrap] of ways) expect(wrap(f)(scalar(2)).item()).toBe(162)
    // what is kept of rounds that do not run is not looked at, from either end
    const slopes = vmap(
      grad((x: Tensor) =>
        whileLoop(
          (y) => y.less(100),
          (y) => y.square().mul(x),
          x,
          { bound: 500 },
        ),
      ),
    )
    const xs = tensor([3, 200, 2], float64) as Tensor
    const wanted = [7 * 3 ** 6, 1, 7 * 2 ** 6]
    for (const run of [slopes, compile(slopes)] as ((all: Tensor) => Tensor)[]) {
      Array.from(run(xs).data).forEach((slope, i) => {
        expect(Math.abs(slope / wanted[i]! - 1)).toBeLessThan(1e-12)
      })
    }
  })
})
