import { avgPool2d, concat, grad, type Tensor, tensor } from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

interface Moved {
  readonly op: keyof typeof ops
  readonly values: Float32Array
  readonly places: Int32Array
}

const [rows, columns] = [256, 512]
const images = (x: Tensor) => x.reshape([8, 4, 64, 64]) as Tensor
/** Overlapping windows, each an average: of what im2col lays out. */
const windows = (x: Tensor) => avgPool2d(images(x), 3, { stride: 1 }) as Tensor

const ops = {
  pad: (x: Tensor) => x.pad([[1, 1], [2, 2]]), // biome-ignore format: pairs
  'gather of rows': (x: Tensor, places: Tensor) => x.indexSelect(places, 0),
  'scatter of rows': grad((x: Tensor, places: Tensor) => x.indexSelect(places, 0).square().sum() as Tensor),
  'argmax of rows': (x: Tensor) => x.argmax(1),
  windows,
  'fold of windows': grad((x: Tensor) => windows(x).square().sum() as Tensor),
  'transposed copy': (x: Tensor) => x.transpose().add(0),
  concat: (x: Tensor) => concat([x, x], 1),
} satisfies Record<string, (x: Tensor, places: Tensor) => unknown>

/** What moves 131,072 elements about: each a kind of kernel of its own. */
export const movement = workload<Moved>({
  name: 'movement',
  title: `moving the elements of [${rows}, ${columns}] about`,
  unit: 'run',
  tolerance: 1e-5,
  cases: (Object.keys(ops) as (keyof typeof ops)[]).map((op) => ({
    name: op,
    long: op !== 'pad',
    data: (): Moved => {
      const numbers = new Numbers()
      return { op, values: numbers.uniform(rows * columns), places: numbers.integers(rows, rows) }
    },
  })),
  adjoint: ({ op, values, places }, wrap) => {
    const x = tensor(values).reshape([rows, columns]) as Tensor
    const at = tensor(places, { dtype: 'int32' }) as Tensor
    const run = wrap(ops[op] as (x: Tensor, places: Tensor) => Tensor)
    return () => {
      const { data } = run(x, at)
      return [0.4, 0.7].map((part) => data[Math.floor(part * data.length)]!)
    }
  },
})
