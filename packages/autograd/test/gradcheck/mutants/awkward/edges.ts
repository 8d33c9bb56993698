import { logit, type Tensor } from '@adjoint/autograd'
import { at, normal, positive } from '../kit.js'
import { awkward } from './awkward.js'

const pass = ['pass'] as const
const edge = ['edge', 'not finite', 'kink'] as const
const digits = ['pass', 'imprecise'] as const
const beside = { proof: 'beside' } as const
const noSecond = { second: false } as const

/** At the edges of what functions are defined on, or near them. */
export const edges = [
  awkward(
    'sqrt at 0',
    edge,
    (x: Tensor) => x.sqrt(),
    () => [at(0, 1)],
    beside,
  ),
  awkward(
    'sqrt at 1e-12',
    pass,
    (x: Tensor) => x.sqrt(),
    () => [at(1e-12, 1)],
  ),
  awkward(
    'log at 0',
    edge,
    (x: Tensor) => x.log(),
    () => [at(0, 1)],
    beside,
  ),
  awkward(
    'log at 1e-8',
    pass,
    (x: Tensor) => x.log(),
    () => [at(1e-8, 0.1)],
  ),
  awkward(
    // its second derivative is beyond the largest number
    'log at 1e-300',
    ['pass', 'not finite'],
    (x: Tensor) => x.log().mul(1e-3),
    () => [at(1e-300)],
    { proof: (x) => 1e-3 / x, second: false },
  ),
  awkward(
    'acos at 1',
    edge,
    (x: Tensor) => x.acos(),
    () => [at(1, 0.5)],
    { proof: 'none' },
  ),
  awkward(
    'asin at 1 - 1e-6',
    digits,
    (x: Tensor) => x.asin(),
    () => [at(1 - 1e-6, -0.2)],
    { proof: { step: 1e-7 }, second: false },
  ),
  awkward(
    'atanh at 0.9999',
    digits,
    (x: Tensor) => x.atanh(),
    () => [at(0.9999)],
    { proof: (x) => 1 / (1 - x * x), second: false },
  ),
  awkward(
    'x^1.5 at 0',
    ['pass', ...edge],
    (x: Tensor) => x.pow(1.5),
    () => [at(0, 1)],
    beside,
  ),
  awkward(
    'x^2 at 0',
    pass,
    (x: Tensor) => x.pow(2),
    () => [at(0, -1)],
  ),
  awkward(
    'x log x at 0',
    edge,
    (x: Tensor) => x.xlogy(x),
    () => [at(0, 0.5)],
    { proof: 'none' },
  ),
  awkward(
    'log1p near -1',
    digits,
    (x: Tensor) => x.log1p(),
    () => [at(-1 + 1e-4)],
    { proof: (x) => 1 / (1 + x), second: false },
  ),
  awkward(
    'logit at 1e-6',
    digits,
    (x: Tensor) => logit(x),
    () => [at(1e-6, 0.4)],
    { proof: (x) => 1 / (x * (1 - x)), second: false },
  ),
  awkward(
    '1 / x near 0',
    pass,
    (x: Tensor) => x.reciprocal(),
    () => [at(1e-5, -1e-7)],
  ),
  awkward(
    'norm of 1e-9',
    pass,
    (x: Tensor) => x.norm(),
    () => [at(1e-9, -2e-9)],
    noSecond,
  ),
]

export const steep = [
  awkward(
    'sin 1000 x',
    pass,
    (x: Tensor) => x.mul(1e3).sin(),
    () => [at(0.3, 1, -2)],
    { proof: (x) => 1e3 * Math.cos(1e3 * x), second: false },
  ),
  awkward(
    'sin 10^5 x',
    digits,
    (x: Tensor) => x.mul(1e5).sin(),
    (seed) => [normal(530 + seed, 3)],
    { proof: (x) => 1e5 * Math.cos(1e5 * x), second: false },
  ),
  awkward(
    'cos 10^4 x / 10^4',
    digits,
    (x: Tensor) => x.mul(1e4).cos().div(1e4),
    (seed) => [normal(540 + seed, 3)],
    { proof: (x) => -Math.sin(1e4 * x), second: false },
  ),
  awkward(
    'x + 0.001 sin 1000 x',
    pass,
    (x: Tensor) => x.mul(1e3).sin().div(1e3).add(x),
    (seed) => [normal(550 + seed, 3)],
    { proof: (x) => 1 + Math.cos(1e3 * x), second: false },
  ),
  awkward(
    'sin(1 / x) at 0.01',
    pass,
    (x: Tensor) => x.reciprocal().sin(),
    () => [at(0.01, 0.2)],
    { proof: (x) => -Math.cos(1 / x) / (x * x), second: false },
  ),
  awkward(
    'exp 40 x',
    pass,
    (x: Tensor) => x.mul(40).exp(),
    () => [at(0.5, -0.5)],
    { proof: (x) => 40 * Math.exp(40 * x), second: false },
  ),
  awkward(
    'tan near pi / 2',
    digits,
    (x: Tensor) => x.tan(),
    () => [at(1.57, 1.5)],
    { proof: (x) => 1 + Math.tan(x) ** 2, second: false },
  ),
  awkward(
    'x^20',
    pass,
    (x: Tensor) => x.pow(20),
    () => [at(1.5, -0.3)],
    { proof: (x) => 20 * x ** 19, second: false },
  ),
]

const wide = (base: number) => (seed: number) => [normal(base + seed, 4).mul(10)]
const s = (x: number) => 1 / (1 + Math.exp(-x))
const slope = (x: number) => Math.exp(-Math.abs(x)) / (1 + Math.exp(-Math.abs(x))) ** 2

/** Far out, where little changes: inputs are N(0, 10). */
export const saturated = [
  awkward('softmax of N(0, 10)', digits, (x: Tensor) => x.softmax(), wide(600), noSecond),
  awkward('logSoftmax of N(0, 10)', digits, (x: Tensor) => x.logSoftmax(), wide(630), noSecond),
  awkward('logSumExp of N(0, 10)', digits, (x: Tensor) => x.logSumExp(), wide(660), noSecond),
  awkward('sigmoid of N(0, 10)', digits, (x: Tensor) => x.sigmoid(), wide(690), { proof: slope, second: false }),
  awkward(
    'sigmoid at 17',
    digits,
    (x: Tensor) => x.sigmoid(),
    () => [at(17, -17)],
    { proof: slope, second: false },
  ),
  awkward('tanh of N(0, 10)', digits, (x: Tensor) => x.tanh(), wide(720), {
    proof: (x) => 4 * slope(2 * x),
    second: false,
  }),
  awkward('logSigmoid of N(0, 10)', digits, (x: Tensor) => x.logSigmoid(), wide(750), {
    proof: (x) => s(-x),
    second: false,
  }),
  awkward('softplus of N(0, 10)', digits, (x: Tensor) => x.softplus(), wide(780), { proof: s, second: false }),
  awkward('gelu of N(0, 10)', digits, (x: Tensor) => x.gelu(), wide(810), noSecond),
  awkward(
    'erf at 5',
    digits,
    (x: Tensor) => x.erf(),
    () => [at(5, -0.3)],
    { proof: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x), second: false },
  ),
  awkward(
    'confident cross entropy',
    digits,
    (x: Tensor) =>
      x
        .logSoftmax(1)
        .mul(at(1, 0, 0))
        .sum()
        .neg(),
    () => [at(30, -5, 2).reshape([1, 3])],
    noSecond,
  ),
  awkward(
    'attention over logits of N(0, 10)',
    digits,
    (q: Tensor, k: Tensor) => q.matmul(k.transpose()).softmax(1).matmul(k),
    (seed) => [normal(840 + seed, 2, 3).mul(3), normal(870 + seed, 3, 3).mul(3)],
    noSecond,
  ),
  awkward(
    'binary cross entropy of probabilities',
    digits,
    (x: Tensor) => {
      const p = x.sigmoid()
      return p.log().mul(0.3).add(p.neg().add(1).log().mul(0.7)).neg()
    },
    (seed) => [normal(900 + seed, 3).mul(2)],
    noSecond,
  ),
  awkward(
    'all gradients are 0',
    pass,
    (x: Tensor) => x.mul(0),
    (seed) => [normal(930 + seed, 3)],
  ),
  awkward(
    'a constant',
    pass,
    (x: Tensor) => x.sub(x),
    (seed) => [positive(960 + seed, 3)],
  ),
]
