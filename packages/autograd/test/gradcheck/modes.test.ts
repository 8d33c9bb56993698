import type { Tensor } from '@adjoint/autograd'
import { gradcheck, type Mode, type Report } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { alteredForward, alteredReverse, normal } from './mutants/kit.js'

const untyped = gradcheck as (f: unknown, inputs: unknown, options?: unknown) => Report
const f = (x: Tensor) => x.sin() as Tensor
const wrongIn: Record<Mode, (x: Tensor) => Tensor> = {
  reverse: alteredReverse('waves', f, (right) => right.map((g) => g.mul(2) as Tensor)) as typeof f,
  forward: alteredForward('waves', f, (right) => right.mul(2) as Tensor) as typeof f,
}
const named = (report: Report): string[] =>
  report.orders.flatMap(({ comparisons }) => comparisons.flatMap(({ left, right }) => [left, right]))

describe.each([
  ['every element', {}],
  ['random directions', { budget: 1 }],
] as const)('modes, by %s', (_, more) => {
  test.each<[Mode, Mode]>([
    ['reverse', 'forward'],
    ['forward', 'reverse'],
  ])('%s alone: what is wrong in %s mode is not looked at, and that is said', (only, other) => {
    const x = normal(1, 3)
    const report = gradcheck(wrongIn[other], [x], { modes: [only], ...more })
    expect(report.verdict, `${report}`).toBe('pass')
    expect(`${report}`).toContain(`note: ${other} mode is left out, as modes: ['${only}'] says`)
    expect(named(report).filter((name) => name.includes(other))).toEqual([])
    expect(gradcheck(wrongIn[only], [x], { modes: [only], ...more }).verdict).toBe('fail')
    expect(gradcheck(wrongIn[other], [x], more).verdict).toBe('fail')
  })

  test('reverse mode alone has a second order, by reverse over reverse', () => {
    const once = (x: Tensor) => f(x).mul(x).sum()
    const report = gradcheck(once, [normal(2, 3)], { modes: ['reverse'], ...more })
    expect(report.orders.map(({ order }) => order)).toEqual([1, 2])
    expect(named(report)).toContain('reverse over reverse')
    expect(named(report).filter((name) => name.includes('forward'))).toEqual([])
  })
})

test('a mode that is left out is not run', () => {
  const throws = alteredForward('throws', f, () => {
    throw new Error('no jvp today')
  }) as typeof f
  expect(gradcheck(throws, [normal(3, 2)], { modes: ['reverse'] }).verdict).toBe('pass')
  expect(gradcheck(throws, [normal(3, 2)]).orders[0]!.broken).toContain('no jvp today')
})

test.each([[[]], [['backward']], ['reverse'], [null]])('modes %o are refused by name', (modes) => {
  expect(() => untyped(f, [normal(1, 2)], { modes })).toThrow(/modes is .*; use \['reverse'\], \['forward'\]/)
})
