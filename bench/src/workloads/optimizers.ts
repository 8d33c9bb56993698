import { parameter, type Tensor, tensor } from '@adjoint/autograd'
import {
  Adadelta,
  Adafactor,
  Adagrad,
  Adam,
  Adamax,
  AdamW,
  ASGD,
  Lion,
  NAdam,
  type Optimizer,
  RAdam,
  RMSprop,
  Rprop,
  SGD,
} from '@adjoint/nn'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

interface Steps {
  readonly make: (parameters: readonly Tensor[]) => Optimizer
  readonly values: Float32Array
  readonly gradient: Float32Array
}

const [size, steps] = [1000, 10]

/** With their defaults, but for rates and what makes them keep more. In the order of data.py. */
const optimizers: Readonly<Record<string, Steps['make']>> = {
  SGD: (p) => new SGD(p, { learningRate: 0.01 }),
  'SGD, momentum': (p) => new SGD(p, { learningRate: 0.01, momentum: 0.9 }),
  Adam: (p) => new Adam(p),
  AdamW: (p) => new AdamW(p),
  'Adam, AMSGrad': (p) => new Adam(p, { amsgrad: true }),
  Adamax: (p) => new Adamax(p),
  NAdam: (p) => new NAdam(p),
  RAdam: (p) => new RAdam(p),
  Adagrad: (p) => new Adagrad(p),
  Adadelta: (p) => new Adadelta(p),
  RMSprop: (p) => new RMSprop(p),
  'RMSprop, centered, momentum': (p) => new RMSprop(p, { centered: true, momentum: 0.9 }),
  Rprop: (p) => new Rprop(p),
  ASGD: (p) => new ASGD(p),
  Lion: (p) => new Lion(p),
  Adafactor: (p) => new Adafactor(p),
}

/** Steps of optimizers on a parameter [1000, 1000] whose gradient stands there: the measure of passes over memory. */
export const optimizerSteps = workload<Steps>({
  name: 'optimizers',
  title: `${steps} steps of an optimizer on 1e6 float32 parameters with a gradient`,
  unit: 'parameter and step',
  per: size * size * steps,
  tolerance: 1e-3,
  cases: Object.entries(optimizers).map(([name, make]) => ({
    name,
    long: !['SGD, momentum', 'Adam'].includes(name),
    data: (): Steps => {
      const numbers = new Numbers()
      return { make, values: numbers.uniform(size * size), gradient: numbers.uniform(size * size) }
    },
  })),
  adjoint: ({ make, values, gradient }, wrap) => {
    const p = parameter(tensor(values).reshape([size, size])) as Tensor
    const optimizer = make([p])
    p.mul(tensor(gradient).reshape([size, size]))
      .sum()
      .backward()
    const step = wrap(() => optimizer.step())
    return () => {
      for (let i = 0; i < steps; i++) step()
      const { data } = p
      return [data[0]!, data[size]!, data.at(-1)!]
    }
  },
})
