import type { Num } from '@adjoint/autograd/scalar'
import { Reader } from './text.js'

/** The parameters of l layers of b units, all elementwise. */
export interface Lstm<T> {
  /** For each layer a row of weights and one of biases: b for each of four gates. */
  readonly main: readonly (readonly T[])[]
  /** What the input is scaled by, and scale and shift of the output. */
  readonly extra: readonly (readonly T[])[]
}

export interface Sequence {
  /** For each layer what it starts with: its output, and its memory. */
  readonly state: readonly (readonly number[])[]
  readonly steps: readonly (readonly number[])[]
}

type Values = readonly (Num | number)[]

/** How badly each step of a sequence is foretold by those before it, on average (ADBench's LSTM). */
export const loss = ({ main, extra }: Lstm<Num>, { state, steps }: Sequence): Num => {
  const width = extra[0]!.length
  const now: Values[] = [...state]
  let total: Num | null = null
  steps.slice(0, -1).forEach((step, t) => {
    let x: readonly Num[] = extra[0]!.map((scale, j) => scale.mul(step[j]!))
    for (let layer = 0; layer < now.length; layer += 2) {
      const [weights, biases] = [main[layer]!, main[layer + 1]!]
      const [output, memory] = [now[layer]!, now[layer + 1]!]
      const gate = (which: number, from: Values) =>
        from.map((value, j) => weights[which * width + j]!.mul(value).add(biases[which * width + j]!))
      const forget = gate(0, x)
      const ingate = gate(1, output)
      const outgate = gate(2, x)
      const change = gate(3, output)
      const kept = forget.map((each, j) => {
        const fresh = ingate[j]!.sigmoid().mul(change[j]!.tanh())
        return each.sigmoid().mul(memory[j]!).add(fresh)
      })
      x = outgate.map((each, j) => each.sigmoid().mul(kept[j]!.tanh()))
      now[layer] = x
      now[layer + 1] = kept
    }
    const told = x.map((each, j) => each.mul(extra[1]![j]!).add(extra[2]![j]!))
    const scale = told
      .map((each) => each.exp())
      .reduce((a, b) => a.add(b))
      .add(2)
      .log()
    for (const [j, each] of told.entries()) {
      const term: Num = each.sub(scale).mul(steps[t + 1]![j]!)
      total = total === null ? term : total.add(term)
    }
  })
  return (total! as Num).div(-(steps.length - 1) * width)
}

export const readLstm = (text: string): { at: Lstm<number>; given: Sequence } => {
  const reader = new Reader(text)
  const [layers, steps, width] = reader.numbers(3) as [number, number, number]
  const at = { main: reader.rows(2 * layers, 4 * width), extra: reader.rows(3, width) }
  return { at, given: { state: reader.rows(2 * layers, width), steps: reader.rows(steps, width) } }
}

export const someLstm = (layers: number, width: number, steps: number, next: () => number) => {
  const rows = (count: number, length: number) =>
    Array.from({ length: count }, () => Array.from({ length }, () => 2 * next() - 1))
  const at: Lstm<number> = { main: rows(2 * layers, 4 * width), extra: rows(3, width) }
  return { at, given: { state: rows(2 * layers, width), steps: rows(steps, width) } satisfies Sequence }
}
