import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import * as kind from '../../kinds.js'
import { type SequenceOptions, sequenceOptions, stateOfTwo } from './arguments.js'
import { Recurrent, type RecurrentOptions, type RecurrentResult, recurrentOptions } from './recurrent.js'
import type { BothWays, Sequences, States } from './shape-rules.js'
import { lstmStep } from './steps.js'
import { type LSTMWeights, lstmWeights, requireForgetBias } from './weights.js'

/** How an `LSTM` goes through sequences, and how its weights begin. */
export interface LSTMOptions<L extends number = number, B extends boolean = boolean, P extends number = number>
  extends RecurrentOptions<L, B> {
  /** The size that the hidden state is projected to: PyTorch's proj_size. Default none: it has `hidden` numbers. */
  readonly projection?: P
  /** What the bias of the forget gate starts as: 1 keeps more at first (Jozefowicz et al. 2015). Default as the others. */
  readonly forgetBias?: number
}

/** What an LSTM hands on from step to step. */
export interface LSTMState<H extends AnyTensor = AnyTensor, C extends AnyTensor = AnyTensor> {
  /** What it shows: h. */
  readonly hidden: H
  /** What it keeps for itself: c. */
  readonly cell: C
}

const takes = checker('LSTM', {
  inputs: kind.count,
  hidden: kind.count,
  options: { ...recurrentOptions, projection: kind.count, forgetBias: kinds.number },
})
const takesSequences = checker('LSTM.forward', { x: kinds.tensor, state: stateOfTwo, options: sequenceOptions })

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000) over sequences. From input x,
 * state h and cell c of a step:
 *
 * ```
 * [i, f, g, o] = x @ inputWeight + bias + h @ recurrentWeight
 * c' = sigmoid(f) * c + sigmoid(i) * tanh(g)
 * h' = sigmoid(o) * tanh(c')                  (@ projectionWeight, with `projection`)
 * ```
 *
 * x is [batch, time, inputs], or [time, inputs] for one sequence: as everything else here has examples first. (PyTorch's
 * default is [time, batch, inputs]; `x.permute([1, 0, 2])` makes one of the other.) The output is [batch, time, outputs], with
 * outputs = hidden (or projection) in each direction; the states are [layers * directions, batch, hidden], as in PyTorch:
 * layer by layer, and there forward before backward.
 *
 * Sequences of different lengths are filled up and come with `lengths`, int32 [batch]: behind its length a sequence is not read,
 * its output and its derivatives are 0, its state is that of its last step, and the backward direction starts there. A length
 * may be 0: the state stays as it was.
 *
 * A PyTorch checkpoint: `layers.1.backward.inputWeight` is weight_ih_l1_reverse transposed, `recurrentWeight` weight_hh
 * transposed, `projectionWeight` weight_hr transposed, and `bias` bias_ih + bias_hh, which are one here.
 *
 * @throws OptionError for sizes that are no positive integers, and for options that would do nothing; of forward, ShapeError for x, state or
 *   lengths of other shapes, DTypeError for other dtypes, IndexOutOfRangeError for lengths beyond the steps
 * @example
 * const lstm = new LSTM(4, 3, { layers: 2, bidirectional: true })
 * const { output, state } = lstm.forward(zeros([5, 7, 4]))
 * output         // Tensor<[5, 7, 6]>
 * state.hidden   // Tensor<[4, 5, 3]>
 * state.cell     // Tensor<[4, 5, 3]>
 * @example
 * // truncated backpropagation: what comes next starts from this state, and no gradient flows back
 * const lstm = new LSTM(4, 3)
 * let state: LSTMState | null = null
 * for (const x of [zeros([5, 7, 4]), zeros([5, 7, 4])]) {
 *   const passed = lstm.forward(x, state, { lengths: full([5], 6, { dtype: 'int32' }) })
 *   state = treeMap(passed.state, (tensor) => tensor.detach())
 * }
 */
export class LSTM<
  I extends number,
  H extends number,
  L extends number = 1,
  B extends boolean = false,
  P extends number = H,
> extends Recurrent<LSTMWeights> {
  declare readonly inputs: I
  declare readonly hidden: H
  declare readonly outputs: BothWays<P, B>
  declare readonly bidirectional: B
  /** The size of the hidden state that is shown and handed on: `hidden` where it is not projected. */
  readonly projection: P

  constructor(inputs: I, hidden: H, options: LSTMOptions<L, B, P> = {}) {
    takes(arguments)
    const { projection, forgetBias, bias = true } = options
    if (projection !== undefined) requireCount('LSTM', 'projection', projection)
    requireForgetBias('LSTM', forgetBias, bias)
    const shown: number = projection ?? hidden
    super('LSTM', inputs, hidden, shown, options, (maker, taken) => lstmWeights(maker, taken, projection, forgetBias))
    this.projection = shown as P
  }

  /**
   * Goes through sequences.
   *
   * @param x [batch, time, inputs], or [time, inputs]
   * @param state what the first step takes; zeros if it is left out, or null
   * @param options `lengths`: how many steps of each sequence count, int32 [batch]
   */
  forward<X extends AnyTensor>(
    x: Arg<X, Sequences<'LSTM', X['shape'], I, BothWays<P, B>>>,
    state?: LSTMState | null,
    options?: SequenceOptions,
  ): RecurrentResult<
    Out<Sequences<'LSTM', X['shape'], I, BothWays<P, B>>>,
    LSTMState<Out<States<X['shape'], L, B, P>>, Out<States<X['shape'], L, B, H>>>
  >
  forward(x: Tensor, state: LSTMState | null = null, options: SequenceOptions = {}): unknown {
    takesSequences(arguments)
    const given = [
      ['state.hidden', this.projection, state?.hidden ?? null],
      ['state.cell', this.hidden, state?.cell ?? null],
    ] as const
    const { output, states } = this.pass(lstmStep, x, given, options)
    return { output, state: { hidden: states[0]!, cell: states[1]! } }
  }

  protected override details(): string {
    const projected = this.layers[0]!.forward.projectionWeight === null ? '' : `, projected to ${this.projection}`
    return `${super.details()}${projected}`
  }
}
