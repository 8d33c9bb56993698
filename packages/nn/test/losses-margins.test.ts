import { compile, DTypeError, grad, IndexOutOfRangeError, ShapeError, type Tensor } from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { describe, expect, it } from 'vitest'
import { multilabelMargin, multilabelSoftMargin, multiMargin, OptionError } from '../src/index.js'
import { classes, draw, errorOf, inf, list, none, values } from './losses-numbers.js'

const slopes = (f: (x: Tensor) => Tensor, x: Tensor): number[][] => {
  const slope = grad((z: Tensor) => f(z).sum())
  return [list(slope(x)), list(compile(slope)(x))]
}
const weights = values([0.5, 2, 1.25])

describe('multiMargin', () => {
  const labels = classes([2, 0, 1, 2])

  it('has the right derivatives, by weights too', () => {
    for (const p of [1, 2] as const) {
      const f = (x: Tensor, w: Tensor) => multiMargin(x, labels, { p, margin: 0.7, weights: w })
      assertGradients(f, [draw(4, 3), weights])
      // which is linear in them, at 0 too
      const byWeights = (at: Tensor) => list(grad((w: Tensor) => f(draw(4, 3), w))(at))
      expect(byWeights(values([0.5, 0, 1]))).toEqual(byWeights(weights))
    }
  })

  it('has no slope where a margin is just kept', () => {
    for (const slope of slopes((x) => multiMargin(x, classes([0])), values([[2, 1, 0]])))
      expect(slope).toEqual([0, 0, 0])
  })

  it('of infinite and huge scores costs 0 if certain and right, Infinity if certain and wrong', () => {
    const x = values([[inf, 0, 1], [inf, -inf, 1], [1, -inf, -1], [1e308, -1e308, 0]]) // biome-ignore format: rows
    for (const p of [1, 2] as const) {
      const right = (z: Tensor) => multiMargin(z, classes([0, 0, 0, 0]), { p, ...none })
      expect(list(right(x))).toEqual([0, 0, 0, 0])
      for (const slope of slopes(right, x)) expect(slope).toEqual(new Array(12).fill(0))
      expect(list(multiMargin(x, classes([1, 1, 1, 1]), { p, ...none }))).toEqual([inf, inf, inf, inf])
    }
    const free = { weights: values([1, 0, 1]), ...none }
    expect(list(multiMargin(x, classes([1, 1, 1, 1]), free))).toEqual([0, 0, 0, 0])
  })

  it('says what is wrong', () => {
    const x = draw(4, 3)
    const said: [() => unknown, Error][] = [
      [() => multiMargin(x, labels, { p: 3 as 2 }), new OptionError('multiMargin: p is 3; use 1 or 2.')],
      [
        () => multiMargin(x, labels, { margin: Number.NaN }),
        new OptionError('multiMargin: margin is NaN; use a finite number.'),
      ],
      [
        () => multiMargin(x, classes([0, 1, 2, 3])),
        new IndexOutOfRangeError(
          'multiMargin: label 3 at [3] is out of range for 3 classes (the last axis of scores [4, 3]); labels go from 0 ' +
            'to 2.',
        ),
      ],
      [
        () => multiMargin(x, labels, { weights: values([1, 2]) }),
        new ShapeError(
          'multiMargin: scores [4, 3] need weights [3], one for each class, got [2]; use reshape or ravel on them.',
        ),
      ],
    ]
    for (const [act, error] of said) expect(errorOf(act)).toEqual(error)
  })
})

describe('multilabelMargin', () => {
  const target = classes([[2, 0, -1, 1], [-1, 3, 3, 3], [3, 2, 1, 0]]) // biome-ignore format: rows

  it('has the right derivatives', () => {
    assertGradients((x: Tensor) => multilabelMargin(x, target), [draw(3, 4)])
  })

  it('costs nothing without classes, and with all of them, whatever the scores are', () => {
    const x = values([[inf, 3, -inf, 0], [inf, inf, -inf, -inf]]) // biome-ignore format: rows
    const f = (z: Tensor) => multilabelMargin(z, classes([[-1, 0, 0, 0], [3, 2, 1, 0]]), none) // biome-ignore format: rows
    expect(list(f(x))).toEqual([0, 0])
    for (const slope of slopes(f, x)) expect(slope).toEqual(new Array(8).fill(0))
    // those that lead by all there is
    expect(list(multilabelMargin(x, classes([[0, -1, 0, 0], [0, 1, -1, 0]]), none))).toEqual([0, 0]) // biome-ignore format: rows
  })

  it('says what is wrong', () => {
    expect(
      errorOf(() =>
        multilabelMargin(
          draw(2, 3),
          classes([
            [0, 1, -1],
            [2, 7, 0],
          ]),
        ),
      ),
    ).toEqual(
      // biome-ignore format: rows
      new IndexOutOfRangeError(
        'multilabelMargin: label 7 at [1, 1] is out of range for 3 classes (the last axis of scores [2, 3]); labels go ' +
          'from 0 to 2, and -1 ends them.',
      ),
    )
    expect(errorOf(() => multilabelMargin(draw(2, 3), draw(2, 3)))).toBeInstanceOf(DTypeError)
    expect(errorOf(() => multilabelMargin(draw(2, 3), classes([0, 1]) as never))).toMatchObject({
      message: expect.stringContaining('multilabelMargin: predictions [2, 3] and targets [2] need one shape'),
    })
  })
})

describe('multilabelSoftMargin', () => {
  it('has the right derivatives by everything', () => {
    const t = draw(4, 3).sigmoid() as Tensor
    assertGradients(
      (x: Tensor, y: Tensor, w: Tensor) => multilabelSoftMargin(x, y, { weights: w }),
      [draw(4, 3), t, weights],
    )
    const byWeights = (at: Tensor) => list(grad((w: Tensor) => multilabelSoftMargin(draw(4, 3), t, { weights: w }))(at))
    expect(byWeights(values([0, 1, 2]))).toEqual(byWeights(weights))
  })

  it('is exact for logits of any size', () => {
    const x = values([[1e308, -1e4, 0], [inf, -inf, inf]]) // biome-ignore format: rows
    const t = values([[1, 1, 1], [1, 0, 0]]) // biome-ignore format: rows
    const f = (z: Tensor) => multilabelSoftMargin(z, t, none)
    expect(list(f(x))).toEqual([expect.closeTo((1e4 + Math.LN2) / 3, 9), inf])
    for (const slope of slopes(f, x)) {
      expect(slope).toEqual([0, -1, -0.5, 0, 0, 1].map((n) => expect.closeTo(n / 3, 14)))
    }
    expect(list(multilabelSoftMargin(x, t, { weights: values([1, 1, 0]), ...none }))[1]).toBe(0)
  })
})
