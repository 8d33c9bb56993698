import * as scalar from '@adjoint/autograd/scalar'
import { type ByHand, moons, moonsByMap, rosenbrock } from './scalar-programs.js'
import { workload } from './workload.js'

interface Scalars {
  readonly program: keyof typeof programs
  readonly way: keyof typeof ways
}

const programs = {
  'Rosenbrock of 1,000': rosenbrock(1000),
  'moons 2-16-16-1, 100 points': moons,
  'moons by map': moonsByMap,
}

type Derivative = (x: Float64Array) => Float64Array

/** Derivatives of a program, each as a function of where. */
const ways = {
  'gradient by hand': ({ gradient, size }: ByHand): Derivative => {
    const g = new Float64Array(size)
    return (x) => {
      gradient(x, g)
      return g
    }
  },
  'gradient, compiled': ({ f }: ByHand): Derivative => {
    const compiled = scalar.compile(scalar.valueAndGrad(f))
    return (x) => compiled(x)[1] as Float64Array
  },
  'gradient, tape': ({ f }: ByHand): Derivative => {
    const gradient = scalar.valueAndGrad(f)
    return (x) => gradient(x)[1] as Float64Array
  },
  'gradient, traced and compiled anew':
    ({ f }: ByHand): Derivative =>
    (x) =>
      scalar.compile(scalar.valueAndGrad(f))(x)[1] as Float64Array,
  'Hessian times vector, compiled': ({ f }: ByHand): Derivative => {
    const compiled = scalar.compile((x: scalar.Num[], v: scalar.Num[]) => scalar.hvp(f, x, v))
    return (x) => compiled(x, x) as unknown as Float64Array
  },
}

/** Scalar programs beside gradients written by hand: they are to take at most twice their time, Rosenbrock three times. */
export const scalars = workload<Scalars>({
  name: 'scalars',
  title: 'derivatives of scalar programs',
  unit: 'derivative',
  tolerance: 1e-9,
  cases: (Object.keys(programs) as Scalars['program'][]).flatMap((program) =>
    (Object.keys(ways) as Scalars['way'][]).map((way) => ({
      name: `${program}, ${way}`,
      long: way !== 'gradient, compiled',
      data: (): Scalars => ({ program, way }),
    })),
  ),
  adjoint: ({ program, way }, wrap) => {
    const asItIs = () => 0
    if (wrap(asItIs) !== asItIs) return null
    const { size, at } = programs[program]
    const x = Float64Array.from({ length: size }, (_, i) => at(i))
    const derivative = ways[way](programs[program])
    return () => {
      const found = derivative(x)
      return [found[0]!, found[size - 1]!]
    }
  },
})
