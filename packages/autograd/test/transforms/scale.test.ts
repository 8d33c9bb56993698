import { customOp, parameter, type Tensor, tensor, valueAndGrad } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'

describe('long programs', () => {
  it('a chain of 100,000 ops differentiates without a stack overflow, each op exactly once', () => {
    let pulled = 0
    const counted = customOp({
      name: 'counted',
      forward: (x: Tensor<[]>) => x.mul(1),
      vjp: (cotangent) => {
        pulled++
        return [cotangent]
      },
    })
    const x = parameter(tensor(0.5, { dtype: 'float64' }))
    let y: Tensor<[]> = x
    for (let i = 0; i < 100_000; i++) y = i % 100 === 0 ? counted(y) : i % 2 === 0 ? y.mul(1.0001) : y.div(1.0001)
    y.backward()
    expect(x.grad.item()).toBeCloseTo(1.0001 ** -1000, 9)
    expect(pulled).toBe(1000)
  })

  it('a wide graph, in which each node is used by many, is walked once', () => {
    const x = parameter(tensor(1, { dtype: 'float64' }))
    let y: Tensor<[]> = x
    for (let i = 0; i < 60; i++) y = y.add(y).mul(0.5)
    y.backward()
    expect(x.grad.item()).toBe(1)
  })

  it('functional training steps leave memory flat too: results keep no past', () => {
    let w: Tensor = tensor([0.1, 0.2])
    const step = valueAndGrad((p: Tensor) => p.square().sum())
    for (let i = 0; i < 1000; i++) w = w.sub(step(w)[1].mul(0.1))
    expect(w.op).toBeNull()
    expect(w.inputs).toEqual([])
  })
})
