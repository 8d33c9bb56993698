import { compile, grad, Random, type Tensor, tensor, vmap, zeros } from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'
import * as nn from '../src/index.js'

// What the walk over samples and PyTorch's numbers do not say of tables: rows of padding, offsets, refusals.

const float64 = { dtype: 'float64' } as const
const options = () => ({ ...float64, random: new Random(2) })
const whole = (rows: number[] | number[][]) => tensor(rows as number[], { dtype: 'int32' }) as Tensor

describe('a row of padding', () => {
  it('starts as zeros, and others as without', () => {
    const [plain, padded] = [
      new nn.Embedding(4, 2, options()),
      new nn.Embedding(4, 2, { paddingIndex: 2, ...options() }),
    ]
    const rows = plain.weight.toArray() as number[][]
    expect(padded.weight.toArray()).toEqual(rows.map((row, i) => (i === 2 ? [0, 0] : row)))
    expect(new nn.EmbeddingBag(4, 2, { paddingIndex: 2, ...options() }).weight.toArray()).toEqual(
      padded.weight.toArray(),
    )
    expect(padded.weight.requiresGrad).toBe(true)
  })

  it('is not trained, eagerly or compiled, and what it was given it keeps', () => {
    const layer = new nn.Embedding(3, 2, { paddingIndex: 1, ...options() })
    layer.weight.assign(tensor([[1, 2], [3, 4], [5, 6]], float64)) // biome-ignore format: a matrix
    const loss = (m: typeof layer) => (m.forward(whole([1, 0, 1])) as Tensor).square().sum() as Tensor<[]>
    expect(layer.forward(whole([1])).toArray()).toEqual([[3, 4]])
    for (const f of [grad(loss), compile(grad(loss))]) {
      expect(f(layer).weight!.toArray()).toEqual([[2, 4], [0, 0], [0, 0]]) // biome-ignore format: a matrix
    }
    loss(layer).backward()
    new nn.SGD(layer, { learningRate: 0.5 }).step()
    expect(layer.weight.toArray()).toEqual([[0, 0], [3, 4], [5, 6]]) // biome-ignore format: a matrix
  })

  it('alone in a bag gives zeros and no gradient', () => {
    for (const mode of ['sum', 'mean', 'max'] as const) {
      const layer = new nn.EmbeddingBag(3, 2, { mode, paddingIndex: 1, ...options() })
      layer.weight.assign(tensor([[1, 2], [3, 4], [-5, -6]], float64)) // biome-ignore format: a matrix
      const loss = (m: typeof layer) => m.forward(whole([[1, 1], [1, 2]])).sum() as Tensor<[]> // biome-ignore format: a matrix
      expect(layer.forward(whole([[1, 1], [1, 2]])).toArray(), mode).toEqual([[0, 0], [-5, -6]]) // biome-ignore format: a matrix
      expect(grad(loss)(layer).weight!.toArray(), mode).toEqual([[0, 0], [0, 0], [1, 1]]) // biome-ignore format: a matrix
    }
  })
})

describe('a greatest norm', () => {
  it('shortens what is looked up, and leaves the rows', () => {
    const layer = new nn.Embedding(2, 2, { maxNorm: 5, ...options() })
    layer.weight.assign(tensor([[0.3, 0.4], [30, 40]], float64)) // biome-ignore format: a matrix
    expect(layer.forward(whole([0, 1])).toArray()).toEqual([
      [0.3, 0.4],
      [expect.closeTo(3, 12), expect.closeTo(4, 12)],
    ])
    expect(layer.weight.toArray()).toEqual([[0.3, 0.4], [30, 40]]) // biome-ignore format: a matrix
    const most = new nn.Embedding(2, 2, { maxNorm: 20, order: Number.POSITIVE_INFINITY, ...options() })
    most.weight.assign(layer.weight)
    expect(most.forward(whole([1])).toArray()).toEqual([[15, expect.closeTo(20, 12)]])
  })

  it('holds a row of zeros, with a finite derivative', () => {
    const layer = new nn.Embedding(1, 2, { maxNorm: 1, init: nn.init.zeros(), ...options() })
    const gradient = grad((m: typeof layer) => m.forward(whole([0])).sum() as Tensor<[]>)(layer)
    expect(gradient.weight!.toArray()).toEqual([[1, 1]])
  })
})

describe('bags', () => {
  const layer = new nn.EmbeddingBag(3, 1, { mode: 'sum', ...options() })
  layer.weight.assign(tensor([[1], [10], [100]], float64))
  const rows = [0, 1, 1, 2]

  it.each([
    ['sum', [11, 0, 110]],
    ['mean', [5.5, 0, 55]],
    ['max', [10, 0, 100]],
  ] as const)('by offsets: %s', (mode, wanted) => {
    const other = new nn.EmbeddingBag(3, 1, { mode, ...options() })
    other.weight.assign(layer.weight)
    const run = (indices: Tensor, offsets: Tensor) => other.forward(indices as Tensor<[4]>, { offsets })
    for (const f of [run, compile(run)]) {
      expect(
        f(whole(rows), whole([0, 2, 2]))
          .toArray()
          .flat(),
      ).toEqual(wanted)
    }
  })

  it('may be other ones at each call of a program, which looks at them', () => {
    const run = compile((indices: Tensor, offsets: Tensor) => layer.forward(indices as Tensor<[4]>, { offsets }))
    expect(run(whole(rows), whole([0, 3])).toArray()).toEqual([[21], [100]])
    expect(run(whole(rows), whole([0, 1])).toArray()).toEqual([[1], [120]])
    expect(() => run(whole(rows), whole([0, 5]))).toThrow('offset 5 at [1] of offsets is no beginning of a bag')
    expect(run(whole(rows), whole([0, 4])).toArray()).toEqual([[121], [0]])
  })

  it('run in vmap', () => {
    const several = whole([[0, 1], [1, 2], [2, 2]]).reshape([3, 1, 2]) as Tensor // biome-ignore format: a matrix
    const each = vmap((indices: Tensor) => layer.forward(indices as Tensor<[1, 2]>) as Tensor)
    expect((each(several as never) as Tensor).toArray()).toEqual([[[11]], [[110]], [[200]]])
    const starts = vmap((offsets: Tensor) => layer.forward(whole(rows) as Tensor<[4]>, { offsets }) as Tensor)
    expect((starts(whole([[0, 1], [0, 2]]) as never) as Tensor).toArray()).toEqual([[[1], [120]], [[11], [110]]]) // biome-ignore format: a matrix
  })

  it('of no indices are zeros', () => {
    for (const mode of ['sum', 'mean', 'max'] as const) {
      const other = new nn.EmbeddingBag(3, 2, { mode, ...options() })
      expect(other.forward(zeros([2, 0], { dtype: 'int32' })).toArray(), mode).toEqual([[0, 0], [0, 0]]) // biome-ignore format: a matrix
      const none = zeros([0], { dtype: 'int32' })
      expect(other.forward(none, { offsets: whole([0, 0]) }).toArray(), mode).toEqual([[0, 0], [0, 0]]) // biome-ignore format: a matrix
    }
  })
})

describe('what is refused', () => {
  const bag = (mode: nn.BagMode = 'sum') => new nn.EmbeddingBag(3, 2, { mode })
  const line = () => whole([0, 1, 2]) as Tensor<[3]>
  const offsets = (...at: number[]) => ({ offsets: whole(at) })
  const cases: readonly [string, () => unknown, string][] = [
    [
      'a padding index that is no row',
      () => new nn.Embedding(3, 2, { paddingIndex: 3 }),
      'Embedding: paddingIndex is 3; use the number of a row, from 0 to 2.',
    ],
    [
      'a negative one',
      () => new nn.EmbeddingBag(3, 2, { paddingIndex: -1 }),
      'EmbeddingBag: paddingIndex is -1; use the number of a row',
    ],
    [
      'an order for nothing',
      () => new nn.Embedding(3, 2, { order: 1 }),
      'Embedding: order does nothing without maxNorm; leave it out.',
    ],
    ['a norm of 0', () => new nn.Embedding(3, 2, { maxNorm: 0 }), 'Embedding: maxNorm is 0; use a positive number'],
    ["PyTorch's names", () => new nn.Embedding(3, 2, { padding_idx: 1 } as never), 'paddingIndex'],
    ["PyTorch's norm", () => new nn.Embedding(3, 2, { maxNorm: 1, norm_type: 1 } as never), 'order'],
    ['indices as floats', () => bag().forward(zeros([2, 2])), 'EmbeddingBag(3, 2, sum): x is float32[2, 2]'],
    [
      'an index that is no row',
      () => bag().forward(whole([[0, 3]]) as Tensor<[1, 2]>),
      'EmbeddingBag(3, 2, sum): index 3 at [0, 1] of x is outside the 3 rows',
    ],
    [
      'a vector without offsets',
      () => bag().forward(line()),
      'EmbeddingBag(3, 2, sum): indices have shape [3]; give the offsets at which bags begin, { offsets }, or [batch, length].',
    ],
    [
      'a matrix with offsets',
      () => bag().forward(whole([[0, 1]]) as Tensor<[1, 2]>, offsets(0)),
      'indices have shape [1, 2], in which each row is a bag; leave offsets out',
    ],
    [
      'a scalar',
      () => bag().forward(tensor(1, { dtype: 'int32' }) as never),
      'indices have shape []; give [batch, length]',
    ],
    [
      'offsets as floats',
      () => bag().forward(line(), { offsets: zeros([2]) }),
      'offsets are float32[2]; give them as int32',
    ],
    [
      'a matrix of offsets',
      () => bag().forward(line(), { offsets: whole([[0], [1]]) }),
      'offsets have shape [2, 1]; give a vector',
    ],
    [
      'offsets that do not begin',
      () => bag().forward(line(), offsets(1, 2)),
      'offset 1 at [0] of offsets is no beginning of a bag; give 0 first',
    ],
    ['offsets that go back', () => bag().forward(line(), offsets(0, 2, 1)), 'offset 1 at [2] of offsets'],
    [
      'offsets beyond the end',
      () => bag().forward(line(), offsets(0, 4)),
      'offset 4 at [1] of offsets is no beginning of a bag; give 0 first, and then what is no less than the one before and at most 3',
    ],
    [
      'weights for a mean',
      () => bag('mean').forward(line(), { ...offsets(0), weights: zeros([3]) }),
      "EmbeddingBag(3, 2, mean): weights go with sums alone; make the layer with { mode: 'sum' }",
    ],
    [
      'other weights',
      () => bag().forward(line(), { ...offsets(0), weights: zeros([2]) }),
      'weights have shape [2] and the indices [3]; give each index one weight',
    ],
    [
      'features of the first',
      () => new nn.Bilinear(3, 2, 1).forward(zeros([4]), zeros([2]) as never),
      'Bilinear(3, 2, 1): expects 3 features of the first, got 4',
    ],
    [
      'features of the second',
      () => new nn.Bilinear(3, 2, 1).forward(zeros([3]), zeros([]) as never),
      'Bilinear(3, 2, 1): expects 2 features of the second, got a scalar',
    ],
    [
      'batches that differ',
      () => new nn.Bilinear(3, 2, 1).forward(zeros([5, 3]), zeros([1, 2]) as never),
      'Bilinear(3, 2, 1): shapes [5, 3] and [1, 2] must be equal but for the last axis',
    ],
  ]
  test.each(cases)('%s', (_, act, message) => expect(act).toThrow(message))
})
