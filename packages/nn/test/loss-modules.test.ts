import { Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, it, test } from 'vitest'
import * as nn from '../src/index.js'
import * as lossModules from '../src/losses/modules.js'
import { functions } from './misuse/functions.js'
import { functionOf } from './misuse/losses.js'

type Loose = (...args: unknown[]) => Tensor
const named = nn as unknown as Readonly<Record<string, Loose>>
const classes = lossModules as unknown as Readonly<
  Record<string, new (options?: object) => nn.Module & { forward: Loose; options: object }>
>

describe('the module of a loss', () => {
  test.each(Object.keys(classes))('%s gives what its function gives with its options', (name) => {
    const f = named[functionOf(name)]!
    const args = functions[functionOf(name)]!.args()
    const tensors = args.filter((thing) => thing instanceof Tensor)
    const options = args.length > tensors.length ? (args.at(-1) as object) : {}
    const loss = new classes[name]!(options)
    expect(loss.forward(...tensors).toArray()).toEqual(f(...tensors, options).toArray())
    expect(new classes[name]!().forward(...tensors).toArray()).toEqual(f(...tensors).toArray())
    expect(`${new classes[name]!()}`).toBe(`${name}()`)
    expect(loss.parameters()).toEqual([])
  })

  it('exists for every loss', () => {
    const losses = Object.keys(functions).filter(
      (name) => functions[name]!.args()[0] instanceof Tensor && !['accuracy', 'batches', 'buffer'].includes(name),
    )
    expect(losses.length).toBeGreaterThan(20)
    expect(Object.keys(classes).map(functionOf).sort()).toEqual(losses.sort())
  })

  it('takes options at a call in place of its own, is shown with them, and is one of a model', () => {
    const loss = new nn.HuberLoss({ delta: 0.5, reduction: 'sum' })
    const [a, b] = [tensor([1, 5]), tensor([0, 0])]
    expect(loss.forward(a, b).item()).toBe(nn.huber(a, b, { delta: 0.5, reduction: 'sum' }).item())
    expect((loss.forward as unknown as Loose)(a, b, { delta: 2 }).item()).toBe(
      nn.huber(a, b, { delta: 2, reduction: 'sum' }).item(),
    )
    expect(`${loss}`).toBe('HuberLoss(delta: 0.5, reduction: sum)')
    const model = new (class extends nn.Module {
      readonly loss = new nn.CrossEntropyLoss({ weights: tensor([1, 2]) })
    })()
    expect([...model.namedModules().keys()]).toEqual(['', 'loss'])
    expect(() => new nn.HuberLoss({ beta: 1 } as never)).toThrow('HuberLoss: unknown option beta')
  })
})
