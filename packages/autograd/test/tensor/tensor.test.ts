import {
  AdjointError,
  arange,
  cast,
  DTypeError,
  eye,
  full,
  GradientError,
  linspace,
  ones,
  onesLike,
  parameter,
  random,
  ShapeError,
  type Tensor,
  tanh,
  tensor,
  zeros,
  zerosLike,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'

describe('creation', () => {
  it('takes nested arrays, with their shape', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect([x.shape, x.rank, x.size, x.dtype]).toEqual([[2, 3], 2, 6, 'float32'])
    expect(x.toArray()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(tensor(3).shape).toEqual([])
    expect(tensor([[], []] as number[][]).shape).toEqual([2, 0])
  })

  it('takes the dtype asked for, or that of what it is given', () => {
    expect(tensor([1], { dtype: 'float64' }).dtype).toBe('float64')
    expect(tensor([true, false]).dtype).toBe('bool')
    expect(tensor(new Float64Array(2)).dtype).toBe('float64')
    expect(tensor(new Int32Array(2)).dtype).toBe('int32')
    expect(tensor(new Uint8Array(2)).dtype).toBe('float32')
  })

  it('copies what it is given', () => {
    const data = new Float32Array([1, 2])
    const x = tensor(data)
    data[0] = 9
    expect(x.toArray()).toEqual([1, 2])
  })

  it('makes the usual tensors', () => {
    expect(zeros([2]).toArray()).toEqual([0, 0])
    expect(ones([1, 2]).toArray()).toEqual([[1, 1]])
    expect(full([2], 0.5).toArray()).toEqual([0.5, 0.5])
    expect(eye(2, 3).toArray()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ])
    expect(arange(3).toArray()).toEqual([0, 1, 2])
    expect(arange(1, 2, 0.25).toArray()).toEqual([1, 1.25, 1.5, 1.75])
    expect(arange(3, 0, -1).toArray()).toEqual([3, 2, 1])
    expect(arange(2, { dtype: 'int32' }).dtype).toBe('int32')
    expect(linspace(0, 1, 5).toArray()).toEqual([0, 0.25, 0.5, 0.75, 1])
    expect(linspace(2, 3, 1).toArray()).toEqual([2])
    expect(() => linspace(0, 1, 3, { dtype: 'int32' })).toThrow(/linspace: 0\.5 at \[1\]/)
    expect(zerosLike(tensor([1, 2], { dtype: 'float64' })).dtype).toBe('float64')
    expect(onesLike(tensor([1, 2])).toArray()).toEqual([1, 1])
  })

  it.each<[string, () => unknown, typeof AdjointError, RegExp]>([
    ['ragged rows', () => tensor([[1, 2], [3]] as number[][]), ShapeError, /ragged.*data\[1\] has length 1.*\[2, 2\]/],
    [
      'a number among rows',
      () => tensor([[1, 2], 3] as never),
      ShapeError,
      /ragged.*data\[1\] is 3.*array of length 2/,
    ],
    ['rows among numbers', () => tensor([1, [2]] as never), ShapeError, /ragged.*data\[1\]/],
    ['a string', () => tensor(['a'] as never), DTypeError, /data\[0\] is 'a'; elements are numbers/],
    [
      'NaN as an int32',
      () => tensor([[0], [Number.NaN]], { dtype: 'int32' }),
      DTypeError,
      /NaN at \[1, 0\].*32-bit integer/,
    ],
    ['a fraction as an int32', () => tensor(0.5, { dtype: 'int32' }), DTypeError, /0\.5 is not a 32-bit integer/],
    ['2 as a bool', () => tensor([2], { dtype: 'bool' }), DTypeError, /2 at \[0\] is not a truth value/],
    [
      'an unknown dtype',
      () => tensor(1, { dtype: 'float16' as never }),
      DTypeError,
      /'float16' is no dtype.*'float32'/,
    ],
    ['a negative dimension', () => zeros([2, -1]), ShapeError, /zeros: \[2, -1\] is not a shape/],
    ['a fraction in an int32 range', () => arange(0, 1, 0.5, { dtype: 'int32' }), DTypeError, /arange: 0\.5 at \[1\]/],
    [
      'an unknown dtype of random numbers',
      () => random.normal([2], { dtype: 'half' as never }),
      DTypeError,
      /random\.normal: 'half' is no dtype/,
    ],
    ['an endless range', () => arange(0, 1, 0), ShapeError, /arange: from 0 to 1 by 0 has no end/],
  ])('refuses %s', (_name, act, error, says) => {
    expect(act).toThrow(error)
    expect(act).toThrow(says)
    expect(act).toThrow(AdjointError)
  })
})

describe('a tensor', () => {
  it('is read as a number, nested arrays or a typed array, through any view', () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(x.at(1).at(-1).item()).toBe(6)
    expect(x.transpose().toArray()).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ])
    expect(Array.from(x.transpose().data)).toEqual([1, 4, 2, 5, 3, 6])
    expect(Array.from(x.flip(0).data)).toEqual([4, 5, 6, 1, 2, 3])
    for (const y of [x.add(1), x.flip(0), x.sum()]) expect(y.data).toBe(y.data)
    expect(x.broadcastTo([2, 2, 3]).toArray()[1]).toEqual(x.toArray())
    expect(() => (x as Tensor).item()).toThrow(/item: shape \[2, 3\] has 6 elements.*toArray/)
  })

  it('has every op as a method that is the function', () => {
    const x = tensor([0.5, 1])
    expect(x.tanh().toArray()).toEqual(tanh(x).toArray())
    expect([x, x].map(tanh)[1]!.toArray()).toEqual(tanh(x).toArray())
  })

  it('shows itself', () => {
    expect(String(tensor([[1, 2]]))).toBe('float32[1, 2]')
    const shown = (tensor(new Float32Array(100)) as unknown as Record<symbol, () => string>)[
      Symbol.for('nodejs.util.inspect.custom')
    ]!
    expect(shown.call(arange(100))).toBe('Tensor float32[100] [0, 1, 2, ..., 97, 98, 99]')
    expect(shown.call(tensor([[1.5], [Number.NaN]]))).toBe('Tensor float32[2, 1] [[1.5], [NaN]]')
  })

  it('promotes dtypes as bool < int32 < float32 < float64, and numbers take that of the tensor', () => {
    const [b, i, f, d] = [
      tensor([true]),
      tensor([2], { dtype: 'int32' }),
      tensor([2]),
      tensor([2], { dtype: 'float64' }),
    ] as const
    expect(b.add(i).dtype).toBe('int32')
    expect(i.add(f).dtype).toBe('float32')
    expect(f.add(d).dtype).toBe('float64')
    expect(i.mul(3).dtype).toBe('int32')
    expect(i.mul(0.5).dtype).toBe('float32')
    expect(i.div(2).dtype).toBe('float32')
    expect(d.mul(0.1).dtype).toBe('float64')
    expect(f.add(1e-3).dtype).toBe('float32')
    expect(i.exp().dtype).toBe('float32')
    expect(f.less(d).dtype).toBe('bool')
    expect(b.sum().dtype).toBe('int32')
    expect(i.mean().item()).toBe(2)
  })

  it('keeps the sign of a zero among numbers', () => {
    expect(tensor(1).mul(-0).item()).toBe(-0)
    expect(tensor(1).div(0).item()).toBe(Number.POSITIVE_INFINITY)
    expect(tensor(1).div(-0).item()).toBe(Number.NEGATIVE_INFINITY)
  })

  it('carries gradients back through a cast, in the dtype of each side', () => {
    const x = parameter(tensor([1, 2]))
    cast(x, 'float64').square().sum().backward()
    expect([x.grad.dtype, x.grad.toArray()]).toEqual(['float32', [2, 4]])
  })

  it('states its shape with as(), or says that it is another', () => {
    const x: Tensor = zeros([2, 3])
    expect(x.as([-1, 3])).toBe(x)
    expect(() => x.as([3, 2])).toThrow(/as: the tensor has shape \[2, 3\], not \[3, 2\]/)
  })
})

describe('a parameter', () => {
  it('is a leaf of its own, apart from what it was made from', () => {
    const initial = zeros([2])
    const w = parameter(initial)
    w.assign(ones([2]))
    expect(initial.toArray()).toEqual([0, 0])
    expect([w.toArray(), w.requiresGrad, initial.requiresGrad]).toEqual([[1, 1], true, false])
  })

  it('can be frozen and thawed', () => {
    const w = parameter(tensor(2))
    w.requiresGrad = false
    expect(w.mul(3).requiresGrad).toBe(false)
    w.requiresGrad = true
    expect(w.mul(3).requiresGrad).toBe(true)
  })

  it.each<[string, () => unknown, RegExp]>([
    ['assign to a result', () => parameter(tensor(1)).mul(2).assign(tensor(1)), /assign: .*result of 'mul'.*detach/],
    [
      'assign another shape',
      () => (parameter(zeros([2])) as Tensor).assign(zeros([3])),
      /assign: float32\[3\].*float32\[2\]/,
    ],
    [
      'require a gradient of integers',
      () => parameter(tensor([1], { dtype: 'int32' })),
      /parameter: int32\[1\] has no gradient as int32.*'float32'/,
    ],
    [
      'give a gradient of another shape',
      () => {
        ;(parameter(zeros([2])) as Tensor).grad = zeros([3])
      },
      /grad: float32\[3\]/,
    ],
  ])('refuses to %s', (_name, act, says) => {
    expect(act).toThrow(says)
    expect(act).toThrow(AdjointError)
  })

  it('gives a clear error when asked to differentiate a wrongly shaped custom rule', async () => {
    const { customOp, grad } = await import('@adjoint/autograd')
    const wrong = customOp({ name: 'wrong', forward: (x: Tensor) => x.mul(2), vjp: (g) => [g.sum()] })
    expect(() => grad((x: Tensor) => wrong(x).sum())(tensor([1, 2]))).toThrow(GradientError)
    expect(() => grad((x: Tensor) => wrong(x).sum())(tensor([1, 2]))).toThrow(
      /wrong: .*input 0.*\[\].*\[2\].*broadcast/,
    )
    const none = customOp({ name: 'none', forward: (x: Tensor) => x.mul(2) })
    expect(() => grad((x: Tensor) => none(x).sum())(tensor([1]))).toThrow(/none: it has neither a vjp nor a jvp rule/)
    const short = customOp({ name: 'short', forward: (x: Tensor, y: Tensor) => x.mul(y), vjp: (g) => [g] })
    expect(() => grad((x: Tensor) => short(x, x).sum())(tensor([1]))).toThrow(
      /short: .*returned 1 cotangents for 2 inputs/,
    )
  })
})
