import {
  compile,
  grad,
  ones,
  parameter,
  Random,
  random,
  scan,
  type Tensor,
  tensor,
  treeLeaves,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import {
  Adam,
  BatchNorm1d,
  buffer,
  Conv1d,
  Conv2d,
  crossEntropy,
  Dropout,
  Embedding,
  Flatten,
  type FlowRow,
  fit,
  gradientFlow,
  HardSigmoid,
  HardTanh,
  init,
  Linear,
  Module,
  mse,
  ReLU,
  RNN,
  RNNCell,
  Sequential,
  SGD,
  Sigmoid,
  Softsign,
  Tanh,
  TrainingError,
  watchTraining,
} from '../src/index.js'

const float64 = { dtype: 'float64' } as const
const row = (rows: readonly FlowRow[], path: string): FlowRow => rows.find((each) => each.path === path)!

describe('gradientFlow', () => {
  it('has the norms of a chain of linear maps, by their closed forms', () => {
    // y = 2 * 3 * x without bias, one number wide; E = mean (y - t)^2
    const model = new Sequential(
      new Linear(1, 1, { bias: false, init: init.constant(2), ...float64 }),
      new Linear(1, 1, { bias: false, init: init.constant(3), ...float64 }),
    )
    const [x, t] = [
      [1, -2],
      [0, 4],
    ]
    const batch = { x: tensor([[x![0]!], [x![1]!]], float64), y: tensor([[t![0]!], [t![1]!]], float64) }
    const errors = x!.map((value, i) => 6 * value - t![i]!)
    const loss = errors.reduce((sum, error) => sum + error * error, 0) / 2
    // dE/dy_i = (y_i - t_i), as 2 / 2
    const flow = gradientFlow(model, mse, batch)
    expect(flow.loss).toBeCloseTo(loss, 12)
    expect(flow.rows.map(({ path, kind, calls }) => [path, kind, calls])).toEqual([
      ['', 'Sequential', 1],
      ['0', 'Linear', 1],
      ['1', 'Linear', 1],
    ])
    const atOutput = Math.hypot(...errors)
    const byFirst = Math.abs(errors.reduce((sum, error, i) => sum + error * 3 * x![i]!, 0))
    const bySecond = Math.abs(errors.reduce((sum, error, i) => sum + error * 2 * x![i]!, 0))
    const [whole, first, second] = flow.rows as [FlowRow, FlowRow, FlowRow]
    expect(second.cotangent).toBeCloseTo(atOutput, 12)
    expect(whole.cotangent).toBeCloseTo(atOutput, 12)
    expect(first.cotangent).toBeCloseTo(3 * atOutput, 12)
    expect(first.gradient).toBeCloseTo(byFirst, 12)
    expect(second.gradient).toBeCloseTo(bySecond, 12)
    expect(whole.gradient).toBeCloseTo(Math.hypot(byFirst, bySecond), 12)
    expect([first.weight, second.weight, whole.weight]).toEqual([2, 3, Math.sqrt(13)])
    expect(first.activation).toBeCloseTo(2 * Math.sqrt(5 / 2), 12)
    expect(second.activation).toBeCloseTo(6 * Math.sqrt(5 / 2), 12)
    expect([whole.saturated, first.dead]).toEqual([null, null])
  })

  it('has the product of slopes of a deep chain of sigmoids, also where it is far below the smallest square', () => {
    const depth = 300
    const layers = Array.from({ length: depth }, () => [
      new Linear(1, 1, { bias: false, init: init.ones(), ...float64 }),
      new Sigmoid(),
    ]).flat()
    const model = new Sequential(...(layers as [Linear<1, 1>]))
    const x = tensor([[0.5]], float64)
    const { rows } = gradientFlow(model, mse, { x, y: tensor([[0]], float64) })
    let [value, slope] = [0.5, 1]
    for (let i = 0; i < depth; i++) {
      value = 1 / (1 + Math.exp(-value))
      if (i > 0) slope *= value * (1 - value)
    }
    // dE/dy = 2 y; what comes back to the first Linear has gone through the first sigmoid too
    const first = 1 / (1 + Math.exp(-0.5))
    const expected = 2 * value * slope * first * (1 - first)
    expect(expected).toBeLessThan(1e-180)
    expect(row(rows, '0').cotangent! / expected).toBeCloseTo(1, 8)
    expect(row(rows, '0').gradient! / (0.5 * expected)).toBeCloseTo(1, 8)
  })

  it('has the norms of huge and tiny float64 gradients, and says what is no number', () => {
    const model = new Linear(2, 1, { bias: false, init: init.zeros(), ...float64 })
    const at = (size: number) =>
      gradientFlow(model, (y) => y.sum(), { x: tensor([[3 * size, 4 * size]], float64), y: zeros([1]) }).rows[0]!
    expect(at(1e200).gradient! / 5e200).toBeCloseTo(1, 12)
    expect(at(1e-200).gradient! / 5e-200).toBeCloseTo(1, 12)
    expect(at(0).gradient).toBe(0)
    expect(at(Number.POSITIVE_INFINITY).gradient).toBe(Number.POSITIVE_INFINITY)
    expect(at(Number.NaN).gradient).toBeNaN()
  })

  it('agrees with grad, layer by layer, in training mode', () => {
    const random = new Random(3)
    const model = new Sequential(
      new Linear(4, 6, { random }),
      new BatchNorm1d(6),
      new Tanh(),
      new Linear(6, 3, { random }),
    )
    const x = random.normal([5, 4])
    const y = tensor([0, 1, 2, 0, 1], { dtype: 'int32' })
    const { rows } = gradientFlow(model, crossEntropy, { x, y })
    const gradients = grad((m: typeof model) => crossEntropy(m.forward(x), y))(model)
    for (const path of ['0', '1', '3']) {
      const own = Object.entries(gradients).filter(([name]) => name.startsWith(`${path}.`))
      expect(own.length).toBe(2)
      const norm = Math.hypot(...own.flatMap(([, gradient]) => [...(gradient as Tensor).data]))
      expect(row(rows, path).gradient).toBeCloseTo(norm, 6)
    }
    // normalized over the batch, not by the running statistics of a model that has seen nothing
    expect(row(rows, '1').activation).toBeCloseTo(1, 3)
  })

  it('tells what share of each curve is flat', () => {
    const shares = (curve: InstanceType<typeof Tanh>, x: readonly number[]): number | null => {
      const model = new Sequential(new Linear(1, 1, { bias: false, init: init.ones() }), curve)
      return row(gradientFlow(model, mse, { x: tensor([...x]).reshape([-1, 1]), y: zeros([x.length, 1]) }).rows, '1')
        .saturated
    }
    // the slope of a sigmoid is a tenth of 1 / 4 where y (1 - y) = 1 / 40, at x = 3.6369
    expect(shares(new Sigmoid(), [0, 3.6, 3.7, -3.7])).toBe(0.5)
    // tanh(x) = 2 sigmoid(2 x) - 1, so half of it
    expect(shares(new Tanh(), [0, 1.8, 1.85, -1.85])).toBe(0.5)
    // 1 / (1 + x)^2 = 0.1 at x = 2.1623
    expect(shares(new Softsign(), [0, 2.1, 2.2, -2.2])).toBe(0.5)
    expect(shares(new HardSigmoid(), [0, 2.9, 3.1, -3.1])).toBe(0.5)
    expect(shares(new HardTanh(), [0, 1, 1.1, -1.1])).toBe(0.5)
    expect(shares(new HardTanh(0, 2), [0.5, 1.9, 2.1, -0.1])).toBe(0.5)
    expect(shares(new ReLU(), [0, -1, 1])).toBe(null)
  })

  it('counts units that are dead: features, or channels behind a convolution', () => {
    // of four units the third is below 0 for both examples, the fourth for one
    const model = new Sequential(new Linear(2, 4, { bias: false }), new ReLU())
    model.layers[0].weight.assign(
      tensor([
        [1, 0, -1, 1],
        [0, 1, -1, -1],
      ]),
    )
    const x = tensor([
      [1, 2],
      [2, 1],
    ])
    expect(row(gradientFlow(model, mse, { x, y: zeros([2, 4]) }).rows, '1').dead).toBe(0.25)

    // channels [-x, x]: the first is dead everywhere, the second is 0 at one place
    const filters = (rank: 1 | 2) => tensor([-1, 1]).reshape([2, 1, 1, ...(rank === 2 ? [1] : [])])
    const flat = new Sequential(new Conv1d(1, 2, 1, { bias: false }), new ReLU())
    flat.layers[0].weight.assign(filters(1) as never)
    const line = tensor([[[1, 2, 0]], [[1, 1, 0]]])
    expect(row(gradientFlow(flat, mse, { x: line, y: zeros([2, 2, 3]) }).rows, '1').dead).toBe(0.5)
    const image = new Sequential(
      new Conv2d(1, 2, 1, { bias: false }),
      new ReLU(),
      new Flatten(),
      new Linear(6, 3),
      new ReLU(),
    )
    image.layers[0].weight.assign(filters(2) as never)
    image.apply(init.ones(), { path: '3.weight' })
    image.layers[3].bias!.assign(tensor([1, -100, 1]))
    const rows = gradientFlow(image, mse, { x: line.expandDims(1) as never, y: zeros([2, 3]) }).rows
    expect(row(rows, '1').dead).toBe(0.5)
    // behind Linear units are features again
    expect(row(rows, '4').dead).toBeCloseTo(1 / 3, 12)
  })

  it('sees recurrent layers, and of cells in the body of a loop what there is to see', () => {
    class Last extends Module {
      readonly rnn = new RNN(1, 2, { init: init.constant(10), bias: false })
      forward(x: Tensor) {
        return this.rnn.forward(x as never).state as Tensor
      }
    }
    const x = ones([3, 4, 1])
    const { rows } = gradientFlow(new Last(), (y) => y.square().mean(), { x, y: zeros([]) })
    expect(row(rows, 'rnn').saturated).toBe(1)

    class Looped extends Module {
      readonly cell = new RNNCell(1, 2)
      forward(x: Tensor) {
        const [last] = scan(
          (h: Tensor, x: Tensor) => [this.cell.forward(x as never, h) as Tensor, h] as const,
          zeros([3, 2]) as Tensor,
          x,
        )
        return last
      }
    }
    const looped = gradientFlow(new Looped(), (y) => y.square().mean(), { x: ones([4, 3, 1]), y: zeros([]) }).rows
    expect(row(looped, 'cell')).toMatchObject({ activation: null, saturated: null })
    expect(row(looped, 'cell').gradient).toBeGreaterThan(0)
  })

  it('adds up what a module gives that is called twice, and shows 0 calls of one that is not', () => {
    class Twice extends Module {
      readonly inner = new Linear(1, 1, { bias: false, init: init.constant(2), ...float64 })
      readonly idle = new Linear(1, 1, float64)
      forward(x: Tensor<[number, 1]>) {
        return this.inner.forward(this.inner.forward(x))
      }
    }
    const { rows } = gradientFlow(new Twice(), (y) => y.sum(), { x: tensor([[3]], float64), y: zeros([]) })
    // 6, then 12; what comes back to them is 2, then 1
    expect(row(rows, 'inner').calls).toBe(2)
    expect(row(rows, 'inner').activation).toBeCloseTo(Math.sqrt((36 + 144) / 2), 12)
    expect(row(rows, 'inner').cotangent).toBeCloseTo(Math.sqrt(5), 12)
    // d(w^2 x) / dw = 2 w x
    expect(row(rows, 'inner').gradient).toBeCloseTo(12, 12)
    expect(row(rows, 'idle')).toMatchObject({ calls: 0, activation: null, cotangent: null, gradient: 0 })
  })

  it('sees through whole numbers, outputs in trees, and layers without parameters at the front', () => {
    const tokens = new Sequential(new Embedding(5, 3), new Flatten(), new Linear(6, 2))
    const { rows } = gradientFlow(tokens, mse, { x: tensor([[1, 2]], { dtype: 'int32' }), y: zeros([1, 2]) })
    expect(row(rows, '0').gradient).toBeGreaterThan(0)
    const front = new Sequential(new Tanh(), new Linear(1, 1, { bias: false, init: init.constant(3) }))
    expect(row(gradientFlow(front, (y) => y.sum(), { x: ones([2, 1]), y: zeros([]) }).rows, '0').cotangent).toBeCloseTo(
      3 * Math.SQRT2,
      5,
    )
  })

  it('leaves frozen parameters out of gradients, and refuses a model that is all frozen', () => {
    const model = new Sequential(new Linear(2, 2), new Linear(2, 1))
    model.layers[0].freeze()
    const batch = { x: ones([1, 2]), y: zeros([1, 1]) }
    const { rows } = gradientFlow(model, mse, batch)
    expect(row(rows, '0').gradient).toBe(null)
    expect(row(rows, '0').weight).toBeGreaterThan(0)
    expect(row(rows, '0').cotangent).toBeGreaterThan(0)
    expect(rows[0]!.gradient).toBe(row(rows, '1').gradient)
    model.freeze()
    expect(() => gradientFlow(model, mse, batch)).toThrow(/gradientFlow: .*unfreeze\(\)/)
  })

  it('changes nothing: parameters, gradients, buffers, modes, hooks, generators', () => {
    class Counting extends Module {
      readonly count = buffer(zeros([]))
      forward(x: Tensor<[number, 4]>) {
        this.setBuffer('count', this.count.add(1))
        return x
      }
    }
    const own = new Random(5)
    const model = new Sequential(
      new Linear(3, 4, { random: own }),
      new BatchNorm1d(4),
      new Dropout(0.5, { random: own }),
      new Counting(),
      new Dropout(0.5),
      new Linear(4, 1, { random: own }),
    )
    const batch = { x: own.normal([6, 3]), y: zeros([6, 1]) }
    mse(model.forward(batch.x) as Tensor, batch.y as Tensor).backward()
    model.eval()
    model.layers[1].train()
    const look = () => ({
      state: Object.entries(model.stateDict()).map(([path, tensor]) => [path, [...tensor.data]]),
      gradients: model.parameters().map((parameter) => [...parameter.grad.data]),
      modes: model.modules().map(({ training }) => training),
    })
    const before = look()
    random.seed(11)
    const drawn = [own.number(), random.number()]
    random.seed(11)
    const again = new Random(5)
    expect(drawn).toHaveLength(2)
    const states = [own.state(), random.state(), again.state()]
    const flow = gradientFlow(model, mse as never, batch)
    expect(flow.rows[0]!.gradient).toBeGreaterThan(0)
    expect(look()).toEqual(before)
    expect([own.state(), random.state(), again.state()]).toEqual(states)
    // what it draws is the same, too
    expect(gradientFlow(model, mse as never, batch).rows).toEqual(flow.rows)
  })

  it('leaves a compiled training to the bit as it would be', () => {
    const train = (watched: boolean): number[] => {
      const seeded = new Random(2)
      const model = new Sequential(
        new Linear(3, 5, { random: seeded }),
        new Dropout(0.3, { random: seeded }),
        new Tanh(),
        new Linear(5, 1, { random: seeded }),
      )
      const optimizer = new Adam(model, { learningRate: 0.01 })
      const batch = { x: seeded.normal([8, 3]), y: seeded.normal([8, 1]) }
      const step = compile(() => {
        const loss = mse(model.forward(batch.x), batch.y)
        optimizer.zeroGrad()
        loss.backward()
        optimizer.step()
        return loss
      })
      const losses: number[] = []
      for (let i = 0; i < 5; i++) {
        losses.push(step().item())
        if (watched) gradientFlow(model, mse, batch)
      }
      return [...losses, ...treeLeaves(model.stateDict()).flatMap((tensor) => [...(tensor as Tensor).data])]
    }
    expect(train(true)).toEqual(train(false))
  })

  it('is refused inside a compiled function, and says what is wrong with a loss', () => {
    const model = new Linear(2, 1)
    const batch = { x: ones([3, 2]), y: zeros([3, 1]) }
    const f = compile(() => {
      gradientFlow(model, mse, batch)
      return model.weight.sum()
    })
    expect(() => f()).toThrow(/gradientFlow: .*call it outside, between the steps/)
    expect(() => gradientFlow(model, ((y: Tensor) => y) as never, batch)).toThrow(
      /gradientFlow: the loss is .*\[3, 1\]/,
    )
    expect(() => gradientFlow(model, (async () => ones([])) as never, batch)).toThrow(TrainingError)
  })

  it('is a table as text', () => {
    const model = new Sequential(new Linear(2, 2), new ReLU())
    const lines = `${gradientFlow(model, mse, { x: ones([1, 2]), y: zeros([1, 2]) })}`.split('\n')
    expect(lines[0]).toMatch(/^module +activation +cotangent +weight +gradient +saturated +dead$/)
    expect(lines.slice(2).map((line) => line.split(/ {2,}/)[0])).toEqual(['Sequential', '0: Linear', '1: ReLU'])
    expect(lines.at(-1)).toMatch(/%$/)
  })
})

describe('watchTraining', () => {
  const start = () => {
    const model = new Sequential(new Linear(1, 1, { bias: false, init: init.constant(2), ...float64 }), new Tanh())
    const batch = { x: tensor([[0.5]], float64), y: tensor([[0]], float64) }
    return { model, batch, optimizer: new SGD(model, { learningRate: 0.1 }) }
  }

  it.each([true, false])(
    'has updates of plain descent: the rate times the gradient before (compiled: %s)',
    async (compiled) => {
      const { model, batch, optimizer } = start()
      const watch = watchTraining(model, { loss: mse, batch })
      await fit(model, {
        data: [batch],
        loss: mse,
        optimizer,
        epochs: 4,
        compile: compiled,
        onBatch: () => watch.record(),
      })
      expect(watch.curve.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4])
      expect(watch.curve[0]!.update).toBe(null)
      watch.curve.slice(1).forEach(({ update, loss, weight }, i) => {
        expect(update).toBeCloseTo(0.1 * watch.curve[i]!.gradient, 12)
        expect(weight).toBeCloseTo(watch.curve[i]!.weight - update!, 12)
        expect(loss).toBeLessThan(watch.curve[i]!.loss)
      })
      // E = tanh(w / 2)^2, so dE/dw = tanh (1 - tanh^2)
      const t = Math.tanh(1)
      expect(watch.curve[0]).toMatchObject({ weight: 2 })
      expect(watch.curve[0]!.gradient).toBeCloseTo(t * (1 - t * t), 12)
      expect(watch.table).toHaveLength(5 * 3)
      expect(watch.table.filter(({ path }) => path === '1').map(({ update }) => update)).toEqual(Array(5).fill(null))
    },
  )

  it('measures at every third step, and what three have moved', () => {
    const { model, batch, optimizer } = start()
    const watch = watchTraining(model, { loss: mse, batch, every: 3 })
    const found = Array.from({ length: 7 }, () => {
      optimizer.zeroGrad()
      mse(model.forward(batch.x), batch.y).backward()
      optimizer.step()
      const before = watch.table.length
      watch.record()
      return watch.table.length - before
    })
    expect(found).toEqual([0, 0, 3, 0, 0, 3, 0])
    expect(watch.curve.map(({ step }) => step)).toEqual([0, 3, 6])
    expect(watch.curve[1]!.update).toBeCloseTo(2 - watch.curve[1]!.weight, 12)
  })

  it('counts shared parameters once, and those that are frozen as not moved', () => {
    const shared = new Linear(1, 1, { bias: false, init: init.ones() })
    const model = new Sequential(shared, shared, new Linear(1, 1, { bias: false, init: init.ones() }))
    model.layers[2].freeze()
    const watch = watchTraining(model, { loss: (y) => y.sum(), batch: { x: ones([1, 1]), y: zeros([]) } })
    shared.weight.assign(tensor([[3]]))
    watch.record()
    const rows = watch.table.slice(-3)
    expect(rows[0]).toMatchObject({ weight: Math.sqrt(10), update: 2 })
    expect(row(rows, '2')).toMatchObject({ update: 0, gradient: null })
    expect(parameter(zeros([])).isParameter).toBe(true)
  })
})
