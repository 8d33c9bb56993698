import type { Random } from '@adjoint/autograd'
import {
  BatchNorm1d,
  type Initializer,
  type Layer,
  LayerNorm,
  Linear,
  type Module,
  ReLU,
  Residual,
  Sequential,
  Sigmoid,
  Tanh,
} from '@adjoint/nn'
import { pixels } from '../data/mnist.js'

const width = 32
const float64 = { dtype: 'float64' } as const

const curves = { sigmoid: Sigmoid, tanh: Tanh, relu: ReLU }

/** What a deep network is made of. */
export interface Recipe {
  readonly depth: number
  readonly curve: keyof typeof curves
  readonly init: Initializer
  /** What stands between a layer and its curve. */
  readonly norm?: 'layer' | 'batch'
  /** Whether what goes into a layer is added to what comes out. */
  readonly residual?: boolean
}

/** From 784 pixels through so many hidden layers to ten scores. */
export const createModel = ({ depth, curve, init, norm, residual = false }: Recipe, random: Random) => {
  const hidden = (inputs: number): Module[] => {
    const linear = new Linear(inputs, width, { init, random, ...float64 })
    const normed =
      norm === undefined ? [] : [norm === 'layer' ? new LayerNorm(width, float64) : new BatchNorm1d(width, float64)]
    return [linear, ...normed, new curves[curve]()]
  }
  const first = hidden(pixels)
  const others = Array.from({ length: depth - 1 }, () => {
    const block = hidden(width)
    return residual ? [new Residual(new Sequential(...(block as [Layer])))] : block
  })
  const last = new Linear(width, 10, { random, ...float64 })
  return new Sequential(...([...first, ...others.flat(), last] as unknown as [Linear<784, 10>]))
}
