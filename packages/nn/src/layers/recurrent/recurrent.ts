import { type AnyTensor, kinds, type Tensor, zeros } from '@adjoint/autograd'
import { OptionError, requireCount, requireOption } from '../../errors.js'
import * as kind from '../../kinds.js'
import { Module } from '../../module/module.js'
import type { TorchLayout } from '../../state/torch.js'
import { Dropout } from '../dropouts/dropout.js'
import { ownName } from '../layer.js'
import { countsOf, requireSequences, requireState, type SequenceOptions } from './arguments.js'
import { type DirectedWeights, passAll, type Save } from './sequence.js'
import type { Step } from './steps.js'
import {
  cellOptions,
  type RecurrentCellOptions,
  type RecurrentWeights,
  torchWeights,
  type WeightMaker,
  weightMaker,
} from './weights.js'

/** How layers go through sequences. */
export interface RecurrentOptions<L extends number = number, B extends boolean = boolean> extends RecurrentCellOptions {
  /** How many layers there are, each going through what the one before gives. Default 1. */
  readonly layers?: L
  /**
   * Whether each layer also goes from the last step to the first, with weights of its own. Its outputs stand behind those of the other
   * direction. Default false.
   */
  readonly bidirectional?: B
  /** The probability with which elements of the output of each layer but the last are set to 0 in training. Default 0. */
  readonly dropout?: number
  /**
   * What is kept of each step for the derivative, as in `scan`: `'all'`; `'carries'`, the states alone; or a number k, the states
   * of every k-th step. Less memory, and more to compute again. Default `'all'`.
   */
  readonly save?: Save
}

/** What a recurrent layer makes of sequences. */
export interface RecurrentResult<O, S> {
  /** Of the last layer at each step. */
  readonly output: O
  /** Of all layers and directions after the last step that counts. */
  readonly state: S
}

export const recurrentOptions = {
  ...cellOptions,
  layers: kind.count,
  bidirectional: kinds.boolean,
  dropout: kind.numberAs('a probability from 0 to 1'),
  save: kinds.kind(
    "'all', 'carries', or after how many steps states are kept: a positive integer",
    (thing) => thing === 'all' || thing === 'carries' || typeof thing === 'number',
  ),
}

/** What the weights of one direction of one layer are made with. */
type MakeWeights<W> = (maker: WeightMaker, inputs: number) => W

/** What RNN, LSTM and GRU have in common. */
export abstract class Recurrent<W extends RecurrentWeights> extends Module {
  /** How many features a step has. */
  readonly inputs: number
  /** How many numbers the state of one direction has. */
  readonly hidden: number
  /** How many features a step of the output has: of both directions, if there are two. */
  readonly outputs: number
  /** Whether each layer goes both ways. */
  readonly bidirectional: boolean
  /** The weights, by layer and direction. */
  readonly layers: readonly DirectedWeights<W>[]
  /** What the outputs of all layers but the last go through; null where nothing. */
  readonly dropout: Dropout | null
  /** What is kept of each step for the derivative. */
  readonly save: Save

  /** @param shown the size of the output of one direction */
  constructor(
    owner: string,
    inputs: number,
    hidden: number,
    shown: number,
    options: RecurrentOptions,
    make: MakeWeights<W>,
  ) {
    super()
    const { layers = 1, bidirectional = false, dropout = 0, save = 'all' } = options
    requireCount(owner, 'inputs', inputs)
    requireCount(owner, 'hidden', hidden)
    requireCount(owner, 'layers', layers)
    requireOption(owner, 'dropout', dropout, dropout >= 0 && dropout <= 1, 'a probability from 0 to 1')
    if (typeof save === 'number') requireCount(owner, 'save', save)
    if (dropout > 0 && layers === 1) {
      throw new OptionError(
        `${owner}: dropout is ${dropout}, and acts between layers, of which there is one; use more layers, or apply a ` +
          'Dropout to the output.',
      )
    }
    this.inputs = inputs
    this.hidden = hidden
    this.outputs = shown * (bidirectional ? 2 : 1)
    this.bidirectional = bidirectional
    const maker = weightMaker(owner, hidden, options)
    this.layers = Array.from({ length: layers }, (_, i) => {
      const taken = i === 0 ? inputs : this.outputs
      return { forward: make(maker, taken), backward: bidirectional ? make(maker, taken) : null }
    })
    const { random } = options
    this.dropout = dropout === 0 ? null : new Dropout(dropout, random === undefined ? {} : { random })
    this.save = save
  }

  /**
   * Goes through sequences.
   *
   * @param given states by what messages call them, with their sizes; null for zeros
   */
  protected pass(
    step: Step<W>,
    x: Tensor,
    given: readonly (readonly [what: string, size: number, state: AnyTensor | null])[],
    { lengths }: SequenceOptions,
  ): { readonly output: Tensor; readonly states: readonly Tensor[] } {
    const owner = { toString: () => ownName(this) }
    const { inputWeight } = this.layers[0]!.forward
    requireSequences(owner, this.inputs, x, inputWeight)
    const isBatch = x.shape.length === 3
    const rows = (isBatch ? x.permute([1, 0, 2]) : x.expandDims(1)) as Tensor
    const batch = rows.shape[1]!
    const count = this.layers.length * (this.bidirectional ? 2 : 1)
    const states = given.map(([what, size, state]) => {
      const shape = [count, batch, size]
      if (state === null) return zeros(shape, { dtype: inputWeight.dtype }) as Tensor
      const wanted = isBatch ? shape : [count, size]
      const axes = `layers * directions, ${isBatch ? 'batch, ' : ''}size`
      requireState(owner, what, state as Tensor, wanted, axes, inputWeight)
      return state.reshape(shape) as Tensor
    })
    const { output, states: last } = passAll(
      {
        step,
        layers: this.layers,
        counts: lengths === undefined ? null : countsOf(owner, lengths, rows, isBatch),
        between: (x) => (this.dropout === null ? x : (this.dropout.forward(x as never) as Tensor)),
        save: this.save,
      },
      rows,
      states,
    )
    if (isBatch) return { output: output.permute([1, 0, 2]) as Tensor, states: last }
    return { output: output.squeeze(1) as Tensor, states: last.map((state) => state.squeeze(1) as Tensor) }
  }

  protected override torchLayout(): TorchLayout {
    const both = this.layers.flatMap((_, i) => [
      torchWeights(`layers.${i}.forward.`, `_l${i}`, this.hidden, this.isSplit),
      torchWeights(`layers.${i}.backward.`, `_l${i}_reverse`, this.hidden, this.isSplit),
    ])
    return Object.assign({}, ...both) as TorchLayout
  }

  /** Whether the bias of the candidate's product with the state is by itself. */
  protected get isSplit(): boolean {
    return false
  }

  protected override details(): string {
    const layers = this.layers.length === 1 ? '' : `, ${this.layers.length} layers`
    return `${this.inputs}, ${this.hidden}${layers}${this.bidirectional ? ', both ways' : ''}`
  }
}
