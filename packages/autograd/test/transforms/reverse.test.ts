import {
  GradientError,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  noGrad,
  ones,
  parameter,
  stopGradient,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'

const f64 = { dtype: 'float64' } as const
const vector = (...numbers: number[]): Tensor => tensor(numbers, f64)

describe('backward', () => {
  it('accumulates until zeroGrad, and keeps the graph: twice adds twice', () => {
    const w = parameter(vector(1, 2))
    const loss = w.square().sum()
    loss.backward()
    expect(w.grad.toArray()).toEqual([2, 4])
    loss.backward()
    expect(w.grad.toArray()).toEqual([4, 8])
    w.zeroGrad()
    expect(w.hasGrad).toBe(false)
    w.mul(3).sum().backward()
    expect(w.grad.toArray()).toEqual([3, 3])
  })

  it('adds what meets: a tensor used several times gets the sum', () => {
    const x = parameter(tensor(3, f64))
    x.mul(x).add(x).backward()
    expect(x.grad.item()).toBe(7)
  })

  it('sums over what was broadcast', () => {
    const b = parameter(vector(1, 2, 3))
    zeros([4, 3], f64).add(b).sum().backward()
    expect(b.grad.toArray()).toEqual([4, 4, 4])
  })

  it('leaves gradients without a past, unless createGraph asks for one', () => {
    const x = parameter(tensor(2, f64))
    x.pow(3).backward()
    expect(x.grad.requiresGrad).toBe(false)
    x.zeroGrad()
    x.pow(3).backward({ createGraph: true })
    const first = x.grad
    x.zeroGrad()
    first.backward()
    expect(x.grad.item()).toBeCloseTo(12, 12)
  })

  it('does not reach through detach, stopGradient and noGrad', () => {
    const x = parameter(tensor(2, f64))
    x.mul(x.detach()).backward()
    expect(x.grad.item()).toBe(2)
    expect(stopGradient(x).requiresGrad).toBe(false)
    expect(noGrad(() => x.mul(2)).requiresGrad).toBe(false)
  })

  it('refuses a loss that is no scalar, and says what to do', () => {
    const x: Tensor = parameter(vector(1, 2))
    expect(() => x.mul(2).backward()).toThrow(GradientError)
    expect(() => x.mul(2).backward()).toThrow(/backward.*\[2\].*\.sum\(\).*\.mean\(\).*jacobian\(\).*vjp\(\)/)
  })

  it('refuses a loss that depends on no parameter', () => {
    expect(() => tensor(1).mul(2).backward()).toThrow(/requires a gradient.*parameter\(/)
  })

  it('names what is missing when a gradient is read that is not there', () => {
    expect(() => parameter(vector(1)).grad).toThrow(/no backward\(\) has reached it/)
    expect(() => vector(1).grad).toThrow(/does not require one.*parameter/)
    expect(() => parameter(vector(1)).mul(2).grad).toThrow(/result of an op.*vjp\(\) or grad\(\)/)
  })

  it('refuses to differentiate what was computed from a value that has been replaced since', () => {
    const w = parameter(vector(1, 2))
    const loss = w.square().sum()
    w.assign(vector(5, 6))
    expect(() => loss.backward()).toThrow(GradientError)
    expect(() => loss.backward()).toThrow(/new value after.*Differentiate before the update/)
    const again = w.square().sum()
    again.backward()
    expect(w.grad.toArray()).toEqual([10, 12])
  })
})

describe('grad and its kin', () => {
  it('differentiate by trees and give the same tree back', () => {
    const params = { w: vector(1, 2), layers: [{ b: tensor(3, f64) }], bias: null }
    const [value, g] = valueAndGrad((p: typeof params, x: Tensor) => p.w.mul(x).sum().mul(p.layers[0]!.b))(
      params,
      vector(4, 5),
    )
    expect(value.item()).toBe(42)
    expect(g.w.toArray()).toEqual([12, 15])
    expect(g.layers[0]!.b.item()).toBe(14)
    expect(g.bias).toBeNull()
  })

  it('give zeros for what the result does not depend on', () => {
    const g = grad((p: { a: Tensor; b: Tensor }) => p.a.square().sum())({ a: vector(1), b: vector(2, 3) })
    expect(g.b.toArray()).toEqual([0, 0])
  })

  it('differentiate a constant function to zeros', () => {
    expect(grad((_x: Tensor) => tensor(1, f64))(vector(2)).toArray()).toEqual([0])
  })

  it('leave no past behind: results of the outermost call track nothing', () => {
    const [value, g] = valueAndGrad((x: Tensor) => x.square().sum())(vector(1, 2))
    expect([value.requiresGrad, g.requiresGrad, g.op, value.op]).toEqual([false, false, null, null])
  })

  it('still reach parameters that the function closes over', () => {
    const w = parameter(tensor(3, f64))
    const penalty = grad((x: Tensor) => x.mul(w).square().sum())(vector(2))
    penalty.sum().backward()
    expect(w.grad.item()).toBe(2 * 2 * 2 * 3)
  })

  it('work inside noGrad, where only what is outside is not recorded', () => {
    expect(noGrad(() => grad((x: Tensor) => x.square().sum())(vector(3))).toArray()).toEqual([6])
  })

  it('nest to any order', () => {
    const f = (x: Tensor<[]>): Tensor<[]> => x.pow(4)
    const x = tensor(2, f64)
    expect(grad(f)(x).item()).toBeCloseTo(32, 10)
    expect(grad(grad(f))(x).item()).toBeCloseTo(48, 10)
    expect(grad(grad(grad(f)))(x).item()).toBeCloseTo(48, 10)
    expect(grad(grad(grad(grad(f))))(x).item()).toBeCloseTo(24, 10)
    expect(grad(grad(grad(grad(grad(f)))))(x).item()).toBeCloseTo(0, 10)
  })

  it('do not confuse perturbations (Siskind and Pearlmutter 2005)', () => {
    // d/dx [x * d/dy (x + y) at y = 1] is 1, and 2 where the perturbations are confused
    const derivative = grad((x: Tensor<[]>) => x.mul(grad((y: Tensor<[]>) => x.add(y))(tensor(1, f64))))
    expect(derivative(tensor(1, f64)).item()).toBe(1)
    const forward = jvp(
      (x: Tensor<[]>) => x.mul(jvp((y: Tensor<[]>) => x.add(y), [tensor(1, f64)], [tensor(1, f64)])[1]),
      [tensor(1, f64)],
      [tensor(1, f64)],
    )[1]
    expect(forward.item()).toBe(1)
  })

  it('differentiate a tensor that is a leaf at two levels at once', () => {
    // f(x) = d/dy (x y^2) at y = x is 2 x^2, so f'(x) = 4 x
    const f = (x: Tensor<[]>) => grad((y: Tensor<[]>) => x.mul(y).mul(y))(x)
    expect(grad(f)(tensor(3, f64)).item()).toBe(12)
  })

  it('mix modes in any nesting', () => {
    const f = (x: Tensor) => x.mul(x.sin()).sum()
    const x = vector(0.3, 1.2)
    const v = vector(1, -2)
    const second = [0.3, 1.2].map((a, i) => (2 * Math.cos(a) - a * Math.sin(a)) * v.data[i]!)
    const orders = [
      hvp(f, x, v),
      jvp(grad(f), [x], [v])[1],
      grad((y: Tensor) => grad(f)(y).mul(v).sum())(x),
      grad((y: Tensor) => jvp(f, [y], [v])[1])(x),
      vjp(grad(f), x)[1](v)[0]!,
      hessian(f)(x).matmul(v),
    ]
    for (const found of orders) {
      for (let i = 0; i < 2; i++) expect(found.data[i]).toBeCloseTo(second[i]!, 12)
    }
  })

  it('compute jacobians alike in both modes, with trees on both sides', () => {
    const f = (p: { a: Tensor; b: Tensor }) => p.a.mul(p.b).sin()
    const at = { a: vector(1, 2, 3), b: vector(0.5) }
    const reverse = jacobian(f)(at)
    const forward = jacobian(f, { mode: 'forward' })(at)
    expect(reverse.a.shape).toEqual([3, 3])
    expect(reverse.b.shape).toEqual([3, 1])
    expect(forward.a.toArray()).toEqual(reverse.a.toArray())
    expect(forward.b.toArray()).toEqual(reverse.b.toArray())
    expect(reverse.b.at(1).item()).toBeCloseTo(2 * Math.cos(1), 14)
  })

  it('give the hessian of a tree as a tree of trees', () => {
    const f = (p: { x: Tensor<[2]>; y: Tensor<[]> }) => p.x.square().sum().mul(p.y)
    const h = hessian(f)({ x: tensor([1, 2], f64), y: tensor(3, f64) })
    expect(h.x.x.toArray()).toEqual([
      [6, 0],
      [0, 6],
    ])
    expect(h.x.y.toArray()).toEqual([2, 4])
    expect(h.y.x.toArray()).toEqual([2, 4])
    expect(h.y.y.item()).toBe(0)
  })

  it('pull back more than once, and after the scope has ended', () => {
    const [y, pullback] = vjp((x: Tensor) => x.exp(), vector(0, 1))
    expect(pullback(ones([2], f64))[0]!.toArray()).toEqual(y.toArray())
    expect(pullback(vector(1, 0))[0]!.toArray()).toEqual([1, 0])
  })

  it('differentiate a pullback by its cotangent inside another differentiation', () => {
    const [, pullback] = vjp((x: Tensor) => x.square(), vector(3))
    expect(grad((g: Tensor) => pullback(g)[0]!.sum())(vector(1)).toArray()).toEqual([6])
  })
})

describe('mistakes are named', () => {
  const x: Tensor = vector(1, 2)
  it.each<[string, () => unknown, RegExp]>([
    ['a vector-valued function', () => grad((a: Tensor) => a.mul(2))(x), /grad: .*\[2\].*\.sum\(\).*jacobian.*vjp/],
    [
      'a function that returns a number',
      () => grad((() => 3) as never)(x),
      /grad: the function returned 3.*scalar tensor/,
    ],
    [
      'an argument without tensors',
      () => grad((a: number) => tensor(a))(3),
      /grad: the first argument is the number 3: .*wrap it with tensor/,
    ],
    [
      'an integer parameter',
      () => grad((p: { n: Tensor }) => p.n.sum())({ n: tensor([1], { dtype: 'int32' }) }),
      /first argument\.n is int32\[1\].*cast/,
    ],
    ['an integer result', () => grad((a: Tensor) => a.sum().cast('int32'))(x), /int32\[\], which has no derivative/],
    [
      'a cotangent of another shape',
      () => vjp((a: Tensor) => a.exp(), x)[1](vector(1)),
      /vjp: the cotangent is float64\[1\].*float64\[2\]/,
    ],
    [
      'tangents of another shape',
      () => jvp((a: Tensor) => a.exp(), [x], [vector(1)]),
      /jvp: tangents\[0\] is float64\[1\], but args\[0\] is/,
    ],
    [
      'too few tangents',
      () => jvp((a: Tensor) => a.exp(), [x], [] as never),
      /jvp: args\[0\] is float64\[2\], but there is no tensor tangents\[0\]/,
    ],
  ])('%s', (_name, act, says) => {
    expect(act).toThrow(GradientError)
    expect(act).toThrow(says)
  })
})
