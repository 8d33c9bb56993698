import { type Tensor, zeros } from '@adjoint/autograd'

/** What an optimizer keeps of a parameter between steps, by name: leaf tensors, which change by `assign` only. */
export type ParameterState = { readonly [name: string]: Tensor }

/** Zeros of the shape and dtype of a parameter; until they are assigned to, they take one element of memory. */
export const zerosFor = ({ shape, dtype }: Tensor): Tensor => zeros([], { dtype }).broadcastTo(shape) as Tensor

/** A count of steps: none so far. */
export const noSteps = (): Tensor => zeros([], { dtype: 'int32' }) as Tensor
