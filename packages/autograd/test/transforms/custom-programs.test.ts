import {
  compile,
  customOp,
  GradientError,
  grad,
  hvp,
  jacobian,
  jvp,
  noGrad,
  Random,
  sin,
  type Tensor,
  tensor,
  vjp,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

// Random programs of transforms, over the sine of the library and over custom ones whose rules look at elements. What a
// custom one gives is what the library's gives, or an error by its name: never another number. Compiled likewise.

type F = (x: Tensor) => Tensor
type Rule = (along: Tensor, x: Tensor) => Tensor
const f64 = { dtype: 'float64' } as const

const elements =
  (f: (...x: number[]) => number) =>
  (...tensors: Tensor[]): Tensor =>
    tensor(
      Float64Array.from(tensors[0]!.data, (_, i) => f(...tensors.map((x) => x.data[i]!))),
      f64,
    )
const sine = ({ vjp, jvp }: { vjp?: Rule; jvp?: Rule }): F =>
  customOp({
    name: 'sine',
    forward: elements(Math.sin) as F,
    ...(vjp && { vjp: (g: Tensor, [x]: [Tensor]) => [vjp(g, x)] }),
    ...(jvp && { jvp: ([dx]: [Tensor], [x]: [Tensor]) => jvp(dx, x) }),
  }) as F

const everything: Rule = elements((g, x) => g * Math.cos(x))
const input: Rule = (g, x) => g.mul(elements(Math.cos)(x)) as Tensor
const given: Rule = (g, x) => x.cos().mul(elements((h) => h)(g)) as Tensor
const computed: Rule = (g, x) => elements((h, y) => h * Math.sqrt(1 - y * y))(g, x.sin() as Tensor).mul(x.cos().sign())
const nothing: Rule = (g, x) => g.mul(x.cos()) as Tensor
const kinds: Record<string, F> = {
  'vjp looks at everything': sine({ vjp: everything }),
  'jvp looks at everything': sine({ jvp: everything }),
  'both look at everything': sine({ vjp: everything, jvp: everything }),
  'vjp looks at the input': sine({ vjp: input }),
  'jvp looks at the input': sine({ jvp: input }),
  'vjp looks at the cotangent': sine({ vjp: given }),
  'jvp looks at the tangent': sine({ jvp: given }),
  'vjp looks at something computed': sine({ vjp: computed }),
  'one looks, the other does not': sine({ vjp: nothing, jvp: everything }),
  'nothing looks': sine({ vjp: nothing }),
}

const [x, v]: Tensor[] = [tensor([0.3, -0.8], f64), tensor([1, -0.5], f64)]
const total = (f: F) => (y: Tensor) => f(y).sum() as Tensor<[]>
const steps: ((f: F) => F)[] = [
  (f) => (y) => grad(total(f))(y),
  (f) => (y) => jvp(f, [y], [v!])[1],
  (f) => (y) => vjp(f, y)[1](v!)[0],
  (f) => (y) => hvp(total(f), y, v!),
  (f) => (y) => jacobian(f)(y).sum(0) as Tensor,
  (f) => (y) => jacobian(f, { mode: 'forward' })(y).sum(0) as Tensor,
  // by something else than the argument
  (f) => (y) => grad((a: Tensor) => f(y.mul(a) as Tensor).sum() as Tensor<[]>)(v!),
  // a linear function of a cotangent
  (f) => (y) => grad((a: Tensor) => vjp(f, y)[1](a)[0].sum() as Tensor<[]>)(v!),
  (f) => (y) => f(f(y)),
  (f) => (y) => f(y).mul(y) as Tensor,
  (f) => (y) => f(y.mul(0.5) as Tensor).add(y.square()) as Tensor,
  (f) => (y) => f(y.detach()).mul(y) as Tensor,
  (f) => (y) => noGrad(() => f(y)).add(f(y)) as Tensor,
]

/** The numbers that it gives, or the message with which it refuses. */
const outcome = (f: F): number[] | string => {
  try {
    return [...f(x!).data]
  } catch (error) {
    if (!(error instanceof GradientError)) throw error
    return error.message
  }
}

describe.each(Object.entries(kinds))('%s', (name, op) => {
  test('random programs of transforms are right, or refused by name, and compiled the same', () => {
    const random = new Random(7)
    const below = (count: number) => Math.floor(random.number() * count)
    let right = 0
    let refused = 0
    for (let program = 0; program < 60; program++) {
      const chosen = Array.from({ length: 1 + below(4) }, () => below(steps.length))
      const make = (base: F) => chosen.reduce((f, step) => steps[step]!(f), base)
      const label = `program ${chosen.join(' ')}`
      const wanted = outcome(make(sin as F)) as number[]
      const found = outcome(make(op))
      if (typeof found === 'string') {
        expect(found, label).toMatch(/^sine: its (vjp|jvp) rule looks at elements/)
        refused++
      } else {
        found.forEach((number, i) => {
          expect(number, label).toBeCloseTo(wanted[i]!, 9)
        })
        right++
      }
      const compiled = outcome(compile(make(op)) as F)
      if (typeof found === 'string') expect(compiled, label).toBe(found)
      else {
        expect(compiled, label).toHaveLength(found.length)
        found.forEach((number, i) => {
          expect((compiled as number[])[i], label).toBeCloseTo(number, 9)
        })
      }
    }
    expect(right).toBeGreaterThan(9)
    if (name === 'nothing looks') expect(refused).toBe(0)
    else expect(refused).toBeGreaterThan(4)
  })
})
