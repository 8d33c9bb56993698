import * as autograd from '@adjoint/autograd'
import { customOp, parameter, Random, random, type Tensor, tensor, where } from '@adjoint/autograd'
import { assertGradients, GradcheckError, gradcheck, type Report } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { heatText } from '../../src/gradcheck/report/heat.js'
import { altered, at, filled, normal, scaled, unravel } from './mutants/kit.js'

const f64 = { dtype: 'float64' } as const
const exp = (x: Tensor) => x.exp()
/** exp whose derivative is three times what it should be at some elements. */
const partly = (shape: readonly number[], isWrong: (position: number) => boolean) => {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1))
  return scaled('exp', exp, 3, 0, (...index) => isWrong(index.reduce((sum, k, axis) => sum + k * strides[axis]!, 0)))
}
const linesOf = (report: Report): string[] => `${report}`.split('\n')
/** The cells of the table of the worst derivatives, without its head. */
const tableOf = (report: Report): string[][] =>
  linesOf(report)
    .filter((line) => / -> .* bars/.test(line))
    .map((line) => line.trim().split(/ {2,}/))
/** The marks below the line that explains them. */
const mapOf = (report: Report): string[] => {
  const lines = linesOf(report)
  const start = lines.findIndex((line) => line.includes('. right'))
  return start < 0 ? [] : lines.slice(start + 1, lines.indexOf('', start)).map((line) => line.trim())
}
/** The text, without the lines of code from which ops were called. */
const withoutLines = (report: Report): string => `${report}`.replace(/ \(at [^)]*\)/g, '')
const countOf = (report: Report, text: string): number => `${report}`.split(text).length - 1

describe('a report of a check that passes', () => {
  test('is one line: what was compared, at which orders, the worst error in bars, and the seed', () => {
    const report = gradcheck((x, w) => x.matmul(w).tanh(), [normal(1, 2, 3), normal(2, 3, 2)], { seed: 4 })
    const worst = report.orders.flatMap(({ comparisons }) => comparisons.map((each) => each.worst!))
    const inBars = Math.max(...worst.map(({ error, bar }) => error / bar))
    expect(linesOf(report)).toEqual([
      'gradcheck: pass (seed 4): reverse = forward = differences at order 1 (all 48 elements of the Jacobian, and ' +
        'directions at 2 points nearby) and order 2 (all 144 elements of the Jacobian, and directions at 1 point nearby); ' +
        `worst error ${Number(inBars.toPrecision(3))} of 10 bars (a bar is how uncertain the differences are)`,
    ])
    expect(report.repro).toBe(null)
  })

  test('has notes on lines below', () => {
    const [, ...notes] = linesOf(gradcheck((x: Tensor) => x.sin(), [tensor([1, 2])]))
    expect(notes).toEqual(['  note: checked in float64, though float32 was given: input[0]'])
  })
})

describe('a report of a check that fails', () => {
  test('has the worst derivatives as a table: where, by each mode, by differences and their bar, in bars, and the ratio', () => {
    const x = at(0.5, -1, 2, -0.25, 1.5, 0.75, -2)
    const factors = [1, 3, 1, -2, 1.5, 0, 1.25]
    const f = altered('exp', exp, ([dx]) => [dx!.mul(at(...factors))])
    const rows = tableOf(gradcheck(f, [x]))
    const wrong = factors.flatMap((factor, i) => (factor === 1 ? [] : [i]))
    expect(rows.map(([name]) => name).sort()).toEqual(wrong.map((i) => `input[0][${i}] -> output[${i}]`))
    const sizes = rows.map(([name, analytic, numeric, error, ratio]) => {
      const i = Number(/\d+/.exec(name!.slice(8))![0])
      const truth = Math.exp(x.data[i]!)
      expect(Number(analytic)).toBeCloseTo(factors[i]! * truth, 7)
      const [, slope, bar] = /^(\S+) \+- (\S+)$/.exec(numeric!)!
      expect(Number(slope)).toBeCloseTo(truth, 7)
      expect(Number(bar)).toBeLessThan(1e-8)
      expect(Number(ratio)).toBeCloseTo(factors[i]!, 6)
      const inBars = Number(error!.replace(' bars', ''))
      const relative = Math.abs(factors[i]! - 1) * truth
      expect(inBars / (relative / Number(bar))).toBeGreaterThan(0.9)
      expect(inBars / (relative / Number(bar))).toBeLessThan(1.1)
      return inBars
    })
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a))
  })

  test('aligns the columns of the table', () => {
    const lines = linesOf(gradcheck(partly([3, 4], (i) => i % 3 > 0), [normal(3, 3, 4)])) // biome-ignore format: a line
    const start = lines.findIndex((line) => line.includes('numeric +- bar'))
    const table = lines.slice(start, lines.indexOf('', start))
    expect(table).toHaveLength(6)
    expect(new Set(table.map((line) => line.length)).size).toBe(1)
    expect(new Set(table.slice(1).map((line) => line.indexOf(' +- '))).size).toBeLessThanOrEqual(5)
    expect(new Set(table.slice(1).map((line) => line.indexOf('bars'))).size).toBe(1)
  })

  test('shows both modes where they differ, and says which is right', () => {
    const cube = customOp({
      name: 'cube',
      forward: (x: Tensor) => x.pow(3) as Tensor,
      vjp: (g, [x]) => [g.mul(x.square()).mul(4)],
      jvp: ([t], [x]) => t.mul(x.square()).mul(5),
    })
    expect(tableOf(gradcheck(cube, [at(2)]))[0]!.slice(0, 3)).toEqual(['input[0][0] -> output[0]', '16', '20'])
    const half = customOp({
      name: 'half',
      forward: (x: Tensor) => x.pow(3) as Tensor,
      vjp: (g, [x]) => [g.mul(x.square()).mul(3)],
      jvp: ([t], [x]) => t.mul(x.square()).mul(5),
    })
    const report = gradcheck(half, [at(2)])
    expect(`${report}`).toMatch(/ {2}cause: .*reverse mode is right/)
    expect(tableOf(report)[0]!.slice(0, 2)).toEqual(['input[0][0] -> output[0]', '20'])
  })

  test('explains what a bar is once, where the word first stands', () => {
    for (const report of [
      gradcheck(partly([2, 3], (i) => i > 1), [normal(5, 2, 3)]), // biome-ignore format: a line
      gradcheck(exp, [at(1)]),
    ]) {
      expect(countOf(report, 'a bar is how uncertain the differences are')).toBe(1)
      expect(`${report}`.search(/\bbars?\b/)).toBeGreaterThan(`${report}`.indexOf('differences') - 30)
    }
  })

  test('says a cause once, with all inputs that it explains', () => {
    const swapped = altered('product', (a: Tensor, b: Tensor) => a.mul(b), ([da, db]) => [da!.neg(), db!.neg()]) // biome-ignore format: a line
    const report = gradcheck(
      (a: Tensor, b: Tensor, c: Tensor) => swapped(a, b).mul(c),
      [at(1, 2), at(0.5, 3), at(2, 1)],
    )
    const causes = linesOf(report).filter((line) => line.startsWith('  cause: '))
    expect(causes).toHaveLength(1)
    expect(causes[0]).toMatch(
      /^ {2}cause: reverse mode .*derivative by product\.input\[0\] and product\.input\[1\]: the sign is wrong/,
    )
    expect(`${report}`).toContain('  where: input[0] and input[1], everywhere\n')
  })

  test('says the pattern of what is wrong, by place and by value', () => {
    const whereOf = (report: Report) => linesOf(report).find((line) => line.startsWith('  where: '))
    expect(whereOf(gradcheck(partly([4, 5], (i) => i % 5 === 2), [normal(6, 4, 5)]))).toBe('  where: input[0], only in column 2') // biome-ignore format: a line
    const leaky = altered('leaky', (x: Tensor) => x.leakyRelu(0.1), (_r, [x], g) => [g.mul(x!.greater(0))]) // biome-ignore format: a line
    expect(whereOf(gradcheck(leaky, [at(0.5, -1, 2, -0.3, 0.1, -2, -0.7)]))).toBe(
      '  where: input[0], only where input[0] < 0',
    )
    const rows = altered('rows', (x: Tensor) => x.matmul(x).sum(1), (_r, [x], g) => [pullRows(x!, g)]) // biome-ignore format: a line
    expect(whereOf(gradcheck(rows, [normal(7, 3, 3)]))).toBe('  where: input[0], everywhere')
    expect(`${gradcheck(rows, [normal(7, 3, 3)])}`).toContain('  where: output, only at [1]')
  })

  test('is the message of the error', () => {
    const f = partly([3], (i) => i === 1)
    const thrown = (() => {
      try {
        assertGradients(f, [at(1, 2, 3)])
      } catch (error) {
        return error
      }
    })()
    expect(thrown).toBeInstanceOf(GradcheckError)
    const { message, report } = thrown as GradcheckError
    expect(message).toBe(`\n${report}`)
    expect(withoutLines(report)).toBe(withoutLines(gradcheck(f, [at(1, 2, 3)])))
  })
})

/** The right derivative of the sum over columns of x squared, but for output 1. */
const pullRows = (x: Tensor, g: Tensor): Tensor => {
  const [, pullback] = autograd.vjp((y: Tensor) => y.matmul(y).sum(1) as Tensor, x)
  const [right] = pullback(g.mul(at(1, 2, 1)) as never) as unknown as [Tensor]
  return right
}

describe('the map of errors', () => {
  const shapes = [[9], [3, 5], [2, 3, 4], [1, 12], [6, 1], [2, 2, 3, 3]]
  test.each(shapes.map((shape) => [shape]))('marks exactly the wrong elements of %s', (shape) => {
    const size = shape.reduce((a, b) => a * b, 1)
    const [rows, columns] = [shape.at(-2) ?? 1, shape.at(-1)!]
    for (const seed of [1, 2, 3]) {
      const draws = new Random(seed)
      const mask = Array.from({ length: size }, () => draws.number() < 0.3)
      mask[0] = true
      const marks = Array.from({ length: rows }, (_, i) =>
        Array.from({ length: columns }, (_, j) =>
          mask.some((isWrong, k) => isWrong && k % (rows * columns) === i * columns + j) ? 'x' : '.',
        ).join(''),
      )
      const report = gradcheck(partly(shape, (k) => mask[k]!), [normal(seed, ...shape)], { order: 1 }) // biome-ignore format: a line
      const isWhole = marks.every((line) => !line.includes('.'))
      expect(mapOf(report).map((line) => line.replace(/[1-9]/g, 'x'))).toEqual(isWhole ? [] : marks)
    }
  })

  test('shows how large errors are by a digit, and what was not compared', () => {
    const errors = Float64Array.of(0, 9, 11, 99, 1e3, 5e8, 1e300, Number.NaN, Number.POSITIVE_INFINITY)
    const [key, ...map] = heatText({ path: 'x', shape: [3, 3], errors, tolerance: 10, pattern: null })
    expect(map).toEqual(['  ..1', '  138', '  9?9'])
    expect(key).toContain('? not compared')
  })

  test('has no more than 60 columns and 20 rows, and no wrong element is lost', () => {
    for (const [rows, columns] of [
      [50, 130],
      [200, 7],
      [1, 999],
      [21, 61],
    ] as const) {
      // biome-ignore format: a line
      for (const wrong of [0, rows * columns - 1, Math.floor((rows * columns) / 3)]) {
        const errors = new Float64Array(rows * columns)
        errors[wrong] = 1e4
        const [key, ...map] = heatText({ path: 'x', shape: [rows, columns], errors, tolerance: 10, pattern: null })
        expect(map.length).toBeLessThanOrEqual(20)
        expect(Math.max(...map.map((line) => line.trim().length))).toBeLessThanOrEqual(60)
        expect(map.join('').replace(/[. ]/g, '')).toBe('4')
        const [, tall, wide] = /(\d+) x (\d+) elements a cell/.exec(key!)!.map(Number)
        const [row, column] = unravel(wrong, [rows, columns])
        expect(map[Math.floor(row! / tall!)]!.trim()[Math.floor(column! / wide!)]).toBe('4')
      }
    }
  })

  test('is not drawn where every element is wrong', () => {
    expect(mapOf(gradcheck(scaled('exp', exp, 2), [normal(1, 3, 3)]))).toEqual([])
  })
})

describe('an inconclusive report', () => {
  test('says each reason once, where it is and how often, and what to do', () => {
    const report = gradcheck((x: Tensor) => x.relu(), [at(-1, 0, 2, 0, 0)], { order: 1 })
    const reasons = linesOf(report).filter((line) => line.includes('not checked'))
    expect(reasons).toEqual([
      '  not checked: input[0][1] -> output[1]: a kink: the slope is 0 on the left and 1 on the right ' +
        '(and 2 more like it); move the point off the kink, to where there is one slope',
    ])
    expect(linesOf(report)[0]).toMatch(/^gradcheck: inconclusive \(seed 0\): nothing is seen to be wrong, but/)
  })

  test('has a reason for each kind, and a remedy', () => {
    const mixed = (x: Tensor) => where(x.less(1), x.abs(), x.floor())
    const text = `${gradcheck(mixed, [at(0, 2, 0.5)], { order: 1 })}`
    expect(text).toMatch(/a kink.*move the point off the kink/)
    expect(text).toMatch(/a jump.*move the point off the jump/)
    expect(`${gradcheck((x: Tensor) => x.sqrt(), [at(0)], { order: 1 })}`).toMatch(
      /edge.*move the point into the domain/,
    )
    expect(`${gradcheck((x: Tensor) => x.log(), [at(0)], { order: 1 })}`).toMatch(/choose a point where the value is/)
  })
})

describe('the call to be pasted', () => {
  const wrong = scaled('wrong', (x: Tensor) => x.exp(), 2)
  const cases: Record<string, [f: (...inputs: never[]) => unknown, inputs: readonly unknown[], options?: object]> = {
    'a vector': [wrong, [at(0.1, -2, 1 / 3)]],
    'a scalar, a matrix and a pile of matrices': [
      (a: Tensor, b: Tensor, c: Tensor) => wrong(a.mul(b.sum()).mul(c.sum())),
      [tensor(0.7, f64), normal(1, 2, 3), normal(2, 2, 1, 2)],
    ],
    'float32, integers and truth values': [
      (x: Tensor, labels: Tensor, mask: Tensor) => where(mask, wrong(x.indexSelect(labels)), 0),
      [tensor([0.1, 0.2]), tensor([1, 0, 1], { dtype: 'int32' }), tensor([true, false, true])],
    ],
    'trees, numbers, words and nothing': [
      ({ w, 'the name': b }: { w: Tensor; 'the name': Tensor[] }, options: { p: number; how: string; not: null }) =>
        wrong(w.mul(options.p)).add(b[0]!),
      [
        { w: at(1, 2), 'the name': [at(3, -0)] },
        { p: 0.5, how: 'a "word"', not: null, is: true, none: undefined },
      ],
    ],
    'an empty tensor': [(x: Tensor) => wrong(x), [at(1), random.normal([0, 3], f64)]],
    options: [wrong, [at(1, 2)], { order: 1, budget: Number.POSITIVE_INFINITY, tolerance: 20, seed: 7 }],
  }

  test.each(Object.entries(cases))('runs, and fails the same way: %s', (_, [f, inputs, options]) => {
    const report = gradcheck(f as never, inputs as never, options)
    expect(report.verdict).toBe('fail')
    const again: Report = new Function(
      'gradcheck',
      'f',
      /^\w+$/.test(f.name) ? f.name : '_',
      ...Object.keys(autograd),
      `return ${report.repro}`,
    )(gradcheck, f, f, ...Object.values(autograd))
    expect(withoutLines(again)).toBe(withoutLines(report))
  })

  test('has shapes where values are many, and names what is no tensor', () => {
    const big = gradcheck((x: Tensor, w: Tensor) => wrong(x).mul(w.sum()), [normal(1, 9, 9), at(1)])
    expect(big.repro).toContain('[/* float64 [9, 9] */, /* float64 [1] */]')
    class Layer {
      readonly w = parameter(at(1, 2))
    }
    const layer = new Layer()
    expect(gradcheck(((x: Tensor, p: unknown) => wrong(x).mul(p === layer ? 1 : 1)) as never, [at(1), new Map()] as never).repro).toContain('/* Map */') // biome-ignore format: a line
  })

  test('is that of a black box over plain arrays too', () => {
    const box = {
      value: ({ x, n }: { x: number[][]; n: Float64Array }) => x[0]![0]! ** 2 * x[1]![0]! + n[0]!,
      grad: ({ x }: { x: number[][] }) => ({ x: [[x[0]![0]!], [x[0]![0]! ** 2]], n: [1] }),
    }
    const report = gradcheck.blackBox(box, { x: [[3], [-0.5]], n: Float64Array.of(0.1) }, { seed: 2, nearby: 0 })
    expect(report.verdict).toBe('fail')
    const again: Report = new Function('gradcheck', 'value', 'grad', `return ${report.repro}`)(
      gradcheck,
      box.value,
      box.grad,
    )
    expect(withoutLines(again)).toBe(withoutLines(report))
    const many = gradcheck.blackBox(
      { value: (x: number[]) => x.reduce((a, b) => a + b), grad: (x: number[]) => x },
      Array.from({ length: 99 }, (_, i) => i),
    )
    expect(many.repro).toBe('gradcheck.blackBox({ value, grad }, /* an array of 99 numbers */, { seed: 0 })')
  })

  test('has the name of the function', () => {
    const myOp = (x: Tensor) => wrong(x)
    expect(gradcheck(myOp, [at(1)]).repro).toMatch(/^gradcheck\(myOp, /)
    expect(gradcheck((x: Tensor) => wrong(x), [filled([1], () => 2)]).repro).toMatch(/^gradcheck\(f, /)
  })
})
