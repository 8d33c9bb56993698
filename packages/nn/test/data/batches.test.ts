import { Random, random, ShapeError, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { beforeEach, describe, expect, it } from 'vitest'
import { batches, evaluate, fit, Identity, Linear, mse, SGD } from '../../src/index.js'

beforeEach(() => random.seed(0))

const numbers = (n: number) => tensor(Array.from({ length: n }, (_, i) => [i, i / 2])) as Tensor<[number, 2]>
const firsts = (data: Iterable<{ x: Tensor }>) => [...data].map(({ x }) => (x.toArray() as number[][]).map(([i]) => i))

describe('batches', () => {
  it('cuts examples and targets alike', () => {
    const data = batches(numbers(5), tensor([0, 10, 20, 30, 40]), { batchSize: 2 })
    expect(data).toMatchObject({ length: 3, examples: 5, batchSize: 2 })
    expect([...data].map(({ x, y }) => [x.toArray(), y.toArray()])).toEqual([
      [
        [
          [0, 0],
          [1, 0.5],
        ],
        [0, 10],
      ],
      [
        [
          [2, 1],
          [3, 1.5],
        ],
        [20, 30],
      ],
      [[[4, 2]], [40]],
    ])
    expect(firsts(batches(numbers(5), zeros([5]), { batchSize: 2, lastBatch: 'drop' }))).toEqual([
      [0, 1],
      [2, 3],
    ])
    expect(batches(numbers(70), zeros([70])).length).toBe(3)
  })

  it('shuffles anew each epoch, x and y together', () => {
    const y = tensor(Array.from({ length: 50 }, (_, i) => i)) as Tensor
    const epochs = (seed: number) => {
      const data = batches(numbers(50), y, { batchSize: 8, shuffle: true, random: new Random(seed) })
      return [1, 2].map(() =>
        [...data].flatMap(({ x, y }) => {
          const order = (x as Tensor).slice(1, 0, 1).ravel().toArray()
          expect(y.toArray()).toEqual(order)
          return order as number[]
        }),
      )
    }
    const [first, second] = epochs(1)
    expect(first).not.toEqual(second)
    for (const order of [first!, second!]) {
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i))
    }
    expect(epochs(1)).toEqual([first, second])
    expect(epochs(2)).not.toEqual([first, second])
  })

  it('says what is wrong', () => {
    expect(() => batches(numbers(5), zeros([4]))).toThrow(
      new ShapeError('batches: x [5, 2] has 5 examples and y [4] has 4; give as many of both, along the first axis.'),
    )
    expect(() => batches(tensor(1) as Tensor, tensor(1) as Tensor)).toThrow('x [] has no examples and y [] has no')
    expect(() => batches(numbers(5), zeros([5]), { batchSize: 0 })).toThrow(
      'batches: batchSize is 0; use a positive integer.',
    )
    expect(() => batches(numbers(5), zeros([5]), { batchSize: 8, lastBatch: 'drop' })).toThrow(
      'batches: 5 examples make no batch of 8; use a smaller batchSize, or keep the last one.',
    )
  })

  it('says what became of options that other libraries have', () => {
    expect(() => batches(numbers(5), zeros([5]), { dropLast: true } as object)).toThrow('did you mean lastBatch?')
  })

  it('refuses a generator from which nothing is drawn', () => {
    expect(() => batches(numbers(5), zeros([5]), { random: new Random(1) })).toThrow('add shuffle: true')
    batches(numbers(5), zeros([5]), { random: new Random(1), shuffle: false })
  })

  it('refuses data without examples', () => {
    expect(() => batches(zeros([0, 2]), zeros([0]))).toThrow(
      new ShapeError('batches: x [0, 2] has no examples; give at least one.'),
    )
  })
})

describe('an epoch of batches', () => {
  const shuffled = (generator = new Random(3)) =>
    batches(numbers(10), zeros([10]), { batchSize: 4, shuffle: true, random: generator })

  it('has its generator for whoever saves its state, if it draws', () => {
    const generator = new Random(3)
    expect(shuffled(generator).random).toBe(generator)
    expect(batches(numbers(10), zeros([10]), { shuffle: true }).random).toBe(random)
    expect(batches(numbers(10), zeros([10])).random).toBeUndefined()
  })

  it('is drawn at its start, whatever is drawn while it goes on', () => {
    const whole = firsts(shuffled())
    const generator = new Random(3)
    const iterator = shuffled(generator)[Symbol.iterator]()
    generator.number()
    const read: unknown[] = []
    for (const { x } of iterator) {
      read.push((x.toArray() as number[][]).map(([i]) => i))
      generator.number()
    }
    expect(read).toEqual(whole)
  })

  it.each([0, 1, 2, 3])('from batch %i is what a whole one gives from there', (batch) => {
    const generator = new Random(3)
    const rest = shuffled(generator).from(batch)
    const next = generator.number()
    expect(firsts(rest)).toEqual(firsts(shuffled()).slice(batch))
    // as often as it is read, without another draw
    expect(firsts(rest)).toEqual(firsts(shuffled()).slice(batch))
    const other = new Random(3)
    firsts(shuffled(other))
    expect(other.number()).toBe(next)
  })

  it('has no batch beyond its last', () => {
    expect(() => shuffled().from(4)).toThrow('Batches.from: batch is 4; use an integer from 0 to 3.')
  })
})

describe('a padded last batch', () => {
  const x = numbers(5)
  const y = tensor([0, 10, 20, 30, 40]) as Tensor<[number]>

  it('begins again at the beginning of the order, and says how many count', () => {
    const data = batches(x, y, { batchSize: 4, lastBatch: 'pad' })
    expect(firsts(data)).toEqual([
      [0, 1, 2, 3],
      [4, 0, 1, 2],
    ])
    expect([...data].map(({ examples }) => examples)).toEqual([4, 1])
    expect(data.length).toBe(2)
    const shuffled = batches(x, y, { batchSize: 4, lastBatch: 'pad', shuffle: true, random: new Random(1) })
    const [first, last] = firsts(shuffled)
    expect(last!.slice(1)).toEqual(first!.slice(0, 3))
    expect(firsts(batches(x, y, { batchSize: 12, lastBatch: 'pad' }))).toEqual([[0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1]])
  })

  it('counts in no mean', async () => {
    const model = new Identity()
    const metrics = { sum: (output: Tensor, target: Tensor) => output.sum(1).add(target).mean() }
    const of = (lastBatch: 'keep' | 'pad') => evaluate(model, batches(x, y, { batchSize: 4, lastBatch }), metrics)
    expect(await of('pad')).toEqual(await of('keep'))
  })

  it('has a row of the output for each example', async () => {
    const data = batches(x, y, { batchSize: 4, lastBatch: 'pad' })
    class Sum extends Identity {
      override run(x: Tensor): Tensor {
        return x.sum() as Tensor
      }
    }
    await expect(evaluate(new Sum(), data, { mean: (output) => output.mean() })).rejects.toThrow(
      'evaluate: 1 of 4 examples of a batch count, and the output [] does not have them along its first axis',
    )
  })

  it('weighs by the examples that count in the loss of an epoch', async () => {
    const model = new Linear(2, 1, { random: new Random(1) })
    const optimizer = new SGD(model, { learningRate: 0.001 })
    const losses: number[] = []
    const data = batches(x, y.reshape([5, 1]), { batchSize: 4, lastBatch: 'pad' })
    const history = await fit(model, {
      data,
      loss: mse,
      optimizer,
      epochs: 1,
      onBatch: ({ loss }) => void losses.push(loss),
    })
    expect(history.loss).toEqual([(losses[0]! * 4 + losses[1]!) / 5])
  })
})
