import {
  type AnyTensor,
  compile,
  GradientError,
  grad,
  jvp,
  ones,
  parameter,
  ShapeError,
  type Tensor,
  tensor,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import {
  buffer,
  Dropout,
  functionalCall,
  Layer,
  Linear,
  Module,
  ModuleDict,
  ModuleError,
  ModuleList,
  ReLU,
  Sequential,
  summary,
} from '../src/index.js'

const loose = (module: object) => module as { forward(...inputs: unknown[]): Tensor }
const messageOf = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    return (error as Error).message
  }
  return 'no error'
}

class Attention extends Module {
  readonly query = new Linear(64, 64)
  forward(x: AnyTensor, { scale = 1 }: { scale?: number } = {}): AnyTensor {
    return loose(this.query).forward(x).mul(scale)
  }
}
class Block extends Module {
  readonly attention = new Attention()
  readonly norms = new Map([['first', new ReLU()]])
  forward(x: AnyTensor): AnyTensor {
    return this.attention.forward(this.norms.get('first')!.forward(x as never), { scale: 2 })
  }
}
class Model extends Module {
  readonly encoder = [new Block(), new Block(), new Block()]
  forward(x: AnyTensor, from = 0): AnyTensor {
    let y = x
    for (const block of this.encoder.slice(from)) y = block.forward(y)
    return y
  }
}

describe('an error in a forward', () => {
  it('says where in the model it arose', () => {
    const model = new Model()
    const say = 'encoder.2.attention.query: expects 64 features, got 48: x has shape [2, 48]'
    expect(messageOf(() => model.forward(zeros([2, 48]), 2))).toContain(say)
    expect(messageOf(() => model.forward(zeros([2, 48]), 2))).toMatch(/\(Linear\(64, 64\)\)$/)
    expect(() => model.forward(zeros([2, 48]))).toThrow(ShapeError)
  })

  it('also compiled, in transforms and in stand-ins', () => {
    const model = new Model()
    const x = zeros([2, 48])
    const say = 'encoder.0.attention.query: expects 64 features'
    expect(() => compile((x: Tensor) => model.forward(x))(x as Tensor)).toThrow(say)
    expect(() => grad((m: Model) => m.forward(x).sum() as never)(model)).toThrow(say)
    expect(() => vmap((x: Tensor) => model.forward(x) as Tensor)(zeros([3, 2, 48]) as Tensor)).toThrow(say)
  })

  it('in the stack as well, once', () => {
    try {
      new Model().forward(zeros([2, 48]))
      expect.fail('accepted')
    } catch (error) {
      expect((error as Error).stack).toContain('encoder.0.attention.query: expects')
      expect((error as Error).stack!.split('encoder.0.attention').length).toBe(2)
    }
  })

  it('of an op names the part that called it', () => {
    class Wrong extends Module {
      readonly part = new (class Adds extends Module {
        forward(x: AnyTensor) {
          return x.add(ones([5]) as never) as AnyTensor
        }
      })()
      forward(x: AnyTensor) {
        return this.part.forward(x)
      }
    }
    expect(() => new Wrong().forward(ones([3]))).toThrow(/^part: add: /)
  })

  it('of a part that is not found is told without a path, and so is that of the whole', () => {
    class Hides extends Module {
      readonly #part = new Linear(3, 2)
      forward(x: AnyTensor) {
        return this.#part.forward(x as never)
      }
    }
    expect(() => new Hides().forward(ones([2, 4]))).toThrow(/^Linear\(3, 2\): expects 3 features/)
    expect(() => loose(new Linear(3, 2)).forward(ones([2, 4]))).toThrow(/^Linear\(3, 2\): expects 3 features/)
  })

  it('that a forward catches leaves no trace', () => {
    class Tries extends Module {
      readonly part = new Linear(3, 2)
      forward(x: AnyTensor): string {
        try {
          this.part.forward(x as never)
        } catch {
          return messageOf(() => this.part.forward(zeros([1, 5]) as never))
        }
        return 'fine'
      }
    }
    expect(new Tries().forward(ones([2, 4]))).toMatch(/got 5/)
    expect(new Tries().forward(ones([2, 3]))).toBe('fine')
  })

  it('is found by the way through it, of a module that is in two places', () => {
    const shared = new Linear(3, 3)
    const model = new Sequential(
      ...([
        ['first', shared],
        ['again', new Sequential(...([shared, new Linear(4, 2)] as never[]))],
      ] as never[]),
    )
    expect(() => loose(model).forward(ones([2, 3]))).toThrow(/^again\.1: expects 4 features, got 3/)
  })
})

describe('a forward', () => {
  it('takes and gives anything, and keeps its name and length', () => {
    class Many extends Module {
      forward(x: Tensor, state: { h: Tensor }, mask: Tensor | null = null, options: { scale?: number } = {}) {
        const h = state.h.add(x).mul(options.scale ?? 1)
        return { output: mask === null ? h : h.mul(mask), state: { h } }
      }
    }
    const many = new Many()
    const { output, state } = many.forward(ones([2]) as Tensor, { h: ones([2]) as Tensor }, null, { scale: 3 })
    expect([output.toArray(), state.h.toArray()]).toEqual([
      [6, 6],
      [6, 6],
    ])
    expect([many.forward.name, many.forward.length]).toEqual(['forward', 2])
  })

  it('may call that of its superclass, and itself', () => {
    class Base extends Module {
      forward(x: Tensor): Tensor {
        return x.add(1) as Tensor
      }
    }
    class Derived extends Base {
      override forward(x: Tensor, times = 1): Tensor {
        const y = super.forward(x)
        return times === 1 ? y : this.forward(y, times - 1)
      }
    }
    const calls: number[] = []
    const derived = new Derived()
    derived.beforeForward(([, times]) => {
      calls.push(times as number)
      return undefined
    })
    new Base().forward(tensor([1]) as Tensor)
    expect(derived.forward(tensor([1]) as Tensor, 3).toArray()).toEqual([4])
    expect(calls).toEqual([3, 2, 1])
  })
})

describe('hooks', () => {
  const w = tensor([[1, 2]])
  const linear = () => {
    const layer = new Linear(1, 2, { bias: false })
    layer.weight.assign(w as never)
    return layer
  }

  it('see and replace inputs and outputs, in order, until they are removed', () => {
    const layer = linear()
    const seen: unknown[] = []
    const remove = [
      layer.beforeForward(([x]) => [(x as Tensor).mul(2)]),
      layer.beforeForward((inputs, module) => {
        seen.push((inputs[0] as Tensor).toArray(), module === layer)
        return undefined
      }),
      layer.afterForward((output, [x]) => (output as Tensor).add(x as never)),
    ]
    expect(layer.forward(tensor([[3]])).toArray()).toEqual([[12, 18]])
    expect(seen).toEqual([[[6]], true])
    for (const each of remove) each()
    expect(layer.forward(tensor([[3]])).toArray()).toEqual([[3, 6]])
    expect(seen).toHaveLength(2)
  })

  it('see and replace cotangents of outputs and inputs', () => {
    const layer = linear()
    const seen: [string, unknown][] = []
    layer.beforeBackward((cotangent, path) => {
      seen.push([`output${path}`, cotangent.toArray()])
      return cotangent.mul(10)
    })
    layer.afterBackward((cotangent) => {
      seen.push(['input', cotangent.toArray()])
      return undefined
    })
    const x = parameter(tensor([[3]]))
    layer.forward(x).sum().backward()
    expect(x.grad.toArray()).toEqual([[30]])
    expect(layer.weight.grad.toArray()).toEqual([[30, 30]])
    expect(seen).toEqual([
      ['output', [[1, 1]]],
      ['input', [[30]]],
    ])
  })

  it('of cotangents name each tensor of several, and leave forward mode and integers alone', () => {
    class Two extends Module {
      forward(x: Tensor) {
        return { double: x.mul(2), rest: [x.mul(3), tensor([1], { dtype: 'int32' })] as const }
      }
    }
    const two = new Two()
    const seen: string[] = []
    two.beforeBackward((_, path) => {
      seen.push(path)
      return undefined
    })
    const f = (x: Tensor) => {
      const { double, rest } = two.forward(x)
      return double.add(rest[0]).sum() as Tensor<[]>
    }
    expect(grad(f)(tensor([1]) as Tensor).toArray()).toEqual([5])
    expect(seen.sort()).toEqual(['.double', '.rest[0]'])
    expect(jvp(f, [tensor([1]) as Tensor], [tensor([1]) as Tensor])[1].item()).toBe(5)
    expect(seen).toHaveLength(2)
  })

  it('hold in stand-ins, and in compiled functions that were made before', () => {
    const layer = linear()
    const loss = (m: typeof layer, x: Tensor) => loose(m).forward(x).sum() as Tensor<[]>
    const forward = compile((x: Tensor) => layer.forward(x as never) as Tensor)
    const slope = compile(grad(loss))
    const x = tensor([[3]]) as Tensor
    expect([forward(x).toArray(), slope(layer, x).weight!.toArray()]).toEqual([[[3, 6]], [[3, 3]]])
    const remove = layer.afterForward((output) => (output as Tensor).mul(2))
    layer.beforeBackward((cotangent) => cotangent.mul(5))
    expect([forward(x).toArray(), slope(layer, x).weight!.toArray()]).toEqual([[[6, 12]], [[30, 30]]])
    remove()
    expect(forward(x).toArray()).toEqual([[3, 6]])
  })

  it('that look at elements are called at each run of what is compiled', () => {
    const layer = linear()
    const seen: number[] = []
    layer.beforeBackward((cotangent) => {
      seen.push(cotangent.sum().item())
      return undefined
    })
    const slope = compile(grad((x: Tensor) => loose(layer).forward(x).square().sum() as Tensor<[]>))
    for (const each of [1, 2]) slope(tensor([[each]]) as Tensor)
    expect(seen.slice(-2)).toEqual([6, 12])
  })

  it('must return what can take the place', () => {
    const layer = linear()
    layer.beforeForward((() => 3) as never)
    expect(() => layer.forward(tensor([[3]]))).toThrow(/beforeForward hook returns a number; return an array/)
    const other = linear()
    other.beforeBackward((() => ones([7])) as never)
    expect(() => grad((x: Tensor) => loose(other).forward(x).sum() as Tensor<[]>)(tensor([[3]]) as Tensor)).toThrow(
      /beforeBackward/,
    )
  })
})

describe('a buffer', () => {
  class Counts extends Module {
    readonly total = buffer(zeros([2]))
    readonly scratch = buffer(ones([1]), { persistent: false })
    readonly table = tensor([1, 2])
    forward(x: AnyTensor): AnyTensor {
      this.setBuffer('total', this.total.add(x as never))
      return this.total.mul(this.table)
    }
  }

  it('is saved if it is persistent, and what is neither is constant', () => {
    const counts = new Counts()
    expect([...counts.namedBuffers().keys()]).toEqual(['total', 'scratch'])
    expect(Object.keys(counts.stateDict())).toEqual(['total'])
    expect(counts.parameters()).toEqual([])
    expect(() => counts.loadStateDict({ total: ones([2]), table: tensor([3, 4]) })).toThrow(
      "'table' is not saved by the module, which holds float32[2] there as a constant or a buffer that is not persistent; " +
        'make it buffer(...)',
    )
    expect(() => counts.loadStateDict({ total: ones([2]), scratch: ones([1]) })).toThrow("'scratch' is not saved")
  })

  it('has values of its own', () => {
    const x = zeros([2])
    class Holds extends Counts {
      override readonly total = buffer(x)
    }
    new Holds().forward(ones([2]))
    expect(x.toArray()).toEqual([0, 0])
  })

  it('changes eagerly, in grad and compiled, and not in vmap, which says what to do', () => {
    const counts = new Counts()
    counts.forward(ones([2]))
    grad((x: Tensor) => counts.forward(x).sum() as Tensor<[]>)(ones([2]) as Tensor)
    const step = compile((x: Tensor) => counts.forward(x) as Tensor)
    for (let i = 0; i < 3; i++) step(ones([2]) as Tensor)
    expect(counts.total.toArray()).toEqual([5, 5])
    const mapped = vmap((x: Tensor) => counts.forward(x) as Tensor)
    expect(() => mapped(ones([4, 2]) as Tensor)).toThrow(
      /Counts\.total changes in training\. .*vmap.*functionalCall\(model/,
    )
    expect(counts.total.toArray()).toEqual([5, 5])
  })

  it('is no parameter, and a property that is none is refused', () => {
    expect(() => buffer(parameter(ones([2])))).toThrow(GradientError)
    expect(() => buffer(parameter(ones([2])).mul(2))).toThrow('pass its detach()')
    class Wrong extends Module {
      readonly mean = zeros([2])
      forward(x: AnyTensor) {
        this.setBuffer('mean', x)
      }
    }
    expect(() => new Wrong().forward(ones([2]))).toThrow(ModuleError)
    expect(() => new Wrong().forward(ones([2]))).toThrow('Wrong.mean is no buffer; make it with buffer(...).')
    expect(() => new Counts().forward(ones([3]))).toThrow(/shape/)
  })
})

describe('freezing', () => {
  it('keeps parameters where they are, without gradients, until they are let go', () => {
    const model = new Sequential(new Linear(2, 3), new Linear(3, 1))
    const [first, second] = model.layers
    expect(first.freeze()).toBe(first)
    model
      .forward(ones([1, 2]))
      .sum()
      .backward()
    expect([first.weight.hasGrad, second.weight.hasGrad]).toEqual([false, true])
    expect([...model.namedParameters().keys()]).toEqual(['0.weight', '0.bias', '1.weight', '1.bias'])
    expect(Object.keys(model.stateDict())).toHaveLength(4)
    expect(Object.keys(grad((m: typeof model) => m.forward(ones([1, 2])).sum())(model))).toEqual(['1.weight', '1.bias'])
    model.unfreeze()
    model
      .forward(ones([1, 2]))
      .sum()
      .backward()
    expect(first.weight.hasGrad).toBe(true)
  })
})

describe('containers', () => {
  it('name what they hold, and go through it', () => {
    const list = new ModuleList<Module>([new Linear(2, 3), new Linear(3, 1)]).push(new Linear(1, 1))
    expect([...list.namedParameters().keys()]).toHaveLength(6)
    expect([list.length, list.at(-1) === [...list][2], list.at(7)]).toEqual([3, true, undefined])
    const dict = new ModuleDict({ a: new Linear(2, 1), b: new ReLU() })
    expect([dict.keys(), dict.has('a'), dict.has('toString')]).toEqual([['a', 'b'], true, false])
    expect(() => dict.get('c' as never)).toThrow("ModuleDict: there is no module 'c'; did you mean 'a'?")
    expect(dict.get('a').weight.shape).toEqual([2, 1])
    expect(() => new ModuleDict({ 'a.b': new ReLU() })).toThrow('cannot stand in a path')
    expect(() => new ModuleList([Linear] as never)).toThrow('make an instance of it with new')
  })

  it('of named layers refuse names that are no names', () => {
    expect(() => new Sequential(['a', new ReLU()], ['a', new ReLU()])).toThrow(
      "layer 1 is called 'a', as another one is",
    )
    expect(() => new Sequential(['a.b', new ReLU()])).toThrow('cannot stand in a path')
    const mixed = new Sequential(['act', new ReLU()], new Linear(2, 2))
    expect([...mixed.namedModules().keys()]).toEqual(['', 'act', '1'])
  })

  it('are shown as trees, what is alike once', () => {
    const model = new Model()
    expect(`${model}`).toBe(
      [
        'Model(',
        '  (encoder.0 to encoder.2): 3 x Block(',
        '    (attention): Attention(',
        '      (query): Linear(64, 64)',
        '    )',
        '    (norms.first): ReLU()',
        '  )',
        ')',
      ].join('\n'),
    )
    class Child extends Module {
      parent: Module | null = null
    }
    class Parent extends Module {
      readonly child = new Child()
    }
    const parent = new Parent()
    parent.child.parent = parent
    expect(`${parent}`).toBe('Parent(\n  (child): Child()\n)')
  })

  it('may be layers of a subclass that writes its own text', () => {
    class Own extends Layer {
      protected run(x: Tensor): Tensor {
        return x
      }
      override toString(): string {
        return 'mine'
      }
    }
    expect(`${new Sequential(new Own() as never)}`).toBe('Sequential(\n  (0): mine\n)')
  })
})

describe('what a reviewer found', () => {
  it('a compiled functionalCall notices the mode, hooks that are added, and no hooks of others', () => {
    const x = ones([64]) as Tensor
    const dropout = new Dropout(0.5)
    let traces = 0
    const f = compile((x: Tensor) => {
      traces++
      return functionalCall(dropout, {}, x as never)[0] as Tensor
    })
    expect(new Set(f(x).data).size).toBe(2)
    dropout.eval()
    expect(new Set(f(x).data)).toEqual(new Set([1]))
    dropout.train()
    expect(new Set(f(x).data).size).toBe(2)
    new ReLU().afterForward(() => undefined)()
    f(x)
    const before = traces
    for (let i = 0; i < 3; i++) {
      new Linear(1, 1).afterForward(() => undefined)
      summary(new Linear(2, 2), [1, 2])
      f(x)
    }
    expect(traces).toBe(before)
    dropout.afterForward((y) => (y as Tensor).mul(0))
    expect(new Set(f(x).data)).toEqual(new Set([0]))
  })

  it('hooks that are added to a stand-in are its own, and summary leaves none', () => {
    const layer = new Linear(1, 1)
    let calls = 0
    layer.afterForward(() => undefined)
    const adds = (m: typeof layer) => {
      m.afterForward(() => {
        calls++
        return undefined
      })
      return loose(m)
        .forward(ones([1, 1]))
        .sum() as Tensor<[]>
    }
    for (let i = 0; i < 3; i++) grad(adds)(layer)
    summary(layer, [1, 1])
    layer.forward(ones([1, 1]))
    expect(calls).toBe(3)
    class Maps extends Module {
      forward(x: Tensor) {
        return new Map([['x', x]])
      }
    }
    const maps = new Maps()
    maps.afterForward(() => undefined)
    expect(summary(maps, [2]).rows[0]!.outputs).toEqual([])
    expect(
      maps
        .forward(ones([2]) as Tensor)
        .get('x')!
        .toArray(),
    ).toEqual([1, 1])
  })

  it('state that an assignment would lose is found, in a model and in a function of it', () => {
    class Running extends Module {
      mean: Tensor = buffer(zeros([2]))
      weight = parameter(ones([2]))
      kept: Tensor | null = null
      forward(x: Tensor): Tensor {
        this.mean = this.mean.mul(0.9).add(x)
        this.kept = x.mul(this.weight)
        return x
      }
    }
    const running = new Running()
    running.forward(ones([2]) as Tensor)
    const says = /Running: mean was a buffer, and was replaced by .*; use this\.setBuffer\('mean', next\)/
    expect(() => running.stateDict()).toThrow(says)
    expect(() => new Sequential(...([['part', running]] as never[])).parameters()).toThrow(/part\.mean was a buffer/)
    expect(() => functionalCall(new Running(), {}, ones([2]) as Tensor)).toThrow(says)
    const linear = new Linear(2, 2)
    linear.parameters()
    ;(linear as unknown as { weight: Tensor }).weight = ones([2, 2])
    expect(() => linear.parameters()).toThrow(/weight was a parameter, .*use assign\(next\)/)
  })

  it('a buffer keeps its shape, dtype and persistence in a function of the state', () => {
    class Sets extends Module {
      readonly count = buffer(zeros([2]), { persistent: false })
      forward(x: Tensor): string[] {
        this.setBuffer('count', x)
        return Object.keys(this.stateDict())
      }
    }
    expect(functionalCall(new Sets(), {}, ones([2]) as Tensor)[0]).toEqual([])
    expect(() => functionalCall(new Sets(), {}, ones([3]) as Tensor)).toThrow(
      'Sets.count is float32[2], and is given float32[3]; give it a tensor of its shape and dtype.',
    )
    expect(() => functionalCall(new Sets(), {}, ones([2], { dtype: 'int32' }) as Tensor)).toThrow('Sets.count is')
  })

  it('hooks of what they cannot see are refused', async () => {
    class Arrow extends Module {
      readonly forward = (x: Tensor) => x
    }
    expect(() => new Arrow().beforeForward(() => undefined)).toThrow('write it as a method')
    class Late extends Module {
      async forward(x: Tensor) {
        return x
      }
    }
    const late = new Late()
    late.afterForward(() => undefined)
    expect(() => late.forward(ones([1]) as Tensor)).toThrow('its forward is async')
  })

  it('an error that is thrown again is named once', () => {
    const error = new ShapeError('boom')
    class Throws extends Module {
      forward(): never {
        throw error
      }
    }
    const model = new Sequential(new Throws() as never)
    for (let i = 0; i < 3; i++) expect(() => loose(model).forward(ones([1]))).toThrow(/^layer 0: boom$/)
  })
})
