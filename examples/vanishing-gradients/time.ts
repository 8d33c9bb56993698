import {
  compile,
  concat,
  grad,
  minimum,
  noGrad,
  Random,
  type Tensor,
  tensor,
  valueAndGrad,
  zeros,
} from '@adjoint/autograd'
import { init, Linear, LSTM, Module, mse, RNN } from '@adjoint/nn'

const float64 = { dtype: 'float64' } as const
const hidden = 32

/** Layers that go through a sequence. */
interface Recurrent extends Module {
  forward(x: never): { readonly output: unknown }
}

const elman = (gain: number) => (): Recurrent =>
  new RNN(1, hidden, {
    recurrentInit: init.orthogonal({ gain }),
    init: init.normal(0, 0.05),
    random: new Random(0),
    ...float64,
  })

const lstm = (forgetBias: number) => (): Recurrent =>
  new LSTM(1, hidden, { forgetBias, random: new Random(0), ...float64 })

export const recurrent: Readonly<Record<string, () => Recurrent>> = {
  'RNN, gain 0.5': elman(0.5),
  'RNN, gain 1': elman(1),
  'RNN, gain 1.5': elman(1.5),
  'RNN, gain 3': elman(3),
  'LSTM, forget bias 1': lstm(1),
  'LSTM, forget bias 5': lstm(5),
}

/** The norm of the derivative of the last output's square by the input of each step. */
export const throughTime = (layer: Recurrent, steps: number): number[] => {
  const x = new Random(1).normal([16, steps, 1], float64)
  const last = (x: Tensor) => {
    const { output } = layer.forward(x as never)
    return (output as Tensor)
      .slice(1, steps - 1, steps)
      .square()
      .sum()
  }
  const slopes = grad(last)(x as Tensor)
  return [...slopes.square().sum([0, 2]).sqrt().data]
}

const length = 12

/** Two of the numbers of a sequence are marked; the answer is their sum (Hochreiter and Schmidhuber 1997). */
const draw = (random: Random, count: number) => {
  const values: Tensor = random.uniform([count, length, 1])
  const marks = new Float32Array(count * length)
  const half = length / 2
  for (let row = 0; row < count; row++) {
    for (const start of [0, half]) marks[row * length + start + Math.floor(random.number() * half)] = 1
  }
  const marked: Tensor = tensor(marks).reshape([count, length, 1])
  return { x: concat([values, marked], 2) as Tensor, y: values.mul(marked).sum([1]) as Tensor }
}

class Adder extends Module {
  readonly rnn: RNN<2, typeof hidden>
  readonly head: Linear<typeof hidden, 1>

  constructor(random: Random) {
    super()
    this.rnn = new RNN(2, hidden, { recurrentInit: init.orthogonal({ gain: 1.5 }), random })
    this.head = new Linear(hidden, 1, { random })
  }

  forward(x: Tensor): Tensor {
    const { state } = this.rnn.forward(x as Tensor<[number, number, 2]>)
    return this.head.forward(state.reshape([-1, hidden]) as Tensor<[number, typeof hidden]>)
  }
}

/** Plain descent, in steps no longer than `clip` allows: the loss and the norm of the gradient at each. */
export const descend = (steps: number, clip: number) => {
  const random = new Random(4)
  const model = new Adder(random)
  const rate = 0.1
  const step = compile((x: Tensor, y: Tensor) => {
    const [loss, gradients] = valueAndGrad((model: Adder) => mse(model.forward(x), y))(model)
    const norm = Object.values(gradients)
      .reduce((sum: Tensor, gradient) => sum.add(gradient.square().sum()), zeros([]))
      .sqrt()
    const factor = Number.isFinite(clip) ? minimum(norm.reciprocal().mul(clip), 1).mul(rate) : tensor(rate)
    noGrad(() => {
      for (const [path, parameter] of model.namedParameters()) {
        parameter.assign(parameter.sub(gradients[path]!.mul(factor)))
      }
    })
    return [loss, norm] as const
  })
  const losses: number[] = []
  const norms: number[] = []
  for (let i = 0; i < steps; i++) {
    const { x, y } = draw(random, 32)
    const [loss, norm] = step(x, y)
    losses.push(loss.item())
    norms.push(norm.item())
  }
  step.release()
  return { losses, norms }
}
