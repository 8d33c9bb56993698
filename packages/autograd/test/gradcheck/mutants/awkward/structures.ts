import {
  checkpoint,
  cond,
  customOp,
  einsum,
  fori,
  implicit,
  indexAdd,
  Random,
  scan,
  type Tensor,
  tensor,
  vmap,
  whileLoop,
  zeros,
} from '@adjoint/autograd'
import { at, type F, ints, normal, op, positive, pull, push, scalar } from '../kit.js'
import { awkward } from './awkward.js'

const pass = ['pass'] as const
const f64 = { dtype: 'float64' } as const
const noSecond = { second: false } as const
const elements =
  (f: (x: number) => number) =>
  (x: Tensor): Tensor =>
    tensor(Float64Array.from(x.data, f), f64).reshape(x.shape) as Tensor
const empty = (): Tensor => zeros([0, 3], f64) as unknown as Tensor

export const structures = [
  awkward(
    'integers beside floats',
    pass,
    (x: Tensor, i: Tensor) => x.indexSelect(i).square(),
    () => [at(0.3, 2, -1), ints(2, 0, 2)],
  ),
  awkward(
    'an integer count in the result',
    pass,
    (x: Tensor) => ({ y: x.exp(), n: x.greater(0).sum() }),
    () => [at(0.3, 2, -1)],
  ),
  awkward(
    'one hot of labels',
    pass,
    (x: Tensor, labels: Tensor) => x.logSoftmax(1).mul(labels.oneHot(3)).sum().neg(),
    (seed) => [normal(1200 + seed, 2, 3), ints(2, 0)],
  ),
  awkward(
    'an empty tensor',
    pass,
    (x: Tensor) => x.exp(),
    () => [empty()],
    { proof: 'none' },
  ),
  awkward(
    'an empty tensor beside others',
    pass,
    (x: Tensor, y: Tensor) => x.sum().add(y.square()),
    () => [empty(), at(1, 2)],
  ),
  awkward(
    'an input that is not used',
    pass,
    (x: Tensor, _y: Tensor) => x.exp(),
    () => [at(0.3), at(1, 2)],
  ),
  awkward(
    'a tree of inputs and outputs',
    pass,
    ({ a, b: [c] }: { a: Tensor; b: [Tensor] }) => [a.mul(c), { d: a.sin() }],
    () => [{ a: at(0.3, 2), b: [at(1, -1)] }],
  ),
  awkward(
    'a scalar',
    pass,
    (x: Tensor) => x.sin(),
    () => [scalar(0.7)],
  ),
  awkward(
    '60 tanhs in a row',
    pass,
    (x: Tensor) => Array.from({ length: 60 }).reduce<Tensor>((y) => y.mul(1.1).tanh() as Tensor, x),
    (seed) => [normal(1230 + seed, 3)],
    noSecond,
  ),
  awkward(
    'x -> 3.9 x (1 - x), 12 times',
    ['pass', 'imprecise'],
    (x: Tensor) => Array.from({ length: 12 }).reduce<Tensor>((y) => y.mul(y.neg().add(1)).mul(3.9) as Tensor, x),
    () => [at(0.3, 0.61)],
    { proof: { step: 1e-5 }, second: false },
  ),
  awkward(
    'dropout with a seed inside',
    pass,
    (x: Tensor) => x.mul(new Random(7).bernoulli(x.shape, f64 as never)),
    (seed) => [normal(1260 + seed, 6)],
  ),
  awkward(
    'noise with a seed inside',
    pass,
    (x: Tensor) => x.add(new Random(7).normal(x.shape, f64)).square(),
    (seed) => [normal(1290 + seed, 6)],
  ),
  awkward(
    '100 elements, 10,000 slopes',
    pass,
    (x: Tensor) => x.sin().mul(x.sum()),
    (seed) => [normal(1320 + seed, 100).mul(0.1)],
    noSecond,
  ),
  awkward(
    'a product of 30 x 30',
    pass,
    (a: Tensor, b: Tensor) => a.matmul(b),
    (seed) => [normal(1350 + seed, 30, 30), normal(1380 + seed, 30, 30)],
    noSecond,
  ),
  awkward(
    'a loss of 5,000',
    pass,
    (x: Tensor) => x.square().sum().log(),
    (seed) => [normal(1410 + seed, 5000)],
    noSecond,
  ),
  awkward(
    'einsum of three',
    pass,
    (a: Tensor, b: Tensor, c: Tensor) => einsum('ij,jk,kl->il', a, b, c),
    (seed) => [normal(1440 + seed, 2, 3), normal(1441 + seed, 3, 2), normal(1442 + seed, 2, 2)],
  ),
]

const exp: F = (x: Tensor) => x.exp()
const mul: F = (a: Tensor, b: Tensor) => a.mul(b)
export const rules = [
  awkward('a vjp alone', pass, op('exp', exp, { vjp: (g, _x, y) => [g.mul(y)] }), () => [at(0.3, -1)]),
  awkward('a jvp alone', pass, op('exp', exp, { jvp: ([t], _x, y) => t!.mul(y) }), () => [at(0.3, -1)]),
  awkward(
    'both rules',
    pass,
    op('mul', mul, { vjp: (g, x) => pull(mul, x, g), jvp: (t, x) => push(mul, x, t) }),
    () => [at(0.3, -1), at(2, 0.5)],
  ),
  awkward(
    'a vjp that looks at elements',
    pass,
    op('exp', exp, { vjp: (g, [x]) => [g.mul(elements(Math.exp)(x!))] }),
    () => [at(0.3, -1)],
    noSecond,
  ),
  awkward(
    'a jvp that looks at elements',
    pass,
    op('exp', exp, { jvp: ([t], [x]) => t!.mul(elements(Math.exp)(x!)) }),
    () => [at(0.3, -1)],
    { proof: Math.exp, second: false },
  ),
  awkward(
    'a forward that looks at elements',
    pass,
    op('sin', elements(Math.sin), { vjp: (g, [x]) => [g.mul(x!.cos())] }),
    () => [at(0.3, -1)],
  ),
  awkward(
    'residuals',
    pass,
    customOp({
      name: 'softplus',
      residuals: true,
      forward: (x: Tensor) => {
        const e = x.exp().add(1) as Tensor
        return [e.log(), { e }] as const
      },
      vjp: (g: Tensor, _x: [Tensor], _y, { e }) => [g.mul(e.sub(1).div(e))],
    }) as F,
    () => [at(0.3, -1)],
  ),
  awkward(
    'a rule that gives null for an integer',
    pass,
    op('pick', (x: Tensor, i: Tensor) => x.indexSelect(i), { vjp: (g, [x, i]) => [indexAdd(x!.mul(0), i!, g), null] }),
    () => [at(0.3, -1), ints(0, 1)],
  ),
]

export const control = [
  awkward(
    'checkpoint',
    pass,
    checkpoint((x: Tensor, w: Tensor) => x.matmul(w).tanh().matmul(w.transpose())) as F,
    (seed) => [normal(1500 + seed, 2, 3), normal(1530 + seed, 3, 2)],
  ),
  awkward(
    'scan',
    pass,
    (h: Tensor, xs: Tensor) =>
      scan(
        ((h: Tensor, x: Tensor) => {
          const n = h.add(x).tanh()
          return [n, n]
        }) as never,
        h as never,
        xs as never,
      ),
    (seed) => [normal(1560 + seed, 2), normal(1590 + seed, 4, 2)],
  ),
  awkward(
    'fori',
    pass,
    (x: Tensor) => fori(0, 5, ((_: Tensor, y: Tensor) => y.mul(x).sin()) as never, x as never),
    (seed) => [normal(1620 + seed, 2)],
  ),
  awkward(
    'whileLoop',
    pass,
    (x: Tensor) =>
      whileLoop(((y: Tensor) => y.sum().less(10)) as never, ((y: Tensor) => y.mul(1.5)) as never, x as never),
    () => [at(0.7, 1.1)],
  ),
  awkward(
    'cond',
    pass,
    (x: Tensor) =>
      cond(
        x.sum().greater(0) as never,
        ((y: Tensor) => y.exp()) as never,
        ((y: Tensor) => y.sin()) as never,
        x as never,
      ),
    () => [at(0.7, 1.1)],
  ),
  awkward(
    'an implicit root',
    pass,
    implicit(
      (a: Tensor) => scalar(Math.sqrt(a.item())) as never,
      (x: Tensor, a: Tensor) => x.square().sub(a) as never,
    ) as F,
    () => [scalar(2.3)],
    { proof: (a) => 0.5 / Math.sqrt(a), second: false },
  ),
  awkward(
    'vmap',
    pass,
    (x: Tensor, w: Tensor) => (vmap as F)((row: Tensor) => row.mul(w).sum().tanh())(x),
    (seed) => [normal(1650 + seed, 3, 2), normal(1680 + seed, 2)],
  ),
  awkward(
    'a gradient inside',
    pass,
    (x: Tensor) => pull((y: Tensor) => y.sin().mul(y), [x], x.mul(0).add(1) as Tensor)[0],
    (seed) => [normal(1710 + seed, 3)],
  ),
  awkward(
    'a Newton step inside',
    pass,
    (a: Tensor) => [0, 1, 2, 3].reduce<Tensor>((x) => x.add(a.div(x)).div(2) as Tensor, a),
    () => [positive(1740, 3)],
  ),
]
