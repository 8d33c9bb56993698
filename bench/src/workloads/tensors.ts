import { type Tensor, tensor } from '@adjoint/autograd'
import type { Weights } from './numbers.js'

/** The tensor that a workload's data describe. */
export const weights = ({ values, shape }: Weights): Tensor => tensor(values).reshape(shape)
