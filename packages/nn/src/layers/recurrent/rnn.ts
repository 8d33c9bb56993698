import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import * as kind from '../../kinds.js'
import { type SequenceOptions, sequenceOptions, stateOfOne } from './arguments.js'
import { Recurrent, type RecurrentOptions, type RecurrentResult, recurrentOptions } from './recurrent.js'
import type { BothWays, Sequences, States } from './shape-rules.js'
import { type RNNActivation, rnnStep } from './steps.js'
import type { RecurrentWeights } from './weights.js'

/** How an `RNN` goes through sequences, and how its weights begin. */
export interface RNNOptions<L extends number = number, B extends boolean = boolean> extends RecurrentOptions<L, B> {
  /** What the sum goes through. Default `'tanh'`. */
  readonly activation?: RNNActivation
}

const takes = checker('RNN', {
  inputs: kind.count,
  hidden: kind.count,
  options: { ...recurrentOptions, activation: kinds.oneOf('tanh', 'relu') },
})
const takesSequences = checker('RNN.forward', { x: kinds.tensor, state: stateOfOne, options: sequenceOptions })

/**
 * A recurrent network (Elman, Finding structure in time, 1990) over sequences: from input x and state h of a step,
 * h' = tanh(x @ inputWeight + bias + h @ recurrentWeight), or relu of it.
 *
 * x is [batch, time, inputs], or [time, inputs] for one sequence; the output [batch, time, outputs]; the state
 * [layers * directions, batch, hidden]. `lengths` are as in `LSTM`, and so are the weights of a PyTorch checkpoint.
 *
 * @throws OptionError for sizes that are no positive integers, and for options that would do nothing; of forward, ShapeError for x, state or
 *   lengths of other shapes, DTypeError for other dtypes, IndexOutOfRangeError for lengths beyond the steps
 * @example
 * const rnn = new RNN(4, 3, { activation: 'relu' })
 * const { output, state } = rnn.forward(zeros([5, 7, 4]))
 * output   // Tensor<[5, 7, 3]>
 * state    // Tensor<[1, 5, 3]>
 */
export class RNN<
  I extends number,
  H extends number,
  L extends number = 1,
  B extends boolean = false,
> extends Recurrent<RecurrentWeights> {
  declare readonly inputs: I
  declare readonly hidden: H
  declare readonly outputs: BothWays<H, B>
  declare readonly bidirectional: B
  /** What the sum goes through. */
  readonly activation: RNNActivation

  constructor(inputs: I, hidden: H, options: RNNOptions<L, B> = {}) {
    takes(arguments)
    super('RNN', inputs, hidden, hidden, options, (maker, taken) => maker.weights({ inputs: taken, gates: 1 }))
    this.activation = options.activation ?? 'tanh'
  }

  /**
   * Goes through sequences.
   *
   * @param x [batch, time, inputs], or [time, inputs]
   * @param state what the first step takes; zeros if it is left out, or null
   * @param options `lengths`: how many steps of each sequence count, int32 [batch]
   */
  forward<X extends AnyTensor>(
    x: Arg<X, Sequences<'RNN', X['shape'], I, BothWays<H, B>>>,
    state?: AnyTensor | null,
    options?: SequenceOptions,
  ): RecurrentResult<Out<Sequences<'RNN', X['shape'], I, BothWays<H, B>>>, Out<States<X['shape'], L, B, H>>>
  forward(x: Tensor, state: AnyTensor | null = null, options: SequenceOptions = {}): unknown {
    takesSequences(arguments)
    const { output, states } = this.pass(rnnStep(this.activation), x, [['state', this.hidden, state]], options)
    return { output, state: states[0]! }
  }

  protected override details(): string {
    return `${super.details()}${this.activation === 'tanh' ? '' : `, ${this.activation}`}`
  }
}
