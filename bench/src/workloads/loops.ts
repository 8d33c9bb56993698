import { grad, scan, stack, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { Numbers, type Weights } from './numbers.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

interface Sequence {
  readonly way: Way
  readonly kind: keyof typeof cells
  readonly rows: Float32Array
  readonly parameters: readonly Weights[]
}
type Way = 'scan' | 'unrolled'
type State = readonly Tensor[]
type Cell = (parameters: State, state: State, x: Tensor) => State

interface Recurrent {
  readonly rounds: number
  /** Of a row. */
  readonly shape: readonly number[]
  /** Those that a cell carries on, the output first. */
  readonly states: readonly (readonly number[])[]
  readonly parameters: (numbers: Numbers) => readonly Weights[]
  readonly cell: Cell
}

const [batch, width] = [32, 64]

const lstm: Cell = ([wx, wh, bias], [h, c], x) => {
  const gates = x.matmul(wx!).add(h!.matmul(wh!)).add(bias!)
  const gate = (i: number) => gates.slice(1, i * width, (i + 1) * width)
  const next = gate(0)
    .sigmoid()
    .mul(c!)
    .add(gate(1).sigmoid().mul(gate(2).tanh()))
  return [gate(3).sigmoid().mul(next.tanh()) as Tensor, next as Tensor]
}

const cells = {
  LSTM: {
    rounds: 32,
    shape: [batch, width],
    states: [[batch, width], [batch, width]],
    parameters: (numbers) => {
      const [input, state] = [numbers.linear(width, 4 * width), numbers.linear(width, 4 * width)]
      return [input.weight, state.weight, input.bias]
    },
    cell: lstm,
  },
  'small steps': {
    rounds: 2000,
    shape: [4],
    states: [[4]],
    parameters: (numbers) => [numbers.linear(1, 4).bias],
    cell: ([w], [h], x) => [h!.mul(w!).add(x).tanh() as Tensor],
  },
} satisfies Record<string, Recurrent> // biome-ignore format: shapes

const loss =
  (way: Way, { cell, states }: Recurrent) =>
  (parameters: State, rows: Tensor): Tensor => {
    const start = states.map((shape) => zeros([...shape]) as Tensor)
    if (way === 'scan') {
      const step = (state: State, x: Tensor) => {
        const next = cell(parameters, state, x)
        return [next, next[0]!] as const
      }
      const [, shown] = scan(step as never, start, rows) as unknown as [State, Tensor]
      return shown.square().mean()
    }
    const shown: Tensor[] = []
    let state: State = start
    for (let i = 0; i < rows.shape[0]!; i++) {
      state = cell(parameters, state, rows.at(i) as Tensor)
      shown.push(state[0]!)
    }
    return (stack(shown) as Tensor).square().mean()
  }

/** The gradient of a recurrence, as a loop that is one op and as one that is written out. */
export const loops = workload<Sequence>({
  name: 'loops',
  title: 'gradients of recurrences',
  unit: 'run',
  tolerance: 1e-3,
  cases: (Object.keys(cells) as (keyof typeof cells)[]).flatMap((kind) =>
    (['scan', 'unrolled'] as const).map((way) => ({
      name: `${kind}, ${cells[kind].rounds} rounds, ${way}`,
      long: kind !== 'LSTM',
      data: (): Sequence => {
        const numbers = new Numbers()
        const { rounds, shape, parameters } = cells[kind] as Recurrent
        const size = shape.reduce((product, dim) => product * dim, rounds)
        return { way, kind, rows: numbers.uniform(size), parameters: parameters(numbers) }
      },
    })),
  ),
  adjoint: ({ way, kind, rows, parameters }, wrap) => {
    const recurrent = cells[kind] as Recurrent
    const x = tensor(rows).reshape([recurrent.rounds, ...recurrent.shape]) as Tensor
    const all = parameters.map(weights)
    const gradient = wrap(grad(loss(way, recurrent)))
    return () => gradient(all, x).flatMap((found) => [found.data[0]!, found.data[found.size - 1]!])
  },
})
