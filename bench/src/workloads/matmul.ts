import { type Tensor, tensor } from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

interface Product {
  readonly size: number
  /** Whether the operand is stored as the transpose of what is multiplied. */
  readonly transposeA: boolean
  readonly transposeB: boolean
  readonly a: Float32Array
  readonly b: Float32Array
}

const product = (size: number, layout: 'NN' | 'NT' | 'TN' | 'TT') => ({
  name: `${size} ${layout}`,
  flops: 2 * size ** 3,
  long: size !== 256 || layout === 'TT',
  data: (): Product => {
    const numbers = new Numbers()
    const [a, b] = [numbers.uniform(size * size), numbers.uniform(size * size)]
    return { size, a, b, transposeA: layout[0] === 'T', transposeB: layout[1] === 'T' }
  },
})

/** Products of square matrices. Training needs all layouts: the gradients of a product are products with a transpose. */
export const matmul = workload<Product>({
  name: 'matmul',
  title: 'matrix product, float32',
  unit: 'product',
  tolerance: 1e-3,
  cases: [256, 64, 128, 512, 1024].flatMap((size) =>
    (['NN', 'NT', 'TN', 'TT'] as const).map((layout) => product(size, layout)),
  ),
  adjoint: ({ size, transposeA, transposeB, a, b }, wrap) => {
    const [x, y] = [tensor(a).reshape([size, size]), tensor(b).reshape([size, size])] as const
    const multiply = wrap((x: Tensor, y: Tensor) =>
      (transposeA ? x.transpose() : x).matmul(transposeB ? y.transpose() : y),
    )
    return () => {
      const { data } = multiply(x, y)
      return [data[1]!, data[size * size - 2]!]
    }
  },
})
