import {
  type AnyTensor,
  ArgumentError,
  type CustomOp,
  compile,
  customOp,
  GradientError,
  grad,
  hessian,
  jvp,
  ones,
  parameter,
  Random,
  ShapeError,
  scan,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
} from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, it } from 'vitest'

const float64 = (elements: readonly number[]): Tensor => tensor(elements, { dtype: 'float64' }) as Tensor
const x = float64([0.3, -0.7, 1.1])
const values = (tree: unknown): unknown =>
  JSON.parse(JSON.stringify(tree, (_, at) => (typeof at === 'number' ? Number(at.toPrecision(12)) : at)))

let runs = 0
/** x e^x, whose derivative is made of what forward has computed. */
const custom = {
  name: 'timesExp',
  residuals: true,
  forward: (a: Tensor): [Tensor, { e: Tensor; more: Tensor[] }] => {
    runs++
    const e = a.exp()
    return [a.mul(e), { e, more: [a] }]
  },
  vjp: (g: Tensor, _: [Tensor], y: Tensor, { e }: { e: Tensor }) => [g.mul(y.add(e))],
} as const
const timesExp = customOp(custom)
const plain = (a: Tensor): Tensor => a.mul(a.exp())
const byJvp = customOp({
  name: 'timesExp',
  residuals: true,
  forward: custom.forward,
  jvp: ([d], _, y, { e }) => d.mul(y.add(e)),
})

describe('residuals of a custom op', () => {
  const derivatives = (f: (a: Tensor) => Tensor) => {
    const total = (a: Tensor) => f(a.sin()).mul(f(a)).sum() as Tensor<[]>
    const w = parameter(x)
    total(w).backward()
    const third = (a: Tensor) => grad((b: Tensor) => grad(total)(b).square().sum())(a).sum()
    return values([
      valueAndGrad(total)(x),
      w.grad,
      hessian(total)(x),
      jvp(total, [x], [x]),
      grad(third)(x),
      vmap(grad(total))(float64([1, 2, 3, 4, 5, 6]).reshape([2, 3])),
      grad((a: Tensor) => vmap((b: Tensor) => f(b).sum())(a.reshape([3, 1])).sum())(x),
      grad((a: Tensor) => (scan((h: Tensor) => [f(h), null], a, null, { length: 2 }) as [Tensor, null])[0].sum())(x),
      compile(valueAndGrad(total))(x),
      compile(hessian(total))(x),
    ])
  }

  it.each([
    ['by vjp', timesExp],
    ['by jvp', byJvp],
  ])('derivatives of every order are those of the formula, %s', (_, f) => {
    expect(derivatives(f)).toEqual(derivatives(plain))
    expect(gradcheck((a: Tensor) => f(a), [x], { order: 2 } as never)).toMatchObject({ verdict: 'pass' })
  })

  it('forward runs once for a first derivative, and once more for that of the rule', () => {
    runs = 0
    grad((a: Tensor) => timesExp(a).sum())(x)
    expect(runs).toBe(1)
    runs = 0
    grad((a: Tensor) => grad((b: Tensor) => timesExp(b).sum())(a).sum())(x)
    expect(runs).toBe(2)
  })

  it('what was drawn is the same in derivatives of the rule', () => {
    const random = new Random(3)
    let mask: Tensor = x
    const dropped = customOp({
      name: 'dropped',
      residuals: true,
      forward: (a: Tensor) => {
        const drawn = random.normal([3], { dtype: 'float64' }) as Tensor
        mask = drawn
        return [a.mul(drawn).square(), { scaled: a.mul(drawn), drawn }]
      },
      vjp: (g, _inputs, _output, { scaled, drawn }) => [g.mul(scaled).mul(drawn).mul(2)],
    })
    const second = grad((a: Tensor) => grad((b: Tensor) => dropped(b).sum())(a).sum())(x)
    expect(values(second)).toEqual(values(mask.square().mul(2)))
  })

  it('a forward that looks is once differentiable, also compiled', () => {
    const looking = customOp({
      name: 'looking',
      residuals: true,
      forward: (a: Tensor) => {
        const e = float64(Array.from(a.data, Math.exp))
        return [a.mul(e), [e]]
      },
      vjp: (g, [a], _, [e]) => [g.mul(e!).mul(a.add(1))],
    })
    const f = (a: Tensor) => looking(a).sum() as Tensor<[]>
    expect(values(valueAndGrad(f)(x))).toEqual(values(valueAndGrad((a: Tensor) => plain(a).sum())(x)))
    const step = compile(valueAndGrad(f))
    expect(values(step(x))).toEqual(values(valueAndGrad(f)(x)))
    expect(values(step(x.mul(2)))).toEqual(values(valueAndGrad(f)(x.mul(2))))
    expect(() => hessian(f)(x)).toThrow('once differentiable')
  })

  it('are as they were, whatever becomes of the tensors', () => {
    const kept = float64([1, 2, 3])
    const scaled = customOp({
      name: 'scaled',
      residuals: true,
      forward: (a: Tensor) => [a.mul(kept), kept],
      vjp: (g, _inputs, _output, scale) => [g.mul(scale)],
    })
    const [, pullback] = vjp(scaled, x)
    kept.assign(x)
    expect(pullback(ones([3], { dtype: 'float64' }))[0].toArray()).toEqual([1, 2, 3])
  })

  it('refuses what is no pair, and residuals that are no tensors', () => {
    const of = (op: object) => customOp({ name: 'f', vjp: (g: Tensor) => [g], ...op } as never) as (a: Tensor) => Tensor
    expect(() => of({ forward: (a: Tensor) => [a, a] })(x)).toThrow(ShapeError)
    expect(() => of({ forward: (a: Tensor) => [a, a] })(x)).toThrow('with residuals: true')
    expect(() => of({ forward: (a: Tensor) => a, residuals: true })(x)).toThrow('return [output, residuals]')
    expect(() => of({ forward: (a: Tensor) => [a, { n: a, scale: 3 }], residuals: true })(x)).toThrow(
      'f: residuals.scale is the number 3',
    )
  })
})

describe('inputs by which a custom op has no derivative', () => {
  const scale = { name: 'scale', forward: (a: Tensor, by: Tensor) => a.mul(by) }
  it('are constants at every order, in either mode', () => {
    const f = customOp({ ...scale, vjp: (g, [, by]) => [g.mul(by), null], nondifferentiable: [1] })
    const total = (a: Tensor) => f(a.square(), a).sum() as Tensor<[]>
    const wanted = (a: Tensor) => a.square().mul(a.detach()).sum() as Tensor<[]>
    expect(values([grad(total)(x), hessian(total)(x), jvp(total, [x], [x])])).toEqual(
      values([grad(wanted)(x), hessian(wanted)(x), jvp(wanted, [x], [x])]),
    )
  })

  it('a cotangent for one is refused, and for an integer; and a position that is none', () => {
    const rule = (g: Tensor, [a, by]: [Tensor, Tensor]) => [g.mul(by), g.mul(a)]
    const declared = customOp({ ...scale, vjp: rule, nondifferentiable: [1] })
    expect(() => grad((a: Tensor) => declared(a, a).sum())(x)).toThrow(GradientError)
    expect(() => grad((a: Tensor) => declared(a, a).sum())(x)).toThrow(
      /scale: .* input 1, .* nondifferentiable; return null/,
    )
    const undeclared = customOp({ ...scale, vjp: rule })
    expect(() => grad((a: Tensor) => undeclared(a, tensor([1, 2, 3], { dtype: 'int32' })).sum())(x)).toThrow(
      'is int32 and has no derivative; return null',
    )
    const none = customOp({ ...scale, vjp: rule, nondifferentiable: [2] })
    expect(() => none(x, x)).toThrow(ArgumentError)
    expect(() => none(x, x)).toThrow('names input 2')
  })
})

describe('three-liners', () => {
  it('straight through, and the gradient reversed', () => {
    const straightThrough = customOp({ name: 'straightThrough', forward: (a: Tensor) => a.round(), vjp: (g) => [g] })
    const reverse = customOp({ name: 'reverse', forward: (a: Tensor) => a, vjp: (g) => [g.neg()] })
    expect(straightThrough(x).toArray()).toEqual(x.round().toArray())
    const weighted = (f: (a: Tensor) => Tensor) => grad((a: Tensor) => f(a).mul(x).sum())(x).toArray()
    expect(weighted(straightThrough)).toEqual(x.toArray())
    expect(weighted(reverse)).toEqual(x.neg().toArray())
    // by stopGradient alone
    expect(weighted((a) => a.add(a.round().sub(a).detach()))).toEqual(x.toArray())
  })
})

// types: residuals are those of forward, and said to be there
const exact = customOp({
  name: 'exact',
  residuals: true,
  forward: (a: Tensor<[2]>) => [a.sum(), { e: a }],
  vjp: (g: Tensor<[]>, [a]: [Tensor<[2]>], y: Tensor<[]>, r: { e: Tensor<[2]> }) => [a.mul(g), r.e, y],
})
exact satisfies (a: Tensor<[2]>) => Tensor<[]>
// @ts-expect-error forward returns residuals
;({ name: 'f', forward: (a: Tensor) => [a, a], residuals: false }) satisfies CustomOp<(a: Tensor) => [Tensor, Tensor]>
// @ts-expect-error forward returns none
;({ name: 'f', forward: (a: Tensor) => a, residuals: true }) satisfies CustomOp<(a: Tensor) => AnyTensor>
