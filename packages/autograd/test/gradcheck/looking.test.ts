import { customOp, type Tensor, tensor } from '@adjoint/autograd'
import { assertGradients, gradcheck, type Report } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'

const f64 = { dtype: 'float64' } as const
type F = (x: Tensor) => Tensor
const elements =
  (f: (...x: number[]) => number) =>
  (...tensors: Tensor[]): Tensor =>
    tensor(
      Float64Array.from(tensors[0]!.data, (_, i) => f(...tensors.map((x) => x.data[i]!))),
      f64,
    )
type Pair = (along: Tensor, x: Tensor) => Tensor
/** exp, whose rules multiply by what they are given and its derivative, times a factor if it is to be wrong. */
const exponential = ({ vjp, jvp }: { vjp?: Pair; jvp?: Pair }): F =>
  customOp({
    name: 'exponential',
    forward: elements(Math.exp) as F,
    ...(vjp && { vjp: (g: Tensor, [x]: [Tensor]) => [vjp(g, x)] }),
    ...(jvp && { jvp: ([dx]: [Tensor], [x]: [Tensor]) => jvp(dx, x) }),
  }) as F
const looking = (factor = 1): Pair => elements((g, x) => factor * g * Math.exp(x))
const lookingAtInput =
  (factor = 1): Pair =>
  (g, x) =>
    g.mul(elements((y) => factor * Math.exp(y))(x)) as Tensor
const byOps: Pair = (g, x) => g.mul(x.exp()) as Tensor

const small = tensor([0.5, -1, 0.25], f64) as Tensor
const compared = (report: Report, order: number): string[] =>
  report.orders[order - 1]!.comparisons.filter((each) => each.compared > 0).map(
    ({ left, right }) => `${left} = ${right}`,
  )

describe.each([
  ['every element', {}],
  ['random directions', { budget: 1 }],
] as const)('gradcheck of custom ops whose rules look at elements, by %s', (_, options) => {
  const check = (f: F) => gradcheck(f, [small], options)

  test('with a vjp rule only: reverse mode is checked, and it is said that nothing else is there', () => {
    const report = check(exponential({ vjp: looking() }))
    expect(report.verdict, `${report}`).toBe('pass')
    expect(compared(report, 1)).toEqual(['reverse = numeric'])
    expect(report.orders).toHaveLength(1)
    expect(`${report}`).toMatch(/note: forward is not there to be checked: exponential: its vjp rule looks.*a jvp rule/)
    expect(`${report}`).toMatch(/note: order 2 is not there to be checked: exponential: its vjp rule looks/)
  })

  test('with a jvp rule only: forward mode likewise', () => {
    const report = check(exponential({ jvp: looking() }))
    expect(report.verdict, `${report}`).toBe('pass')
    expect(compared(report, 1)).toEqual(['forward = numeric'])
    expect(report.orders).toHaveLength(1)
    expect(`${report}`).toMatch(/note: reverse is not there to be checked: exponential: its jvp rule looks.*a vjp rule/)
    expect(`${report}`).toMatch(/note: order 2 is not looked at/)
  })

  test.each<[string, F]>([
    ['two rules', exponential({ vjp: looking(), jvp: looking() })],
    ['a rule linear in what it is given', exponential({ vjp: lookingAtInput() })],
    ['the other rule likewise', exponential({ jvp: lookingAtInput() })],
  ])('with %s: both modes are checked, to first order', (_what, f) => {
    const report = check(f)
    expect(report.verdict, `${report}`).toBe('pass')
    expect(compared(report, 1)).toEqual(
      expect.arrayContaining(['reverse = numeric', 'forward = numeric', 'reverse = forward']),
    )
    expect(report.orders).toHaveLength(1)
    expect(`${report}`).toMatch(/note: order 2 is not there to be checked: exponential: its (vjp|jvp) rule looks/)
    expect(() => assertGradients(f, [small], options)).not.toThrow()
  })

  test.each<[string, F, string]>([
    ['the vjp rule', exponential({ vjp: looking(1.001) }), 'reverse'],
    ['the jvp rule', exponential({ jvp: looking(1.001) }), 'forward'],
    ['the vjp rule of two', exponential({ vjp: looking(1.001), jvp: looking() }), 'reverse'],
    ['the jvp rule of two', exponential({ vjp: looking(), jvp: looking(1.001) }), 'forward'],
  ])('a wrong one is found out: %s', (_what, f, mode) => {
    const report = check(f)
    expect(report.verdict).toBe('fail')
    const wrong = report.orders[0]!.comparisons.filter(({ agrees, right }) => !agrees && right === 'numeric')
    expect(wrong.map(({ left }) => left)).toEqual([mode])
    expect(report.orders[0]!.diagnoses.map(({ says }) => says).join()).toContain('1.001 times what it should be')
  })

  test('where only one way to the second derivative is there, that is checked', () => {
    const report = check(exponential({ vjp: byOps, jvp: looking() }))
    expect(report.verdict, `${report}`).toBe('pass')
    expect(compared(report, 2)).toContain('reverse over reverse = numeric over reverse')
    expect(`${report}`).toMatch(/note: (forward|reverse) over forward is not there to be checked/)
  })

  test('where nothing is there, nothing passes', () => {
    const [byVjp, byJvp] = [exponential({ vjp: looking() }), exponential({ jvp: looking() })]
    const report = check((x) => byVjp(byJvp(x)))
    expect(report.verdict).toBe('inconclusive')
    expect(report.orders[0]!.doubts.map(({ kind }) => kind)).toEqual(['not differentiable'])
    expect(() => assertGradients((x: Tensor) => byVjp(byJvp(x)), [small], options)).toThrow(/exponential/)
  })
})
