import {
  AdjointError,
  compile,
  GradientError,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
} from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'

const f64 = { dtype: 'float64' } as const
const at = (...numbers: number[]): Tensor => tensor(numbers, f64)

interface Params {
  w: Tensor
  more?: unknown
}
const loss = ({ w }: Params): Tensor<[]> => w.square().sum()

/** Everything that takes a tree to differentiate by, with that tree in its place. */
const byTree: Record<string, (tree: Params) => unknown> = {
  grad: (tree) => grad(loss)(tree),
  valueAndGrad: (tree) => valueAndGrad(loss)(tree),
  vjp: (tree) => vjp(loss, tree),
  jvp: (tree) => jvp(loss, [tree], [tree]),
  linearize: (tree) => linearize(loss, tree),
  hvp: (tree) => hvp(loss, tree, tree),
  jacobian: (tree) => jacobian(loss)(tree),
  'jacobian, forward': (tree) => jacobian(loss, { mode: 'forward' })(tree),
  hessian: (tree) => hessian(loss)(tree),
  'grad of grad': (tree) => grad((p: Params) => grad(loss)(p).w.sum())(tree),
  'compiled grad': (tree) => compile(grad(loss))(tree),
}

describe('what is no tensor among the things to differentiate by', () => {
  const others: [string, unknown, RegExp][] = [
    ['a number', 2, /more\.scale is the number 2: .*as if it were its own derivative; wrap it with tensor\(\.\.\.\)/],
    ['a boolean', true, /more\.scale is the boolean true/],
    ['a string', 'mean', /more\.scale is the string 'mean'/],
    ['a bigint', 2n, /more\.scale is the bigint 2n/],
    ['a symbol', Symbol('s'), /more\.scale is the symbol Symbol\(s\)/],
    ['a function', () => 2, /more\.scale is a function/],
    ['a typed array', new Float64Array(2), /more\.scale is a Float64Array.*wrap it/],
    ['an instance of a class', new Date(0), /more\.scale is an instance of Date/],
  ]
  const compiledOnly: Record<string, RegExp> = { 'a typed array': /Float64Array/ }
  for (const [name, call] of Object.entries(byTree)) {
    test.each(others)(`${name} refuses %s by its path`, (what, other, says) => {
      const act = () => call({ w: at(1, 2), more: { scale: other } })
      expect(act).toThrow(AdjointError)
      expect(act).toThrow((name === 'compiled grad' && compiledOnly[what]) || says)
    })
    test(`${name} carries null and undefined along`, () => {
      expect(() => call({ w: at(1, 2), more: [null, undefined] })).not.toThrow()
    })
  }

  test('the remedies hold: as tensors, as later arguments, closed over', () => {
    const scaled = ({ w }: Params, scale: number) => w.mul(scale).sum() as Tensor<[]>
    expect(grad(scaled)({ w: at(1, 2) }, 3).w.toArray()).toEqual([3, 3])
    expect(vjp((p: Params) => scaled(p, 3), { w: at(1, 2) })[1](tensor(1, f64))[0].w.toArray()).toEqual([3, 3])
    const by = ({ w, scale }: { w: Tensor; scale: Tensor }) => w.mul(scale).sum() as Tensor<[]>
    expect(grad(by)({ w: at(1, 2), scale: tensor(3, f64) }).scale.item()).toBe(3)
  })

  test('absent entries come back as they are', () => {
    const g = grad(loss)({ w: at(1, 2), more: { bias: null, mask: undefined } })
    expect(g).toEqual({ w: g.w, more: { bias: null, mask: undefined } })
    expect(g.w.toArray()).toEqual([2, 4])
  })

  test('a number in a result that would be its own derivative is refused too', () => {
    const counted = (x: Tensor) => ({ y: x.square(), count: 2 })
    expect(() => jvp(counted, [at(1)], [at(1)])).toThrow(/jvp: the result\.count is the number 2/)
    expect(() => jacobian(counted as never)(at(1))).toThrow(/jacobian: the result\.count is the number 2/)
    expect(vjp(counted, at(3))[1]({ y: at(1), count: 0 })[0].toArray()).toEqual([6])
  })
})

describe('trees that hold themselves', () => {
  const own = (): Params => {
    const tree: Params = { w: at(1, 2) }
    tree.more = { list: [tree.w, { parent: tree }] }
    return tree
  }
  const listed = (): Params => {
    const list: unknown[] = [at(1)]
    list.push(list)
    return { w: at(1, 2), more: list }
  }
  const linked = (): Params => {
    let more: object = {}
    for (let i = 0; i < 100_000; i++) more = { next: more }
    return { w: at(1, 2), more }
  }
  const takers: typeof byTree = {
    ...byTree,
    compile: (tree) => compile(loss)(tree),
    'compile, with others before': (tree) => compile((_: number, p: Params) => loss(p))(1, tree),
    gradcheck: (tree) => gradcheck(loss, [tree]),
    'a result of vjp': (tree) => vjp((_: Tensor) => tree, at(1)),
    'a result of jvp': (tree) => jvp((_: Tensor) => tree, [at(1)], [at(1)]),
    'a result of jacobian': (tree) => jacobian((() => tree) as never)(at(1)),
    'a result of compile': (tree) => compile(() => tree)(),
    'a result of gradcheck': (tree) => gradcheck((_: Tensor) => tree, [at(1)]),
    'a cotangent': (tree) => vjp(loss, { w: at(1, 2) })[1](tree as never),
    tangents: (tree) => jvp(loss, [{ w: at(1, 2) }], [tree]),
    'tangents to push': (tree) => linearize(loss, { w: at(1, 2) })[1](tree),
    'a result of linearize': (tree) => linearize((_: Tensor) => tree, at(1)),
    'a vector of hvp': (tree) => hvp(loss, { w: at(1, 2) }, tree),
  }
  for (const [name, call] of Object.entries(takers)) {
    test(`${name}: refused by path`, () => {
      expect(() => call(own())).toThrow(AdjointError)
      expect(() => call(own())).toThrow(/\.more\.list\[1\]\.parent holds itself.*no cycles/)
      expect(() => call(listed())).toThrow(/\.more\[1\] holds itself/)
      expect(() => call(linked())).toThrow(AdjointError)
      expect(() => call(linked())).toThrow(/\.more\.next.*nests more than 500 deep/)
    })
  }

  test('what a tree merely holds twice is no cycle', () => {
    const shared = { b: at(3) }
    const tree = { w: at(1, 2), more: [shared, shared, { again: [shared] }] }
    for (const call of Object.values(byTree)) expect(() => call(tree)).not.toThrow()
    const both = grad((p: { a: { b: Tensor }; c: { b: Tensor } }) => p.a.b.mul(p.c.b.square()).sum() as Tensor<[]>)
    const g = both({ a: shared, c: shared })
    expect([g.a.b.toArray(), g.c.b.toArray()]).toEqual([[9], [18]])
    expect(compile(both)({ a: shared, c: shared }).c.b.toArray()).toEqual([18])
  })
})

describe('tangents and cotangents belong to tensors by their paths', () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }) => ({ y: a.mul(b), z: a.add(b) })
  const point = { a: at(2), b: at(5) }

  test('in whatever order their keys stand', () => {
    const [, tangent] = jvp(f, [point], [{ b: at(0), a: at(1) }])
    expect([tangent.y.toArray(), tangent.z.toArray()]).toEqual([[5], [1]])
    const [g] = vjp(f, point)[1]({ z: at(0), y: at(1) })
    expect([g.a.toArray(), g.b.toArray()]).toEqual([[5], [2]])
    const h = hvp(({ a, b }: typeof point) => a.square().mul(b).sum() as Tensor<[]>, point, { b: at(0), a: at(1) })
    expect([h.a.toArray(), h.b.toArray()]).toEqual([[10], [4]])
  })

  test('also where keys look like paths', () => {
    const tricky = { 'a.b': at(2), a: { b: at(5) } }
    const product = (p: typeof tricky) => p['a.b'].mul(p.a.b)
    expect(jvp(product, [tricky], [{ a: { b: at(0) }, 'a.b': at(1) }])[1].toArray()).toEqual([5])
    expect(() => grad((p: { 'a.b': number; w: Tensor }) => p.w.sum())({ 'a.b': 2, w: at(1) })).toThrow(
      /argument\["a\.b"\]/,
    )
  })

  test('a number where a tensor belongs is named', () => {
    const [, pullback] = vjp(f, point)
    expect(() => pullback({ y: 1, z: at(1) } as never)).toThrow(
      /the cotangent\.y is 1, but the result\.y is float64\[1\]; wrap/,
    )
    expect(() => jvp(f, [point], [{ a: at(1), b: 0 }] as never)).toThrow(/tangents\[0\]\.b is 0, but args\[0\]\.b is/)
  })

  test('and where one has no counterpart, that is said', () => {
    const other = { a: at(1), c: at(1) } as never
    expect(() => jvp(f, [point], [other])).toThrow(
      /jvp: args\[0\]\.b is float64\[1\], but .*no tensor tangents\[0\]\.b/,
    )
    expect(() => vjp(f, point)[1](other)).toThrow(GradientError)
    expect(() => hvp(loss, at(1) as never, [at(1)] as never)).toThrow(
      /hvp: x is float64\[1\], but there is no tensor v;/,
    )
  })
})
