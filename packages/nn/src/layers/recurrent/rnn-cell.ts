import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import * as kind from '../../kinds.js'
import { Module } from '../../module/module.js'
import type { TorchLayout } from '../../state/torch.js'
import type { LastAxis } from '../layer.js'
import { stateOfOne } from './arguments.js'
import { round } from './cell.js'
import { type RNNActivation, rnnStep } from './steps.js'
import { cellOptions, type RecurrentCellOptions, torchWeights, weightMaker } from './weights.js'

/** How an `RNNCell` steps, and how its weights begin. */
export interface RNNCellOptions extends RecurrentCellOptions {
  /** What the sum goes through. Default `'tanh'`. */
  readonly activation?: RNNActivation
}

const takes = checker('RNNCell', {
  inputs: kind.count,
  hidden: kind.count,
  options: { ...cellOptions, activation: kinds.oneOf('tanh', 'relu') },
})
const takesStep = checker('RNNCell.forward', { x: kinds.tensor, state: stateOfOne })

/**
 * One step of an `RNN`, for a loop of your own: from x [..., inputs] and state [..., hidden] the next state.
 *
 * @throws OptionError for sizes that are no positive integers; of forward, ShapeError for x or a state of other shapes, DTypeError for other dtypes
 * @example new RNNCell(4, 3).forward(zeros([5, 4]), ones([5, 3]))   // Tensor<[5, 3]>
 */
export class RNNCell<I extends number, H extends number> extends Module {
  /** The length of what it takes. */
  readonly inputs: I
  /** The length of its state. */
  readonly hidden: H
  /** What the sum goes through. */
  readonly activation: RNNActivation
  /** [inputs, hidden]. */
  readonly inputWeight: Tensor
  /** [hidden, hidden]. */
  readonly recurrentWeight: Tensor
  /** [hidden]; null where the cell was made without one. */
  readonly bias: Tensor | null

  constructor(inputs: I, hidden: H, options: RNNCellOptions = {}) {
    takes(arguments)
    super()
    requireCount('RNNCell', 'inputs', inputs)
    requireCount('RNNCell', 'hidden', hidden)
    this.inputs = inputs
    this.hidden = hidden
    this.activation = options.activation ?? 'tanh'
    const { inputWeight, recurrentWeight, bias } = weightMaker('RNNCell', hidden, options).weights({ inputs, gates: 1 })
    this.inputWeight = inputWeight
    this.recurrentWeight = recurrentWeight
    this.bias = bias
  }

  /**
   * One step.
   *
   * @param x [..., inputs]
   * @param state what came before: zeros if it is left out, or null
   * @returns the next state, which is the output
   */
  forward<X extends AnyTensor>(
    x: Arg<X, LastAxis<X['shape'], I, H>>,
    state?: AnyTensor | null,
  ): Out<LastAxis<X['shape'], I, H>>
  forward(x: Tensor, state: AnyTensor | null = null): unknown {
    takesStep(arguments)
    return round(this, rnnStep(this.activation), this, x, [['state', state]])[0]!
  }

  protected override torchLayout(): TorchLayout {
    return torchWeights('', '', this.hidden, false)
  }

  protected override details(): string {
    return `${this.inputs}, ${this.hidden}${this.activation === 'tanh' ? '' : `, ${this.activation}`}`
  }
}
