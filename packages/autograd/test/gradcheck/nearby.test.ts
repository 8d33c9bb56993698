import { customOp, type Tensor } from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { altered, at, normal, op, scaled } from './mutants/kit.js'

const causesOf = (report: ReturnType<typeof gradcheck>) =>
  report.orders[0]!.diagnoses.map(({ cause, mode }) => `${mode}: ${cause}`)
const exp = op('exp', (x: Tensor) => x.exp(), { vjp: (g) => [g] })

describe('a rule that is right at the point given only', () => {
  test('fails, and the report says where it agrees and where it does not', () => {
    const report = gradcheck(exp, [at(0, 0)])
    expect(report.verdict).toBe('fail')
    expect(causesOf(report)).toEqual(['reverse: only at the point given'])
    expect(`${report}`).toMatch(
      /derivative by input\[0\]: at the point given it agrees; at a point nearby it does not: where input\[0\]\[\d\] is/,
    )
    expect(`${report}`).toContain('order 1 (all 4 elements of the Jacobian, and directions at 1 point nearby)')
  })

  test('says so of the other input where that is wrong', () => {
    const f = op('mul', (a: Tensor, b: Tensor) => a.mul(b), { vjp: (g, [, b]) => [g.mul(b!), g.mul(3)] })
    const report = gradcheck(f, [at(3, 3), at(1, 2)])
    expect(report.verdict).toBe('fail')
    expect(report.orders[0]!.diagnoses.map(({ input }) => input)).toEqual(['input[1]'])
  })

  test('passes if it is asked to look at the point given alone, with a note', () => {
    const report = gradcheck(exp, [at(0, 0)], { nearby: 0, order: 1 })
    expect(report.verdict).toBe('pass')
    expect(report.notes).toEqual(['only the point given is looked at, as nearby: 0 says'])
  })
})

test('a rule that keeps its first input is called that', () => {
  let first: Tensor | undefined
  const f = altered(
    'square',
    (x: Tensor) => x.square(),
    (_r, [x], g) => {
      first ??= x!.detach() as Tensor
      return [g.mul(first).mul(2)]
    },
  )
  const report = gradcheck(f, [normal(51, 3)])
  expect(report.verdict).toBe('fail')
  expect(causesOf(report)).toEqual(['reverse: stale'])
  expect(`${report}`).toContain('the rule keeps something of an earlier call')
})

test('what is wrong at the point given fails there, and no other point is looked at', () => {
  const report = gradcheck(
    scaled('sin', (x: Tensor) => x.sin(), -1),
    [normal(52, 3)],
  )
  expect(report.orders[0]!.nearby).toBe(0)
  expect(causesOf(report)).toEqual(['reverse: sign flip'])
})

test('where the point given shows nothing, what is wrong nearby has its cause', () => {
  const report = gradcheck(
    scaled('log', (x: Tensor) => x.log(), -1),
    [at(1e-200, 3e-199)],
    { nearby: 8 },
  )
  expect(report.verdict).toBe('fail')
  expect(causesOf(report)).toContain('reverse: sign flip')
  expect(`${report}`).not.toContain('at the point given it agrees')
})

const partial = (limit: number) =>
  customOp({
    name: 'partial',
    forward: (x: Tensor) => {
      if ([...x.data].some((each) => Number(each) > limit)) throw new RangeError('beyond')
      return x.exp() as Tensor
    },
    jvp: ([dx], [x]) => dx!.mul(x.exp()) as Tensor,
  })

describe('nothing that may be so at other points is held against a function', () => {
  test.each<[string, (x: Tensor) => unknown, Tensor]>([
    ['an edge nearby', (x) => x.log(), at(0.06, 0.09, 2)],
    ['a pole nearby', (x) => x.reciprocal(), at(0.1, -0.12)],
    ['a kink nearby', (x) => x.relu(), at(0.06, -0.07, 0.3)],
    ['a maximum that changes hands', (x) => x.max(), at(1, 1.06, 1.12)],
    ['a jump nearby', (x) => x.floor().mul(x), at(0.94, 0.1)],
    ['steep waves', (x) => x.mul(500).sin(), at(0.1, 0.2)],
    ['an arc sine', (x) => x.asin(), at(0.93, -0.94)],
    ['a saturated sigmoid', (x) => x.sigmoid().mul(1e6), at(25, -20)],
    ['overflow', (x) => x.exp(), at(650, -650)],
  ])('%s', (_, f, x) => {
    for (let seed = 0; seed < 10; seed++) {
      const report = gradcheck(f, [x], { seed, order: 1, nearby: 4 })
      expect(report.verdict, `${report}`).toBe('pass')
    }
  })

  test('f may refuse them', () => {
    const report = gradcheck(partial(1.15), [at(1, 0.5)], { order: 1, nearby: 6 })
    expect(report.verdict, `${report}`).toBe('pass')
  })
})

describe('a second derivative that is right at the point given only', () => {
  const held = (x: Tensor) => x.detach() as Tensor
  test.each<[string, (x: Tensor) => Tensor, (x: Tensor, y: Tensor) => Tensor]>([
    ['sin', (x) => x.sin(), (x) => held(x).cos()],
    ['x^3', (x) => x.pow(3), (x) => held(x).square().mul(3) as Tensor],
    ['exp -x^2, its result held', (x) => x.square().neg().exp(), (x, y) => x.mul(-2).mul(held(y)) as Tensor],
    [
      'x^2 + x^4, a half of it held',
      (x) => x.square().add(x.pow(4)),
      (x) => x.mul(2).add(held(x).pow(3).mul(4)) as Tensor,
    ],
  ])('fails: %s', (name, f, slope) => {
    const wrong = op(name, f, { vjp: (g, [x], y) => [g.mul(slope(x!, y))] })
    expect(gradcheck(wrong, [at(0, 0)], { nearby: 0 }).verdict).toBe('pass')
    for (let seed = 0; seed < 5; seed++) {
      const report = gradcheck(wrong, [at(0, 0)], { seed })
      expect(report.orders.map(({ verdict }) => verdict)).toEqual(['pass', 'fail'])
      expect(`${report}`).toContain('at the point given it agrees')
    }
  })

  test.each<[string, (x: Tensor) => unknown, Tensor]>([
    ['an edge nearby', (x) => x.log(), at(0.06, 0.09, 2)],
    ['a pole nearby', (x) => x.reciprocal(), at(0.1, -0.12)],
    ['a kink nearby', (x) => x.relu().square(), at(0.06, -0.07, 0.3)],
    ['a maximum that changes hands', (x) => x.max(), at(1, 1.06, 1.12)],
    ['steep waves', (x) => x.mul(100).sin(), at(0.1, 0.2)],
    ['an arc sine', (x) => x.asin(), at(0.93, -0.94)],
    ['a saturated softmax', (x) => x.mul(30).softmax(), at(0.3, -1, 0.9)],
    ['overflow', (x) => x.exp(), at(650, -650)],
    ['squares that overflow', (x) => x.exp().log(), at(300, 20)],
  ])('what is right passes: %s', (_, f, x) => {
    for (let seed = 0; seed < 10; seed++) {
      const report = gradcheck(f, [x], { seed })
      expect(report.verdict, `${report}`).toBe('pass')
    }
  })
})

test('what is checked at the point given does not depend on the points nearby', () => {
  const f = (x: Tensor) => x.matmul(x).sin()
  const comparisons = (nearby: number) =>
    gradcheck(f, [normal(53, 3, 3)], { nearby, budget: 10 }).orders.map((o) => o.comparisons)
  expect(comparisons(3)).toEqual(comparisons(0))
})
