import {
  ArgumentError,
  arange,
  CompileError,
  checkpoint,
  compile,
  configure,
  DTypeError,
  defaultDType,
  eye,
  full,
  GradientError,
  grad,
  linspace,
  ones,
  random,
  ShapeError,
  scan,
  type Tensor,
  tensor,
  withConfiguration,
  zeros,
  zerosLike,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

const float64 = <R>(f: () => R): R => withConfiguration({ dtype: 'float64' }, f)
const ints = tensor([1, 2, 4], { dtype: 'int32' }) as Tensor

/** Everything that makes floats of what has no dtype. */
const makers: Record<string, () => Tensor> = {
  'tensor of numbers': () => tensor([1, 2]) as Tensor,
  'tensor of a number': () => tensor(1) as Tensor,
  'tensor of bytes': () => tensor(new Uint8Array(2)) as Tensor,
  zeros: () => zeros([2]) as Tensor,
  ones: () => ones([2]) as Tensor,
  full: () => full([2], 0.5) as Tensor,
  eye: () => eye(2) as Tensor,
  arange: () => arange(3) as Tensor,
  linspace: () => linspace(0, 1, 3) as Tensor,
  'random.uniform': () => random.uniform([2]) as Tensor,
  'random.normal': () => random.normal([2]) as Tensor,
  'random.bernoulli': () => random.bernoulli([2]) as Tensor,
  oneHot: () => ints.oneHot(5) as Tensor,
  'a mean of integers': () => ints.mean() as Tensor,
  'a logarithm of integers': () => ints.log() as Tensor,
  'a softmax of integers': () => ints.softmax() as Tensor,
  'integers and a fraction': () => ints.mul(0.5) as Tensor,
}
/** What has a dtype keeps it. */
const keepers: Record<string, readonly [string, () => Tensor]> = {
  'an option': ['float32', () => zeros([2], { dtype: 'float32' }) as Tensor],
  'a Float32Array': ['float32', () => tensor(new Float32Array(2)) as Tensor],
  'a Float64Array': ['float64', () => tensor(new Float64Array(2)) as Tensor],
  integers: ['int32', () => ints.mul(2) as Tensor],
  'truth values': ['bool', () => tensor([true]) as Tensor],
  'float32 and a number': ['float32', () => (ones([2], { dtype: 'float32' }) as Tensor).mul(0.1) as Tensor],
  'like another': ['float32', () => zerosLike(ones([2], { dtype: 'float32' })) as Tensor],
  'a plain tensor': ['float32', () => tensor(ones([2], { dtype: 'float32' }).toPlain()) as Tensor],
}

describe('the default dtype', () => {
  test.each(Object.entries(makers))('holds for %s', (_, make) => {
    expect(make().dtype).toBe('float32')
    expect(float64(make).dtype).toBe('float64')
    expect(float64(compile(make)).dtype).toBe('float64')
    expect(make().dtype).toBe('float32')
  })

  test.each(Object.entries(keepers))('is not that of %s', (_, [dtype, make]) => {
    expect(make().dtype).toBe(dtype)
    expect(float64(make).dtype).toBe(dtype)
  })

  test('is set for good, for a while, and nested', () => {
    expect(defaultDType()).toBe('float32')
    configure({ dtype: 'float64' })
    try {
      expect(defaultDType()).toBe('float64')
      expect(withConfiguration({ dtype: 'float32' }, () => float64(defaultDType) + defaultDType())).toBe(
        'float64float32',
      )
      configure({ deterministic: false })
      expect(defaultDType()).toBe('float64')
    } finally {
      configure({ dtype: 'float32' })
    }
    expect(() => float64(() => { throw new RangeError('mine') })).toThrow('mine') // biome-ignore format: short
    expect(defaultDType()).toBe('float32')
  })

  test('is part of what a compiled function is traced for', () => {
    const f = compile((x: Tensor) => [x.add(1), zeros([2])] as const)
    const x = ones([2]) as Tensor
    const dtypes = () => f(x).map(({ dtype }) => dtype)
    expect(dtypes()).toEqual(['float32', 'float32'])
    expect(float64(dtypes)).toEqual(['float32', 'float64'])
    expect(dtypes()).toEqual(['float32', 'float32'])
    const inside = compile(() => float64(() => zeros([2])))
    expect([inside().dtype, inside().dtype, defaultDType()]).toEqual(['float64', 'float64', 'float32'])
  })

  test('is that of the first run where a body or a checkpoint runs again for its derivative', () => {
    const x = tensor([1, 2], { dtype: 'float64' }) as Tensor
    const step = (h: Tensor) => [h.mul(linspace(0.1, 0.7, 2)) as Tensor, null] as never
    const looped = (h: Tensor) => float64(() => scan(step, h, null, { length: 2 })[0] as Tensor).sum() as Tensor
    const again = (h: Tensor) =>
      float64(() => checkpoint((y: Tensor) => y.mul(linspace(0.1, 0.7, 2)).sin() as Tensor)(h)).sum() as Tensor
    expect([...grad(looped)(x).data]).toEqual([0.1 * 0.1, 0.7 * 0.7])
    const [first, second] = grad(again)(x).data
    expect(first).toBeCloseTo(0.1 * Math.cos(0.1), 14)
    expect(second).toBeCloseTo(0.7 * Math.cos(0.7 * 2), 14)
  })

  test('is a float, and what runs under it ends with it', () => {
    expect(() => configure({ dtype: 'int32' as never })).toThrow(DTypeError)
    expect(() => withConfiguration({ dtype: 'float16' as never }, () => 0)).toThrow(
      "withConfiguration: 'float16' is no dtype",
    )
    expect(() => withConfiguration({ dtype: 'float64' }, async () => 0)).toThrow(GradientError)
    expect(() => compile(() => withConfiguration({ deterministic: true }, () => zeros([2])))()).toThrow(CompileError)
    expect(withConfiguration({ deterministic: true }, () => ones([2]).mul(2).toArray())).toEqual([2, 2])
  })
})

describe('creation', () => {
  test('a typed array in a shape', () => {
    const data = new Float32Array([1, 2, 3, 4, 5, 6])
    const x = tensor(data, { shape: [2, 3] })
    data[0] = 9
    expect([x.dtype, x.toArray()]).toEqual(['float32', [[1, 2, 3], [4, 5, 6]]]) // biome-ignore format: rows
    expect(tensor(new Int32Array([7]), { shape: [], dtype: 'float64' }).item()).toBe(7)
    expect(() => tensor(data, { shape: [4, 2] })).toThrow(ShapeError)
    expect(() => tensor(data, { shape: [4, 2] })).toThrow('6 elements, and shape [4, 2] 8')
    expect(() => tensor([[1, 2]] as never, { shape: [2] } as never)).toThrow(ArgumentError)
    expect(() => tensor([[1, 2]] as never, { shape: [2] } as never)).toThrow('reshape()')
  })

  test('a square or rectangular identity with options', () => {
    expect(eye(2, { dtype: 'float64' }).dtype).toBe('float64')
    expect(eye(1, 2, { dtype: 'int32' }).toArray()).toEqual([[1, 0]])
    expect(eye(2, undefined, { dtype: 'int32' }).shape).toEqual([2, 2])
  })
})
