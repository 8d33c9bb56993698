import {
  type AdjointError,
  ArgumentError,
  atan2,
  checkpoint,
  cond,
  customOp,
  DTypeError,
  elementwise,
  elu,
  GradientError,
  grad,
  noGrad,
  parameter,
  random,
  stopGradient,
  type Tensor,
  tanh,
  tensor,
  verify,
  where,
} from '@adjoint/autograd'
import { derivative } from '@adjoint/autograd/inspect'
import { describe, expect, test } from 'vitest'
import { ofText } from './notations.js'
import { run } from './run.js'

const text = (...args: Parameters<typeof derivative>) => derivative(...args).partials.map((partial) => partial.text)

describe('what it gives', () => {
  test('the function and its derivatives in three notations, and all of it', () => {
    const d = derivative((x, w) => x.mul(w).tanh())
    expect(d.names).toEqual(['x', 'w'])
    expect(d.value).toEqual({
      text: 'tanh(x * w)',
      latex: '\\tanh(x w)',
      typescript: '(x: number, w: number): number => Math.tanh(x * w)',
    })
    expect(d.partials[0]).toEqual({
      by: ['x'],
      text: 'w * (1 - tanh(x * w) ** 2)',
      latex: 'w \\left(1 - \\tanh^{2}(x w)\\right)',
      typescript: [
        '(x: number, w: number): number => {',
        '  const t1 = Math.tanh(x * w)',
        '  return (1 - t1 * t1) * w',
        '}',
      ].join('\n'),
    })
    expect(d.text.split('\n')).toEqual([
      'f(x, w) = tanh(x * w)',
      'df/dx = w * (1 - tanh(x * w) ** 2)',
      'df/dw = x * (1 - tanh(x * w) ** 2)',
    ])
    expect(d.latex).toMatch(
      /^\\begin\{aligned\} f\(x, w\) &= \\tanh\(x w\) \\\\ \\frac\{\\partial f\}\{\\partial x\} &= /,
    )
    const t = Math.tanh(0.3 * 0.7)
    expect(run<number[]>(d.typescript)(0.3, 0.7)).toEqual([t, (1 - t * t) * 0.7, (1 - t * t) * 0.3])
    expect(JSON.parse(JSON.stringify(d))).toEqual(d)
  })

  test('by some of the inputs, to some order, each choice once', () => {
    const f = (x: Tensor, y: Tensor) => x.pow(3).mul(y)
    const by = (options: Parameters<typeof derivative>[1]) =>
      derivative(f, options).partials.map((each) => each.by.join(' '))
    expect(by({})).toEqual(['x', 'y'])
    expect(by({ by: 'y' })).toEqual(['y'])
    expect(by({ by: [1, 'x'] })).toEqual(['y', 'x'])
    expect(by({ order: 2 })).toEqual(['x x', 'x y', 'y y'])
    expect(by({ order: 3, by: 0 })).toEqual(['x x x'])
    expect(derivative(f, { order: 2 }).text.split('\n').slice(1)).toEqual([
      'd2f/dx2 = 6 * x * y',
      'd2f/dx dy = 3 * x ** 2',
      'd2f/dy2 = 0',
    ])
    expect(derivative((x) => x.tanh(), { order: 4, by: 'x' }).latex).toContain('\\frac{d^{4} f}{d x^{4}}')
  })

  test('inputs are called as in the source, as said, or x', () => {
    const names = (...args: Parameters<typeof derivative>) => derivative(...args).names
    expect(
      names(function f(rate, w11) {
        return rate.mul(w11)
      }),
    ).toEqual(['rate', 'w11'])
    expect(names((x, y) => x.mul(y), { names: ['a', 'b'] })).toEqual(['a', 'b'])
    expect(names(tanh)).toEqual(['x'])
    expect(names((x, scale = tensor(2) as Tensor) => x.mul(scale))).toEqual(['x'])
    expect(names((...all: Tensor[]) => all[0]!.mul(all[1]!), { names: ['p', 'q'] })).toEqual(['p', 'q'])
    // what generated code would take for something else
    expect(names((Math) => Math.exp())).toEqual(['x'])
  })

  test('types: functions of tensors that give one, ops among them', () => {
    expect(derivative(atan2).names).toEqual(['x1', 'x2'])
    expect(derivative((x) => elu(x)).partials[0]!.text).toBe('x > 0 ? 1 : exp(x)')
    // @ts-expect-error a number is no tensor
    expect(() => derivative((_x) => 3)).toThrow('f returned 3')
    // @ts-expect-error inputs are tensors
    expect(() => derivative((x: number) => tensor(x))).toThrow()
    // @ts-expect-error there is no such option
    expect(() => derivative((x) => x, { wrt: 'x' })).toThrow('wrt')
  })

  test('names in LaTeX have indices, and Greek letters and words their own', () => {
    const d = derivative((w11, x_t, alpha, learningRate) => w11.mul(x_t).add(alpha).div(learningRate), { by: 'alpha' })
    expect(d.value.latex).toBe('\\frac{w_{11} x_{t} + \\alpha}{\\mathrm{learningRate}}')
  })

  test('an input called e is not the e of exp in LaTeX', () => {
    expect(derivative((e) => e.exp().mul(e)).value.latex).toBe('e \\exp(e)')
    expect(derivative((x) => x.exp().mul(x)).value.latex).toBe('x e^{x}')
  })
})

describe('what f may be', () => {
  test('ops of users, choices, comparisons, powers, numbers and numbers that are tensors', () => {
    const mish = elementwise('mish', (m, x) => m.mul(x, m.tanh(m.softplus(x))))
    expect(text(mish)).toEqual(['tanh(softplus(x)) + x * (1 - tanh(softplus(x)) ** 2) * sigmoid(x)'])
    expect(text((x) => where(x.greater(0), x.log(), x.mul(2)))).toEqual(['x > 0 ? 1 / x : 2'])
    expect(text((x) => x.greater(0).cast('float64').mul(x))).toEqual(['x > 0 ? 1 : 0'])
    expect(text((x, y) => where(x.less(y).logicalAnd(y.equal(3).logicalNot()), x, y))).toEqual([
      'x < y and not y == 3 ? 1 : 0',
      'x < y and not y == 3 ? 0 : 1',
    ])
    const w = parameter(tensor(3, { dtype: 'float64' }))
    expect(text((x) => x.mul(w).mul(tensor([1, 2]).sum()))).toEqual(['9'])
    expect(
      text((x) =>
        cond(
          x.greater(0),
          (y: Tensor) => y.mul(2),
          (y: Tensor) => y,
          x,
        ),
      ),
    ).toEqual(['x > 0 ? 2 : 1'])
  })

  test('a derivative: of other functions, in either mode', () => {
    expect(text((x) => grad((y: Tensor) => y.tanh())(x))).toEqual(['-2 * tanh(x) * (1 - tanh(x) ** 2)'])
    // of x y at y = x, by y: x
    expect(text((x) => grad((y: Tensor) => y.mul(x))(x))).toEqual(['1'])
  })

  test('derivatives flow as in the graph: what is stopped or not recorded has none', () => {
    expect(text((x) => x.add(stopGradient(x.round().sub(x))))).toEqual(['1'])
    expect(text((x) => x.mul(noGrad(() => x.exp())))).toEqual(['exp(x)'])
    expect(text((x) => x.mul(x.detach()), { order: 2 })).toEqual(['0'])
    const d = derivative((x) => x.mul(x.detach()))
    expect([d.value.text, d.partials[0]!.text, d.partials[0]!.typescript]).toEqual([
      'x ** 2',
      'x',
      '(x: number): number => x',
    ])
  })
})

describe('how it is written', () => {
  test('products are fractions of powers, sums have each term once, numbers are exact', () => {
    expect(text((x) => x.mul(x).mul(x))).toEqual(['3 * x ** 2'])
    expect(text((x, y) => x.div(y).mul(y.square()))).toEqual(['y', 'x'])
    expect(text((x) => x.add(x).sub(x.neg()))).toEqual(['3'])
    expect(text((x) => x.neg().neg().mul(1).add(0).div(1).sin())).toEqual(['cos(x)'])
    const value = (f: (x: Tensor) => Tensor) => derivative(f).value.text
    expect(value((x) => x.mul(0.1).mul(0.3))).toBe('0.1 * 0.3 * x')
    expect(value((x) => x.mul(0.5).mul(6).mul(x))).toBe('3 * x ** 2')
    expect(value((x) => x.sub(1).neg().div(x.add(2).neg()))).toBe('(x - 1) / (x + 2)')
    expect(value((x) => x.mul(x.neg()).sub(x.exp()))).toBe('-(x ** 2) - exp(x)')
    expect(value((x) => x.tanh().reciprocal().mul(x.tanh()))).toBe('1')
  })

  test('numbers that have a name are called by it, where they are exactly that', () => {
    expect(derivative((x) => x.mul(Math.PI).sin()).text).toBe('f(x) = sin(pi * x)\ndf/dx = pi * cos(pi * x)')
    expect(text((x) => x.erf())).toEqual(['2 * exp(-(x ** 2)) / sqrt(pi)'])
    expect(text((x) => x.mul(3.125))).toEqual(['3.125'])
    expect(text((pi) => pi.mul(Math.PI))).toEqual([String(Math.PI)])
  })

  test('parts that come again have a name, which no input has', () => {
    const deep = (x: Tensor, n: number): Tensor => (n === 0 ? x : deep(x.mul(x).add(1), n - 1))
    const d = derivative((t1) => deep(t1, 7))
    expect(d.partials[0]!.text).toMatch(/ where t2 = /)
    expect(d.partials[0]!.text.length).toBeLessThan(1000)
    expect(d.partials[0]!.latex.length).toBeLessThan(1500)
    expect(d.partials[0]!.latex).toContain('\\quad\\text{where}\\quad t_{2} = ')
    expect(d.typescript).not.toMatch(/const t1 /)
    const [, slope] = run<[number, number]>(d.typescript)(0.1)
    expect(Math.abs(ofText(d.partials[0]!.text, { t1: 0.1 }) / slope - 1)).toBeLessThan(1e-12)
  })

  test('TypeScript keeps what text leaves out: care at the ends, and conventions at corners', () => {
    const slope = (f: (x: Tensor) => Tensor, at: number) => run(derivative(f).partials[0]!.typescript)(at)
    expect(slope((x) => x.atan(), 1e200)).toBe(0)
    expect(slope((x) => x.softplus(), -800)).toBe(0)
    expect(slope((x) => x.abs(), 0)).toBe(0)
    expect(slope((x) => x.maximum(0), 0)).toBe(0.5)
    // 0 times what is infinite
    expect(slope((x) => x.square().sqrt(), 0)).toBe(0)
    expect(slope((x) => x.sinc(), 0)).toBe(0)
    expect(slope((x) => x.gelu(), -13)).toBe(grad((x: Tensor) => x.gelu())(tensor(-13, { dtype: 'float64' })).item())
  })

  test('helpers of TypeScript give way to inputs of their name', () => {
    const d = derivative((erf, sigmoid) => erf.erfc().mul(sigmoid.sigmoid()))
    expect(d.typescript).toContain('const erfOf = ')
    const [value] = run<number[]>(d.typescript)(2.5, 0)
    expect(value).toBeCloseTo(0.5 * 0.00040695201744495897, 15)
  })

  test('a long program takes no stack', () => {
    const chain = (x: Tensor) => {
      let y = x
      for (let i = 0; i < 3000; i++) y = y.sin()
      return y
    }
    expect(run<number[]>(derivative(chain).typescript)(0.5)[1]).toBeGreaterThan(0)
  })
})

describe('what it refuses', () => {
  const refusals: readonly (readonly [what: string, call: () => unknown, error: typeof AdjointError, says: string])[] =
    [
      ['a sum', () => derivative((x) => x.sum()), GradientError, 'sum is no elementwise function'],
      ['a product of matrices', () => derivative((x, w) => x.matmul(w)), GradientError, 'matmul [] x []'],
      [
        'an op with rules of its own',
        () => derivative((x) => straight(x)),
        GradientError,
        'straight has a derivative of its own',
      ],
      [
        'a program in one node',
        () => derivative((x) => checkpoint((y: Tensor) => y.tanh())(x)),
        GradientError,
        'checkpoint has',
      ],
      [
        'a look',
        () => derivative((x) => (x.item() > 0 ? x : x.neg())),
        GradientError,
        'choose between values with where()',
      ],
      ['random numbers', () => derivative((x) => x.mul(random.normal([]))), GradientError, 'draws random numbers'],
      ['a check of values', () => derivative((x) => seen(x)), GradientError, 'verify()'],
      ['several numbers', () => derivative((x) => x.mul(tensor([1, 2]))), GradientError, 'a tensor of shape [2]'],
      ['integers', () => derivative((x) => x.cast('int32').cast('float64')), GradientError, 'cast gives int32'],
      ['an integer result', () => derivative((x) => x.cast('int32')), DTypeError, 'f returns int32'],
      ['a truth value', () => derivative((x) => x.greater(0)), DTypeError, 'f returns bool'],
      [
        'no tensor',
        () => derivative(() => 3 as never, { names: ['x'] }),
        GradientError,
        'f returned 3; return one tensor',
      ],
      ['no inputs', () => derivative(() => tensor(1)), ArgumentError, "{ names: ['x'] }"],
      ['a promise', () => derivative((async (x: Tensor) => x) as never), GradientError, 'async'],
      [
        'inputs taken apart',
        () => derivative((({ x }: { x: Tensor }) => x) as never),
        ArgumentError,
        'write it as (x, w) => ...',
      ],
      [
        'names of nothing',
        () => derivative((x) => x, { names: ['x', 'y'] }),
        ArgumentError,
        'names has 2, and f takes x',
      ],
      [
        'a name twice',
        () => derivative((x, y) => x.mul(y), { names: ['x', 'x'] }),
        ArgumentError,
        'two inputs are called x',
      ],
      ['what is no name', () => derivative((x) => x, { names: ['if'] }), ArgumentError, "names[0] is 'if'"],
      ['an unknown input', () => derivative((x) => x, { by: 'w' }), ArgumentError, "by is 'w', and the inputs are x"],
      ['a place too far', () => derivative((x) => x, { by: 1 }), ArgumentError, 'by is 1'],
      ['no order', () => derivative((x) => x, { order: 0 }), ArgumentError, 'use an integer from 1 to 8'],
      ['half an order', () => derivative((x) => x, { order: 1.5 }), ArgumentError, 'use an integer from 1 to 8'],
      ['an order that fills pages', () => derivative((x) => x.tanh(), { order: 12 }), ArgumentError, 'from 1 to 8'],
    ]
  const straight = customOp({ name: 'straight', forward: (x: Tensor) => x.round(), vjp: (g) => [g] })
  const seen = (x: Tensor): Tensor => {
    verify(x, () => {})
    return x
  }

  test.each(refusals)('%s', (_what, call, error, says) => {
    let thrown: unknown
    try {
      call()
    } catch (caught) {
      thrown = caught
    }
    expect(thrown).toBeInstanceOf(error)
    expect((thrown as Error).message).toMatch(/^derivative: /)
    expect((thrown as Error).message).toContain(says)
  })

  test('and leaves everything as it was', () => {
    const w = parameter(tensor(2))
    expect(() => derivative((x) => x.mul(w).sum())).toThrow()
    expect(w.mul(3).item()).toBe(6)
    expect(grad((x: Tensor) => x.mul(w))(tensor(1)).item()).toBe(2)
  })
})
