import type * as autograd from '@adjoint/autograd'
import { type CompiledFunction, mul, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, it, vi } from 'vitest'
import { fit, Linear, mse, SGD } from '../src/index.js'

const compiled = vi.hoisted((): CompiledFunction<() => unknown>[] => [])

vi.mock('@adjoint/autograd', async (original) => {
  const actual = await original<typeof autograd>()
  const compile = (f: () => unknown) => {
    const run = actual.compile(f)
    compiled.push(run)
    return run
  }
  return { ...actual, compile }
})

describe('the memory of what fit compiles', () => {
  const untraced = () => compiled.map((run) => run.explain().startsWith('not traced'))
  const create = () => {
    compiled.length = 0
    const x = tensor([[0], [1], [2], [3]])
    const model = new Linear(1, 1)
    const optimizer = new SGD(model.parameters(), { learningRate: 0.05, momentum: 0.9 })
    const data = [{ x, y: mul(x, 2) as Tensor<[4, 1]> }]
    return { model, optimizer, options: { data, validation: data, loss: mse, optimizer, epochs: 100 } }
  }

  it('is given back, and tensors keep their values', async () => {
    const { model, optimizer, options } = create()
    const seen: boolean[][] = []
    await fit(model, { ...options, onEpoch: () => void seen.push(untraced()) })
    expect(seen[0]).toEqual([false, false])
    expect(untraced()).toEqual([true, true])
    expect(model.weight.item()).toBeCloseTo(2, 1)
    expect(model.weight.hasGrad).toBe(true)
    expect(Number.isFinite(model.weight.grad.item())).toBe(true)
    expect(Object.keys(optimizer.stateDict())).toContain('0.velocity')

    const before = model.weight.item()
    await fit(model, { ...options, epochs: 1 })
    expect(model.weight.item()).toBeCloseTo(before, 1)
  })

  it('is given back where training or drawing throws', async () => {
    const fail = () => {
      throw new Error('no page')
    }
    const quiet = () => {}
    for (const more of [{ progress: { start: quiet, update: quiet, stop: fail } }, { onEpoch: fail }]) {
      const { model, options } = create()
      await expect(fit(model, { ...options, epochs: 2, ...more })).rejects.toThrow('no page')
      expect(untraced()).toEqual([true, true])
    }
  })
})
