import * as face from '@adjoint/autograd'
import { ArgumentError, DTypeError, ones, random, type Tensor, tanh, tensor } from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'

type Loose = Readonly<Record<string, (...args: unknown[]) => Tensor>>
const loose = face as unknown as Loose
const x: Tensor = tensor([
  [1, 2],
  [3, 4],
])
const image = ones([1, 1, 4, 4])

describe('a name that others use leads to ours', () => {
  const f = () => undefined
  test.each<[string, () => unknown, string]>([
    ['keepdim', () => loose.sum!(x, 0, { keepdim: true }), 'sum: unknown option keepdim: did you mean keepDims?'],
    ['keepdims', () => loose.max!(x, 0, { keepdims: true }), 'did you mean keepDims?'],
    ['keep_dims', () => loose.mean!(x, 0, { keep_dims: true }), 'did you mean keepDims?'],
    ['dim', () => loose.sum!(x, undefined, { dim: 0 }), 'unknown option dim: axis is argument 2, and no option.'],
    ['options in the place of an axis', () => loose.sum!(x, { keepDims: true }), 'Options are argument 3.'],
    ['axis', () => loose.layerNorm!(x, { axis: 0 }), 'did you mean axes?'],
    ['eps', () => loose.layerNorm!(x, { eps: 1e-3 }), 'did you mean epsilon?'],
    ['ddof', () => loose.variance!(x, 0, { ddof: 1 }), 'did you mean correction?'],
    ['unbiased', () => loose.standardDeviation!(x, 0, { unbiased: true }), 'did you mean correction?'],
    ['strides', () => loose.conv2d!(image, image, { strides: 2 }), 'did you mean stride?'],
    ['pad', () => loose.maxPool2d!(image, 2, { pad: 1 }), 'did you mean padding?'],
    ['is_causal', () => loose.scaledDotProductAttention!(x, x, x, { is_causal: true }), 'did you mean causal?'],
    ['attn_mask', () => loose.scaledDotProductAttention!(x, x, x, { attn_mask: x }), 'did you mean mask?'],
    ['fill_value', () => loose.pad!(x, [], { fill_value: 1 }), 'did you mean value?'],
    ['std', () => random.normal([1], { std: 1 } as never), 'did you mean standardDeviation?'],
    ['minval', () => random.uniform([1], { minval: 1 } as never), 'did you mean low?'],
    ['backward', () => loose.customOp!({ name: 'f', forward: f, backward: f }), 'did you mean vjp?'],
    ['in_axes', () => loose.vmap!(f, { in_axes: 0 }), 'did you mean in?'],
    ['out_dims', () => loose.vmap!(f, { out_dims: 0 }), 'did you mean out?'],
    ['create_graph', () => loose.sum!(x).backward({ create_graph: true } as never), 'did you mean createGraph?'],
    ['a slip', () => loose.variance!(x, 0, { corection: 1 }), 'did you mean correction?'],
    ['device', () => loose.zeros!([2], { device: 'cuda' }), 'unknown option device: everything runs on the CPU.'],
    [
      'requires_grad',
      () => loose.tensor!([2], { requires_grad: true }),
      'unknown option requires_grad: parameter(...)',
    ],
    ['dtype of sum', () => loose.sum!(x, 0, { dtype: 'float64' }), "unknown option dtype: x.cast('float64')"],
    ['nothing known', () => loose.sum!(x, 0, { nonsense: 1 }), 'nonsense. Its one option is keepDims.'],
    ['of several', () => loose.variance!(x, 0, { nonsense: 1 }), 'nonsense. Its options are keepDims, correction.'],
  ])('%s', (_, act, says) => {
    expect(act).toThrow(ArgumentError)
    expect(act).toThrow(says)
  })

  test.each([
    ['float', 'float32'],
    ['f32', 'float32'],
    ['torch.float32', 'float32'],
    ['double', 'float64'],
    ['np.float64', 'float64'],
    ['Float64', 'float64'],
    ['int', 'int32'],
    ['long', 'int32'],
    ['boolean', 'bool'],
  ])('the dtype %s', (theirs, ours) => {
    for (const act of [() => loose.zeros!([2], { dtype: theirs }), () => loose.cast!(x, theirs)]) {
      expect(act).toThrow(DTypeError)
      expect(act).toThrow(`'${theirs}' is no dtype; did you mean '${ours}'?`)
    }
  })
})

describe('what is called back by arrays', () => {
  const tensors = [x, x.mul(-1) as Tensor]

  it('takes what Array.map passes, if it takes one argument', () => {
    const wanted = tensors.map((each) => each.tanh().toArray())
    expect(tensors.map(tanh).map((each) => each.toArray())).toEqual(wanted)
    for (const name of ['exp', 'ravel', 'transpose', 'stopGradient', 'isNaN']) {
      const f = loose[name]!
      expect(tensors.map(f).map((each) => each.toArray())).toEqual(tensors.map((each) => f(each).toArray()))
    }
    expect(tensors.map(face.elementwise('twice', (m, a) => m.mul(2, a)))[1]!.toArray()).toEqual(x.mul(-2).toArray())
  })

  it('else is refused with what to write: the index is no axis', () => {
    for (const name of [
      'sum',
      'mean',
      'softmax',
      'squeeze',
      'leakyRelu',
      'variance',
      'layerNorm',
      'argmax',
      'concat',
      'add',
    ]) {
      expect(() => tensors.map(loose[name]!)).toThrow(ArgumentError)
      expect(() => tensors.map(loose[name]!)).toThrow(`${name}: Array.map passes it an index and the array as well`)
      expect(() => tensors.map(loose[name]!)).toThrow(`write (x) => ${name}(x)`)
    }
    expect(() => [[1], [2]].map(loose.tensor!)).toThrow('write (x) => tensor(x)')
    expect(() => [[1], [2]].map(loose.zeros!)).toThrow('write (x) => zeros(x)')
    expect(() => tensors.reduce(loose.add!)).toThrow('write (a, b) => add(a, b)')
  })

  it('is not taken for that where only two arguments look like it', () => {
    expect(() => loose.tanh!(x, 0)).toThrow('tanh: it takes one operand, and 0 is one too many')
    expect(() => loose.tanh!(x, 0, [x.mul(2)])).toThrow(ArgumentError)
    expect(loose.sum!(x, 0).toArray()).toEqual([4, 6])
  })
})

describe('an option that is undefined', () => {
  it('is one that is left out', () => {
    expect(loose.maxPool2d!(image, 2, { stride: undefined }).shape).toEqual([1, 1, 2, 2])
    expect(tensor(new Float64Array(2), { dtype: undefined } as never).dtype).toBe('float64')
    expect(loose.zerosLike!(tensor([1], { dtype: 'int32' }), { dtype: undefined }).dtype).toBe('int32')
  })
})

describe('a scalar function of elementwise', () => {
  const define = (f: unknown) => () => face.elementwise('odd', f as never)
  type M = Readonly<Record<string, (...operands: unknown[]) => unknown>>
  test.each<[string, unknown, string]>([
    [
      'asks m for what it lacks',
      (m: M, a: unknown) => m.sigmod!(a),
      'odd: m.sigmod is no elementwise function; did you mean m.sigmoid?',
    ],
    ['gives too few operands', (m: M, a: unknown) => m.mul!(a), 'odd: m.mul takes 2 operands'],
    ['gives too many', (m: M, a: unknown) => m.tanh!(a, 1), 'odd: m.tanh takes one operand'],
    ['gives a string', (m: M, a: unknown) => m.mul!(a, '2'), "odd: m.mul got '2'; use the operands"],
    ['gives nothing', (m: M, a: unknown) => m.mul!(a, undefined), 'odd: m.mul got undefined; use the operands'],
  ])('%s', (_, f, says) => {
    expect(define(f)).toThrow(ArgumentError)
    expect(define(f)).toThrow(says)
  })

  it('may be constant', () => {
    expect(
      face
        .elementwise(
          'three',
          (_m, _a) => 3 as never,
        )(x)
        .toArray(),
    ).toEqual([
      [3, 3],
      [3, 3],
    ])
  })
})
