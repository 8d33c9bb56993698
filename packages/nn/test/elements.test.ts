import { type AnyTensor, compile, grad, ones, parameter, Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'
import * as nn from '../src/index.js'

// What the walk over samples and PyTorch's numbers do not say of layers without statistics: draws, corners, refusals.

const float64 = { dtype: 'float64' } as const
const x = (...shape: number[]) => new Random(4).normal(shape, float64) as Tensor
const numbers = (y: AnyTensor): number[] => [...y.data]

/** The same choices once more: 1 for what is kept. */
const choices = (seed: number, p: number, shape: readonly number[]) =>
  numbers(new Random(seed).bernoulli([...shape], { p: 1 - p, ...float64 }))

type Make = (p: number, random: Random) => nn.Module
const zeroing: Record<string, [Make, number[]]> = {
  Dropout: [(p, random) => new nn.Dropout(p, { random }), [3, 4, 5]],
  Dropout1d: [(p, random) => new nn.Dropout1d(p, { random }), [3, 4, 5]],
  Dropout2d: [(p, random) => new nn.Dropout2d(p, { random }), [3, 4, 2, 3]],
  Dropout3d: [(p, random) => new nn.Dropout3d(p, { random }), [3, 4, 2, 1, 3]],
}
const lowering: Record<string, [Make, number[]]> = {
  AlphaDropout: [(p, random) => new nn.AlphaDropout(p, { random }), [3, 4, 5]],
  FeatureAlphaDropout: [(p, random) => new nn.FeatureAlphaDropout(p, { random }), [3, 4, 5]],
}
interface Runs extends nn.Module {
  forward(x: AnyTensor): Tensor
}

describe.each(Object.entries({ ...zeroing, ...lowering }))('%s in training', (name, [make, shape]) => {
  const of = (p: number, seed = 8) => make(p, new Random(seed)) as unknown as Runs
  const size = shape.reduce((a, b) => a * b)
  const input = x(...shape)
  const chosen = name.endsWith('d') || name.startsWith('Feature') ? shape.slice(0, 2) : shape
  const each = size / chosen.reduce((a, b) => a * b)
  const kept = (p: number) => choices(8, p, chosen).flatMap((k) => Array.from({ length: each }, () => k))
  /** PyTorch's formulas. */
  const wanted = (p: number): number[] => {
    const alpha = 1.7580993408473766
    const a = 1 / Math.sqrt((alpha ** 2 * p + 1) * (1 - p))
    return kept(p).map((keep, i) => {
      const value = numbers(input)[i]!
      if (name in zeroing) return (value * keep) / (1 - p)
      return value * keep * a + (keep - 1) * alpha * a + alpha * a * p
    })
  }

  it.each([0.3, 0.7])('drops by one choice an element or channel, p = %s', (p) => {
    const y = of(p).forward(input)
    expect(kept(p)).toContain(0)
    expect(kept(p)).toContain(1)
    expect(numbers(y)).toEqual(wanted(p).map((value) => expect.closeTo(value, 12)))
  })

  it('passes gradients through what it keeps alone', () => {
    const p = 0.4
    const scale = name in zeroing ? 1 / (1 - p) : 1 / Math.sqrt((1.7580993408473766 ** 2 * p + 1) * (1 - p))
    const layer = of(p)
    const gradient = grad((x: Tensor) => layer.forward(x).sum() as Tensor<[]>)(input)
    expect(numbers(gradient)).toEqual(kept(p).map((k) => expect.closeTo(k * scale, 12)))
  })

  it('draws anew at each call, also where it is compiled, and with one seed the same', () => {
    const [layer, twin] = [of(0.5), of(0.5)]
    const compiled = compile((x: Tensor) => twin.forward(x))
    const [first, second] = [layer.forward(input), layer.forward(input)]
    expect(numbers(first)).not.toEqual(numbers(second))
    for (const y of [first, second]) {
      expect(numbers(compiled(input))).toEqual(numbers(y).map((value) => expect.closeTo(value, 12)))
    }
  })

  it('gives zeros for p = 1, x for p = 0 and in evaluation', () => {
    expect(numbers(of(1).forward(input)).every((value) => value === 0)).toBe(true)
    expect(of(0).forward(input)).toBe(input)
    expect(of(0.5).eval().forward(input)).toBe(input)
  })

  it('takes floats alone', () => {
    expect(() => of(0.5).forward(ones(shape as [number], { dtype: 'int32' }))).toThrow("cast it to 'float32'")
    expect(() => make(1.5, new Random())).toThrow(`${name}: p is 1.5; use a probability from 0 to 1.`)
  })
})

it('AlphaDropout keeps mean 0 and variance 1', () => {
  const y = new nn.AlphaDropout(0.3, { random: new Random(1) }).forward(new Random(2).normal([100_000], float64))
  expect(Math.abs(y.mean().item())).toBeLessThan(0.02)
  expect(Math.abs(y.variance().item() - 1)).toBeLessThan(0.02)
})

describe('RReLU in training', () => {
  const input = x(4, 50)

  it('draws a slope between its bounds for each negative element', () => {
    const layer = new nn.RReLU(0.2, 0.6, { random: new Random(3) })
    const slopes = numbers(new Random(3).uniform([4, 50], { low: 0.2, high: 0.6, ...float64 }))
    const y = numbers(layer.forward(input))
    const wanted = numbers(input).map((value, i) => (value > 0 ? value : value * slopes[i]!))
    expect(y).toEqual(wanted.map((value) => expect.closeTo(value, 12)))
    expect(numbers(layer.forward(input))).not.toEqual(y)
    const again = new nn.RReLU(0.2, 0.6, { random: new Random(3) })
    const gradient = numbers(grad((x: Tensor) => again.forward(x).sum() as Tensor<[]>)(input))
    expect(gradient).toEqual(numbers(input).map((value, i) => (value > 0 ? 1 : expect.closeTo(slopes[i]!, 12))))
  })
})

describe('at the corners', () => {
  const slope = (layer: nn.Module, at: number) =>
    grad((x: Tensor) => (layer as unknown as Runs).forward(x).sum() as Tensor<[]>)(tensor([at], float64) as never)
  it.each([
    [new nn.HardTanh(-0.5, 2), -0.5],
    [new nn.HardTanh(-0.5, 2), 2],
    [new nn.Hardshrink(), 0.5],
    [new nn.Softshrink(), -0.5],
    [new nn.Threshold(1, 3), 1],
  ])('%s has derivative 0 at %s', (layer, at) => {
    expect(numbers(slope(layer, at))).toEqual([0])
  })

  it('NaN stays NaN', () => {
    for (const layer of [new nn.HardTanh(-0.5, 2), new nn.Softplus(2), new nn.Softshrink(), new nn.Threshold(0, 1)]) {
      expect(numbers(layer.forward(tensor([Number.NaN]))), `${layer}`).toEqual([Number.NaN])
    }
  })
})

describe('Residual', () => {
  const module = () => new nn.Linear(3, 3, { random: new Random(1), ...float64 })

  it('adds what the module makes of x, scaled', () => {
    const [input, linear] = [x(2, 3), module()]
    const y = linear.forward(input as never) as Tensor
    const scaled = new nn.Residual(linear, { scale: 0.25 }).forward(input as never) as Tensor
    expect(numbers(scaled)).toEqual(numbers(input).map((value, i) => expect.closeTo(value + 0.25 * y.data[i]!, 12)))
    expect(numbers(new nn.Residual(new nn.Identity()).forward(input))).toEqual(numbers(input.mul(2)))
  })

  it('has the parameters of its parts, and its scale if that is one', () => {
    const scale = parameter(tensor(0, float64)) as Tensor
    const layer = new nn.Residual(module(), { scale, projection: new nn.Linear(3, 3, { bias: false }) })
    expect([...layer.namedParameters().keys()]).toEqual(['module.weight', 'module.bias', 'scale', 'projection.weight'])
    expect([...new nn.Residual(module(), { scale: tensor(0.5) }).namedParameters().keys()]).toEqual([
      'module.weight',
      'module.bias',
    ])
  })

  it('says what is wrong', () => {
    const wide = new nn.Linear(3, 5)
    expect(() => new nn.Residual(wide as nn.Module).forward(zeros([2, 3]) as never)).toThrow(
      'Residual: x has shape [2, 3] and the module gives [2, 5]; give a projection to the shape of the module',
    )
    // which would stretch
    expect(() => new nn.Residual(new nn.Linear(3, 1) as nn.Module).forward(zeros([2, 3]) as never)).toThrow(
      'the module gives [2, 1]',
    )
    expect(() =>
      new nn.Residual(wide as nn.Module, { projection: new nn.Linear(3, 4) as nn.Module }).forward(
        zeros([2, 3]) as never,
      ),
    ).toThrow(
      'Residual: the projection has shape [2, 4] and the module gives [2, 5]; choose modules that give one shape',
    )
    class Pair extends nn.Module {
      forward(x: Tensor) {
        return [x, x]
      }
    }
    expect(() => new nn.Residual(new Pair() as nn.Module).forward(zeros([2]) as never)).toThrow(
      'Residual: the module gives no tensor but a thing of type object',
    )
    expect(() => new nn.Residual(new nn.ModuleList([wide]))).toThrow('Residual: module has no forward(x)')
    expect(() => new nn.Residual(nn.ReLU as never)).toThrow(/Residual: module is the function ReLU.*; use a module/)
    expect(() => new nn.Residual(wide as nn.Module, { scale: Number.NaN })).toThrow('Residual: scale is NaN')
  })
})

describe('what is refused', () => {
  const cases: readonly [string, () => unknown, string][] = [
    ['an odd axis', () => new nn.GLU().forward(zeros([2, 3])), 'glu'],
    ['channels of PReLU', () => new nn.PReLU(3).forward(zeros([2, 4]) as never), 'PReLU(3): expects 3 channels, got 4'],
    [
      'a vector for channels',
      () => new nn.PReLU(3).forward(zeros([3]) as never),
      'PReLU(3): expects [batch, channels, ...], got shape [3]',
    ],
    [
      'slopes in disorder',
      () => new nn.RReLU(0.5, 0.1),
      'RReLU: lower and upper is 0.5 and 0.1; use finite numbers, the first not above the second',
    ],
    [
      'bounds in disorder',
      () => new nn.HardTanh(2, 1),
      'HardTanh: low and high is 2 and 1; use numbers, the first below the second',
    ],
    ['a shrinkage below 0', () => new nn.Softshrink(-1), 'Softshrink: lambda is -1; use a number of at least 0'],
    ['beta', () => new nn.Softplus(0), 'Softplus: beta is 0; use a positive number'],
    [
      'a matrix of pixels',
      () => new nn.Softmax2d().forward(zeros([2, 3])),
      'Softmax2d: expects [batch, channels, height, width], got shape [2, 3]; use Softmax',
    ],
    [
      'a batch without channels',
      () => new nn.Dropout2d().forward(zeros([2, 3, 4]) as never),
      'Dropout2d(0.5): expects [batch, channels, height, width], got shape [2, 3, 4]; add a batch axis',
    ],
    [
      'a vector of channels',
      () => new nn.FeatureAlphaDropout().forward(zeros([2]) as never),
      'FeatureAlphaDropout(0.5): expects [batch, channels, ...], got shape [2]',
    ],
    ['axes in disorder', () => new nn.Flatten(2, 1), 'Flatten: axis 1 comes before axis 2; pass the first one first.'],
    [
      'axes that come to be in disorder',
      () => new nn.Flatten(2, -3).forward(zeros([2, 3, 4]) as never),
      'Flatten(2, -3): axis -3 comes before axis 2 in shape [2, 3, 4]',
    ],
    [
      'an axis that x lacks',
      () => new nn.Flatten(1, 3).forward(zeros([2, 3]) as never),
      'Flatten(1, 3): x [2, 3] has no axis 3; its axes go from -2 to 1',
    ],
    [
      'sizes that do not fit',
      () => new nn.Unflatten(1, [2, 3]).forward(zeros([2, 5]) as never),
      'Unflatten(1, [2, 3]): axis 1 of x [2, 5] has size 5, and [2, 3] needs 6',
    ],
    [
      'an open size that does not fit',
      () => new nn.Unflatten(1, [2, -1]).forward(zeros([2, 5])),
      'needs a multiple of 2',
    ],
    [
      'two open sizes',
      () => new nn.Unflatten(1, [-1, -1]),
      'Unflatten: sizes is [-1, -1]; use positive integers, of which one may be -1',
    ],
    ['no sizes', () => new nn.Unflatten(1, []), 'Unflatten: sizes is []'],
    [
      'another axis to divide',
      () => new nn.Unflatten(2, [1, 2]).forward(zeros([2, 2]) as never),
      'Unflatten(2, [1, 2]): x [2, 2] has no axis 2',
    ],
  ]
  test.each(cases)('%s', (_, act, message) => expect(act).toThrow(message))
})
