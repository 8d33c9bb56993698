import {
  type AnyTensor,
  compile,
  DTypeError,
  grad,
  IndexOutOfRangeError,
  Random,
  repeatInterleave,
  ShapeError,
  scaledDotProductAttention,
  type Tensor,
  tensor,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { walk } from '../../autograd/test/misuse/walk.js'
import {
  LearnedPositions,
  Module,
  MultiheadAttention,
  OptionError,
  RotaryPositions,
  Sequential,
  SinusoidalPositions,
} from '../src/index.js'

const draw = new Random(5)
const float64 = { dtype: 'float64', random: draw } as const
const normal = (...shape: number[]): Tensor => draw.normal(shape, { dtype: 'float64' })
const truths = (...rows: readonly number[][]): Tensor => tensor(rows.map((row) => row.map(Boolean)))
const furthest = (a: AnyTensor, b: AnyTensor): number => {
  expect(a.shape).toEqual(b.shape)
  return (a as Tensor).sub(b).abs().max().item()
}
const refusal = (act: () => unknown): Error => {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  throw new Error('accepted')
}
const loose = (layer: object) => layer as { forward(...args: unknown[]): Tensor }

/** A query that finds values as they are: all projections are the identity. */
const plain = (features: number, heads: number): MultiheadAttention<number> => {
  const attention = new MultiheadAttention(features, heads, { init: (shape) => identity(shape) as never, ...float64 })
  return attention
}
const identity = ([rows, columns]: readonly number[]) =>
  tensor(
    Array.from({ length: rows! }, (_, i) => Array.from({ length: columns! }, (_, j) => Number(i === j))),
    { dtype: 'float64' },
  )

describe('MultiheadAttention', () => {
  it('says what heads are possible, and which sizes are none', () => {
    const refused = (...args: unknown[]) =>
      refusal(() => new (MultiheadAttention as unknown as new (...args: unknown[]) => Module)(...args)).message
    expect(refused(12, 5)).toBe(
      'MultiheadAttention: 12 features do not divide among 5 heads; use for heads one of 1, 2, 3, 4, 6, 12, or set ' +
        'headFeatures, the features of each.',
    )
    expect(refused(12, 6, { keyHeads: 4 })).toContain('use for keyHeads one of 1, 2, 3, 6')
    expect(refused(6, 2, { rotary: true })).toContain('each head has 3')
    expect(refused(8, 2, { rotary: { base: 0.5 } })).toContain('RotaryPositions: base is 0.5')
    expect(refused(6, 0)).toContain('heads is 0')
    expect(refused(6, 2, { keyFeatures: -1 })).toContain('keyFeatures is -1')
    expect(refused(6, 2, { headFeatures: 1.5 })).toContain('headFeatures is 1.5')
    expect(refused(6, 2, { dropout: 2 })).toContain('p is 2')
    expect(refused(6, 2, { kdim: 3 })).toContain('did you mean keyFeatures?')
    expect(refused(6, 2, { vdim: 3 })).toContain('did you mean valueFeatures?')
    expect(refused(6, 2, { num_kv_heads: 1 })).toContain('did you mean keyHeads?')
    expect(refused(6, 2, { batch_first: true })).toContain('[batch, time, features], always')
    expect(`${new MultiheadAttention(5, 2, { headFeatures: 3 }).query}`).toBe('Linear(5, 6)')
  })

  it('names the part that cannot take its input, and inputs that lack an axis', () => {
    class Model extends Module {
      readonly attention = new MultiheadAttention(8, 2, { keyFeatures: 3 })
      forward(...inputs: Tensor[]): Tensor {
        return loose(this.attention).forward(...inputs)
      }
    }
    const model = new Model()
    const refused = (...inputs: Tensor[]) => refusal(() => model.forward(...inputs)).message
    expect(refused(zeros([2, 5, 6]))).toContain('attention.query: expects 8 features, got 6')
    expect(refused(zeros([2, 5, 8]))).toContain('attention.key: expects 3 features, got 8')
    expect(refused(zeros([2, 5, 8]), zeros([2, 7, 3]), zeros([2, 7, 4]))).toContain(
      'attention.value: expects 3 features',
    )
    expect(refused(zeros([8]))).toContain('attention: query has shape [8]; it needs an axis of time')
    expect(refused(zeros([2, 5, 8]), zeros([3]))).toContain('attention: key has shape [3]')
    expect(refused(zeros([5, 8]), zeros([2, 7, 3]))).toContain(
      'keys are for a batch [2], and queries have shape [5, 8]',
    )
    expect(refused(zeros([3, 5, 8]), zeros([2, 7, 3]))).toContain('stretch the queries with broadcastTo')
    expect(refused(zeros([5, 8]), zeros([7, 3]), zeros([6, 3]))).toContain('7 keys and 6 values')
  })

  it('stretches keys over a batch of queries', () => {
    const attention = new MultiheadAttention(4, 2, float64)
    const [query, key] = [normal(2, 3, 4), normal(5, 4)]
    const wanted = attention.forward(query, key.expandDims(0).broadcastTo([2, 5, 4]) as Tensor)
    expect(furthest(attention.forward(query, key), wanted)).toBeLessThan(1e-14)
    expect(furthest(attention.forward(query, key.expandDims(0) as Tensor), wanted)).toBeLessThan(1e-14)
  })

  it('takes true in a mask for what may be seen, as the op does', () => {
    const attention = plain(3, 1)
    const [query, key] = [normal(2, 3), normal(4, 3)]
    const mask = truths([1, 0, 1, 0], [0, 0, 0, 1])
    const wanted = scaledDotProductAttention(query, key, key, { mask })
    expect(furthest(attention.forward(query, key, { mask }), wanted)).toBeLessThan(1e-14)
    expect(furthest(attention.forward(query, key, { mask }).at(1), key.at(3))).toBeLessThan(1e-14)
    const keyMask = tensor([true, false, true, false])
    const added = tensor([[0, Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY]], { dtype: 'float64' })
    const masked = attention.forward(query, key, { keyMask })
    expect(furthest(masked, attention.forward(query, key, { mask: added }))).toBeLessThan(1e-14)
    const scores = normal(2, 4)
    const both = attention.forward(query, key, { keyMask, mask: scores })
    expect(furthest(both, attention.forward(query, key, { mask: scores.add(added) as Tensor }))).toBeLessThan(1e-14)
  })

  it('refuses masks of another shape or kind by name', () => {
    const attention = loose(new MultiheadAttention(4, 2, float64))
    const x = normal(2, 3, 4)
    const refused = (options: object) => refusal(() => attention.forward(x, options))
    const wanted = 'it must be [queries, keys], [3, 3], or [..., heads, queries, keys], [2, 2, 3, 3]'
    expect(refused({ mask: truths([1, 1, 1]).squeeze(0) }).message).toContain(`mask has shape [3]; ${wanted}`)
    // two of a batch, and two heads: which one is meant?
    const ofBatch = zeros([2, 3, 3]).equal(0)
    expect(refused({ mask: ofBatch }).message).toContain(
      `mask has shape [2, 3, 3]; ${wanted}: add the axis of heads with`,
    )
    expect(attention.forward(x, { mask: ofBatch.expandDims(-3) }).shape).toEqual([2, 3, 4])
    expect(refused({ mask: zeros([3, 4]) })).toBeInstanceOf(ShapeError)
    expect(refused({ mask: zeros([3, 3], { dtype: 'int32' }) })).toBeInstanceOf(DTypeError)
    expect(refused({ keyMask: zeros([2, 3]) }).message).toContain('keyMask is float32; it must be bool')
    expect(refused({ keyMask: zeros([3]).equal(0) }).message).toContain(
      'keyMask has shape [3]; it must be [..., keys], [2, 3]',
    )
    expect(refused({ attn_mask: ofBatch }).message).toContain('did you mean mask?')
    expect(refused({ key_padding_mask: ofBatch }).message).toContain('did you mean keyMask?')
    expect(refused({ is_causal: true }).message).toContain('did you mean causal?')
    expect(refused({ need_weights: true }).message).toContain('weights() of the module')
  })

  it('gives what sees nothing the bias of its output, and the gradient 0', () => {
    const attention = new MultiheadAttention(4, 2, float64)
    attention.output.bias!.assign(normal(4).as([4]))
    const [query, key] = [normal(2, 4), normal(3, 4)]
    const ways = [
      { mask: truths([1, 0, 1], [0, 0, 0]) },
      { mask: tensor([[0, 1, 0], Array(3).fill(Number.NEGATIVE_INFINITY)], { dtype: 'float64' }) as Tensor },
    ]
    for (const options of ways) {
      const found = attention.forward(query, key, options)
      expect(furthest(found.at(1), attention.output.bias!)).toBe(0)
      const slopes = grad((q: Tensor, k: Tensor) => attention.forward(q, k, options).at(1).sum() as Tensor<[]>, {
        argument: [0, 1],
      })(query, key)
      for (const slope of slopes) expect(slope.abs().max().item()).toBe(0)
    }
    const none = attention.forward(query, key, { keyMask: zeros([3]).notEqual(0) })
    expect(furthest(none, attention.output.bias!.broadcastTo([2, 4]) as Tensor)).toBe(0)
  })

  it('drops weights in training only, and else is the same', () => {
    const [x, key] = [normal(2, 3, 8), normal(2, 4, 8)]
    const cases: [options: object, inputs: unknown[]][] = [
      [{}, [x]],
      [{}, [x, { causal: true }]],
      [{ keyHeads: 2 }, [x, { causal: true, mask: normal(2, 4, 3, 3) }]],
      [{ keyHeads: 1 }, [x, key, { mask: truths([1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]) }]],
      [{ keyHeads: 2, rotary: true }, [x, key, { keyMask: truths([1, 1, 0, 1], [0, 1, 0, 1]), mask: normal(3, 4) }]],
    ]
    for (const [options, inputs] of cases) {
      // so few are dropped that none is
      const attention = new MultiheadAttention(8, 4, { dropout: 1e-15, ...options, ...float64 })
      const dropping = loose(attention).forward(...inputs)
      expect(furthest(dropping, loose(attention.eval()).forward(...inputs))).toBeLessThan(1e-12)
    }
    const all = new MultiheadAttention(8, 4, { dropout: 1, ...float64 })
    expect(all.forward(x).abs().max().item()).toBe(0)
    const half = new MultiheadAttention(8, 4, { dropout: 0.5, ...float64 })
    expect(furthest(half.forward(x), half.forward(x))).toBeGreaterThan(0.01)
  })

  it('attends to a memory that was projected once', () => {
    const attention = new MultiheadAttention(4, 2, { keyFeatures: 3, valueFeatures: 5, ...float64 })
    const [query, key, value] = [normal(2, 3, 4), normal(2, 6, 3), normal(2, 6, 5)]
    const memory = attention.project(key, value)
    expect(memory.keys.shape).toEqual([2, 2, 6, 2])
    expect(furthest(attention.forward(query, { memory }), attention.forward(query, key, value))).toBe(0)
    const refused = (...args: unknown[]) => refusal(() => loose(attention).forward(...args)).message
    expect(refused(query, query, { memory })).toContain('memory is in the place of key and value')
    expect(refused(query, key, { memory })).toContain('memory is in the place of key and value; leave one of them out')
    expect(refused(query, { memory, cache: attention.cache(3, [2]) })).toContain('memory is in the place of a cache')
    const others = new MultiheadAttention(4, 4, float64).project(normal(2, 6, 4))
    expect(refused(query, { memory: others })).toContain('keys have 4 heads, and this module 2; project them with it')
  })

  it('shows the weights, by which values are multiplied', () => {
    for (const options of [{}, { keyHeads: 2, rotary: true }, { keyHeads: 1, alibi: true, dropout: 0.5 }]) {
      const attention = new MultiheadAttention(8, 4, { ...options, ...float64 })
      const [query, key] = [normal(2, 3, 8), normal(2, 5, 8)]
      const masks = { mask: truths([1, 1, 1, 1, 0], [0, 0, 0, 0, 0], [1, 0, 1, 0, 1]), keyMask: zeros([2, 5]).equal(0) }
      const weights = attention.weights(query, key, masks)
      expect(weights.shape).toEqual([2, 4, 3, 5])
      expect(furthest(weights.sum(-1), tensor([1, 0, 1], { dtype: 'float64' }).broadcastTo([2, 4, 3]))).toBeLessThan(
        1e-14,
      )
      const { values } = attention.project(key)
      const shared = repeatInterleave(values, 4 / values.shape.at(-3)!, -3)
      const found = weights.matmul(shared).swapAxes(1, 2).reshape([2, 3, 8])
      const output = attention.output.forward(found)
      expect(furthest(output, attention.eval().forward(query, key, masks))).toBeLessThan(1e-13)
    }
    const attention = new MultiheadAttention(4, 2, { valueFeatures: 3, rotary: true, ...float64 })
    const x = normal(2, 3, 4)
    const cache = attention.forward(x.slice(1, 0, 2), normal(2, 2, 4), normal(2, 2, 3), {
      cache: attention.cache(4, [2]),
    }).cache
    expect(attention.weights(x.slice(1, 2, 3), { cache }).shape).toEqual([2, 2, 1, 4])
    expect(furthest(attention.weights(x, { causal: true }).at(0, 0, 0), tensor([1, 0, 0], { dtype: 'float64' }))).toBe(
      0,
    )
    const memory = attention.project(x, normal(2, 3, 3))
    expect(furthest(attention.weights(x, { memory }), attention.weights(x))).toBe(0)
    expect(() => attention.weights(x, x, { memory })).toThrow('memory is in the place of key')
  })

  it('has of one query in vmap what it has of a batch', () => {
    const attention = new MultiheadAttention(4, 2, { rotary: true, keyHeads: 1, ...float64 })
    const [x, keyMask] = [normal(3, 5, 4), truths([1, 1, 1, 0, 0], [1, 1, 1, 1, 1], [1, 0, 1, 0, 1])]
    const one = (x: Tensor, keyMask: Tensor) => attention.forward(x, { keyMask, causal: true })
    expect(furthest(vmap(one)(x, keyMask), one(x, keyMask))).toBeLessThan(1e-13)
    expect(furthest(compile(vmap(one))(x, keyMask), one(x, keyMask))).toBeLessThan(1e-13)
  })

  it('stands in a Sequential, also with several axes before time', () => {
    const model = new Sequential(['positions', new LearnedPositions(6, 4, float64)], ['attention', plain(4, 2)])
    expect(model.forward(normal(2, 3, 5, 4)).shape).toEqual([2, 3, 5, 4])
    expect(refusal(() => loose(model).forward(normal(7, 4))).message).toContain(
      'positions: a sequence of 7 does not fit',
    )
  })
})

describe('RotaryPositions', () => {
  it.each(['halves', 'neighbours'] as const)('makes products depend on distances alone, pairs of %s', (pairs) => {
    const rotary = new RotaryPositions(6, { pairs, base: 100 })
    const [q, k] = [normal(5, 6), normal(5, 6)]
    const products = (offset: number) =>
      rotary.forward(q, { offset }).matmul(rotary.forward(k, { offset }).transpose()) as Tensor
    expect(furthest(products(0), products(1234))).toBeLessThan(1e-9)
    expect(furthest(rotary.forward(q).norm(-1), q.norm(-1))).toBeLessThan(1e-14)
    expect(`${rotary}`).toBe(pairs === 'halves' ? 'RotaryPositions(6)' : 'RotaryPositions(6, neighbours)')
  })

  it('is exact far out in float32', () => {
    const rotary = new RotaryPositions(4)
    const x = normal(2, 4)
    const far = rotary.forward(x.cast('float32') as Tensor, { offset: 1_000_000 })
    expect(far.dtype).toBe('float32')
    expect(furthest(far.cast('float64') as Tensor, rotary.forward(x, { offset: 1_000_000 }))).toBeLessThan(1e-6)
  })

  it('begins where an offset says, also one that a compiled function is given', () => {
    for (const layer of [new RotaryPositions(4), new SinusoidalPositions(4), new LearnedPositions(9, 4, float64)]) {
      const x = normal(5, 4)
      const whole = layer.forward(x)
      const later = compile((x: Tensor, offset: Tensor) => layer.forward(x, { offset }))
      const offset = tensor(3, { dtype: 'int32' })
      for (const part of [layer.forward(x.slice(0, 3, 5), { offset: 3 }), later(x.slice(0, 3, 5) as Tensor, offset)]) {
        expect(furthest(part, whole.slice(0, 3, 5))).toBeLessThan(1e-14)
      }
    }
  })

  it('refuses what it cannot turn', () => {
    expect(() => new RotaryPositions(3)).toThrow(OptionError)
    expect(() => new RotaryPositions(4, { base: 1 })).toThrow('base is 1; use a number above 1')
    const rotary = loose(new RotaryPositions(4))
    expect(refusal(() => rotary.forward(zeros([2, 4], { dtype: 'int32' }))).message).toContain('it must hold floats')
    expect(refusal(() => rotary.forward(zeros([2, 5]))).message).toContain('expects 4 features, got 5')
    expect(refusal(() => rotary.forward(zeros([4]))).message).toContain('it needs an axis of time')
  })
})

describe('LearnedPositions', () => {
  it('refuses a sequence that is longer than its rows, by name, also from an offset on', () => {
    const layer = new LearnedPositions(4, 3)
    expect(() => layer.forward(zeros([5, 3]))).toThrow(
      'LearnedPositions(4, 3): a sequence of 5 does not fit into the 4 positions; give a shorter one, or make the layer for ' +
        '5 positions.',
    )
    expect(() => layer.forward(zeros([2, 3]), { offset: 3 })).toThrow('a sequence of 2 from position 3 on')
    const compiled = compile((x: Tensor<[2, 3]>, offset: Tensor<[]>) => layer.forward(x, { offset }))
    const from = (offset: number) => tensor(offset, { dtype: 'int32' })
    expect(compiled(zeros([2, 3]), from(2)).shape).toEqual([2, 3])
    expect(() => compiled(zeros([2, 3]), from(3))).toThrow(IndexOutOfRangeError)
    expect(() => compiled(zeros([2, 3]), from(-1))).toThrow(IndexOutOfRangeError)
  })

  const subject = (make: () => object) => ({
    args: () => [zeros([2, 3, 4]), { offset: 3 }],
    options: { offset: '-nan' },
    call: (...args: never[]) => loose(make()).forward(...(args as unknown[])),
  })
  walk({
    'LearnedPositions.forward': subject(() => new LearnedPositions(9, 4)),
    'SinusoidalPositions.forward': subject(() => new SinusoidalPositions(4)),
    'RotaryPositions.forward': subject(() => new RotaryPositions(4)),
  })
})
