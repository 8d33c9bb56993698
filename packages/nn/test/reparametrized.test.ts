import { type AnyTensor, compile, grad, Random, type Tensor, tensor, vmap, zeros } from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'
import * as nn from '../src/index.js'

// Wrappers that compute a parameter of a module: what becomes of the module's hooks, modes, buffers and names.

const random = new Random(6)
const normal = (...shape: number[]) => random.normal(shape, { dtype: 'float64' }) as Tensor
const options = (seed = 1) => ({ dtype: 'float64', random: new Random(seed) }) as const
const linear = () => new nn.Linear(3, 2, options())
const close = (tree: object): object =>
  JSON.parse(JSON.stringify(tree), (_, x) => (typeof x === 'number' ? expect.closeTo(x, 10) : x))
const array = (x: AnyTensor) => x.toArray() as object

interface Wrapper extends nn.Module {
  readonly module: nn.Module
  forward(x: AnyTensor): Tensor
  value(): Tensor
}
const wrappers: Record<string, (module: nn.Module, name?: string) => Wrapper> = {
  WeightNorm: (module, name = 'weight') => new nn.WeightNorm(module as nn.Linear<3, 2>, { name }) as unknown as Wrapper,
  SpectralNorm: (module, name = 'weight') =>
    new nn.SpectralNorm(module as nn.Linear<3, 2>, { name, random: new Random(2) }) as unknown as Wrapper,
}

describe.each(Object.entries(wrappers))('%s', (name, wrap) => {
  const own = name === 'WeightNorm' ? ['direction', 'size'] : ['original']
  const x = normal(4, 3)

  it('has its own parameters and those that are left, and is shown with its module', () => {
    const layer = wrap(linear())
    expect([...layer.namedParameters().keys()]).toEqual(['module.bias', ...own])
    expect(`${layer}`).toBe(`${name}(weight\n  (module): Linear(3, 2)\n)`)
    expect(Object.keys(layer.module.stateDict())).toEqual(['bias'])
    expect(layer.eval().forward(x).toArray()).toEqual(
      close(array(x.matmul(layer.value()).add(layer.module.namedParameters().get('bias')!))),
    )
  })

  it('gives the module its parameter while it runs, and not otherwise, whatever happens', () => {
    const inner = linear()
    const layer = wrap(inner)
    const outside = new RegExp(
      `^${name}: 'weight' of the wrapped Linear is computed in the wrapper's forward, .*call the wrapper`,
    )
    expect(() => inner.weight).toThrow(outside)
    expect(() => inner.forward(x as never)).toThrow(outside)
    const seen: string[] = []
    inner.beforeForward(() => void seen.push(`${inner.weight}`))
    layer.forward(x)
    expect(seen).toEqual(['float64[3, 2]'])
    expect(() => layer.forward(zeros([2, 4]))).toThrow('module: expects 3 features, got 4')
    expect(() => inner.weight).toThrow(outside)
    compile((x: Tensor) => layer.forward(x))(x)
    expect(() => inner.weight).toThrow(outside)
    expect(() => new nn.Sequential(new nn.Tanh(), inner).forward(x as never)).toThrow(`layer 1: ${name}: 'weight'`)
  })

  it('leaves the module its hooks, its mode and its buffers', () => {
    const norm = new nn.BatchNorm1d(2, { dtype: 'float64' })
    const inner = new nn.Sequential(new nn.Linear(3, 2, options()), norm, new nn.Dropout(0.5))
    const layer = wrap(inner, '0.weight')
    const shapes: unknown[] = []
    inner.afterForward((y) => void shapes.push((y as Tensor).shape))
    inner.layers[0].afterForward((y, _, module) => {
      expect(module).toBeInstanceOf(nn.Linear)
      return (y as Tensor).mul(2)
    })
    layer.forward(x)
    expect(shapes).toEqual([[4, 2]])
    expect(norm.batches!.item()).toBe(1)
    layer.eval()
    expect(inner.layers[2].training).toBe(false)
    const y = layer.forward(x)
    expect(norm.batches!.item()).toBe(1)
    expect(layer.forward(x).toArray()).toEqual(y.toArray())
    layer.train()
    compile((x: Tensor) => layer.forward(x))(x)
    expect(norm.batches!.item()).toBe(2)
    const before = layer.stateDict()
    const [, buffers] = nn.functionalCall(layer, {}, x)
    expect(buffers['module.1.batches']!.item()).toBe(3)
    expect(norm.batches!.item()).toBe(2)
    expect(Object.keys(before)).toEqual(Object.keys(layer.stateDict()))
  })

  it('has its gradients in every way, and trains the same compiled', () => {
    const loss = (m: Wrapper) => m.forward(x).square().mean() as Tensor<[]>
    const make = () => wrap(linear()).eval() as Wrapper
    const wanted = grad(loss)(make())
    const [eager, compiled] = [make(), make()]
    loss(eager).backward()
    expect(Object.fromEntries([...eager.namedParameters()].map(([path, p]) => [path, array(p.grad)]))).toEqual(
      close(Object.fromEntries(Object.entries(wanted).map(([path, g]) => [path, array(g)]))),
    )
    const train = (m: Wrapper, around: (f: () => void) => () => void) => {
      m.train()
      const optimizer = new nn.SGD(m, { learningRate: 0.1 })
      const step = around(() => {
        optimizer.zeroGrad()
        loss(m).backward()
        optimizer.step()
      })
      for (let i = 0; i < 4; i++) step()
      return Object.fromEntries(Object.entries(m.stateDict()).map(([path, p]) => [path, array(p)]))
    }
    expect(train(compiled, compile as never)).toEqual(close(train(eager, (f) => f)))
    expect(loss(eager).item()).toBeLessThan(loss(make()).item())
  })

  it('is frozen where the parameter was', () => {
    const layer = wrap(linear().freeze())
    expect(layer.parameters().every((p) => p.isParameter && !p.requiresGrad)).toBe(true)
    expect(layer.parameters()).toHaveLength(own.length + 1)
  })

  it('wraps parts of a model, several of one, and modules of several results', () => {
    const lstm = new nn.LSTM(3, 2, options())
    const paths = [...lstm.namedParameters().keys()]
    const plain = new nn.LSTM(3, 2, options())
    const [first, second] = paths as [string, string]
    const layer = new nn.WeightNorm(new nn.WeightNorm(lstm, { name: first }), { name: `module.${second}` })
    const input = normal(2, 5, 3)
    const [y, z] = [layer.forward(input as never), plain.forward(input as never)] as unknown as [object, object]
    expect(Object.keys(y)).toEqual(Object.keys(z))
    expect(layer.namedParameters().size).toBe(paths.length + 2)
  })

  it('says what is wrong', () => {
    const make = (given: object) => () =>
      new (nn as never as Record<string, new (...args: unknown[]) => object>)[name]!(linear(), given)
    expect(make({ name: 'kernel' })).toThrow(
      `${name}: 'kernel' is no parameter of Linear, which has 'weight', 'bias'; use the name of one.`,
    )
    expect(make({ axis: 2 })).toThrow(`${name}: axis is 2, and 'weight' is float64[3, 2]`)
    expect(make({ dim: 0 })).toThrow(/axis/)
    expect(() => wrap(new nn.ReLU())).toThrow(`${name}: 'weight' is no parameter of ReLU, which has none`)
    class Tied extends nn.Module {
      readonly first = linear()
      readonly again = { weight: this.first.weight }
      forward(x: Tensor) {
        return x.matmul(this.first.weight).matmul(this.again.weight.transpose())
      }
    }
    const tied = new Tied()
    expect(() => wrap(tied, 'first.weight')).toThrow(`'first.weight' is shared: it is at 'again.weight' too`)
    // and nothing has changed
    expect(tied.forward(x).shape).toEqual([4, 3])
    const inner = linear()
    const layer = wrap(inner)
    expect(() => wrap(inner)).toThrow(`'weight' is no parameter of Linear`)
    expect(layer.forward(x).shape).toEqual([4, 2])
  })
})

describe('WeightNorm', () => {
  it('is at first what it wraps, and gives each output its size', () => {
    const [plain, layer] = [linear(), new nn.WeightNorm(linear())]
    expect(array(layer.value())).toEqual(close(array(plain.weight)))
    layer.size.assign(tensor([2, 5], { dtype: 'float64' }))
    expect(array(layer.value().norm(0))).toEqual(close([2, 5]))
    layer.direction.assign(layer.direction.mul(7))
    expect(array(layer.value().norm(0))).toEqual(close([2, 5]))
    expect(new nn.WeightNorm(new nn.Conv2d(2, 3, 2)).size.shape).toEqual([3])
    expect(new nn.WeightNorm(new nn.ConvTranspose1d(2, 3, 2)).size.shape).toEqual([3])
    expect(new nn.WeightNorm(new nn.Embedding(5, 2), { axis: 0 }).size.shape).toEqual([5])
    expect(new nn.WeightNorm(linear(), { axis: null }).size.shape).toEqual([])
  })

  it('gives zeros for a direction of zeros, with finite gradients', () => {
    const layer = new nn.WeightNorm(new nn.Linear(2, 2, { init: nn.init.zeros(), bias: false }))
    const gradient = grad((m: typeof layer) => m.forward(zeros([1, 2]).add(1)).sum() as Tensor<[]>)(layer)
    expect(array(layer.value())).toEqual([[0, 0], [0, 0]]) // biome-ignore format: a matrix
    for (const g of Object.values(gradient)) expect([...g.data].every(Number.isFinite)).toBe(true)
  })
})

describe('SpectralNorm', () => {
  // singular values 4 and 3, by its columns
  const weight = () => tensor([[4, 0], [0, 3], [0, 0]], { dtype: 'float64' }) as Tensor // biome-ignore format: a matrix
  const made = (iterations = 1) =>
    new nn.SpectralNorm(new nn.Linear(3, 2, { ...options(), init: weight as unknown as nn.Initializer }), {
      iterations,
      random: new Random(3),
    })

  it('divides by the greatest singular value, nearer at each forward in training', () => {
    const layer = made(40)
    layer.forward(zeros([1, 3]) as never)
    expect(array(layer.value())).toEqual([[expect.closeTo(1, 8), 0], [0, expect.closeTo(0.75, 8)], [0, 0]]) // biome-ignore format: a matrix
    expect(array(layer.left.abs())).toEqual([expect.closeTo(1, 4), expect.closeTo(0, 4)])
    const slow = made()
    const error = () => Math.abs(slow.value().at(0).at(0).item() - 1)
    const errors = [0, 1, 2].map(() => {
      slow.forward(zeros([1, 3]) as never)
      return error()
    })
    expect(errors[1]!).toBeLessThan(errors[0]!)
    expect(errors[2]!).toBeLessThan(errors[1]!)
    slow.eval()
    slow.forward(zeros([1, 3]) as never)
    expect(error()).toBe(errors[2])
  })

  it('says what its options are called', () => {
    expect(() => new nn.SpectralNorm(linear(), { n_power_iterations: 2 } as never)).toThrow('did you mean iterations?')
    expect(() => new nn.SpectralNorm(linear(), { iterations: 0 })).toThrow(
      'SpectralNorm: iterations is 0; use a positive integer',
    )
    expect(() => new nn.SpectralNorm(linear(), { epsilon: 0 })).toThrow(
      'SpectralNorm: epsilon is 0; use a small positive number',
    )
  })

  it('is refused in vmap in training, where functionalCall gives its vectors', () => {
    const layer = made()
    const xs = normal(5, 2, 3)
    const before = JSON.stringify(layer.stateDict())
    expect(() => vmap((x: Tensor) => layer.forward(x as never) as Tensor)(xs as never)).toThrow(
      /SpectralNorm\.left changes in training.*functionalCall/,
    )
    const [, buffers] = vmap(
      (x: Tensor) => nn.functionalCall(layer, {}, x as never) as unknown as [Tensor, Record<string, Tensor>],
    )(xs as never) as unknown as [Tensor, Record<string, Tensor>]
    expect(Object.keys(buffers)).toEqual(['left', 'right'])
    expect(JSON.stringify(layer.stateDict())).toEqual(before)
    layer.eval()
    expect(() => vmap((x: Tensor) => layer.forward(x as never) as Tensor)(xs as never)).not.toThrow()
  })
})

test('a wrapper is a layer among others', () => {
  const model = new nn.Sequential(
    new nn.WeightNorm(new nn.Linear(3, 4)),
    new nn.ReLU(),
    new nn.SpectralNorm(new nn.Linear(4, 2)),
  )
  expect(model.forward(zeros([5, 3])).shape).toEqual([5, 2])
  const copy = new nn.Sequential(
    new nn.WeightNorm(new nn.Linear(3, 4)),
    new nn.ReLU(),
    new nn.SpectralNorm(new nn.Linear(4, 2)),
  )
  copy.loadStateDict(JSON.parse(JSON.stringify(model.stateDict())))
  const x = new Random(1).normal([5, 3])
  expect(copy.eval().forward(x).toArray()).toEqual(model.eval().forward(x).toArray())
})
