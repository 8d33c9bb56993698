import {
  type AnyTensor,
  compile,
  conv2d,
  GradientError,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  noGrad,
  parameter,
  Random,
  stopGradient,
  type Tensor,
  tensor,
  treeLeaves,
  treeMap,
  treePaths,
  treeProtocol,
  valueAndGrad,
  vjp,
  zeros,
} from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { describe, expect, it, test } from 'vitest'
import * as nn from '../src/index.js'
import { Dropout, Layer, LayerNorm, Linear, Module, Sequential, Tanh } from '../src/index.js'

const draw = new Random(9)
const normal = (...shape: number[]) => draw.normal(shape, { dtype: 'float64' }) as Tensor
const weight = (...shape: number[]) => parameter(normal(...shape)) as Tensor
const float64 = { dtype: 'float64', random: draw } as const

interface Model extends Module {
  forward(x: Tensor): Tensor
}

class Convolution extends Module {
  readonly kernels = [weight(3, 1, 3, 3), weight(2, 3, 2, 2)]
  readonly biases = new Map([['first', weight(3, 1, 1)]])
  readonly mean = normal(1, 6, 6)
  forward(x: Tensor): Tensor {
    const [first, second] = this.kernels as [Tensor, Tensor]
    const hidden = conv2d(x.sub(this.mean), first).add(this.biases.get('first')!) as Tensor
    return conv2d(hidden.tanh(), second).mean([-1, -2]) as Tensor
  }
}

class LSTM extends Module {
  readonly input = new Linear(3, 16, float64)
  readonly recurrent = new Linear(4, 16, { bias: false, ...float64 })
  readonly start = { h: weight(1, 4), c: weight(1, 4) }
  forward(x: Tensor): Tensor {
    let { h, c } = this.start
    for (let t = 0; t < x.shape[0]!; t++) {
      const gates = (this.input.forward(x.at(t)) as Tensor).add(this.recurrent.forward(h)).reshape([-1, 4, 4]) as Tensor
      const gate = (i: number) => gates.slice(1, i, i + 1).squeeze(1) as Tensor
      c = gate(0)
        .sigmoid()
        .mul(c)
        .add(gate(1).sigmoid().mul(gate(2).tanh())) as Tensor
      h = gate(3).sigmoid().mul(c.tanh()) as Tensor
    }
    return h
  }
}

/** One weight as embedding and, transposed, as the last layer. */
class Tied extends Module {
  readonly first = new Linear(3, 4, float64)
  readonly last = { weight: this.first.weight }
  forward(x: Tensor): Tensor {
    return (this.first.forward(x) as Tensor).tanh().matmul(this.last.weight.transpose())
  }
}

const mlp = () =>
  new Sequential(
    new Linear(3, 4, float64),
    new Tanh(),
    new LayerNorm(4, { dtype: 'float64' }),
    new Linear(4, 2, float64),
  )

const models: Record<string, [model: Model, x: Tensor]> = {
  MLP: [mlp() as unknown as Model, normal(5, 3)],
  convolution: [new Convolution(), normal(2, 1, 6, 6)],
  LSTM: [new LSTM(), normal(3, 2, 3)],
  'tied weights': [new Tied(), normal(5, 3)],
}

const loss = (model: Model, x: Tensor) => model.forward(x).square().mean() as Tensor<[]>
const plain = (tree: unknown) =>
  Object.fromEntries(Object.entries(tree as Record<string, AnyTensor>).map(([path, x]) => [path, x.toArray()]))
const byBackward = (model: Module, loss: () => Tensor) => {
  model.zeroGrad()
  loss().backward()
  return Object.fromEntries([...model.namedParameters()].map(([path, { grad }]) => [path, grad.toArray()]))
}
/** Kernels that come often are compiled, and may round otherwise from then on. */
const expectClose = (got: Record<string, unknown>, wanted: Record<string, unknown>, tolerance = 1e-12) => {
  expect(Object.keys(got)).toEqual(Object.keys(wanted))
  for (const [path, expected] of Object.entries(wanted)) {
    const [some, others] = [got[path], expected].map((list) => [list].flat(9) as number[]) as [number[], number[]]
    const scale = Math.max(1, ...others.map(Math.abs))
    others.forEach((other, i) => {
      expect(Math.abs(some[i]! - other), path).toBeLessThan(tolerance * scale)
    })
  }
}
const sum = (x: AnyTensor) => x.sum() as Tensor<[]>

describe.each(Object.entries(models))('%s', (_, [model, x]) => {
  const wanted = byBackward(model, () => loss(model, x))
  const before = model.stateDict()

  it('has by grad the gradients that backward gives, by their paths', () => {
    expectClose(plain(grad(loss)(model, x)), wanted)
    const [value, gradient] = valueAndGrad(loss)(model, x)
    expect(value.item()).toBeCloseTo(loss(model, x).item(), 12)
    expectClose(plain(gradient), wanted)
    expectClose(plain(vjp(loss, model, x)[1](tensor(1, { dtype: 'float64' }))[0]), wanted)
  })

  it('likewise compiled, and inside what is compiled', () => {
    for (const compiled of [compile(grad(loss)), compile((m: Model, x: Tensor) => grad(loss)(m, x))]) {
      for (let call = 0; call < 2; call++) {
        expectClose(plain(compiled(model, x)), wanted)
      }
    }
  })

  it('passes gradcheck, parameters and all', () => {
    assertGradients((m: Model, x: Tensor) => m.forward(x), [model, x])
  })

  it('has along a direction what the gradient says, and curvature as central differences of gradients show', () => {
    const v = Object.fromEntries([...model.namedParameters()].map(([path, { shape }]) => [path, normal(...shape)]))
    const [, slope] = jvp((m: Model) => loss(m, x), [model], [v])
    const gradient = grad(loss)(model, x)
    const product = Object.keys(v).reduce((total, path) => total + v[path]!.mul(gradient[path]!).sum().item(), 0)
    expect(slope.item()).toBeCloseTo(product, 12)

    const curved = hvp((m: Model) => loss(m, x), model, v)
    const step = 1e-5
    const moved = (size: number) => {
      const parts = model[treeProtocol]()
      const children = Object.fromEntries(
        Object.entries(parts.children).map(([path, p]) => [path, p.detach().add(v[path]!.mul(size))]),
      )
      return grad(loss)(parts.rebuild(children as never, parts.buffers as never) as Model, x)
    }
    const [up, down] = [moved(step), moved(-step)]
    const slopes = Object.keys(v).map((path) => [path, up[path]!.sub(down[path]!).div(2 * step)] as const)
    expectClose(plain(curved), plain(Object.fromEntries(slopes)), 1e-6)
  })

  it('is as it was afterwards', () => {
    const after = model.stateDict()
    expect(plain(after)).toEqual(plain(before))
    expect([...model.namedParameters().values()].every(({ requiresGrad, op }) => requiresGrad && op === null)).toBe(
      true,
    )
    expectClose(
      byBackward(model, () => loss(model, x)),
      wanted,
    )
  })
})

describe('the module that a differentiated function gets', () => {
  const mark: unique symbol = Symbol('mark')
  class Net extends Module {
    readonly first = new Linear(2, 2, float64)
    readonly list = [{ inner: new Sequential(this.first, new Dropout(0.5)) }, 'text'] as const
    readonly set = new Set([weight(2)])
    readonly byName = new Map([['w', weight(2)]])
    readonly mean = normal(2)
    readonly parent: Module = this
    readonly options = { rate: 2, made: new Date(0) }
    readonly log: string[] = []
    readonly [mark] = 3
    get double() {
      return this.byName.get('w')!.mul(2)
    }
    forward(): Tensor {
      this.log.push('called')
      return [...this.set][0]!.mul(this.double).add(this.mean).add(this.first.forward(this.mean)) as Tensor
    }
  }
  const seenBy = (look: (standIn: Net) => void, model = new Net()): Net => {
    grad((m: Net) => {
      look(m)
      return sum(m.forward())
    })(model)
    return model
  }

  it('is of its class, has its plain properties, and the same buffers', () => {
    const model = new Net()
    seenBy((m) => {
      expect(m).not.toBe(model)
      expect(m).toBeInstanceOf(Net)
      expect([m.options, m.log, m.mean, m.list[1], m[mark]]).toEqual([model.options, model.log, model.mean, 'text', 3])
      expect(m.options).toBe(model.options)
      expect(m.mean).toBe(model.mean)
      expect([...m.namedParameters().keys()]).toEqual([...model.namedParameters().keys()])
      expect([...m.namedBuffers()]).toEqual([...model.namedBuffers()])
      expect(m.modules()).toHaveLength(model.modules().length)
    }, model)
    expect(model.log).toEqual(['called'])
  })

  it('keeps shared what is shared, and its cycles', () => {
    seenBy((m) => {
      expect(m.parent).toBe(m)
      expect(m.list[0].inner.layers[0]).toBe(m.first)
    })
  })

  it('has the modes of the one that it stands for, and its own from then on', () => {
    const model = new Net().eval()
    seenBy((m) => {
      expect(m.modules().every(({ training }) => !training)).toBe(true)
      m.train()
      expect(m.modules().every(({ training }) => training)).toBe(true)
    }, model)
    expect(model.modules().every(({ training }) => !training)).toBe(true)
  })

  it('may be differentiated by again, and perturbations stay apart', () => {
    class Factor extends Module {
      w = weight(1)
    }
    const model = new Factor()
    // d/dm (m d/dn n m) = d/dm m²
    const outer = (m: Factor) => sum(m.w.mul(grad((n: Factor) => sum(n.w.mul(m.w)))(m).w!))
    expect(grad(outer)(model).w!.item()).toBeCloseTo(2 * model.w.item(), 12)
    const forward = (m: Factor) =>
      sum(m.w.mul(jvp((n: Factor) => n.w.mul(m.w), [m], [{ w: model.w.detach().mul(0).add(1) }])[1]))
    expect(grad(forward)(model).w!.item()).toBeCloseTo(2 * model.w.item(), 12)
    expect(hessian((m: Factor) => sum(m.w.pow(3)))(model).w!.w!.toArray()).toEqual([[[6 * model.w.item()]].flat()])
    expect(jacobian((m: Factor) => ({ y: m.w.square() }))(model).y.w!.item()).toBeCloseTo(2 * model.w.item(), 12)
  })

  it('is found however long the chain of modules is', () => {
    class Link extends Module {
      readonly w = weight(1)
      next: Link | null = null
    }
    const start = new Link()
    let end = start
    for (let i = 0; i < 1000; i++) {
      end.next = new Link()
      end = end.next
    }
    const last = (m: Link): Tensor => {
      let at = m
      while (at.next !== null) at = at.next
      return at.w
    }
    const gradient = grad((m: Link) => sum(last(m)))(start)
    expect(Object.keys(gradient)).toHaveLength(1001)
    expect(Object.values(gradient).at(-1)!.item()).toBe(1)
  })

  it('stands in for frozen parameters as buffers', () => {
    const model = new Net()
    model.first.weight.requiresGrad = false
    const gradient = grad((m: Net) => sum(m.forward()))(model)
    expect(Object.keys(gradient)).not.toContain('first.weight')
    expect(Object.keys(gradient)).toContain('first.bias')
  })

  it('comes back from a function as a module, whose values have no marks', () => {
    const model = new Net()
    const [scaled, pullback] = vjp((m: Net) => {
      const { children, buffers, rebuild } = m[treeProtocol]()
      const twice = Object.fromEntries(Object.entries(children).map(([path, p]) => [path, p.mul(2)]))
      return rebuild(twice as never, buffers as never) as Net
    }, model)
    expect(scaled).toBeInstanceOf(Net)
    expect([...scaled.namedParameters().keys()]).toEqual([...model.namedParameters().keys()])
    expect(scaled.first.weight.toArray()).toEqual(model.first.weight.mul(2).toArray())
    const ones = Object.fromEntries([...model.namedParameters()].map(([path, p]) => [path, p.detach().mul(0).add(1)]))
    expect(pullback(ones as never)[0]['first.bias']!.toArray()).toEqual([2, 2])
  })
})

describe('what would leave a derivative out is refused', () => {
  class Arrow extends Module {
    readonly w = weight(2)
    readonly scale = (x: AnyTensor) => x.mul(this.w)
  }
  class Helper {
    constructor(readonly w: AnyTensor) {}
  }
  class Helped extends Module {
    readonly w = weight(2)
    readonly helper = new Helper(this.w)
    scale(x: AnyTensor) {
      return x.mul(this.helper.w)
    }
  }
  class Private extends Module {
    readonly w: Tensor
    #factor = 2
    constructor(w = weight(2)) {
      super()
      this.w = w
    }
    scale(x: AnyTensor) {
      return x.mul(this.w).mul(this.#factor)
    }
  }
  class Blank extends Private {
    protected override blank() {
      return new Blank(this.w)
    }
  }
  interface Scales extends Module {
    scale(x: AnyTensor): AnyTensor
  }
  const x = normal(2)
  const takers: Record<string, (f: (m: Scales) => Tensor<[]>, model: Scales) => unknown> = {
    grad: (f, model) => grad(f)(model),
    'grad within noGrad': (f, model) => noGrad(() => grad(f)(model)),
    'compiled grad': (f, model) => compile(grad(f))(model),
    vjp: (f, model) => vjp(f, model),
    jacobian: (f, model) => jacobian(f)(model),
    hessian: (f, model) => hessian(f)(model),
  }
  const scaled = (m: Scales) => sum(m.scale(x))

  describe.each(Object.entries(takers))('%s', (_, take) => {
    it('a function held as a property, which knows the module that it was made with', () => {
      expect(() => take(scaled, new Arrow())).toThrow(/uses argument\[0\]\.w .* of the Arrow .*write methods instead/)
    })

    it('an object that holds a parameter too', () => {
      expect(() => take(scaled, new Helped())).toThrow(/uses argument\[0\]\.w .* of the Helped .*in no other object/)
    })

    it('the module around the function in place of the argument', () => {
      const model = new Blank()
      expect(() => take((m) => sum(m.scale(x).add(model.w)), model)).toThrow(
        /Use the argument, not the variable around/,
      )
      expect(() => take(() => sum(model.scale(x)), model)).toThrow(GradientError)
    })

    it('but for what is said to be constant', () => {
      const model = new Blank()
      expect(() => take((m) => sum(m.scale(x).add(stopGradient(model.w))), model)).not.toThrow()
      expect(() => take((m) => sum(m.scale(x).add(noGrad(() => model.w.mul(2)))), model)).not.toThrow()
    })

    it('#private fields, which the constructor alone can make', () => {
      expect(() => take(scaled, new Private())).toThrow(/no #private members: .*factor.*by its constructor/)
    })
  })

  it('with blank() a class may have #private fields', () => {
    const model = new Blank()
    expect(grad(scaled)(model).w!.toArray()).toEqual(x.mul(2).toArray())
  })
})

test('a number where a parameter belongs, and other trees, are told by path', () => {
  const model = new Linear(2, 1, float64)
  const f = (m: typeof model) => sum(m.weight.square())
  expect(() => jvp(f, [model], [{ weight: 1, bias: zeros([1]) } as never])).toThrow(/tangents\[0\]\.weight is 1/)
  expect(() => jvp(f, [model], [{ weight: model.weight } as never])).toThrow(/form/)
  expect(() => hvp(f, model, { weights: model.weight, bias: model.bias! } as never)).toThrow(/no tensor v\.weight/)
  class Odd extends Layer {
    protected run(x: Tensor) {
      return x
    }
  }
  expect(() => grad((m: Odd) => sum(m.forward(zeros([2]) as Tensor)))(new Odd())).toThrow(/holds no tensor/)
})

describe('functions of trees', () => {
  const x = normal(4, 3)

  it('make an independent copy of a model that can be trained', () => {
    const model = mlp() as unknown as Model
    const before = plain(model.stateDict())
    const copy = treeMap(model, (p) => parameter(p))
    expect(plain(copy.stateDict())).toEqual(before)
    const optimizer = new nn.SGD(copy.parameters(), { learningRate: 0.1 })
    const start = loss(copy, x).item()
    for (let step = 0; step < 20; step++) {
      optimizer.zeroGrad()
      loss(copy, x).backward()
      optimizer.step()
    }
    expect(loss(copy, x).item()).toBeLessThan(start)
    expect(plain(model.stateDict())).toEqual(before)
    copy.eval()
    expect([model.training, copy.training]).toEqual([true, false])
    model.loadStateDict(copy.stateDict())
    expect(loss(model, x).item()).toBeCloseTo(loss(copy, x).item(), 12)
  })

  it('average two models, and step along a gradient', () => {
    const [one, two] = [mlp(), mlp()] as unknown as [Model, Model]
    const mean = treeMap(one, (a, b) => a.add(b).div(2), two)
    for (const [path, p] of mean.namedParameters()) {
      const wanted = one.namedParameters().get(path)!.add(two.namedParameters().get(path)!).div(2)
      expect(p.toArray(), path).toEqual(wanted.toArray())
    }
    const stepped = treeMap(one, (p, g) => p.sub(g.mul(0.1)), grad(loss)(one, x))
    expect(loss(stepped, x).item()).toBeLessThan(loss(one, x).item())
  })

  it('have the paths of namedParameters', () => {
    for (const [model] of Object.values(models)) {
      const names = [...model.namedParameters().keys()]
      expect(treePaths(model).map(({ keys }) => keys)).toEqual(names.map((name) => [name]))
      expect(treeLeaves(model)).toEqual([...model.namedParameters().values()])
    }
  })
})
