import {
  compile,
  customOp,
  elementwise,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  noGrad,
  parameter,
  stack,
  stopGradient,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
} from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { derivative, type Form, frozen, number, plus, substituted, times, valueOf, variable } from './closed-forms.js'

type Scalar = (x: Tensor) => Tensor

/** What is made of a scalar function and a point: by the library, and by hand of the function as a form. */
interface Transform {
  readonly name: string
  readonly of: (f: Scalar, at: Tensor) => Tensor
  /** Of a form in the variable of a level. */
  readonly byHand: (f: Form, level: number, at: Form) => Form
  readonly collects?: true
}

const float64 = { dtype: 'float64' } as const
const vector = (...elements: number[]) => tensor(elements, float64)
const scalar = (x: unknown) => x as Tensor

const slope = (f: Form, level: number, at: Form) => substituted(derivative(f, level), level, at)
const curvature = (f: Form, level: number, at: Form) => slope(derivative(f, level), level, at)
const scaled = (by: number, of: typeof slope) => (f: Form, level: number, at: Form) =>
  times(number(by), of(f, level, at))
const summed =
  (factors: readonly number[], of: (f: Form, level: number, at: Form, factor: number) => Form) =>
  (f: Form, level: number, at: Form) =>
    factors.map((factor) => of(f, level, times(number(factor), at), factor)).reduce(plus)
const there = (f: Form, level: number, at: Form) => substituted(f, level, at)
const cubed = (at: Form) => times(at, times(at, at))

const factors = [0.5, -1, 1.5]
const several = (at: Tensor) => stack(factors.map((factor) => at.mul(factor)))

// of an op that is its own cube root of the next: rules by ops, by one mode each, and by a transform
const cubeByVjp = customOp({
  name: 'cubeByVjp',
  forward: (x: Tensor) => x.mul(x).mul(x),
  vjp: (g, [x]) => [g.mul(x).mul(x).mul(3)],
})
const cubeByJvp = customOp({
  name: 'cubeByJvp',
  forward: (x: Tensor) => x.mul(x).mul(x),
  jvp: ([dx], [x]) => dx.mul(x).mul(x).mul(3),
})
const cubeByGrad = customOp({
  name: 'cubeByGrad',
  forward: (x: Tensor) => x.mul(x).mul(x),
  vjp: (g, [x]) => [vjp((y: Tensor) => y.mul(y).mul(y), x)[1](g)[0]],
})
const cubeByVmap = customOp({
  name: 'cubeByVmap',
  forward: (x: Tensor) => vmap((y: Tensor) => y.mul(x).mul(x))(x.expandDims(0)).at(0) as Tensor,
  vjp: (g, [x]) => [vmap((y: Tensor) => g.mul(y).mul(x).mul(3))(x.expandDims(0)).sum() as Tensor],
})
const cubeByRule = elementwise('cubeByRule', (m, x) => m.mul(x, m.mul(x, x)))

const transforms: readonly Transform[] = [
  { name: 'grad', of: (f, at) => grad(f)(at), byHand: slope },
  {
    name: 'valueAndGrad',
    of: (f, at) => {
      const [value, gradient] = valueAndGrad(f)(at)
      return value.add(gradient.mul(2))
    },
    byHand: (f, level, at) => plus(there(f, level, at), times(number(2), slope(f, level, at))),
  },
  {
    name: 'vjp',
    of: (f, at) => scalar(vjp(f, at)[1](at.mul(2))[0]),
    byHand: (f, l, at) => times(times(number(2), at), slope(f, l, at)),
  },
  {
    name: 'jvp',
    of: (f, at) => scalar(jvp(f, [at], [at.mul(2)])[1]),
    byHand: (f, l, at) => times(times(number(2), at), slope(f, l, at)),
  },
  {
    name: 'linearize',
    of: (f, at) => scalar(linearize(f, at)[1](at.mul(2))),
    byHand: (f, l, at) => times(times(number(2), at), slope(f, l, at)),
  },
  {
    name: 'a linearized function in vmap',
    of: (f, at) => {
      const [, push] = linearize(f, at)
      return vmap((factor: Tensor) => scalar(push(factor.mul(at))))(vector(...factors)).sum() as Tensor
    },
    byHand: (f, level, at) => times(at, slope(f, level, at)),
  },
  { name: 'hvp', of: (f, at) => scalar(hvp(f, at, tensor(3, float64) as never)), byHand: scaled(3, curvature) },
  { name: 'jacobian', of: (f, at) => scalar(jacobian(f)(at)), byHand: slope },
  { name: 'jacobian forward', of: (f, at) => scalar(jacobian(f, { mode: 'forward' })(at)), byHand: slope },
  { name: 'hessian', of: (f, at) => scalar(hessian(f)(at)), byHand: curvature },
  {
    name: 'backward',
    of: (f, at) => {
      const leaf = parameter(at)
      f(leaf).backward()
      return leaf.grad as Tensor
    },
    byHand: (f, level, at) => frozen(slope(f, level, at)),
    collects: true,
  },
  {
    name: 'backward that is recorded',
    of: (f, at) => {
      const leaf = parameter(at)
      f(leaf).backward({ createGraph: true })
      return leaf.grad as Tensor
    },
    byHand: (f, level, at) => slope(f, level, frozen(at)),
    collects: true,
  },
  { name: 'compile', of: (f, at) => compile(f)(at), byHand: there },
  { name: 'noGrad', of: (f, at) => noGrad(() => f(at)), byHand: (f, level, at) => frozen(there(f, level, at)) },
  { name: 'stopGradient', of: (f, at) => f(stopGradient(at)), byHand: (f, level, at) => there(f, level, frozen(at)) },
  { name: 'vmap', of: (f, at) => vmap(f)(several(at)).sum() as Tensor, byHand: summed(factors, there) },
  {
    name: 'vmap over what is captured',
    of: (f, at) => vmap((factor: Tensor) => f(at.mul(factor)))(vector(...factors)).sum() as Tensor,
    byHand: summed(factors, there),
  },
  {
    name: 'vmap of what all have in common',
    of: (f, at) => scalar(vmap((x: Tensor) => f(x), { in: null, out: null, size: 2 })(at)),
    byHand: there,
  },
  {
    name: 'vmap of grad',
    of: (f, at) => vmap((x: Tensor) => grad(f)(x).mul(x))(several(at)).sum() as Tensor,
    byHand: summed(factors, (f, level, at) => times(at, slope(f, level, at))),
  },
  {
    name: 'a pullback in vmap',
    of: (f, at) => {
      const [, pullback] = vjp(f, at)
      return vmap((factor: Tensor) => scalar(pullback(factor.mul(at))[0]))(vector(...factors)).sum() as Tensor
    },
    byHand: (f, level, at) => times(at, slope(f, level, at)),
  },
  {
    name: 'a linearized function of vmap in vmap',
    of: (f, at) => {
      const [, push] = linearize((x: Tensor) => vmap(f)(x), several(at))
      return scalar(
        vmap((unit: Tensor) => scalar(push(unit)).sum() as Tensor)(vector(1, 2, 3).mul(at).expandDims(0)).sum(),
      )
    },
    byHand: (f, level, at) =>
      factors
        .map((factor, i) => times(times(number(i + 1), at), slope(f, level, times(number(factor), at))))
        .reduce(plus),
  },
  {
    name: 'a pullback of vmap in vmap',
    of: (f, at) => {
      const [, pullback] = vjp((x: Tensor) => vmap(f)(x), several(at))
      return scalar(
        vmap((unit: Tensor) => scalar(pullback(unit)[0]).sum() as Tensor)(vector(1, 2, 3).mul(at).expandDims(0)).sum(),
      )
    },
    byHand: (f, level, at) =>
      factors
        .map((factor, i) => times(times(number(i + 1), at), slope(f, level, times(number(factor), at))))
        .reduce(plus),
  },
  {
    name: 'jvp in vmap over tangents',
    of: (f, at) => vmap((factor: Tensor) => scalar(jvp(f, [at], [factor])[1]))(vector(...factors)).sum() as Tensor,
    byHand: slope,
  },
  ...[cubeByVjp, cubeByJvp, cubeByGrad, cubeByVmap, cubeByRule].map(
    (cube, i): Transform => ({
      name: `a custom op by ${['vjp', 'jvp', 'a rule that uses vjp', 'rules that use vmap', 'an expression'][i]}`,
      of: (f, at) => f(scalar((cube as Scalar)(at))),
      byHand: (f, level, at) => there(f, level, cubed(at)),
    }),
  ),
]

/** What the innermost function is: of its own variable, and those around it. */
const innermost = (x: Tensor, y: Tensor, z: Tensor): Tensor =>
  z.mul(z).mul(z).mul(x).mul(y).add(z.mul(z).mul(y).mul(y)).add(z.mul(x).mul(0.5)) as Tensor
const innermostForm = (x: Form, y: Form, z: Form): Form =>
  plus(plus(times(times(cubed(z), x), y), times(times(z, z), times(y, y))), times(times(z, x), number(0.5)))

/** One in another in another, each function using the variables of those around it as well. */
const nested = ([first, second, third]: readonly Transform[], x: Tensor): Tensor =>
  first!.of((x) => second!.of((y) => third!.of((z) => innermost(x, y, z), x.mul(y)).mul(y), x).mul(x) as Tensor, x)
const nestedByHand = ([first, second, third]: readonly Transform[], at: number): number => {
  const [x, y, z] = [0, 1, 2].map(variable) as [Form, Form, Form]
  const inner = times(third!.byHand(innermostForm(x, y, z), 2, times(x, y)), y)
  const middle = times(second!.byHand(inner, 1, x), x)
  return valueOf(first!.byHand(middle, 0, number(at)), [])
}

const identity: Transform = { name: 'the function', of: (f, at) => f(at), byHand: there }
const at = 0.7

const mayNest = (chain: readonly Transform[]): boolean => {
  // it collects in all parameters that a loss is made of, those around it too; and nothing is recorded in noGrad
  const around = ['noGrad', 'compile', ...transforms.filter(({ collects }) => collects).map(({ name }) => name)]
  const first = chain.findIndex(({ name }) => around.includes(name))
  return first < 0 || !chain.slice(first + 1).some(({ collects }) => collects)
}

const expectByHand = (chain: readonly Transform[], way: 'eager' | 'compiled'): void => {
  const f = (x: Tensor) => nested(chain, x)
  const run = way === 'compiled' ? compile(f) : f
  const names = `${way}: ${chain.map(({ name }) => name).join(', of ')}`
  const wanted = nestedByHand(chain, at)
  let got: number
  try {
    got = run(tensor(at, float64) as Tensor).item()
  } catch (cause) {
    throw new Error(names, { cause })
  }
  const isClose = Math.abs(got - wanted) <= 1e-11 * Math.max(1, Math.abs(wanted))
  expect(isClose ? null : { names, got, wanted }).toBeNull()
}

describe('transforms in transforms, each of a function of the variables around it, equal the closed form', () => {
  test.each(transforms.map((one) => [one.name, one] as const))('%s of each', (_, one) => {
    for (const other of transforms) {
      const chain = [one, other, identity]
      if (!mayNest(chain)) continue
      expectByHand(chain, 'eager')
      if (!one.collects && !other.collects) expectByHand(chain, 'compiled')
    }
  })

  test('three of them', () => {
    const any = fc.constantFrom(...transforms)
    const threes = fc.tuple(any, any, any).filter(mayNest)
    fc.assert(
      fc.property(threes, (chain) => expectByHand(chain, 'eager')),
      { seed: 4, numRuns: 300 },
    )
  })
})
