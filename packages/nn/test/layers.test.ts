import {
  DTypeError,
  IndexOutOfRangeError,
  ones,
  Random,
  random,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { beforeEach, describe, expect, it } from 'vitest'
import * as nn from '../src/index.js'

beforeEach(() => random.seed(1))

describe('Linear', () => {
  it('is x @ weight + bias', () => {
    const linear = new nn.Linear(2, 3, { dtype: 'float64' })
    linear.weight.assign(
      tensor(
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        { dtype: 'float64' },
      ),
    )
    linear.bias!.assign(tensor([0.5, 0, -1], { dtype: 'float64' }))
    const x = tensor(
      [
        [1, 0],
        [0, 1],
        [2, -1],
      ],
      { dtype: 'float64' },
    )
    expect(linear.forward(x).toArray()).toEqual([
      [1.5, 2, 2],
      [4.5, 5, 5],
      [-1.5, -1, -1],
    ])
    expect(linear.forward(tensor([1, 1], { dtype: 'float64' })).toArray()).toEqual([5.5, 7, 8])
    expect(linear.forward(zeros([5, 4, 2])).shape).toEqual([5, 4, 3])
    expect(`${linear}`).toBe('Linear(2, 3)')
  })

  it('has the right derivatives', () => {
    const linear = new nn.Linear(3, 2, { dtype: 'float64' })
    const of = (x: Tensor, weight: Tensor, bias: Tensor) => {
      const { weight: w, bias: b } = linear
      Object.assign(linear, { weight, bias })
      const y = linear.forward(x)
      Object.assign(linear, { weight: w, bias: b })
      return y
    }
    assertGradients(of, [random.normal([4, 3]), random.normal([3, 2]), random.normal([2])])
  })

  it('starts as in PyTorch, reproducibly', () => {
    const linear = new nn.Linear(100, 50)
    const bound = 0.1
    for (const p of linear.parameters()) {
      expect(Math.max(...p.data)).toBeLessThanOrEqual(bound)
      expect(Math.min(...p.data)).toBeGreaterThanOrEqual(-bound)
    }
    expect(Math.max(...linear.weight.data)).toBeGreaterThan(0.99 * bound)
    const made = () => new nn.Linear(3, 2, { random: new Random(7) }).stateDict()
    expect(made().weight!.toArray()).toEqual(made().weight!.toArray())
    expect(made().bias!.toArray()).toEqual(made().bias!.toArray())
  })

  it('takes options', () => {
    const linear = new nn.Linear(2, 3, { bias: false, init: nn.init.ones(), dtype: 'float64' })
    expect(linear.bias).toBeNull()
    expect([...linear.namedParameters().keys()]).toEqual(['weight'])
    expect(linear.weight.dtype).toBe('float64')
    expect(linear.forward(tensor([1, 2], { dtype: 'float64' })).toArray()).toEqual([3, 3, 3])
  })

  it('says what is wrong', () => {
    expect(() => new nn.Linear(0, 3)).toThrow('Linear: inputs is 0; use a positive integer.')
    expect(() => new nn.Linear(2, 1.5)).toThrow('Linear: outputs is 1.5; use a positive integer.')
    const linear = new nn.Linear(784, 128)
    expect(() => linear.forward(zeros([8, 28]) as Tensor)).toThrow(
      new ShapeError(
        'Linear(784, 128): expects 784 features, got 28: x has shape [8, 28], and its last axis must have size 784; ' +
          'reshape or flatten x, or make the layer for that many features.',
      ),
    )
    expect(() => linear.forward(tensor(3) as Tensor)).toThrow('expects 784 features, got a scalar')
  })
})

describe('LayerNorm', () => {
  // by hand: the means are 2 and 1/3, the variances 2/3 and 122/9
  const x = [[1, 2, 3], [-4, 0, 5]] // biome-ignore format: a matrix
  const rates = [1 / Math.sqrt(2 / 3 + 0.1), 1 / Math.sqrt(122 / 9 + 0.1)]
  const centred = [[-1, 0, 1], [-13 / 3, -1 / 3, 14 / 3]] // biome-ignore format: a matrix

  it('gives each line mean 0 and variance 1, then scales and shifts', () => {
    const layer = new nn.LayerNorm(3, { epsilon: 0.1, dtype: 'float64' })
    const close = (scale: number[], shift: number[]) => {
      const y = layer.forward(tensor(x, { dtype: 'float64' })).toArray() as number[][]
      y.forEach((row, i) => {
        row.forEach((value, j) => {
          expect(value).toBeCloseTo(centred[i]![j]! * rates[i]! * scale[j]! + shift[j]!, 13)
        })
      })
    }
    close([1, 1, 1], [0, 0, 0])
    layer.scale!.assign(tensor([1, 2, -1], { dtype: 'float64' }))
    layer.shift!.assign(tensor([0.5, 0, 3], { dtype: 'float64' }))
    close([1, 2, -1], [0.5, 0, 3])
    expect([...layer.namedParameters().keys()]).toEqual(['scale', 'shift'])
    expect(`${layer}`).toBe('LayerNorm(3)')
  })

  it('has the right derivatives', () => {
    const layer = new nn.LayerNorm(3, { dtype: 'float64' })
    const of = (input: Tensor, scale: Tensor, shift: Tensor) => {
      const own = { scale: layer.scale, shift: layer.shift }
      Object.assign(layer, { scale, shift })
      const y = layer.forward(input)
      Object.assign(layer, own)
      return y
    }
    assertGradients(of, [random.normal([2, 4, 3]), random.normal([3]), random.normal([3])])
  })

  it('says what is wrong', () => {
    expect(() => new nn.LayerNorm(0)).toThrow('LayerNorm: features is 0; use a positive integer.')
    expect(() => new nn.LayerNorm(3, { epsilon: 0 })).toThrow('LayerNorm: epsilon is 0; use a small positive number.')
    expect(() => new nn.LayerNorm(3).forward(zeros([3, 4]) as Tensor)).toThrow(
      'LayerNorm(3): expects 3 features, got 4: x has shape [3, 4]',
    )
  })
})

describe('Embedding', () => {
  const indices = tensor([[2, 0], [2, 1]], { dtype: 'int32' }) // biome-ignore format: a matrix

  it('is a row of the weight for each index', () => {
    const layer = new nn.Embedding(3, 2)
    layer.weight.assign(tensor([[1, 2], [3, 4], [5, 6]])) // biome-ignore format: a matrix
    expect(layer.forward(indices).toArray()).toEqual([[[5, 6], [1, 2]], [[5, 6], [3, 4]]]) // biome-ignore format: a matrix
    expect(layer.forward(tensor(1, { dtype: 'int32' })).toArray()).toEqual([3, 4])
    expect(`${layer}`).toBe('Embedding(3, 2)')
  })

  it('gives each row the gradients of all places where it was read', () => {
    const layer = new nn.Embedding(4, 2)
    layer.forward(indices).sum().backward()
    expect(layer.weight.grad.toArray()).toEqual([[1, 1], [1, 1], [2, 2], [0, 0]]) // biome-ignore format: a matrix
  })

  it('starts normally distributed, reproducibly, or as told', () => {
    const drawn = new nn.Embedding(200, 50, { random: new Random(1) }).weight
    const again = new nn.Embedding(200, 50, { random: new Random(1) }).weight
    expect(drawn.toArray()).toEqual(again.toArray())
    expect(drawn.mean().item()).toBeCloseTo(0, 1)
    expect(drawn.standardDeviation().item()).toBeCloseTo(1, 1)
    const told = new nn.Embedding(2, 1, { init: nn.init.constant(0.5), dtype: 'float64' }).weight
    expect([told.dtype, told.toArray()]).toEqual(['float64', [[0.5], [0.5]]])
  })

  it('says what is wrong', () => {
    expect(() => new nn.Embedding(3, 0)).toThrow('Embedding: size is 0; use a positive integer.')
    const layer = new nn.Embedding(3, 2)
    expect(() => layer.forward(zeros([4]))).toThrow(
      new DTypeError(
        "Embedding(3, 2): x is float32[4]; it must hold the numbers of rows, int32: tensor([...], { dtype: 'int32' }) or " +
          "x.cast('int32').",
      ),
    )
    for (const index of [3, -1]) {
      const act = () => layer.forward(tensor([0, index], { dtype: 'int32' }))
      expect(act).toThrow(IndexOutOfRangeError)
      expect(act).toThrow(`Embedding(3, 2): index ${index} at [1] of x is outside the 3 rows; they go from 0 to 2.`)
    }
  })
})

describe('activations', () => {
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
  const softplus = (x: number) => Math.log1p(Math.exp(x))
  const cases: [nn.Activation, (x: number) => number][] = [
    [new nn.ReLU(), (x) => Math.max(x, 0)],
    [new nn.ReLU6(), (x) => Math.min(Math.max(x, 0), 6)],
    [new nn.LeakyReLU(), (x) => (x > 0 ? x : 0.01 * x)],
    [new nn.LeakyReLU(0.2), (x) => (x > 0 ? x : 0.2 * x)],
    [new nn.ELU(), (x) => (x > 0 ? x : Math.expm1(x))],
    [new nn.ELU(0.5), (x) => (x > 0 ? x : 0.5 * Math.expm1(x))],
    [new nn.CELU(0.5), (x) => (x > 0 ? x : 0.5 * Math.expm1(x / 0.5))],
    [new nn.SELU(), (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))],
    [new nn.Sigmoid(), sigmoid],
    [new nn.LogSigmoid(), (x) => Math.log(sigmoid(x))],
    [new nn.Tanh(), Math.tanh],
    [new nn.Softsign(), (x) => x / (1 + Math.abs(x))],
    [new nn.Softplus(), softplus],
    [new nn.SiLU(), (x) => x * sigmoid(x)],
    [new nn.Mish(), (x) => x * Math.tanh(softplus(x))],
    [
      new nn.GELU({ approximate: 'tanh' }),
      (x) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))),
    ],
    [new nn.HardSigmoid(), (x) => Math.min(Math.max(x + 3, 0), 6) / 6],
    [new nn.HardTanh(), (x) => Math.min(Math.max(x, -1), 1)],
    [new nn.HardSwish(), (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6],
    [new nn.Identity(), (x) => x],
  ]
  const points = [-4.5, -2, -0.3, 0.4, 1.7, 7]
  for (const [layer, f] of cases) {
    it(`${layer}`, () => {
      const y = layer.forward(tensor(points, { dtype: 'float64' })).toArray()
      points.forEach((x, i) => {
        expect(y[i]).toBeCloseTo(f(x), 12)
      })
      expect(layer.parameters()).toEqual([])
    })
  }

  it('GELU is x times the normal distribution function', () => {
    const y = new nn.GELU().forward(tensor([0.4, -6], { dtype: 'float64' })).toArray()
    expect(y[0]).toBeCloseTo(0.2621686966441297, 14)
    expect(y[1]! / -5.9195258702261885e-9).toBeCloseTo(1, 10)
    expect(() => new nn.GELU({ approximate: 'erf' as 'tanh' })).toThrow(
      "GELU: approximate is 'erf'; use 'none' or 'tanh'.",
    )
  })

  it('Softmax and LogSoftmax run along the axis', () => {
    const x = tensor(
      [
        [1, 2],
        [3, 5],
      ],
      { dtype: 'float64' },
    )
    const e = (a: number, b: number) => [
      Math.exp(a) / (Math.exp(a) + Math.exp(b)),
      Math.exp(b) / (Math.exp(a) + Math.exp(b)),
    ]
    const close = (a: unknown, b: number[][]) => {
      for (const [i, value] of (a as number[][]).flat().entries()) expect(value).toBeCloseTo(b.flat()[i]!, 14)
    }
    close(new nn.Softmax().forward(x).toArray(), [e(1, 2), e(3, 5)])
    close(new nn.Softmax(0).forward(x).transpose().toArray(), [e(1, 3), e(2, 5)])
    close(new nn.LogSoftmax().forward(x).exp().toArray(), [e(1, 2), e(3, 5)])
  })

  it('are shown, and told apart', () => {
    expect(`${new nn.ReLU()} ${new nn.LeakyReLU(0.2)}`).toBe('ReLU() LeakyReLU(0.2)')
    expect(new nn.ReLU()).toBeInstanceOf(nn.ReLU)
    expect(new nn.ReLU()).not.toBeInstanceOf(nn.Tanh)
    expect(new nn.ReLU()).toBeInstanceOf(nn.Activation)
    expect(nn.SiLU.name).toBe('SiLU')
  })
})

describe('Flatten', () => {
  it('keeps the first axis', () => {
    const x = tensor([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ])
    expect(new nn.Flatten().forward(x).toArray()).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ])
    expect(() => new nn.Flatten().forward(tensor(1) as Tensor)).toThrow('Flatten: a scalar has no batch axis to keep')
  })
})

describe('Dropout', () => {
  it('drops a share p and scales the rest by 1 / (1 - p)', () => {
    const n = 40_000
    const p = 0.3
    const y = new nn.Dropout(p).forward(ones([n], { dtype: 'float64' }))
    const kept = [...y.data].filter((value) => value !== 0)
    expect(new Set(kept)).toEqual(new Set([1 / (1 - p)]))
    // five standard deviations of a binomial share
    expect(Math.abs(kept.length / n - (1 - p))).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n))
  })

  it('draws anew at each call, from its own generator', () => {
    const x = ones([64])
    const draw = (seed: number) => new nn.Dropout(0.5, { random: new Random(seed) }).forward(x).toArray()
    expect(draw(3)).toEqual(draw(3))
    expect(draw(3)).not.toEqual(draw(4))
    const dropout = new nn.Dropout(0.5)
    expect(dropout.forward(x).toArray()).not.toEqual(dropout.forward(x).toArray())
  })

  it('passes gradients on where it kept', () => {
    const x = ones([100], { dtype: 'float64' })
    x.requiresGrad = true
    const y = new nn.Dropout(0.5).forward(x)
    y.sum().backward()
    expect(x.grad.toArray()).toEqual(y.toArray())
  })

  it('is the identity in evaluation and for p = 0, and zero for p = 1, also of infinities', () => {
    const x = tensor([1, Number.POSITIVE_INFINITY, -3])
    expect(new nn.Dropout(0.5).eval().forward(x)).toBe(x)
    expect(new nn.Dropout(0).forward(x)).toBe(x)
    expect(new nn.Dropout(1).forward(x).toArray()).toEqual([0, 0, 0])
  })

  it('checks p', () => {
    expect(() => new nn.Dropout(1.5)).toThrow('Dropout: p is 1.5; use a probability from 0 to 1.')
    expect(() => new nn.Dropout(Number.NaN)).toThrow(nn.OptionError)
    expect(`${new nn.Dropout(0.1)}`).toBe('Dropout(0.1)')
  })
})

describe('Sequential', () => {
  it('runs its layers in order', () => {
    const first = new nn.Linear(3, 2)
    const model = new nn.Sequential(first, new nn.Tanh(), new nn.Identity())
    const x = random.normal([4, 3])
    expect(model.forward(x).toArray()).toEqual(first.forward(x).tanh().toArray())
    expect(`${model}`).toBe('Sequential(\n  (0): Linear(3, 2)\n  (1): Tanh()\n  (2): Identity()\n)')
    expect(new nn.Sequential().forward(x)).toBe(x)
  })

  it('says in which layer an error happened', () => {
    const model = new nn.Sequential(new nn.Flatten(), new nn.Sequential(new nn.ReLU(), new nn.Linear(4, 2)))
    const run = () => model.forward(zeros([2, 3]) as Tensor)
    expect(run).toThrow(ShapeError)
    expect(run).toThrow('layer 1.1: expects 4 features, got 3')
    expect(() => new nn.Sequential(...([new nn.ReLU(), (x: Tensor) => x] as never[]))).toThrow(
      'Sequential: layer 1 has no forward(x); pass modules, such as new ReLU().',
    )
  })

  it('has the right derivatives through all layers', () => {
    const model = new nn.Sequential(
      new nn.Linear(3, 4, { dtype: 'float64' }),
      new nn.SiLU(),
      new nn.Linear(4, 2, { dtype: 'float64' }),
      new nn.LogSoftmax(),
    )
    assertGradients((x: Tensor) => model.forward(x), [random.normal([2, 3], { dtype: 'float64' })])
  })
})

describe('initializers', () => {
  const moments = (initializer: nn.Initializer) => {
    const { data } = initializer([300, 100], { random: new Random(6), dtype: 'float64' })
    const values = [...data]
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length
    return { mean, variance, largest: Math.max(...values.map(Math.abs)) }
  }
  const uniform: [string, nn.Initializer, number][] = [
    ['xavierUniform', nn.init.xavierUniform(), Math.sqrt(6 / 400)],
    ['xavierUniform with gain', nn.init.xavierUniform({ gain: 5 / 3 }), (5 / 3) * Math.sqrt(6 / 400)],
    ['kaimingUniform', nn.init.kaimingUniform(), Math.sqrt(6 / 300)],
    ['kaimingUniform of Linear', nn.init.kaimingUniform({ a: Math.sqrt(5) }), 1 / Math.sqrt(300)],
    ['kaimingUniform by fanOut', nn.init.kaimingUniform({ mode: 'fanOut' }), Math.sqrt(6 / 100)],
  ]
  for (const [name, initializer, bound] of uniform) {
    it(`${name}: evenly over ±${bound.toFixed(4)}`, () => {
      const { mean, variance, largest } = moments(initializer)
      expect(largest).toBeLessThanOrEqual(bound)
      expect(largest).toBeGreaterThan(0.999 * bound)
      expect(Math.abs(mean)).toBeLessThan(0.02 * bound)
      expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 1.5)
    })
  }
  const normal: [string, nn.Initializer, number][] = [
    ['xavierNormal', nn.init.xavierNormal(), 2 / 400],
    ['kaimingNormal', nn.init.kaimingNormal({ a: 1 }), 1 / 300],
    ['lecunNormal', nn.init.lecunNormal(), 1 / 300],
    ['normal', nn.init.normal(0, 0.02), 0.0004],
  ]
  for (const [name, initializer, wanted] of normal) {
    it(`${name}: variance ${wanted.toFixed(5)}`, () => {
      const { mean, variance } = moments(initializer)
      expect(Math.abs(mean)).toBeLessThan(0.03 * Math.sqrt(wanted))
      expect(variance / wanted).toBeCloseTo(1, 1.5)
    })
  }

  it('fills with constants, takes given fans, and draws from the generator that it is given', () => {
    expect(nn.init.zeros()([3]).toArray()).toEqual([0, 0, 0])
    expect(nn.init.constant(0.5)([2], { dtype: 'float64' }).toArray()).toEqual([0.5, 0.5])
    expect(
      nn.init
        .uniform(
          2,
          3,
        )([4])
        .data.every((x) => x >= 2 && x < 3),
    ).toBe(true)
    const narrow = nn.init.lecunNormal()([3, 3], { fanIn: 1e8, random: new Random(1) })
    const wide = nn.init.lecunNormal()([3, 3], { fanIn: 1, random: new Random(1) })
    expect(narrow.mul(1e4).toArray()[0]![0]).toBeCloseTo(wide.toArray()[0]![0]!, 5)
    expect(nn.init.xavierNormal()([2, 2], { fanIn: 300, fanOut: 100 }).shape).toEqual([2, 2])
    expect(() => nn.init.kaimingNormal({ mode: 'fan_in' as 'fanIn' })([2, 2])).toThrow("use 'fanIn' or 'fanOut'")
  })
})
