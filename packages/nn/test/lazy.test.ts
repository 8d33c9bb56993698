import {
  checkpoint,
  compile,
  DTypeError,
  grad,
  noGrad,
  Random,
  random,
  scan,
  type Tensor,
  tensor,
  treeLeaves,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { beforeEach, describe, expect, it } from 'vitest'
import * as nn from '../src/index.js'

beforeEach(() => random.seed(1))

type Runs = nn.Module & { forward(x: Tensor): Tensor }
const loose = (layer: nn.Module) => layer as Runs
const model = () =>
  new nn.Sequential(
    ['conv', new nn.LazyConv2d(4, 3, { random: new Random(1) })],
    ['act', new nn.ReLU()],
    ['flat', new nn.Flatten()],
    ['head', new nn.LazyLinear(2, { random: new Random(2) })],
  )
const images = () => new Random(3).normal([2, 3, 5, 5]) as Tensor
const sum = (x: Tensor) => x.sum() as Tensor<[]>

describe('before its first input a lazy layer', () => {
  const says =
    'conv: LazyConv2d(4, 3): it has no parameters before its first input, which says how many it takes; call forward once'
  it.each<[string, (net: Runs) => unknown]>([
    ['parameters', (net) => net.parameters()],
    ['namedParameters', (net) => net.namedParameters()],
    ['namedBuffers', (net) => net.namedBuffers()],
    ['zeroGrad', (net) => net.zeroGrad()],
    ['freeze', (net) => net.freeze()],
    ['stateDict', (net) => net.stateDict()],
    ['loadStateDict', (net) => net.loadStateDict({})],
    ['an optimizer', (net) => new nn.Adam(net)],
    ['functionalCall', (net) => nn.functionalCall(net, {}, images())],
    ['grad', (net) => grad((m: Runs) => sum(m.forward(images())))(net)],
    ['leaves', (net) => treeLeaves(net)],
  ])('refuses %s by its path, and says what to do', (_, ask) => {
    const net = loose(model())
    expect(() => ask(net)).toThrow(nn.ModuleError)
    expect(() => ask(net)).toThrow(says)
  })

  it('refuses a first forward where it would be made more than once', () => {
    const once =
      'its first input makes its parameters: inside compile() this would happen once, and not at each call; call forward once'
    const outer = loose(model())
    expect(() => compile((x: Tensor) => outer.forward(x))(images())).toThrow(once)
    expect(() => checkpoint((x: Tensor) => outer.forward(x))(images())).toThrow(
      'inside checkpoint() this would happen again',
    )
    expect(() => vmap((x: Tensor) => loose(new nn.LazyLinear(2)).forward(x))(images())).toThrow(
      'LazyLinear(2): its first input makes its parameters: inside vmap',
    )
    const net = loose(new nn.LazyLinear(3))
    const loop = () =>
      scan(
        (carry: Tensor, x: Tensor) => [carry.add(net.forward(x)) as Tensor, carry],
        zeros([3]) as Tensor,
        zeros([4, 5]) as Tensor,
      )
    expect(loop).toThrow('its first input makes its parameters')
    expect(net.modules()).toEqual([net])
    expect(() => net.parameters()).toThrow('no parameters before')
  })

  it('refuses its weight', () => {
    const layer = new nn.LazyLinear(3)
    expect(() => layer.weight).toThrow('LazyLinear(3): it has no parameters before its first input')
    expect(() => layer.bias).toThrow('LazyLinear(3): it has no parameters before its first input')
  })

  it('has a mode, a text and a place', () => {
    const net = model()
    net.eval()
    expect(net.layers[0].training).toBe(false)
    expect([...net.train().namedModules().keys()]).toEqual(['', 'conv', 'act', 'flat', 'head'])
    expect(`${net}`).toContain('(conv): LazyConv2d(4, 3)')
    expect(`${new nn.LazyConvTranspose1d(4, 3, { stride: 2, outputPadding: 1, bias: false })}`).toBe(
      'LazyConvTranspose1d(4, 3, { stride: 2, outputPadding: 1, bias: false })',
    )
  })
})

describe('after its first input a lazy layer', () => {
  it('is the layer for so many, with its paths and first values', () => {
    const net = model()
    const output = loose(net).forward(images())
    const eager = new nn.Sequential(
      ['conv', new nn.Conv2d(3, 4, 3, { random: new Random(1) })],
      ['act', new nn.ReLU()],
      ['flat', new nn.Flatten()],
      ['head', new nn.Linear(36, 2, { random: new Random(2) })],
    )
    expect(output.toArray()).toEqual(loose(eager).forward(images()).toArray())
    expect(JSON.stringify(net.stateDict())).toBe(JSON.stringify(eager.stateDict()))
    expect([...net.namedParameters().keys()]).toEqual(['conv.weight', 'conv.bias', 'head.weight', 'head.bias'])
    expect([...net.namedModules().keys()]).toEqual(['', 'conv', 'act', 'flat', 'head'])
    expect(net.layers[0].weight.shape).toEqual([4, 3, 3, 3])
    expect(net.layers[0]).toBeInstanceOf(nn.Conv2d)
    expect(net.layers[3]).toBeInstanceOf(nn.Linear)
    expect(`${net}`).toBe(`${eager}`)
    // as much as a class says: of the lazy layer nothing is left
    expect(Object.keys(net.layers[0])).toEqual(Object.keys(eager.layers[0]))
    net.apply(nn.init.zeros(), { kind: nn.Conv2d })
    expect(net.layers[0].weight.sum().item()).toBe(0)
    net.loadStateDict(eager.stateDict())
  })

  it('keeps its mode and its hooks', () => {
    const layer = new nn.LazyLinear(2).eval()
    const seen: unknown[] = []
    layer.afterForward((output) => void seen.push((output as Tensor).shape))
    layer.forward(zeros([3, 4]))
    layer.forward(zeros([5, 4]))
    expect(layer.training).toBe(false)
    expect(seen).toEqual([
      [3, 2],
      [5, 2],
    ])
  })

  it('trains as that one does, in compiled steps too', () => {
    const net = loose(model())
    net.forward(images())
    const optimizer = new nn.SGD(net, { learningRate: 0.1 })
    const before = net.stateDict()
    const step = compile((x: Tensor) => {
      optimizer.zeroGrad()
      const loss = net.forward(x).square().mean() as Tensor<[]>
      loss.backward()
      optimizer.step()
      return loss
    })
    const losses = [step(images()).item(), step(images()).item(), step(images()).item()]
    expect(losses[2]).toBeLessThan(losses[0]!)
    expect(net.stateDict()['conv.weight']!.toArray()).not.toEqual(before['conv.weight']!.toArray())
  })

  it('has parameters that collect gradients, wherever it was made', () => {
    const ways: Record<string, (run: (x: Tensor) => Tensor) => unknown> = {
      noGrad: (run) => noGrad(() => run(images())),
      'grad by an input': (run) => grad((x: Tensor) => sum(run(x)))(images()),
    }
    for (const [name, way] of Object.entries(ways)) {
      const net = loose(model())
      way((x) => net.forward(x))
      sum(net.forward(images())).backward()
      for (const [path, p] of net.namedParameters()) expect(p.hasGrad, `${name}: ${path}`).toBe(true)
    }
  })

  it('has the gradients of the backward that began with its first input', () => {
    const [net, wanted] = [loose(model()), loose(model())]
    wanted.forward(images())
    for (const one of [net, wanted]) sum(one.forward(images())).backward()
    for (const [path, p] of net.namedParameters()) {
      expect(p.grad.toArray(), path).toEqual(wanted.namedParameters().get(path)!.grad.toArray())
    }
  })

  it('refuses other features and channels', () => {
    const layer = loose(new nn.LazyLinear(2))
    layer.forward(zeros([3, 4]) as Tensor)
    expect(() => layer.forward(zeros([3, 5]) as Tensor)).toThrow('Linear(4, 2): expects 4 features, got 5')
    const net = loose(model())
    net.forward(images())
    expect(() => net.forward(zeros([2, 1, 5, 5]) as Tensor)).toThrow('conv: expects 3 channels, got 1')
  })
})

describe('a first input that does not do', () => {
  it('makes nothing, and says why', () => {
    const conv = loose(new nn.LazyConv2d(4, 3, { groups: 2 }))
    expect(() => conv.forward(zeros([3, 5, 5]) as Tensor)).toThrow(
      'LazyConv2d(4, 3, { groups: 2 }): expects [batch, channels, height, width], got [3, 5, 5]',
    )
    expect(() => conv.forward(zeros([1, 3, 5, 5]) as Tensor)).toThrow('3 inputs do not fall into 2 groups')
    expect(() => conv.forward(zeros([1, 4, 2, 2]) as Tensor)).toThrow('a window reaching over [3, 3] is larger')
    expect(conv.forward(zeros([1, 6, 3, 3]) as Tensor).shape).toEqual([1, 4, 1, 1])
    expect(conv.namedParameters().get('weight')!.shape).toEqual([4, 3, 3, 3])
    const linear = loose(new nn.LazyLinear(4))
    expect(() => linear.forward(tensor(1) as Tensor)).toThrow(
      'LazyLinear(4): x has shape [], and its last axis is to say',
    )
    expect(() => linear.forward(zeros([2, 0]) as Tensor)).toThrow('give an input with features')
  })

  it('is told before what is wrong with the settings', () => {
    expect(() => new nn.LazyConv2d(4, 0)).toThrow('LazyConv2d: kernel is 0; use integers of at least 1.')
    expect(() => new nn.LazyConv2d(3, 1, { groups: 2 })).toThrow('LazyConv2d: 3 outputs do not fall into 2 groups')
    expect(() => new nn.LazyConvTranspose2d(3, 1, { outputPadding: 1 })).toThrow(
      'LazyConvTranspose2d: outputPadding is 1',
    )
    expect(() => new nn.LazyLinear(1, { dtype: 'int32' })).toThrow(DTypeError)
    expect(() => new nn.LazyConv2d(1, 4, 3 as never)).toThrow('LazyConv2d: options is 3; use one object')
  })
})
