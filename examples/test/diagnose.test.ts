import { arange, grad, parameter, Random, type Tensor, tensor } from '@adjoint/autograd'
import { diagnose } from '@adjoint/autograd/inspect'
import {
  Adam,
  BatchNorm1d,
  crossEntropy,
  GRU,
  LayerNorm,
  Linear,
  type Module,
  mse,
  ReLU,
  Sequential,
  Sigmoid,
  Tanh,
} from '@adjoint/nn'
import { describe, expect, test } from 'vitest'
import { Estimator, surprise } from '../cars/model.js'
import { createModel as cnn } from '../cnn/model.js'
import { createModel as digits } from '../digits/model.js'
import { LstmModel, TransformerModel } from '../text/models.js'
import { bound, Vae } from '../vae/model.js'

/** Images of blurred blobs, and which quarter they are in. */
const blobs = (count: number, random: Random) => {
  const x = new Float32Array(count * 784)
  const y = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const [row, column] = [random.uniform([]).item() * 20 + 4, random.uniform([]).item() * 20 + 4]
    y[i] = (row < 14 ? 0 : 2) + (column < 14 ? 0 : 1)
    for (let place = 0; place < 784; place++) {
      const distance = (Math.floor(place / 28) - row) ** 2 + ((place % 28) - column) ** 2
      x[i * 784 + place] = 1 / (1 + distance / 4)
    }
  }
  return { x: tensor(x).reshape([count, 784]), y: tensor(y) }
}

const text = (random: Random) => random.uniform([8, 12], { low: 0, high: 20, dtype: 'int32' })

interface Case {
  readonly model: Module
  readonly loss: () => Tensor
}

/** Models that are well, as the examples have them. */
const healthy: Readonly<Record<string, (random: Random) => Case>> = {
  digits: (random) => {
    const [model, { x, y }] = [digits(random), blobs(32, random)]
    return { model, loss: () => crossEntropy(model.forward(x as never) as Tensor, y as Tensor) }
  },
  cnn: (random) => {
    const [model, { x, y }] = [cnn(random), blobs(16, random)]
    return { model, loss: () => crossEntropy(model.forward(x as never) as Tensor, y as Tensor) }
  },
  vae: (random) => {
    const [model, { x }] = [new Vae(4, 32, random), blobs(16, random)]
    return { model, loss: () => bound(model.forward(x as never)) }
  },
  'characters by an LSTM': (random) => {
    const [model, x] = [new LstmModel(20, 8, { features: 32, dropout: 0.1, random }), text(random)]
    return { model, loss: () => crossEntropy(model.forward(x as never), x as never, { axis: -1 } as never) }
  },
  'characters by a transformer': (random) => {
    const [model, x] = [new TransformerModel(20, 12, { features: 32, layers: 2, dropout: 0.1, random }), text(random)]
    return { model, loss: () => crossEntropy(model.forward(x as never), x as never, { axis: -1 } as never) }
  },
  cars: (random) => {
    const table = random.normal([40, 10], { standardDeviation: 1 })
    const makers = random.uniform([40, 1], { low: 0, high: 5, dtype: 'int32' }).cast('float32')
    const all = table.slice(1, 0, 9).sub(0)
    const rows = tensor(Array.from({ length: 40 }, (_, i) => [...all.at(i).data, makers.data[i]!]))
    const miles = random.normal([40], { mean: 24, standardDeviation: 7 })
    const model = new Estimator(rows as never, miles, 5, { members: 3, width: 16, random })
    return { model, loss: () => surprise(model.forward(rows as never), miles) }
  },
  'a curve by tanh': (random) => {
    const model = new Sequential(
      new Linear(1, 32, { random }),
      new Tanh(),
      new Linear(32, 32, { random }),
      new Tanh(),
      new Linear(32, 1, { random }),
    )
    const x = arange(50).div(25).sub(1).reshape([50, 1])
    return { model, loss: () => mse(model.forward(x as never) as Tensor, x.mul(3).sin() as Tensor) }
  },
  'xor by sigmoids': (random) => {
    const model = new Sequential(
      new Linear(2, 4, { random }),
      new Sigmoid(),
      new Linear(4, 1, { random }),
      new Sigmoid(),
    )
    const x = tensor([[0, 0], [0, 1], [1, 0], [1, 1]]) // biome-ignore format: a table
    return { model, loss: () => mse(model.forward(x as never) as Tensor, tensor([[0], [1], [1], [0]]) as Tensor) }
  },
  'norms and a GRU': (random) => {
    const gru = new GRU(8, 16, { random })
    const model = new Sequential(
      new LayerNorm(16),
      new Linear(16, 16, { random }),
      new BatchNorm1d(16),
      new ReLU(),
      new Linear(16, 2, { random }),
    )
    const x = random.normal([20, 10, 8])
    return {
      model,
      loss: () =>
        (model.forward((gru.forward(x as never).output as Tensor).at(':', -1) as never) as Tensor).square().mean(),
    }
  },
}

describe('diagnose', () => {
  for (const [name, create] of Object.entries(healthy)) {
    test(`finds nothing in a model that is well: ${name}`, () => {
      const { model, loss } = create(new Random(1))
      const optimizer = new Adam(model, { learningRate: 3e-3 })
      for (let step = 0; step < 6; step++) {
        if (step === 0) expect(String(diagnose(loss(), { parameters: { model } }))).toBe('nothing found')
        optimizer.zeroGrad()
        loss().backward()
        optimizer.step()
      }
      expect(String(diagnose(loss(), { parameters: { model } }))).toBe('nothing found')
    })
  }

  test('finds nothing in derivatives of derivatives', () => {
    const w = parameter(tensor([0.5, -1], { dtype: 'float64' }))
    const slope = grad((u: Tensor) => u.sin().mul(u).sum())
    expect(
      diagnose(
        slope(w as Tensor)
          .square()
          .sum(),
      ).findings,
    ).toEqual([])
  })
})
