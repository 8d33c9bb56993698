import * as scalar from '@adjoint/autograd/scalar'
import { type Bundle, residual, residuals, someBundle } from '../../../packages/autograd/test/scalar/adbench/bundle.js'
import { logLikelihood, type Mixture, someMixture } from '../../../packages/autograd/test/scalar/adbench/gmm.js'
import { bundleByHand, mixtureByHand } from './adbench-by-hand.js'
import { Numbers } from './numbers.js'
import { type Run, workload } from './workload.js'

type Objective = keyof typeof objectives
interface Task {
  readonly objective: Objective
  readonly way: string
}

type Seen = readonly [scalar.Num, scalar.Num]
interface Observed<T> {
  readonly camera: readonly T[]
  readonly point: readonly T[]
  readonly weight: T
}

/** Some numbers of a result. */
const sampled = (result: ArrayLike<number>): number[] => [result[0]!, result[result.length - 1]!]

const bundle = (cameras: number, points: number, observations: number): Record<string, () => Run> => {
  const numbers = new Numbers()
  const { at, given } = someBundle(cameras, points, observations, () => numbers.next())
  const f = (x: Bundle<scalar.Num>) => residuals(x, given)
  const squares = (x: Bundle<scalar.Num>) => f(x).reduce((sum, each) => sum.add(each.square()), scalar.constant(0))
  const residualOf = ({ camera, point, weight }: Observed<scalar.Num>, seen: Seen) =>
    residual(camera, point, weight, seen)
  const each = <T>(run: (x: Observed<number>, seen: readonly [number, number]) => T): T[] =>
    given.map(({ camera, point, seen }, i) =>
      run({ camera: at.cameras[camera]!, point: at.points[point]!, weight: at.weights[i]! }, seen),
    )
  const byHand = bundleByHand(at, given)
  return {
    'objective by hand': () => () => sampled(byHand.objective()),
    'objective, compiled': () => {
      const compiled = scalar.compile(f)
      return () => sampled(compiled(at))
    },
    'Jacobian by hand': () => () => sampled(byHand.derivative()),
    'sparse Jacobian, tape': () => {
      const jacobian = scalar.sparseJacobian(f)
      return () => sampled(jacobian(at).values)
    },
    'objective, compiled, an observation at a time': () => {
      const one = scalar.compile(residualOf)
      return () => each((x, seen) => one(x, seen))[0]!
    },
    'Jacobian, compiled, an observation at a time': () => {
      const one = scalar.compile(
        scalar.jacobian(residualOf) as (x: Observed<scalar.Num>, seen: Seen) => Observed<scalar.Num>[],
      )
      return () => each((x, seen) => one(x, seen))[0]!.map(({ weight }) => weight)
    },
    'gradient of squares, tape': () => {
      const gradient = scalar.grad(squares)
      return () => sampled(gradient(at).weights)
    },
  }
}

const mixture = (d: number, k: number, n: number): Record<string, () => Run> => {
  const numbers = new Numbers()
  const { at, given } = someMixture(d, k, n, () => numbers.next())
  const f = (x: Mixture<scalar.Num>) => logLikelihood(x, given)
  const byHand = mixtureByHand(at, given)
  return {
    'objective by hand': () => () => sampled(byHand.objective()),
    'objective, compiled': () => {
      const compiled = scalar.compile(f)
      return () => [compiled(at)]
    },
    'gradient by hand': () => () => sampled(byHand.derivative()),
    'gradient, compiled': () => {
      const compiled = scalar.compile(scalar.grad(f))
      return () => sampled(compiled(at).alphas)
    },
    'gradient, tape': () => {
      const gradient = scalar.grad(f)
      return () => sampled(gradient(at).alphas)
    },
    'Hessian times vector, compiled': () => {
      const compiled = scalar.compile((x: Mixture<scalar.Num>, v: Mixture<scalar.Num>) => scalar.hvp(f, x, v))
      return () => sampled(compiled(at, at).alphas)
    },
    'Hessian times vector, tape': () => () => sampled(scalar.hvp(f, at, at).alphas),
  }
}

const objectives = {
  'bundle of 1,000': bundle(20, 300, 1000),
  'mixture d2 K5 n200': mixture(2, 5, 200),
  'mixture d10 K5 n50': mixture(10, 5, 50),
}

/** ADBench's objectives: what derivatives cost beside the objective. */
export const adbench = workload<Task>({
  name: 'adbench',
  title: "ADBench's bundle adjustment and mixture of Gaussians: objectives and derivatives",
  unit: 'evaluation',
  tolerance: 1e-9,
  cases: (Object.keys(objectives) as Objective[]).flatMap((objective) =>
    Object.keys(objectives[objective]).map((way) => ({
      name: `${objective}, ${way}`,
      long: !way.includes('tape'),
      data: (): Task => ({ objective, way }),
    })),
  ),
  adjoint: ({ objective, way }, wrap) => {
    const asItIs = () => 0
    return wrap(asItIs) === asItIs ? objectives[objective][way]!() : null
  },
})
