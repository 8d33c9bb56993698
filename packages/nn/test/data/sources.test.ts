import { Random, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { type Batch, batches, type Dataset, type Example, evaluate, fit, Linear, mse, SGD } from '../../src/index.js'

const firsts = (data: Iterable<{ x: Tensor }>) => [...data].map(({ x }) => (x.toArray() as number[][]).map(([i]) => i))
const collect = async <B>(data: AsyncIterable<B>): Promise<B[]> => {
  const all: B[] = []
  for await (const each of data) all.push(each)
  return all
}
const example = (i: number): Example => ({ x: [i, i / 2], y: 10 * i })
const dataset = (length: number): Dataset => ({ length, get: example })
const late = (length: number): Dataset => ({
  length,
  get: async (i) => {
    await new Promise((resolve) => setTimeout(resolve, (7 * i) % 3))
    return example(i)
  },
})
const count = 10
const rows = Array.from({ length: count }, (_, i) => [i, i / 2])
const truths = Array.from({ length: count }, (_, i) => 10 * i)

describe('the same examples make the same batches, wherever they come from', () => {
  const options = { batchSize: 4 }
  const shuffling = () => ({ batchSize: 4, shuffle: true, random: new Random(5), lastBatch: 'pad' as const })
  const plain = (all: readonly Batch[]) =>
    all.map(({ x, y, examples }) => [x.dtype, x.toArray(), y.dtype, y.toArray(), examples])
  const wanted = plain([...batches(tensor(rows), tensor(truths), options)])
  const drawn = plain([...batches(tensor(rows), tensor(truths), shuffling())])

  it.each([
    ['arrays', () => batches(rows, truths, options), () => batches(rows, truths, shuffling())],
    [
      'a tensor and a typed array',
      () => batches(tensor(rows), Float32Array.from(truths), options),
      () => batches(tensor(rows), Float32Array.from(truths), shuffling()),
    ],
    [
      'an array of examples',
      () =>
        batches(
          rows.map((x, i) => ({ x, y: truths[i]! })),
          options,
        ),
      () =>
        batches(
          rows.map((x, i) => ({ x, y: truths[i]! })),
          shuffling(),
        ),
    ],
    [
      'examples that are tensors',
      () =>
        batches(
          rows.map((x, i) => ({ x: tensor(x), y: tensor(truths[i]!) })),
          options,
        ),
      () =>
        batches(
          rows.map((x, i) => ({ x: tensor(x), y: tensor(truths[i]!) })),
          shuffling(),
        ),
    ],
    [
      'examples that are typed arrays',
      () =>
        batches(
          rows.map((x, i) => ({ x: Float32Array.from(x), y: truths[i]! })),
          options,
        ),
      () =>
        batches(
          rows.map((x, i) => ({ x: Float32Array.from(x), y: truths[i]! })),
          shuffling(),
        ),
    ],
    ['a dataset', () => batches(dataset(count), options), () => batches(dataset(count), shuffling())],
  ])('%s', (_name, inOrder, shuffled) => {
    expect(plain([...inOrder()])).toEqual(wanted)
    expect(plain([...shuffled()])).toEqual(drawn)
    expect(inOrder()).toMatchObject({ length: 3, examples: 10, batchSize: 4 })
  })

  it('a dataset of promises, for await', async () => {
    expect(plain(await collect(batches(late(count), options)))).toEqual(wanted)
    expect(plain(await collect(batches(late(count), shuffling())))).toEqual(drawn)
    const generator = new Random(5)
    expect(plain(await collect(batches(late(count), { ...shuffling(), random: generator }).from(2)))).toEqual(
      drawn.slice(2),
    )
  })

  function* generate() {
    for (let i = 0; i < count; i++) yield example(i)
  }
  async function* generateLate() {
    for (let i = 0; i < count; i++) {
      await Promise.resolve()
      yield example(i)
    }
  }

  it('what gives them one by one', async () => {
    expect(plain([...batches(generate(), options)])).toEqual(wanted)
    expect(plain(await collect(batches(generateLate(), options)))).toEqual(wanted)
    const lazy = batches(generate, options)
    expect(plain([...lazy])).toEqual(wanted)
    // a function gives them for each epoch
    expect(plain([...lazy])).toEqual(wanted)
    expect(plain(await collect(lazy))).toEqual(wanted)
    expect(plain(await collect(batches(generateLate, options)))).toEqual(wanted)
  })

  it.each(['keep', 'drop', 'pad'] as const)('with a last batch to %s', async (lastBatch) => {
    for (const batchSize of [3, 4, 5, 12]) {
      if (lastBatch === 'drop' && batchSize === 12) continue
      const all = { batchSize, lastBatch }
      const ofTensors = plain([...batches(tensor(rows), tensor(truths), all)])
      expect(plain([...batches(generate, all)])).toEqual(ofTensors)
      expect(plain(await collect(batches(generateLate, all)))).toEqual(ofTensors)
      expect(plain([...batches(dataset(count), all)])).toEqual(ofTensors)
    }
  })

  it('and train and evaluate alike', async () => {
    const trained = async (data: AsyncIterable<Batch> | Iterable<Batch>) => {
      const model = new Linear(2, 1, { random: new Random(1) })
      const loss = (output: Tensor, y: Tensor) => mse(output.squeeze(1) as Tensor, y.div(100) as Tensor)
      const optimizer = new SGD(model, { learningRate: 0.01 })
      const { loss: losses } = await fit(model, { data, loss, optimizer, epochs: 3 })
      return [losses, await evaluate(model, data, { loss })]
    }
    const ofTensors = await trained(batches(tensor(rows), tensor(truths), shuffling()))
    expect(await trained(batches(dataset(count), shuffling()))).toEqual(ofTensors)
    expect(await trained(batches(late(count), shuffling()))).toEqual(ofTensors)
    expect(await trained(batches(generateLate, options))).toEqual(
      await trained(batches(tensor(rows), tensor(truths), options)),
    )
  })
})

describe('labels', () => {
  it('are whole numbers where they are said to be', () => {
    const label = (y: number) => tensor(y, { dtype: 'int32' })
    const [batch] = batches([0, 1].map((y) => ({ x: [y], y: label(y) })))
    expect(batch!.y.dtype).toBe('int32')
    const [other] = batches([[1], [2]], Int32Array.of(3, 4))
    expect([other!.y.dtype, other!.y.toArray()]).toEqual(['int32', [3, 4]])
  })
})

describe('leaving a loop', () => {
  it('releases where examples come from', async () => {
    const log: string[] = []
    function* generate() {
      try {
        for (let i = 0; ; i++) yield example(i)
      } finally {
        log.push('released')
      }
    }
    for (const _ of batches(generate, { batchSize: 2 })) break
    for await (const _ of batches(generate, { batchSize: 2 })) break
    expect(log).toEqual(['released', 'released'])
  })
})

describe('what is no data', () => {
  const of = (data: Iterable<unknown>) => () => [...data]

  it('has no examples', () => {
    expect(() => batches([])).toThrow('batches: there are no examples; give at least one.')
    expect(() => batches(dataset(0))).toThrow('batches: there are no examples; give at least one.')
    expect(() => batches({ length: 1.5, get: example })).toThrow('the length of the dataset is 1.5')
    expect(firsts(batches(() => []))).toEqual([])
  })

  it('has examples that differ: the error names which', () => {
    const ragged = Array.from({ length: 6 }, (_, i) => ({ x: i === 4 ? [1] : [1, 2], y: 0 }))
    expect(of(batches(ragged, { batchSize: 3 }))).toThrow(
      'batches: x of example 4 is float32 [1], and of example 3 float32 [2]; make the examples of a batch of one shape and dtype.',
    )
    const mixed = [0, 1].map((i) => ({ x: [1], y: i === 0 ? Int32Array.of(1) : Float32Array.of(1) }))
    expect(of(batches(mixed))).toThrow('batches: y of example 1 is float32 [1], and of example 0 int32 [1]')
    expect(of(batches(() => ragged, { batchSize: 3 }))).toThrow('x of example 4 is float32 [1], and of example 3')
    // batches may differ
    expect(firsts(batches(ragged.slice(0, 5), { batchSize: 4 }))).toHaveLength(2)
  })

  it('is one of several things', () => {
    for (const nothing of [undefined, 3, 'data', new Map(), Promise.resolve([])]) {
      expect(() => batches(nothing as never)).toThrow('use tensors or arrays x and y, an array of examples { x, y }')
    }
    expect(() => batches(tensor([1, 2]) as never)).toThrow('batches: y is missing; use a tensor, a typed array')
    expect(() => batches([example(0)], tensor([1]) as never)).toThrow('batches: x is [{ x, y }]; use a tensor')
  })

  it('has things that are no examples', () => {
    const get = (i: number) => (i === 1 ? (undefined as never) : example(i))
    expect(of(batches({ length: 3, get }))).toThrow('batches: example 1 is undefined; return { x, y } from get.')
    expect(of(batches([{ x: [1] }] as never))).toThrow(
      'batches: example 0 is an object whose y is missing; use { x, y }',
    )
    expect(of(batches([{ x: [1], y: 'cat' }] as never))).toThrow(
      'an object whose y is neither a tensor nor made of numbers',
    )
    expect(of(batches(() => [1] as never))).toThrow('batches: example 0 is a number; use { x, y } for each.')
    expect(of(batches((() => undefined) as never))).toThrow('make it a generator function')
  })

  it('is promised where nobody waits', () => {
    expect(of(batches(late(4)))).toThrow(
      'batches: get of the dataset gives promises; go through the batches by for await, as fit and evaluate do.',
    )
    async function* generate() {
      yield example(1)
    }
    expect(of(batches(generate) as never)).toThrow('go through the batches by for await')
  })

  it('has an order where it comes one by one', () => {
    expect(() => batches(() => [example(1)], { shuffle: true } as never)).toThrow(
      'batches: examples that come one by one keep their order; put them into an array to shuffle them',
    )
  })

  it('is read once by a generator, which fit says', async () => {
    function* generate() {
      for (let i = 0; i < 4; i++) yield { x: [i], y: [i] }
    }
    const model = new Linear(1, 1)
    const optimizer = new SGD(model, { learningRate: 0.01 })
    await expect(fit(model, { data: batches(generate()), loss: mse, optimizer, epochs: 2 })).rejects.toThrow(
      'a generator can be read only once'.slice(2),
    )
    await fit(model, { data: batches(generate), loss: mse, optimizer, epochs: 2 })
  })

  it('fails where it is read', async () => {
    const get = (i: number): Example => {
      if (i === 3) throw new Error('no such file')
      return example(i)
    }
    expect(of(batches({ length: 4, get }, { batchSize: 2 }))).toThrow('no such file')
    const promised = batches({ length: 4, get: async (i) => get(i) }, { batchSize: 2 })
    await expect(collect(promised)).rejects.toThrow('no such file')
  })
})
