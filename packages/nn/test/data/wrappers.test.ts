import { concat, Random, random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Batch, batches, type Example, evaluate, Identity, mapBatches, prefetch } from '../../src/index.js'

beforeEach(() => random.seed(0))

const collect = async <B>(data: AsyncIterable<B> | Iterable<B>): Promise<B[]> => {
  const all: B[] = []
  for await (const each of data) all.push(each)
  return all
}
const plain = (all: readonly Batch[]) => all.map(({ x, y, examples }) => [x.toArray(), y.toArray(), examples])
const numbers = tensor(Array.from({ length: 10 }, (_, i) => [i])) as Tensor
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
const shuffled = (generator = new Random(4), lastBatch: 'keep' | 'pad' = 'keep') =>
  batches(numbers, zeros([10]) as Tensor, { batchSize: 3, shuffle: true, random: generator, lastBatch })
const noisy = ({ x, y }: Batch, generator: Random) => ({ x: x.add(generator.normal(x.shape)) as Tensor, y })

describe('mapBatches', () => {
  it('changes batches as they are read', () => {
    const data = mapBatches(batches(numbers, zeros([10]) as Tensor, { batchSize: 6 }), ({ x, y }) => ({
      x: x.mul(2) as Tensor,
      y: y.add(1) as Tensor,
    }))
    expect(data.length).toBe(2)
    expect(plain([...data])[1]).toEqual([[[12], [14], [16], [18]], [1, 1, 1, 1], 4])
  })

  it('says how many examples count, as before', () => {
    const last = [...mapBatches(shuffled(undefined, 'pad'), noisy)].at(-1)!
    expect([last.examples, last.x.shape[0]]).toEqual([1, 3])
    const doubled = mapBatches(shuffled(), ({ x, y }) => ({ x: concat([x, x]) as Tensor, y: concat([y, y]) as Tensor }))
    expect([...doubled].at(-1)!.x.shape).toEqual([2, 1])
    const wrong = mapBatches(shuffled(undefined, 'pad'), ({ x, y }) => ({ x: concat([x, x]) as Tensor, y }))
    expect(() => [...wrong]).toThrow('1 of 3 examples of a batch count, and the function gives 6; say how many')
  })

  it('draws in an order of its own: the same for await, ahead, and from the middle', async () => {
    const whole = plain([...mapBatches(shuffled(), noisy)])
    expect(plain(await collect(mapBatches(shuffled(), noisy)))).toEqual(whole)
    expect(plain(await collect(mapBatches(shuffled(), async (batch, generator) => noisy(batch, generator))))).toEqual(
      whole,
    )
    expect(plain(await collect(prefetch(mapBatches(shuffled(), noisy), { ahead: 3 })))).toEqual(whole)
    for (const wrap of [<D>(data: D) => data, prefetch] as const) {
      const generator = new Random(4)
      const rest = (wrap as typeof prefetch)(mapBatches(shuffled(generator), noisy)).from(2)
      // whatever is drawn from then on
      generator.normal([7])
      expect(plain(await collect(rest))).toEqual(whole.slice(2))
    }
    const other = plain([
      ...mapBatches(shuffled(), (batch, generator) => {
        generator.number()
        return noisy(batch, generator)
      }),
    ])
    expect(other).not.toEqual(whole)
    expect(other.map(([, , examples]) => examples)).toEqual(whole.map(([, , examples]) => examples))
  })

  it('draws anew in each epoch, and differently for each batch', () => {
    const data = mapBatches(batches(zeros([4, 1]) as Tensor, zeros([4]) as Tensor, { batchSize: 2 }), noisy)
    const drawn = [1, 2].flatMap(() => [...data].map(({ x }) => String(x.toArray())))
    expect(new Set(drawn).size).toBe(4)
  })

  it('has one generator, that of its data, if that draws', () => {
    const generator = new Random(1)
    expect(mapBatches(shuffled(generator), noisy).random).toBe(generator)
    expect(mapBatches([...shuffled()], noisy, { random: generator }).random).toBe(generator)
    expect(mapBatches([...shuffled()], noisy).random).toBe(random)
    expect(() => mapBatches(shuffled(), noisy, { random: generator })).toThrow('the data draws from another generator')
    mapBatches(shuffled(generator), noisy, { random: generator })
  })

  it('leaves out the first batches of what cannot do so itself', async () => {
    const list = [...batches(numbers, zeros([10]) as Tensor, { batchSize: 3 })]
    const whole = plain([...mapBatches(list, noisy, { random: new Random(1) })])
    expect(plain(await collect(mapBatches(list, noisy, { random: new Random(1) }).from(1)))).toEqual(whole.slice(1))
    expect(plain(await collect(prefetch(list).from(3)))).toEqual(plain(list.slice(3)))
    expect(() => mapBatches(shuffled(), noisy).from(5)).toThrow('batch is 5; use at most 4')
    expect(() => prefetch(shuffled()).from(5)).toThrow('batch is 5; use at most 4')
  })

  it('refuses what is no batch', async () => {
    expect(() => [...mapBatches(shuffled(), (() => undefined) as never)]).toThrow(
      'the function gives undefined; return { x, y }',
    )
    expect(() => [...mapBatches(shuffled(), (({ x }: Batch) => x) as never)]).toThrow('an object that is no batch')
    expect(() => [...mapBatches(shuffled(), (async () => undefined) as never)]).toThrow(
      'go through the batches by for await',
    )
    await expect(collect(mapBatches(shuffled(), (async () => undefined) as never))).rejects.toThrow('gives undefined')
  })

  it('releases its data when a loop is left', async () => {
    const log: string[] = []
    function* generate() {
      try {
        yield* shuffled()
      } finally {
        log.push('released')
      }
    }
    for (const _ of mapBatches(generate(), noisy)) break
    for await (const _ of mapBatches(generate(), noisy)) break
    for await (const _ of mapBatches(generate(), noisy).from(1)) break
    expect(log).toEqual(['released', 'released', 'released'])
  })
})

/** Batches that take a while, with a log of what is read. */
const slow = (log: unknown[], { fails = -1, takes = () => 1 } = {}) => ({
  async *[Symbol.asyncIterator]() {
    try {
      for (let i = 0; i < 6; i++) {
        log.push(`read ${i}`)
        await pause((takes as (i: number) => number)(i))
        if (i === fails) throw new Error(`no batch ${i}`)
        yield { x: tensor([[i]]) as Tensor, y: tensor([i]) as Tensor }
      }
    } finally {
      log.push('released')
    }
  },
})

describe('prefetch', () => {
  it('gives the same batches in the same order, also where later ones are ready sooner', async () => {
    const wanted = plain(await collect(slow([])))
    for (const ahead of [1, 2, 9]) {
      expect(plain(await collect(prefetch(slow([], { takes: (i: number) => 6 - i } as object), { ahead })))).toEqual(
        wanted,
      )
    }
    expect(plain(await collect(prefetch(shuffled())))).toEqual(plain([...shuffled()]))
  })

  it('reads ahead while a batch is used, and no further than it is told', async () => {
    for (const ahead of [1, 3]) {
      const log: unknown[] = []
      let used = 0
      for await (const _ of prefetch(slow(log), { ahead })) {
        await pause(20)
        used++
        expect(log.filter((each) => String(each).startsWith('read')).length).toBe(Math.min(6, used + ahead))
      }
      expect(log.at(-1)).toBe('released')
    }
  })

  it('fails where the batch would have been used', async () => {
    const log: unknown[] = []
    const used: unknown[] = []
    const go = async () => {
      for await (const { y } of prefetch(slow(log, { fails: 3 }), { ahead: 3 })) {
        await pause(10)
        used.push(y.item())
      }
    }
    await expect(go()).rejects.toThrow('no batch 3')
    expect(used).toEqual([0, 1, 2])
    expect(log).toEqual(['read 0', 'read 1', 'read 2', 'read 3', 'released'])
  })

  it('releases its data when a loop is left, and leaves nothing unheard', async () => {
    const unheard: unknown[] = []
    const hear = (error: unknown) => void unheard.push(error)
    process.on('unhandledRejection', hear)
    const log: unknown[] = []
    for await (const _ of prefetch(slow(log, { fails: 1 }), { ahead: 2 })) {
      await pause(10)
      break
    }
    const other: unknown[] = []
    for await (const _ of prefetch(slow(other), { ahead: 2 })) break
    await pause(20)
    process.off('unhandledRejection', hear)
    expect(unheard).toEqual([])
    expect(log.at(-1)).toBe('released')
    expect(other.at(-1)).toBe('released')
    expect(other.length).toBeLessThan(4)
  })

  it('asks an iterator only once it has answered', async () => {
    let busy = false
    let i = 0
    const shy = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          expect(busy).toBe(false)
          busy = true
          await pause(1)
          busy = false
          const value = { x: tensor([[i]]) as Tensor, y: tensor([i]) as Tensor }
          return i++ < 4 ? { done: false as const, value } : { done: true as const, value: undefined }
        },
      }),
    }
    expect(await collect(prefetch(shy, { ahead: 3 }))).toHaveLength(4)
  })

  it('overlaps waiting with use', async () => {
    const examples: Example[] = Array.from({ length: 8 }, (_, i) => ({ x: [i], y: i }))
    const files = { length: 8, get: (i: number) => pause(15).then(() => examples[i]!) }
    const took = async (data: AsyncIterable<Batch>) => {
      const start = performance.now()
      for await (const _ of data) await pause(30)
      return performance.now() - start
    }
    const plainly = await took(batches(files, { batchSize: 2 }))
    expect(await took(prefetch(batches(files, { batchSize: 2 })))).toBeLessThan(plainly - 20)
  })

  it('keeps the length and the generator of its data', async () => {
    const generator = new Random(1)
    expect(prefetch(shuffled(generator))).toMatchObject({ length: 4, random: generator })
    expect(prefetch(slow([])).length).toBeUndefined()
    expect(prefetch(slow([])).random).toBeUndefined()
    const { mean } = await evaluate(new Identity(), prefetch(shuffled()), { mean: (output) => output.mean() })
    expect(mean).toBeCloseTo(4.5, 5)
  })
})
