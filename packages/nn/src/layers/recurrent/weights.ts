import {
  type CreateOptions,
  concat,
  defaultDType,
  full,
  random as globalRandom,
  kinds,
  parameter,
  type Random,
  type Tensor,
  zeros,
} from '@adjoint/autograd'
import { OptionError, requireOption, StateDictError } from '../../errors.js'
import { rememberFirstValues } from '../../init/first-values.js'
import { type Initializer, uniform } from '../../init.js'
import * as kind from '../../kinds.js'
import { type TorchLayout, transposed } from '../../state/torch.js'
import { initial } from '../initial.js'

/** How the weights of a recurrent cell begin. */
export interface RecurrentCellOptions extends CreateOptions {
  /** Whether to add a bias. Default true. */
  readonly bias?: boolean
  /** The first weights of inputs, drawn for each gate by itself: [inputs, hidden]. Default U(-1/sqrt(hidden), 1/sqrt(hidden)). */
  readonly init?: Initializer
  /**
   * The first weights of the state before, drawn for each gate by itself: [hidden, hidden]. The same default;
   * `init.orthogonal()` keeps states from growing and vanishing at first.
   */
  readonly recurrentInit?: Initializer
  /** Default the global `random`. */
  readonly random?: Random
}

/** What every recurrent cell has. The columns of its gates stand side by side. */
export interface RecurrentWeights {
  /** [inputs, gates * hidden]: the transpose of PyTorch's weight_ih. */
  readonly inputWeight: Tensor
  /** [hidden, gates * hidden]: the transpose of PyTorch's weight_hh. */
  readonly recurrentWeight: Tensor
  /** [gates * hidden]; null where the layer was made without one. */
  readonly bias: Tensor | null
}

/** The weights of an LSTM. */
export interface LSTMWeights extends RecurrentWeights {
  /** [hidden, projection]: the transpose of PyTorch's weight_hr; null where states are not projected. */
  readonly projectionWeight: Tensor | null
}

/** The weights of a GRU. */
export interface GRUWeights extends RecurrentWeights {
  /** [hidden]: of the candidate's product with the state; null without bias, and with `resetAfter: false`. */
  readonly candidateBias: Tensor | null
}

export const cellOptions = {
  bias: kinds.boolean,
  init: kind.initializer,
  recurrentInit: kind.initializer,
  ...kind.creation,
}

/** What weights of one cell are made of. */
export interface WeightSizes {
  readonly inputs: number
  readonly gates: number
  /** The length of the state that a round takes. Default hidden. */
  readonly recurrent?: number
}

/** Makes the parameters of cells: all of one set of options. */
export interface WeightMaker {
  /** @param biasOf what the bias of a gate starts as; undefined for what it does by default */
  weights(sizes: WeightSizes, biasOf?: (gate: number) => number | undefined): RecurrentWeights
  /** A bias of one gate. */
  vector(): Tensor
  /** What `projectionWeight` starts as. */
  projection(size: number): Tensor
}

export const weightMaker = (owner: string, hidden: number, options: RecurrentCellOptions): WeightMaker => {
  const bound = 1 / Math.sqrt(hidden)
  const evenly = uniform(-bound, bound)
  const { init = evenly, recurrentInit = evenly, bias = true } = options
  const { dtype = defaultDType(), random = globalRandom } = options
  const vector = () => parameter(evenly([hidden], { random, dtype })) as Tensor
  const matrix = (of: string, make: Initializer, rows: number, columns: number): Tensor =>
    initial(of, make, [rows, columns], { fanIn: rows, fanOut: columns, random, dtype })
  return {
    weights: ({ inputs, gates, recurrent = hidden }, biasOf = () => undefined) => {
      const joinedValues = (axis: number, part: (gate: number) => Tensor): Tensor =>
        concat(Array.from({ length: gates }, (_, gate) => part(gate).detach()) as never, axis) as Tensor
      const joined = (axis: number, part: (gate: number) => Tensor): Tensor =>
        parameter(joinedValues(axis, part)) as Tensor
      /** Drawn gate by gate, also when it is drawn again. */
      const joinedMatrices = (of: string, make: Initializer, rows: number): Tensor => {
        const first = joined(1, () => matrix(of, make, rows, hidden))
        rememberFirstValues(first, (init, options) =>
          joinedValues(1, () => init([rows, hidden], { fanIn: rows, fanOut: hidden, ...options }) as unknown as Tensor),
        )
        return first
      }
      const biasPart = (gate: number): Tensor => {
        const given = biasOf(gate)
        return given === undefined ? vector() : (full([hidden], given, { dtype }) as Tensor)
      }
      return {
        inputWeight: joinedMatrices(owner, init, inputs),
        recurrentWeight: joinedMatrices(`${owner}: recurrentInit`, recurrentInit, recurrent),
        bias: bias ? joined(0, biasPart) : null,
      }
    },
    vector,
    projection: (size) => matrix(owner, evenly, hidden, size),
  }
}

/** The sum of both biases that PyTorch has: what a step adds. */
const sum = (a: Tensor, b: Tensor): Tensor => a.add(b) as Tensor

/**
 * How PyTorch has the weights of one direction of one layer.
 *
 * @param path where ours are: 'layers.0.forward.', or '' of a cell
 * @param suffix what its names end in: '_l0_reverse', or '' of a cell
 * @param hidden the size of a gate
 * @param isSplit whether the bias of the last gate's product with the state is by itself: a GRU
 */
export const torchWeights = (path: string, suffix: string, hidden: number, isSplit: boolean): TorchLayout => ({
  [`${path}inputWeight`]: transposed(`weight_ih${suffix}`),
  [`${path}recurrentWeight`]: transposed(`weight_hh${suffix}`),
  [`${path}projectionWeight`]: transposed(`weight_hr${suffix}`),
  [`${path}bias`]: {
    from: [`bias_ih${suffix}`, `bias_hh${suffix}`],
    make: (input, state) => {
      if (!isSplit) return sum(input, state)
      const others = concat([state.slice(0, 0, 2 * hidden), zeros([hidden], { dtype: state.dtype })] as never, 0)
      return sum(input, others as unknown as Tensor)
    },
  },
  ...(isSplit && {
    [`${path}candidateBias`]: {
      from: [`bias_hh${suffix}`],
      make: (state: Tensor) => state.slice(0, 2 * hidden, 3 * hidden),
    },
  }),
})

/** Throws for a GRU that PyTorch does not have. */
export const requireResetAfter = (layer: object, resetAfter: boolean): void => {
  if (resetAfter) return
  throw new StateDictError(
    `loadStateDict: ${layer} resets before the product with the state, and PyTorch's GRU after it: with its weights this one would ` +
      'compute something else; make it without resetAfter: false.',
  )
}

/** Throws unless what the bias of a forget gate is to start as is a number, and there is a bias. */
export const requireForgetBias = (owner: string, value: number | undefined, bias: boolean): void => {
  if (value === undefined) return
  requireOption(owner, 'forgetBias', value, Number.isFinite(value), 'a finite number')
  if (bias) return
  throw new OptionError(
    `${owner}: forgetBias is ${value} where there is no bias; leave out one of forgetBias and bias: false.`,
  )
}

/** Makes the weights of a GRU. @param hasBias of the candidate's product with the state */
export const gruWeights = (maker: WeightMaker, inputs: number, hasBias: boolean): GRUWeights => ({
  ...maker.weights({ inputs, gates: 3 }),
  candidateBias: hasBias ? maker.vector() : null,
})

/** Makes the weights of an LSTM. @param projection undefined where states are not projected */
export const lstmWeights = (
  maker: WeightMaker,
  inputs: number,
  projection: number | undefined,
  forgetBias: number | undefined,
): LSTMWeights => ({
  ...maker.weights({ inputs, gates: 4, ...(projection !== undefined && { recurrent: projection }) }, (gate) =>
    gate === 1 ? forgetBias : undefined,
  ),
  projectionWeight: projection === undefined ? null : maker.projection(projection),
})
