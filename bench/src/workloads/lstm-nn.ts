import { grad, noGrad, scan, stack, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { LSTM } from '@adjoint/nn'
import { Numbers, type Weights } from './numbers.js'
import { weights } from './tensors.js'
import { workload } from './workload.js'

interface Sequences {
  readonly way: Way
  readonly steps: number
  /** [steps, batch, width] */
  readonly rows: Float32Array
  readonly parameters: readonly Weights[]
}
type Way = 'scan' | 'unrolled'
type State = readonly [hidden: Tensor, cell: Tensor]
type Parameters = readonly [wx: Tensor, wh: Tensor, bias: Tensor]

const [batch, width] = [32, 64]

const step = ([wx, wh, bias]: Parameters, [hidden, cell]: State, x: Tensor): State => {
  const gates = x.matmul(wx).add(hidden.matmul(wh)).add(bias)
  const gate = (i: number) => gates.slice(1, i * width, (i + 1) * width)
  const next = gate(1)
    .sigmoid()
    .mul(cell)
    .add(gate(0).sigmoid().mul(gate(2).tanh())) as Tensor
  return [gate(3).sigmoid().mul(next.tanh()) as Tensor, next]
}

const lossByHand = (way: Way) => (parameters: Parameters, rows: Tensor) => {
  let state: State = [zeros([batch, width]) as Tensor, zeros([batch, width]) as Tensor]
  if (way === 'scan') {
    const round = (state: State, x: Tensor) => {
      const next = step(parameters, state, x)
      return [next, next[0]] as const
    }
    const [, shown] = scan(round, state, rows)
    return (shown as Tensor).square().mean()
  }
  const shown: Tensor[] = []
  for (let i = 0; i < rows.shape[0]!; i++) {
    state = step(parameters, state, rows.at(i) as Tensor)
    shown.push(state[0])
  }
  return (stack(shown) as Tensor).square().mean()
}

const loss = (lstm: LSTM<number, number>, x: Tensor) => lstm.forward(x).output.square().mean()

const ends = (gradients: readonly Tensor[]): number[] =>
  gradients.flatMap(({ data }) => [data[0]!, data[data.length - 1]!])

/** The gradient of nn's LSTM, and of one that is written out. */
export const lstmNn = workload<Sequences>({
  name: 'lstm-nn',
  title: 'gradient of LSTM of nn, hidden 64, batch 32, and by hand with a scan (or unrolled)',
  unit: 'run',
  tolerance: 1e-3,
  cases: ([32, 256] as const).flatMap((steps) =>
    (['scan', 'unrolled'] as const).map((way) => ({
      name: `T ${steps}${way === 'scan' ? '' : `, hand ${way}`}`,
      long: steps > 32 || way === 'unrolled',
      data: (): Sequences => {
        const numbers = new Numbers()
        const [input, state] = [numbers.linear(width, 4 * width), numbers.linear(width, 4 * width)]
        const rows = numbers.uniform(steps * batch * width)
        return { way, steps, rows, parameters: [input.weight, state.weight, input.bias] }
      },
    })),
  ),
  adjoint: ({ steps, rows, parameters }, wrap) => {
    const x = tensor(rows).reshape([steps, batch, width]).permute([1, 0, 2]).add(0) as Tensor
    const lstm = new LSTM(width as number, width as number)
    const names = [...lstm.namedParameters().keys()]
    lstm.loadStateDict(Object.fromEntries(names.map((name, i) => [name, weights(parameters[i]!)])))
    const gradient = wrap(grad(loss))
    return () => ends(Object.values(noGrad(() => gradient(lstm, x))))
  },
  byHand: ({ way, steps, rows, parameters }, wrap) => {
    const x = tensor(rows).reshape([steps, batch, width]) as Tensor
    const all = parameters.map(weights) as unknown as Parameters
    const gradient = wrap(grad(lossByHand(way)))
    return () => ends(noGrad(() => gradient(all, x)) as readonly Tensor[])
  },
})
