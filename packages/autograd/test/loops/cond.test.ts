import {
  ArgumentError,
  compile,
  cond,
  customOp,
  GradientError,
  grad,
  hessian,
  implicit,
  jvp,
  parameter,
  random,
  ShapeError,
  scan,
  switchCase,
  type Tensor,
  tensor,
  vmap,
  where,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { expectClose } from '../vmap/examples.js'

const float64 = { dtype: 'float64' } as const
const xs: Tensor = tensor([-2, -0.5, 0, 0.5, 2], float64)
const w: Tensor = tensor([0.3, 1.7], float64)

/** Logarithms and roots, of which only the chosen one is defined: with gradients by what it refers to. */
const piecewise =
  (weights: Tensor) =>
  (x: Tensor): Tensor =>
    cond(
      x.greater(0),
      (y: Tensor) => y.log().mul(weights.at(0)).add(y.sqrt()) as Tensor,
      (y: Tensor) => y.neg().add(1).log().mul(weights.at(1)).square() as Tensor,
      x,
    )
const total =
  (run: (f: (x: Tensor) => Tensor, all: Tensor) => Tensor) =>
  (weights: Tensor, all: Tensor): Tensor =>
    run(piecewise(weights), all).sin().sum() as Tensor
const ways: Record<string, (weights: Tensor, all: Tensor) => Tensor> = {
  'under vmap': total((f, all) => vmap(f)(all) as Tensor),
  'in a scan': total(
    (f, all) => scan((h: Tensor, x: Tensor) => [h, f(x)] as const, tensor(0, float64) as Tensor, all)[1] as Tensor,
  ),
}
const plain = (weights: Tensor, all: Tensor): Tensor =>
  [0, 1, 2, 3, 4].map((i) => piecewise(weights)(all.at(i) as Tensor).sin()).reduce((a, b) => a.add(b)) as Tensor

describe('cond', () => {
  test('runs only the branch that is chosen, where that is known', () => {
    const seen: string[] = []
    const note = (name: string) => (x: Tensor) => {
      seen.push(name)
      return x
    }
    cond(tensor(true), note('a'), note('b'), xs)
    cond(tensor(false), note('a'), note('b'), xs)
    expect(seen).toEqual(['a', 'b'])
  })

  test.each(Object.entries(ways))(
    '%s has the values and derivatives of the chosen branch, and 0 of the other',
    (_, way) => {
      const derivatives = [
        (f: typeof plain) => f(w, xs),
        (f: typeof plain) => grad(f)(w, xs),
        (f: typeof plain) => grad(f, { argument: 1 })(w, xs),
        (f: typeof plain) => hessian((v: Tensor) => f(v, xs))(w),
        (f: typeof plain) => hessian((x: Tensor) => f(w, x))(xs),
        (f: typeof plain) => jvp(f, [w, xs], [w.cos() as Tensor, xs.cos() as Tensor])[1],
      ]
      for (const of of derivatives) {
        const wanted = [of(plain) as Tensor]
        expectClose([of(way) as Tensor], wanted)
        expectClose([compile(() => of(way) as Tensor)()], wanted)
      }
    },
  )

  test('compiled by itself, with trees, integers and truth values', () => {
    const f = (x: Tensor) =>
      cond(
        x.sum().greater(0),
        (y: Tensor) => ({ y: y.mul(2), n: tensor(1, { dtype: 'int32' }), is: y.greater(1) }),
        (y: Tensor) => ({ y: y.neg(), n: tensor(2, { dtype: 'int32' }), is: y.less(1) }),
        x,
      )
    for (const x of [xs.add(1), xs.sub(1)] as Tensor[]) {
      const [one, other] = [f(x), compile(f)(x)]
      expect([[...other.y.data], other.n.item(), [...other.is.data]]).toEqual([
        [...one.y.data],
        one.n.item(),
        [...one.is.data],
      ])
    }
  })

  test('switchCase chooses among several, the nearest for an index out of range', () => {
    const branches = [(x: Tensor) => x.square(), (x: Tensor) => x.neg(), (x: Tensor) => x.exp()] as ((
      x: Tensor,
    ) => Tensor)[]
    const at = (i: number) => tensor(i, { dtype: 'int32' })
    const f = (i: Tensor, x: Tensor) => switchCase(i, branches, x)
    for (const [i, wanted] of [
      [-3, 4],
      [0, 4],
      [1, -2],
      [2, Math.exp(2)],
      [9, Math.exp(2)],
    ] as const) {
      expect(f(at(i), tensor(2, float64)).item()).toBeCloseTo(wanted, 14)
      expect(compile(f)(at(i), tensor(2, float64)).item()).toBeCloseTo(wanted, 14)
    }
    const indices: Tensor = tensor([0, 1, 2], { dtype: 'int32' })
    const slopes = vmap(grad(f, { argument: 1 }), { in: [0, null] })(indices, tensor(2, float64) as Tensor)
    expectClose([slopes as Tensor], [tensor([4, -1, Math.exp(2)], float64)])
  })

  test('takes results by their places in trees, and refuses what is chosen and no tensor', () => {
    const f = compile((is: Tensor, x: Tensor) =>
      cond(
        is,
        (y: Tensor) => ({ one: y, other: y.mul(2), same: 'is' }),
        (y: Tensor) => ({ other: y.mul(3), same: 'is', one: y.neg() }),
        x,
      ),
    )
    for (const [is, one, other] of [
      [true, 1, 2],
      [false, -1, 3],
    ] as const) {
      const found = f(tensor(is), tensor(1, float64))
      expect([found.one.item(), found.other.item(), found.same]).toEqual([one, other, 'is'])
    }
    const number = compile(
      (is: Tensor) =>
        cond(
          is,
          (): unknown => ({ n: 1 }),
          () => ({ n: 2 }),
        ) as never,
    )
    expect(() => number(tensor(true))).toThrow(ArgumentError)
    expect(() => number(tensor(true))).toThrow(/^cond: b returned 2, and a 1 at \.n: .* return tensors/)
    const index = tensor(0, { dtype: 'int32' }) as Tensor
    const cases = compile((i: Tensor) => switchCase(i, [() => null, () => true] as never) as never)
    expect(() => cases(index)).toThrow(/^switchCase: branch 0 returned null, and branch 1 true/)
    expect(() => switchCase(tensor(1), [(x: Tensor) => x], xs)).toThrow(
      'use an int32 tensor of shape [], such as tensor(1, {',
    )
  })

  test('runs a solver or an op that looks at elements only where its branch is chosen', () => {
    const root = implicit(
      (a: Tensor) => tensor(Math.sqrt(a.item()), float64) as Tensor,
      (x: Tensor, a: Tensor) => x.square().sub(a) as Tensor,
    )
    let looks = 0
    const look = customOp({
      name: 'look',
      forward: (x: Tensor) => {
        looks++
        return tensor(3 * x.item(), float64) as Tensor
      },
      vjp: (g) => [g.mul(3)],
    })
    const f = (a: Tensor) =>
      cond(
        a.greater(0),
        (x: Tensor) => root(x),
        (x: Tensor) => look(x) as Tensor,
        a,
      )
    const [four, minus] = [tensor(4, float64), tensor(-4, float64)] as Tensor[]
    const [value, slope] = [compile(f), compile(grad(f))]
    for (const step of [value, slope]) step(four!)
    looks = 0
    expect([value(four!).item(), slope(four!).item()]).toEqual([2, 0.25])
    expect(looks).toBe(0)
    expect([value(minus!).item(), slope(minus!).item()]).toEqual([-12, 3])
    const all = tensor([4, -4, 9], float64) as Tensor
    const total = (xs: Tensor) =>
      scan((h: Tensor, a: Tensor) => [h.add(f(a)), null] as never, tensor(0, float64) as Tensor, xs)[0] as Tensor
    for (const g of [grad(total), compile(grad(total))]) {
      expect(Array.from(g(all).data)).toEqual([0.25, 3, expect.closeTo(1 / 6, 12)])
    }
  })

  test('refuses what is no choice, branches that differ, and effects where both run', () => {
    const id = (x: Tensor) => x
    expect(() => cond(true as never, id, id, xs)).toThrow(ArgumentError)
    expect(() => cond(true as never, id, id, xs)).toThrow("JavaScript's own if")
    expect(() => cond(xs.greater(0), id, id, xs)).toThrow('use a bool tensor of shape []')
    expect(() => cond(tensor(1), id, id, xs)).toThrow('float32[]')
    expect(() => cond(tensor(true), id, 3 as never, xs)).toThrow('cond: b is 3')
    expect(() => switchCase(tensor(0, { dtype: 'int32' }), [], xs)).toThrow('array of functions')
    const traced = (f: (x: Tensor) => unknown) =>
      compile((x: Tensor) => cond(x.sum().greater(0), f as never, id as never, x) as Tensor)
    expect(() => traced((x) => x.sum())(xs)).toThrow(ShapeError)
    expect(() => traced((x) => x.sum())(xs)).toThrow(
      'cond: result is float64[5], but a returned float64[] for it; branches return trees of the same form, shapes and dtypes, as b does',
    )
    expect(() => traced((x) => [x, x])(xs)).toThrow('a returned result[0] (float64[5]), which the first result has not')
    expect(() => traced(() => 3)(xs)).toThrow('cond: b returned float64[5], and a 3')
    const p = parameter(xs)
    for (const [effect, word] of [
      [(x: Tensor) => [p.assign(x as never), x][1], 'another value'],
      [(x: Tensor) => [p.mul(x).sum().backward(), x][1], 'gradient'],
      [(x: Tensor) => x.add(random.normal([5], float64)), 'random numbers'],
    ] as const) {
      expect(() => traced(effect)(xs)).toThrow(GradientError)
      expect(() => traced(effect)(xs)).toThrow(word)
    }
    expect([...p.data]).toEqual([...xs.data])
    expectClose([traced((x) => x.mul(2))(xs)], [where(xs.sum().greater(0), xs.mul(2), xs) as Tensor])
  })
})
