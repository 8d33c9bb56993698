import { conv2d, layerNorm, parameter, scan, type Tensor, treeProtocol } from '@adjoint/autograd'
import { Linear } from '../../../../../nn/src/index.js'
import { all, altered, by, type Case, type F, type Fault, fault, ints, normal, scaled } from '../kit.js'

const matmul: F = (a: Tensor, b: Tensor) => a.matmul(b)
const inModel = (
  name: string,
  cause: Fault['cause'],
  op: string,
  where: Fault['where'],
  make: () => Case,
  more: Partial<Fault> = {},
) => fault(name, cause, where, make, { op, ...more })

interface Mlp {
  readonly w1: Tensor
  readonly b1: Tensor
  readonly w2: Tensor
}
const mlp = (activation: F, product: F = matmul): Case => {
  const labels = ints(1, 0, 2).expandDims(1) as Tensor
  return {
    f: ({ w1, b1, w2 }: Mlp, x: Tensor) =>
      product(activation(product(x, w1).add(b1)), w2)
        .logSoftmax(1)
        .gather(labels, 1)
        .mean()
        .neg(),
    inputs: [{ w1: normal(401, 2, 4), b1: normal(402, 4), w2: normal(403, 4, 3) }, normal(404, 3, 2)],
  }
}
const below = { '[0].w1': all, '[0].b1': all, '[1]': all }

const attention = (softmax: F, scores: F): Case => ({
  f: (x: Tensor, wq: Tensor, wk: Tensor, wv: Tensor) =>
    softmax(scores(x.matmul(wq), x.matmul(wk)))
      .matmul(x.matmul(wv))
      .tanh()
      .sum(0),
  inputs: [normal(405, 3, 2), normal(406, 2, 2), normal(407, 2, 2), normal(408, 2, 2)],
})
const rowSoftmax: F = (x: Tensor) => x.softmax(1)
const dots: F = (q: Tensor, k: Tensor) => q.matmul(k.transpose()).div(Math.SQRT2)

const network = (convolution: F, pool: F): Case => ({
  f: (x: Tensor, k: Tensor, w: Tensor) => pool(convolution(x, k).tanh()).matmul(w),
  inputs: [normal(409, 2, 1, 4, 4), normal(410, 2, 1, 2, 2), normal(411, 2, 2)],
})
const averaged: F = (x: Tensor) => x.mean([2, 3])
const convolve: F = (x: Tensor, k: Tensor) => conv2d(x, k)

const cell = (gate: F): Case => ({
  f: (w: Tensor, u: Tensor, xs: Tensor) =>
    [0, 1, 2]
      .reduce(
        (h, i) =>
          gate(
            xs
              .slice(0, i, i + 1)
              .matmul(w)
              .add(h.matmul(u)),
          ),
        normal(412, 1, 2),
      )
      .sum(),
  inputs: [normal(413, 2, 2), normal(414, 2, 2), normal(415, 3, 2)],
})

export const models = [
  inModel('MLP: the activation has the wrong sign', 'sign', 'activation', below, () =>
    mlp(scaled('activation', (x: Tensor) => x.tanh(), -1)),
  ),
  inModel(
    'MLP: the activation lacks a factor',
    'chain factor',
    'activation',
    below,
    () =>
      mlp(
        altered(
          'activation',
          (x: Tensor) => x.sigmoid(),
          (_r, _x, g, y) => [g.mul(y)],
        ),
      ),
    { also: ['missing term', 'other'] },
  ),
  inModel('MLP: the activation is 1e-4 off', 'factor', 'activation', below, () =>
    mlp(scaled('activation', (x: Tensor) => x.softplus(), 1.0001)),
  ),
  inModel('MLP: products forget the weights', 'no gradient', 'product', { '[0].w1': all, '[0].w2': all }, () =>
    mlp(
      (x: Tensor) => x.tanh(),
      altered('product', matmul, ([da, db]) => [da!, db!.mul(0)]),
    ),
  ),
  inModel(
    'attention: softmax without its sum',
    'missing term',
    'weights',
    by(0, 1, 2),
    () =>
      attention(
        altered('weights', rowSoftmax, (_r, _x, g, y) => [g.mul(y)]),
        dots,
      ),
    { also: ['other'] },
  ),
  inModel(
    'attention: scores without the scale',
    'factor',
    'scores',
    by(0, 2),
    () =>
      attention(
        rowSoftmax,
        altered('scores', dots, ([dq, dk]) => [dq!, dk!.mul(Math.SQRT2)]),
      ),
    { also: ['chain factor'] },
  ),
  inModel(
    'attention: gradients of queries and keys are swapped',
    'swapped inputs',
    'scores',
    by(0, 1, 2),
    () =>
      attention(
        rowSoftmax,
        altered('scores', dots, ([dq, dk]) => [dk!, dq!]),
      ),
    { also: ['transposed'] },
  ),
  inModel('convolutional network: sign of the kernel', 'sign', 'convolution', by(1), () =>
    network(scaled('convolution', convolve, -1, 1), averaged),
  ),
  inModel(
    'convolutional network: pooling is not divided by',
    'sum for mean',
    'pool',
    by(0, 1),
    () => network(convolve, scaled('pool', averaged, 9)),
    { also: ['factor'] },
  ),
  inModel(
    'recurrent cell: the slope of the gate is missing',
    'chain factor',
    'gate',
    by(0, 1, 2),
    () =>
      cell(
        altered(
          'gate',
          (x: Tensor) => x.tanh(),
          (_r, _x, g) => [g],
        ),
      ),
    { also: ['other'] },
  ),
  inModel(
    'recurrent cell: the gate is doubled',
    'factor',
    'gate',
    by(0, 1, 2),
    () => cell(scaled('gate', (x: Tensor) => x.tanh(), 2)),
    { also: ['double accumulation'] },
  ),
  inModel('scan over steps: the step has the wrong sign', 'sign', 'step', by(0, 1), () => {
    const step = scaled('step', (x: Tensor) => x.sin(), -1)
    return {
      f: (h: Tensor, xs: Tensor) =>
        scan(
          ((h: Tensor, x: Tensor) => {
            const n = step(h.add(x))
            return [n, n]
          }) as never,
          h as never,
          xs as never,
        )[0],
      inputs: [normal(416, 2), normal(417, 3, 2)],
    }
  }),
  inModel(
    'transformer block: the deviation of the norm as a constant',
    'missing term',
    'norm',
    by(0),
    () => {
      const norm = altered(
        'norm',
        (x: Tensor) => layerNorm(x),
        (_r, [x], g) => {
          const slope = g.div(x!.variance(-1, { keepDims: true }).add(1e-5).sqrt())
          return [slope.sub(slope.mean(-1, { keepDims: true }))]
        },
      )
      return {
        f: (x: Tensor, w: Tensor) => x.add(norm(x).matmul(w).gelu()).sum(0),
        inputs: [normal(418, 2, 4), normal(419, 4, 4)],
      }
    },
    { also: ['other'] },
  ),
]

class Dense {
  constructor(
    readonly weight: Tensor,
    readonly bias: Tensor,
    readonly product: F,
  ) {}
  [treeProtocol]() {
    const { weight, bias, product } = this
    return {
      children: { weight, bias },
      rebuild: (children: { weight: Tensor; bias: Tensor }) => new Dense(children.weight, children.bias, product),
    }
  }
  forward(x: Tensor): Tensor {
    return this.product(x, this.weight).add(this.bias).tanh()
  }
}
const dense = (product: F) => new Dense(normal(421, 2, 3), normal(422, 3), product)
const through = (model: Dense, x: Tensor) => model.forward(x)

export const modules = [
  fault('a module: sign of its weight', 'sign', { '[0].weight': all }, () => ({
    f: through,
    inputs: [dense(scaled('product', matmul, -1, 1)), normal(423, 2, 2)],
  })),
  fault('a module: nothing for its weight', 'no gradient', { '[0].weight': all }, () => ({
    f: through,
    inputs: [dense(altered('product', matmul, ([dx, dw]) => [dx!, dw!.mul(0)])), normal(424, 2, 2)],
  })),
  fault('modules in a list: the second is 10 % off', 'factor', { '[0].layers[1].weight': all }, () => ({
    f: ({ layers }: { layers: Dense[] }, x: Tensor) =>
      layers[1]!.forward(layers[0]!.forward(x).slice(1, 0, 2) as Tensor),
    inputs: [{ layers: [dense(matmul), dense(scaled('product', matmul, 1.1, 1))] }, normal(425, 2, 2)],
  })),
  fault(
    'Linear of nn under a loss with the wrong sign',
    'sign',
    { '[0].weight': all, '[0].bias': all, '[1]': all },
    () => {
      const loss = scaled('loss', (y: Tensor) => y.square().mean(), -1)
      return {
        f: (model: Linear<2, 3>, x: Tensor) => loss(model.forward(x as never)),
        inputs: [new Linear(2, 3), normal(426, 2, 2)],
      }
    },
  ),
]

/** A function of x alone, and the same with what it closes over as an argument. */
const captured = (name: string, wrong: Fault['cause'], layer: F): Fault =>
  fault(
    name,
    'captured',
    by(1),
    () => {
      const w = parameter(normal(431, 2, 3) as never) as unknown as Tensor
      return {
        f: (x: Tensor) => layer(x, w).tanh(),
        inputs: [normal(432, 2, 2)],
        explicit: { f: (x: Tensor, w: Tensor) => layer(x, w).tanh(), inputs: [normal(432, 2, 2), normal(431, 2, 3)] },
      }
    },
    { also: [wrong], caughtBy: ['fail', 'doubt'] },
  )

export const captures = [
  captured('a captured parameter: sign', 'sign', scaled('layer', matmul, -1, 1)),
  captured(
    'a captured parameter: nothing comes back',
    'no gradient',
    altered('layer', matmul, ([dx, dw]) => [dx!, dw!.mul(0)]),
  ),
  captured('a captured parameter: twice', 'double accumulation', scaled('layer', matmul, 2, 1)),
  captured(
    'a captured parameter: one element',
    'only some',
    scaled('layer', matmul, 3, 1, (i, j) => i === 1 && j === 2),
  ),
]
