import { describe, expect, test } from 'vitest'
import {
  CompileError,
  compile,
  grad,
  guard,
  hvp,
  noGrad,
  parameter,
  Random,
  type Tensor,
  tensor,
  where,
  zeros,
} from '../../src/index.js'

const close = (a: Tensor, b: Tensor) => {
  expect(a.shape).toEqual(b.shape)
  expect(a.dtype).toBe(b.dtype)
  Array.from(a.data).forEach((x, i) => {
    expect(Math.abs(x - b.data[i]!)).toBeLessThanOrEqual(1e-6 * (1 + Math.abs(x)))
  })
}

describe('compile', () => {
  test('gives what the function gives, at every call', () => {
    const f = (x: Tensor, y: Tensor) => x.matmul(y).tanh().add(y.sum(0)).mean()
    const compiled = compile(f)
    for (const seed of [1, 2, 3]) {
      const random = new Random(seed)
      const [x, y] = [random.normal([3, 4]), random.normal([4, 5])]
      close(compiled(x, y) as Tensor, f(x, y) as Tensor)
    }
  })

  test('works on trees, and hands back what it was given', () => {
    const compiled = compile((p: { a: Tensor; b: Tensor[] }, k: number) => ({ sum: p.a.add(p.b[0]!).mul(k), p, k }))
    const [a, b] = [tensor([1, 2]), tensor([3, 4])]
    const result = compiled({ a, b: [b] }, 2)
    expect(result.sum.toArray()).toEqual([8, 12])
    expect(result.p.a).toBe(a)
    expect(result.p.b[0]).toBe(b)
    expect(result.k).toBe(2)
    expect(compiled({ a: b, b: [b] }, 3).sum.toArray()).toEqual([18, 24])
  })

  test('a step of training changes parameters and gradients as it does uncompiled', () => {
    const run = (wrap: <F extends (x: Tensor) => Tensor>(f: F) => F) => {
      const w = parameter(
        tensor([
          [0.5, -0.3],
          [0.2, 0.8],
        ]),
      )
      const b = parameter(tensor([0.1, -0.1]))
      const step = wrap((x: Tensor) => {
        const loss = x
          .matmul(w as Tensor)
          .add(b as Tensor)
          .tanh()
          .square()
          .sum() as Tensor
        w.zeroGrad()
        b.zeroGrad()
        loss.backward()
        noGrad(() => {
          w.assign(w.sub(w.grad.mul(0.1)))
          b.assign(b.sub(b.grad.mul(0.1)))
        })
        return loss
      })
      const losses = [1, 2, 3, 4].map((k) =>
        step(
          tensor([
            [k, 1],
            [0.5, -k],
          ]) as Tensor,
        ).item(),
      )
      return { losses, w: w.toArray(), b: b.toArray(), grad: w.grad.toArray() }
    }
    const compiled = run((f) => compile(f) as typeof f)
    const eager = run((f) => f)
    const flat = (run: typeof eager) => [...run.losses, ...run.w.flat(), ...run.b, ...run.grad.flat()]
    flat(compiled).forEach((number, i) => {
      expect(number).toBeCloseTo(flat(eager)[i]!, 5)
    })
  })

  test('gradients, Hessian products and jvp inside are part of the program', () => {
    const f = (x: Tensor) => x.sin().mul(x).sum()
    const all = (x: Tensor) => [grad(f)(x), hvp(f, x, x), grad((y: Tensor) => grad(f)(y).square().sum())(x)] as Tensor[]
    const compiled = compile(all)
    for (const x of [tensor([0.3, 1.2]), tensor([-2, 0.1])]) {
      compiled(x as Tensor).forEach((result, i) => {
        close(result, all(x as Tensor)[i]!)
      })
    }
  })

  test('compiled and differentiated outside it still has the right derivative', () => {
    const f = compile((x: Tensor) => x.square().sum())
    expect(grad(f)(tensor([1, 2]) as Tensor).toArray()).toEqual([2, 4])
    expect(f(tensor([1, 2]) as Tensor).item()).toBe(5)
    const w = parameter(tensor([3]))
    const g = compile((x: Tensor) => x.mul(w as Tensor).sum())
    g(tensor([2]) as Tensor).backward()
    expect(w.grad.toArray()).toEqual([2])
    expect(g.explain()).toContain('differentiated outside')
    expect(noGrad(() => g(tensor([2]) as Tensor)).item()).toBe(6)
  })

  test('random tensors are drawn anew at each call, as they would be uncompiled', () => {
    const [a, b] = [new Random(3), new Random(3)]
    const f = compile((x: Tensor) => x.add(a.normal([3])))
    for (let i = 0; i < 3; i++) expect(f(zeros([3]) as Tensor).toArray()).toEqual(b.normal([3]).toArray())
  })

  test('a product over one element runs with what takes it in, whatever its elements, and need not lie in memory', () => {
    const [a, b] = [
      tensor(
        [
          [0, 1, -2, Infinity],
          [3, 0.5, 0, 1e-300],
        ],
        { dtype: 'float64' },
      ),
      tensor(
        [
          [1, 0, NaN, -0],
          [2, 5, 1e300, -1],
        ],
        { dtype: 'float64' },
      ),
    ]
    const sizes = (x: Tensor, y: Tensor) => x.expandDims(2).matmul(y.expandDims(1)).square().sum([1, 2])
    const compiled = compile(sizes)
    expect([...compiled(a, b).data]).toEqual([...sizes(a, b).data])
    expect(compiled.explain()).not.toContain('matmul')
    // where one is a cotangent, 0 stays 0 whatever it meets
    const gradient = (x: Tensor, y: Tensor) =>
      grad((m: Tensor) => x.expandDims(0).matmul(m).sum())(zeros([4, 4], { dtype: 'float64' }))
        .mul(y.sum())
        .square()
        .sum()
    for (const i of [0, 1]) {
      const [x, y] = [a.at(i) as Tensor, b.at(1) as Tensor]
      expect(compile(gradient)(x, y).item()).toBe(gradient(x, y).item())
    }
  })

  test('asking for elements says what to do instead', () => {
    const f = compile((x: Tensor) => (x.sum().item() > 0 ? x : x.neg()))
    expect(() => f(tensor([1]) as Tensor)).toThrow(CompileError)
    expect(() => f(tensor([1]) as Tensor)).toThrow(/where\(\)/)
    const g = compile((x: Tensor) => where(x.greater(0), x, x.neg()))
    expect(g(tensor([-1, 2]) as Tensor).toArray()).toEqual([1, 2])
  })

  test('what is read through guard is read again at each call', () => {
    const settings = { scale: 2 }
    const f = compile((x: Tensor) => x.mul(guard(() => settings.scale)))
    expect(f(tensor([1]) as Tensor).item()).toBe(2)
    settings.scale = 3
    expect(f(tensor([1]) as Tensor).item()).toBe(3)
    settings.scale = 2
    expect(f(tensor([1]) as Tensor).item()).toBe(2)
  })
})
