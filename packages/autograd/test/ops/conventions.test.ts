import {
  AxisError,
  atan2,
  avgPool2d,
  compile,
  cumMax,
  cumMin,
  cumProd,
  cumSum,
  eye,
  grad,
  hessian,
  hypot,
  IndexOutOfRangeError,
  jacobian,
  layerNorm,
  logCumSumExp,
  maximum,
  maxPool2d,
  maxWithIndices,
  minimum,
  minWithIndices,
  ShapeError,
  scaledDotProductAttention,
  type Tensor,
  tensor,
  where,
  xlogy,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { gradcheck } from '../../src/gradcheck/index.js'
import { ways as compiledWays, eager } from '../compile/harness.js'

// The published table of values and gradients at kinks and edges, row by row, through tensors.

const f64 = { dtype: 'float64' } as const
const at = (...numbers: number[]): Tensor => tensor(numbers, f64)
const inf = Number.POSITIVE_INFINITY

type F = (x: Tensor) => Tensor
const list = (t: Tensor): number[] => [...t.data].map((number) => number + 0)
const ways = [['eager', eager] as const, ...compiledWays]

/** The derivatives of the sum of f, the first by both modes (which must agree), as flat lists; -0 counts as 0. */
const derivatives = (f: F, x: Tensor) => {
  const loss = (p: Tensor) => f(p).sum()
  const first = list(grad(loss)(x))
  const forward = list(jacobian(loss, { mode: 'forward' })(x))
  expect(forward).toEqual(first.map((number) => expect.closeTo(number, 14)))
  return { value: list(f(x)), first, second: list(hessian(loss)(x)) }
}
const close = (...numbers: number[]): unknown[] => numbers.map((number) => expect.closeTo(number, 12))
const none = (count: number): number[] => new Array<number>(count).fill(0)

describe('corners', () => {
  test.each<[string, F, number[], number[]]>([
    ['relu', (x) => x.relu(), [0], [0]],
    ['relu6', (x) => x.relu6(), [0, 6], [0, 0]],
    ['hardSigmoid', (x) => x.hardSigmoid(), [-3, 3], [0, 0]],
    ['hardSwish', (x) => x.hardSwish(), [-3, 3], [0, 1]],
    ['abs', (x) => x.abs(), [0, 2], [0, 1]],
    ['sign', (x) => x.sign(), [0, 2, -3], [0, 0, 0]],
    ['floor', (x) => x.floor(), [1, 1.5], [0, 0]],
    ['leakyRelu', (x) => x.leakyRelu(0.2), [0, 1, -1], [0.2, 1, 0.2]],
    ['elu', (x) => x.elu(0.5), [0, 1], [0.5, 1]],
    ['clamp at its bounds', (x) => x.clamp(-1, 1), [-1, 1, 0, 2], [1, 1, 1, 0]],
    ['l1 loss', (x) => x.sub(at(1, 2)).abs().mean(), [1, 4], [0, 0.5]],
  ])('%s', (name, f, x, first) => {
    const found = derivatives(f, at(...x))
    expect(found.first).toEqual(first)
    const curved = name === 'elu' ? [0.5, 0, 0, 0] : none(x.length ** 2)
    expect(found.second).toEqual(curved)
  })

  test('elu, selu and celu at 0 have the derivatives from below', () => {
    for (const f of [(x: Tensor) => x.elu(1.5), (x: Tensor) => x.selu(), (x: Tensor) => x.celu(1.5)]) {
      const [here, below] = [derivatives(f, at(0)), derivatives(f, at(-1e-15))]
      expect([here.first, here.second]).toEqual([close(...below.first), close(...below.second)])
    }
  })

  test('bounds and choices have no derivative at NaN', () => {
    const nan = at(Number.NaN)
    const bounds = [(x: Tensor) => x.relu(), (x: Tensor) => x.relu6(), (x: Tensor) => x.hardTanh()]
    const choices = [(x: Tensor) => x.hardSigmoid(), (x: Tensor) => maximum(x, 1), (x: Tensor) => minimum(x, nan)]
    for (const f of [...bounds, ...choices]) {
      expect(derivatives(f, nan)).toEqual({ value: [Number.NaN], first: [0], second: [0] })
    }
  })

  test('a tie of maximum and minimum is shared', () => {
    for (const f of [maximum, minimum]) {
      expect(derivatives((x) => f(x, at(1, 2)) as Tensor, at(1, 2)).first).toEqual([0.5, 0.5])
      expect(derivatives((x) => f(at(1, 2), x) as Tensor, at(1, 2)).first).toEqual([0.5, 0.5])
    }
  })

  test('the extremes of equal value share', () => {
    expect(derivatives((x) => x.max(), at(3, 1, 3, 3))).toEqual({
      value: [3],
      first: [1 / 3, 0, 1 / 3, 1 / 3],
      second: none(16),
    })
    expect(derivatives((x) => x.min(), at(3, 1, 1)).first).toEqual([0, 0.5, 0.5])
    const rows = tensor([[1, 1], [2, 5]], f64) as Tensor // biome-ignore format: a matrix
    expect(derivatives((x) => x.max(1), rows).first).toEqual([0.5, 0.5, 0, 1])
  })

  test('with indices, the first of equal value has it all; NaN is the extreme', () => {
    const rows = tensor([[1, 3, 3], [2, NaN, 5], [-1, -1, -2]], f64) as Tensor // biome-ignore format: a matrix
    for (const [, wrap] of ways) {
      const { values, indices } = wrap((x: Tensor) => maxWithIndices(x, 1))(rows)
      expect([list(values as Tensor), list(indices as Tensor), indices.dtype]).toEqual([[3, NaN, -1], [1, 1, 0], 'int32']) // biome-ignore format: lists
    }
    const { first, second } = derivatives((x) => maxWithIndices(x, 1).values as Tensor, rows)
    expect(first).toEqual([0, 1, 0, 0, 1, 0, 1, 0, 0])
    expect(second).toEqual(none(81))
    expect(derivatives((x) => minWithIndices(x, 0).values as Tensor, at(2, 1, 1)).first).toEqual([0, 1, 0])
  })
})

test('the first of equal elements in a pooling window has the derivative', () => {
  const image = tensor([[[[2, 2, 1], [2, 0, 3]]]], f64) as Tensor // biome-ignore format: an image
  const { value, first } = derivatives((x) => maxPool2d(x, 2, { stride: 1 }), image)
  expect({ value, first }).toEqual({ value: [2, 3], first: [1, 0, 0, 0, 0, 1] })
})

describe('distances at 0', () => {
  const zero = at(0, 0)
  test.each<[string, F, Tensor]>([
    ['the norm', (x) => x.norm(), zero],
    ['the norm of a row', (x) => x.norm(1), zeros([2, 2], f64) as Tensor],
    ['the Frobenius norm', (x) => x.norm(), zeros([2, 2], f64) as Tensor],
    ['the standard deviation of a constant', (x) => x.standardDeviation(), at(3, 3)],
    ['the distance of equal points', (x) => x.sub(at(1, 2)).norm(), at(1, 2)],
    ['hypot', (x) => hypot(x, zero) as Tensor, zero],
    ['atan2', (x) => atan2(x, zero) as Tensor, zero],
    ['atan2 by its second operand', (x) => atan2(zero, x) as Tensor, zero],
  ])('%s has a gradient of 0', (_, f, x) => {
    const { value, first, second } = derivatives(f, x)
    expect(value).toEqual(none(value.length))
    expect(first).toEqual(none(x.size))
    expect(second).toEqual(none(x.size ** 2))
  })

  test('a norm of 0 beside others leaves them as they are', () => {
    const rows = tensor([[0, 0], [3, 4]], f64) as Tensor // biome-ignore format: a matrix
    const { value, first, second } = derivatives((x) => x.norm(1), rows)
    expect(value).toEqual([0, 5])
    expect(first).toEqual([0, 0, ...close(0.6, 0.8)])
    expect(second.slice(-2)).toEqual(close(-0.096, 0.072))
    expect(second.slice(0, 8)).toEqual(none(8))
  })
})

describe('the finite limit', () => {
  const tiny = Math.exp(-100)
  const times = (wanted: number) => expect.closeTo(wanted, 55)
  test.each<[string, F, number, unknown, unknown, unknown]>([
    ['x^2 at 0', (x) => x.pow(2), 0, 0, 0, 2],
    ['x^0 at 0', (x) => x.pow(0), 0, 1, 0, 0],
    ['x^1 at 0', (x) => x.pow(1), 0, 0, 1, 0],
    ['sinc at 0', (x) => x.sinc(), 0, 1, 0, expect.closeTo(-(Math.PI ** 2) / 3, 12)],
    ['softplus at 100', (x) => x.softplus(), 100, 100, 1, 0],
    ['softplus at -100', (x) => x.softplus(), -100, times(tiny), times(tiny), times(tiny)],
    ['sigmoid at -100', (x) => x.sigmoid(), -100, times(tiny), times(tiny), times(tiny)],
    ['silu at -100', (x) => x.silu(), -100, times(-100 * tiny), times(-99 * tiny), times(-98 * tiny)],
    ['logSigmoid at -100', (x) => x.logSigmoid(), -100, -100, 1, 0],
    ['tanh at 400', (x) => x.tanh(), 400, 1, 0, 0],
    ['gelu at -400', (x) => x.gelu(), -400, 0, 0, 0],
    ['erf at 30', (x) => x.erf(), 30, 1, 0, 0],
  ])('%s', (_, f, x, value, first, second) => {
    expect(derivatives(f, at(x))).toEqual({ value: [value], first: [first], second: [second] })
  })

  test('0^0 by the base, with an exponent that is a tensor', () => {
    expect(derivatives((x) => x.pow(at(0, 2)), at(0, 0)).first).toEqual([0, 0])
    expect(grad((e: Tensor) => at(0, 2).pow(e).sum())(at(0, 1)).toArray()).toEqual([
      0,
      expect.closeTo(2 * Math.LN2, 14),
    ])
  })

  test('xlogy at 0', () => {
    expect(derivatives((y) => xlogy(at(0, 0), y) as Tensor, at(0, 2)).value).toEqual([0, 0])
    expect(derivatives((y) => xlogy(at(0, 0), y) as Tensor, at(0, 2)).first).toEqual([0, 0])
  })
})

describe('an exact 0 that is no mask is taken for one, which gradcheck does not pass', () => {
  test.each<[string, F, Tensor, number]>([
    ['1 / (1 / x)', (x) => x.reciprocal().reciprocal(), at(0), 1],
    ['sqrt(x)^2', (x) => x.sqrt().square(), at(0), 1],
    ['exp(log(x))', (x) => x.log().exp(), at(0), 1],
    ['exp(-norm(x)^2)', (x) => x.norm().square().neg().exp(), at(0, 0), 0],
    ['|x|^2', (x) => x.abs().square(), at(0), 0],
    ['the squared standard deviation', (x) => x.standardDeviation().square(), at(3, 3), 0],
  ])('%s at 0', (_, f, x, slope) => {
    const loss = (p: Tensor) => f(p).sum()
    expect(list(grad(loss)(x))).toEqual(none(x.size))
    expect(list(compile(grad(loss))(x) as Tensor)).toEqual(none(x.size))
    if (slope === 0) expect(list(hessian(loss)(x))).toEqual(none(x.size ** 2))
    expect(gradcheck(f, [x]).verdict).not.toBe('pass')
  })

  test('written without the root it has its second derivative', () => {
    const smooth = (x: Tensor) => x.square().sum().neg().exp()
    expect(hessian(smooth)(at(0, 0)).toArray()).toEqual([[-2, 0], [0, -2]].map((row) => row.map((h) => expect.closeTo(h, 14)))) // biome-ignore format: a matrix
  })
})

describe('products with zeros are exact', () => {
  test('one zero', () => {
    const { value, first, second } = derivatives((x) => x.prod(), at(2, 0, 5))
    expect({ value, first }).toEqual({ value: [0], first: [0, 10, 0] })
    expect(second).toEqual([0, 5, 0, 5, 0, 2, 0, 2, 0])
  })

  test('two zeros', () => {
    const { value, first, second } = derivatives((x) => x.prod(), at(0, 3, 0))
    expect({ value, first }).toEqual({ value: [0], first: [0, 0, 0] })
    expect(second).toEqual([0, 0, 3, 0, 0, 0, 3, 0, 0])
  })

  test('nothing at all', () => {
    expect(derivatives((x) => x.prod(), zeros([0], f64) as Tensor)).toEqual({ value: [1], first: [], second: [] })
  })
})

describe('what is taken along an axis', () => {
  test('products up to zeros are exact, with all their derivatives', () => {
    // the sum of x0, x0 x1, x0 x1 x2, x0 x1 x2 x3
    const { value, first, second } = derivatives((x) => x.cumProd(), at(2, 0, 3, 0))
    expect({ value, first }).toEqual({ value: [2, 0, 0, 0], first: [1, 2 + 6, 0, 0] })
    expect(second).toEqual([[0, 1 + 3, 0, 0], [4, 0, 2, 6], [0, 2, 0, 0], [0, 6, 0, 0]].flat()) // biome-ignore format: a matrix
    const third = grad(
      (x: Tensor) => (grad((z: Tensor) => z.cumProd().sum())(x) as Tensor).at(0).mul(x.at(3)) as Tensor<[]>,
    )
    expect(list(third(at(2, 0, 3, 0)) as Tensor)).toEqual([0, 0, 0, 1])
  })

  test('the first of extremes that tie has the derivative', () => {
    expect(derivatives((x) => x.cumMax(), at(1, 3, 3, 2))).toEqual({
      value: [1, 3, 3, 3],
      first: [1, 3, 0, 0],
      second: none(16),
    })
    expect(derivatives((x) => x.cumMin(), at(2, 2, 1))).toEqual({ value: [2, 2, 1], first: [2, 0, 1], second: none(9) })
    expect(at(1, Number.NaN, 3).cumMax().toArray()).toEqual([1, Number.NaN, Number.NaN])
  })

  test('logCumSumExp of nothing but -Infinity has derivatives of 0, and infinities have equal parts', () => {
    const masked = derivatives((x) => logCumSumExp(x), at(-inf, -inf, 0))
    expect(masked).toEqual({ value: [-inf, -inf, 0], first: [0, 0, 1], second: none(9) })
    const full = derivatives((x) => logCumSumExp(x), at(3, inf, -inf, inf))
    expect({ ...full, second: [] }).toEqual({ value: [3, inf, inf, inf], first: [1, 2.5, 0, 0.5], second: [] })
    expect(logCumSumExp(at(Number.NaN, -inf)).toArray()).toEqual([Number.NaN, Number.NaN])
    expect(logCumSumExp(at(1e308, -1e308, 1e308)).toArray()).toEqual([1e308, 1e308, 1e308])
  })

  test('of nothing gives nothing', () => {
    const empty = zeros([2, 0], f64) as Tensor
    for (const cumulate of [cumSum, cumProd, cumMax, cumMin, logCumSumExp]) {
      expect(derivatives((x) => cumulate(x), empty)).toEqual({ value: [], first: [], second: [] })
    }
  })
})

describe('where: the branch not taken', () => {
  const x = at(-1, 0, 2)
  test.each<[string, F, number[], number[]]>([
    ['log', (p) => p.log(), [0, 0, 0.5], [0, 0, -0.25]],
    ['sqrt', (p) => p.sqrt(), [0, 0, 0.5 / Math.SQRT2], [0, 0, -1 / (8 * Math.SQRT2)]],
    ['1 / x', (p) => p.reciprocal(), [0, 0, -0.25], [0, 0, 0.25]],
    ['x log x', (p) => p.mul(p.log()), [0, 0, 1 + Math.LN2], [0, 0, 0.5]],
    ['exp(1000 (x - 2))', (p) => p.sub(2).mul(-1000).exp().mul(0.001), [0, 0, -1], [0, 0, 1000]],
  ])('%s', (_, branch, first, diagonal) => {
    const { first: found, second } = derivatives((p) => where(p.greater(0), branch(p), 0) as Tensor, x)
    expect(found).toEqual(close(...first))
    const wanted = none(9)
    diagonal.forEach((number, i) => {
      wanted[4 * i] = number
    })
    expect(second).toEqual(close(...wanted))
  })

  test('is exactly 0 though it is infinite or NaN', () => {
    const bad = at(Number.NaN, inf, -inf)
    const condition = tensor([false, false, false])
    expect(derivatives((p) => where(condition, p, 1) as Tensor, bad)).toEqual({
      value: [1, 1, 1],
      first: [0, 0, 0],
      second: none(9),
    })
  })
})

test('padding in pooling windows counts as zeros to a mean, and not at all to a maximum', () => {
  const image = tensor([[[[-1, -2]]]], f64) as Tensor
  const border = { stride: 1, padding: [0, 2] } as const
  expect(derivatives((x) => avgPool2d(x, [1, 2], border), image)).toEqual({
    value: [0, -0.5, -1.5, -1, 0],
    first: [1, 1],
    second: none(4),
  })
  expect(() => maxPool2d(image, [1, 2], border)).toThrow(ShapeError)
  expect(() => maxPool2d(image, [1, 2], border)).toThrow('covers whole windows, as number 0 along axis 3')
  const inner = derivatives((x) => maxPool2d(x, [1, 2], { stride: 1, padding: [0, 1] }), image)
  expect(inner).toEqual({ value: [-1, -1, -2], first: [2, 1], second: none(4) })
})

test('layerNorm of a constant is 0, and so is its gradient along that constant', () => {
  const shifted = (t: Tensor) => layerNorm(at(3, 3, 3, 3).add(t)) as Tensor
  expect(derivatives(shifted, at(0))).toEqual({ value: none(4), first: [0], second: [0] })
  const slopes = jacobian((x: Tensor) => layerNorm(x, { epsilon: 0.25 }), { mode: 'reverse' })(at(3, 3)) as Tensor
  expect(slopes.toArray()).toEqual([[1, -1], [-1, 1]]) // biome-ignore format: a matrix
})

describe('softmax and its kin', () => {
  const masked = at(-inf, -inf, -inf)
  test('a row that is all -Infinity has values and gradients of 0', () => {
    expect(derivatives((x) => x.softmax(), masked)).toEqual({ value: [0, 0, 0], first: [0, 0, 0], second: none(9) })
    expect(derivatives((x) => x.logSumExp(), masked)).toEqual({ value: [-inf], first: [0, 0, 0], second: none(9) })
  })

  test('logSoftmax of such a row is -Infinity, with the derivative that its formula has for a softmax of 0', () => {
    expect(masked.logSoftmax().toArray()).toEqual([-inf, -inf, -inf])
    const weighed = derivatives((x) => where(tensor([true, false, false]), x.logSoftmax(), 0) as Tensor, masked)
    expect(weighed).toEqual({ value: [-inf, 0, 0], first: [1, 0, 0], second: none(9) })
  })

  test('Infinity has the whole of a softmax, several of them equal parts', () => {
    expect(derivatives((x) => x.softmax(), at(3, inf, -inf))).toEqual({
      value: [0, 1, 0],
      first: [0, 0, 0],
      second: none(9),
    })
    expect(at(inf, 3, inf, -inf).softmax().toArray()).toEqual([0.5, 0, 0.5, 0])
    expect(at(inf, 3, inf).logSoftmax().toArray()).toEqual([-Math.LN2, -inf, -Math.LN2])
    const { value, first } = derivatives((x) => x.logSumExp(), at(inf, 3, inf))
    expect({ value, first }).toEqual({ value: [inf], first: [0.5, 0, 0.5] })
    expect(at(Number.NaN, inf).softmax().toArray()).toEqual([Number.NaN, Number.NaN])
    expect(at(Number.NaN, -inf).logSumExp().item()).toBeNaN()
  })

  test('a fully masked row of attention', () => {
    const keep = tensor([[true, true], [false, false]]) // biome-ignore format: a matrix
    const values = tensor([[1, 2], [3, 4]], f64) // biome-ignore format: a matrix
    const attend = (scores: Tensor) => where(keep, scores, -inf).softmax().matmul(values) as Tensor
    const scores = zeros([2, 2], f64) as Tensor
    const { value, first, second } = derivatives(attend, scores)
    expect(value).toEqual([2, 3, 0, 0])
    expect(first).toEqual([-1, 1, 0, 0])
    expect(second).toEqual(none(16))
    const attention = (q: Tensor) => scaledDotProductAttention(q, eye(2, 2, f64), values, { mask: keep }) as Tensor
    const byQueries = derivatives(attention, scores)
    expect(byQueries.value).toEqual([2, 3, 0, 0])
    expect(byQueries.first).toEqual(close(-Math.SQRT1_2, Math.SQRT1_2, 0, 0))
    expect(byQueries.second).toEqual(close(...none(16)))
  })

  test('a masked place beside others has none of the sum and no gradient', () => {
    const weights = at(1, 2, 4)
    const { value, first, second } = derivatives((x) => x.softmax().mul(weights), at(0, -inf, 0))
    expect(value).toEqual([0.5, 0, 2])
    expect(first).toEqual([-0.75, 0, 0.75])
    expect(second.slice(3, 6)).toEqual([0, 0, 0])
  })

  test('huge logits do not overflow', () => {
    expect(derivatives((x) => x.logSumExp(), at(1e4, 1e4))).toEqual({
      value: close(1e4 + Math.LN2),
      first: [0.5, 0.5],
      second: [0.25, -0.25, -0.25, 0.25],
    })
    const { value, first } = derivatives((x) => x.logSoftmax().mul(at(1, 0)), at(1e4, -1e4))
    expect({ value, first }).toEqual({ value: [0, 0], first: [0, 0] })
    expect(at(-1e4, 1e4).logSoftmax().toArray()).toEqual([-2e4, 0])
    expect(at(1e308, 1e308).logSumExp().item()).toBe(1e308)
  })

  test('lengths at 1e200 do not overflow', () => {
    const lengths: readonly (readonly [F, Tensor, number])[] = [
      [(x) => x.norm(), at(3e200, 4e200), 5e200],
      [(x) => x.norm(), at(3e-200, 4e-200), 5e-200],
      [(x) => hypot(x, at(4e200)) as Tensor, at(3e200), 5e200],
    ]
    for (const [f, x, length] of lengths) {
      const { value, first } = derivatives(f, x)
      expect(value[0]! / length).toBeCloseTo(1, 14)
      expect(first).toEqual(close(0.6, 0.8).slice(0, x.size))
    }
  })
})

describe('nothing to reduce', () => {
  const empty = zeros([2, 0], f64) as Tensor

  test('the mean is NaN, sums and products are those of nothing', () => {
    expect(empty.mean(1).toArray()).toEqual([Number.NaN, Number.NaN])
    expect(empty.sum(1).toArray()).toEqual([0, 0])
    expect(empty.prod(1).toArray()).toEqual([1, 1])
    expect(empty.logSumExp(1).toArray()).toEqual([-inf, -inf])
    expect(empty.norm(1).toArray()).toEqual([0, 0])
    expect(empty.all(1).toArray()).toEqual([1, 1])
    expect(empty.any(1).toArray()).toEqual([0, 0])
  })

  test.each<[string, () => unknown]>([
    ['max', () => empty.max(1)],
    ['min', () => empty.min(1)],
    ['argmax', () => empty.argmax(1)],
    ['argmin', () => empty.argmin(1)],
    ['maxWithIndices', () => maxWithIndices(empty, 1)],
    ['minWithIndices', () => minWithIndices(empty, 1)],
  ])('%s is an error that names the axis', (name, act) => {
    expect(act).toThrow(ShapeError)
    expect(act).toThrow(`${name}: axis 1 of shape [2, 0] is empty`)
  })

  test('an axis that is not there is an error', () => {
    expect(() => empty.sum(2)).toThrow(AxisError)
  })
})

describe('indices out of range are errors that name the index', () => {
  const x = at(1, 2, 3)
  const bad = tensor([0, 3], { dtype: 'int32' })
  const negative = tensor([0, -4], { dtype: 'int32' })
  test.each<[string, () => unknown, string]>([
    ['indexSelect', () => x.indexSelect(bad), 'index 3'],
    ['indexSelect', () => x.indexSelect(negative), 'index -4'],
    ['gather', () => x.gather(bad, 0), 'index 3'],
    ['scatterAdd', () => x.scatterAdd(negative, at(1, 2), 0), 'index -4'],
    ['oneHot', () => bad.oneHot(3), 'index 3'],
    ['oneHot', () => tensor([0, -1], { dtype: 'int32' }).oneHot(3), 'index -1'],
    ['at', () => x.at(3), 'index 3'],
  ])('%s', (name, act, says) => {
    expect(act).toThrow(IndexOutOfRangeError)
    expect(act).toThrow(name)
    expect(act).toThrow(says)
  })
})

test.each(ways)('indices below 0 count from the end, but for those of oneHot, %s', (_, wrap) => {
  const picks = tensor([-1, 0], { dtype: 'int32' }) as Tensor
  const x = at(1, 2, 3)
  const read = wrap(
    (a: Tensor, i: Tensor) => [a.indexSelect(i), a.gather(i, 0), a.scatterAdd(i, at(10, 20), 0)] as const,
  )
  expect(read(x, picks).map((t) => t.toArray())).toEqual([[3, 1], [3, 1], [21, 2, 13]]) // biome-ignore format: rows
  expect([x.at(-1).item(), x.slice(0, -2).toArray()]).toEqual([3, [2, 3]])
  // the same indices, looked at before, are no reason to let them pass
  const both = wrap((a: Tensor, i: Tensor) => [a.indexSelect(i), i.oneHot(3)] as const)
  expect(() => both(x, picks)).toThrow(
    /oneHot: index -1, at .* is out of range for axis 1 of size 3: use integers from 0 to 2/,
  )
})
