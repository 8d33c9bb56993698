import { conv1d, conv2d, cumSum, interpolate, maxPool2d, sort, type Tensor, where } from '@adjoint/autograd'
import { altered, at, by, type Elements, type F, fault, filled, normal, scaled } from '../kit.js'

const some = 'only some' as const

/** The derivative is `factor` times too much, but only at these elements of an input. */
const partly = (
  name: string,
  opName: string,
  f: F,
  shapes: readonly (readonly number[])[],
  elements: Elements,
  {
    factor = 2,
    position = 0,
    also = [] as readonly ('factor' | 'sign' | 'no gradient' | 'double accumulation')[],
  } = {},
) =>
  fault(
    name,
    some,
    { [`[${position}]`]: elements },
    () => ({
      f: scaled(opName, f, factor, position, elements),
      inputs: shapes.map((shape, i) => normal(240 + 10 * i + shape.length, ...shape)),
    }),
    { also },
  )

const one =
  (...index: number[]): Elements =>
  (...i) =>
    index.every((k, axis) => k === i[axis])
const edge =
  (...shape: number[]): Elements =>
  (...i) =>
    shape.some(
      (side, axis) => i[i.length - shape.length + axis] === 0 || i[i.length - shape.length + axis] === side - 1,
    )

const exp: F = (x: Tensor) => x.exp()
const matmul: F = (a: Tensor, b: Tensor) => a.matmul(b)
const conv: F = (x: Tensor, k: Tensor) => conv2d(x, k, { padding: 1 })
const image = [1, 1, 4, 4]
const kernel = [1, 1, 3, 3]
const zero = { factor: 0, also: ['no gradient'] as const }

export const parts = [
  partly('exp: one element of 5', 'exp', exp, [[5]], one(3)),
  partly('exp: one element of 5 gets nothing', 'exp', exp, [[5]], one(0), zero),
  partly('tanh: the last element of 20', 'tanh', (x: Tensor) => x.tanh(), [[20]], one(19), {
    factor: -1,
    also: ['sign'],
  }),
  partly('matmul: one element of the left operand', 'matmul', matmul, [[3, 4], [4, 2]], one(1, 2)), // biome-ignore format: shapes
  partly('matmul: row 1 of the left operand', 'matmul', matmul, [[3, 4], [4, 2]], one(1)), // biome-ignore format: shapes
  partly('matmul: the last column of the right operand', 'matmul', matmul, [[3, 4], [4, 3]], (_, j) => j === 2, { position: 1 }), // biome-ignore format: shapes
  partly(
    'matrix square: the diagonal',
    'square',
    (x: Tensor) => x.matmul(x).sum(),
    [[4, 4]],
    (i, j) => i === j,
  ),
  partly(
    'triangle: above the diagonal',
    'square',
    (x: Tensor) => x.square(),
    [[4, 4]],
    (i, j) => j > i,
    zero,
  ),
  partly('conv2d: the border of the image', 'conv2d', conv, [image, kernel], edge(4, 4)),
  partly('conv2d: the border gets nothing', 'conv2d', conv, [image, kernel], edge(4, 4), zero),
  partly('conv2d: one corner', 'conv2d', conv, [image, kernel], one(0, 0, 0, 3), { factor: 4 }),
  partly('conv2d: the middle of the kernel', 'conv2d', conv, [image, kernel], one(0, 0, 1, 1), { position: 1 }),
  partly('conv2d: the second of two channels', 'conv2d', (x: Tensor, k: Tensor) => conv2d(x, k), [[1, 2, 3, 3], [2, 2, 2, 2]], one(0, 1)), // biome-ignore format: shapes
  partly('conv1d: the last sample of the batch', 'conv1d', (x: Tensor, k: Tensor) => conv1d(x, k), [[3, 1, 4], [1, 1, 2]], one(2), zero), // biome-ignore format: shapes
  partly('linear layer: the first sample of the batch', 'linear', (x: Tensor, w: Tensor) => x.matmul(w).tanh(), [[4, 2], [2, 2]], one(0)), // biome-ignore format: shapes
  partly(
    'embedding: the padding entry gets a gradient twice',
    'embedding',
    (t: Tensor) => t.slice(0, 0, 3).square().sum(),
    [[4, 2]],
    one(0),
    {},
  ),
  partly(
    'loss over a batch: the last sample is left out',
    'loss',
    (x: Tensor) => x.square().mean(),
    [[3, 2]],
    one(2),
    zero,
  ),
  partly(
    'interpolate: the ends',
    'resize',
    (x: Tensor) => interpolate(x, { size: [8], mode: 'linear' } as never),
    [[1, 1, 4]],
    edge(4),
  ),
  partly('cumSum: the first element', 'cumSum', (x: Tensor) => cumSum(x), [[5]], one(0), zero),
  partly('sigmoid: one of 400', 'sigmoid', (x: Tensor) => x.sigmoid(), [[20, 20]], one(11, 7), { factor: 1.5 }),
  partly('sum of cubes: one of 10,000', 'cubes', (x: Tensor) => x.pow(3).sum(), [[100, 100]], one(63, 17), {
    factor: 3,
  }),
  partly(
    'logSumExp: one of 10,000, 1 % off',
    'total',
    (x: Tensor) => x.mul(0.1).exp().sum().log(),
    [[10_000]],
    one(7777),
    { factor: 1.01 },
  ),
  partly('linear: one weight of 2,500', 'linear', matmul, [[2, 50], [50, 50]], one(31, 4), { position: 1, ...zero }), // biome-ignore format: shapes
]

export const branches = [
  fault(
    'leaky relu: the negative branch is that of relu',
    some,
    { '[0]': (i) => i % 2 === 1 },
    () => ({
      f: altered(
        'leaky',
        (x: Tensor) => x.leakyRelu(0.1),
        (_r, [x], g) => [g.mul(x!.greater(0))],
      ),
      inputs: [at(0.5, -1, 2, -0.3)],
    }),
    { also: ['no gradient'] },
  ),
  fault(
    'elu: the negative branch is that of exp - 1',
    some,
    { '[0]': (i) => i === 1 },
    () => ({
      f: altered(
        'elu',
        (x: Tensor) => x.elu(),
        (_r, [x], g, y) => [g.mul(where(x!.greater(0), 1, y))],
      ),
      inputs: [at(0.5, -1, 2)],
    }),
    { also: ['missing term'] },
  ),
  fault(
    'huber: the linear branch has the slope of the quadratic one',
    some,
    { '[0]': (i) => i > 1 },
    () => ({
      f: altered(
        'huber',
        (x: Tensor) => where(x.abs().less(1), x.square().div(2), x.abs().sub(0.5)),
        (_r, [x], g) => [g.mul(x!)],
      ),
      inputs: [at(0.5, -0.4, 2, -3)],
    }),
    { also: ['factor'] },
  ),
  fault('clamp: a gradient outside of the bounds', some, { '[0]': (i) => i === 1 || i === 3 }, () => ({
    f: altered(
      'clamp',
      (x: Tensor) => x.clamp(-1, 1),
      (_r, _x, g) => [g],
    ),
    inputs: [at(0.5, -1.5, 0.9, 3)],
  })),
  fault(
    'max: the gradient goes to all',
    some,
    { '[0]': (i, j) => [2, 0][i] !== j },
    () => ({
      f: altered(
        'max',
        (x: Tensor) => x.max(1, { keepDims: true }),
        (_r, [x], g) => [g.broadcastTo(x!.shape)],
      ),
      inputs: [filled([2, 3], (i, j) => [[0.1, 0.4, 2], [1.7, -0.3, 0.2]][i]![j]!)], // biome-ignore format: a matrix
    }),
    { also: ['broadcast reduction'] },
  ),
  fault(
    'max pooling: the gradient goes to the first of the window',
    some,
    by(0),
    () => ({
      f: altered(
        'pool',
        (x: Tensor) => maxPool2d(x, 2),
        (_r, [x], g) => [g.broadcastTo(x!.shape).mul(filled([1, 1, 2, 2], (_n, _c, i, j) => (i + j === 0 ? 1 : 0)))],
      ),
      inputs: [filled([1, 1, 2, 2], (_n, _c, i, j) => 0.3 * i + 0.5 * j)],
    }),
    { also: ['shifted'] },
  ),
  fault(
    'piecewise: beyond 1 the slope of the inside',
    some,
    { '[0]': (i) => i === 2 },
    () => ({
      f: altered(
        'spline',
        (x: Tensor) => where(x.less(1), x.square(), x.mul(2).sub(1)),
        (_r, [x], g) => [g.mul(x!).mul(2)],
      ),
      inputs: [at(0.2, -0.7, 1.8)],
    }),
    { also: ['factor'] },
  ),
]

const off = 'shifted' as const
const more = { also: ['only some', 'transposed'] } as const
const ramp = (n: number) => filled([n], (i) => 0.3 * i + 0.1 * (i % 3))
export const shifts = [
  fault(
    'roll: in the same direction',
    off,
    by(0),
    () => ({
      f: altered(
        'roll',
        (x: Tensor) => rolled(x, 1),
        (_r, _x, g) => [rolled(g, 1)],
      ),
      inputs: [normal(301, 5)],
    }),
    more,
  ),
  fault(
    'slice: put back one too far',
    off,
    { '[0]': (i) => i > 0 && i < 5 },
    () => ({
      f: altered(
        'slice',
        (x: Tensor) => x.slice(0, 1, 4),
        (_r, _x, g) => [g.pad([[2, 1]])],
      ),
      inputs: [normal(302, 6)],
    }),
    more,
  ),
  fault(
    'differences: of the next element',
    off,
    by(0),
    () => ({
      f: altered(
        'differences',
        (x: Tensor) =>
          x
            .square()
            .slice(0, 1)
            .sub(x.square().slice(0, 0, -1)),
        ([dx]) => [rolled(dx!, 1)],
      ),
      inputs: [ramp(5).add(0.5)],
    }),
    more,
  ),
  fault(
    'cumSum: exclusive',
    off,
    by(0),
    () => ({
      f: altered(
        'cumSum',
        (x: Tensor) => x.cumSum(),
        ([dx], _x, g) => [dx!.sub(g)],
      ),
      inputs: [normal(303, 4)],
    }),
    { also: ['missing term', 'only some'] },
  ),
  fault('cumSum: from the front', 'transposed', by(0), () => ({
    f: altered(
      'cumSum',
      (x: Tensor) => x.cumSum(),
      (_r, _x, g) => [g.cumSum()],
    ),
    inputs: [normal(304, 4)],
  })),
  fault(
    'indexSelect: each index one too great',
    off,
    by(0),
    () => ({
      f: altered(
        'pick',
        (x: Tensor) => x.square(),
        ([dx]) => [rolled(dx!, 1)],
      ),
      inputs: [ramp(4).add(0.2)],
    }),
    more,
  ),
  fault(
    'sort: not put back in order',
    off,
    by(0),
    () => ({
      f: altered(
        'sort',
        (x: Tensor) => sort(x),
        (_r, _x, g) => [g],
      ),
      inputs: [at(2, 0.5, 1.1)],
    }),
    { also: ['only some', 'transposed', 'swapped inputs'] },
  ),
  fault(
    'conv1d: the window starts one late',
    off,
    by(0),
    () => ({
      f: altered(
        'conv1d',
        (x: Tensor, k: Tensor) => conv1d(x, k),
        ([dx, dk]) => [rolled(dx!.reshape([6]) as Tensor, 1).reshape([1, 1, 6]), dk!],
      ),
      inputs: [normal(305, 1, 1, 6), normal(306, 1, 1, 3)],
    }),
    more,
  ),
  fault(
    'time series: the gradient of the step before',
    off,
    { '[0]': (i) => i < 4 },
    () => ({
      f: altered('steps', (x: Tensor) => x.tanh(), ([dx]) => [dx!.slice(0, 1).pad([[0, 1], [0, 0]])]), // biome-ignore format: widths
      inputs: [normal(307, 4, 2)],
    }),
    more,
  ),
]
/** The elements of a vector moved by so many places. */
function rolled(x: Tensor, shift: number): Tensor {
  const n = x.shape[0]!
  const order = filled([n, n], (i, j) => ((j + shift) % n === i ? 1 : 0))
  return order.matmul(x) as Tensor
}
