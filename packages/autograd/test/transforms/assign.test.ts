import {
  ArgumentError,
  compile,
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
  valueAndGrad,
  vjp,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { eager, type Wrap } from '../compile/harness.js'

// What is assigned is a constant. Where that would lose a derivative that somebody is taking, it is refused.

type F = (x: Tensor) => Tensor<[]>

const at = (...elements: number[]): Tensor => tensor(elements, { dtype: 'float64' }) as Tensor
const refused = /^assign: float64\[2\] is made of what .* differentiating.*detach\(\).*noGrad\(\)/

const transforms: Readonly<Record<string, (f: F) => (x: Tensor) => unknown>> = {
  grad,
  valueAndGrad,
  hessian,
  jacobian,
  vjp: (f) => (x) => vjp(f, x)[1](tensor(1, { dtype: 'float64' })),
  jvp: (f) => (x) => jvp(f, [x], [x]),
  linearize: (f) => (x) => linearize(f, x)[1](x),
  hvp: (f) => (x) => hvp(f, x, x),
  // by the outer one alone
  'grad of another gradient': (f) => grad((x) => grad((y: Tensor) => y.square().sum().mul(f(x)))(at(1, 2)).sum()),
}
const compiled: Wrap = (f) => compile(f) as typeof f
const ways: readonly (readonly [string, Wrap, Wrap])[] = [
  ['eagerly', eager, eager],
  ['compiled', compiled, eager],
  ['of a compiled function', eager, compiled],
]

describe.each(ways)('%s', (_, around, inside) => {
  test.each(Object.entries(transforms))('%s refuses to lose the derivative of what is assigned', (_name, transform) => {
    const state = parameter(at(5, 5))
    const f = (assign: (x: Tensor) => void): F =>
      inside((x: Tensor) => {
        assign(x)
        return x.mul(state).sum() as Tensor<[]>
      })
    const ask = (assign: (x: Tensor) => void) => around(transform(f(assign)))(at(1, 2))
    const lose = () => ask((x) => state.assign(x.mul(2)))
    expect(lose).toThrow(ArgumentError)
    expect(lose).toThrow(refused)
    expect(state.toArray()).toEqual([5, 5])
    for (const keep of [
      (x: Tensor) => state.assign(x.mul(2).detach()),
      (x: Tensor) => noGrad(() => state.assign(x.mul(2))),
    ]) {
      state.assign(at(5, 5))
      ask(keep)
      expect(state.toArray()).toEqual([2, 4])
    }
  })

  test('a constant is assigned, and so is what depends on parameters alone', () => {
    const state = at(5, 5)
    const w = parameter(at(1, 1)) as Tensor
    const slope = around(
      grad(
        inside((x: Tensor) => {
          state.assign(state.mul(2))
          w.assign(w.mul(3))
          return x.mul(state).mul(w.detach()).sum() as Tensor<[]>
        }),
      ),
    )
    expect((slope(at(1, 2)) as Tensor).toArray()).toEqual([30, 30])
    expect([state.toArray(), w.toArray()]).toEqual([[10, 10], [3, 3]]) // biome-ignore format: pairs
  })

  test('a step inside a differentiation by something else', () => {
    const w = parameter(at(1, 1)) as Tensor
    const train = (x: Tensor) => {
      w.zeroGrad()
      ;(w.square().sum() as Tensor<[]>).backward()
      w.assign(w.sub(w.grad.mul(0.25)))
      return x.square().sum() as Tensor<[]>
    }
    expect((around(grad(train))(at(1, 2)) as Tensor).toArray()).toEqual([2, 4])
    expect(w.toArray()).toEqual([0.5, 0.5])
  })
})
