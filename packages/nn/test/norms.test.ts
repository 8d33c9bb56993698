import {
  type AnyTensor,
  checkpoint,
  compile,
  grad,
  hvp,
  jvp,
  linearize,
  Random,
  scan,
  stack,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'
import * as nn from '../src/index.js'

// What the walk over samples and PyTorch's numbers do not say: state that changes in a forward, wherever that runs, and
// what is refused.

const random = new Random(5)
const normal = (...shape: number[]) => random.normal(shape, { dtype: 'float64' }) as Tensor
const float64 = { dtype: 'float64' } as const

const model = () => {
  const random = new Random(3)
  return new nn.Sequential(
    new nn.Linear(3, 4, { random, dtype: 'float64' }),
    new nn.BatchNorm1d(4, float64),
    new nn.Tanh(),
    new nn.Linear(4, 2, { random, dtype: 'float64' }),
  )
}
type Model = ReturnType<typeof model>
const run = (m: Model, x: Tensor) => m.forward(x as never) as Tensor
const loss = (m: Model, x: Tensor) => run(m, x).square().mean() as Tensor<[]>
const statistics = (m: nn.Module) => Object.fromEntries([...m.namedBuffers()].map(([path, x]) => [path, x.toArray()]))
const state = (m: nn.Module) =>
  Object.fromEntries(Object.entries(m.stateDict()).map(([path, x]) => [path, x.toArray()]))
const close = (tree: object): object =>
  JSON.parse(JSON.stringify(tree), (_, x) => (typeof x === 'number' ? expect.closeTo(x, 10) : x))

/** By hand: the statistics after batches, each a list of rows. */
const gathered = (batches: readonly (readonly number[])[], momentum: number | null) => {
  let [mean, variance] = [0, 1]
  for (const [k, batch] of batches.entries()) {
    const average = batch.reduce((a, b) => a + b) / batch.length
    const spread = batch.reduce((a, b) => a + (b - average) ** 2, 0) / (batch.length - 1)
    const share = momentum ?? 1 / (k + 1)
    mean += share * (average - mean)
    variance += share * (spread - variance)
  }
  return { runningMean: [mean], runningVariance: [variance], batches: batches.length }
}

describe('running statistics', () => {
  const batches = [
    [1, 2, 4],
    [-3, 0, 5],
    [2, 2.5, 9],
  ]
  const column = (batch: readonly number[]) => tensor(batch, float64).reshape([-1, 1]) as Tensor<[number, 1]>

  it.each([0.1, 0.7, 0, 1, null])('gather batch after batch with momentum %s', (momentum) => {
    const layers = [0, 1].map(() => new nn.BatchNorm1d(1, { momentum, ...float64 }))
    const compiled = compile((x: Tensor<[number, 1]>) => layers[1]!.forward(x))
    for (const batch of batches) {
      layers[0]!.forward(column(batch))
      compiled(column(batch))
    }
    for (const layer of layers) expect(statistics(layer)).toEqual(close(gathered(batches, momentum)))
  })

  it('are those of two forwards in one step, compiled as well', () => {
    for (const wrap of [(f: unknown) => f, compile as unknown as (f: unknown) => unknown]) {
      const layer = new nn.BatchNorm1d(1, float64)
      const step = wrap((a: Tensor<[number, 1]>, b: Tensor<[number, 1]>) =>
        layer.forward(a).sum().add(layer.forward(b).sum()),
      )
      for (let call = 0; call < 2; call++) {
        ;(step as (...args: unknown[]) => unknown)(column(batches[0]!), column(batches[1]!))
      }
      const wanted = gathered([batches[0]!, batches[1]!, batches[0]!, batches[1]!], 0.1)
      expect(statistics(layer)).toEqual(close(wanted))
    }
  })

  it('gather in grad, valueAndGrad, vjp and backward, once each, compiled or not', () => {
    const x = normal(5, 3)
    const ways: Record<string, (m: Model) => unknown> = {
      grad: (m) => grad(loss)(m, x),
      valueAndGrad: (m) => valueAndGrad(loss)(m, x),
      vjp: (m) => vjp(loss, m, x),
      jvp: (m) => jvp((x: Tensor) => loss(m, x), [x], [x]),
      hvp: (m) => hvp((x: Tensor) => loss(m, x), x, x),
      linearize: (m) => linearize((x: Tensor) => loss(m, x), x),
      'by a parameter closed over': (m) => grad((x: Tensor) => loss(m, x))(x),
      backward: (m) => loss(m, x).backward(),
      'compiled grad': (m) => compile(grad(loss))(m, x),
      'compiled backward': (m) => compile(() => loss(m, x).backward())(),
    }
    const plain = model()
    run(plain, x)
    for (const [name, way] of Object.entries(ways)) {
      const m = model()
      way(m)
      expect(statistics(m), name).toEqual(close(statistics(plain)))
    }
  })

  it('accumulate with gradients: two batches, one step', () => {
    const [a, b] = [normal(4, 3), normal(6, 3)]
    const both = (m: Model) => {
      loss(m, a).backward()
      loss(m, b).backward()
    }
    const [eager, compiled, apart] = [model(), model(), model()]
    both(eager)
    compile(() => both(compiled))()
    const [first, second] = [grad(loss)(apart, a), grad(loss)(apart, b)]
    for (const [path, p] of eager.namedParameters()) {
      const wanted = close(first[path]!.add(second[path]!).toArray() as object)
      expect(p.grad.toArray(), path).toEqual(wanted)
      expect(compiled.namedParameters().get(path)!.grad.toArray(), path).toEqual(wanted)
    }
    expect(statistics(eager)).toEqual(close(statistics(apart)))
    expect(statistics(compiled)).toEqual(close(statistics(apart)))
    expect(statistics(eager)['1.batches']).toBe(2)
  })

  it('train the same eagerly and compiled, and are what evaluation uses', () => {
    const x = Array.from({ length: 6 }, () => normal(8, 3))
    const trained = (wrap: (f: unknown) => unknown) => {
      const m = model()
      const optimizer = new nn.SGD(m, { learningRate: 0.1, momentum: 0.9 })
      const step = wrap((batch: Tensor) => {
        const value = loss(m, batch)
        optimizer.zeroGrad()
        value.backward()
        optimizer.step()
        return value
      }) as (batch: Tensor) => Tensor
      for (const batch of x) step(batch)
      return m
    }
    const [eager, compiled] = [trained((f) => f), trained(compile as never)]
    expect(state(compiled)).toEqual(close(state(eager)))
    const y = run(eager.eval(), x[0]!)
    expect(run(compiled.eval(), x[0]!).toArray()).toEqual(close(y.toArray() as object))
    // no place of a batch depends on another now
    const alone = run(eager, x[0]!.slice(0, 0, 1) as Tensor)
    expect(alone.toArray()).toEqual(close([(y.toArray() as number[][])[0]!]))
    const before = state(eager)
    run(eager, x[1]!)
    expect(state(eager)).toEqual(before)
  })

  it('of an evaluation are those that it ran with, however late its backward is', () => {
    const x = normal(4, 3)
    const [m, still] = [model(), model()]
    const value = loss(m.eval(), x)
    run(m.train(), normal(4, 3))
    value.backward()
    loss(still.eval(), x).backward()
    for (const [path, p] of m.namedParameters()) {
      expect(p.grad.toArray(), path).toEqual(close(still.namedParameters().get(path)!.grad.toArray() as object))
    }
  })

  it('go on while parameters are frozen, and are saved', () => {
    const m = model().freeze()
    run(m, normal(4, 3))
    expect(statistics(m)['1.batches']).toBe(1)
    expect(Object.keys(m.stateDict()).filter((path) => path.startsWith('1.'))).toEqual(
      ['scale', 'shift', 'runningMean', 'runningVariance', 'batches'].map((name) => `1.${name}`),
    )
    expect([...m.namedParameters().keys()]).not.toContain('1.runningMean')
  })

  it('train with fit', async () => {
    const [x, y] = [new Random(1).normal([32, 3]), new Random(2).normal([32, 2])]
    const m = new nn.Sequential(new nn.Linear(3, 4), new nn.BatchNorm1d(4), new nn.Linear(4, 2))
    const data = nn.batches(x, y, { batchSize: 8 })
    const validation = nn.batches(x, y, { batchSize: 1 })
    const optimizer = new nn.Adam(m, { learningRate: 0.01 })
    await nn.fit(m, { data, validation, loss: nn.mse, optimizer, epochs: 2 })
    expect(m.layers[1].batches!.item()).toBe(8)
  })
})

describe.each([
  ['BatchNorm2d', () => new nn.BatchNorm2d(2, float64), [3, 2, 2, 2]],
  ['InstanceNorm2d', () => new nn.InstanceNorm2d(2, { trackRunningStatistics: true, ...float64 }), [3, 2, 2, 2]],
] as const)('%s where nothing may change', (name, make, shape) => {
  interface Runs extends nn.Module {
    forward(x: AnyTensor): Tensor
  }
  const layer = () => make() as unknown as Runs
  const x = normal(...shape)
  const several = normal(4, ...shape)
  const ways: Record<string, (f: (x: AnyTensor) => unknown) => unknown> = {
    vmap: (f) => vmap(f as never)(several),
    'compiled vmap': (f) => compile(vmap(f as never))(several),
    checkpoint: (f) => grad(checkpoint(((x: Tensor) => [f(x)].flat()[0] as Tensor) as never) as never)(x as never),
    scan: (f) => scan(((carry: Tensor, x: Tensor) => [carry, f(x)]) as never, zeros([]), several as never),
    'compiled scan': (f) =>
      compile((xs: Tensor) => scan(((c: Tensor, x: Tensor) => [c, f(x)]) as never, zeros([]), xs as never) as unknown)(
        several,
      ),
  }
  const scalar = (name: string, y: unknown) => (name === 'checkpoint' ? (y as Tensor).square().sum() : y)

  it.each(Object.keys(ways))('is refused in training in %s, with functionalCall as the remedy', (way) => {
    const norm = layer()
    const before = state(norm)
    // a loop notices at its end
    const says = way.endsWith('scan')
      ? /^scan: the function gives another value to .* a loop may not\. .*functionalCall gives as a result/
      : new RegExp(
          `^${name}\\.runningMean changes in training\\. .*functionalCall\\(model, state, \\.\\.\\.inputs\\).*eval\\(\\)`,
        )
    expect(() => ways[way]!((x) => scalar(way, norm.forward(x)))).toThrow(says)
    expect(state(norm)).toEqual(before)
  })

  it.each(Object.keys(ways))('runs in evaluation in %s', (way) => {
    const norm = layer()
    norm.forward(x)
    norm.eval()
    const before = state(norm)
    expect(() => ways[way]!((x) => scalar(way, norm.forward(x)))).not.toThrow()
    expect(state(norm)).toEqual(before)
  })

  it.each(Object.keys(ways))('runs in training by functionalCall in %s', (way) => {
    const norm = layer()
    const before = state(norm)
    const call = (x: AnyTensor): unknown => {
      const [y, buffers] = nn.functionalCall(norm, {}, x)
      return way === 'checkpoint' ? scalar(way, y) : [y, buffers]
    }
    expect(() => ways[way]!(call)).not.toThrow()
    expect(state(norm)).toEqual(before)
  })

  it('gives in vmap and scan the statistics that a loop gives', () => {
    const norm = layer()
    const first = Object.fromEntries(norm.namedBuffers())
    const call = (state: Record<string, Tensor>, x: AnyTensor) =>
      nn.functionalCall(norm, state, x) as [Tensor, Record<string, Tensor>]
    const each = vmap(((x: Tensor) => call({}, x)) as never) as unknown as (xs: Tensor) => ReturnType<typeof call>
    const loop = [0, 1, 2, 3].map((i) => call({}, several.at(i) as Tensor))
    const [y, buffers] = each(several)
    expect(y.toArray()).toEqual(close((stack(loop.map(([y]) => y) as never) as Tensor).toArray() as object))
    for (const path of Object.keys(first)) {
      const wanted = (stack(loop.map(([, buffers]) => buffers[path]!) as never) as Tensor).toArray()
      expect(buffers[path]!.toArray(), path).toEqual(close(wanted as object))
    }
    const [last] = scan(
      ((state: Record<string, Tensor>, x: Tensor) => {
        const [y, next] = call(state, x)
        return [next, y]
      }) as never,
      first as never,
      several as never,
    ) as unknown as [Record<string, Tensor>]
    for (let i = 0; i < 4; i++) norm.forward(several.at(i) as Tensor)
    for (const [path, x] of norm.namedBuffers())
      expect(last[path]!.toArray(), path).toEqual(close([x.toArray()])[0 as never])
  })

  it('gives in checkpoint the gradients of a forward without', () => {
    const norm = layer()
    const f = (x: Tensor) => (nn.functionalCall(norm, {}, x)[0] as Tensor).pow(3).sum() as Tensor<[]>
    expect(grad(checkpoint(f) as typeof f)(x).toArray()).toEqual(close(grad(f)(x).toArray() as object))
  })
})

describe('what is refused', () => {
  const cases: readonly [string, () => unknown, string][] = [
    [
      'one value a channel',
      () => new nn.BatchNorm1d(2).forward(zeros([1, 2])),
      'BatchNorm1d(2): x [1, 2] has 1 value in a channel: of one there is no variance; give a larger batch',
    ],
    [
      'no value',
      () => new nn.BatchNorm1d(2).forward(zeros([0, 2])),
      'BatchNorm1d(2): x [0, 2] has no values in a channel',
    ],
    [
      'one place',
      () => new nn.InstanceNorm1d(2).eval().forward(zeros([3, 2, 1])),
      'InstanceNorm1d(2): x [3, 2, 1] has 1 value in a channel',
    ],
    [
      'channels',
      () => new nn.BatchNorm2d(2).forward(zeros([1, 3, 4, 4]) as never),
      'BatchNorm2d(2): expects 2 channels, got 3: x has shape [1, 3, 4, 4]',
    ],
    [
      'a missing batch axis',
      () => new nn.BatchNorm2d(2).forward(zeros([2, 4, 4]) as never),
      'BatchNorm2d(2): expects [batch, channels, height, width], got shape [2, 4, 4]; add a batch axis with x.expandDims(0)',
    ],
    [
      'an axis too many',
      () => new nn.BatchNorm1d(2).forward(zeros([2, 2, 4, 4]) as never),
      'BatchNorm1d(2): expects [batch, channels] or [batch, channels, length], got shape [2, 2, 4, 4]; reshape x',
    ],
    [
      'volumes',
      () => new nn.InstanceNorm3d(2).forward(zeros([2, 2, 4, 4]) as never),
      'expects [batch, channels, depth, height, width]',
    ],
    [
      'channels of groups',
      () => new nn.GroupNorm(2, 4).forward(zeros([1, 3]) as never),
      'GroupNorm(2, 4): expects 4 channels, got 3',
    ],
    [
      'a scalar for groups',
      () => new nn.GroupNorm(2, 4).forward(zeros([4]) as never),
      'GroupNorm(2, 4): expects [batch, channels, ...], got shape [4]',
    ],
    [
      'groups that do not divide',
      () => new nn.GroupNorm(3, 4),
      'GroupNorm: 4 channels are not to be divided into 3 groups of one size',
    ],
    [
      'momentum',
      () => new nn.BatchNorm1d(2, { momentum: 1.5 }),
      'BatchNorm1d: momentum is 1.5; use a number from 0 to 1, or null',
    ],
    [
      'momentum for nothing',
      () => new nn.InstanceNorm2d(2, { momentum: 0.5 }),
      'InstanceNorm2d: momentum does nothing without trackRunningStatistics: true; leave it out.',
    ],
    [
      'a bias for nothing',
      () => new nn.LayerNorm(2, { affine: false, bias: true }),
      'LayerNorm: bias does nothing without affine: true; leave it out.',
    ],
    ['epsilon', () => new nn.RMSNorm(2, { epsilon: 0 }), 'RMSNorm: epsilon is 0; use a small positive number'],
    ['features', () => new nn.LayerNorm([2, 0]), 'LayerNorm: features is [2, 0]; use positive integers, one or more'],
    ['no features', () => new nn.RMSNorm([]), 'RMSNorm: features is []; use positive integers, one or more'],
    [
      'other features',
      () => new nn.LayerNorm([2, 3]).forward(zeros([3, 2]) as never),
      'LayerNorm([2, 3]): expects [2, 3] features, got [3, 2]: x has shape [3, 2]',
    ],
    [
      'fewer axes',
      () => new nn.RMSNorm([2, 3]).forward(zeros([3]) as never),
      'RMSNorm([2, 3]): expects [2, 3] features, got [3]',
    ],
    [
      'a vector of responses',
      () => new nn.LocalResponseNorm(2).forward(zeros([3]) as never),
      'LocalResponseNorm(2): expects [batch, channels, ...], got shape [3]',
    ],
    ['k', () => new nn.LocalResponseNorm(2, { k: 0 }), 'LocalResponseNorm: k is 0; use a positive number'],
    ["PyTorch's names", () => new nn.BatchNorm2d(2, { track_running_stats: false } as never), 'trackRunningStatistics'],
    ["Keras's names", () => new nn.GroupNorm(2, 4, { eps: 1 } as never), 'epsilon'],
    ['elementwise_affine', () => new nn.LayerNorm(2, { elementwise_affine: false } as never), 'affine'],
  ]
  test.each(cases)('%s', (_, act, message) => expect(act).toThrow(message))

  it('not one value a channel in evaluation', () => {
    expect(() => new nn.BatchNorm1d(2).eval().forward(zeros([1, 2]))).not.toThrow()
  })
})

it('does not keep the array of its sizes', () => {
  const sizes = [2, 3]
  const layer = new nn.LayerNorm(sizes)
  sizes.push(4)
  expect(layer.forward(zeros([2, 3]) as never)).toBeDefined()
})
