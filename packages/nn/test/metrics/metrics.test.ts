import { arange, Random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { accuracy, batches, crossEntropy, evaluate, Identity, metrics, type StreamedMetric } from '../../src/index.js'

const int = (...labels: number[]) => tensor(labels, { dtype: 'int32' }) as Tensor
const of = <V>(metric: StreamedMetric<V>, output: Tensor, target: Tensor): V => {
  const measurement = metric.start()
  measurement.update(output, target)
  return measurement.value()
}
const floats = (...numbers: number[]) => tensor(numbers) as Tensor
const rows = (...numbers: number[][]) => tensor(numbers) as Tensor

describe('a measurement', () => {
  it('knows nothing of another of the same metric', () => {
    const metric = metrics.confusionMatrix(2)
    const first = metric.start()
    first.update(rows([1, 0], [1, 0]), int(0, 1))
    const matrix = first.value()
    expect(of(metric, rows([0, 1]), int(1))).toEqual([
      [0, 0],
      [0, 1],
    ])
    first.update(rows([1, 0]), int(0))
    // what was given does not change afterwards
    expect(matrix).toEqual([
      [1, 0],
      [1, 0],
    ])
    expect(first.value()).toEqual([
      [2, 0],
      [1, 0],
    ])
  })
})

describe('perplexity', () => {
  it('is the number of classes where all are equally likely, and that of the mean of batches nowhere else', () => {
    expect(of(metrics.perplexity(), zeros([3, 5]) as Tensor, int(0, 1, 2))).toBeCloseTo(5, 12)
    const measurement = metrics.perplexity().start()
    // certain and right, then one of four: the geometric mean of 1, 1, 1 and 4
    const certain = rows([99, 0, 0, 0], [99, 0, 0, 0], [99, 0, 0, 0])
    measurement.update(certain, int(0, 0, 0))
    measurement.update(zeros([1, 4]) as Tensor, int(1))
    expect(measurement.value()).toBeCloseTo(Math.SQRT2, 12)
  })

  it('is the exponential of the cross entropy, and infinite where what is impossible happened', () => {
    const logits = new Random(1).normal([7, 4], { dtype: 'float64' }) as Tensor
    const labels = int(0, 1, 2, 3, 0, 1, 2)
    expect(of(metrics.perplexity(), logits, labels)).toBeCloseTo(Math.exp(crossEntropy(logits, labels).item()), 12)
    expect(of(metrics.perplexity(), rows([0, Number.NEGATIVE_INFINITY]), int(1))).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('the area under the curve', () => {
  it('is 1 for scores in order, 0 in the opposite order, 1/2 where all are equal', () => {
    const truths = floats(0, 0, 1, 1)
    expect(of(metrics.auc(), floats(1, 2, 3, 4), truths)).toBe(1)
    expect(of(metrics.auc(), floats(4, 3, 2, 1), truths)).toBe(0)
    expect(of(metrics.auc(), floats(7, 7, 7, 7), truths)).toBe(0.5)
    expect(of(metrics.auc(), floats(Number.NEGATIVE_INFINITY, 0, 0, Number.POSITIVE_INFINITY), truths)).toBe(0.875)
  })

  it('stays exact over many scores', () => {
    // of numbers 0 to n - 1 each third is of class 1; the sum of their ranks is known
    const n = 3000
    const scores = arange(n) as Tensor
    const truths = tensor(Array.from({ length: n }, (_, i) => (i % 3 === 0 ? 1 : 0)))
    const [positives, negatives] = [n / 3, (2 * n) / 3]
    let below = 0
    for (let i = 0; i < n; i += 3) below += i - i / 3
    expect(of(metrics.auc(), scores, truths)).toBe(below / (positives * negatives))
  })
})

describe('what is undefined is NaN', () => {
  const empty = { ignoreIndex: 1 }
  it.each([
    ['auc of one class', metrics.auc(), floats(1, 2), floats(1, 1)],
    ['auc of the other', metrics.auc(), floats(1, 2), floats(0, 0)],
    ['auc of a score that is NaN', metrics.auc(), floats(1, Number.NaN), floats(0, 1)],
    ['average precision without positives', metrics.averagePrecision(), floats(1, 2), floats(0, 0)],
    ['average precision of a score that is NaN', metrics.averagePrecision(), floats(1, Number.NaN), floats(0, 1)],
    ['precision where nothing was predicted', metrics.precision(), floats(-1, -2), floats(1, 0)],
    ['recall where nothing is there', metrics.recall(), floats(1, -2), floats(0, 0)],
    ['F1 of neither', metrics.f1(), floats(-1, -2), floats(0, 0)],
    ['R2 of a constant target', metrics.r2(), floats(1, 2), floats(3, 3)],
    ['R2 of one example', metrics.r2(), floats(1), floats(1)],
    ['accuracy of nothing that counts', metrics.accuracy(empty), rows([0, 1]), int(1)],
    ['perplexity of nothing that counts', metrics.perplexity(empty), rows([0, 1]), int(1)],
    ['top k of nothing that counts', metrics.topK(1, empty), rows([0, 1]), int(1)],
  ])('%s', (_name, metric, output, target) => {
    expect(of(metric as StreamedMetric<number>, output, target)).toBeNaN()
  })

  it('but counts as 0 in averages of classes that are there, as in scikit-learn', () => {
    // class 1 is there and never predicted, class 3 neither
    const [logits, labels] = [rows([3, 0, 0, 0], [3, 0, 0, 0], [0, 0, 3, 0]), int(0, 1, 2)]
    expect(of(metrics.precision({ average: 'none' }), logits, labels)).toEqual([0.5, Number.NaN, 1, Number.NaN])
    expect(of(metrics.precision({ average: 'macro' }), logits, labels)).toBe(0.5)
    expect(of(metrics.precision({ average: 'weighted' }), logits, labels)).toBe(0.5)
  })
})

describe('a logit that is NaN', () => {
  it('is never right', () => {
    const logits = rows([Number.NaN, Number.NaN, Number.NaN])
    expect(of(metrics.topK(2), logits, int(0))).toBe(0)
    expect(of(metrics.topK(1), rows([1, Number.NaN, 0]), int(0))).toBe(0)
    expect(of(metrics.f1(), floats(Number.NaN, 1), floats(1, 1))).toBe(2 / 3)
  })
})

describe('what does not fit is refused', () => {
  it.each([
    [
      'more classes than two, put together in no way',
      metrics.f1(),
      zeros([2, 3]),
      int(0, 1),
      "average 'binary' is of two",
    ],
    ['one class', metrics.accuracy(), zeros([2, 1]), int(0, 1), 'give scores the shape [2] of the targets'],
    ['a threshold beside labels', metrics.accuracy({ threshold: 0.5 }), zeros([2, 3]), int(0, 1), 'leave it out'],
    ['an axis beside scores', metrics.f1({ axis: 1 }), zeros([2]), floats(0, 1), 'give int32 labels'],
    ['targets that are no truths', metrics.auc(), zeros([2]), floats(0, 0.5), 'targets hold 0.5 at [1]'],
    ['a ranking of three classes', metrics.auc(), zeros([2, 3]), int(0, 1), 'a ranking is of two'],
    [
      'another number of classes',
      metrics.confusionMatrix(4),
      zeros([2, 3]),
      int(0, 1),
      'an output of 3 classes after one of 4',
    ],
    ['more than there are classes', metrics.topK(4), zeros([2, 3]), int(0, 1), 'at most the number of classes, 3'],
    [
      'a label out of range',
      metrics.accuracy(),
      zeros([2, 3]),
      int(0, 3),
      'label 3 at [1] is out of range for 3 classes',
    ],
    [
      'labels of another shape',
      metrics.accuracy(),
      zeros([2, 3]),
      int(0, 1, 1),
      'logits [2, 3] need targets [2], got [3]',
    ],
    ['shapes that broadcast', metrics.r2(), zeros([2, 1]), zeros([2]), 'need one shape'],
    ['no axis of examples', metrics.r2(), tensor(1), tensor(1), 'have no axis of examples'],
  ] as const)('%s', (_name, metric, output, target, message) => {
    const measurement = (metric as StreamedMetric<unknown>).start()
    expect(() => measurement.update(output as Tensor, target as Tensor)).toThrow(message)
  })

  it('also where batches differ among themselves', () => {
    const shares = metrics.f1({ average: 'macro' }).start()
    shares.update(zeros([2, 3]) as Tensor, int(0, 1))
    expect(() => shares.update(zeros([2, 4]) as Tensor, int(0, 1))).toThrow('an output of 4 classes after one of 3')
    const explained = metrics.r2().start()
    explained.update(zeros([2, 3]) as Tensor, zeros([2, 3]) as Tensor)
    expect(() => explained.update(zeros([2, 2]) as Tensor, zeros([2, 2]) as Tensor)).toThrow(
      'have 2 numbers an example after 3',
    )
  })

  it('and options that contradict each other, before there is a batch', () => {
    expect(() => metrics.accuracy({ threshold: 0.5, axis: 1 })).toThrow('leave one of them out')
    expect(() => metrics.f1({ threshold: Number.NaN })).toThrow('threshold is NaN')
    expect(() => metrics.topK(0)).toThrow('use a positive integer')
    expect(() => metrics.confusionMatrix(1)).toThrow('use an integer of at least 2')
  })
})

describe('evaluate', () => {
  const logits = new Random(2).normal([11, 3]) as Tensor
  const labels = int(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1)
  const data = (batchSize: number) => batches(logits, labels, { batchSize })

  it('gives of unequal batches what one batch of all gives', async () => {
    const all = {
      accuracy,
      right: metrics.accuracy(),
      loss: crossEntropy,
      perplexity: metrics.perplexity(),
      confusion: metrics.confusionMatrix(3),
      f1: metrics.f1({ average: 'none' }),
    }
    const whole = await evaluate(new Identity(), data(11), all)
    const parts = await evaluate(new Identity(), data(4), all)
    expect(parts.confusion).toEqual(whole.confusion)
    expect(parts.f1).toEqual(whole.f1)
    expect(parts.accuracy).toBeCloseTo(whole.accuracy, 12)
    expect(parts.right).toBe(whole.right)
    expect(parts.loss).toBeCloseTo(whole.loss, 6)
    expect(parts.perplexity).toBeCloseTo(whole.perplexity, 12)
    expect(whole.right).toBe(whole.accuracy)
  })

  it('counts in accuracy every label as much as any other, where the mean of a function weighs by examples', async () => {
    const [x, y] = [
      zeros([2, 2, 2]) as Tensor,
      tensor(
        [
          [0, 0],
          [-1, 1],
        ],
        { dtype: 'int32' },
      ) as Tensor,
    ]
    const one = batches(x, y, { batchSize: 1 })
    const ignoring = { ignoreIndex: -1 }
    const scores = await evaluate(new Identity(), one, {
      labels: metrics.accuracy(ignoring),
      means: (output, target) => accuracy(output, target, ignoring),
    })
    expect(scores.labels).toBe(2 / 3)
    expect(scores.means).toBe(1 / 2)
  })

  it("takes metrics of one's own", async () => {
    class Largest implements StreamedMetric<string> {
      start() {
        return new Maximum()
      }
    }
    class Maximum {
      most = Number.NEGATIVE_INFINITY
      update(output: Tensor): void {
        this.most = Math.max(this.most, output.max().item())
      }
      value(): string {
        return `at most ${this.most}`
      }
    }
    const { largest } = await evaluate(new Identity(), data(4), { largest: new Largest() })
    expect(largest).toBe(`at most ${logits.max().item()}`)
  })

  it.each([
    ['nothing to update', { start: () => ({}) as never }, 'no object with methods update and value'],
    [
      'nothing',
      { start: () => ({ update: () => {}, value: () => undefined }) },
      'value() of the metric mine gives nothing',
    ],
    [
      'a promise',
      { start: () => ({ update: () => {}, value: async () => 1 }) },
      'value() of the metric mine gives a promise',
    ],
    [
      'a late update',
      { start: () => ({ update: async () => {}, value: () => 1 }) },
      'update() of the metric mine gives a promise',
    ],
  ])('refuses a metric that gives %s', async (_name, mine, message) => {
    await expect(evaluate(new Identity(), data(4), { mine })).rejects.toThrow(message)
  })

  it('says to call what makes a metric', async () => {
    const f1 = metrics.f1 as never
    await expect(evaluate(new Identity(), data(4), { f1 })).rejects.toThrow(
      'evaluate: the metric f1 is metrics.f1 itself; call it for a metric: metrics.f1().',
    )
  })
})
