import { concat, type Tensor } from '@adjoint/autograd'
import { altered, by, type F, fault, normal, rows, scaled } from '../kit.js'

// complex numbers as pairs of reals: [n, 2]
const part = (z: Tensor, i: 0 | 1): Tensor => z.slice(1, i, i + 1) as Tensor
const pairs = (re: Tensor, im: Tensor): Tensor => concat([re, im], 1) as Tensor
const conjugate = (z: Tensor): Tensor => z.mul(rows([1, -1])) as Tensor
const product = (a: Tensor, b: Tensor): Tensor =>
  pairs(
    part(a, 0)
      .mul(part(b, 0))
      .sub(part(a, 1).mul(part(b, 1))) as Tensor,
    part(a, 0)
      .mul(part(b, 1))
      .add(part(a, 1).mul(part(b, 0))) as Tensor,
  )
const square = (z: Tensor) => product(z, z)
const reciprocal = (z: Tensor) => conjugate(z).div(z.square().sum(1, { keepDims: true })) as Tensor
const exponential = (z: Tensor) =>
  pairs(part(z, 1).cos() as Tensor, part(z, 1).sin() as Tensor).mul(part(z, 0).exp()) as Tensor
const z = (seed: number) => normal(seed, 2, 2)

const wrongly = (name: string, f: F, derivative: (z: Tensor, y: Tensor) => Tensor) => () => ({
  f: altered(name, f, (_right, [z], g, y) => [product(g, derivative(z!, y))]),
  inputs: [z(3)],
})
const other = { also: ['sign', 'transposed'] } as const
const imaginary = { '[0]': (_: number, i: number) => i === 1 }

export const conjugates = [
  fault(
    'complex product: the other factor is not conjugated',
    'conjugate',
    by(0),
    () => ({
      f: altered('product', product, ([, db], [, b], g) => [product(g, b!), db!]),
      inputs: [z(1), z(2)],
    }),
    other,
  ),
  fault(
    'complex square: 2 z',
    'conjugate',
    by(0),
    wrongly('square', square, (z) => z.mul(2) as Tensor),
    other,
  ),
  fault(
    'complex reciprocal: -1 / z^2',
    'conjugate',
    by(0),
    wrongly('reciprocal', reciprocal, (_z, y) => square(y).neg() as Tensor),
    other,
  ),
  fault(
    'complex exponential: e^z',
    'conjugate',
    by(0),
    wrongly('exponential', exponential, (_z, y) => y),
    other,
  ),
  fault(
    'complex product with a constant: sign of the imaginary part',
    'conjugate',
    imaginary,
    () => ({
      f: scaled('product', (x: Tensor) => product(x, rows([0.5, 1.5])), -1, 0, imaginary['[0]']),
      inputs: [normal(4, 1, 2)],
    }),
    { also: ['sign', 'only some'] },
  ),
  fault(
    'squared modulus: the derivative is conjugated',
    'conjugate',
    imaginary,
    () => ({
      f: scaled('modulus', (x: Tensor) => x.square().sum(1), -1, 0, imaginary['[0]']),
      inputs: [z(5)],
    }),
    { also: ['sign', 'only some'] },
  ),
]
