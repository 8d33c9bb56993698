import { inspect } from 'node:util'
import {
  compile,
  customOp,
  GradientError,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  noGrad,
  parameter,
  type Tensor,
  tensor,
  verify,
  vjp,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

type F = (x: Tensor) => Tensor
type Rule = { vjp?: (g: Tensor, x: Tensor, y: Tensor) => Tensor; jvp?: (dx: Tensor, x: Tensor, y: Tensor) => Tensor }

const f64 = { dtype: 'float64' } as const
const at = (...numbers: number[]): Tensor => tensor(numbers, f64)
/** A function of elements, as it stands in a rule: it looks at them. */
const elements =
  (f: (...x: number[]) => number, read = (x: Tensor): Iterable<number> => x.data) =>
  (...tensors: Tensor[]): Tensor => {
    const columns = tensors.map((x) => [...read(x)])
    return at(...columns[0]!.map((_, i) => f(...columns.map((column) => column[i]!))))
  }
const sine = (rule: Rule): F =>
  customOp({
    name: 'sine',
    forward: elements(Math.sin) as F,
    ...(rule.vjp && { vjp: (g: Tensor, [x]: [Tensor], y: Tensor) => [rule.vjp!(g, x, y)] }),
    ...(rule.jvp && { jvp: ([dx]: [Tensor], [x]: [Tensor], y: Tensor) => rule.jvp!(dx, x, y) }),
  }) as F

const buffer = at(0, 0, 0)
const timesCosine = elements((g, x) => g * Math.cos(x))
const cosine = elements(Math.cos)
const reads: Record<string, (x: Tensor) => Iterable<number>> = {
  data: (x) => x.data,
  'toArray()': (x) => x.toArray() as number[],
  'item()': (x) => [0, 1, 2].map((i) => (x.at(i) as Tensor<[]>).item()),
  'Number()': (x) => [0, 1, 2].map((i) => Number(x.at(i))),
  'toPlain()': (x) => x.toPlain().data,
  'JSON.stringify()': (x) => JSON.parse(JSON.stringify(x)).data,
}

// Everything is asked at one point, eagerly and compiled, and compared with closed forms of s = sin.
const x = at(0.5, -1.25, 2)
const v = at(1, 0.5, -2)
const [c, s] = [Math.cos, Math.sin].map((f) => [...x.data].map(f)) as [number[], number[]]
const [dx, n] = [[...v.data], 3]
const diagonal = (d: number[]) => d.map((entry, i) => Array.from({ length: n }, (_, j) => (i === j ? entry : 0)))
const total = (f: F) => (y: Tensor) => f(y).sum() as Tensor<[]>
const slope = (f: F): F => grad(total(f)) as F

const ways: Record<string, <G extends (...args: never[]) => unknown>(g: G) => G> = {
  eager: (g) => g,
  compiled: compile,
}

/** First derivatives by mode: what they give. */
const first: Record<'reverse' | 'forward', Record<string, [(f: F, at: Tensor) => Tensor, unknown]>> = {
  reverse: {
    grad: [(f, y) => slope(f)(y), c],
    vjp: [(f, y) => vjp(f, y)[1](v)[0], c.map((entry, i) => entry * dx[i]!)],
    jacobian: [(f, y) => jacobian(f, { mode: 'reverse' })(y), diagonal(c)],
    'inside noGrad': [(f, y) => noGrad(() => slope(f)(y)), c],
    'grad of a longer program': [(f, y) => slope((z) => f(z).square())(y), c.map((entry, i) => 2 * s[i]! * entry)],
  },
  forward: {
    jvp: [(f, y) => jvp(f, [y], [v])[1], c.map((entry, i) => entry * dx[i]!)],
    linearize: [(f, y) => linearize(f, y)[1](v), c.map((entry, i) => entry * dx[i]!)],
    jacobian: [(f, y) => jacobian(f, { mode: 'forward' })(y), diagonal(c)],
    'inside noGrad': [(f, y) => noGrad(() => jvp(f, [y], [v])[1]), c.map((entry, i) => entry * dx[i]!)],
  },
}
const curvature = s.map((entry) => -entry)
/** Second derivatives, by all ways to them. */
const second: Record<string, [(f: F, at: Tensor) => Tensor, unknown]> = {
  hvp: [(f, y) => hvp(total(f), y, v), curvature.map((entry, i) => entry * dx[i]!)],
  hessian: [(f, y) => hessian(total(f))(y), diagonal(curvature)],
  'grad of grad': [(f, y) => slope(slope(f))(y), curvature],
  'vjp of grad': [(f, y) => vjp(slope(f), y)[1](v)[0], curvature.map((entry, i) => entry * dx[i]!)],
  'jvp of grad': [(f, y) => jvp(slope(f), [y], [v])[1], curvature.map((entry, i) => entry * dx[i]!)],
  'jacobian of grad': [(f, y) => jacobian(slope(f))(y), diagonal(curvature)],
  'forward jacobian of grad': [(f, y) => jacobian(slope(f), { mode: 'forward' })(y), diagonal(curvature)],
  'jvp of vjp': [
    (f, y) => jvp((z: Tensor) => vjp(f, z)[1](v)[0], [y], [v])[1],
    curvature.map((entry, i) => entry * dx[i]! ** 2),
  ],
  'grad of jvp': [(f, y) => slope((z) => jvp(f, [z], [v])[1])(y), curvature.map((entry, i) => entry * dx[i]!)],
  'linearize of grad': [(f, y) => linearize(slope(f), y)[1](v), curvature.map((entry, i) => entry * dx[i]!)],
  'linearize of jvp': [
    (f, y) => linearize((z: Tensor) => jvp(f, [z], [v])[1], y)[1](v),
    curvature.map((entry, i) => entry * dx[i]! ** 2),
  ],
  'jvp of linearize': [
    (f, y) => jvp((z: Tensor) => linearize(f, z)[1](v), [y], [v])[1],
    curvature.map((entry, i) => entry * dx[i]! ** 2),
  ],
  'jvp of jvp': [
    (f, y) => jvp((z: Tensor) => jvp(f, [z], [v])[1], [y], [v])[1],
    curvature.map((entry, i) => entry * dx[i]! ** 2),
  ],
  'sum of a forward jacobian, differentiated': [
    (f, y) => slope((z) => jacobian(f, { mode: 'forward' })(z) as Tensor)(y),
    curvature,
  ],
  'a penalty on a gradient': [
    (f, y) => slope((z) => slope(f)(z).square())(y),
    c.map((entry, i) => 2 * entry * curvature[i]!),
  ],
}

const expectClose = (found: Tensor, wanted: unknown): void => {
  const flat = (tree: unknown): number[] => (Array.isArray(tree) ? tree.flatMap(flat) : [tree as number])
  const numbers = flat(found.toArray())
  const expected = flat(wanted)
  expect(numbers).toHaveLength(expected.length)
  numbers.forEach((number, i) => {
    expect(number).toBeCloseTo(expected[i]!, 9)
  })
}
const expectRefused = (act: () => unknown, says: RegExp): void => {
  expect(act).toThrow(GradientError)
  expect(act).toThrow(says)
}

describe.each(Object.entries(ways))('a custom op whose rules look at elements, %s', (_, wrap) => {
  const ask = (derivative: (f: F, at: Tensor) => Tensor, f: F) => () => wrap((y: Tensor) => derivative(f, y))(x)

  describe.each(Object.entries(reads))('by %s', (_how, read) => {
    const both = elements((g, y) => g * Math.cos(y), read)
    test('is right to first order in the modes that its rules give, and refused in the other and beyond', () => {
      const byVjp = sine({ vjp: (g, y) => both(g, y) })
      expectClose(ask((f, y) => slope(f)(y), byVjp)(), c)
      expectRefused(
        ask((f, y) => jvp(f, [y], [v])[1], byVjp),
        /sine: its vjp rule looks.*give customOp a jvp rule for forward/,
      )
      expectRefused(
        ask((f, y) => slope(slope(f))(y), byVjp),
        /sine: its vjp rule looks.*once differentiable.*tensor ops/,
      )
      const byJvp = sine({ jvp: (d, y) => both(d, y) })
      expectClose(
        ask((f, y) => jvp(f, [y], [v])[1], byJvp)(),
        c.map((entry, i) => entry * dx[i]!),
      )
      expectRefused(
        ask((f, y) => slope(f)(y), byJvp),
        /sine: its jvp rule looks.*give customOp a vjp rule for reverse/,
      )
      expectRefused(
        ask((f, y) => hvp(total(f), y, v), byJvp),
        /sine: its jvp rule looks.*once differentiable/,
      )
    })
  })

  const cases: [string, Rule, { reverse: boolean; forward: boolean }][] = [
    ['a vjp rule that looks at everything', { vjp: timesCosine }, { reverse: true, forward: false }],
    ['a jvp rule that looks at everything', { jvp: timesCosine }, { reverse: false, forward: true }],
    ['both rules, which look at everything', { vjp: timesCosine, jvp: timesCosine }, { reverse: true, forward: true }],
    // linear in what they are given by tensor ops, so that the other mode follows from them
    [
      'a vjp rule that looks at the input',
      { vjp: (g, y) => g.mul(cosine(y)) as Tensor },
      { reverse: true, forward: true },
    ],
    [
      'a jvp rule that looks at the input',
      { jvp: (d, y) => cosine(y).mul(d) as Tensor },
      { reverse: true, forward: true },
    ],
    [
      'a vjp rule that looks at something computed',
      { vjp: (g, y) => g.mul(elements((z) => Math.cos(z / 2))(y.mul(-2))) as Tensor },
      { reverse: true, forward: true },
    ],
    [
      'a vjp rule that looks at the output',
      { vjp: (g, y, z) => g.mul(elements((t) => Math.sqrt(1 - t * t))(z)).mul(y.cos().sign()) as Tensor },
      { reverse: true, forward: true },
    ],
    [
      'a vjp rule that branches on an element',
      { vjp: (g, y) => (y.data[0]! > 9 ? g : (g.mul(y.cos()) as Tensor)) },
      { reverse: true, forward: true },
    ],
    [
      'a vjp rule that differentiates something that looks at the input',
      { vjp: (g, y) => g.mul(slope(sine({ vjp: timesCosine }))(y)) as Tensor },
      { reverse: true, forward: true },
    ],
    [
      'a vjp rule that keeps something in a buffer',
      {
        vjp: (g, y) => {
          buffer.assign(y.cos() as Tensor)
          return g.mul(buffer) as Tensor
        },
      },
      { reverse: true, forward: true },
    ],
    [
      'a vjp rule that looks inside noGrad',
      { vjp: (g, y) => g.mul(noGrad(() => cosine(y))) as Tensor },
      { reverse: true, forward: true },
    ],
  ]
  describe.each(cases)('with %s', (_what, rule, has) => {
    const op = sine(rule)
    const mine = rule.vjp === undefined ? /^sine: its jvp rule looks/ : /^sine: its (vjp|jvp) rule looks/
    for (const mode of ['reverse', 'forward'] as const) {
      test.each(Object.entries(first[mode]))(`first order, ${mode}: %s`, (_name, [derivative, wanted]) => {
        if (has[mode]) expectClose(ask(derivative, op)(), wanted)
        else expectRefused(ask(derivative, op), mode === 'forward' ? /give customOp a jvp/ : /give customOp a vjp/)
      })
    }
    test.each(Object.entries(second))('second order is refused: %s', (_name, [derivative]) => {
      expectRefused(ask(derivative, op), mine)
    })
    test('second order by backward is refused', () => {
      const again = wrap((y: Tensor) => {
        w.zeroGrad()
        ;(op(w.mul(y) as Tensor).sum() as Tensor<[]>).backward({ createGraph: true })
        ;(w.grad.sum() as Tensor<[]>).backward()
      })
      const w = parameter(at(1, 1, 1)) as Tensor
      expectRefused(() => again(x), mine)
    })
  })

  test.each(Object.entries(second))(
    '%s is right where the rules are made of tensor ops and only forward looks',
    (_name, [derivative, wanted]) => {
      for (const rule of [
        { vjp: (g, y) => g.mul(y.cos()) as Tensor },
        { jvp: (d, y) => d.mul(y.cos()) as Tensor },
        { vjp: (g, y) => g.mul(y.cos()) as Tensor, jvp: (d, y) => d.mul(y.cos()) as Tensor },
        // its rules use another op whose forward looks
        {
          vjp: (g, y) =>
            g.mul(sine({ vjp: (h, z) => h.mul(z.cos()) as Tensor })(y.add(Math.PI / 2) as Tensor)) as Tensor,
        },
        {
          vjp: (g, y) => {
            // neither becomes part of a result
            verify(y, (all) => expect(all).toHaveLength(n))
            expect(inspect(y)).toContain('float64[3]')
            return g.mul(y.cos()) as Tensor
          },
        },
      ] satisfies Rule[]) {
        expectClose(ask(derivative, sine(rule))(), wanted)
      }
    },
  )

  test('backward is right, and so is a gradient that may be differentiated but is not', () => {
    const op = sine({ vjp: timesCosine })
    const w = parameter(at(1, 1, 1)) as Tensor
    const step = wrap((y: Tensor) => {
      w.zeroGrad()
      ;(op(w.mul(y) as Tensor).sum() as Tensor<[]>).backward()
      return w.grad.mul(1) as Tensor
    })
    for (let i = 0; i < 2; i++)
      expectClose(
        step(x),
        c.map((entry, j) => entry * x.data[j]!),
      )
    ;(op(w.mul(x) as Tensor).sum() as Tensor<[]>).backward({ createGraph: true })
    expectClose(
      w.grad,
      c.map((entry, j) => 2 * entry * x.data[j]!),
    )
  })

  test('what an outer differentiation does not go by may be looked at', () => {
    const op = sine({ vjp: timesCosine })
    // d/da of the gradient by x of a sin(x): a is in the cotangent only where the rule is linear by tensor ops
    const byScale = (f: F) => grad((a: Tensor) => slope((y) => f(y).mul(a) as Tensor)(x).sum() as Tensor<[]>)
    expectRefused(() => wrap(byScale(op))(at(1, 2, 3)), /sine: its vjp rule looks/)
    expectClose(wrap(byScale(sine({ vjp: (g, y) => g.mul(cosine(y)) as Tensor })))(at(1, 2, 3)), c)
    const besides = grad((a: Tensor) => slope(op)(x).mul(a).sum() as Tensor<[]>)
    expectClose(wrap(besides)(at(1, 2, 3)), c)
  })

  test('several inputs, of which some have no derivative', () => {
    const product = customOp({
      name: 'product',
      forward: (a: Tensor, b: Tensor, k: Tensor) => elements((p, q, r) => p * q * r)(a, b, k),
      vjp: (g, [a, b, k]) => [
        elements((h, q, r) => h * q * r)(g, b, k),
        elements((h, p, r) => h * p * r)(g, a, k),
        null,
      ],
    })
    const f = ({ a, b }: { a: Tensor; b: Tensor }) => product(a, b, at(2, 2, 2)).sum() as Tensor<[]>
    const first = wrap(grad(f))({ a: x, b: v })
    expectClose(
      first.a,
      dx.map((entry) => 2 * entry),
    )
    expectClose(
      first.b,
      [...x.data].map((entry) => 2 * entry),
    )
    expectRefused(() => wrap(hessian(f))({ a: x, b: v }), /product: its vjp rule looks.*once differentiable/)
    const square = (y: Tensor) => product(y, y, at(1, 1, 1)).sum() as Tensor<[]>
    expectClose(
      wrap(grad(square))(x),
      [...x.data].map((entry) => 2 * entry),
    )
    expectRefused(
      () =>
        wrap(grad((k: Tensor) => grad((y: Tensor) => product(y, v, k).sum() as Tensor<[]>)(x).sum() as Tensor<[]>))(v),
      /product/,
    )
  })

  test('a tensor that a rule looks at from outside counts as well', () => {
    const scaled = (w: Tensor) =>
      customOp({
        name: 'scaled',
        forward: (y: Tensor) => noGrad(() => y.mul(2)) as Tensor,
        vjp: (g) => [g.mul(tensor(w.data as unknown as number[], f64)) as Tensor],
      }) as F
    const w = parameter(at(2, 2, 2)) as Tensor
    const penalty = () => {
      w.zeroGrad()
      ;(slope(scaled(w))(x).sum() as Tensor<[]>).backward()
    }
    expectClose(wrap(slope(scaled(w)))(x), [2, 2, 2])
    expectRefused(wrap(penalty), /scaled: its vjp rule looks/)
  })
})

test('compiled, a rule that looks may not choose by elements what it uses', () => {
  const choosy = customOp({
    name: 'choosy',
    forward: (y: Tensor, z: Tensor) => y.mul(z).sum() as Tensor<[]>,
    vjp: (g, [y, z]) => [(g.item() > 0 ? z.square() : y.square()) as Tensor, null],
  })
  const f = (weight: Tensor) =>
    slope((y) => {
      const [, pullback] = vjp((u: Tensor) => choosy(u, v) as Tensor<[]>, y)
      return pullback(weight as Tensor<[]>)[0]
    })(x)
  const compiled = compile(f)
  const [positive, negative] = [tensor(1, f64), tensor(-1, f64)] as Tensor[]
  expectClose(f(positive!), [0, 0, 0])
  expectClose(compiled(positive!), [0, 0, 0])
  expectClose(
    f(negative!),
    [...x.data].map((entry) => 2 * entry),
  )
  expect(() => compiled(negative!)).toThrow(/choosy: its rule made its results of other inputs than when it was traced/)
})

describe('rules that return what they should not', () => {
  const returning = (vjp: unknown) =>
    customOp({ name: 'odd', forward: (y: Tensor) => y.mul(2) as Tensor, vjp: vjp as never }) as F
  test.each<[string, unknown, RegExp]>([
    ['a tensor for an array', (g: Tensor) => g.mul(2), /odd: its vjp rule returned float64\[3\]; return an array/],
    ['nothing', () => undefined, /odd: its vjp rule returned undefined; return an array/],
    ['a promise', async (g: Tensor) => [g], /odd\.vjp: the function is async/],
    ['an array of numbers', () => [2], /odd: its vjp rule returned, for input 0, 2 where a tensor belongs/],
  ])('%s', (_, vjp, says) => {
    for (const wrap of Object.values(ways)) expectRefused(() => wrap(slope(returning(vjp)))(x), says)
  })
  test('an async forward or jvp', () => {
    const forward = customOp({ name: 'slow', forward: (async (y: Tensor) => y) as never })
    expectRefused(() => (forward as unknown as F)(x), /slow\.forward: the function is async/)
    const op = customOp({ name: 'slow', forward: (y: Tensor) => y, jvp: (async () => x) as never }) as F
    expectRefused(() => jvp(op, [x], [v]), /slow\.jvp: the function is async/)
  })
})
