import { compile, countOperations, grad, noGrad, ones, scan, type Tensor, zeros } from '@adjoint/autograd'
import { describe, expect, it } from 'vitest'

const count = (f: () => unknown) => countOperations(f).operations

describe('countOperations', () => {
  it('counts what computes, and not what moves', () => {
    const [a, b] = [ones([2, 3]), ones([3, 4])]
    expect(count(() => a.matmul(b))).toBe(48)
    expect(count(() => a.add(1).tanh())).toBe(12)
    expect(count(() => a.sum())).toBe(6)
    expect(count(() => a.transpose().reshape([6]))).toBe(0)
    expect(countOperations(() => a.sum().item()).result).toBe(6)
  })

  it('counts derivatives, and each round of a loop', () => {
    const x = ones([5]) as Tensor
    expect(count(() => grad((x: Tensor) => x.mul(x).sum())(x))).toBeGreaterThanOrEqual(20)
    const step = (c: Tensor, row: Tensor) => [c.add(row), c.sin()] as const
    const loop = () => scan(step as never, zeros([3]) as never, ones([7, 3]) as never)
    expect(count(loop)).toBe(7 * 6)
    expect(count(() => noGrad(loop))).toBe(7 * 6)
  })

  it('tells the count so far, also of counts within, and stops with the function', () => {
    const seen: number[] = []
    const x = ones([3])
    const { operations } = countOperations((soFar) => {
      x.exp()
      seen.push(soFar())
      seen.push(count(() => x.exp().exp()))
      seen.push(soFar())
    })
    x.exp()
    expect([operations, seen]).toEqual([9, [3, 6, 9]])
    expect(() =>
      countOperations(() => {
        throw new Error('mine')
      }),
    ).toThrow('mine')
    expect(count(() => x.exp())).toBe(3)
  })

  it('refuses what it cannot count', () => {
    expect(() => countOperations(async () => {})).toThrow('async')
    expect(() => compile((x: Tensor) => countOperations(() => x.exp()).result)(ones([3]) as Tensor)).toThrow(
      'countOperations: inside compile()',
    )
  })
})
