import {
  histogram,
  median,
  searchSorted,
  sort,
  sortWithIndices,
  type Tensor,
  tensor,
  topk,
  unique,
} from '@adjoint/autograd'
import { Numbers } from './numbers.js'
import { workload } from './workload.js'

interface Ordered {
  readonly name: keyof typeof programs
  readonly values: Float32Array
  readonly places: Int32Array
}

interface Ordering {
  /** Of a row. */
  readonly columns: number
  readonly rows: number
  readonly of: (x: Tensor, places: Tensor) => unknown
}

const million = { rows: 1, columns: 1_000_000 }
const rows = { rows: 100, columns: 10_000 }
const short = { rows: 10_000, columns: 50 }

const programs = {
  'sort with indices': { ...million, of: (x) => sortWithIndices(x).values },
  'sort of short rows': { ...short, of: (x) => sort(x) },
  'sort of rows': { ...rows, of: (x) => sortWithIndices(x).values },
  'topk 10 of rows': { ...rows, of: (x) => topk(x, 10).values },
  'median of rows': { ...rows, of: (x) => median(x, 1) },
  unique: { ...million, of: (x) => unique(x, { size: 1000 }) },
  searchSorted: { ...million, of: (x) => searchSorted(sort(x.ravel().slice(0, 0, 1000)), x) },
  histogram: { ...million, of: (x) => histogram(x, { bins: 100 }).counts },
  gather: { ...rows, of: (x, places) => x.gather(places, 1) },
  scatter: { ...rows, of: (x, places) => x.scatterAdd(places, x, 1) },
} satisfies Record<string, Ordering>
const native = "Float32Array's own sort"

/** What sorts, looks up and counts: a million elements each, but half as many in short rows. */
export const ordering = workload<Ordered | Float32Array>({
  name: 'ordering',
  title: 'sorting, looking up and counting a million elements',
  unit: 'run',
  tolerance: 1e-6,
  cases: [
    ...(Object.keys(programs) as (keyof typeof programs)[]).map((name) => ({
      name,
      long: name !== 'topk 10 of rows',
      data: (): Ordered => {
        const { rows, columns } = programs[name]
        const numbers = new Numbers()
        return { name, values: numbers.uniform(rows * columns), places: numbers.integers(rows * columns, columns) }
      },
    })),
    { name: native, long: true, data: () => new Numbers().uniform(million.columns) },
  ],
  adjoint: (data, wrap) => {
    if (data instanceof Float32Array) return () => [data.slice().sort()[500_000]!]
    const { columns, of } = programs[data.name] as Ordering
    const x = tensor(data.values).reshape([-1, columns]) as Tensor
    const at = tensor(data.places, { dtype: 'int32' }).reshape([-1, columns]) as Tensor
    const run = wrap(of as (x: Tensor, places: Tensor) => Tensor)
    return () => {
      const found = run(x, at).data
      return Array.from({ length: 8 }, (_, i) => found[Math.floor(((i + 0.5) / 8) * found.length)]!)
    }
  },
})
