import {
  AxisError,
  compile,
  DTypeError,
  grad,
  IndexOutOfRangeError,
  Random,
  ShapeError,
  type Tensor,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { describe, expect, it } from 'vitest'
import { accuracy, crossEntropy, nll, OptionError } from '../src/index.js'
import { classes, draw, errorOf, float64, inf, list, none, values } from './losses-numbers.js'

const labels = classes([2, 0, 1, 2])
const weights = values([0.5, 2, 1.25])
const slope = (f: (x: Tensor) => Tensor, x: Tensor): Tensor => grad((z: Tensor) => f(z).sum())(x)

// from log-probabilities, and from logits
const losses = [
  ['nll', (x: Tensor, t: Tensor, options?: object) => nll(x.logSoftmax() as Tensor, t, options)],
  ['crossEntropy', (x: Tensor, t: Tensor, options?: object) => crossEntropy(x, t, options)],
] as const

describe.each(losses)('%s by labels', (name, loss) => {
  it('is 0 without a gradient where every example is ignored, or weighs nothing', () => {
    const x = draw(2, 3)
    const ignored = { ignoreIndex: 1 }
    for (const options of [ignored, { ...ignored, weights }, { weights: values([1, 0, 1]) }]) {
      for (const reduction of ['mean', 'sum'] as const) {
        const f = (z: Tensor) => loss(z, classes([1, 1]), { reduction, ...options })
        expect(f(x).item()).toBe(0)
        expect(list(slope(f, x))).toEqual([0, 0, 0, 0, 0, 0])
        expect(list(compile((z: Tensor) => slope(f, z))(x))).toEqual([0, 0, 0, 0, 0, 0])
      }
    }
  })

  it('is the mean of what is left when the ignored are taken away', () => {
    const x = draw(4, 3)
    const options = name === 'nll' ? { weights } : { weights, labelSmoothing: 0.2 }
    const left = loss(x.indexSelect(classes([0, 2])) as Tensor, classes([2, 1]), options).item()
    expect(loss(x, classes([2, -1, 1, -1]), { ...options, ignoreIndex: -1 }).item()).toBeCloseTo(left, 14)
    expect(loss(x, classes([2, 9, 1, 9]), { ...options, ignoreIndex: 9 }).item()).toBeCloseTo(left, 14)
  })

  it('has the right derivatives by weights too', () => {
    const options = [{}, { ignoreIndex: 0 }, ...(name === 'nll' ? [] : [{ labelSmoothing: 0.3, ignoreIndex: 0 }])]
    for (const more of options) {
      assertGradients((x: Tensor, w: Tensor) => loss(x, labels, { weights: w, ...more }), [draw(4, 3), weights])
    }
  })

  it('takes labels and options under vmap', () => {
    const x = draw(5, 4, 3)
    const f = (z: Tensor) => loss(z, classes([2, 0, 7, 2]), { weights, ignoreIndex: 7 })
    const mapped = vmap(f)(x)
    const each = [0, 1, 2, 3, 4].map((i) => f(x.at(i) as Tensor).item())
    expect(list(mapped)).toEqual(each.map((n) => expect.closeTo(n, 13)))
  })
})

describe('classes on any axis', () => {
  const x = draw(2, 3, 4)
  const t = new Random(2).bernoulli([2, 4], float64).cast('int32') as Tensor

  it('is the same as on the last', () => {
    const moved = x.permute([0, 2, 1]) as Tensor
    for (const options of [{}, none, { weights }, { weights, labelSmoothing: 0.1, ignoreIndex: 0, ...none }]) {
      const last = crossEntropy(moved, t, options)
      for (const axis of [1, -2]) expect(list(crossEntropy(x, t, { ...options, axis }))).toEqual(list(last))
    }
    expect(accuracy(x, t, { axis: 1 })).toBe(accuracy(moved, t))
  })

  it('says where the classes seem to be', () => {
    expect(errorOf(() => crossEntropy(x, t))).toEqual(
      new ShapeError(
        'crossEntropy: logits [2, 3, 4] need targets [2, 3], got [2, 4]; if the classes are on axis 1, say so: { axis: 1 }.',
      ),
    )
    expect(errorOf(() => crossEntropy(x, t, { axis: 3 as 1 }))).toEqual(
      new AxisError('crossEntropy: axis 3 is out of range for logits [2, 3, 4]: use an integer from -3 to 2.'),
    )
    expect(errorOf(() => crossEntropy(x, t.add(2).cast('int32'), { axis: 1 }))).toMatchObject({
      message: expect.stringMatching(
        /label 3 at \[\d, \d\] is out of range for 3 classes \(axis 1 of logits \[2, 3, 4\]/,
      ),
    })
  })
})

describe('what an option says', () => {
  const x = draw(4, 3)
  it.each<[() => unknown, Error]>([
    [
      () => crossEntropy(x, classes([0, 1, 5, 2]), { ignoreIndex: -100 }),
      new IndexOutOfRangeError(
        'crossEntropy: label 5 at [2] is out of range for 3 classes (the last axis of logits [4, 3]); labels go from 0 to ' +
          '2, and -100 is ignored.',
      ),
    ],
    [
      () => nll(x, classes([0, 1, -100, 2])),
      new IndexOutOfRangeError(
        'nll: label -100 at [2] is out of range for 3 classes (the last axis of logProbabilities [4, 3]); labels go from ' +
          '0 to 2.',
      ),
    ],
    [
      () => crossEntropy(x, labels, { weights: values([1, 2]) }),
      new ShapeError(
        'crossEntropy: logits [4, 3] need weights [3], one for each class, got [2]; use reshape or ravel on them.',
      ),
    ],
    [
      () => nll(x, labels, { weights: classes([1, 2, 3]) }),
      new DTypeError("nll: weights are int32[3]; they must be floats: cast them to 'float32' or 'float64'."),
    ],
    [
      () => crossEntropy(x, labels, { weights: values([1, -2, 3]) }),
      new OptionError('crossEntropy: weights hold -2 at [1]; use finite numbers of at least 0.'),
    ],
    [
      () => crossEntropy(x, labels, { labelSmoothing: 1.5 }),
      new OptionError('crossEntropy: labelSmoothing is 1.5; use a number from 0 to 1.'),
    ],
    [
      () => crossEntropy(x, labels, { ignoreIndex: 0.5 }),
      new OptionError('crossEntropy: ignoreIndex is 0.5; use an integer, such as -100.'),
    ],
    [
      () => crossEntropy(x, x.softmax() as Tensor, { ignoreIndex: 0 }),
      new OptionError(
        'crossEntropy: ignoreIndex is 0 beside probabilities, which have no label to ignore; leave it out.',
      ),
    ],
    [
      () => nll(x, x as never),
      new ShapeError(
        'nll: logProbabilities [4, 3] need targets [4], got [4, 3]; they look like one-hot rows: take argmax(-1).',
      ),
    ],
  ])('%s', (act, error) => {
    expect(errorOf(act)).toEqual(error)
  })
})

describe('out of the ordinary', () => {
  it('what is ignored may be anything, NaN too', () => {
    for (const [x, loss] of [
      [values([[1, 2, 3], [Number.NaN, inf, 0]]), crossEntropy], // biome-ignore format: rows
      [values([[1, 2, 3], [-inf, Number.NaN, 0]]), nll], // biome-ignore format: rows
    ] as const) {
      const f = (z: Tensor) => loss(z, classes([0, -100]), { ignoreIndex: -100, weights })
      const row = x.slice(0, 0, 1) as Tensor
      const alone = slope((z) => loss(z, classes([0]), { weights }), row)
      expect(f(x).item()).toBe(loss(row, classes([0])).item())
      expect(list(slope(f, x))).toEqual([...list(alone), 0, 0, 0])
    }
  })

  it('what weighs nothing costs nothing, though it is certain and wrong', () => {
    const x = values([[-inf, 0, 1]])
    const free = values([0, 1, 1])
    for (const options of [
      { ...none, weights: free },
      { ...none, weights: free, labelSmoothing: 0.3 },
    ]) {
      const f = (z: Tensor) => crossEntropy(z, classes([0]), options)
      const smooth = 'labelSmoothing' in options ? 0.1 * (2 * Math.log(1 + Math.E) - 1) : 0
      expect(f(x).at(0).item()).toBeCloseTo(smooth, 14)
      expect(list(slope(f, x)).every(Number.isFinite)).toBe(true)
    }
    expect(
      nll(values([[-inf, 0]]), classes([0]), { weights: values([0, 1]), ...none })
        .at(0)
        .item(),
    ).toBe(0)
  })

  it('with all options, huge and infinite logits keep their limits', () => {
    const x = values([[1e308, 0, -1e308], [inf, 0, 1], [0, 1e4, -inf]]) // biome-ignore format: rows
    const t = classes([0, 0, 0])
    const weighted = { ...none, weights: values([0.5, 1, 1]), ignoreIndex: -1 }
    expect(list(crossEntropy(x, t, weighted))).toEqual([0, 0, 5e3])
    const slopes = list(slope((z) => crossEntropy(z, t, weighted), x))
    expect(slopes).toEqual([0, 0, 0, 0, 0, 0, -0.5, 0.5, 0])
    // smoothed, every class must be possible
    expect(list(crossEntropy(x, t, { ...none, labelSmoothing: 0.3 })).slice(1)).toEqual([inf, inf])
    const smoothed = (z: Tensor) => crossEntropy(z, t, { labelSmoothing: 0.3 })
    expect(list(slope(smoothed, x)).some(Number.isNaN)).toBe(false)
  })

  it('smoothing by 1 leaves nothing of the labels, though they be impossible', () => {
    const f = (t: number[]) => crossEntropy(values([[0, 3, -2]]), classes(t), { labelSmoothing: 1 }).item()
    expect(f([0])).toBe(f([2]))
  })
})

describe('accuracy', () => {
  const x = values([[0, 1], [3, 2], [-1, -2]]) // biome-ignore format: rows
  it('leaves out what is ignored, and is 0 where that is all', () => {
    expect(accuracy(x, classes([1, -1, 1]), { ignoreIndex: -1 })).toBe(1 / 2)
    expect(accuracy(x, classes([-1, -1, -1]), { ignoreIndex: -1 })).toBe(0)
    expect(() => accuracy(zeros([2, 3]), classes([0, 4, 1]), { axis: 0 })).toThrow('label 4 at [1] is out of range')
  })
})
