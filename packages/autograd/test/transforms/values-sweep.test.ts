import { grad, parameter, type Tensor, tensor, vjp, where } from '@adjoint/autograd'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { counting } from '../../src/execution/count.js'

type Op = (a: Tensor, b: Tensor) => Tensor
const ops: readonly Op[] = [
  (a, b) => a.add(b) as Tensor,
  (a, b) => a.sub(b) as Tensor,
  (a, b) => a.mul(b) as Tensor,
  (a, b) => where(a.greater(b), a, b) as Tensor,
  (a) => a.tanh(),
  (a) => a.neg(),
  (a) => a.add(0) as Tensor,
  (a) => a.mul(0.3) as Tensor,
  // not elementwise: its cotangent is a node
  (a) => (a.shape.length === 0 ? a : (a.flip(0) as Tensor)),
]

const steps = fc.array(fc.tuple(fc.nat(ops.length - 1), fc.nat(), fc.nat()), { minLength: 1, maxLength: 12 })
const dtypes = fc.constantFrom('float32' as const, 'float64' as const)

/** What the leaves of a program of ops collect. */
const collected = (
  list: readonly (readonly [number, number, number])[],
  start: readonly Tensor[],
  createGraph: boolean,
): number[][] => {
  const leaves = start.map((x) => parameter(x))
  const made: Tensor[] = [...leaves]
  for (const [op, a, b] of list) made.push(ops[op]!(made[a % made.length]!, made[b % made.length]!))
  // so that every one has several that flow back to it
  const total = made.reduce((sum, x) => sum.add(x) as Tensor)
  const loss = total.mul(total) as Tensor
  ;(loss.shape.length === 0 ? loss : (loss.sum() as Tensor)).backward({ createGraph })
  return leaves.map((leaf) => [...leaf.grad.data])
}

describe('cotangents that nothing tracks', () => {
  test.each([[[]], [[3]], [[40]]])('are to the last bit those that are recorded: shape %j', (shape) => {
    fc.assert(
      fc.property(steps, dtypes, (list, dtype) => {
        const start = [0.5, -1.25, 3].map((x) => tensor(x, { dtype }).broadcastTo(shape) as Tensor)
        expect(collected(list, start, false)).toEqual(collected(list, start, true))
      }),
      { seed: 1, numRuns: 60 },
    )
  })

  test("are nobody else's: what a user writes to one gradient is in no other", () => {
    const [x, y] = [parameter(tensor([1, 2])), parameter(tensor([3, 4]))]
    const z = x.add(y)
    z.sum().backward()
    ;(x.grad.data as Float32Array).fill(7)
    expect(y.grad.toArray()).toEqual([1, 1])
    const [gx, gy] = grad(([a, b]: readonly [Tensor, Tensor]) => a.add(b).tanh().sum() as Tensor<[]>)([
      tensor([0, 0]),
      tensor([0, 0]),
    ])
    ;(gx.data as Float32Array).fill(7)
    expect(gy.toArray()).toEqual([1, 1])
  })

  test('leave the cotangent of a user as it is', () => {
    const v = tensor([1, 2, 3])
    const [, pull] = vjp((x: Tensor) => x.add(x).add(x.neg()).add(x) as Tensor, tensor([0, 0, 0]))
    expect(pull(v)[0]!.toArray()).toEqual([2, 4, 6])
    expect(v.toArray()).toEqual([1, 2, 3])
    expect(pull(v)[0]!.toArray()).toEqual([2, 4, 6])
  })

  test('are summed by the backends in place of others: the sums count', () => {
    const x = parameter(tensor([1, 2, 3]))
    const operations = counting((soFar) => {
      const y = x.exp()
      const before = soFar()
      y.add(y).add(y).sum().backward()
      return soFar() - before
    })
    // two additions and a sum forward; two sums of cotangents, and the product with the derivative of exp
    expect(operations).toBeGreaterThanOrEqual(3 * 5)
  })
})
