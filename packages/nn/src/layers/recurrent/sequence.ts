import { concat, type ScanOptions, scan, stack, type Tensor, where } from '@adjoint/autograd'
import type { Step } from './steps.js'
import type { RecurrentWeights } from './weights.js'

/** The weights of one layer, in each direction. */
export interface DirectedWeights<W> {
  /** Of the direction from the first step to the last. */
  readonly forward: W
  /** Of the direction from the last step to the first; null where there is none. */
  readonly backward: W | null
}

/** What is kept of each step for the derivative: see `scan`. */
export type Save = NonNullable<ScanOptions['save']>

interface Direction {
  readonly reverse: boolean
  /** Whether a step counts, [time, batch, 1]; null where all do. */
  readonly counts: Tensor | null
  readonly save: Save
}

interface Passed {
  /** [time, batch, hidden] */
  readonly output: Tensor
  readonly states: readonly Tensor[]
}

interface Row {
  readonly projected: Tensor
  readonly counts: Tensor | null
}

/** Up to so many steps are quicker one by one than as a loop, which is traced first. */
const few = 4

/** Sequences x [time, batch, features], from the states that the first step takes. */
const pass = <W extends RecurrentWeights>(
  step: Step<W>,
  weights: W,
  x: Tensor,
  states: readonly Tensor[],
  { reverse, counts, save }: Direction,
): Passed => {
  // one product for all steps
  const product = x.matmul(weights.inputWeight) as Tensor
  const projected = weights.bias === null ? product : (product.add(weights.bias) as Tensor)
  const round = (before: readonly Tensor[], row: Row): readonly Tensor[] => {
    const after = step(weights, row.projected, before)
    const { counts } = row
    return counts === null ? after : after.map((state, i) => where(counts, state, before[i]!) as Tensor)
  }
  const steps = x.shape[0]!
  if (steps === 0 || steps > few) {
    const shown = (before: readonly Tensor[], row: Row) => {
      const after = round(before, row)
      return [after, after[0]] as const
    }
    const options = { reverse, save }
    const [last, output] = scan(shown as never, states, { projected, counts }, options) as unknown as [Tensor[], Tensor]
    return { output, states: last }
  }
  const rows: Tensor[] = []
  let state = states
  for (let i = 0; i < steps; i++) {
    const at = reverse ? steps - 1 - i : i
    state = round(state, {
      projected: projected.at(at) as Tensor,
      counts: counts === null ? null : (counts.at(at) as Tensor),
    })
    rows[at] = state[0]!
  }
  return { output: stack(rows as never) as Tensor, states: state }
}

/** How layers are gone through. */
export interface Passage<W> {
  readonly step: Step<W>
  readonly layers: readonly DirectedWeights<W>[]
  /** Whether a step counts, [time, batch, 1]; null where all do. */
  readonly counts: Tensor | null
  /** What the output of a layer becomes before the next one takes it. */
  readonly between: (output: Tensor) => Tensor
  readonly save: Save
}

/**
 * All layers, one after another.
 *
 * @param x [time, batch, features]
 * @param states each [layers * directions, batch, size]: the directions of a layer next to each other
 */
export const passAll = <W extends RecurrentWeights>(
  { step, layers, counts, between, save }: Passage<W>,
  x: Tensor,
  states: readonly Tensor[],
): Passed => {
  const last: (readonly Tensor[])[] = []
  let input = x
  for (const [i, { forward, backward }] of layers.entries()) {
    const outputs: Tensor[] = []
    for (const weights of backward === null ? [forward] : [forward, backward]) {
      const before = states.map((all) => all.at(last.length) as Tensor)
      const passed = pass(step, weights, input, before, { reverse: weights === backward, counts, save })
      outputs.push(passed.output)
      last.push(passed.states)
    }
    const output = outputs.length === 1 ? outputs[0]! : (concat(outputs as never, -1) as Tensor)
    input = i === layers.length - 1 ? output : between(output)
  }
  return {
    output: counts === null ? input : (where(counts, input, 0) as Tensor),
    states: states.map((_, k) => stack(last.map((each) => each[k]!) as never) as Tensor),
  }
}
