import { HardSigmoid, HardTanh, ReLU, ReLU6, Sigmoid, Softsign, Tanh } from '../layers/activations.js'
import { RNN } from '../layers/recurrent/rnn.js'
import { RNNCell } from '../layers/recurrent/rnn-cell.js'

/** What there is to tell of the outputs of a module, by the curve that they have gone through. */
export interface Curve {
  /** Whether a curve with bounds is flat at an element: its slope is below a tenth of the steepest. */
  readonly isFlat?: (output: number, input: number) => boolean
  /** Whether an output of 0 has a slope of 0. */
  readonly dies?: true
}

const tanh: Curve = { isFlat: (y) => 1 - y * y < 0.1 }
const relu: Curve = { dies: true }

// HardTanh shows what it is given where it is within bounds
const curves: readonly (readonly [abstract new (...args: never[]) => object, Curve])[] = [
  [Sigmoid, { isFlat: (y) => 4 * y * (1 - y) < 0.1 }],
  [Tanh, tanh],
  [Softsign, { isFlat: (y) => (1 - Math.abs(y)) * (1 - Math.abs(y)) < 0.1 }],
  [HardSigmoid, { isFlat: (y) => y === 0 || y === 1 }],
  [HardTanh, { isFlat: (y, x) => y !== x }],
  [ReLU, relu],
  [ReLU6, relu],
]

/** That of a module; null where it has none of which anything is told. */
export const curveOf = (module: object): Curve | null => {
  if (module instanceof RNN || module instanceof RNNCell) return module.activation === 'tanh' ? tanh : relu
  return curves.find(([kind]) => module instanceof kind)?.[1] ?? null
}
