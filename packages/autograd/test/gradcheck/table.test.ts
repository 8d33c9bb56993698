import { type Tensor, tensor } from '@adjoint/autograd'
import { type BlackBoxCheck, type Checked, type FunctionCheck, gradcheckAll } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { materialize } from '../../src/gradcheck/samples.js'
import { table } from '../../src/ops/index.js'
import { normal, scaled } from './mutants/kit.js'

const sine = scaled('sine', (x: Tensor) => x.sin(), -1)
const x = normal(1, 3)
const mixed = {
  tanh: { f: (a: Tensor) => a.tanh(), inputs: [x] },
  sine: { f: sine as (a: Tensor) => Tensor, inputs: [x] },
  abs: { f: (a: Tensor) => a.abs(), inputs: [tensor([0], { dtype: 'float64' }) as Tensor] },
  throws: {
    f: (a: Tensor): Tensor => {
      throw new TypeError(`no ${a.shape}`)
    },
    inputs: [x],
  },
  square: { value: ([t]: number[]) => t! ** 2, grad: ([t]: number[]) => [2 * t!], x: [3] },
}

describe('gradcheckAll', () => {
  test('goes through a table, and says of each check what became of it', () => {
    const { verdict, checks, counts } = gradcheckAll(mixed)
    expect(verdict).toBe('fail')
    expect(checks.map((check) => [check.name, check.verdict])).toEqual([
      ['tanh', 'pass'],
      ['sine', 'fail'],
      ['abs', 'inconclusive'],
      ['throws', 'fail'],
      ['square', 'pass'],
    ])
    expect(counts).toEqual({ pass: 2, fail: 2, inconclusive: 1 })
    expect(checks.map(({ threw }) => threw)).toEqual([null, null, null, 'TypeError: no 3', null])
    expect(checks.map(({ report }) => report === null)).toEqual([false, false, false, true, false])
  })

  test('as text it is a line for each, and in full what did not pass', () => {
    const summary = gradcheckAll(mixed)
    const [lines, ...pages] = `${summary}`.split(/\n\n(?! )/)
    expect(lines!.split('\n')).toEqual([
      'gradcheckAll: fail (2 fail, 1 inconclusive, 2 pass)',
      '  pass          tanh',
      '  fail          sine',
      '  inconclusive  abs',
      '  fail          throws',
      '  pass          square',
    ])
    expect(pages.map((page) => page.split('\n')[0])).toEqual(['sine', 'abs', 'throws'])
    expect(pages[0]).toContain(`${summary.checks[1]!.report}`)
    expect(pages[2]).toContain('it threw TypeError: no 3')
  })

  test('knows what functions take by their inputs', () => {
    const summary = gradcheckAll({
      one: { f: (a) => a.exp(), inputs: [x] },
      two: { f: (a, b) => a.mul(b), inputs: [x, x] },
    })
    expect(`${summary}`).toBe('gradcheckAll: pass (2 pass)\n  pass  one\n  pass  two')
  })

  test('takes tables of functions and black boxes, and inputs that are arrays: functions say what they take', () => {
    const box = { value: ([t]: number[]) => t! ** 2, grad: ([t]: number[]) => [2 * t!], x: [3] }
    const product = { f: (a: Tensor, b: Tensor) => a.mul(b), inputs: [x, x] }
    const power = { f: (a: Tensor, n: number, more?: Tensor) => a.pow(n).add(more ?? 0), inputs: [x, 2] }
    const rows = ['first', 'second'].map((name, i) => [name, { f: (a: Tensor) => a.mul(i), inputs: [x] }] as const)
    const named: Record<string, FunctionCheck<[Tensor]> | FunctionCheck<[Tensor, Tensor]> | BlackBoxCheck> = {
      box,
      exp: { f: (a: Tensor) => a.exp(), inputs: [x] },
    }
    const summaries = [
      gradcheckAll({ box, exp: { f: (a: Tensor) => a.exp(), inputs: [x], options: { order: 1 } } }),
      gradcheckAll({ box, product, power }),
      gradcheckAll(Object.fromEntries(rows)),
      gradcheckAll(named),
    ]
    expect(summaries.map(({ counts }) => counts.pass)).toEqual([2, 3, 2, 2])
  })

  test('refuses in mixed tables what the functions do not take, as the compiler does', () => {
    const box = { value: ([t]: number[]) => t! ** 2, grad: ([t]: number[]) => [2 * t!], x: [3] }
    const failing = [
      // @ts-expect-error one is too few
      gradcheckAll({ box, short: { f: (a: Tensor, b: Tensor) => a.mul(b), inputs: [x] } }),
      // @ts-expect-error a tensor is no word
      gradcheckAll({ box, word: { f: (a: string) => a.length, inputs: [x] } }),
      // @ts-expect-error nor are those of an array
      gradcheckAll({ box, word: { f: (a: string) => a.length, inputs: [x] as Tensor[] } }),
      // @ts-expect-error there is no such option
      gradcheckAll({ box, option: { f: (a: Tensor) => a.exp(), inputs: [x], options: { ordr: 1 } } }),
      // @ts-expect-error second derivatives of a black box are known to nobody
      gradcheckAll({ box: { ...box, options: { order: 2 } } }),
    ]
    expect(failing.map(({ verdict }) => verdict)).toEqual(failing.map(() => 'fail'))
    // @ts-expect-error it has no x
    expect(() => gradcheckAll({ box: { value: ([t]: number[]) => t! ** 2 } })).toThrow('give { f, inputs }')
  })

  test('has options for all, and for each', () => {
    const once = { f: (a: Tensor) => a.exp(), inputs: [x] }
    const { checks } = gradcheckAll(
      { first: once, second: { ...once, options: { order: 2 as const } } },
      { order: 1, seed: 7 },
    )
    expect(checks.map(({ report }) => report!.orders.length)).toEqual([1, 2])
    expect(checks.map(({ report }) => report!.seed)).toEqual([7, 7])
  })

  test('tells how far it is, and that it is over', () => {
    const told: unknown[] = []
    const progress = {
      start: (total: number) => told.push(total),
      update: (done: number, { name }: Checked) => told.push([done, name]),
      stop: () => told.push('over'),
    }
    gradcheckAll({ a: { f: (t) => t.exp(), inputs: [x] }, b: { f: (t) => t.sin(), inputs: [x] } }, { progress })
    expect(told).toEqual([2, [1, 'a'], [2, 'b'], 'over'])
  })

  test('takes a table that was made: of ops with their samples', () => {
    const some = table.filter(({ opName }) => ['matmul', 'concat', 'softmax'].includes(opName))
    const rows = some.flatMap((op) =>
      op.samples.map((sample, i) => [`${op.opName} ${i}`, { f: op as never, inputs: materialize(sample) as never[] }]),
    )
    const summary = gradcheckAll(Object.fromEntries(rows), { order: 1 })
    expect(summary.verdict, `${summary}`).toBe('pass')
    expect(summary.checks.length).toBeGreaterThan(some.length)
  })

  test.each<[unknown, RegExp]>([
    [{}, /the table is empty/],
    [{ tanh: { f: (a: Tensor) => a.tanh() } }, /tanh is \{ f \}; give \{ f, inputs \}/],
    [{ tanh: (a: Tensor) => a.tanh() }, /tanh is .*; give \{ f, inputs \}/],
    [{ box: { value: () => 1 } }, /box is \{ value \}; give .*\{ value, grad, x \}/],
  ])('%o is refused', (wrong, says) => {
    expect(() => gradcheckAll(wrong as never)).toThrow(says)
  })
})
