import { type Tensor, tensor } from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

interface Mapped {
  readonly op: keyof typeof ops
  readonly values: Float32Array
}

const ops = {
  add: (x) => x.add(x),
  exp: (x) => x.exp(),
  tanh: (x) => x.tanh(),
  silu: (x) => x.silu(),
  geluTanh: (x) => x.geluTanh(),
  'exp, half of it subnormal': (x) => x.mul(8).sub(88).exp(),
} satisfies Record<string, (x: Tensor) => unknown>

/** One op at a time on many elements: vectors, and copies to them and back where there are any. */
export const maps = workload<Mapped>({
  name: 'maps',
  title: 'one elementwise function of float32',
  unit: 'run',
  tolerance: 1e-4,
  cases: [1e5, 1e6].flatMap((size) =>
    (Object.keys(ops) as (keyof typeof ops)[]).map((op) => ({
      name: `${op}, ${size.toLocaleString('en')}`,
      long: op !== 'exp' || size !== 1e5,
      data: (): Mapped => ({ op, values: new Numbers().uniform(size) }),
    })),
  ),
  adjoint: ({ op, values }, wrap) => {
    const x = tensor(values) as Tensor
    const run = wrap(ops[op] as (x: Tensor) => Tensor)
    return () => {
      const { data } = run(x)
      return [data[0]!, data[data.length - 1]!]
    }
  },
})
