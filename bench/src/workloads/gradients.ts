import * as scalar from '@adjoint/autograd/scalar'
import {
  type Bundle,
  type Observation,
  residuals,
  someBundle,
} from '../../../packages/autograd/test/scalar/adbench/bundle.js'
import { Numbers } from './numbers.js'
import { rosenbrock } from './scalar-programs.js'
import { workload } from './workload.js'

type Task =
  | { readonly program: 'Rosenbrock'; readonly x: Float64Array }
  | { readonly program: 'bundle'; readonly at: Bundle<number>; readonly given: readonly Observation[] }

const size = 1000

/** Gradients by the tape, beside the ports of micrograd's Value. */
export const gradients = workload<Task>({
  name: 'gradients',
  title: 'gradients of scalar programs by the tape: Rosenbrock, and the squares of bundle adjustment',
  unit: 'gradient',
  tolerance: 1e-9,
  cases: [
    {
      name: `Rosenbrock of ${size}`,
      data: () => ({ program: 'Rosenbrock', x: Float64Array.from({ length: size }, (_, i) => rosenbrock(size).at(i)) }),
    },
    {
      name: 'bundle of 300 observations',
      data: () => {
        const numbers = new Numbers()
        return { program: 'bundle', ...someBundle(10, 60, 300, () => numbers.next()) }
      },
    },
  ],
  adjoint: (task, wrap) => {
    const asItIs = () => 0
    if (wrap(asItIs) !== asItIs) return null
    if (task.program === 'Rosenbrock') {
      const gradient = scalar.valueAndGrad(rosenbrock(size).f)
      return () => {
        const [value, by] = gradient(task.x)
        return [value, by[0]!, by[size - 1]!]
      }
    }
    const gradient = scalar.valueAndGrad((x: Bundle<scalar.Num>) =>
      residuals(x, task.given)
        .map((each) => each.square())
        .reduce((sum, each) => sum.add(each)),
    )
    return () => {
      const [value, by] = gradient(task.at)
      return [value, by.cameras[0]![0]!, by.points[1]![2]!, by.weights[2]!]
    }
  },
})
