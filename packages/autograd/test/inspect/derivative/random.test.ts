import { elementwise, grad, type Tensor, tensor, where } from '@adjoint/autograd'
import { derivative } from '@adjoint/autograd/inspect'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ofLatex, ofText } from './notations.js'
import { math, run } from './run.js'

type F = (x: Tensor, y: Tensor) => Tensor

const swish = elementwise('swish', (m, x, beta) => m.mul(x, m.sigmoid(m.mul(beta, x))))

const unary: Record<string, (a: Tensor) => Tensor> = {
  neg: (a) => a.neg(),
  tanh: (a) => a.tanh(),
  sin: (a) => a.sin(),
  square: (a) => a.square(),
  cube: (a) => a.pow(3),
  exp: (a) => a.tanh().exp(),
  root: (a) => a.square().add(1).sqrt(),
  log: (a) => a.abs().add(0.5).log(),
  sigmoid: (a) => a.sigmoid(),
  softplus: (a) => a.softplus(),
  silu: (a) => a.silu(),
  gelu: (a) => a.tanh().gelu(),
  atan: (a) => a.atan(),
  erf: (a) => a.erf(),
  relu: (a) => a.relu(),
  inverse: (a) => a.square().add(1).reciprocal(),
  third: (a) => a.div(3),
  half: (a) => a.mul(-0.5),
  stopped: (a) => a.mul(a.sin().detach()),
}
const binary: Record<string, (a: Tensor, b: Tensor) => Tensor> = {
  add: (a, b) => a.add(b),
  sub: (a, b) => a.sub(b),
  mul: (a, b) => a.mul(b),
  over: (a, b) => a.div(b.cosh()),
  power: (a, b) => a.abs().add(1).pow(b.tanh()),
  swish: (a, b) => swish(a, b.tanh()) as Tensor,
  where: (a, b) => where(a.greater(b.mul(0.5)), a, b.square()) as Tensor,
  maximum: (a, b) => a.maximum(b),
  hypot: (a, b) => a.hypot(b.add(2)),
}

interface Made {
  readonly name: string
  readonly f: F
}

const leaves: readonly Made[] = [
  { name: 'x', f: (x, _y) => x },
  { name: 'y', f: (_x, y) => y },
]

/** Compositions of a few functions. */
const { made } = fc.letrec<{ made: Made }>((tie) => ({
  made: fc.oneof(
    { maxDepth: 4, depthSize: 'large' },
    fc.constantFrom(...leaves),
    fc
      .tuple(fc.constantFrom(...Object.keys(unary)), tie('made'))
      .map(([name, a]) => ({ name: `${name}(${a.name})`, f: (x: Tensor, y: Tensor) => unary[name]!(a.f(x, y)) })),
    fc.tuple(fc.constantFrom(...Object.keys(binary)), tie('made'), tie('made')).map(([name, a, b]) => ({
      name: `${name}(${a.name}, ${b.name})`,
      f: (x: Tensor, y: Tensor) => binary[name]!(a.f(x, y), b.f(x, y)),
    })),
  ),
}))
const coordinate = fc.double({ min: -1.5, max: 1.5, noNaN: true })

const float64 = (x: number) => tensor(x, { dtype: 'float64' }) as Tensor

test.each([1, 2])('formulas of compositions are their derivatives, at order %i', { timeout: 120_000 }, (order) => {
  fc.assert(
    fc.property(made, coordinate, coordinate, ({ f, name }, a, b) => {
      const d = derivative(f, { names: ['x', 'y'], order })
      const wanted = [[], ...d.partials.map(({ by }) => by)].map((by) =>
        by
          .reduce((g: F, input) => grad(g, { argument: d.names.indexOf(input) }) as F, f)(float64(a), float64(b))
          .item(),
      )
      const got = run<number[]>(d.typescript, math)(a, b)
      const all = [d.value, ...d.partials]
      wanted.forEach((number, k) => {
        const scale = Math.max(Math.abs(number), 1e-3)
        expect(Math.abs(got[k]! - number) / scale, `${name}: ${d.typescript}`).toBeLessThan(1e-12)
        const { text, latex, typescript } = all[k]!
        expect(run(typescript, math)(a, b), `${name}: ${typescript}`).toBe(got[k])
        const size = Math.max(...wanted.map(Math.abs), 1)
        expect(Math.abs(ofText(text, { x: a, y: b }) - number) / size, `${name}: ${text}`).toBeLessThan(1e-9)
        expect(Math.abs(ofLatex(latex, { x: a, y: b }) - number) / size, `${name}: ${latex}`).toBeLessThan(1e-9)
      })
    }),
    { numRuns: 100, seed: 14 + order },
  )
})
