import { compile, configure, noGrad, parameter, random, type Tensor, tensor } from '@adjoint/autograd'
import { describe, expect, test, vi } from 'vitest'

/** So many layers of one structure, trained by one step. */
const network = (layers: number) => {
  random.seed(1)
  const weights = Array.from({ length: layers }, () => parameter(random.normal([8, 8])) as Tensor)
  return compile((x: Tensor) => {
    const loss = weights
      .reduce((h, w) => h.add(h.matmul(w).tanh()).div(2), x)
      .square()
      .mean()
    for (const w of weights) w.zeroGrad()
    loss.backward()
    noGrad(() => {
      for (const w of weights) w.assign(w.sub((w.grad as Tensor).mul(0.1)))
    })
    return loss
  })
}
const counts = (text: string): readonly number[] =>
  text
    .match(/(\d+) functions for (\d+) steps/)!
    .slice(1)
    .map(Number)
const batch = (rows: number) => tensor(Array.from({ length: rows }, (_, i) => new Array(8).fill(i - 1))) as Tensor

test('steps that are alike share a function: there are as many of them for 24 layers as for 6', () => {
  const [few, many] = [6, 24].map((layers) => {
    const step = network(layers)
    step(batch(4))
    return counts(step.explain())
  })
  expect(many![0]).toBe(few![0])
  expect(many![1]).toBeGreaterThan(3 * few![1]!)
})

describe('prepare', () => {
  test('makes the same program as a first call would, which then is there', async () => {
    const [prepared, other] = [network(3), network(3)]
    expect(prepared.explain()).toContain('not traced yet')
    const preparing = prepared.prepare(batch(4))
    expect(preparing).toBeInstanceOf(Promise)
    expect(await preparing).toBe(undefined)
    expect(prepared.prepare(batch(4))).toBe(null)
    for (let i = 0; i < 3; i++) expect(prepared(batch(4)).item()).toBe(other(batch(4)).item())
    expect(prepared.explain()).toBe(other.explain())
    expect(prepared.prepare(batch(5))).not.toBe(null)
  })
  test('lets timers run between its pieces', async () => {
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    await network(800).prepare(batch(4))
    clearInterval(timer)
    // how many depends on the machine
    expect(ticks).toBeGreaterThan(0)
  })
  test('does not change anything, and calls may come before it has ended', async () => {
    const [step, other] = [network(3), network(3)]
    const wanted = [0, 1, 2].map(() => other(batch(4)).item())
    const preparing = [step.prepare(batch(4)), step.prepare(batch(4))]
    const losses = [step(batch(4)).item(), step(batch(4)).item()]
    await Promise.all(preparing)
    losses.push(step(batch(4)).item())
    // and there is one program
    expect(step.explain()).toBe(other.explain())
    expect(losses).toEqual(wanted)
  })
  test('keeps nothing of a mode that has changed in the meantime', async () => {
    const step = network(3)
    // each slice has taken long: what others have compiled before would be ready in the first
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 1000
      return now
    })
    const preparing = step.prepare(batch(4))
    configure({ deterministic: true })
    try {
      await preparing
      expect(step.explain()).toContain('not traced yet')
      configure({ deterministic: false })
      expect(step.explain()).toContain('not traced yet')
      expect(step(batch(4)).item()).toBe(network(3)(batch(4)).item())
    } finally {
      clock.mockRestore()
      configure({ deterministic: false })
    }
  })
  test('fails as a first call would', async () => {
    const asks = compile((x: Tensor) => x.mul(x.item()))
    await expect(asks.prepare(batch(1))).rejects.toThrow('item()')
  })
})
