import {
  ArgumentError,
  arange,
  avgPool2d,
  compile,
  concat,
  conv2d,
  DTypeError,
  expandDims,
  eye,
  full,
  hessian,
  jacobian,
  linspace,
  matmul,
  maxPool2d,
  oneHot,
  ones,
  onesLike,
  pad,
  random,
  ShapeError,
  type Tensor,
  tensor,
  where,
  zeros,
  zerosLike,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'

// What cannot be is refused before anything is computed: a test that fails here takes long or runs out of memory.

const many = 2 ** 31
const half = 2 ** 16
const long: Tensor = zeros([1, half])
const tall: Tensor = zeros([half, 1])
const one: Tensor = ones([1])
const loose = (f: unknown) => f as (...args: unknown[]) => Tensor

describe('a tensor has less than 2^31 elements', () => {
  const makers: readonly (readonly [string, () => unknown])[] = [
    ['zeros', () => zeros([many])],
    ['ones', () => ones([half, half])],
    ['full', () => full([many, 2], 3)],
    ['eye', () => eye(half)],
    ['arange', () => arange(many)],
    ['linspace', () => linspace(0, 1, many)],
    ['zeros', () => zeros([2 ** 53, 2 ** 53, 2 ** 53, 2 ** 900])],
    ['random.uniform', () => random.uniform([many])],
    ['random.normal', () => random.normal([half, half])],
    ['random.bernoulli', () => random.bernoulli([many])],
    ['random.permutation', () => random.permutation(many)],
  ]
  const ops: readonly (readonly [string, () => Tensor])[] = [
    ['broadcastTo', () => one.broadcastTo([many]) as Tensor],
    ['add', () => long.add(tall) as Tensor],
    ['mul', () => tall.mul(long) as Tensor],
    ['where', () => where(tall.greater(0), long, 1) as Tensor],
    ['matmul', () => matmul(tall, long) as Tensor],
    ['matmul', () => matmul(zeros([half, 1, 2]) as Tensor, zeros([1, 2, half])) as Tensor],
    ['pad', () => pad(one, [[many, 0]]) as Tensor],
    ['concat', () => concat(new Array(half).fill(long), 0) as Tensor],
    ['oneHot', () => oneHot(zeros([half], { dtype: 'int32' }), half) as Tensor],
    ['conv2d', () => conv2d(zeros([1, 1, 4096, 4096]) as Tensor, zeros([1, 1, 500, 500]), { stride: 2 }) as Tensor],
    ['maxPool2d', () => maxPool2d(zeros([1, 1, 4096, 4096]) as Tensor, 512, { stride: 1 }) as Tensor],
    ['avgPool2d', () => avgPool2d(one.reshape([1, 1, 1, 1]) as Tensor, 1, { padding: half }) as Tensor],
  ]
  const cube = (x: Tensor) => x.mul(x).mul(x) as Tensor
  const transforms: readonly (readonly [string, () => unknown])[] = [
    ['jacobian', () => jacobian(cube)(zeros([half]) as Tensor)],
    ['jacobian', () => jacobian(cube, { mode: 'forward' })(zeros([half]) as Tensor)],
    ['hessian', () => hessian((x: Tensor) => cube(x).sum())(zeros([half]) as Tensor)],
  ]
  it.each([...makers, ...ops, ...transforms])('%s', (name, make) => {
    expect(make).toThrow(ShapeError)
    expect(make).toThrow(name)
    expect(make).toThrow(/shape \[.*\] has \S+ elements, and a tensor has at most 2147483647/)
  })

  it.each(ops)('%s, while a function is traced', (_, make) => {
    expect(() => compile(() => make())()).toThrow(/at most 2147483647/)
  })

  it('a view of many elements costs nothing', () => {
    const wide = expandDims(one.broadcastTo([many - 1]) as Tensor, 0)
    expect(wide.slice(1, many - 3, many).size).toBe(2)
    expect(one.broadcastTo([0, 2 ** 40]).size).toBe(0)
  })
})

describe('nested arrays', () => {
  const nested = (depth: number): unknown => {
    let data: unknown = 1
    for (let i = 0; i < depth; i++) data = [data]
    return data
  }
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  const first: unknown[] = [1, 2]
  const pair = [first, [3, 4]]
  first[0] = pair
  const second: unknown[] = [1, 2]
  second[1] = second

  it.each<[string, unknown, RegExp]>([
    ['an array of itself', cyclic, /tensor: .* nested more than 64 deep, or one contains itself/],
    ['a cycle of two', pair, /nested more than 64 deep/],
    ['itself as a later entry', second, /ragged/],
    ['nesting without end', nested(100_000), /nested more than 64 deep/],
  ])('%s is refused', (_, data, says) => {
    expect(() => loose(tensor)(data)).toThrow(ShapeError)
    expect(() => loose(tensor)(data)).toThrow(says)
  })

  it('64 axes are fine, and so is one array in several places', () => {
    const deep = loose(tensor)(nested(64))
    expect([deep.shape.length, deep.add(1).sum().item()]).toEqual([64, 2])
    const row = [1, 2]
    expect(tensor([row, row]).toArray()).toEqual([row, row])
  })
})

describe('linspace', () => {
  it('spans bounds whose difference overflows', () => {
    const f64 = { dtype: 'float64' } as const
    expect(linspace(-1e308, 1e308, 5, f64).toArray()).toEqual([-1e308, -5e307, 0, 5e307, 1e308])
    expect(linspace(0, 1.5e308, 4, f64).toArray()).toEqual([0, 5e307, expect.closeTo(1e308, -300), 1.5e308])
  })

  it('refuses bounds that are not finite', () => {
    for (const bound of [Number.POSITIVE_INFINITY, Number.NaN]) {
      expect(() => linspace(0, bound, 3)).toThrow(ShapeError)
      expect(() => linspace(bound, 0, 1)).toThrow('use finite bounds')
    }
  })
})

describe('full', () => {
  it.each<[string, unknown[]]>([
    ['no value', [[2]]],
    ['options in its place', [[2], { dtype: 'int32' }]],
    ['text', [[2], '3']],
    ['null', [[2], null]],
  ])('with %s is refused', (_, args) => {
    expect(() => loose(full)(...args)).toThrow(ArgumentError)
    expect(() => loose(full)(...args)).toThrow(/full: value is .*; use a number, as in full\(\[2, 3\], 0.5\)/)
  })

  it('keeps the sign of a zero, and takes truth values', () => {
    expect(Object.is(full([1], -0).item(), -0)).toBe(true)
    expect(loose(full)([2], true, { dtype: 'bool' }).data).toEqual(new Uint8Array([1, 1]))
    expect([zerosLike(one).item(), onesLike(one).item()]).toEqual([0, 1])
  })
})

describe('pad refuses a value that the dtype has not', () => {
  const whole = tensor([1, 2], { dtype: 'int32' })
  it.each<[Tensor, number]>([
    [whole, 0.5],
    [whole, Number.NaN],
    [whole, Number.NEGATIVE_INFINITY],
    [whole, 2 ** 31],
    [tensor([true]) as Tensor, 2],
  ])('%s: %s', (x, value) => {
    expect(() => pad(x, [[1, 0]], { value })).toThrow(DTypeError)
    expect(() => pad(x, [[1, 0]], { value })).toThrow(`pad: value ${value} does not fit ${x}`)
  })
  it('and takes one that it has', () => {
    expect([...pad(whole, [[1, 0]], { value: -(2 ** 31) }).data]).toEqual([-(2 ** 31), 1, 2])
    expect([...pad(tensor([true]) as Tensor, [[0, 1]], { value: 1 }).data]).toEqual([1, 1])
    expect([...pad(tensor([1]) as Tensor, [[0, 1]], { value: Number.NaN }).data]).toEqual([1, Number.NaN])
  })
})
