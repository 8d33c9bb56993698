import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import * as kind from '../../kinds.js'
import type { TorchLayout } from '../../state/torch.js'
import { type SequenceOptions, sequenceOptions, stateOfOne } from './arguments.js'
import { Recurrent, type RecurrentOptions, type RecurrentResult, recurrentOptions } from './recurrent.js'
import type { BothWays, Sequences, States } from './shape-rules.js'
import { gruStep } from './steps.js'
import { type GRUWeights, gruWeights, requireResetAfter } from './weights.js'

/** How a `GRU` goes through sequences, and how its weights begin. */
export interface GRUOptions<L extends number = number, B extends boolean = boolean> extends RecurrentOptions<L, B> {
  /** Whether the reset gate acts on the product with the state, as in PyTorch, or on the state before it. Default true. */
  readonly resetAfter?: boolean
}

const takes = checker('GRU', {
  inputs: kind.count,
  hidden: kind.count,
  options: { ...recurrentOptions, resetAfter: kinds.boolean },
})
const takesSequences = checker('GRU.forward', { x: kinds.tensor, state: stateOfOne, options: sequenceOptions })

/**
 * Gated recurrent units (Cho et al. 2014) over sequences. From input x and state h of a step, with the columns of the weights
 * in three parts, one for each of r, z and n:
 *
 * ```
 * r = sigmoid(x @ inputWeight.r + bias.r + h @ recurrentWeight.r)
 * z = sigmoid(x @ inputWeight.z + bias.z + h @ recurrentWeight.z)
 * n = tanh(x @ inputWeight.n + bias.n + r * (h @ recurrentWeight.n + candidateBias))   with resetAfter, as in PyTorch
 * n = tanh(x @ inputWeight.n + bias.n + (r * h) @ recurrentWeight.n)                   with resetAfter: false, as in the paper
 * h' = (1 - z) * n + z * h
 * ```
 *
 * x is [batch, time, inputs], or [time, inputs] for one sequence; the output [batch, time, outputs]; the state
 * [layers * directions, batch, hidden]. `lengths` are as in `LSTM`.
 *
 * A PyTorch checkpoint: `layers.1.backward.inputWeight` is weight_ih_l1_reverse transposed and `recurrentWeight` weight_hh transposed;
 * `bias` is bias_ih, with the first two thirds of bias_hh added to its own; `candidateBias` is the last third of bias_hh.
 *
 * @throws OptionError for sizes that are no positive integers, and for options that would do nothing; of forward, ShapeError for x, state or
 *   lengths of other shapes, DTypeError for other dtypes, IndexOutOfRangeError for lengths beyond the steps
 * @example
 * const gru = new GRU(4, 3)
 * const { output, state } = gru.forward(zeros([5, 7, 4]), null, { lengths: full([5], 6, { dtype: 'int32' }) })
 * output   // Tensor<[5, 7, 3]>
 * state    // Tensor<[1, 5, 3]>
 */
export class GRU<
  I extends number,
  H extends number,
  L extends number = 1,
  B extends boolean = false,
> extends Recurrent<GRUWeights> {
  declare readonly inputs: I
  declare readonly hidden: H
  declare readonly outputs: BothWays<H, B>
  declare readonly bidirectional: B
  /** Whether the reset gate acts on the product with the state. */
  readonly resetAfter: boolean

  constructor(inputs: I, hidden: H, options: GRUOptions<L, B> = {}) {
    takes(arguments)
    const { resetAfter = true, bias = true } = options
    super('GRU', inputs, hidden, hidden, options, (maker, taken) => gruWeights(maker, taken, resetAfter && bias))
    this.resetAfter = resetAfter
  }

  /**
   * Goes through sequences.
   *
   * @param x [batch, time, inputs], or [time, inputs]
   * @param state what the first step takes; zeros if it is left out, or null
   * @param options `lengths`: how many steps of each sequence count, int32 [batch]
   */
  forward<X extends AnyTensor>(
    x: Arg<X, Sequences<'GRU', X['shape'], I, BothWays<H, B>>>,
    state?: AnyTensor | null,
    options?: SequenceOptions,
  ): RecurrentResult<Out<Sequences<'GRU', X['shape'], I, BothWays<H, B>>>, Out<States<X['shape'], L, B, H>>>
  forward(x: Tensor, state: AnyTensor | null = null, options: SequenceOptions = {}): unknown {
    takesSequences(arguments)
    const { output, states } = this.pass(gruStep(this.resetAfter), x, [['state', this.hidden, state]], options)
    return { output, state: states[0]! }
  }

  protected override torchLayout(): TorchLayout {
    requireResetAfter(this, this.resetAfter)
    return super.torchLayout()
  }

  protected override get isSplit(): boolean {
    return true
  }

  protected override details(): string {
    return `${super.details()}${this.resetAfter ? '' : ', reset before'}`
  }
}
