import { set, type Tensor, zerosLike } from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { altered, at, type F, ints, normal, op, pull, rows } from './mutants/kit.js'

type Check = (f: F, inputs: readonly unknown[], options?: object) => ReturnType<typeof gradcheck>
const check = gradcheck as unknown as Check

const diagnosesOf = (f: F, inputs: readonly unknown[]) => {
  const report = check(f, inputs, { order: 1 })
  expect(report.verdict, `${report}`).toBe('fail')
  return report.orders[0]!.diagnoses
}
const saysOf = (f: F, inputs: readonly unknown[]): string =>
  diagnosesOf(f, inputs)
    .map(({ says }) => says)
    .join('\n')

const where00 = rows([0, 0], [0, 1])
const matrix = normal(2, 3, 4)
const softmaxOver = (axis: number, sum: (x: Tensor) => Tensor): F =>
  op('softmax', (x: Tensor) => x.softmax(axis), { vjp: (g, _, y) => [y!.mul(g.sub(sum(g.mul(y!) as Tensor)))] })

describe('a sum in a rule over too much', () => {
  test.each<[string, F, Tensor, number]>([
    ['softmax of rows', softmaxOver(1, (x) => x.sum() as Tensor), matrix, 0],
    ['softmax of columns', softmaxOver(0, (x) => x.sum() as Tensor), matrix, 1],
  ])('%s', (_name, f, x, axis) => {
    expect(saysOf(f, [x])).toContain(`apart along axis ${axis}: a sum or mean in the rule goes over that axis too`)
  })

  test('is not said of what is wrong within rows as well, or of one element', () => {
    const whole = softmaxOver(1, (x) => x.sum().mul(2) as Tensor)
    expect(saysOf(whole, [matrix])).not.toContain('goes over that axis too')
    const one = altered(
      'one',
      (x: Tensor) => x.tanh(),
      ([x], _, g) => [x!.add(g.at(0, 0).mul(where00))],
    )
    expect(saysOf(one, [rows([1, 2], [3, 4])])).not.toContain('goes over that axis too')
  })
})
/** A correlation along the last axis, of 'valid' windows. */
const correlate: F = (x: Tensor, w: Tensor) => {
  const [k, n] = [w.shape.at(-1)!, x.shape.at(-1)!]
  const terms = Array.from({ length: k }, (_, i) => x.slice(-1, i, n - k + 1 + i).mul(w.at(i)))
  return terms.reduce((a, b) => a.add(b) as never)
}

describe('windows that are back to front', () => {
  test.each([
    ['a row', normal(4, 7), normal(3, 3)],
    ['a row of an even kernel', normal(4, 6), normal(5, 4)],
    ['rows of a batch', normal(6, 2, 6), normal(7, 3)],
  ])('%s: the kernel is not flipped', (_name, x, w) => {
    const f = altered('correlate', correlate, ([, gw], [x, w], g) => [
      pull(correlate, [x!, w!.flip(0) as Tensor], g)[0]!,
      gw!,
    ])
    const says = saysOf(f, [x, w])
    expect(says).toContain('in reversed order along axis')
    expect(says).toContain('the kernel is used as it is where it should be flipped')
  })

  test('is not said of a kernel that is shifted', () => {
    const f = altered('correlate', correlate, ([, gw], [x, w], g) => [
      pull(correlate, [x!, w!.at([1, 2, 3, 0]) as Tensor], g)[0]!,
      gw!,
    ])
    expect(saysOf(f, [normal(4, 7), normal(3, 4)])).not.toContain('in reversed order')
  })
})

describe('a sign in a factor', () => {
  const point = at(0.3, -0.6, 0.8, 0.45)
  test.each<[string, (x: Tensor) => unknown, (x: Tensor, y: Tensor) => unknown, string]>([
    ['tanh', (x) => x.tanh(), (_, y) => y.square().add(1), '(1 - y^2) and (1 + y^2) are taken for each other'],
    ['tan', (x) => x.tan(), (_, y) => y.square().neg().add(1), '(1 - y^2) and (1 + y^2) are taken for each other'],
    [
      'arctangent',
      (x) => x.atan(),
      (x) => x.square().neg().add(1).reciprocal(),
      '(1 - x^2) and (1 + x^2) are taken for each other',
    ],
    [
      'arcsine',
      (x) => x.asin(),
      (x) => x.square().add(1).sqrt().reciprocal(),
      '√(1 - x^2) and √(1 + x^2) are taken for each other',
    ],
    ['sigmoid', (x) => x.sigmoid(), (_, y) => y.mul(y.add(1)), '(1 - y) and (1 + y) are taken for each other'],
  ])('%s', (_name, forward, slope, says) => {
    const f = op('f', forward as F, { vjp: (g, [x], y) => [g.mul(slope(x!, y!) as Tensor)] })
    expect(saysOf(f, [point])).toContain(`a sign is wrong in a factor of it: ${says}`)
  })

  test('is not said where the factor is another', () => {
    const f = op('f', (x: Tensor) => x.tanh(), { vjp: (g, _, y) => [g.mul(y!.square().mul(2).add(1))] })
    expect(saysOf(f, [point])).not.toContain('a sign is wrong in a factor')
  })
})

test('one pair with one result is no complex number: of its elements one has the wrong sign', () => {
  const value = ([a, b]: number[]) => a! * a! * b!
  const { orders } = gradcheck.blackBox({ value, grad: ([a, b]) => [2 * a! * b!, -a! * a!] }, [1, 2])
  expect(orders[0]!.diagnoses.map(({ cause }) => cause)).toEqual(['only some'])
  expect(orders[0]!.diagnoses[0]!.says).toContain('only at [1]: there the sign is flipped')
})

test('a factor that is missing is one of the input by which it is wrong', () => {
  const f = op('quotient', (a: Tensor, b: Tensor) => a.div(b), {
    vjp: (g, [a, b]) => [g.div(b!), g.mul(a!).neg().div(b!)],
  })
  expect(saysOf(f, [normal(1, 3), at(0.7, 1.3, 2)])).toContain('multiply by 1 / x, where x is input[1]')
})

test.each([
  ['once', [1, 3, 1]],
  ['of several', [0, 0, 1, 1, 2, 3]],
])('of an index that stands twice, %s, the last alone counts', (_name, places) => {
  const index = ints(...places)
  const f = op('select', (x: Tensor) => x.indexSelect(index as never), {
    vjp: (g, [x]) => [set(zerosLike(x!), [index as never], g as never) as Tensor],
  })
  const says = saysOf(f, [normal(9, 4)])
  expect(says).toContain('one of several outputs alone counts')
  expect(says).toContain('as where an index stands several times')
})
