import {
  compile,
  conv2d,
  GradientError,
  grad,
  maxPool2d,
  noGrad,
  ones,
  parameter,
  Random,
  scaledDotProductAttention,
  stack,
  type Tensor,
  tensor,
  treeMap,
  type VmapOptions,
  vmap,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { Adam, crossEntropy, Dropout, Embedding, LayerNorm, Linear, Module, SGD } from '../src/index.js'

const draw = new Random(3)
const float64 = { dtype: 'float64' } as const
const options = { ...float64, random: draw } as const
const normal = (...shape: number[]) => draw.normal(shape, float64) as Tensor

type Loose = (...args: unknown[]) => unknown

class Cnn extends Module {
  readonly kernels = parameter(normal(3, 1, 3, 3)) as Tensor
  readonly norm = new LayerNorm(3, float64)
  readonly head = new Linear(3, 4, options)
  forward(x: Tensor): Tensor {
    const hidden = (maxPool2d as Loose)((conv2d as Loose)(x.expandDims(0), this.kernels), 2) as Tensor
    const features = this.norm.forward(hidden.relu().mean([-1, -2]) as Tensor) as Tensor
    return this.head.forward(features).squeeze(0) as Tensor
  }
}

/** One step, from a state to the next. */
class LstmCell extends Module {
  readonly input = new Linear(3, 16, options)
  readonly recurrent = new Linear(4, 16, { bias: false, ...options })
  forward(x: Tensor, h: Tensor, c: Tensor): [h: Tensor, c: Tensor] {
    const gates = this.input.forward(x).add(this.recurrent.forward(h)).reshape([4, 4]) as Tensor
    const gate = (i: number) => gates.at(i) as Tensor
    const keep = gate(0).sigmoid().mul(c)
    const next = keep.add(gate(1).sigmoid().mul(gate(2).tanh())) as Tensor
    return [gate(3).sigmoid().mul(next.tanh()) as Tensor, next]
  }
}

/** Trees of any form: their types are the matter of test/types. */
const mapped = (f: unknown, given?: VmapOptions): Loose => vmap(f as never, given) as unknown as Loose
const gradient = (f: unknown): Loose => grad(f as never) as unknown as Loose

const count = 5
const loop = (f: (i: number) => unknown): unknown => {
  const [first, ...others] = Array.from({ length: count }, (_, i) => f(i))
  return treeMap(first as never, ((...rows: Tensor[]) => stack(rows)) as never, ...(others as never[]))
}

const numbers = (tree: unknown): unknown =>
  treeMap(
    tree as never,
    ((x: Tensor) => ({ shape: [...x.shape], data: Array.from(x.data, (e) => +e.toFixed(10) + 0) })) as never,
  )

const expectLoop = (batched: Loose, f: (i: number) => unknown, ...args: unknown[]): void => {
  const wanted = numbers(loop(f))
  expect(numbers(batched(...args))).toEqual(wanted)
  expect(numbers((compile(batched as never) as unknown as Loose)(...args))).toEqual(wanted)
}

const images = normal(count, 1, 8, 8)
const labels = tensor([0, 3, 1, 2, 1], { dtype: 'int32' })

describe('gradients of each example equal those of a loop', () => {
  test('of a convolutional network', () => {
    const loss = (model: Cnn, x: Tensor, y: Tensor) =>
      crossEntropy(model.forward(x).expandDims(0) as never, y.expandDims(0) as never)
    const model = new Cnn()
    const one = gradient(loss)
    expectLoop(mapped(one, { in: [null, 0, 0] }), (i) => one(model, images.at(i), labels.at(i)), model, images, labels)
  })

  test('of a step of an LSTM', () => {
    const cell = new LstmCell()
    const [x, h, c] = [normal(count, 3), normal(count, 4), normal(count, 4)]
    const loss = (model: LstmCell, ...state: [Tensor, Tensor, Tensor]) => {
      const [next, kept] = model.forward(...state)
      return next.mul(kept.sin()).sum()
    }
    const one = gradient(loss)
    const step = (model: LstmCell, ...state: [Tensor, Tensor, Tensor]) => model.forward(...state)
    const axes = { in: [null, 0, 0, 0] }
    expectLoop(mapped(one, axes), (i) => one(cell, x.at(i), h.at(i), c.at(i)), cell, x, h, c)
    const at = (i: number) => [x.at(i), h.at(i), c.at(i)] as [Tensor, Tensor, Tensor]
    expectLoop(mapped(step, axes), (i) => step(cell, ...at(i)), cell, x, h, c)
  })

  test('of an embedding, by the indices of each', () => {
    const table = new Embedding(7, 3, options)
    const indices = tensor(
      [
        [1, 2],
        [6, 0],
        [3, 3],
        [0, 1],
        [5, 4],
      ],
      { dtype: 'int32' },
    )
    const one = gradient((layer: Embedding<7, 3>, of: Tensor) =>
      (layer.forward(of as Tensor<[2]>) as Tensor).square().sum(),
    )
    expectLoop(mapped(one, { in: [null, 0] }), (i) => one(table, indices.at(i)), table, indices)
    for (const wrong of [7, -1]) {
      const list = tensor([[1], [wrong]], { dtype: 'int32' })
      expect(() => mapped((of: Tensor) => table.forward(of as never))(list)).toThrow(`Embedding(7, 3): index ${wrong}`)
    }
  })

  test('of attention', () => {
    const x = normal(count, 4, 6)
    const one = gradient((q: Tensor) =>
      scaledDotProductAttention(q, q.sin() as never, q.cos(), { causal: true })
        .square()
        .sum(),
    )
    expectLoop(mapped(one), (i) => one(x.at(i)), x)
  })
})

describe('an ensemble', () => {
  const models = Array.from({ length: count }, () => new Cnn())
  const [first, ...others] = models as [Cnn, ...Cnn[]]
  const together = treeMap(first as never, ((...all: Tensor[]) => stack(all)) as never, ...(others as never[]))
  const x = images.at(0)

  test('of stacked modules', () => {
    expect(together).toBeInstanceOf(Cnn)
    const forward = (model: Cnn, x: Tensor) => model.forward(x)
    expectLoop(mapped(forward, { in: [0, null] }), (i) => forward(models[i]!, x as Tensor), together, x)
    const loss = (model: Cnn, x: Tensor) => model.forward(x).square().sum()
    const total = (all: unknown) => (mapped(loss, { in: [0, null] })(all, x) as Tensor).sum()
    expectLoop(gradient(total), (i) => gradient(loss)(models[i], x), together)
    expectLoop(mapped(gradient(loss), { in: [0, null] }), (i) => gradient(loss)(models[i], x), together, x)
  })

  test('of stacked trees of parameters, each of many examples', () => {
    const params = { w: normal(count, 3, 2), b: normal(count, 2) }
    const xs = normal(4, 3)
    const f = ({ w, b }: typeof params, x: Tensor) =>
      x
        .matmul(w as never)
        .add(b)
        .tanh()
    const each = mapped(f, { in: [null, 0] })
    const at = (i: number) => ({ w: params.w.at(i), b: params.b.at(i) })
    expectLoop(mapped(each, { in: [0, null] }), (i) => each(at(i), xs), params, xs)
  })
})

describe('layers that draw', () => {
  const x = ones([count, 20], float64)
  const layer = () => new Dropout(0.5, { random: new Random(5) })
  test('do so for each example, as in a loop; or for all', () => {
    const [one, other] = [layer(), layer()]
    const got = vmap((row: Tensor) => one.forward(row as never) as Tensor)(x)
    expect(numbers(got)).toEqual(numbers(loop((i) => other.forward(x.at(i) as never))))
    expect(new Set([0, 1, 2, 3, 4].map((i) => String(got.at(i).data))).size).toBe(count)
    const same = layer()
    const common = vmap((row: Tensor) => same.forward(row as never) as Tensor, { random: 'same' })(x)
    expect(new Set([0, 1, 2, 3, 4].map((i) => String(common.at(i).data))).size).toBe(1)
    const evaluated = layer().eval()
    expect(numbers(vmap((row: Tensor) => evaluated.forward(row as never) as Tensor)(x))).toEqual(numbers(x))
  })
  test('are not switched inside', () => {
    const dropout = layer()
    const switching = (how: 'train' | 'eval') => () =>
      vmap((row: Tensor) => dropout[how]().forward(row as never) as Tensor)(x)
    expect(switching('eval')).toThrow(/Dropout.training: inside vmap\(\).*call train\(\) or eval\(\) outside/)
    expect(switching('train')).toThrow('outside')
    expect(dropout.training).toBe(true)
  })
})

describe('optimizers', () => {
  const step = (make: (w: Tensor) => Adam | SGD) => {
    const w = parameter(tensor([1, 2], float64)) as Tensor
    const optimizer = make(w)
    const descend = () => {
      optimizer.zeroGrad()
      w.square().sum().backward()
      optimizer.step()
    }
    return { w, optimizer, descend }
  }
  const kinds = {
    Adam: (w: Tensor) => new Adam([w] as never, { learningRate: 0.1 }),
    SGD: (w: Tensor) => new SGD([w] as never, { learningRate: 0.1, momentum: 0.9 }),
  }
  test.each(Object.entries(kinds))('%s refuses to step inside, and is as before', (_, make) => {
    const [one, other] = [step(make), step(make)]
    one.descend()
    other.descend()
    const x = ones([2, 2], float64)
    const inside = (f: () => unknown) => () => vmap((row: Tensor) => [f(), row][1] as Tensor)(x)
    expect(inside(() => one.optimizer.step())).toThrow(GradientError)
    expect(inside(() => one.optimizer.step())).toThrow(/assign: .* vmap runs for 2 examples at once.*outside/)
    expect(inside(() => one.optimizer.zeroGrad())).toThrow(/zeroGrad: .* vmap/)
    expect(inside(() => one.descend())).toThrow(/vmap/)
    expect(() => vmap((row: Tensor) => [one.w.mul(row).sum().backward(), row][1] as Tensor)(x)).toThrow(
      /backward: .* vmap/,
    )
    expect(inside(() => Object.assign(one.optimizer, { learningRate: 1 }))).toThrow('inside vmap()')
    one.descend()
    other.descend()
    expect([...one.w.data]).toEqual([...other.w.data])
  })

  test('that are made inside train each example by itself', () => {
    const starts = tensor([1, 2, -3], float64)
    const train = (start: Tensor): Tensor => {
      const w = parameter(start) as Tensor
      const optimizer = new Adam([w] as never, { learningRate: 0.1 })
      for (let i = 0; i < 3; i++) {
        optimizer.zeroGrad()
        w.square().backward()
        optimizer.step()
      }
      return noGrad(() => w.mul(1)) as Tensor
    }
    const alone = [0, 1, 2].map((i) => train(starts.at(i) as Tensor).item())
    expect([...vmap(train)(starts).data].map((e) => e.toFixed(12))).toEqual(alone.map((e) => e.toFixed(12)))
  })
})
