import { maximum, maxPool1d, median, sort, type Tensor, where } from '@adjoint/autograd'
import { at, normal } from '../kit.js'
import { awkward } from './awkward.js'

// at order 2 it is a jump of the gradient
const kink = ['kink', 'discontinuity'] as const
const pass = ['pass'] as const
const near = ['pass', 'kink', 'discontinuity', 'imprecise'] as const
const beside = { proof: 'beside' } as const
const relu = (x: Tensor) => x.relu()

export const kinks = [
  awkward('relu at 0', kink, relu, () => [at(-1, 0, 2)], beside),
  awkward('relu 1e-2 from 0', pass, relu, () => [at(0.01, -0.01, 1)], { second: false }),
  awkward('relu 1e-6 from 0', near, relu, () => [at(1e-6, -1e-6)]),
  awkward('relu 1e-12 from 0, beside 5', near, relu, () => [at(1e-12, 5)]),
  awkward('relu of N(0, 1)', near, relu, (seed) => [normal(500 + seed, 12)]),
  awkward(
    'abs at 0',
    kink,
    (x: Tensor) => x.abs(),
    () => [at(0, 3)],
    beside,
  ),
  awkward(
    'abs 1e-8 from 0',
    near,
    (x: Tensor) => x.abs(),
    () => [at(1e-8, -1e-8)],
  ),
  awkward(
    'maximum of a tie',
    kink,
    (a: Tensor, b: Tensor) => maximum(a, b),
    () => [at(1, 2), at(1, 0)],
    { proof: 'none' },
  ),
  awkward(
    'max with ties',
    kink,
    (x: Tensor) => x.max(),
    () => [at(2, 1, 2)],
    { proof: 'none' },
  ),
  awkward(
    'max of two 1e-7 apart',
    near,
    (x: Tensor) => x.max(),
    () => [at(2, 1, 2 + 1e-7)],
    { proof: { step: 2e-8 } },
  ),
  awkward(
    'sort of nearly equal numbers',
    near,
    (x: Tensor) => sort(x),
    () => [at(1, 1 + 1e-7, 0.5)],
    { proof: { step: 2e-8 } },
  ),
  awkward(
    'median of seven',
    pass,
    (x: Tensor) => median(x),
    (seed) => [normal(510 + seed, 7)],
    { second: false },
  ),
  awkward(
    'max pooling of N(0, 1)',
    near,
    (x: Tensor) => maxPool1d(x, 2),
    (seed) => [normal(520 + seed, 1, 1, 8)],
  ),
  awkward(
    'clamp at a bound',
    kink,
    (x: Tensor) => x.clamp(-1, 1),
    () => [at(1, 0.2)],
    beside,
  ),
  awkward(
    'x |x| at 0',
    kink,
    (x: Tensor) => x.mul(x.abs()),
    () => [at(0, 1)],
    { proof: (x) => 2 * Math.abs(x) },
  ),
  awkward(
    'leaky relu on both sides of 0',
    kink,
    (x: Tensor) => x.leakyRelu(),
    () => [at(-0.5, 0, 0.5)],
    beside,
  ),
  awkward(
    'norm at 0',
    kink,
    (x: Tensor) => x.norm(),
    () => [at(0, 0)],
    beside,
  ),
  awkward(
    'huber at its seam',
    ['pass', 'kink', 'discontinuity'],
    (x: Tensor) => where(x.abs().less(1), x.square().div(2), x.abs().sub(0.5)),
    () => [at(1, -1, 0.3)],
    { proof: (x) => Math.max(-1, Math.min(1, x)), second: false },
  ),
]

const jump = ['discontinuity'] as const
export const steps = [
  awkward(
    'round between its steps',
    pass,
    (x: Tensor) => x.round(),
    () => [at(0.3, -1.2, 7.4)],
  ),
  awkward(
    'floor at an integer',
    jump,
    (x: Tensor) => x.floor(),
    () => [at(1, 1.5)],
    beside,
  ),
  awkward(
    'floor 1e-5 from an integer',
    ['pass', 'discontinuity'],
    (x: Tensor) => x.floor(),
    () => [at(1 + 1e-5, 2 - 1e-5)],
  ),
  awkward(
    'sign away from 0',
    pass,
    (x: Tensor) => x.sign(),
    () => [at(2, -3)],
  ),
  awkward(
    'a step added at 0',
    jump,
    (x: Tensor) => where(x.less(0), x, x.add(0.5)),
    () => [at(0, 1)],
    { proof: 'none' },
  ),
  awkward(
    'x - floor(x)',
    pass,
    (x: Tensor) => x.sub(x.floor()).square(),
    () => [at(0.4, 3.6, -1.3)],
  ),
  awkward(
    'argmax weights',
    pass,
    (x: Tensor) => x.mul(x.argmax()).sum(),
    () => [at(0.2, 1.4, -0.3)],
  ),
]
