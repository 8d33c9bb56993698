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

/** Some numbers of a result. */
const sampled = (result: ArrayLike<number>): number[] => [result[0]!, result[result.length - 1]!]

const bundle = (cameras: number, points: number, observations: number): Record<string, () => Run> => {
  const numbers = new Numbers()
  const { at, given } = someBundle(cameras, points, observations, () => numbers.next())
  const f = (x: Bundle<scalar.Num>) => residuals(x, given)
  const squares = (x: Bundle<scalar.Num>) => f(x).reduce((sum, each) => sum.add(each.square()), scalar.constant(0))
  // a vector for each observation: camera, point, weight, and where it was seen
  const all = given.map(({ camera, point, seen }, i) =>
    Float64Array.from([...at.cameras[camera]!, ...at.points[point]!, at.weights[i]!, ...seen]),
  )
  const residualOf = (x: scalar.Num[]) => residual(x.slice(0, 11), x.slice(11, 14), x[14]!, [x[15]!, x[16]!])
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
    'objective, compiled, in loops': () => {
      const compiled = scalar.compile((x: scalar.Num[][]) => scalar.map(residualOf, x))
      return () => compiled(all)[0]!
    },
    'Jacobian, compiled, in loops': () => {
      const one = scalar.jacobian(residualOf)
      const compiled = scalar.compile((x: scalar.Num[][]) => scalar.map((row: scalar.Num[]) => one(row), x))
      return () => sampled(compiled(all)[0]![1])
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
  const loops = (x: Mixture<scalar.Num>) => logLikelihood(x, given, scalar.map)
  const byHand = mixtureByHand(at, given)
  return {
    'objective by hand': () => () => sampled(byHand.objective()),
    'objective, compiled': () => {
      const compiled = scalar.compile(loops)
      return () => [compiled(at)]
    },
    'gradient by hand': () => () => sampled(byHand.derivative()),
    'gradient, compiled': () => {
      const compiled = scalar.compile(scalar.grad(loops))
      return () => sampled(compiled(at).alphas)
    },
    'gradient, tape': () => {
      const gradient = scalar.grad(f)
      return () => sampled(gradient(at).alphas)
    },
    'Hessian times vector, compiled': () => {
      const compiled = scalar.compile((x: Mixture<scalar.Num>, v: Mixture<scalar.Num>) => scalar.hvp(loops, x, v))
      return () => sampled(compiled(at, at).alphas)
    },
    'Hessian times vector, tape': () => () => sampled(scalar.hvp(f, at, at).alphas),
  }
}

const objectives = {
  'bundle of 1,000': bundle(20, 300, 1000),
  'mixture d2 K5 n1000': mixture(2, 5, 1000),
  'mixture d10 K5 n1000': mixture(10, 5, 1000),
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
