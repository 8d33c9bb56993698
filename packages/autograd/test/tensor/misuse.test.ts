import {
  AdjointError,
  concat,
  customOp,
  elementwise,
  grad,
  jacobian,
  noGrad,
  ones,
  parameter,
  type Tensor,
  tensor,
  vjp,
  zeros,
} from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, it } from 'vitest'

const f64 = { dtype: 'float64' } as const
const int32 = { dtype: 'int32' } as const
// what plain JavaScript may call
const loose = (x: Tensor) => x as unknown as Record<string, (...args: unknown[]) => Tensor>

describe('a mistake is an error with a sentence, not a raw TypeError or a silent result', () => {
  const x: Tensor = tensor([
    [1, 2],
    [3, 4],
  ])
  it.each<[string, () => unknown, RegExp]>([
    ['matmul by a number', () => loose(x).matmul!(2), /matmul: b is 2; use a tensor/],
    ['dims as arguments', () => loose(x).reshape!(4, 1), /reshape: shape is 4; use an array/],
    ['axes as arguments', () => loose(x).permute!(1, 0), /permute: axes is 1; use an array/],
    [
      'options in the place of an axis',
      () => loose(x).sum!({ keepDims: true }),
      /sum: axis is { keepDims }; use an integer/,
    ],
    [
      'a list with a number',
      () => concat([x, 5] as never),
      /concat: tensors is \[float32\[2, 2\], 5\]; use an array of tensors/,
    ],
    [
      'axes of transpose',
      () => loose(x).transpose!(0, 1),
      /transpose: it takes \(x\), and 0 is one too many: it swaps the last two axes.*swapAxes/,
    ],
    [
      'an unknown mode',
      () => jacobian((a: Tensor) => a, { mode: 'rev' as never })(x),
      /jacobian: mode is 'rev'; use 'reverse' or 'forward'/,
    ],
    [
      'no tensor from a function',
      () => jacobian((() => 3) as never)(x),
      /jacobian: the result is the number 3.*wrap it with tensor/,
    ],
    [
      'a module among parameters',
      () => grad((p: { a: Tensor }) => p.a.sum())({ a: x, m: new Map() } as never),
      /\.m is an instance of Map/,
    ],
    ['a parameter of no tensor', () => parameter([1, 2] as never), /parameter: initial is \[1, 2\]; use a tensor/],
    ['assign of no tensor', () => parameter(x).assign(3 as never), /assign: next is 3; use a tensor/],
    [
      'gradcheck of no array',
      () => gradcheck((a: Tensor) => a, x as never),
      /gradcheck: inputs is float32.*an array of the arguments/,
    ],
    [
      'an elementwise function that gives nothing',
      () => elementwise('odd', (() => undefined) as never),
      /elementwise: 'odd' is a function without operands; write it as \(m, x\)/,
    ],
    [
      'an elementwise function that gives no element',
      () => elementwise('odd', ((_m: unknown, _x: unknown) => undefined) as never),
      /elementwise: 'odd' returned undefined; return what the functions of m give/,
    ],
    [
      'an elementwise function that gives a tensor',
      () => elementwise('odd', ((_m: unknown, _x: unknown) => x) as never),
      /elementwise: 'odd' returned float32\[2, 2\]; return/,
    ],
    ['a hole', () => tensor(new Array<number>(3)), /data\[0\] is undefined/],
    ['a DataView', () => tensor(new DataView(new ArrayBuffer(4)) as never), /DataView/],
    [
      'too much',
      () => zeros([2 ** 40]),
      /zeros: shape \[1099511627776\] has 1099511627776 elements, and .* at most 2147483647: work on parts/,
    ],
    ['a number beyond int32', () => tensor([1], int32).equal(2 ** 32 + 1), /equal: 4294967297 is no 32-bit integer/],
  ])('%s', (_name, act, says) => {
    expect(act).toThrow(AdjointError)
    expect(act).toThrow(says)
  })
})

it('a stack overflow stays one', () => {
  // an op takes more of the stack than what calls it: it overflows there
  const deep = (x: Tensor): Tensor => deep(x.sum(0, { keepDims: true }))
  expect(() => deep(ones([2]))).toThrow(RangeError)
})

describe('what a review found silently wrong stays right', () => {
  it('a value replaced right after its last use is noticed', () => {
    const w = parameter(tensor(3, f64))
    const y = w.square()
    w.assign(tensor(5, f64))
    expect(() => y.backward()).toThrow(/new value after/)
  })

  it('leaves that receive the same gradient do not share it', () => {
    const [a, b] = [parameter(ones([2])), parameter(ones([2]))]
    a.add(b).sum().backward()
    for (const p of [a, b]) p.grad.assign(p.grad.mul(0.5))
    expect([a.grad.toArray(), b.grad.toArray()]).toEqual([
      [0.5, 0.5],
      [0.5, 0.5],
    ])
    const cotangent = ones([2])
    const [da, db] = vjp((p: Tensor, q: Tensor) => p.add(q), ones([2]), ones([2]))[1](cotangent)
    expect(new Set([da, db, cotangent]).size).toBe(3)
  })

  it('a custom rule is asked again when another differentiation records', () => {
    const cube = customOp({
      name: 'cube',
      forward: (x) => x.pow(3),
      vjp: (g, [x]) => [g.mul(x.square()).mul(3)],
    })
    const one: Tensor = tensor(1, f64)
    const twice = grad((x: Tensor) => {
      const [, pullback] = vjp(cube, x)
      noGrad(() => pullback(one))
      return pullback(one)[0]
    })
    expect(twice(tensor(2, f64)).item()).toBe(12)
  })

  it('a shape array may be used again by its owner', () => {
    const shape = [4]
    const y = ones([2, 2]).reshape(shape)
    const z = ones([1]).broadcastTo(shape)
    shape[0] = 3
    expect([y.shape, z.shape]).toEqual([[4], [4]])
  })

  it('an element that is not the maximum has a gradient of 0, also where the cotangent is infinite', () => {
    expect(grad((x: Tensor) => x.max().log())(tensor([0, -1], f64)).toArray()).toEqual([Number.POSITIVE_INFINITY, 0])
  })

  it('slice without bounds is the whole axis', () => {
    expect(loose(tensor([1, 2])).slice!(0).toArray()).toEqual([1, 2])
  })

  it('a variance with more correction than elements is not negative', () => {
    expect(tensor([1, 2], f64).variance(0, { correction: 3 }).item()).toBe(Number.POSITIVE_INFINITY)
  })

  it('argmax over all axes keeps them when asked to', () => {
    expect(zeros([2, 3]).argmax(undefined, { keepDims: true }).shape).toEqual([1, 1])
  })

  it('backward inside grad leaves gradients without a past', () => {
    const w = parameter(tensor(2, f64))
    grad((x: Tensor) => {
      w.mul(w).sum().backward()
      return x.mul(w).sum()
    })(tensor([1], f64))
    expect([w.grad.item(), w.grad.requiresGrad, w.grad.op]).toEqual([4, false, null])
  })
})
