import { parameter, tensor } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'
import { reachable } from '../heap.js'

describe('memory', () => {
  it('100,000 synchronous training steps leave memory flat', () => {
    const w = parameter(
      tensor([
        [0.1, 0.2],
        [0.3, 0.4],
      ]),
    )
    const x = tensor([
      [1, 2],
      [3, 4],
    ])
    const heap: number[] = []
    for (let step = 0; step < 100_000; step++) {
      w.zeroGrad()
      const loss = x.matmul(w).tanh().square().mean()
      loss.backward()
      w.assign(w.detach().sub(w.grad.mul(0.01)))
      if (step % 10_000 === 9_999) heap.push(reachable())
    }
    const early = Math.max(...heap.slice(1, 4))
    const late = Math.max(...heap.slice(-3))
    expect(late).toBeLessThan(early + 1)
  })
})
