import {
  compile,
  concat,
  DTypeError,
  full,
  grad,
  IndexOutOfRangeError,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { describe, expect, it } from 'vitest'
import { type CtcOptions, ctc, OptionError } from '../src/index.js'
import { classes, draw, inf, list } from './losses-numbers.js'

const target = classes([[1, 2, 1], [2, 2, -9]]) // biome-ignore format: rows
const steps = classes([6, 5])
const sizes = classes([3, 2])
const of =
  (options: CtcOptions = {}, lengths = [steps, sizes] as const) =>
  (logQ: Tensor): Tensor =>
    ctc(logQ, target, ...lengths, options)
const slopes = (f: (x: Tensor) => Tensor, x: Tensor): number[][] => {
  const slope = grad((z: Tensor) => f(z).sum())
  return [list(slope(x)), list(compile(slope)(x))]
}

describe('ctc', () => {
  it('has the right derivatives', () => {
    const [labels, lengths] = [classes([[1], [2]]), [classes([3, 2]), classes([1, 1])] as const]
    assertGradients((x: Tensor) => ctc(x, labels, ...lengths), [draw(3, 2, 3)])
  })

  it('does not read what lies behind a length', () => {
    const x = draw(6, 2, 3)
    const rest = full([1, 2, 3], Number.NaN, { dtype: 'float64' })
    const cut = concat([x.slice(0, 0, 5), rest]) as Tensor
    const f = of({ reduction: 'none' }, [classes([5, 5]), sizes])
    expect(list(f(cut))).toEqual(list(f(x)))
    for (const slope of slopes(f, cut)) {
      expect(slope.slice(-6)).toEqual([0, 0, 0, 0, 0, 0])
      expect(slope.some(Number.isNaN)).toBe(false)
    }
  })

  it('of what cannot be is Infinity, or 0, and has no gradient, while the others have theirs', () => {
    const x = draw(6, 2, 3)
    // two labels that are the same need a blank between them
    const lengths = [classes([6, 2]), sizes] as const
    const whole = slopes(of({ reduction: 'none' }), x)[0]!
    for (const zeroInfinity of [true, false]) {
      const f = of({ reduction: 'none', zeroInfinity }, lengths)
      expect(list(f(x))).toEqual([list(of({ reduction: 'none' })(x))[0], zeroInfinity ? 0 : inf])
      for (const slope of slopes(f, x)) {
        const wanted = whole.map((g, i) => (Math.floor(i / 3) % 2 === 0 ? expect.closeTo(g, 12) : 0))
        expect(slope).toEqual(wanted)
      }
    }
  })

  it('keeps its numbers where classes cannot be, and over a thousand steps', () => {
    const x = tensor([[[-inf, 0, -1]], [[0, -inf, -2]], [[-1, -3, -inf]]], { dtype: 'float64' }) as Tensor
    const f = (z: Tensor) => ctc(z, classes([[1]]), classes([3]), classes([1]))
    // 1 _ _ alone: whatever starts with a blank or has 1 in the middle cannot be
    expect(f(x).item()).toBeCloseTo(1, 14)
    for (const slope of slopes(f, x)) expect(slope).toEqual([0, -1, 0, -1, 0, 0, -1, 0, 0])
    const long = zeros([1000, 1, 4], { dtype: 'float64' }) as Tensor
    const loss = ctc(long.logSoftmax() as Tensor, classes([[1]]), classes([1000]), classes([1]))
    // 1 may be said in any of n (n + 1) / 2 stretches
    expect(loss.item()).toBeCloseTo(1000 * Math.log(4) - Math.log(500500), 8)
  })

  it.each<[string, () => unknown, new (...args: never[]) => Error, string]>([
    ['a label outside', () => ctc(draw(6, 2, 3), classes([[1, 2, 1], [2, 7, 0]]), steps, sizes), IndexOutOfRangeError, 'ctc: label 7 at [1, 1] is out of range for 3 classes'], // biome-ignore format: one a line
    ['a label that is blank', () => ctc(draw(6, 2, 3), classes([[1, 0, 1], [2, 2, 0]]), steps, sizes), OptionError, 'ctc: label 0 at [0, 1] is the blank, which is no label; choose'], // biome-ignore format: one a line
    ['too many steps', () => ctc(draw(4, 2, 3), target, steps, sizes), IndexOutOfRangeError, 'ctc: inputLengths hold 6 at [0], but there are 4 steps; use 0 to 4.'], // biome-ignore format: one a line
    ['too many labels', () => ctc(draw(6, 2, 3), target, steps, steps), IndexOutOfRangeError, 'ctc: targetLengths hold 6 at [0], but there are 3 labels; use 0 to 3.'], // biome-ignore format: one a line
    ['a blank outside', () => ctc(draw(6, 2, 3), target, steps, sizes, { blank: 3 }), OptionError, 'ctc: blank is 3; use a class from 0 to 2.'], // biome-ignore format: one a line
    ['lengths of others', () => ctc(draw(6, 2, 3), target, classes([6]), sizes), ShapeError, 'ctc: logProbabilities [6, 2, 3] need inputLengths [2], got [1]'], // biome-ignore format: one a line
    ['one example', () => ctc(draw(6, 3), target, steps, sizes), ShapeError, 'ctc: logProbabilities are [steps, examples, classes], got [6, 3]'], // biome-ignore format: one a line
    ['floats for lengths', () => ctc(draw(6, 2, 3), target, steps, draw(2)), DTypeError, 'ctc: targetLengths is float64[2]; it holds int32'], // biome-ignore format: one a line
  ])('refuses %s', (_, act, kind, says) => {
    expect(act).toThrow(kind)
    expect(act).toThrow(says)
  })
})
