import {
  ArgumentError,
  DTypeError,
  IndexOutOfRangeError,
  Random,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { describe, expect, it } from 'vitest'
import {
  accuracy,
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  crossEntropy,
  mse,
  OptionError,
} from '../src/index.js'

const float64 = { dtype: 'float64' } as const
const int32 = { dtype: 'int32' } as const
const values = (data: number[] | number[][]): Tensor => tensor(data as number[], float64)
const logits = values([
  [0.2, -1.3, 2.4],
  [1.1, 0, -0.7],
])
const labels = tensor([2, 1], int32) as Tensor
const probabilities = values([
  [0.2, 0.3, 0.5],
  [0, 1, 0],
])
const close = (actual: unknown, wanted: unknown) => {
  const flat = (a: unknown) => [a].flat(9) as number[]
  expect(flat(actual)).toHaveLength(flat(wanted).length)
  flat(actual).forEach((value, i) => {
    expect(value).toBeCloseTo(flat(wanted)[i]!, 13)
  })
}
const gradient = (f: (x: Tensor) => Tensor, x: Tensor) => {
  const leaf = x.detach()
  leaf.requiresGrad = true
  f(leaf).backward()
  return leaf.grad.toArray()
}

// The numbers are those of PyTorch 2.13 in float64, unless they are written as formulas.

describe('mse', () => {
  it('is the mean of squared differences', () => {
    const [p, t] = [values([1, 2, -1]), values([0, 4, -1])]
    close(mse(p, t).item(), 5 / 3)
    close(mse(p, t, { reduction: 'sum' }).item(), 5)
    close(mse(p, t, { reduction: 'none' }).toArray(), [1, 4, 0])
    close(
      gradient((x) => mse(x, t), p),
      [2 / 3, -4 / 3, 0],
    )
    assertGradients((a: Tensor, b: Tensor) => mse(a, b), [p, t])
  })

  it('does not broadcast', () => {
    expect(() => mse(zeros([32, 1]) as Tensor, zeros([32]))).toThrow(
      new ShapeError(
        'mse: predictions [32, 1] and targets [32] need one shape: a loss does not broadcast; use reshape, expandDims ' +
          'or squeeze on one of them.',
      ),
    )
  })

  it('knows its reductions', () => {
    const bad = { reduction: 'median' as 'mean' }
    expect(() => mse(values([1]), values([1]), bad)).toThrow(
      new ArgumentError("mse: reduction is 'median'; use 'mean', 'sum' or 'none'."),
    )
  })
})

describe('crossEntropy', () => {
  it('takes labels', () => {
    close(crossEntropy(logits, labels, { reduction: 'none' }).toArray(), [0.12709658280048583, 1.504244344559238])
    close(crossEntropy(logits, labels).item(), 0.8156704636798618)
    close(crossEntropy(logits, labels, { reduction: 'sum' }).item(), 1.6313409273597237)
    close(
      gradient((x) => crossEntropy(x, labels), logits),
      [
        [0.04878932386281235, 0.010886369647042926, -0.0596756935098553],
        [0.3337405029946834, -0.3889074370942176, 0.05516693409953422],
      ],
    )
  })

  it('takes probabilities of the classes', () => {
    const none = { reduction: 'none' } as const
    close(crossEntropy(logits, probabilities, none).toArray(), [1.6770965828004858, 1.504244344559238])
    close(crossEntropy(logits, probabilities).item(), 1.5906704636798619)
    close(crossEntropy(logits, probabilities, { reduction: 'sum' }).item(), 3.1813409273597237)
    close(
      gradient((x) => crossEntropy(x, probabilities), logits),
      [
        [-0.051210676137187654, -0.13911363035295707, 0.1903243064901447],
        [0.3337405029946834, -0.3889074370942176, 0.05516693409953422],
      ],
    )
  })

  it('takes any number of axes before the classes', () => {
    const stacked = logits.reshape([2, 1, 3])
    const target = labels.reshape([2, 1])
    expect(crossEntropy(stacked, target, { reduction: 'none' }).shape).toEqual([2, 1])
    close(crossEntropy(stacked, target).item(), 0.8156704636798618)
    close(crossEntropy(values([0.2, -1.3, 2.4]), tensor(2, int32)).item(), 0.12709658280048583)
  })

  it('has the right derivatives', () => {
    assertGradients((x: Tensor) => crossEntropy(x, labels), [logits])
    const soft = values([
      [0.2, 0.3, 0.5],
      [0.1, 0.8, 0.1],
    ])
    assertGradients((x: Tensor, p: Tensor) => crossEntropy(x, p), [logits, soft])
  })

  it('is exact for huge logits, and for classes that cannot be', () => {
    close(crossEntropy(values([[1e4, 0]]), tensor([1], int32)).item(), 1e4)
    const small = crossEntropy(tensor([[100, 90]]), tensor([0], int32)).item()
    expect(small / Math.log1p(Math.exp(-10))).toBeCloseTo(1, 2)
    const masked = values([[1, Number.NEGATIVE_INFINITY, 2]])
    const target = values([[0.5, 0, 0.5]])
    close(crossEntropy(masked, target).item(), Math.log(Math.E + Math.E ** 2) - 1.5)
    const p = 1 / (1 + Math.E)
    close(
      gradient((x) => crossEntropy(x, target), masked),
      [[p - 0.5, 0, 0.5 - p]],
    )
  })

  it('says what is wrong', () => {
    const said = (target: Tensor, x: Tensor = logits) => {
      try {
        crossEntropy(x, target)
      } catch (error) {
        return error
      }
      return undefined
    }
    expect(said(tensor([[2], [1]], int32) as Tensor)).toEqual(
      new ShapeError(
        'crossEntropy: logits [2, 3] need targets [2], got [2, 1]; use squeeze, reshape or ravel on them.',
      ),
    )
    expect(said(zeros([2, 3], int32))).toEqual(
      new ShapeError(
        'crossEntropy: logits [2, 3] need targets [2], got [2, 3]; they look like one-hot rows: take argmax(-1), or ' +
          'cast them to float64 as probabilities.',
      ),
    )
    expect(said(values([2, 1]))).toEqual(
      new DTypeError(
        "crossEntropy: targets float64[2] are no labels; class numbers are int32: tensor([...], { dtype: 'int32' }) or " +
          "labels.cast('int32').",
      ),
    )
    expect(said(tensor([0, 3], int32) as Tensor)).toEqual(
      new IndexOutOfRangeError(
        'crossEntropy: label 3 at [1] is out of range for 3 classes (the last axis of logits [2, 3]); labels go from 0 ' +
          'to 2.',
      ),
    )
    expect(
      said(
        tensor(
          [
            [0, 1],
            [2, -1],
          ],
          int32,
        ) as Tensor,
        zeros([2, 2, 3]),
      ),
    ).toMatchObject({
      message: expect.stringContaining('label -1 at [1, 1] is out of range for 3 classes'),
    })
    expect(said(labels, zeros([2, 3], int32))).toEqual(
      new DTypeError("crossEntropy: logits are int32[2, 3]; they must be floats: cast them to 'float32' or 'float64'."),
    )
    expect(said(labels, values(1 as never))).toMatchObject({ message: expect.stringContaining('got a scalar') })
  })
})

describe('binaryCrossEntropy', () => {
  const p = values([0.9, 0.2, 0.5, 0, 1])
  const t = values([1, 0, 0.3, 1, 1])

  it('clamps its logarithms at -100', () => {
    const losses = binaryCrossEntropy(p, t, { reduction: 'none' }).toArray()
    close(losses, [0.10536051565782628, 0.22314355131420976, Math.LN2, 100, 0])
  })

  it('has exact derivatives, which are 0 at the clamp', () => {
    close(
      gradient((x) => binaryCrossEntropy(x, t, { reduction: 'sum' }), p),
      [-1 / 0.9, 1 / 0.8, 0.2 / 0.25, 0, -1],
    )
    assertGradients((x: Tensor, y: Tensor) => binaryCrossEntropy(x, y), [values([0.9, 0.2, 0.5]), values([1, 0, 0.3])])
  })

  it('refuses what is no probability', () => {
    expect(() => binaryCrossEntropy(values([0.5, 1.5]), values([1, 0]))).toThrow(
      new OptionError(
        'binaryCrossEntropy: predictions hold 1.5 at [1], which is no probability; predictions lie between 0 and 1. ' +
          'For logits use binaryCrossEntropyWithLogits().',
      ),
    )
    expect(() => binaryCrossEntropy(values([Number.NaN]), values([1]))).toThrow('predictions hold NaN at [0]')
    expect(() => binaryCrossEntropy(zeros([2], int32), zeros([2]))).toThrow(DTypeError)
    expect(() => binaryCrossEntropy(zeros([2]) as Tensor, zeros([3]))).toThrow('predictions [2] and targets [3]')
  })
})

describe('binaryCrossEntropyWithLogits', () => {
  const z = values([0, 3, -2, 50, -800])
  const t = values([1, 0, 0.3, 0, 1])

  it('is exact for logits of any size', () => {
    const losses = binaryCrossEntropyWithLogits(z, t, { reduction: 'none' }).toArray()
    close(losses, [Math.LN2, 3.048587351573742, 0.7269280110429728, 50, 800])
    const tiny = binaryCrossEntropyWithLogits(tensor([20]), tensor([1])).item()
    expect(tiny / Math.exp(-20)).toBeCloseTo(1, 6)
    close(
      gradient((x) => binaryCrossEntropyWithLogits(x, t, { reduction: 'sum' }), z),
      [-0.5, 0.9525741268224334, -0.18079707797788244, 1, -1],
    )
    assertGradients((x: Tensor, y: Tensor) => binaryCrossEntropyWithLogits(x, y), [z.slice(0, 0, 3), t.slice(0, 0, 3)])
  })

  it('is the binary cross entropy of the sigmoid', () => {
    const random = new Random(2)
    const x = random.normal([3, 4], float64)
    const y = random.bernoulli([3, 4], float64)
    close(binaryCrossEntropyWithLogits(x, y).item(), binaryCrossEntropy(x.sigmoid(), y).item())
  })
})

describe('accuracy', () => {
  it('is the share of right guesses', () => {
    const guesses = tensor([
      [0, 1],
      [3, 2],
      [-1, -2],
    ])
    expect(accuracy(guesses, tensor([1, 1, 0], int32))).toBe(2 / 3)
    expect(() => accuracy(guesses as Tensor, zeros([3, 1], int32))).toThrow(
      'accuracy: logits [3, 2] need targets [3], got [3, 1]',
    )
    expect(() => accuracy(guesses, tensor([0, 1, 2], int32))).toThrow('accuracy: label 2 at [2] is out of range')
  })
})
