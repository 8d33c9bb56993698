import { grad, parameter, type Random, random, type Tensor, tensor, zeros } from '@adjoint/autograd'
import { trace } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { numbersBelongTogether } from '../../autograd/test/inspect/numbers.js'
import { BatchNorm1d, crossEntropy, Linear, Module, mse, ReLU, Sequential } from '../src/index.js'

class Tower extends Module {
  readonly encoder = new Sequential(new Linear(4, 3), new ReLU())
  readonly head = { out: new Linear(3, 2) }
  readonly scale = parameter(zeros([2]).add(1))
  forward(x: Tensor<[number, 4]>) {
    return this.head.out.forward(this.encoder.forward(x) as Tensor<[number, 3]>).mul(this.scale)
  }
}
const labels = tensor([0, 1, 1], { dtype: 'int32' })

describe('a trace of a model', () => {
  test('has its modules as groups, by their paths, and its parameters by theirs', () => {
    const model = new Tower()
    const found = trace((x: Tensor<[3, 4]>) => crossEntropy(model.forward(x), labels), random.normal([3, 4]))
    expect(found.groups.map(({ kind, name, type, parent }) => [kind, name, type, parent])).toEqual([
      ['module', 'Tower', 'Tower', null],
      ['module', 'encoder', 'Sequential', 0],
      ['module', 'encoder.0', 'Linear(4, 3)', 1],
      ['module', 'encoder.1', 'ReLU()', 1],
      ['module', 'head.out', 'Linear(3, 2)', 0],
      ['function', 'crossEntropy', 'crossEntropy', null],
    ])
    const parameters = found.nodes.filter(({ kind }) => kind === 'parameter').map(({ name }) => name)
    expect(parameters.sort()).toEqual([...model.namedParameters().keys()].sort())
    const groupOf = (op: string) =>
      found.nodes.filter((node) => node.op === op).map(({ group }) => found.groups[group!]!.name)
    expect(groupOf('matmul')).toEqual(['encoder.0', 'head.out'])
    expect(groupOf('relu')).toEqual(['encoder.1'])
    expect(groupOf('mul')).toEqual(['Tower'])
    expect(numbersBelongTogether(found, 1e-6)).toBeGreaterThan(10)
  })

  test('has the gradients that backward() collects', () => {
    const model = new Tower()
    const x = random.normal([3, 4])
    const loss = (input: typeof x) => mse(model.forward(input as Tensor<[3, 4]>), zeros([3, 2]))
    const found = trace.with({ limit: 1000 })(loss, x)
    loss(x).backward()
    for (const [name, weight] of model.namedParameters()) {
      expect(found.nodes.find((node) => node.name === name)!.adjoint, name).toEqual(weight.grad.toArray())
    }
  })

  test('names what a model was given to stand in for its parameters', () => {
    const model = new Sequential(new Linear(4, 3), new BatchNorm1d(3))
    const found = trace(
      (m: typeof model, x: Tensor) =>
        m
          .forward(x as Tensor<[3, 4]>)
          .square()
          .sum(),
      model,
      random.normal([3, 4]),
    )
    const named = found.nodes.filter(({ named }) => named).map(({ name }) => name)
    for (const name of model.namedParameters().keys()) expect(named).toContain(name)
    expect(found.groups[0]).toMatchObject({ kind: 'module', name: 'Sequential' })
  })

  test('of a gradient has groups too, and no name twice', () => {
    const model = new Tower()
    const x = random.normal([3, 4])
    const f = (m: Tower, input: Tensor) => mse(m.forward(input as Tensor<[3, 4]>), zeros([3, 2]))
    const found = trace((m: Tower) => grad(f)(m, x), model)
    expect(found.outputs.map(({ path }) => path)).toContain('["encoder.0.weight"]')
    const names = found.nodes.filter(({ kind }) => kind !== 'constant').map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  test('two models in one function keep their names apart', () => {
    const make = (seed: Random) => new Linear(2, 2, { random: seed })
    const [a, b] = [make(random), make(random)]
    const found = trace((x: Tensor<[1, 2]>) => b.forward(a.forward(x)).sum(), random.normal([1, 2]))
    expect(found.groups.map(({ name, parent }) => [name, parent])).toEqual([
      ['Linear', null],
      ['Linear', null],
    ])
    expect(found.nodes.filter(({ kind }) => kind === 'parameter').map(({ name }) => name)).toEqual([
      'weight',
      'bias',
      'weight#2',
      'bias#2',
    ])
  })

  test('without a trace a model runs as before', () => {
    const model = new Tower()
    const x = random.normal([3, 4]) as Tensor<[3, 4]>
    const before = model.forward(x).toArray()
    trace((input: Tensor<[3, 4]>) => model.forward(input), x)
    expect(model.forward(x).toArray()).toEqual(before)
  })
})
