import { Random } from '@adjoint/autograd'
import { assertGradients } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { run } from '../custom-op/index.js'
import { smooth } from '../custom-op/ops.js'

describe('custom ops', () => {
  const lines: string[] = []
  const { checks, explanation, errors } = run({ short: true, print: (text) => lines.push(text) })

  test('the right rules pass, the wrong one is found out and shown', () => {
    expect(checks.pseudoHuber.verdict).toBe('pass')
    expect(checks.smooth.verdict).toBe('pass')
    expect(checks.smoothWrong.verdict).toBe('fail')
    expect(lines.join('\n')).toContain('20 of 25 differ')
  })

  test('the derivative of the expression is shown', () => {
    expect(explanation).toContain('pseudoHuber(r) = sqrt(1 + r * r) - 1')
    expect(explanation).toContain('dv1/dr = ')
  })

  test('the loop is what its text says, and can be differentiated twice', () => {
    const x = new Random(2).normal([3], { dtype: 'float64' })
    const [a, b] = x.data
    expect(smooth(x).data[0]).toBeCloseTo(0.3 * a!, 14)
    expect(smooth(x).data[1]).toBeCloseTo(0.3 * a! + 0.3 * (b! - 0.3 * a!), 14)
    assertGradients((y) => smooth(smooth(y).square()), [x])
  })

  test('wild readings mislead squares, but not pseudoHuber', () => {
    expect(errors.robust).toBeLessThan(0.05)
    expect(errors.squares).toBeGreaterThan(10 * errors.robust)
  })
})
