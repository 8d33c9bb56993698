import {
  AdjointError,
  compile,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  ones,
  Random,
  type Tensor,
  tensor,
  treeProtocol,
  valueAndGrad,
  vjp,
} from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'

const f64 = { dtype: 'float64' } as const
const at = (...numbers: number[]): Tensor => tensor(numbers, f64)
const one = () => tensor(1, f64) as Tensor
const toPlain = (tree: unknown): unknown => {
  if (tree === null || typeof tree !== 'object') return tree
  if (tree instanceof Date) return tree
  if ('toArray' in tree) return (tree as Tensor).toArray()
  return Array.isArray(tree)
    ? tree.map(toPlain)
    : Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, toPlain(item)]))
}

/** x y² z³, summed: its derivatives are known. */
const f = (x: Tensor, { y }: { y: Tensor }, z: Tensor) => x.mul(y.square()).mul(z.pow(3)).sum() as Tensor<[]>
const args = () => [at(2, 3), { y: at(5, 7) }, at(1, 2)] as const
const byX = [25, 392]
const byY = { y: [20, 336] }
const byZ = [150, 1764]

describe('the arguments to differentiate by', () => {
  const choices = [
    [undefined, byX],
    [0, byX],
    [1, byY],
    [2, byZ],
    [-1, byZ],
    [-3, byX],
    [
      [0, 2],
      [byX, byZ],
    ],
    [
      [2, 0],
      [byZ, byX],
    ],
    [[1], [byY]],
    [
      [-1, 0, 1],
      [byZ, byX, byY],
    ],
  ] as const
  test.each(choices)('argument: %j', (argument, wanted) => {
    const options = { argument } as { argument?: number }
    expect(toPlain(grad(f, options)(...args()))).toEqual(wanted)
    expect(toPlain(valueAndGrad(f, options)(...args()))).toEqual([50 + 1176, wanted])
    expect(toPlain(jacobian(f, options)(...args()))).toEqual(wanted)
    expect(toPlain(jacobian(f, { ...options, mode: 'forward' })(...args()))).toEqual(wanted)
    expect(toPlain(compile(grad(f, options))(...args()))).toEqual(wanted)
    // the Hessian is the Jacobian of the gradient
    const gradient = grad(f, options) as (...args: unknown[]) => unknown
    expect(toPlain(hessian(f, options)(...args()))).toEqual(
      toPlain((jacobian(gradient as never, options) as (...args: unknown[]) => unknown)(...args())),
    )
  })

  it('those that are not chosen are handed on as they are, whatever they are', () => {
    const scaled = (how: { by: number; name: string }, x: Tensor, ...more: number[]) =>
      x.mul(how.by + more.reduce((a, b) => a + b, 0)).sum() as Tensor<[]>
    expect(grad(scaled, { argument: 1 })({ by: 2, name: 'a' }, at(1, 1), 3, 4).toArray()).toEqual([9, 9])
  })

  it('refuses positions that are not there, by name', () => {
    expect(() => grad(f, { argument: 3 as 0 })(...args())).toThrow(
      /grad: argument 3 is to be differentiated by, and the call has 3 arguments; .*from 0 to 2/,
    )
    expect(() => hessian(f, { argument: -4 as 0 })(...args())).toThrow(/hessian: argument -4 .* 3 arguments/)
    expect(() => valueAndGrad(f, { argument: [1, 1] })(...args())).toThrow(/argument 1 is named twice/)
    expect(() => jacobian(f, { argument: [0, -3] })(...args())).toThrow(/argument 0 is named twice/)
    for (const argument of [0.5, Number.NaN, [], [0.5], '0', [[0]]]) {
      expect(() => grad(f, { argument: argument as 0 })).toThrow(/argument is .*; use the position of an argument/)
    }
    expect(() => (grad(f) as () => unknown)()).toThrow(/the first argument holds no tensor/)
  })

  it('names the argument that cannot be differentiated by', () => {
    const g = (x: Tensor, n: unknown) => x.mul(n as number).sum()
    expect(() => grad(g, { argument: 1 })(at(1), 2)).toThrow(/the second argument is the number 2: .*wrap it/)
    expect(() => grad(g, { argument: 1 })(at(1), [2, 3])).toThrow(/the second argument\[0\] is the number 2/)
    expect(() => grad(g, { argument: [0, 1] })(at(1), tensor([1], { dtype: 'int32' }))).toThrow(
      /the second argument is int32\[1\] and has no derivative/,
    )
  })
})

describe('an auxiliary output', () => {
  const seen = new Date(0)
  const withMore = (x: Tensor, y: Tensor) => {
    const hidden = x.mul(y)
    return [hidden.square().sum(), { hidden, list: [hidden.add(1)], text: 'a', seen, absent: null }] as [
      Tensor<[]>,
      { hidden: Tensor; list: Tensor[]; text: string; seen: object; absent: null },
    ]
  }
  const x = at(1, 2)
  const y = at(3, 4)
  const wanted = { hidden: [3, 8], list: [[4, 9]], text: 'a', seen, absent: null }
  const byFirst = [18, 64]
  const forms: Record<string, () => [found: unknown, auxiliary: unknown]> = {
    grad: () => grad(withMore, { auxiliary: true })(x, y),
    valueAndGrad: () => {
      const [[value, auxiliary], gradient] = valueAndGrad(withMore, { auxiliary: true })(x, y)
      expect(value.item()).toBe(73)
      return [gradient, auxiliary]
    },
    jacobian: () => jacobian(withMore, { auxiliary: true })(x, y),
    'jacobian, forward': () => jacobian(withMore, { auxiliary: true, mode: 'forward' })(x, y),
    'vjp.auxiliary': () => {
      const [value, pullback, auxiliary] = vjp.auxiliary(withMore, x, y)
      expect(value.item()).toBe(73)
      return [pullback(one() as Tensor<[]>)[0], auxiliary]
    },
  }
  test.each(Object.entries(forms))('%s passes it through', (_, call) => {
    const [found, auxiliary] = call()
    expect(toPlain(found)).toEqual(byFirst)
    expect(toPlain(auxiliary)).toEqual(wanted)
    expect((auxiliary as { seen: object }).seen).toBe(seen)
  })

  it('of hessian too, and by several arguments', () => {
    const [second, auxiliary] = hessian(withMore, { argument: [0, 1], auxiliary: true })(x, y)
    expect(toPlain(second)).toEqual(
      toPlain(hessian((a: Tensor, b: Tensor) => withMore(a, b)[0], { argument: [0, 1] })(x, y)),
    )
    expect(toPlain(auxiliary)).toEqual(wanted)
  })

  it('has no marks of the differentiation, but those of one around it', () => {
    const [, auxiliary] = grad(withMore, { auxiliary: true })(x, y)
    expect([auxiliary.hidden.op, auxiliary.list[0]!.op, auxiliary.hidden.tracking]).toEqual([null, null, 0])
    const outer = (a: Tensor) => {
      const [gradient, { hidden }] = grad(withMore, { auxiliary: true })(a, y)
      return gradient.sum().add(hidden.sum()) as Tensor<[]>
    }
    // d/dx (2 x y² + x y)
    expect(grad(outer)(x).toArray()).toEqual([21, 36])
  })

  it('must be there where it is said, and be said where it is there', () => {
    expect(() => grad((x: Tensor) => x.sum() as never, { auxiliary: true })(x)).toThrow(
      /grad: the function returned float64\[\]; with auxiliary: true return \[value, auxiliary\]/,
    )
    expect(() => grad(((a: Tensor) => withMore(a, y)) as never)(x as never)).toThrow(
      /returned an array; .*scalar tensor, or \[value, auxiliary\] with \{ auxiliary: true \}/,
    )
  })

  it('may hold what does not go on later', () => {
    expect(() => grad((x: Tensor) => [x.sum(), Promise.resolve(1)], { auxiliary: true })(x)).toThrow(/async/)
  })
})

describe('integers among results and arguments', () => {
  const both = (x: Tensor) => ({ y: x.square(), order: x.argmax(0), over: x.greater(1) })
  const x = at(1, 2)

  it('take null as cotangent', () => {
    const [, pullback] = vjp(both, x)
    expect(pullback({ y: at(1, 1), order: null, over: null })[0].toArray()).toEqual([2, 4])
    expect(pullback({ y: at(1, 1) } as never)[0].toArray()).toEqual([2, 4])
    const order = tensor(1, { dtype: 'int32' }) as Tensor
    expect(() => pullback({ y: at(1, 1), order, over: null } as never)).toThrow(
      /the cotangent\.order is int32\[\], but the result\.order is int32\[\], which has no derivative; give null/,
    )
    expect(() => pullback({ y: at(1, 1), order: 1, over: null } as never)).toThrow(/give null/)
    expect(() => pullback({ y: null, order: null, over: null })).toThrow(/no tensor the cotangent\.y/)
  })

  it('take null as tangent', () => {
    const picked = (x: Tensor, places: Tensor) => x.indexSelect(places, 0) as Tensor
    const places = tensor([1, 1, 0], { dtype: 'int32' }) as Tensor
    expect(jvp(picked, [x, places], [at(3, 5), null])[1].toArray()).toEqual([5, 5, 3])
    expect(() => jvp(picked, [x, places], [at(3, 5), places])).toThrow(/tangents\[1\] is int32\[3\].*give null/)
  })
})

describe('a pullback', () => {
  const f = (x: Tensor, y: Tensor) => x.square().mul(y)

  it('may be called many times, and after and within other differentiations', () => {
    const [, pullback] = vjp(f, at(2, 3), at(5, 7))
    const wanted = [
      [20, 42],
      [4, 9],
    ]
    for (let call = 0; call < 3; call++) expect(toPlain(pullback(at(1, 1)))).toEqual(wanted)
    grad((x: Tensor) => x.pow(3).sum())(at(1, 2))
    hessian((x: Tensor) => x.pow(3).sum())(at(1, 2))
    expect(toPlain(pullback(at(1, 1)))).toEqual(wanted)
    expect(toPlain(pullback(at(0, 2)))).toEqual([
      [0, 84],
      [0, 18],
    ])
    // it is linear in the cotangent: here its derivative by that
    const along = (v: Tensor) => pullback(v)[0].sum() as Tensor<[]>
    expect(grad(along)(at(1, 1)).toArray()).toEqual([20, 42])
    expect(jvp(along, [at(1, 1)], [at(1, 0)])[1].item()).toBe(20)
  })

  it('of an inner differentiation is differentiated by what an outer one varies', () => {
    const outer = (x: Tensor) => vjp(f, x, at(5, 7))[1](at(1, 1))[0].sum() as Tensor<[]>
    expect(grad(outer)(at(2, 3)).toArray()).toEqual([10, 14])
  })

  it('outlives the differentiation that it was made in', () => {
    let kept: ((v: Tensor) => Tensor[]) | null = null
    grad((x: Tensor) => {
      kept = vjp(f, x, at(5, 7))[1]
      return x.sum()
    })(at(2, 3))
    const again = kept as unknown as (v: Tensor) => Tensor[]
    expect(toPlain(again(at(1, 1)))).toEqual([
      [20, 42],
      [4, 9],
    ])
  })
})

describe('calls in the form of other libraries are told the right one', () => {
  const g = (x: Tensor) => x.square().sum() as Tensor<[]>
  const two = (x: Tensor, y: Tensor) => x.mul(y).sum() as Tensor<[]>
  const same = (x: Tensor) => x.square()
  const [x, v] = [at(1, 2), at(1, 0)]
  const call = (f: unknown, ...args: unknown[]) => (f as (...args: unknown[]) => unknown)(...args)
  const curried = { grad, valueAndGrad, jacobian, hessian }
  const forms: [what: string, () => unknown, RegExp][] = [
    ...Object.entries(curried).flatMap(([name, transform]): [string, () => unknown, RegExp][] => [
      [
        `${name}(f, x)`,
        () => call(transform, g, x),
        new RegExp(`${name}: float64\\[2\\] is no option; .*${name}\\(f\\)\\(x\\)`),
      ],
      [`${name}(f, [x])`, () => call(transform, g, [x]), /pass the arguments to what it returns/],
      [`${name}(f, { w })`, () => call(transform, g, { w: x }), /pass the arguments to what it returns/],
      [`${name}(f, typed array)`, () => call(transform, g, x.data), /pass the arguments to what it returns/],
      [`${name}(f, 1)`, () => call(transform, two, 1), /write \w+\(f, \{ argument: 1 \}\)\(x, y\)/],
      [`${name}(f, [0, 1])`, () => call(transform, two, [0, 1]), /write \w+\(f, \{ argument: \[0,1\] \}\)\(x, y\)/],
      [
        `${name}(f, { argnums })`,
        () => call(transform, two, { argnums: 1 }),
        /unknown option argnums: did you mean argument/,
      ],
      [`${name}(f, { has_aux })`, () => call(transform, two, { has_aux: true }), /did you mean auxiliary/],
      [`${name}(f, {}, x)`, () => call(transform, g, {}, x), /one too many: pass the arguments to what it returns/],
      [
        `${name}(loss, x)`,
        () => call(transform, g(x), x),
        /f is float64\[\], a result, .*write \w+\(\(x\) => \.\.\.\)\(x\)/,
      ],
      [`${name}(x, f)`, () => call(transform, x, g), /the function comes first/],
      [`${name}(f)(2)`, () => call(call(transform, g), 2), /the first argument is the number 2: .*wrap it with tensor/],
      [`${name}(f)([1, 2])`, () => call(call(transform, g), [1, 2]), /the first argument\[0\] is the number 1: .*wrap/],
      [`${name}(f)([x, y])`, () => call(call(transform, two), [x, v]), /pass them one by one: .*argument: \[0, 1\]/],
    ]),
    ['jacobian(f, { strategy })', () => call(jacobian, g, { strategy: 'forward-mode' }), /did you mean mode/],
    ['grad(f, { create_graph })', () => call(grad, g, { create_graph: true }), /can be differentiated again/],
    ['vjp(f, [x, y])', () => call(vjp, two, [x, v]), /f takes 2 arguments .*one by one: vjp\(f, x, y\)/],
    [
      'vjp(f, x, v)',
      () => call(vjp, same, x, v),
      /the cotangent is for the pullback: const \[y, pullback\] = vjp\(f, x\)/,
    ],
    ['vjp(f, x, { has_aux })', () => call(vjp, g, x, { has_aux: true }), /takes no options.*vjp\.auxiliary\(f, x\)/],
    ['vjp(f, x, { argument })', () => call(vjp, g, x, { argument: 0 }), /takes no options/],
    ['vjp(x, f)', () => call(vjp, x, g), /the function comes first; write vjp\(f, x\)/],
    ['vjp(loss, x)', () => call(vjp, g(x), x), /a result/],
    ['vjp(f, 2)', () => call(vjp, g, 2), /argument\[0\] is the number 2: .*wrap it/],
    ['jvp(f, x, v)', () => call(jvp, g, x, v), /args is float64\[2\]; .*write jvp\(f, \[x\], \[v\]\)/],
    ['jvp(f, [x], v)', () => call(jvp, g, [x], v), /tangents is float64\[2\]; .*write jvp\(f, \[x\], \[v\]\)/],
    ['jvp(f, { w }, { w })', () => call(jvp, g, { w: x }, { w: v }), /write jvp\(f, \[x\], \[v\]\)/],
    ['jvp(f, [x])', () => call(jvp, g, [x]), /tangents is missing; .*write jvp\(f, \[x\], \[v\]\)/],
    ['jvp(f)', () => call(jvp, g), /args is missing/],
    ['jvp([x], [v], f)', () => call(jvp, [x], [v], g), /the function comes first/],
    ['jvp(f, [x], [v], options)', () => call(jvp, g, [x], [v], {}), /one too many: write jvp\(f, \[x\], \[v\]\)/],
    ['jvp(f, [2], [1])', () => call(jvp, g, [2], [1]), /args\[0\] is the number 2: .*wrap it/],
    [
      'linearize(f, [x, y])',
      () => call(linearize, two, [x, v]),
      /f takes 2 arguments .*one by one: linearize\(f, x, y\)/,
    ],
    ['linearize(f, x, { has_aux })', () => call(linearize, g, x, { has_aux: true }), /linearize: it takes no options/],
    ['linearize(x, f)', () => call(linearize, x, g), /the function comes first; write linearize\(f, x\)/],
    ['linearize(f, 2)', () => call(linearize, g, 2), /args\[0\] is the number 2: .*wrap it/],
    ['hvp(f, [x], [v])', () => call(hvp, g, [x], [v]), /x is an array, .*write hvp\(f, x, v\)/],
    [
      'hvp(f, [x, y], [v, w])',
      () => call(hvp, two, [x, x], [v, v]),
      /write hvp\(\(\[x, y\]\) => f\(x, y\), \[x, y\], \[v, w\]\)/,
    ],
    ['hvp(f, x, y, v)', () => call(hvp, two, x, x, v), /one too many: write hvp\(f, x, v\), and close over/],
    ['hvp(f, x)', () => call(hvp, g, x), /v is missing/],
    ['hvp(f, 2, 1)', () => call(hvp, g, 2, 1), /x is the number 2: .*wrap it/],
  ]
  test.each(forms)('%s', (_, act, says) => {
    expect(act).toThrow(AdjointError)
    expect(act).toThrow(says)
  })

  it('what is right though it looks alike goes through', () => {
    const ofList = (list: Tensor[], _more?: Tensor) => list[0]!.mul(list[1]!).sum() as Tensor<[]>
    expect(toPlain(vjp(ofList, [x, v])[1](one() as Tensor<[]>)[0])).toEqual([
      [1, 0],
      [1, 2],
    ])
    expect(toPlain(hvp(ofList, [x, v], [v, x]))).toEqual([
      [1, 2],
      [1, 0],
    ])
    const unused = (x: Tensor, _y = x) => x.square()
    expect(toPlain(vjp(unused, x, at(1))[1](ones([2], f64) as Tensor))).toEqual([[2, 4], [0]])
  })
})

describe('a class that is a tree', () => {
  class Spring {
    constructor(
      readonly ends: Tensor,
      readonly stiffness: Tensor,
      readonly rest: Tensor,
      readonly name: string,
    ) {}
    stretched() {
      return this.ends.sub(this.rest)
    }
    [treeProtocol]() {
      const { ends, stiffness, rest, name } = this
      return {
        children: { ends, stiffness },
        buffers: { rest },
        rebuild: (c: { ends: Tensor; stiffness: Tensor }, b: { rest: Tensor }) =>
          new Spring(c.ends, c.stiffness, b.rest, name),
      }
    }
  }
  const draw = new Random(4)
  const make = () => new Spring(draw.normal([2], f64) as Tensor, one().mul(3) as Tensor, at(1, 1), 'left')
  const energy = (s: Spring) => s.stretched().square().sum().mul(s.stiffness).mul(0.5) as Tensor<[]>
  const asObject = ({ ends, stiffness, rest }: Spring) => ({ ends, stiffness, rest })

  it('has the derivatives of its children, and not of its buffers, as a plain object', () => {
    const s = make()
    const { rest } = s
    const ofObject = (p: { ends: Tensor; stiffness: Tensor }) => energy(new Spring(p.ends, p.stiffness, rest, ''))
    const { rest: _, ...point } = asObject(s)
    const v = { ends: at(1, -1), stiffness: one().mul(2) as Tensor }
    expect(toPlain(grad(energy)(s))).toEqual(toPlain(grad(ofObject)(point)))
    expect(toPlain(hessian(energy)(s))).toEqual(toPlain(hessian(ofObject)(point)))
    expect(toPlain(hvp(energy, s, v))).toEqual(toPlain(hvp(ofObject, point, v)))
    expect(toPlain(jvp(energy, [s], [v]))).toEqual(toPlain(jvp(ofObject, [point], [v])))
    expect(toPlain(hvp(energy, s, new Spring(v.ends, v.stiffness, rest, '')))).toEqual(toPlain(hvp(ofObject, point, v)))
    expect(
      toPlain(grad((list: [Spring, Spring]) => energy(list[0]).add(energy(list[1])) as Tensor<[]>)([s, s])),
    ).toEqual(toPlain([grad(energy)(s), grad(energy)(s)]))
  })

  it('comes in and out as an instance', () => {
    const doubled = (s: Spring) => {
      expect(s).toBeInstanceOf(Spring)
      expect(s.name).toBe('left')
      return new Spring(s.ends.mul(2), s.stiffness, s.ends.square(), 'right')
    }
    const s = make()
    const [out, pullback] = vjp(doubled, s)
    expect(out).toBeInstanceOf(Spring)
    expect([out.name, out.ends.tracking, out.rest.tracking]).toEqual(['right', 0, 0])
    expect(toPlain(pullback({ ends: at(1, 3), stiffness: one() })[0])).toEqual({ ends: [2, 6], stiffness: 1 })
    const [again, tangent] = jvp(doubled, [s], [{ ends: at(1, 3), stiffness: one() }])
    expect(again).toBeInstanceOf(Spring)
    expect(toPlain(tangent)).toEqual({ ends: [2, 6], stiffness: 1 })
    expect(toPlain(jacobian(doubled)(s).ends.ends)).toEqual([
      [2, 0],
      [0, 2],
    ])
    const compiled = compile(doubled)
    for (let i = 0; i < 2; i++) {
      const result = compiled(s)
      expect(result).toBeInstanceOf(Spring)
      expect(toPlain(asObject(result))).toEqual(toPlain(asObject(out)))
    }
    expect(toPlain(compile(grad(energy))(s))).toEqual(toPlain(grad(energy)(s)))
  })

  it('is refused by path if it is none, with the remedy', () => {
    class None {
      readonly w = at(1)
    }
    const broken = { [treeProtocol]: () => ({ children: {} }) }
    const g = (p: { a: unknown; w: Tensor }) => p.w.sum() as Tensor<[]>
    expect(() => grad(g)({ a: new None(), w: at(1) })).toThrow(
      /the first argument\.a is an instance of None, .*\[treeProtocol\]\(\)/,
    )
    expect(() => grad(g)({ a: broken, w: at(1) })).toThrow(/argument\.a: \[treeProtocol\].*return \{ children, rebuild/)
    const counted = { [treeProtocol]: () => ({ children: { n: 3 }, rebuild: () => null }) }
    expect(() => grad(g)({ a: counted, w: at(1) })).toThrow(/the first argument\.a\.n is the number 3/)
  })
})
