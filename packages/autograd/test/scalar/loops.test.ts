import { grad as gradOfTensors, type Tensor, tensor } from '@adjoint/autograd'
import type { Num } from '@adjoint/autograd/scalar'
import * as scalar from '@adjoint/autograd/scalar'
import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fused } from '../../src/scalar/compile/fuse.js'
import { planOf } from '../../src/scalar/compile/plan.js'
import { Tracing } from '../../src/scalar/compile/tracing.js'

const { compile, constant, grad, hessian, hvp, jacobian, jvp, map, scan, valueAndGrad, vjp } = scalar

afterEach(() => {
  vi.unstubAllGlobals()
})

const engines: readonly (readonly [name: string, prepare: () => void])[] = [
  ['in WebAssembly', () => {}],
  ['without WebAssembly', () => vi.stubGlobal('WebAssembly', undefined)],
]

/** The numbers of a tree, in order. */
const flat = (tree: unknown): number[] => {
  if (typeof tree === 'number') return [tree]
  return ArrayBuffer.isView(tree) ? [...(tree as Float64Array)] : Object.values(tree as object).flatMap(flat)
}

const expectClose = (what: string, found: unknown, wanted: unknown) => {
  const [ours, theirs] = [flat(found), flat(wanted)]
  expect(ours.length, what).toBe(theirs.length)
  const scale = 1 + Math.max(...theirs.map(Math.abs))
  ours.forEach((each, i) => {
    expect(Math.abs(each - theirs[i]!) / scale, `${what}, element ${i}: ${each} and ${theirs[i]}`).toBeLessThan(1e-11)
  })
}

type Round = (state: Num, x: Num, p: readonly Num[]) => Num
const steps: readonly Round[] = [
  (s, x, p) => s.mul(p[0]!).add(x).tanh(),
  (s, x, p) => s.add(x.mul(p[1]!)).sin(),
  (s, x) => s.square().add(x.square()).add(1).sqrt(),
  (s, x) => s.sub(x).sigmoid().mul(2),
  (s, x, p) => s.div(p[1]!.square().add(1)).maximum(x),
  (s, x) => s.less(x).select(s.mul(0.5), x.exp().tanh()),
  (s, _, p) => p[0]!.mul(p[1]!).add(s),
  // a derivative in the round
  (s, x, p) => grad((t: Num) => t.mul(p[0]!).tanh().mul(x))(s).add(s),
]
interface Case {
  readonly chosen: readonly number[]
  readonly xs: readonly number[]
  readonly p: readonly number[]
  readonly v: readonly number[]
}
const small = fc.double({ min: -1.5, max: 1.5, noNaN: true })
const cases: fc.Arbitrary<Case> = fc.record({
  chosen: fc.array(fc.nat(steps.length - 1), { minLength: 1, maxLength: 4 }),
  xs: fc.array(small, { minLength: 1, maxLength: 5 }),
  p: fc.array(small, { minLength: 2, maxLength: 2 }),
  v: fc.array(small, { minLength: 2, maxLength: 2 }),
})
const roundOf =
  ({ chosen }: Case, p: readonly Num[]) =>
  (state: Num, x: Num): Num =>
    chosen.reduce((s, step) => steps[step]!(s, x, p), state)

/** The same by `scan`, by `map`, or by JavaScript's own loops. */
const programs: readonly (readonly [
  name: string,
  looped: (c: Case) => (p: Num[]) => Num,
  plain: (c: Case) => (p: Num[]) => Num,
])[] = [
  [
    'scan',
    (c) => (p) => {
      const round = roundOf(c, p)
      const [last, seen] = scan(
        (s: Num, x: Num) => {
          const next = round(s, x)
          return [next, next.mul(p[1]!)] as const
        },
        p[0]!,
        c.xs,
      )
      return seen.reduce((sum, each) => sum.add(each), last.square())
    },
    (c) => (p) => {
      const round = roundOf(c, p)
      let state = p[0]!
      const seen = c.xs.map((x) => {
        state = round(state, constant(x))
        return state.mul(p[1]!)
      })
      return seen.reduce((sum, each) => sum.add(each), state.square())
    },
  ],
  [
    'map',
    (c) => (p) => {
      const round = roundOf(c, p)
      const found = map(
        ([x, y]: [Num, Num]) => ({ a: round(y, x), b: round(x, y).square() }),
        c.xs.map((x) => [x, p[1]!.mul(x)] as const),
      )
      return found.reduce((sum, { a, b }) => sum.add(a.mul(b)), constant(0))
    },
    (c) => (p) => {
      const round = roundOf(c, p)
      const found = c.xs.map((x) => ({
        a: round(p[1]!.mul(x), constant(x)),
        b: round(constant(x), p[1]!.mul(x)).square(),
      }))
      return found.reduce((sum, { a, b }) => sum.add(a.mul(b)), constant(0))
    },
  ],
]

const check = (runs: number, property: (c: Case) => void) =>
  fc.assert(fc.property(cases, property), { seed: 16, numRuns: runs })

describe.each(programs)('random rounds by %s are those of a loop of JavaScript', (_, looped, plain) => {
  it('on the tape, by duals and by recordings, to the third order', () => {
    check(40, (c) => {
      const [f, g] = [looped(c), plain(c)]
      const [p, v] = [[...c.p], [...c.v]]
      expectClose('gradient', valueAndGrad(f)(p), valueAndGrad(g)(p))
      expectClose('duals', jvp(f, [p], [v]), jvp(g, [p], [v]))
      expectClose('hessian', hessian(f)(p), hessian(g)(p))
      expectClose('hvp', hvp(f, p, v), hvp(g, p, v))
      const third = (h: (p: Num[]) => Num) =>
        jvp((q: Num[]) => grad((r: Num[]) => jvp((s: Num[]) => h(s), [r], [v])[1])(q), [p], [v])
      expectClose('third', third(f), third(g))
      const [, back] = vjp((q: Num[]) => f(q), p)
      expectClose(
        'vjp',
        back(2)[0],
        grad(g)(p).map((each) => 2 * each),
      )
    })
  })

  it.each(engines)('compiled %s, to the third order', (__, prepare) => {
    prepare()
    check(25, (c) => {
      const [f, g] = [looped(c), plain(c)]
      const [p, v] = [[...c.p], [...c.v]]
      expectClose('value', compile((q: Num[]) => f(q))(p), valueAndGrad(g)(p)[0])
      expectClose('gradient', compile(valueAndGrad(f))(p), valueAndGrad(g)(p))
      expectClose('hessian', compile(hessian(f))(p), hessian(g)(p))
      expectClose('hvp', compile((q: Num[], w: Num[]) => hvp(f, q, w))(p, v), hvp(g, p, v))
      const third = (h: (p: Num[]) => Num) => (q: Num[]) =>
        grad((r: Num[]) => jvp((s: Num[]) => jvp((t: Num[]) => h(t), [s], [v])[1], [r], [v])[1])(q)
      expectClose('third', compile(third(f))(p), third(g)(p as never))
    })
  })
})

describe('rounds', () => {
  const xs = [
    [1, 2],
    [0.5, -1],
    [-0.3, 0.7],
  ]
  const f = (a: Num, points: Num[][]) =>
    map(([x, y]: Num[]) => a.mul(x!).tanh().sub(y!).square(), points).reduce((s, t) => s.add(t))

  it('are differentiated by their elements too, of which each has its own', () => {
    const byElements = (points: Num[][]) => f(constant(0.8), points)
    const wanted = xs.map(([x, y]) => {
      const t = Math.tanh(0.8 * x!)
      return [2 * (t - y!) * (1 - t * t) * 0.8, -2 * (t - y!)]
    })
    expectClose('tape', grad(byElements)(xs), wanted)
    expectClose('compiled', compile(grad(byElements))(xs), wanted)
    expectClose(
      'twice',
      compile((points: Num[][]) => jvp(grad(byElements), [points], [points])[1])(xs),
      jvp((points: Num[][]) => grad(byElements)(points), [xs], [xs])[1],
    )
  })

  it('take the new numbers of each call', () => {
    const step = compile((a: Num, points: Num[][]) => f(a, points))
    for (const shift of [0, 1, 2]) {
      const points = xs.map(([x, y]) => [x! + shift, y!])
      expect(step(0.8, points)).toBeCloseTo(
        points.reduce((s, [x, y]) => s + (Math.tanh(0.8 * x!) - y!) ** 2, 0),
        12,
      )
    }
  })

  it('that branch on what changes are run one by one, and branch each for itself', () => {
    const kinked = (a: Num) =>
      map((x: Num) => (x.mul(a).gt(0.4) ? x.mul(a).square() : x.sin().mul(a)), [0.1, 0.5, 0.9]).reduce((s, t) =>
        s.add(t),
      )
    const wanted = (a: number) => [0.1, 0.5, 0.9].reduce((s, x) => s + (x * a > 0.4 ? 2 * x * x * a : Math.sin(x)), 0)
    const compiled = compile(grad(kinked))
    for (const a of [0.3, 0.6, 1, 5, 0.3]) {
      expect(compiled(a)).toBeCloseTo(wanted(a), 12)
      expect(grad(kinked)(a)).toBeCloseTo(wanted(a), 12)
    }
  })

  it('may branch on what does not change, and the program goes by it', () => {
    const sided = (a: Num) =>
      map((x: Num) => (a.lt(1) ? x.mul(a) : x.mul(a).square()), [1, 2, 3]).reduce((s, t) => s.add(t))
    const compiled = compile(grad(sided))
    expect(compiled(0.5)).toBeCloseTo(6, 12)
    expect(compiled(2)).toBeCloseTo(2 * 2 * 14, 12)
    expect(compiled(0.25)).toBeCloseTo(6, 12)
  })

  it('within rounds are run one by one in each, and give the same', () => {
    const nested = (a: Num) =>
      map((x: Num) => map((y: Num) => x.mul(y).mul(a).sin(), [1, 2, 3]).reduce((s, t) => s.mul(t)), [0.4, 0.7]).reduce(
        (s, t) => s.add(t),
      )
    const plain = (a: Num) =>
      [0.4, 0.7]
        .map((x) => [1, 2, 3].map((y) => a.mul(x).mul(y).sin()).reduce((s, t) => s.mul(t)))
        .reduce((s, t) => s.add(t))
    expectClose('gradient', compile(valueAndGrad(nested))(0.6), valueAndGrad(plain)(0.6))
    expectClose('second', compile((a: Num) => grad(grad(nested))(a))(0.6), grad((a: Num) => grad(plain)(a))(0.6))
  })

  it('that catch what ends their recording are run one by one all the same', () => {
    const sign = (x: Num): Num => {
      try {
        return x.lt(0) ? x.neg() : x
      } catch {
        return x.mul(1000)
      }
    }
    const f = (a: Num) => map((x: Num) => sign(x.mul(a)), [-1, 2, -3]).reduce((s, t) => s.add(t))
    expect(compile(valueAndGrad(f))(2)).toEqual([12, 6])
  })

  it('of which one is differentiated alone are computed for that one: a Jacobian by rows is linear in them', () => {
    const f = ([a, b]: Num[]) => map((x: Num) => x.mul(a!).tanh().mul(b!), [0.1, 0.2, 0.3, 0.4, 0.5])
    const plain = ([a, b]: Num[]) => [0.1, 0.2, 0.3, 0.4, 0.5].map((x) => a!.mul(x).tanh().mul(b!))
    expectClose('rows', compile(jacobian(f))([0.7, 2]), jacobian(plain)([0.7, 2]))
    expectClose(
      'twice',
      compile(jacobian((p: Num[]) => jacobian(f)(p).flat()))([0.7, 2]),
      jacobian((p: Num[]) => jacobian(plain)(p).flat())([0.7, 2]),
    )
    const tracing = new Tracing()
    const nodes = tracing.run([0.7, 2], (p) =>
      jacobian(f)([...p])
        .flat()
        .map((each) => tracing.nodeOf(each as Num, 'return')),
    )
    expect(planOf(tracing.recording, 2, Int32Array.from(nodes)).loops.size).toBe(0)
  })

  it('swap their states, which are all read before one is written', () => {
    const fibonacci = (a: Num) =>
      scan(([m, n]: [Num, Num]) => [[n, m.add(n)], null] as const, [a, a], Array(10).fill(null))[0][0]
    expect(compile(fibonacci)(1)).toBe(89)
    expect(compile(grad(fibonacci))(5)).toBe(89)
    const swapped = (a: Num, b: Num) =>
      scan(([m, n]: [Num, Num]) => [[n, m], m.sub(n)] as const, [a, b], [null, null, null])
    expect(compile(swapped)(1, 2)).toEqual([
      [2, 1],
      [-1, 1, -1],
    ])
  })

  it('give states and outputs that are inputs, constants, or there twice', () => {
    const odd = (a: Num) => scan((s: Num, x: Num) => [s, [x, s, constant(3), s.add(x), s.add(x)]] as const, a, [1, 2])
    expect(compile(odd)(7)).toEqual([
      7,
      [
        [1, 7, 3, 8, 8],
        [2, 7, 3, 9, 9],
      ],
    ])
    expect(jacobian((a: Num) => odd(a)[1][1]!)(7)).toEqual([0, 1, 0, 1, 1])
    expect(compile(jacobian((a: Num) => odd(a)[1][1]!))(7)).toEqual([0, 1, 0, 1, 1])
  })

  it('of more than one function of WebAssembly pass on what they computed', () => {
    const long = (a: Num, x: Num) => {
      let t = x
      const early = a.mul(x)
      for (let i = 0; i < 1500; i++) t = t.mul(0.999).add(a.mul(0.001)).sin()
      return t.mul(early)
    }
    const byMap = (a: Num) => map((x: Num) => long(a, x), [0.3, 0.6, 0.9]).reduce((s, t) => s.add(t))
    const plain = (a: Num) => [0.3, 0.6, 0.9].map((x) => long(a, constant(x))).reduce((s, t) => s.add(t))
    expectClose('gradient', compile(valueAndGrad(byMap))(0.7), valueAndGrad(plain)(0.7))
  })

  it('mask what is not finite, as everywhere: 0 times infinity in a derivative is 0', () => {
    const masked = (a: Num) =>
      map((x: Num) => x.less(0.5).select(a.mul(x), a.mul(x).sub(1).sqrt()), [0.2, 2]).reduce((s, t) => s.add(t))
    expect(compile(grad(masked))(1)).toBeCloseTo(grad(masked)(1), 12)
    expect(Number.isFinite(compile(grad(masked))(1))).toBe(true)
    expect(grad((a: Num) => grad(masked)(a))(1)).toBeCloseTo(compile((a: Num) => grad(grad(masked))(a))(1), 12)
  })

  it('of none are empty, of one give what the function gives', () => {
    expect(map((x: Num) => x.sin(), [])).toEqual([])
    expect(compile((a: Num) => [...map((x: Num) => x.mul(a), []), a])(2)).toEqual([2])
    expect(compile((a: Num) => map((x: Num) => x.mul(a), [3]))(2)).toEqual([6])
    expect(scan((s: Num) => [s, null], 4, [])[0].value).toBe(4)
  })

  it('take typed arrays and objects, and numbers that are Nums in the function', () => {
    const g = (a: Num) => map((x: Num) => x.mul(a), Float64Array.of(1, 2, 3)).reduce((s, t) => s.add(t))
    expect(grad(g)(5)).toBe(6)
    expect(compile(grad(g))(5)).toBe(6)
    const h = (a: Num) =>
      map(
        ({ u, w }: { u: Num; w: Num[] }) => u.add(w[1]!).mul(a),
        [
          { u: 1, w: [0, 2] },
          { u: 3, w: [0, 4] },
        ],
      )
    expect(compile(h)(2)).toEqual([6, 14])
    expect(map((x: Num) => x.sin(), [0.5])[0]!.value).toBeCloseTo(Math.sin(0.5), 15)
  })

  it('work in an elementwise function of tensors, where all is one kernel', () => {
    const series = scalar.elementwise((x: Num) => scan((s: Num, k: Num) => [s.mul(x).add(k), null], 0, [1, 2, 3])[0])
    const x = tensor([2, -1], { dtype: 'float64' })
    expect(series(x).toArray()).toEqual([1 * 4 + 2 * 2 + 3, 1 - 2 + 3])
    expect(gradOfTensors((t: Tensor) => series(t).sum())(x as Tensor).toArray()).toEqual([2 * 2 + 2, -2 + 2])
  })

  it('that leave each other nothing are one loop with their derivatives, which compute nothing twice', () => {
    const loops = (g: (a: Num) => unknown): number[] => {
      const tracing = new Tracing()
      const nodes = tracing.run([0.7], ([a]) => [g(a!)].flat(3).map((each) => tracing.nodeOf(each as Num, 'return')))
      const plan = fused(planOf(tracing.recording, 1, Int32Array.from(nodes)))
      return [...plan.loops.values()].map(({ order }) => order.length)
    }
    const f = (a: Num) => map((x: Num) => x.mul(a).sin().exp(), [0.1, 0.2, 0.3, 0.4]).reduce((s, t) => s.add(t))
    // a x, sin, exp; cos, two products, one for x, and the sum
    expect(loops((a) => valueAndGrad(f)(a))).toEqual([8])
    const steps = (a: Num) => scan((s: Num) => [s.mul(a).sin(), null], 0.5, [null, null, null])[0]
    expect(loops((a) => valueAndGrad(steps)(a)).length).toBe(2)
  })

  it('go by as many rounds as there are elements without more code', () => {
    const sizes: number[] = []
    const { Module } = WebAssembly
    vi.stubGlobal('WebAssembly', {
      ...Object.fromEntries(
        Object.getOwnPropertyNames(WebAssembly).map((key) => [key, WebAssembly[key as keyof typeof WebAssembly]]),
      ),
      Module: class extends Module {
        constructor(bytes: BufferSource) {
          super(bytes)
          sizes.push(bytes.byteLength)
        }
      },
    })
    const last = (a: Num, xs: Num[]) => scan((s: Num, x: Num) => [s.mul(a).add(x).sin(), null], 0, xs)[0]
    const program = compile((a: Num, xs: Num[]) => grad((b: Num) => last(b, xs))(a))
    const numbers = (size: number) => Array.from({ length: size }, (_, i) => i / size)
    for (const size of [10, 5000]) program(0.5, numbers(size))
    expect(sizes.at(-1)! - sizes.at(-2)!).toBeLessThan(100)
    // numbers that are always the same are data
    const known = (size: number) => compile(grad((a: Num) => last(a, numbers(size) as never)))(0.5)
    for (const size of [10, 5000]) expect(known(size)).toBeCloseTo(program(0.5, numbers(size)), 12)
    const [small, large] = [sizes.at(-2)!, sizes.at(-1)!]
    expect(large - small).toBeLessThan(8 * 4990 + 100)
  })
})

describe('rounds that are misused', () => {
  it.each<readonly [name: string, call: () => unknown, message: RegExp]>([
    ['xs that is no array', () => map((x: Num) => x, 3 as never), /scalar\.map: xs is 3.*pass an array/],
    [
      'elements of two forms',
      () => map(([x]: Num[]) => x!, [[1], [1, 2]]),
      /scalar\.map: xs\[1\] is 2 numbers; give it the form/,
    ],
    [
      'results of two forms',
      () => map((x: Num) => (x.gt(1) ? x : [x]), [1, 2]),
      /what the function returned for another element is a number/,
    ],
    ['a tensor among the elements', () => map((x: Num) => x, ['a'] as never), /scalar\.map: xs\[0\] is 'a'/],
    [
      'a state of another form',
      () => scan((s: Num) => [[s, s], null], 1, [null, null]),
      /scalar\.scan: the state that the function returned is 2 numbers/,
    ],
    ['no pair', () => scan((s: Num) => s as never, 1, [null]), /scalar\.scan: the function returned .*\[state, seen\]/],
    [
      'a value read in a compiled round',
      () => compile((a: Num) => map((x: Num) => x.mul(a.value), [1, 2]))(3),
      /\.value was read as the function was traced/,
    ],
  ])('%s', (_, call, message) => {
    expect(call).toThrow(message)
  })
})
