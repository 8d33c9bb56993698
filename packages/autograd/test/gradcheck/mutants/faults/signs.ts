import { conv2d, cross, einsum, type Tensor } from '@adjoint/autograd'
import { all, altered, at, by, fault, ints, normal, positive, scaled } from '../kit.js'

const flip = (name: string, f: (...x: Tensor[]) => Tensor, position = 0) => scaled(name, f, -1, position)

export const signs = [
  fault('exp: sign', 'sign', by(0), () => ({ f: flip('exp', (x) => x.exp()), inputs: [at(0.3, -1.2, 2)] })),
  fault('cos: its derivative is sin', 'sign', by(0), () => ({
    f: flip('cos', (x) => x.cos()),
    inputs: [normal(1, 4)],
  })),
  fault('sub: b gets what a gets', 'sign', by(1), () => ({
    f: flip('sub', (a, b) => a.sub(b), 1),
    inputs: [normal(2, 3), normal(3, 3)],
  })),
  fault('div: sign of the divisor', 'sign', by(1), () => ({
    f: flip('div', (a, b) => a.div(b), 1),
    inputs: [normal(4, 2, 3), positive(5, 2, 3)],
  })),
  fault('squared error: sign for the target', 'sign', by(1), () => ({
    f: flip('squaredError', (a, b) => a.sub(b).square().mean(), 1),
    inputs: [normal(6, 5), normal(7, 5)],
  })),
  fault('matmul: sign of the right operand', 'sign', by(1), () => ({
    f: flip('matmul', (a, b) => a.matmul(b), 1),
    inputs: [normal(8, 2, 3), normal(9, 3, 4)],
  })),
  fault('negative log likelihood: sign', 'sign', by(0), () => {
    const labels = ints(2, 0, 1).expandDims(1) as Tensor
    return {
      f: flip('likelihood', (x) => x.logSoftmax(1).gather(labels, 1).mean().neg() as Tensor),
      inputs: [normal(10, 3, 3)],
    }
  }),
  fault('conv2d: sign of the kernel', 'sign', by(1), () => ({
    f: flip('conv2d', (x, k) => conv2d(x, k) as Tensor, 1),
    inputs: [normal(11, 1, 1, 4, 4), normal(12, 1, 1, 2, 2)],
  })),
  fault('cross product: order of factors for a', 'sign', by(0), () => ({
    f: flip('cross', (a, b) => cross(a, b) as Tensor),
    inputs: [normal(13, 3), normal(14, 3)],
  })),
  fault('einsum: sign of the second of three', 'sign', by(1), () => ({
    f: flip('bilinear', (a, b, c) => einsum('i,ij,j->', a, b, c) as Tensor, 1),
    inputs: [normal(15, 2), normal(16, 2, 3), normal(17, 3)],
  })),
  fault('cosine distance: sign for both', 'sign', by(0, 1), () => ({
    f: altered(
      'distance',
      (a: Tensor, b: Tensor) => a.mul(b).sum().div(a.norm().mul(b.norm())),
      ([da, db]) => [da!.neg(), db!.neg()],
    ),
    inputs: [normal(18, 4), normal(19, 4)],
  })),
  fault('a tree of parameters: sign of one bias', 'sign', { '[0].b': all }, () => {
    const layer = flip('layer', (x, w, b) => x.matmul(w).add(b).tanh(), 2)
    return {
      f: ({ w, b }: { w: Tensor; b: Tensor }, x: Tensor) => layer(x, w, b),
      inputs: [{ w: normal(20, 3, 2), b: normal(21, 2) }, normal(22, 4, 3)],
    }
  }),
]

export const absolutes = [
  fault(
    'neg: absolute value of the cotangent',
    'absolute value',
    by(0),
    () => ({
      f: altered(
        'neg',
        (x: Tensor) => x.neg(),
        (_right, _inputs, g) => [g.abs().neg()],
      ),
      inputs: [normal(30, 4)],
    }),
    { also: ['ignored cotangent'] },
  ),
  fault(
    'sin: absolute value of the derivative',
    'absolute value',
    { '[0]': (i) => i > 0 },
    () => ({
      f: altered(
        'sin',
        (x: Tensor) => x.sin(),
        (_right, [x], g) => [g.mul(x!.cos().abs())],
      ),
      inputs: [at(0.4, 2.2, -2.5)],
    }),
    { also: ['sign', 'only some'] },
  ),
  fault(
    'mul: absolute value of the other factor',
    'absolute value',
    { '[0]': (i) => i === 0 || i === 2 },
    () => ({
      f: altered(
        'mul',
        (a: Tensor, b: Tensor) => a.mul(b),
        ([da, db], [, b]) => [da!.mul(b!.sign()), db!],
      ),
      inputs: [normal(31, 4), at(-0.4, 1.3, -2, 0.9)],
    }),
    { also: ['sign', 'only some'] },
  ),
  fault(
    'norm: absolute values of x / |x|',
    'absolute value',
    { '[0]': (i) => i % 2 === 1 },
    () => ({
      f: altered(
        'norm',
        (x: Tensor) => x.norm(),
        ([dx], [x]) => [dx!.mul(x!.sign())],
      ),
      inputs: [at(0.7, -1.1, 0.2, -0.6)],
    }),
    { also: ['sign', 'only some'] },
  ),
  fault(
    'log |x|: 1 / |x|',
    'absolute value',
    { '[0]': (i) => i === 1 },
    () => ({
      f: altered(
        'logAbs',
        (x: Tensor) => x.abs().log(),
        (_right, [x], g) => [g.div(x!.abs())],
      ),
      inputs: [at(0.7, -1.1, 2.2)],
    }),
    { also: ['sign', 'only some'] },
  ),
]
