import { type Tensor, tensor, valueAndGrad } from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

interface Elements {
  readonly x: Float32Array
}

const f = (x: Tensor) => x.mul(2).add(1).tanh().mul(x.sigmoid()).add(x.square().neg().exp())

/** A formula over many elements, and its derivative: the measure of fusion and of vector functions. */
export const elementwise = workload<Elements>({
  name: 'elementwise',
  title: 'sum of tanh(2x+1)*sigmoid(x)+exp(-x*x) over 1e6 elements, value and gradient',
  unit: 'run',
  // peers add up a million float32 one by one
  tolerance: 2e-3,
  cases: [{ name: '', data: () => ({ x: new Numbers().uniform(1e6, 3) }) }],
  adjoint: ({ x }, wrap) => {
    const at = tensor(x) as Tensor
    const both = wrap(valueAndGrad((x: Tensor) => f(x).sum()))
    return () => {
      const [value, gradient] = both(at)
      const { data } = gradient
      return [value.item(), data[0]!, data[999_999]!]
    }
  },
})
