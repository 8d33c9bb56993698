import { concat, type Tensor, tensor } from '@adjoint/autograd'
import { at, normal, positive } from '../kit.js'
import { awkward } from './awkward.js'

const pass = ['pass'] as const
const digits = ['pass', 'imprecise'] as const
const noSecond = { second: false } as const

/** Where digits are lost on the way. */
export const cancelling = [
  awkward(
    '(x + 1e8) - 1e8',
    digits,
    (x: Tensor) => x.add(1e8).sub(1e8),
    (seed) => [normal(1000 + seed, 3)],
    { proof: () => 1, second: false },
  ),
  awkward(
    '(x + 1e15) - 1e15',
    ['imprecise', 'discontinuity', 'kink'],
    (x: Tensor) => x.add(1e15).sub(1e15),
    () => [at(0.3)],
    { proof: () => 1, second: false },
  ),
  awkward(
    'sin x + 1e10',
    digits,
    (x: Tensor) => x.sin().add(1e10),
    (seed) => [normal(1030 + seed, 3)],
    { proof: Math.cos, second: false },
  ),
  awkward(
    '(e^x - 1) / x at 1e-3',
    digits,
    (x: Tensor) => x.exp().sub(1).div(x),
    () => [at(1e-3, 0.5)],
    noSecond,
  ),
  awkward(
    '(1 - cos x) / x^2 at 1e-3',
    digits,
    (x: Tensor) => x.cos().neg().add(1).div(x.square()),
    () => [at(1e-3, 1)],
    noSecond,
  ),
  awkward(
    'variance of numbers near 1e6',
    digits,
    (x: Tensor) => x.square().mean().sub(x.mean().square()),
    (seed) => [normal(1060 + seed, 4).add(1e6)],
    { proof: 'none', second: false },
  ),
  awkward(
    'sqrt(x^2 + 1) - x at 1e4',
    digits,
    (x: Tensor) => x.square().add(1).sqrt().sub(x),
    () => [at(1e4)],
    { proof: 'none', second: false },
  ),
  awkward(
    'a difference of logSumExps',
    digits,
    (x: Tensor) => x.add(100).logSumExp().sub(x.logSumExp()),
    (seed) => [normal(1090 + seed, 3)],
    { proof: () => 0, second: false },
  ),
]

export const scaling = [
  awkward(
    'outputs of 1e8 and 1e-8',
    pass,
    (x: Tensor) => concat([x.sin().mul(1e8) as Tensor, x.cos().mul(1e-8) as Tensor]),
    (seed) => [normal(1120 + seed, 2)],
  ),
  awkward(
    'inputs of 1e-6 and 1e6',
    pass,
    (a: Tensor, b: Tensor) => a.mul(1e6).sin().add(b.mul(1e-6).cos()),
    () => [at(4e-7), at(4e5)],
    noSecond,
  ),
  awkward(
    'a sum of 1e12 and sin x',
    digits,
    (x: Tensor) => concat([x.mul(1e12) as Tensor, x.sin() as Tensor]).sum(),
    () => [at(0.5)],
    noSecond,
  ),
  awkward(
    'sqrt at 1e200',
    pass,
    (x: Tensor) => x.sqrt(),
    () => [at(1e200, 4e200)],
    noSecond,
  ),
  awkward(
    'log at 1e200',
    pass,
    (x: Tensor) => x.log(),
    () => [at(1e200)],
    noSecond,
  ),
  awkward(
    'square at 1e150',
    pass,
    (x: Tensor) => x.square(),
    () => [at(1e150)],
    noSecond,
  ),
  awkward(
    'square at 1e-100',
    pass,
    (x: Tensor) => x.square(),
    () => [at(1e-100, -2e-100)],
    noSecond,
  ),
  awkward(
    'reciprocal at 1e-150',
    ['pass', 'not finite'],
    (x: Tensor) => x.reciprocal(),
    () => [at(1e-150)],
    noSecond,
  ),
  awkward(
    'a ratio of two of 1e-200',
    ['pass', 'not finite'],
    (a: Tensor, b: Tensor) => a.div(b),
    () => [at(1e-200), at(3e-200)],
    { proof: 'none', second: false },
  ),
  awkward(
    'identity at 1e300',
    pass,
    (x: Tensor) => x.mul(1),
    () => [at(1e300, -1e-300)],
    noSecond,
  ),
  awkward(
    'x 1e-300',
    pass,
    (x: Tensor) => x.mul(1e-300),
    () => [at(0.4, 2)],
    noSecond,
  ),
  awkward(
    'exp at 700',
    pass,
    (x: Tensor) => x.exp(),
    () => [at(700)],
    { proof: Math.exp, second: false },
  ),
  awkward(
    'exp at -700',
    pass,
    (x: Tensor) => x.exp(),
    () => [at(-700)],
    { proof: Math.exp, second: false },
  ),
  awkward(
    'product of 60 numbers',
    pass,
    (x: Tensor) => x.prod(),
    (seed) => [positive(1150 + seed, 60)],
    noSecond,
  ),
]

const f32 = (...x: number[]): Tensor => tensor(x, { dtype: 'float32' }) as Tensor
export const narrow = [
  awkward(
    'float32 inputs',
    pass,
    (x: Tensor) => x.tanh(),
    () => [f32(0.3, -1.2)],
  ),
  awkward(
    'float32 beside float64',
    pass,
    (a: Tensor, b: Tensor) => a.mul(b).sin(),
    () => [f32(0.3, -1.2), at(0.7, 2)],
  ),
  awkward(
    'float32 inside',
    ['imprecise'],
    (x: Tensor) => x.cast('float32').sin().cast('float64'),
    () => [at(0.3, 3)],
    { proof: 'none' },
  ),
]
