import { type AnyTensor, type Arg, kinds, type Out, type Tensor } from '@adjoint/autograd'
import { checker } from '../../checker.js'
import { requireCount } from '../../errors.js'
import * as kind from '../../kinds.js'
import { Module } from '../../module/module.js'
import type { TorchLayout } from '../../state/torch.js'
import type { LastAxis } from '../layer.js'
import { stateOfOne } from './arguments.js'
import { round } from './cell.js'
import { gruStep } from './steps.js'
import {
  cellOptions,
  gruWeights,
  type RecurrentCellOptions,
  requireResetAfter,
  torchWeights,
  weightMaker,
} from './weights.js'

/** How a `GRUCell` steps, and how its weights begin. */
export interface GRUCellOptions extends RecurrentCellOptions {
  /** Whether the reset gate acts on the product with the state, as in PyTorch, or on the state before it. Default true. */
  readonly resetAfter?: boolean
}

const takes = checker('GRUCell', {
  inputs: kind.count,
  hidden: kind.count,
  options: { ...cellOptions, resetAfter: kinds.boolean },
})
const takesStep = checker('GRUCell.forward', { x: kinds.tensor, state: stateOfOne })

/**
 * One step of a `GRU`, for a loop of your own: from x [..., inputs] and state [..., hidden] the next state.
 *
 * @throws OptionError for sizes that are no positive integers; of forward, ShapeError for x or a state of other shapes, DTypeError for other dtypes
 * @example new GRUCell(4, 3).forward(zeros([5, 4]), ones([5, 3]))   // Tensor<[5, 3]>
 */
export class GRUCell<I extends number, H extends number> extends Module {
  /** The length of what it takes. */
  readonly inputs: I
  /** The length of its state. */
  readonly hidden: H
  /** Whether the reset gate acts on the product with the state. */
  readonly resetAfter: boolean
  /** [inputs, 3 * hidden], the columns of gates r, z and n. */
  readonly inputWeight: Tensor
  /** [hidden, 3 * hidden]. */
  readonly recurrentWeight: Tensor
  /** [3 * hidden]; null where the cell was made without one. */
  readonly bias: Tensor | null
  /** [hidden]: of the candidate's product with the state; null without bias, and with `resetAfter: false`. */
  readonly candidateBias: Tensor | null

  constructor(inputs: I, hidden: H, options: GRUCellOptions = {}) {
    takes(arguments)
    super()
    requireCount('GRUCell', 'inputs', inputs)
    requireCount('GRUCell', 'hidden', hidden)
    const { resetAfter = true, bias = true } = options
    this.inputs = inputs
    this.hidden = hidden
    this.resetAfter = resetAfter
    const weights = gruWeights(weightMaker('GRUCell', hidden, options), inputs, resetAfter && bias)
    this.inputWeight = weights.inputWeight
    this.recurrentWeight = weights.recurrentWeight
    this.bias = weights.bias
    this.candidateBias = weights.candidateBias
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
    return round(this, gruStep(this.resetAfter), this, x, [['state', state]])[0]!
  }

  protected override torchLayout(): TorchLayout {
    requireResetAfter(this, this.resetAfter)
    return torchWeights('', '', this.hidden, true)
  }

  protected override details(): string {
    return `${this.inputs}, ${this.hidden}${this.resetAfter ? '' : ', reset before'}`
  }
}
