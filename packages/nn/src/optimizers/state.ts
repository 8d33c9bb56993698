import { full, type Tensor, zeros } from '@adjoint/autograd'

/** What an optimizer keeps of a parameter between steps, by name: leaf tensors, which change by `assign` only. */
export type ParameterState = { readonly [name: string]: Tensor }

/** Zeros of the shape and dtype of a parameter; until they are assigned to, they take one element of memory. */
export const zerosFor = ({ shape, dtype }: Tensor): Tensor => zeros([], { dtype }).broadcastTo(shape) as Tensor

/** As `zerosFor`, of another number. */
export const filledFor =
  (value: number) =>
  ({ shape, dtype }: Tensor): Tensor =>
    full([], value, { dtype: dtype as 'float64' }).broadcastTo(shape) as Tensor

const scalars = new WeakSet<Tensor>()

/** A number of a parameter, such as how many steps it has taken: float64, whatever the parameter is. */
export const numberFor = (value: number) => (): Tensor => {
  const tensor = full([], value, { dtype: 'float64' }) as Tensor
  scalars.add(tensor)
  return tensor
}

/** Whether a tensor of the state is what `numberFor` made. */
export const isScalar = (tensor: Tensor): boolean => scalars.has(tensor)

/** One more: what `steps` becomes at a step. */
export const oneMore = <T>(m: { add(a: T | number, b: T | number): T }, { steps }: { readonly steps: T | number }): T =>
  m.add(steps, 1)
