import { parameter, type Tensor, tensor } from '@adjoint/autograd'
import { workload } from './workload.js'

const length = 1000

/** Eager ops of several kinds on one element or a few, forward and backward: what nodes and their cotangents cost. */
export const few = workload<number[]>({
  name: 'few',
  title: `eager chain of ${length.toLocaleString('en')} ops (tanh(y * w + b) - x) on few elements, forward and backward`,
  unit: 'op',
  per: length,
  tolerance: 1e-5,
  cases: [
    { name: 'rank 0', data: () => [] },
    { name: '[3]', data: () => [3] },
  ],
  adjoint: (shape, wrap) => {
    const leaves = [0.5, 0.9, 0.1].map((start) => parameter(tensor(start).broadcastTo(shape) as Tensor))
    const [x, w, b] = leaves as [Tensor, Tensor, Tensor]
    const both = wrap(() => {
      for (const leaf of leaves) leaf.zeroGrad()
      let y: Tensor = x
      for (let i = 0; i < length; i += 4) y = y.mul(w).add(b).tanh().sub(x)
      ;(shape.length === 0 ? y : (y.sum() as Tensor)).backward()
      return y.detach()
    })
    return () => {
      const y = both() as Tensor
      return [y.data[0]!, ...leaves.map((leaf) => leaf.grad.data[0]!)]
    }
  },
})
