import {
  customOp,
  elementwise,
  GradientError,
  grad,
  noGrad,
  parameter,
  random,
  type Tensor,
  tensor,
  zeros,
} from '@adjoint/autograd'
import { assertGradients, GradcheckError, gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { estimate, extrapolate } from '../../src/gradcheck/differences/ridders.js'

const f64 = { dtype: 'float64' } as const
const normal = (...shape: number[]): Tensor => random.normal(shape, f64) as Tensor
random.seed(1)

interface Layer {
  readonly w: Tensor
  readonly b: Tensor
}
const modelOf = (...widths: number[]) => ({
  name: 'mlp',
  layers: widths.slice(1).map((width, i): Layer => ({ w: normal(widths[i]!, width), b: normal(width) })),
})
type Model = ReturnType<typeof modelOf>
const forward = ({ layers }: Model, x: Tensor): Tensor => layers.reduce((h, { w, b }) => h.matmul(w).add(b).tanh(), x)
/** Cross entropy with integer labels. */
const lossOf = (model: Model, x: Tensor, labels: Tensor): Tensor =>
  forward(model, x).logSoftmax().gather(labels.expandDims(1), 1).mean().neg() as Tensor
const labels = tensor([0, 2], { dtype: 'int32' })

describe('gradcheck', () => {
  test('checks a model by its tree of parameters, integers being carried along', () => {
    const report = gradcheck(lossOf, [modelOf(2, 3, 3), normal(2, 2), labels])
    expect(report.verdict, `${report}`).toBe('pass')
    expect(report.orders.map(({ order, coverage }) => [order, coverage])).toEqual([
      [1, 'all 25 elements of the Jacobian'],
      [2, 'all 625 elements of the Jacobian'],
    ])
    for (const { comparisons } of report.orders) {
      for (const { compared, agrees } of comparisons) expect([compared > 0, agrees]).toEqual([true, true])
    }
  })

  test('names the element by its path in the trees of inputs and outputs', () => {
    const skewed = customOp({
      name: 'skewed',
      forward: (w: Tensor) => w.mul(2) as Tensor,
      vjp: (g) => [g.mul(tensor([[2, 2], [2, 2], [2, 2.5]], f64)) as Tensor], // biome-ignore format: a matrix
    })
    const report = gradcheck(
      ({ layers }: Model, x: Tensor) => ({ loss: x.sum(), rows: [x, skewed(layers[1]!.w).sum(0)] }),
      [modelOf(2, 3, 2), normal(2)],
    )
    expect(report.verdict).toBe('fail')
    const { worst } = report.orders[0]!.comparisons.find(({ left }) => left === 'reverse')!
    expect(worst).toMatchObject({ input: 'input[0].layers[1].w[2, 1]', output: 'output.rows[1][1]', left: 2.5 })
    expect(worst!.right).toBeCloseTo(2, 12)
    expect(worst!.error).toBeCloseTo(0.5, 12)
    expect(worst!.ratio).toBeCloseTo(1.25, 12)
    expect(worst!.bar).toBeLessThan(1e-9)
    expect(`${report}`).toContain('input[0].layers[1].w[2, 1] -> output.rows[1][1]')
  })

  test('writes a page that can be read', () => {
    const cube = customOp({
      name: 'cube',
      forward: (x: Tensor) => x.pow(3) as Tensor,
      vjp: (g, [x]) => [g.mul(x.square()).mul(-3) as Tensor],
    })
    const page = gradcheck(cube, [tensor([2])]).toString()
    const plain = (line: string) => line.replace(/at \/.*\/(gradcheck\.test\.ts):\d+/, 'at $1')
    expect(page.split('\n').map(plain)).toEqual([
      'gradcheck: fail (seed 0): the derivatives are not those that differences show',
      '  cause: reverse mode (forward mode is made of its vjp), derivative by input[0]: the sign is wrong: negate it (confirmed at a second point)',
      '  op: cube (at gradcheck.test.ts): its derivative by input[0] is wrong at its own inputs',
      '',
      '  1 of 1 differ (a bar is how uncertain the differences are; 10 are allowed):',
      '                              reverse = forward  numeric +- bar      error  ratio',
      '    input[0][0] -> output[0]                -12    12 +- 1.2e-9  2e10 bars     -1',
      '',
      '  compared: order 1 (all 1 element of the Jacobian)',
      '  note: checked in float64, though float32 was given: input[0]',
      '  note: Taylor remainder of reverse mode: order 1.00 where 2 belongs',
      '  note: Taylor remainder of forward mode: order 1.00 where 2 belongs',
      '  note: order 2 is not looked at before order 1 is right',
      '  to see it again:',
      "    gradcheck(f, [tensor([2], { dtype: 'float32' })], { seed: 0 })",
    ])
  })

  test('repeats itself exactly with the same seed, and not with another', () => {
    const f = (x: Tensor, w: Tensor) => x.matmul(w).sin()
    const inputs = [normal(3, 2), normal(2, 2)] as const
    const page = (seed: number) => `${gradcheck(f, inputs, { seed, budget: 10 })}`
    expect(page(5)).toBe(page(5))
    expect(page(5)).not.toBe(page(6))
    expect(page(5)).toContain('(seed 5)')
  })

  test('takes random directions beyond the budget, as many as asked for', () => {
    const report = gradcheck((x: Tensor) => x.exp(), [normal(5)], { budget: 24, directions: 3 })
    expect(report.orders.map(({ coverage }) => coverage)).toEqual([
      '3 random directions for the 25 elements of the Jacobian',
      '3 random directions for the 25 elements of the Jacobian',
    ])
    expect(report.verdict, `${report}`).toBe('pass')
  })

  test('knows the types of the arguments from the inputs', () => {
    const inputs = [normal(2, 3).as([2, 3]), { w: normal(3, 4).as([3, 4]) }] as const
    expect(gradcheck((x, { w }) => x.matmul(w).tanh(), inputs).verdict).toBe('pass')
    // @ts-expect-error the inner dimensions differ
    expect(() => gradcheck((x, { w }) => w.matmul(x), inputs)).toThrow(/inner dimensions/)
  })

  test('stops at order 1 when asked to', () => {
    expect(gradcheck((x: Tensor) => x.exp(), [normal(2)], { order: 1 }).orders).toHaveLength(1)
  })

  test('checks a custom op by either of its rules', () => {
    const forwardOf = (x: Tensor, y: Tensor) => x.mul(y).mul(y) as Tensor
    const byVjp = customOp({
      name: 'xyy',
      forward: forwardOf,
      vjp: (g, [x, y]) => [g.mul(y).mul(y), g.mul(x).mul(y).mul(2)] as Tensor[],
    })
    const byJvp = customOp({
      name: 'xyy',
      forward: forwardOf,
      jvp: ([dx, dy], [x, y]) => dx!.mul(y).mul(y).add(dy!.mul(x).mul(y).mul(2)) as Tensor,
    })
    for (const f of [byVjp, byJvp]) assertGradients(f, [normal(3), normal(3)])
    assertGradients(
      elementwise('mish', (m, x) => m.mul(x, m.tanh(m.softplus(x)))),
      [normal(4)],
    )
  })

  test('checks functions that differentiate inside, and those called where nothing is recorded', () => {
    const slope = (x: Tensor) => grad((y: Tensor) => y.pow(3).mul(x).sum())(x)
    assertGradients(slope, [normal(3)])
    noGrad(() => {
      assertGradients((x: Tensor) => x.tanh(), [normal(3)])
    })
  })

  test('leaves inputs and captured parameters as they were', () => {
    const w = parameter(normal(2, 2))
    const x = parameter(normal(2))
    const before = [w.toArray(), x.toArray()]
    assertGradients((y: Tensor) => y.matmul(w).tanh(), [x])
    expect([w.toArray(), x.toArray()]).toEqual(before)
    expect([w.hasGrad, x.hasGrad]).toEqual([false, false])
  })

  test('says what it did to float32 and empty inputs', () => {
    const report = gradcheck((x: Tensor, y: Tensor) => x.sum().add(y.sum()), [tensor([1]), zeros([0], f64) as Tensor])
    expect(report.notes).toEqual(['checked in float64, though float32 was given: input[0]', 'input[1] has no elements'])
    expect(report.verdict).toBe('pass')
  })

  test('takes scalars, and outputs without floats are passed over', () => {
    const report = gradcheck((x: Tensor) => ({ y: x.exp(), n: x.cast('int32') }), [tensor(0.5, f64) as Tensor])
    expect(report.verdict).toBe('pass')
    expect(report.orders[0]!.comparisons[0]!.worst).toMatchObject({ input: 'input[0]', output: 'output.y' })
  })

  test('refuses what has no derivative', () => {
    expect(() => gradcheck((x: Tensor) => x.exp(), [labels])).toThrow(GradientError)
    expect(() => gradcheck((x: Tensor) => x.exp(), [labels])).toThrow(/inputs hold no float tensor/)
    expect(() => gradcheck((x: Tensor) => x.argmax(), [normal(3)])).toThrow(/returned no float tensor/)
  })

  test('lets through what the function throws', () => {
    expect(() => gradcheck((x: Tensor) => x.matmul(zeros([3, 3])), [normal(2)])).toThrow(/matmul/)
  })

  test('tells the shape of a cotangent that does not fit', () => {
    const f = customOp({
      name: 'rowSum',
      forward: (x: Tensor) => x.sum(0) as Tensor,
      vjp: (g) => [g],
    })
    const report = gradcheck(f, [normal(2, 3)])
    expect(report.verdict).toBe('fail')
    expect(report.orders[0]!.broken).toMatch(/reverse mode threw GradientError: rowSum.*\[3\].*\[2, 3\]/)
  })
})

describe('assertGradients', () => {
  test('throws the report where gradcheck does not pass', () => {
    expect(assertGradients((x: Tensor) => x.tanh(), [normal(2)])).toBeUndefined()
    const act = () => assertGradients((x: Tensor) => x.relu(), [zeros([1], f64) as Tensor])
    expect(act).toThrow(GradcheckError)
    expect(act).toThrow(/gradcheck: inconclusive[\s\S]*a kink/)
    try {
      act()
    } catch (error) {
      expect((error as GradcheckError).report.verdict).toBe('inconclusive')
    }
  })
})

describe('differences', () => {
  const estimateOf = (f: (x: number) => number, x: number) => {
    const pairs = Array.from({ length: 7 }, (_, row) => {
      const step = 0.05 / 2 ** row
      return { step, plus: f(x + step), minus: f(x - step) }
    })
    return estimate(pairs, f(x), 0, null)
  }

  test.each<[string, (x: number) => number, number, number]>([
    ['exp', Math.exp, 1, Math.E],
    ['sin', Math.sin, 2, Math.cos(2)],
    ['log', Math.log, 0.2, 5],
    ['sqrt', Math.sqrt, 3, 0.5 / Math.sqrt(3)],
    ['1 / x', (x) => 1 / x, 0.3, -1 / 0.09],
  ])('of %s are right within the bar, and the bar is small', (_, f, x, truth) => {
    const { slope, bend } = estimateOf(f, x)
    expect(Math.abs(slope.value - truth)).toBeLessThanOrEqual(slope.bar)
    expect(slope.bar).toBeLessThan(1e-9 * Math.abs(truth))
    expect(Math.abs(bend.value)).toBeLessThanOrEqual(bend.bar)
  })

  test('see both sides of a kink', () => {
    const { slope, bend } = estimateOf((x) => Math.max(x, 3 * x) + x * x, 0)
    expect(slope.value).toBeCloseTo(2, 12)
    expect(bend.value).toBeCloseTo(2, 12)
  })

  test('of rounded numbers have the bar that rounding gives them', () => {
    const { slope, isNarrow } = estimateOf((x) => Math.fround(Math.exp(x)), 1)
    expect(isNarrow).toBe(true)
    expect(Math.abs(slope.value - Math.E)).toBeLessThan(slope.bar)
    expect(slope.bar).toBeGreaterThan(1e-6)
  })

  test('of a single value show nothing', () => {
    expect(extrapolate([1], [0], 2)).toMatchObject({ value: Number.NaN, bar: Number.POSITIVE_INFINITY })
  })
})
