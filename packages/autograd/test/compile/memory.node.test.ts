import { compile, noGrad, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'
import { reachable } from '../heap.js'

describe('memory', () => {
  test('100,000 synchronous compiled steps leave it flat', () => {
    const w = parameter(
      tensor([
        [0.1, 0.2],
        [0.3, 0.4],
      ]),
    ) as Tensor
    const step = compile((x: Tensor) => {
      w.zeroGrad()
      const loss = x
        .matmul(w as never)
        .tanh()
        .square()
        .mean() as Tensor<[]>
      loss.backward()
      noGrad(() => w.assign(w.sub(w.grad.mul(0.01)) as Tensor))
      return loss
    })
    const sizes: number[] = []
    for (let i = 0; i < 100_000; i++) {
      const x = tensor([
        [1, 2],
        [3, i % 7],
      ]) as Tensor
      const loss = step(x)
      if (i % 10 === 0) loss.item()
      if (i % 100 === 0) w.grad.sum()
      if (i % 10_000 === 9999) sizes.push(reachable())
    }
    expect(Math.max(...sizes.slice(-3))).toBeLessThan(Math.max(...sizes.slice(1, 4)) + 1)
  })
})
