import { ones, parameter, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { buffer, Dropout, Linear, Module, ReLU, Sequential, StateDictError } from '../src/index.js'

class Tower extends Module {
  readonly encoder = new Linear(4, 3)
  readonly scale = parameter(ones([3]))
  forward(x: Tensor<[number, 4]>) {
    return this.encoder.forward(x).tanh().mul(this.scale)
  }
}

class Odd extends Module {
  readonly heads = [new Linear(2, 1, { bias: false }), new Linear(2, 2)]
  readonly byName = { left: { w: parameter(zeros([1])) }, right: [parameter(zeros([2]))] }
  readonly tied = this.heads[0]!.weight
  readonly fixed = tensor([1, 2, 3])
  readonly counted = buffer(tensor([0]))
  readonly parent: Module = this
  readonly label = 'odd'
  readonly nothing = null
  readonly made = new Date(0)
  cached = this.byName.left.w.mul(2)
  readonly #hidden = parameter(zeros([9]))
  hidden() {
    return this.#hidden
  }
}

describe('what a module finds', () => {
  it('names parameters by their path', () => {
    expect([...new Tower().namedParameters().keys()]).toEqual(['encoder.weight', 'encoder.bias', 'scale'])
    const model = new Sequential(new Linear(4, 3), new ReLU(), new Tower())
    expect([...model.namedParameters().keys()]).toEqual([
      '0.weight',
      '0.bias',
      '2.encoder.weight',
      '2.encoder.bias',
      '2.scale',
    ])
    expect(model.namedParameters().get('2.scale')).toBe(model.layers[2].scale)
    expect(model.parameters()).toEqual([...model.namedParameters().values()])
  })

  it('looks into arrays and plain objects, takes a shared parameter once, and survives cycles', () => {
    const odd = new Odd()
    expect([...odd.namedParameters().keys()]).toEqual([
      'heads.0.weight',
      'heads.1.weight',
      'heads.1.bias',
      'byName.left.w',
      'byName.right.0',
    ])
    expect([...odd.namedBuffers().keys()]).toEqual(['counted'])
    expect(odd.modules()).toEqual([odd, ...odd.heads])
    expect(odd.parameters()).not.toContain(odd.hidden())
  })

  it('counts a frozen parameter as one, and saves it', () => {
    const tower = new Tower()
    tower.scale.requiresGrad = false
    expect(tower.parameters()).toHaveLength(3)
    expect([...tower.namedBuffers().keys()]).toEqual([])
    expect(Object.keys(tower.stateDict())).toContain('scale')
  })

  it('switches all modules between training and evaluation', () => {
    const dropout = new Dropout()
    const model = new Sequential(new Sequential(dropout))
    expect(dropout.training).toBe(true)
    expect(model.eval()).toBe(model)
    expect(dropout.training).toBe(false)
    expect(
      model
        .train()
        .modules()
        .map(({ training }) => training),
    ).toEqual([true, true, true])
  })

  it('forgets gradients', () => {
    const tower = new Tower()
    tower
      .forward(ones([2, 4]))
      .sum()
      .backward()
    expect(tower.parameters().every(({ hasGrad }) => hasGrad)).toBe(true)
    tower.zeroGrad()
    expect(tower.parameters().some(({ hasGrad }) => hasGrad)).toBe(false)
  })
})

describe('the state of a module', () => {
  it('goes round, and does not follow later changes', () => {
    const model = new Sequential(new Tower(), new Linear(3, 4))
    const saved = model.stateDict()
    const output = () => model.forward(ones([2, 4])).toArray()
    const first = output()
    for (const p of model.parameters()) p.assign(p.detach().add(1) as Tensor)
    expect(output()).not.toEqual(first)
    expect(model.loadStateDict(saved)).toEqual({ missing: [], unexpected: [] })
    expect(output()).toEqual(first)
    expect(saved['1.weight']!.requiresGrad).toBe(false)
    expect(model.layers[1].weight.requiresGrad).toBe(true)
  })

  const message = (state: object) => {
    const tower = new Tower()
    const before = tower.encoder.bias!.toArray()
    try {
      tower.loadStateDict({ ...tower.stateDict(), 'encoder.bias': ones([3]), ...state } as never)
    } catch (error) {
      expect(error).toBeInstanceOf(StateDictError)
      expect(tower.encoder.bias!.toArray()).toEqual(before)
      return (error as Error).message
    }
    return 'no error'
  }
  const without = (key: string, more: object) => {
    const tower = new Tower()
    const { [key]: _, ...rest } = tower.stateDict()
    return () => tower.loadStateDict({ ...rest, ...more } as never)
  }

  it('refuses unknown keys and names the closest', () => {
    expect(message({ 'encodr.bias': ones([3]) })).toBe(
      "loadStateDict: unknown key 'encodr.bias' (float32[3]); the closest known key is 'encoder.bias' (float32[3]): " +
        'rename it, or skip it with { strict: false }.',
    )
    expect(() => new ReLU().loadStateDict({ x: ones([1]) })).toThrow(
      "unknown key 'x' (float32[1]); nothing has a state here: remove it, or skip it",
    )
  })

  it('refuses missing keys', () => {
    expect(without('scale', {})).toThrow(
      "loadStateDict: no value for 'scale' (float32[3]); add it, or keep the present one with { strict: false }.",
    )
    expect(without('scale', { scal: ones([3]) })).toThrow(
      "loadStateDict: 2 keys do not fit:\n  unknown key 'scal' (float32[3]); the closest known key is 'scale' (float32[3]): " +
        "rename it, or skip it with { strict: false }\n  no value for 'scale'",
    )
  })

  it('refuses other shapes and dtypes, strict or not', () => {
    expect(message({ scale: ones([4]) })).toBe(
      "loadStateDict: 'scale' is float32[3] in the module and float32[4] in the state; reshape it, or build with the " +
        'same sizes.',
    )
    expect(message({ 'encoder.weight': ones([3, 4]) })).toBe(
      "loadStateDict: 'encoder.weight' is float32[4, 3] in the module and float32[3, 4] in the state; transpose it: " +
        "weights are [inputs, outputs] here, the reverse of PyTorch's.",
    )
    expect(message({ scale: ones([3], { dtype: 'float64' }) })).toBe(
      "loadStateDict: 'scale' is float32[3] in the module and float64[3] in the state; cast it: value.cast('float32').",
    )
    expect(message({ scale: [1, 2, 3] })).toBe(
      "loadStateDict: 'scale' is no tensor but object; give a tensor, float32[3].",
    )
    expect(() => new Tower().loadStateDict({ scale: ones([4]) }, { strict: false })).toThrow(StateDictError)
  })

  it('passes over keys where it is told to', () => {
    const tower = new Tower()
    const report = tower.loadStateDict({ scale: tensor([1, 2, 3]), more: ones([1]) }, { strict: false })
    expect(report).toEqual({ missing: ['encoder.weight', 'encoder.bias'], unexpected: ['more'] })
    expect(tower.scale.toArray()).toEqual([1, 2, 3])
  })
})
