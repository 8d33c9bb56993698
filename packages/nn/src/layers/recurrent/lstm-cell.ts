import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import * as kind from '../../kinds.js'
import { Module } from '../../module/module.js'
import type { TorchLayout } from '../../state/torch.js'
import type { LastAxis } from '../layer.js'
import { stateOfTwo } from './arguments.js'
import { round } from './cell.js'
import type { LSTMState } from './lstm.js'
import { lstmStep } from './steps.js'
import {
  cellOptions,
  lstmWeights,
  type RecurrentCellOptions,
  requireForgetBias,
  torchWeights,
  weightMaker,
} from './weights.js'

/** How the weights of an `LSTMCell` begin. */
export interface LSTMCellOptions extends RecurrentCellOptions {
  /** What the bias of the forget gate starts as. Default as the others. */
  readonly forgetBias?: number
}

const takes = checker('LSTMCell', {
  inputs: kind.count,
  hidden: kind.count,
  options: { ...cellOptions, forgetBias: kinds.number },
})
const takesStep = checker('LSTMCell.forward', { x: kinds.tensor, state: stateOfTwo })

/**
 * One step of an `LSTM`, for a loop of your own: from x [..., inputs] and a state of two tensors [..., hidden] the next state.
 *
 * @throws OptionError for sizes that are no positive integers; of forward, ShapeError for x or a state of other shapes, DTypeError for other dtypes
 * @example
 * const cell = new LSTMCell(4, 3)
 * const [last, hidden] = scan(
 *   (state: LSTMState, x: Tensor<[5, 4]>) => {
 *     const next = cell.forward(x, state)
 *     return [next, next.hidden] as const
 *   },
 *   { hidden: zeros([5, 3]), cell: zeros([5, 3]) } as LSTMState,
 *   zeros([7, 5, 4]),
 * )
 * hidden   // Tensor<[7, 5, 3]>
 */
export class LSTMCell<I extends number, H extends number> extends Module {
  /** The length of what it takes. */
  readonly inputs: I
  /** The length of its states. */
  readonly hidden: H
  /** [inputs, 4 * hidden], the columns of gates i, f, g and o. */
  readonly inputWeight: Tensor
  /** [hidden, 4 * hidden]. */
  readonly recurrentWeight: Tensor
  /** [4 * hidden]; null where the cell was made without one. */
  readonly bias: Tensor | null

  constructor(inputs: I, hidden: H, options: LSTMCellOptions = {}) {
    takes(arguments)
    super()
    requireCount('LSTMCell', 'inputs', inputs)
    requireCount('LSTMCell', 'hidden', hidden)
    requireForgetBias('LSTMCell', options.forgetBias, options.bias ?? true)
    this.inputs = inputs
    this.hidden = hidden
    const maker = weightMaker('LSTMCell', hidden, options)
    const { inputWeight, recurrentWeight, bias } = lstmWeights(maker, inputs, undefined, options.forgetBias)
    this.inputWeight = inputWeight
    this.recurrentWeight = recurrentWeight
    this.bias = bias
  }

  /**
   * One step.
   *
   * @param x [..., inputs]
   * @param state what came before: zeros if it is left out, or null
   * @returns the next state, whose `hidden` is the output
   */
  forward<X extends AnyTensor>(
    x: Arg<X, LastAxis<X['shape'], I, H>>,
    state?: LSTMState | null,
  ): LSTMState<Out<LastAxis<X['shape'], I, H>>, Out<LastAxis<X['shape'], I, H>>>
  forward(x: Tensor, state: LSTMState | null = null): unknown {
    takesStep(arguments)
    const given = [
      ['state.hidden', state?.hidden ?? null],
      ['state.cell', state?.cell ?? null],
    ] as const
    const [hidden, cell] = round(this, lstmStep, { ...this, projectionWeight: null }, x, given)
    return { hidden, cell }
  }

  protected override torchLayout(): TorchLayout {
    return torchWeights('', '', this.hidden, false)
  }

  protected override details(): string {
    return `${this.inputs}, ${this.hidden}`
  }
}
