import {
  type AnyTensor,
  compile,
  grad,
  IndexOutOfRangeError,
  noGrad,
  Random,
  scan,
  type Tensor,
  tensor,
  treeMap,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import {
  type Continued,
  type DecoderCache,
  type KeyValueCache,
  MultiheadAttention,
  TransformerDecoder,
  TransformerDecoderLayer,
  TransformerEncoder,
  TransformerEncoderLayer,
} from '../src/index.js'

const draw = new Random(11)
const float64 = { dtype: 'float64', random: draw } as const
const normal = (...shape: number[]): Tensor => draw.normal(shape, { dtype: 'float64' })
const furthest = (a: AnyTensor, b: AnyTensor): number => {
  expect(a.shape).toEqual(b.shape)
  return (a as Tensor).sub(b).abs().max().item()
}
const truths = (...rows: readonly number[][]): Tensor => tensor(rows.map((row) => row.map(Boolean)))

type Step<C> = (x: Tensor, cache: C) => Continued<Tensor, C>
type Wrap = <F extends (...args: never[]) => unknown>(f: F) => F
const ways: readonly (readonly [string, Wrap])[] = [
  ['eagerly', (f) => f],
  ['compiled', (f) => compile(f as never) as unknown as typeof f],
]

/** What comes of a sequence given in parts of these lengths. */
const inParts = <C>(step: Step<C>, cache: C, x: Tensor, parts: readonly number[]): Tensor[] => {
  let start = 0
  return parts.map((length) => {
    const { output, cache: next } = step(x.slice(-2, start, start + length), cache)
    start += length
    cache = next
    return output
  })
}

const [batch, time, features] = [2, 6, 8]
const x = normal(batch, time, features)
const memory = normal(batch, 5, features)
const settings = { dropout: 0, feedForward: 12, activation: 'gelu', ...float64 } as const
const rotary = { rotary: true, keyHeads: 2, ...settings } as const

const models: Readonly<Record<string, { whole: () => Tensor; start: () => unknown; step: unknown }>> = {
  attention: (() => {
    const model = new MultiheadAttention(features, 4, { keyHeads: 2, rotary: true, ...float64 })
    return {
      whole: () => model.forward(x, { causal: true }),
      start: () => model.cache(time + 2, [batch]),
      step: (x: Tensor, cache: KeyValueCache) => model.forward(x, { causal: true, cache }),
    }
  })(),
  'a layer': (() => {
    const model = new TransformerEncoderLayer(features, 4, { normFirst: true, ...rotary })
    return {
      whole: () => model.forward(x, { causal: true }),
      start: () => model.cache(time, [batch]),
      step: (x: Tensor, cache: KeyValueCache) => model.forward(x, { causal: true, cache }),
    }
  })(),
  'a stack': (() => {
    const model = new TransformerEncoder(2, features, 4, { finalNorm: true, alibi: true, ...settings })
    return {
      whole: () => model.forward(x, { causal: true }),
      start: () => model.cache(time, [batch]),
      step: (x: Tensor, cache: KeyValueCache[]) => model.forward(x, { causal: true, cache }),
    }
  })(),
  'a layer with a memory': (() => {
    const model = new TransformerDecoderLayer(features, 4, rotary)
    return {
      whole: () => model.forward(x, memory, { causal: true }),
      start: () => model.cache(memory, time),
      step: (x: Tensor, cache: DecoderCache) => model.forward(x, { causal: true, cache }),
    }
  })(),
  'a stack with a memory': (() => {
    const model = new TransformerDecoder(2, features, 4, { normFirst: true, alibi: true, ...rotary })
    const memoryKeyMask = truths([1, 1, 0, 1, 0], [1, 1, 1, 1, 1])
    return {
      whole: () => model.forward(x, memory, { causal: true, memoryKeyMask }),
      start: () => model.cache(memory, time),
      step: (x: Tensor, cache: DecoderCache[]) => model.forward(x, { causal: true, memoryKeyMask, cache }),
    }
  })(),
}

describe.each(Object.entries(models))('%s', (_, { whole, start, step }) => {
  it.each(ways)('gives token by token what the whole sequence gives, %s', (_, wrap) => {
    const wanted = whole()
    const ones = Array.from({ length: time }, () => 1)
    for (const parts of [ones, [3, 1, 2], [time]]) {
      let traces = 0
      const counted: Step<unknown> = (...args) => {
        traces++
        return noGrad(() => (step as Step<unknown>)(...args))
      }
      const outputs = inParts(wrap(counted), noGrad(start), x, parts)
      let from = 0
      for (const output of outputs) {
        const until = from + output.shape.at(-2)!
        expect(furthest(output, wanted.slice(-2, from, until))).toBeLessThan(1e-12)
        from = until
      }
      // a trace for each length of an input, and none for how far the cache is
      if (wrap !== ways[0]![1]) expect(traces).toBe(new Set(parts).size)
    }
  })
})

describe('a cache', () => {
  const model = new MultiheadAttention(features, 4, { keyHeads: 2, rotary: true, ...float64 })

  it('goes through a scan, with the derivatives of the whole', () => {
    const generated = (x: Tensor): Tensor => {
      const rows = x.swapAxes(0, 1).expandDims(2)
      const [cache, outputs] = scan(
        (cache: KeyValueCache, row: Tensor) => {
          const { output, cache: next } = model.forward(row, { cache })
          return [next, output] as const
        },
        model.cache(time, [batch]),
        rows,
      )
      expect((cache as KeyValueCache).length.shape).toEqual([])
      return (outputs as Tensor).squeeze(2).swapAxes(0, 1)
    }
    const whole = (x: Tensor): Tensor => model.forward(x, { causal: true })
    expect(furthest(generated(x), whole(x))).toBeLessThan(1e-12)
    expect(furthest(compile((x: Tensor) => noGrad(() => generated(x)))(x), whole(x))).toBeLessThan(1e-12)
    const slope = (f: (x: Tensor) => Tensor) => grad((x: Tensor) => f(x).square().sum() as Tensor<[]>)(x)
    expect(furthest(slope(generated), slope(whole))).toBeLessThan(1e-10)
  })

  it('may be continued in two ways, and never changes', () => {
    const { cache } = model.forward(x.slice(1, 0, 3), { cache: model.cache(time, [batch]), causal: true })
    const before = treeMap(cache, ((leaf: Tensor) => leaf.detach()) as never) as KeyValueCache
    const { output: one } = model.forward(x.slice(1, 3, 4), { cache })
    const { output: other } = model.forward(x.slice(1, 4, 5), { cache })
    const { output: again } = model.forward(x.slice(1, 3, 4), { cache })
    expect(furthest(one, other)).toBeGreaterThan(0.01)
    expect(furthest(one, again)).toBe(0)
    for (const name of ['keys', 'values'] as const) expect(furthest(cache[name], before[name])).toBe(0)
    expect(cache.length.item()).toBe(3)
  })

  it('hides places of padding, of each sequence its own', () => {
    // sequences of 3 and 2, the second one padded on the left
    const padded = normal(batch, 3, features)
    const keyMask = truths([1, 1, 1, 1], [0, 1, 1, 1])
    let cache = model.cache(4, [batch])
    cache = model.forward(padded, { cache, causal: true, keyMask }).cache
    const { output } = model.forward(x.slice(1, 0, 1), { cache, causal: true, keyMask })
    const alone = new MultiheadAttention(features, 4, { keyHeads: 2, rotary: true, dtype: 'float64' })
    alone.loadStateDict(model.stateDict())
    // distances alone count: the shorter one may begin at 0
    const shorter = alone.forward(tensorOf(padded.at(1).slice(0, 1, 3), x.at(1).slice(0, 0, 1)), { causal: true })
    expect(furthest(output.at(1), shorter.slice(0, 2, 3))).toBeLessThan(1e-12)
  })

  it('without causal shows all of an input, and nothing beyond', () => {
    const { output: first } = model.forward(x.slice(1, 0, 3), { cache: model.cache(time, [batch]) })
    expect(furthest(first, model.forward(x.slice(1, 0, 3)))).toBeLessThan(1e-12)
  })

  it('stands in a vmap over sequences', () => {
    const { cache } = model.forward(x.slice(1, 0, 3), { cache: model.cache(time, [batch]), causal: true })
    const next = x.slice(1, 3, 4)
    const { output: wanted } = model.forward(next, { cache })
    const each = vmap(
      (x: Tensor, keys: Tensor, values: Tensor) =>
        model.forward(x, { cache: { keys, values, length: cache.length } }).output,
    )
    expect(furthest(each(next, cache.keys, cache.values), wanted)).toBeLessThan(1e-13)
  })

  it('says that it is full, and which capacity would do', () => {
    const full = (run: Step<KeyValueCache>) => () => inParts(run, model.cache(4, [batch]), x, [3, 1, 1])
    const step: Step<KeyValueCache> = (x, cache) => noGrad(() => model.forward(x, { cache }))
    for (const run of [step, compile(step as never) as unknown as typeof step]) {
      expect(full(run)).toThrow(IndexOutOfRangeError)
      expect(full(run)).toThrow(
        'MultiheadAttention: the cache has a capacity of 4, of which 4 are taken, and 1 more do not fit; make it with ' +
          'cache(5) or more.',
      )
    }
    expect(() => model.forward(x, { cache: model.cache(5, [batch]) })).toThrow('of which 0 are taken, and 6 more')
  })

  it('refuses those of others', () => {
    const forward =
      (options: object, x: Tensor = normal(batch, 1, features)) =>
      () =>
        (model as unknown as { forward(...args: unknown[]): Tensor }).forward(x, options)
    expect(forward({ cache: model.cache(4) })).toThrow(
      'keys of the cache have shape [2, 4, 2], and the input needs [2, 2, 4, 2]; make the cache with cache(capacity, [2]).',
    )
    const single = new MultiheadAttention(features, 4, { keyHeads: 2 })
    expect(forward({ cache: single.cache(4, [batch]) })).toThrow(
      'keys of the cache are float32 and those of the input float64',
    )
    const cache = model.cache(4, [batch])
    expect(forward({ cache: { ...cache, length: zeros([]) } })).toThrow('use what cache(capacity) of this module gives')
    expect(forward({ cache: [cache] })).toThrow('use what cache(capacity) of this module gives')
    expect(() => model.forward(normal(batch, 1, features), memory, { cache })).toThrow('there are 1 queries and 5 keys')
    expect(() => model.cache(0)).toThrow('capacity is 0')
    const stack = new TransformerEncoder(2, features, 4, rotary)
    expect(() => stack.forward(x, { cache: stack.cache(time, [batch]).slice(1) })).toThrow(
      'TransformerEncoder: cache has 1 entries and there are 2 layers',
    )
    const decoder = new TransformerDecoderLayer(features, 4, rotary) as unknown as {
      forward(...args: unknown[]): Tensor
    }
    const ofDecoder = new TransformerDecoderLayer(features, 4, rotary).cache(memory, 3)
    expect(() => decoder.forward(x, memory, { cache: ofDecoder })).toThrow('the memory is in the cache')
    expect(() => decoder.forward(x)).toThrow('memory is missing')
    expect(() => decoder.forward(x, { causal: true })).toThrow('memory is')
  })
})

const tensorOf = (...parts: Tensor[]): Tensor => {
  const rows = parts.flatMap((part) => part.toArray() as unknown as number[][])
  return tensor(rows, { dtype: 'float64' })
}
