import { hvp, jvp, linearize, type Tensor, tensor } from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

interface Forward {
  readonly way: keyof typeof ways
  readonly point: Float32Array
  readonly direction: Float32Array
}

const length = 1000
const chain = (x: Tensor): Tensor => {
  let y = x
  for (let i = 0; i < length; i += 4) y = y.mul(x).tanh().add(x).mul(0.5)
  return y
}
const ways = {
  alone: (x) => chain(x),
  jvp: (x, v) => jvp(chain, [x], [v])[1],
  'linearize and push': (x, v) => linearize(chain, x)[1](v),
  hvp: (x, v) => hvp((p: Tensor) => chain(p).sum() as Tensor<[]>, x, v),
} satisfies Record<string, (x: Tensor, v: Tensor) => Tensor>

/** What a derivative along a direction costs, beside the function alone. */
export const forward = workload<Forward>({
  name: 'forward',
  title: 'chain of 1,000 ops (products, sums, tanh) alone, and its derivatives along a direction',
  unit: 'op',
  per: length,
  tolerance: 1e-4,
  cases: [1, 100, 10_000].flatMap((size) =>
    (Object.keys(ways) as (keyof typeof ways)[]).map((way) => ({
      name: `${way}, ${size.toLocaleString('en')}`,
      long: size !== 1,
      data: (): Forward => {
        const numbers = new Numbers()
        return { way, point: numbers.uniform(size), direction: numbers.uniform(size) }
      },
    })),
  ),
  adjoint: ({ way, point, direction }, wrap) => {
    const [x, v] = [tensor(point) as Tensor, tensor(direction) as Tensor]
    const run = wrap(ways[way] as (x: Tensor, v: Tensor) => Tensor)
    return () => {
      const { data } = run(x, v)
      return [data[0]!, data[data.length - 1]!]
    }
  },
})
