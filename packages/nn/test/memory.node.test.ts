import { Random } from '@adjoint/autograd'
import { expect, test } from 'vitest'
import { reachable } from '../../autograd/test/heap.js'
import { Adam, Linear } from '../src/index.js'

test('memory is flat over 10,000 steps of an optimizer', () => {
  const random = new Random(3)
  const model = new Linear(3, 2, { random })
  const optimizer = new Adam(model.parameters())
  const x = random.normal([4, 3])
  const steps = (count: number) => {
    for (let i = 0; i < count; i++) {
      optimizer.zeroGrad()
      model.forward(x).square().mean().backward()
      optimizer.step()
    }
    return reachable()
  }
  steps(2000)
  const before = steps(500)
  const [first, second] = [steps(10_000), steps(10_000)]
  // what the engine itself keeps meanwhile, it does not keep twice
  expect(Math.min(first - before, second - first)).toBeLessThan(1)
  const state = optimizer.stateDict()
  expect(Object.values(state).every(({ op }) => op === null)).toBe(true)
})
