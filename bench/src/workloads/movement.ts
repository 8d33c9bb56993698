import { avgPool2d, concat, grad, type Tensor, tensor } from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

interface Moved {
  readonly op: keyof typeof ops
  readonly values: Float32Array
  readonly places: Int32Array
}

const size = 131_072
const images = (x: Tensor) => x.reshape([8, 4, 64, 64]) as Tensor
/** Overlapping windows, each an average: of what im2col lays out. */
const windows = (x: Tensor) => avgPool2d(images(x), 3, { stride: 1 }) as Tensor
const gather = (x: Tensor, places: Tensor) => x.indexSelect(places, 0)
const scatter = grad((x: Tensor, places: Tensor) => gather(x, places).square().sum() as Tensor)

interface Movement {
  /** Of a row; what is copied in rows of many waits for memory. */
  readonly columns: number
  readonly of: (x: Tensor, places: Tensor) => unknown
}

const ops = {
  pad: { columns: 512, of: (x) => x.pad([[1, 1], [2, 2]]) }, // biome-ignore format: pairs
  'gather of rows of 64': { columns: 64, of: gather },
  'gather of rows of 512': { columns: 512, of: gather },
  'scatter of rows of 64': { columns: 64, of: scatter },
  'scatter of rows of 512': { columns: 512, of: scatter },
  'argmax of rows': { columns: 512, of: (x) => x.argmax(1) },
  windows: { columns: 512, of: windows },
  'fold of windows': { columns: 512, of: grad((x: Tensor) => windows(x).square().sum() as Tensor) },
  'transposed copy': { columns: 512, of: (x) => x.transpose().add(0) },
  concat: { columns: 512, of: (x) => concat([x, x], 1) },
} satisfies Record<string, Movement>

/** Spread over all that was computed: some rows are picked by no place and some by several. */
const figures = 24

/** What moves elements about: each a kind of kernel of its own. */
export const movement = workload<Moved>({
  name: 'movement',
  title: `moving ${size.toLocaleString('en')} elements about`,
  unit: 'run',
  tolerance: 1e-5,
  cases: (Object.keys(ops) as (keyof typeof ops)[]).map((op) => ({
    name: op,
    long: op !== 'pad',
    data: (): Moved => {
      const numbers = new Numbers()
      const rows = size / ops[op].columns
      return { op, values: numbers.uniform(size), places: numbers.integers(rows, rows) }
    },
  })),
  adjoint: ({ op, values, places }, wrap) => {
    const { columns, of } = ops[op] as Movement
    const x = tensor(values).reshape([-1, columns]) as Tensor
    const at = tensor(places, { dtype: 'int32' }) as Tensor
    const run = wrap(of as (x: Tensor, places: Tensor) => Tensor)
    return () => {
      const { data } = run(x, at)
      return Array.from({ length: figures }, (_, i) => data[Math.floor(((i + 0.5) / figures) * data.length)]!)
    }
  },
})
