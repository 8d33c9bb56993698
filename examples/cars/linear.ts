import { concat, linearSolve, noGrad, ones, type Tensor, tensor } from '@adjoint/autograd'
import { type Car, origins } from './data.js'

const float64 = { dtype: 'float64' } as const

/** What makes of one car another number, and back. */
interface Scale {
  readonly of: (x: number) => number
  readonly back: (y: number) => number
}
export const plain: Scale = { of: (x) => x, back: (y) => y }
/** Where what belongs together is multiplied, and not added: a car of twice the weight needs twice as much. */
export const logarithmic: Scale = { of: Math.log, back: Math.exp }

/** Least squares, by the normal equations: what a straight line says of cars that it was not fitted to. */
export const linearEstimates = (train: readonly Car[], others: readonly Car[], scale: Scale): number[] =>
  noGrad(() => {
    const columns = (cars: readonly Car[]) =>
      tensor(
        cars.map(({ numbers, origin }) => [
          ...numbers.map(scale.of),
          ...origins.slice(1).map((name) => (name === origin ? 1 : 0)),
        ]),
        float64,
      ) as Tensor
    const known = columns(train)
    const mean = known.mean(0)
    const deviation = known.sub(mean).square().mean(0).sqrt()
    const design = (cars: readonly Car[]) =>
      concat([columns(cars).sub(mean).div(deviation), ones([cars.length, 1], float64)], 1) as Tensor
    const x = design(train)
    const y = tensor(
      train.map(({ milesPerGallon }) => scale.of(milesPerGallon)),
      float64,
    )
    const transposed = x.transpose()
    const weights = linearSolve(
      (v: Tensor) => transposed.matmul(x.matmul(v)) as Tensor,
      transposed.matmul(y) as Tensor,
      {
        symmetric: true,
        tolerance: 1e-10,
      },
    )
    return Array.from(design(others).matmul(weights).data, scale.back)
  })
