import { parameter, random, type Tensor, tensor } from '@adjoint/autograd'
import { Linear, mse, Sequential, SGD, Sigmoid } from '@adjoint/nn'
import type { Contender } from './measure.js'

/** Workloads with something to compare them to; the first contender is the one that ratios are relative to. */
export const workloads: Readonly<Record<string, () => Contender[]>> = {
  'matmul 256 x 256 x 256, float32': () => {
    const n = 256
    const [a, b] = [random.normal([n, n]), random.normal([n, n])]
    const [left, right] = [Float32Array.from(a.data), Float32Array.from(b.data)]
    return [
      { name: 'naive triple loop', run: () => naiveProduct(left, right, n)[1]! },
      { name: 'adjoint', run: () => a.matmul(b).data[1]! },
      { name: 'adjoint, left transposed', run: () => a.transpose().matmul(b).data[1]! },
      { name: 'adjoint, right transposed', run: () => a.matmul(b.transpose()).data[1]! },
    ]
  },

  'forward and backward through a chain of sin, per op': () => {
    const x = parameter(tensor(0.5, { dtype: 'float64' }))
    const chain = (length: number) => {
      x.zeroGrad()
      let y: Tensor<[]> = x
      for (let i = 0; i < length; i++) y = y.sin()
      y.backward()
      return x.grad.item()
    }
    return [1000, 10_000, 100_000, 200_000].map((length) => ({
      name: `${length} ops`,
      run: () => chain(length),
      per: length,
    }))
  },

  'one step of XOR, 2-4-1, full batch': () => {
    const x = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ])
    const y = tensor([[0], [1], [1], [0]])
    const model = new Sequential(new Linear(2, 4), new Sigmoid(), new Linear(4, 1), new Sigmoid())
    const optimizer = new SGD(model.parameters(), { learningRate: 0.1 })
    const step = () => {
      const loss = mse(model.forward(x), y)
      optimizer.zeroGrad()
      loss.backward()
      optimizer.step()
      return loss.item()
    }
    return [{ name: 'adjoint', run: step }]
  },
}

const naiveProduct = (a: Float32Array, b: Float32Array, n: number): Float32Array => {
  const out = new Float32Array(n * n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let k = 0; k < n; k++) sum += a[i * n + k]! * b[k * n + j]!
      out[i * n + j] = sum
    }
  }
  return out
}
