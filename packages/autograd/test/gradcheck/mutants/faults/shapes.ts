import { concat, conv2d, einsum, repeat, stack, type Tensor } from '@adjoint/autograd'
import { altered, at, by, type Elements, fault, filled, normal, op, rows } from '../kit.js'

const offDiagonal: Elements = (i, j) => i !== j
const transpose = (x: Tensor): Tensor => x.transpose() as Tensor
const anew = (x: Tensor, shape: readonly number[]): Tensor => x.reshape(shape) as Tensor
const turned = { also: ['swapped inputs', 'shifted', 'only some'] } as const

export const transposes = [
  fault('matrix times vector: the matrix is not transposed', 'transposed', by(0), () => {
    const a = rows([0.5, -1.2, 0.9], [1.6, 0.3, -0.7], [-0.4, 2.2, 1.1])
    return { f: op('apply', (x: Tensor) => a.matmul(x), { vjp: (g) => [a.matmul(g)] }), inputs: [at(0.4, -1, 2)] }
  }),
  fault('matmul: b is not transposed', 'transposed', by(0), () => ({
    f: altered(
      'matmul',
      (a: Tensor, b: Tensor) => a.matmul(b),
      (right, [, b], g) => [g.matmul(b!), right[1]!],
    ),
    inputs: [normal(71, 3, 3), normal(72, 3, 3)],
  })),
  fault('matmul: a is not transposed', 'transposed', by(1), () => ({
    f: altered(
      'matmul',
      (a: Tensor, b: Tensor) => a.matmul(b),
      (right, [a], g) => [right[0]!, a!.matmul(g)],
    ),
    inputs: [normal(73, 3, 3), normal(74, 3, 3)],
  })),
  fault(
    'matrix square: its gradient transposed',
    'transposed',
    { '[0]': offDiagonal },
    () => ({
      f: altered(
        'power',
        (a: Tensor) => a.matmul(a).sin().sum(),
        ([da]) => [transpose(da!)],
      ),
      inputs: [normal(75, 3, 3)],
    }),
    turned,
  ),
  fault(
    'transpose: identity',
    'transposed',
    { '[0]': offDiagonal },
    () => ({
      f: altered('turn', transpose, (_right, _x, g) => [g]),
      inputs: [normal(76, 3, 3)],
    }),
    turned,
  ),
  fault(
    'transpose of 2 x 3: only reshaped',
    'transposed',
    { '[0]': (i, j) => i * 3 + j !== j * 2 + i },
    () => ({
      f: altered('turn', transpose, (_right, [x], g) => [anew(g, x!.shape)]),
      inputs: [normal(77, 2, 3)],
    }),
    turned,
  ),
  fault(
    'linear layer: gradient of the weights of 2 x 4 as of 4 x 2',
    'transposed',
    by(1),
    () => ({
      f: altered(
        'linear',
        (x: Tensor, w: Tensor) => x.matmul(w),
        ([dx, dw], [, w]) => [dx!, anew(transpose(dw!), w!.shape)],
      ),
      inputs: [normal(78, 3, 2), normal(79, 2, 4)],
    }),
    turned,
  ),
  fault(
    'permute: the same permutation, not its inverse',
    'transposed',
    by(0),
    () => ({
      f: altered(
        'turn',
        (x: Tensor) => x.permute([1, 2, 0]),
        (_right, _x, g) => [g.permute([1, 2, 0])],
      ),
      inputs: [normal(80, 2, 2, 2)],
    }),
    { also: ['swapped inputs', 'shifted', 'only some'], claim: 'wrong' },
  ),
  fault(
    'conv2d: the kernel transposed',
    'transposed',
    { '[1]': (_o, _c, i, j) => i !== j },
    () => ({
      f: altered(
        'conv2d',
        (x: Tensor, k: Tensor) => conv2d(x, k),
        ([dx, dk]) => [dx!, dk!.permute([0, 1, 3, 2])],
      ),
      inputs: [normal(81, 1, 1, 4, 4), normal(82, 1, 1, 2, 2)],
    }),
    turned,
  ),
  fault('attention scores: gradient of the keys as of their transpose', 'transposed', by(1), () => ({
    f: altered(
      'scores',
      (q: Tensor, k: Tensor) => q.matmul(transpose(k)),
      (right, [q], g) => [right[0]!, g.matmul(q!)],
    ),
    inputs: [normal(83, 3, 3), normal(84, 3, 3)],
  })),
]

const reduced = { also: ['only some', 'no gradient', 'factor'] } as const
const add = (x: Tensor, b: Tensor): Tensor => x.add(b) as Tensor
const mul = (x: Tensor, b: Tensor): Tensor => x.mul(b) as Tensor

export const broadcasts = [
  fault('bias: the gradient has the shape of the batch', 'broadcast reduction', by(1), () => ({
    f: op('bias', add, { vjp: (g) => [g, g] }),
    inputs: [normal(85, 4, 3), normal(86, 3)],
  })),
  fault(
    'scale: of the first row only',
    'broadcast reduction',
    by(1),
    () => ({
      f: op('scale', mul, { vjp: (g, [x, s]) => [g.mul(s!), g.mul(x!).slice(0, 0, 1).reshape([3])] }),
      inputs: [normal(87, 4, 3), normal(88, 3)],
    }),
    reduced,
  ),
  fault(
    'scalar times matrix: of the last element only',
    'broadcast reduction',
    by(0),
    () => ({
      f: op('scale', (s: Tensor, x: Tensor) => x.mul(s), {
        vjp: (g, [s, x]) => [g.mul(x!).reshape([6]).slice(0, 5, 6).reshape([]), g.mul(s!)],
      }),
      inputs: [at(1.3).reshape([]) as Tensor, normal(89, 2, 3)],
    }),
    reduced,
  ),
  fault(
    'column plus row: summed over the wrong axis',
    'broadcast reduction',
    by(0, 1),
    () => ({
      f: op(
        'outer',
        (a: Tensor, b: Tensor) =>
          a
            .reshape([3, 1])
            .add(b.reshape([1, 3]))
            .sin(),
        {
          vjp: (g, [a, b]) => {
            const slope = g.mul(
              a!
                .reshape([3, 1])
                .add(b!.reshape([1, 3]))
                .cos(),
            )
            return [slope.sum(0), slope.sum(1)]
          },
        },
      ),
      inputs: [normal(90, 3), normal(91, 3)],
    }),
    { also: ['transposed', 'swapped inputs'] },
  ),
  fault(
    'channel bias of an image: one row of it',
    'broadcast reduction',
    by(1),
    () => ({
      f: altered(
        'bias',
        (x: Tensor, b: Tensor) => x.add(b.reshape([2, 1, 1])),
        ([dx], _i, g) => [dx!, g.slice(2, 0, 1).sum([0, 2, 3])],
      ),
      inputs: [normal(92, 2, 2, 2, 3), normal(93, 2)],
    }),
    reduced,
  ),
  fault(
    'repeat: only the first copy',
    'broadcast reduction',
    by(0),
    () => ({
      f: altered(
        'repeat',
        (x: Tensor) => repeat(x, [3]),
        (_r, _x, g) => [g.reshape([2, 3]).slice(1, 0, 1).reshape([2])],
      ),
      inputs: [normal(94, 2)],
    }),
    reduced,
  ),
  fault(
    'broadcastTo: maximum instead of sum',
    'broadcast reduction',
    by(0),
    () => ({
      f: altered(
        'spread',
        (x: Tensor) => x.broadcastTo([4, 2]),
        (_r, _x, g) => [g.max(0)],
      ),
      inputs: [normal(95, 2)],
    }),
    { also: ['ignored cotangent', 'only some', 'factor'] },
  ),
  fault(
    'batched matmul: the shared weights get those of the first batch',
    'broadcast reduction',
    by(1),
    () => ({
      f: altered(
        'matmul',
        (x: Tensor, w: Tensor) => x.matmul(w),
        ([dx], [x], g) => [
          dx!,
          x!
            .slice(0, 0, 1)
            .reshape([2, 3])
            .transpose()
            .matmul(g.slice(0, 0, 1).reshape([2, 2])),
        ],
      ),
      inputs: [normal(96, 3, 2, 3), normal(97, 3, 2)],
    }),
    reduced,
  ),
  fault(
    'einsum: a summed index is not spread',
    'broadcast reduction',
    { '[0]': (_, j) => j > 0 },
    () => ({
      f: altered(
        'rowSums',
        (x: Tensor) => einsum('ij->i', x),
        (_r, [x], g) => [g.reshape([2, 1]).mul(filled(x!.shape, (_, j) => (j === 0 ? 1 : 0)))],
      ),
      inputs: [normal(98, 2, 3)],
    }),
    reduced,
  ),
]

const second = (x: Tensor): Tensor => x.mul(0.5).sin() as Tensor

export const accumulations = [
  fault(
    'x is used twice, and only once counted',
    'missing term',
    by(0),
    () => ({
      f: altered(
        'residual',
        (x: Tensor) => x.add(second(x)),
        (_r, [x], g) => [g.mul(x!.mul(0.5).cos()).mul(0.5)],
      ),
      inputs: [normal(99, 4)],
    }),
    { also: ['double accumulation'] },
  ),
  fault(
    'sigmoid: the gradient is added twice',
    'double accumulation',
    by(0),
    () => ({
      f: altered(
        'sigmoid',
        (x: Tensor) => x.sigmoid(),
        ([dx]) => [dx!.add(dx!)],
      ),
      inputs: [normal(100, 4)],
    }),
    { also: ['factor'] },
  ),
  fault(
    'residual block: the skip is added twice',
    'double accumulation',
    by(0),
    () => ({
      f: altered(
        'residual',
        (x: Tensor, w: Tensor) => x.add(x.matmul(w).tanh()),
        ([dx, dw], _i, g) => [dx!.add(g), dw!],
      ),
      inputs: [normal(101, 2, 3), normal(102, 3, 3)],
    }),
    { also: ['missing term', 'other'] },
  ),
  fault(
    'tied weights: one use is counted twice, the other not',
    'double accumulation',
    by(1),
    () => ({
      f: altered(
        'tied',
        (x: Tensor, w: Tensor) => x.matmul(w).tanh().matmul(w.transpose()),
        ([dx], [x, w], g) => {
          const h = x!.matmul(w!).tanh()
          const dw = g.transpose().matmul(h)
          return [dx!, dw.add(dw)]
        },
      ),
      inputs: [normal(103, 2, 3), normal(104, 3, 2)],
    }),
    { also: ['missing term', 'other'] },
  ),
  fault(
    'concat: x twice, counted three times',
    'double accumulation',
    by(0),
    () => ({
      f: altered(
        'concat',
        (x: Tensor) => concat([x, x]),
        ([dx], _x, g) => [dx!.add(g.slice(0, 0, 2))],
      ),
      inputs: [normal(105, 2)],
    }),
    { also: ['other'] },
  ),
  fault(
    'stack: gradients of all go to all',
    'double accumulation',
    by(0, 1),
    () => ({
      f: altered(
        'stack',
        (a: Tensor, b: Tensor) => stack([a, b]),
        (right) => right.map(() => right[0]!.add(right[1]!)),
      ),
      inputs: [normal(106, 3), normal(107, 3)],
    }),
    { also: ['swapped inputs', 'other'] },
  ),
  fault(
    'gather: an index that repeats is counted once more',
    'double accumulation',
    { '[0]': (i) => i === 1 },
    () => ({
      f: altered(
        'pick',
        (x: Tensor) => concat([x, x.slice(0, 1, 2)]),
        ([dx], _x, g) => {
          const again = g
            .slice(0, 3, 4)
            .broadcastTo([3])
            .mul(at(0, 1, 0))
          return [dx!.add(again)]
        },
      ),
      inputs: [normal(108, 3)],
    }),
    { also: ['only some', 'factor'] },
  ),
]
