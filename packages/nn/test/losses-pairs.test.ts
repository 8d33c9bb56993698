import { AxisError, compile, DTypeError, grad, ShapeError, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { describe, expect, it } from 'vitest'
import {
  binaryCrossEntropyWithLogits,
  contrastive,
  cosineEmbedding,
  cosineSimilarity,
  dice,
  focal,
  hinge,
  hingeEmbedding,
  infoNce,
  marginRanking,
  OptionError,
  pairwiseDistance,
  softMargin,
  triplet,
} from '../src/index.js'

// Values and derivatives at ordinary points are held to PyTorch in losses-oracle.test.ts.

const inf = Number.POSITIVE_INFINITY
const none = { reduction: 'none' } as const
const sum = { reduction: 'sum' } as const
const float64 = { dtype: 'float64' } as const
const values = (data: number[] | number[][]): Tensor => tensor(data as number[], float64)
const list = (x: Tensor): number[] => [...x.data]
type Loss = (x: Tensor) => Tensor
const ways: readonly (readonly [string, (f: Loss) => Loss])[] = [
  ['eagerly', (f) => f],
  ['compiled', (f) => compile(f as never) as unknown as Loss],
]
const slope =
  (f: Loss): Loss =>
  (x) =>
    grad((y: Tensor) => f(y).sum())(x) as Tensor
const slopes = (f: Loss, x: Tensor): number[] => list(slope(f)(x))

const expectNear = (got: readonly number[], wanted: readonly number[], digits: number) => {
  expect(got).toHaveLength(wanted.length)
  for (const [i, x] of got.entries()) expect(x).toBeCloseTo(wanted[i]!, digits)
}

const [a, b, c] = [
  [
    [0.3, -1.2, 2.5],
    [0.7, 0.2, -0.4],
  ],
  [
    [0.9, 0.1, -0.4],
    [-0.3, 1.7, 0.6],
  ],
  [
    [1.1, -0.6, 0.2],
    [0.8, -0.5, 1.4],
  ],
].map(values) as [Tensor, Tensor, Tensor]
const signs = values([
  [1, -1, 1],
  [-1, 1, -1],
])
const rows = values([1, -1])

describe('derivatives by finite differences, to second order', () => {
  const cases: readonly (readonly [string, (...inputs: Tensor[]) => Tensor, readonly Tensor[]])[] = [
    ['hinge', (x) => hinge(x!, signs), [a]],
    ['hingeEmbedding', (x) => hingeEmbedding(x!, signs), [a]],
    ['softMargin', (x) => softMargin(x!, signs), [a]],
    ['marginRanking', (x, y) => marginRanking(x!, y!, signs, { margin: 0.2 }), [a, b]],
    ['cosineSimilarity', (x, y) => cosineSimilarity(x!, y!) as Tensor, [a, b]],
    ['cosineSimilarity, shorter than epsilon', (x, y) => cosineSimilarity(x!, y!, { epsilon: 9 }) as Tensor, [a, b]],
    ['cosineEmbedding', (x, y) => cosineEmbedding(x!, y!, rows, { margin: -0.9 }), [a, b]],
    ['pairwiseDistance', (x, y) => pairwiseDistance(x!, y!, { order: 3 }) as Tensor, [a, b]],
    ['contrastive', (x, y) => contrastive(x!, y!, rows, { margin: 9 }), [a, b]],
    ['triplet', (x, y, z) => triplet(x!, y!, z!, { margin: 4, swap: true }), [a, b, c]],
    ['infoNce', (x, y) => infoNce(x!, y!, { symmetric: true }), [a, b]],
    ['dice', (x, y) => dice(x!.sigmoid() as Tensor, y!), [b, c]],
    ['focal', (x, y) => focal(x!, y!, { alpha: 0.3 }), [a, b.square().div(4) as Tensor]],
  ]
  it.each(cases)('%s', (_, f, inputs) => assertGradients(f as (x: Tensor) => Tensor, inputs as [Tensor]))
})

describe.each(ways)('at kinks, %s', (_, wrap) => {
  it('what just meets its margin costs 0 without a slope', () => {
    const exact = values([1, -1])
    for (const f of [
      (x: Tensor) => hinge(x, rows, none),
      (x: Tensor) => marginRanking(x, zeros([2], float64), rows, { ...none, margin: 1 }),
      (x: Tensor) => hingeEmbedding(x.abs() as Tensor, values([-1, -1]), none),
    ]) {
      expect(list(wrap(f)(exact))).toEqual([0, 0])
      expect(list(wrap(slope(f))(exact)).map(Math.abs)).toEqual([0, 0])
    }
  })

  it.each([0.5, 1, 1.5, 2, 3, inf])(
    'vectors that coincide have a distance and slopes of 0, in the norm of order %d',
    (order) => {
      const same = values([[1, 2, 3]])
      const f: Loss = (x) => pairwiseDistance(x, same, { order }) as Tensor
      expect(list(wrap(f)(same))).toEqual([0])
      expect(list(wrap(slope(f))(same)).map(Math.abs)).toEqual([0, 0, 0])
    },
  )

  it('equal vectors that do not belong together cost their margin, without slopes', () => {
    const same = values([[1, 2, 3]])
    const f: Loss = (x) => contrastive(x, same, values([-1]))
    expect(wrap(f)(same).item()).toBe(0.5)
    expect(list(wrap(slope(f))(same)).map(Math.abs)).toEqual([0, 0, 0])
  })

  it('a triplet of one point costs its margin, without slopes', () => {
    const same = values([[1, 2, 3]])
    const f: Loss = (x) => triplet(x, same, same, { margin: 0.5, swap: true })
    expect(wrap(f)(same).item()).toBe(0.5)
    expect(list(wrap(slope(f))(same)).map(Math.abs)).toEqual([0, 0, 0])
  })

  it('vectors of zeros have a cosine of 0 and finite slopes', () => {
    const f: Loss = (x) => cosineSimilarity(x, values([[3, 4]]), { epsilon: 0.5 }) as Tensor
    const zero = zeros([1, 2], float64) as Tensor
    expect(list(wrap(f)(zero))).toEqual([0])
    expectNear(list(wrap(slope(f))(zero)), [1.2, 1.6], 14)
    const loss: Loss = (x) => infoNce(x, zeros([1, 2], float64), { symmetric: true })
    expect(wrap(loss)(zero).item()).toBeCloseTo(0, 15)
    expect(list(wrap(slope(loss))(zero)).map(Math.abs)).toEqual([0, 0])
  })
})

describe.each(['float32', 'float64'] as const)('numbers of any size, in %s', (dtype) => {
  const [tiny, huge] = dtype === 'float32' ? [1e-30, 1e30] : [1e-200, 1e200]
  const digits = dtype === 'float32' ? 6 : 13
  const of = (data: number[] | number[][]) => tensor(data as number[], { dtype }) as Tensor

  it('distances and cosines of huge and tiny vectors', () => {
    for (const unit of [tiny, 1, huge]) {
      const [x, y] = [of([[3 * unit, 4 * unit]]), of([[0, 0]])]
      expect((pairwiseDistance(x, y) as Tensor).item() / (5 * unit)).toBeCloseTo(1, digits)
      expectNear(
        slopes((z) => pairwiseDistance(z, y) as Tensor, x),
        [0.6, 0.8],
        digits,
      )
    }
    for (const unit of [1, huge]) {
      const cosine = cosineSimilarity(of([[3 * unit, 4 * unit]]), of([[4, 3]])) as Tensor
      expect(cosine.item()).toBeCloseTo(0.96, digits)
    }
  })

  it('softMargin keeps the digits of small losses, and large ones are their size', () => {
    const wanted = [Math.exp(-50), 50, 1e4, 0, inf]
    const [z, t] = [of([50, 50, -1e4, inf, inf]), of([1, -1, 1, 1, -1])]
    list(softMargin(z, t, none)).forEach((x, i) => {
      expect(x === wanted[i] || Math.abs(x / wanted[i]! - 1) < 1e-6, `${x}`).toBe(true)
    })
    expect(slopes((x) => softMargin(x, t, sum), of([0, 0, inf, inf, -inf])).map(Math.abs)).toEqual([0.5, 0.5, 0, 0, 0])
  })

  it.each([0, 0.5, 1, 2, 5])('focal with a gamma of %d is exact, and finite in its slopes', (gamma) => {
    const z = [-inf, -800, -100, -20, -3, 0, 3, 20, 100, 800, inf]
    const sigmoid = (x: number) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x)))
    const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))
    const ones = of(z.map(() => 1))
    const f: Loss = (x) => focal(x, ones, { ...none, gamma })
    const least = dtype === 'float32' ? 1e-37 : 1e-300
    for (const [, wrap] of ways) {
      list(wrap(f)(of(z))).forEach((x, i) => {
        const loss = softplus(-z[i]!)
        const wanted = loss === 0 ? 0 : sigmoid(-z[i]!) ** gamma * loss
        expect(x === wanted || Math.abs(x - wanted) <= 1e-5 * wanted + least, `${x}, not ${wanted} at ${z[i]}`).toBe(
          true,
        )
      })
      list(wrap(slope(f))(of(z))).forEach((x, i) => {
        const [p, q, loss] = [sigmoid(z[i]!), sigmoid(-z[i]!), softplus(-z[i]!)]
        const wanted = q === 0 ? 0 : -(q ** gamma) * (q + (p === 0 ? 0 : gamma * p * loss))
        expect(Math.abs(x - wanted) <= 1e-5 * Math.abs(wanted) + least, `slope ${x}, not ${wanted} at ${z[i]}`).toBe(
          true,
        )
      })
    }
  })
})

describe('what losses are in terms of others', () => {
  it('focal with a gamma of 0 is the binary cross entropy, and softMargin that of signs', () => {
    const labels = signs.add(1).div(2) as Tensor
    const wanted = list(binaryCrossEntropyWithLogits(a, labels, none))
    expectNear(list(focal(a, labels, { ...none, gamma: 0 })), wanted, 14)
    expectNear(list(softMargin(a, signs, none)), wanted, 14)
  })

  it('focal with an alpha of 0 leaves positives out, be they infinitely wrong', () => {
    expect(focal(values([-inf]), values([1]), { alpha: 0 }).item()).toBe(0)
  })

  it('dice has one loss an example, 0 where there is nothing and none is foreseen, and the digits of small losses', () => {
    const p = values([
      [0, 0],
      [1, 1 - 2 ** -40],
      [1, 0],
    ])
    const t = values([
      [0, 0],
      [1, 1],
      [0, 1],
    ])
    const [nothing, near, apart] = list(dice(p, t, none))
    expect([nothing, apart]).toEqual([0, 2 / 3])
    expect(near! / (2 ** -40 / 5)).toBeCloseTo(1, 9)
    const image = zeros([4, 3, 2, 2]) as Tensor
    expect(dice(image, image, none).shape).toEqual([4])
  })

  it('pairs of vectors along other axes', () => {
    const [x, y] = [a.transpose(), b.transpose()]
    const wanted = list(cosineSimilarity(a, b) as Tensor)
    expectNear(list(cosineSimilarity(x, y, { axis: 0 }) as Tensor), wanted, 14)
    expect(pairwiseDistance(a, b, { keepDims: true }).shape).toEqual([2, 1])
  })
})

describe('what is wrong is refused by name', () => {
  const said = (call: () => unknown): Error => {
    try {
      call()
    } catch (error) {
      return error as Error
    }
    throw new Error('accepted')
  }

  it('targets that are no signs', () => {
    const labels = values([0, 1])
    const x = values([1, 2])
    const message = 'hold 0 at [0]; they are 1 or -1: of labels 0 and 1, pass labels.mul(2).sub(1).'
    expect(said(() => hinge(x, labels))).toEqual(new OptionError(`hinge: targets ${message}`))
    expect(() => hingeEmbedding(x, labels)).toThrow(message)
    expect(() => softMargin(x, labels)).toThrow(message)
    expect(() => marginRanking(x, x, labels)).toThrow(message)
    expect(() => cosineEmbedding(a, b, labels)).toThrow(message)
    expect(() => contrastive(a, b, labels)).toThrow(message)
  })

  it('shapes that do not fit', () => {
    expect(said(() => triplet(a, b, rows))).toEqual(
      new ShapeError(
        'triplet: anchor [2, 3] and negative [2] need one shape: nothing is broadcast; use reshape, expandDims or ' +
          'broadcastTo on one of them.',
      ),
    )
    expect(said(() => cosineEmbedding(a, b, signs))).toEqual(
      new ShapeError(
        'cosineEmbedding: vectors [2, 3] need targets [2], got [2, 3]; use squeeze, reshape or ravel on them.',
      ),
    )
    expect(said(() => cosineSimilarity(a, b, { axis: 2 }))).toEqual(
      new AxisError('cosineSimilarity: axis 2 is out of range for shape [2, 3]: use an integer from -2 to 1.'),
    )
    const scalar = tensor(1) as Tensor
    expect(() => pairwiseDistance(scalar, scalar)).toThrow(
      'vectors need an axis of features, got a scalar; use reshape',
    )
    expect(() => infoNce(rows, rows)).toThrow('infoNce: shapes are [2]; use [n, features]: reshape them.')
    expect(() => dice(rows.abs() as Tensor, rows)).toThrow('dice: predictions [2] need a first axis of examples')
    expect(() => focal(a, rows)).toThrow('focal: predictions [2, 3] and targets [2] need one shape')
  })

  it('integers that have no direction, and what is no probability', () => {
    const counts = zeros([2, 3], { dtype: 'int32' }) as Tensor
    expect(said(() => pairwiseDistance(counts, counts))).toBeInstanceOf(DTypeError)
    expect(() => dice(a, signs)).toThrow('dice: predictions hold -1.2 at [0, 1], which is no probability')
  })

  it('options out of range', () => {
    expect(() => hinge(a, signs, { margin: Number.NaN })).toThrow('hinge: margin is NaN; use a finite number.')
    expect(() => cosineEmbedding(a, b, rows, { margin: 2 })).toThrow('margin is 2; use a number from -1 to 1.')
    expect(() => cosineSimilarity(a, b, { epsilon: 0 })).toThrow('epsilon is 0; use a positive number.')
    expect(() => pairwiseDistance(a, b, { order: Number.NaN })).toThrow('order is NaN; use a number.')
    expect(() => contrastive(a, b, rows, { margin: -1 })).toThrow(
      'contrastive: margin is -1; use a number of at least 0.',
    )
    expect(() => triplet(a, b, c, { margin: -1 })).toThrow('triplet: margin is -1; use a number of at least 0.')
    expect(() => infoNce(a, b, { temperature: 0 })).toThrow('temperature is 0; use a positive number.')
    expect(() => focal(a, b, { alpha: 2 })).toThrow('focal: alpha is 2; use a number from 0 to 1.')
    expect(() => focal(a, b, { gamma: -1 })).toThrow('focal: gamma is -1; use a number of at least 0.')
    expect(() => dice(zeros([1, 1]), zeros([1, 1]), { smooth: 0 })).toThrow('smooth is 0; use a positive number.')
  })
})
