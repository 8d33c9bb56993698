import { parameter, type Tensor, tensor } from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

const ops = {
  'add [4]': { shapes: [[4], [4]], of: ([a, b]) => a!.add(b!) },
  'matmul [2,4] [4,1]': { shapes: [[2, 4], [4, 1]], of: ([a, b]) => a!.matmul(b!) },
  'sum [8]': { shapes: [[8]], of: ([a]) => a!.sum() },
} satisfies Record<string, { shapes: number[][]; of: (x: Tensor[]) => unknown }> // biome-ignore format: one an op

interface Tiny {
  readonly op: keyof typeof ops
  readonly isTrained: boolean
  readonly values: readonly Float32Array[]
}

const sizeOf = (shape: readonly number[]) => shape.reduce((size, dim) => size * dim, 1)
const times = 100

/** Ops on a few elements, over and over: what a call costs beside its arithmetic. */
export const tiny = workload<Tiny>({
  name: 'tiny',
  title: 'one op on a few elements, alone or with the gradient of its sum',
  unit: 'op',
  per: times,
  tolerance: 1e-5,
  cases: (Object.keys(ops) as (keyof typeof ops)[]).flatMap((op) =>
    [false, true].map((isTrained) => ({
      name: isTrained ? `${op}, backward` : op,
      long: op !== 'add [4]',
      data: (): Tiny => {
        const numbers = new Numbers()
        return { op, isTrained, values: ops[op].shapes.map((shape) => numbers.uniform(sizeOf(shape))) }
      },
    })),
  ),
  adjoint: ({ op, isTrained, values }, wrap) => {
    const { shapes, of } = ops[op]
    const operands = values.map((list, i) => tensor(list).reshape(shapes[i]!) as Tensor)
    const leaves = isTrained ? operands.map((x) => parameter(x)) : operands
    const once = wrap(() => {
      const y = of(leaves) as Tensor
      if (!isTrained) return y
      for (const leaf of leaves) leaf.zeroGrad()
      ;(y.shape.length === 0 ? y : (y.sum() as Tensor)).backward()
      return leaves[0]!.grad!
    })
    return () => {
      let y = once()
      for (let i = 1; i < times; i++) y = once()
      return [y.data[0]!]
    }
  },
})
