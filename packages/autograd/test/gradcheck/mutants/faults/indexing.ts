import { gridSample, indexAdd, interpolate, scatter, type Tensor } from '@adjoint/autograd'
import { altered, by, fault, ints, normal, positive } from '../kit.js'

const into = () => ints(2, 0, 2)
const rows = (x: Tensor, indices: Tensor): Tensor => x.indexSelect(indices) as Tensor

export const indexings = [
  fault(
    'indexAdd: the source gets the gradient of other rows',
    'shifted',
    by(1),
    () => ({
      f: altered(
        'add',
        (x: Tensor, s: Tensor) => indexAdd(x, into(), s),
        ([dx], _i, g) => [dx!, rows(g, ints(0, 1, 0))],
      ),
      inputs: [normal(501, 3, 2), normal(502, 3, 2)],
    }),
    { also: ['swapped inputs', 'transposed', 'only some', 'other'] },
  ),
  fault(
    'indexAdd: what is added to gets nothing where it is written',
    'only some',
    { '[0]': (i) => i !== 1 },
    () => ({
      f: altered(
        'add',
        (x: Tensor, s: Tensor) => indexAdd(x, into(), s),
        ([dx, ds]) => [indexAdd(dx!.mul(0), ints(1), rows(dx!, ints(1))), ds!],
      ),
      inputs: [normal(503, 3, 2), normal(504, 3, 2)],
    }),
    { also: ['no gradient', 'missing term'] },
  ),
  fault(
    'scatter: what is overwritten still gets a gradient',
    'only some',
    { '[0]': (i) => i === 0 || i === 3 },
    () => ({
      f: altered(
        'put',
        (x: Tensor, s: Tensor) => scatter(x, ints(3, 0), s, 0),
        ([, ds], _i, g) => [g, ds!],
      ),
      inputs: [normal(505, 4), normal(506, 2)],
    }),
    { also: ['double accumulation', 'other'] },
  ),
  fault(
    'embedding: an index that repeats is counted once',
    'only some',
    { '[0]': (i) => i === 2 },
    () => ({
      f: altered(
        'embed',
        (table: Tensor) => rows(table, into()),
        (_r, [table], g) => [indexAdd(table!.mul(0), ints(2, 0), g.slice(0, 0, 2))],
      ),
      inputs: [normal(507, 3, 2)],
    }),
    { also: ['missing term', 'no gradient'] },
  ),
  fault(
    'gather: each column gets the gradient of the other',
    'swapped inputs',
    by(0),
    () => ({
      f: altered(
        'gather',
        (x: Tensor) => x.gather(ints(1, 0).expandDims(1) as Tensor, 1),
        ([dx]) => [dx!.flip(1)],
      ),
      inputs: [normal(508, 2, 2)],
    }),
    { also: ['shifted', 'transposed', 'only some'] },
  ),
  fault(
    'interpolate: to the nearest instead of by weights',
    'missing term',
    by(0),
    () => ({
      f: altered(
        'resize',
        (x: Tensor) => interpolate(x, { size: [6], mode: 'linear' } as never),
        (_r, _x, g) => [g.reshape([1, 1, 3, 2]).sum(3)],
      ),
      inputs: [normal(509, 1, 1, 3)],
    }),
    { also: ['other', 'shifted', 'only some'] },
  ),
  fault('gridSample: nothing for the grid', 'no gradient', by(1), () => ({
    f: altered(
      'sample',
      (x: Tensor, grid: Tensor) => gridSample(x, grid),
      ([dx, dgrid]) => [dx!, dgrid!.mul(0)],
    ),
    inputs: [normal(511, 1, 1, 3, 3), positive(512, 1, 2, 2, 2).mul(0.3)],
  })),
]
