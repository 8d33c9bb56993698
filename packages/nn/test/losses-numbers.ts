import { Random, type Tensor, tensor } from '@adjoint/autograd'

// What tests of losses are written with.

export const inf = Number.POSITIVE_INFINITY
export const float64 = { dtype: 'float64' } as const
export const none = { reduction: 'none' } as const
export const values = (data: unknown): Tensor => tensor(data as number[], float64)
export const classes = (data: unknown): Tensor => tensor(data as number[], { dtype: 'int32' })
export const draw = (...shape: number[]): Tensor => new Random(5).normal(shape, float64) as Tensor
/** Numbers with -0 as 0. */
export const list = (x: Tensor): number[] => [...x.data].map((n) => n + 0)
export const errorOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}
