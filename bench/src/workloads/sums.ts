import { type Tensor, tensor } from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

type Along = 'all' | 'rows' | 'columns'

interface Sum {
  readonly shape: readonly [number, number]
  readonly along: Along
  readonly values: Float32Array
}

const axis = { all: undefined, rows: 1, columns: 0 }
const shapes = [[10, 10], [20, 50], [100, 100], [100, 1000], [1000, 1000]] as const // biome-ignore format: pairs

/** Sums of 100 to 1,000,000 elements, all to one, each row to one, each column to one. */
export const sums = workload<Sum>({
  name: 'sums',
  title: 'sum of float32 over all elements, rows or columns',
  unit: 'sum',
  // peers add up a million float32 one by one
  tolerance: 2e-3,
  cases: shapes.flatMap((shape) =>
    (['all', 'rows', 'columns'] as const).map((along) => ({
      name: `${shape.join(' x ')}, ${along}`,
      long: shape[0] !== 100 || shape[1] !== 100,
      data: (): Sum => ({ shape, along, values: new Numbers().uniform(shape[0] * shape[1]).map(Math.abs) }),
    })),
  ),
  adjoint: ({ shape, along, values }, wrap) => {
    const x = tensor(values).reshape(shape) as Tensor
    const sum = wrap((y: Tensor) => y.sum(axis[along]) as Tensor)
    return () => [sum(x).data[0]!]
  },
})
