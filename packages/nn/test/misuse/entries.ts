import { Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import type { Subject } from '../../../autograd/test/misuse/walk.js'
import * as nn from '../../src/index.js'

/** How a class or function is called rightly. */
export type Entry = Omit<Subject, 'call'>

export const weights = () => zeros([2, 3])
export const labels = () => tensor([0, 1], { dtype: 'int32' })
export const weighing = { reduction: 'sum', weights: tensor([1, 2, 3]), axis: -1, ignoreIndex: -100 }
export const signs = () => zeros([2, 3]).add(1) as Tensor
export const probabilities = () => tensor([0.2, 0.4])
export const model = () => new nn.Linear(3, 1, { random: new Random(1) })
export const data = () => [{ x: weights(), y: zeros([2, 1]) }]
export const creation = () => ({ random: new Random(1), dtype: 'float64' })
export const none: Entry = { args: () => [] }
export const entriesOf = (names: readonly string[], entry: Entry) =>
  Object.fromEntries(names.map((name) => [name, entry]))
export const pair = (left: () => Tensor, right: () => Tensor, ...options: object[]): Entry => ({
  args: () => [left(), right(), ...options],
})

export const weighted = (make: () => Tensor, reduction: string): Entry => ({
  ...pair(make, make, { reduction, weight: make(), positiveWeight: 2 }),
  options: { weight: 'number', positiveWeight: 'tensor' },
})
