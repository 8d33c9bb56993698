import { compile, grad, name, noGrad, parameter, type Tensor, tensor } from '@adjoint/autograd'
import { assertGradients, gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test } from 'vitest'
import { altered, normal, scaled } from './mutants/kit.js'

const product = (x: Tensor, w: Tensor): Tensor => x.matmul(w) as Tensor
const weights = (dtype: 'float32' | 'float64' = 'float64'): Tensor =>
  parameter(normal(41, 2, 3).cast(dtype) as never) as unknown as Tensor
const wrongWeight = scaled('product', product, -1, 1)
const x = () => normal(42, 2, 2)

type Report = ReturnType<typeof gradcheck>
const wrongInputs = ({ orders }: Report) =>
  orders.flatMap(({ comparisons }) =>
    comparisons.filter(({ agrees, right }) => !agrees && right === 'numeric').map(({ worst }) => worst!.input),
  )

describe('a parameter that f closes over', () => {
  test.each(['float32', 'float64'] as const)('of %s is varied, and found wrong under captured[0]', (dtype) => {
    const w = weights(dtype)
    const report = gradcheck((x: Tensor) => wrongWeight(x, w), [x()])
    expect(report.verdict).toBe('fail')
    expect(wrongInputs(report).map((input) => input.replace(/\[\d, \d\]$/, ''))).toEqual(['captured[0]', 'captured[0]'])
    expect(report.notes[0]).toBe(
      `captured parameters, over which f closes, are checked as further inputs: captured[0] (${dtype}[2, 3]${
        dtype === 'float32' ? ', as float64' : ''
      })`,
    )
    expect(`${report}`).toContain('derivative by captured[0]: the sign is wrong')
  })

  test('has the name that it was given', () => {
    const w = name(weights(), 'scale')
    expect(wrongInputs(gradcheck((x: Tensor) => wrongWeight(x, w), [x()]))[0]).toMatch(/^scale\[/)
  })

  test('has a number where two have one name', () => {
    const [a, b] = [name(weights(), 'w'), name(weights(), 'w')]
    const report = gradcheck((x: Tensor) => product(x, a).add(product(x, b).sin()), [x()])
    expect(report.verdict, `${report}`).toBe('pass')
    expect(report.notes[0]).toMatch(/captured\[0\] .*captured\[1\]/)
  })

  test.each(['float32', 'float64'] as const)(
    'of %s passes where all is right, at both orders and by all modes',
    (dtype) => {
      const w = weights(dtype)
      const report = gradcheck((x: Tensor) => product(x, w).tanh(), [x()])
      expect(report.verdict, `${report}`).toBe('pass')
      expect(report.orders.map(({ coverage }) => coverage)).toEqual([
        'all 60 elements of the Jacobian',
        'all 100 elements of the Jacobian',
      ])
      for (const { comparisons } of report.orders) expect(comparisons.every(({ compared }) => compared > 0)).toBe(true)
    },
  )

  test('has its value, dtype and gradient afterwards, also when a rule throws, or f', () => {
    const w = weights('float32')
    const before = [w.toArray(), w.dtype, w.op, w.requiresGrad]
    product(x(), w).sum().backward()
    const collected = w.grad!.toArray()
    const held = w.grad
    const throws = altered('product', product, () => {
      throw new Error('no rule')
    })
    let calls = 0
    const late = (x: Tensor) => {
      if (++calls === 3) throw new Error('f gives up')
      return product(x, w)
    }
    gradcheck((x: Tensor) => wrongWeight(x, w), [x()])
    expect(gradcheck((x: Tensor) => throws(x, w), [x()]).orders[0]!.broken).toMatch(/no rule/)
    expect(() => gradcheck(late, [x()])).toThrow('f gives up')
    expect([w.toArray(), w.dtype, w.op, w.requiresGrad]).toEqual(before)
    expect(w.grad).toBe(held)
    expect(w.grad!.toArray()).toEqual(collected)
    product(x(), w).sum().backward()
    expect(w.grad!.toArray()).not.toEqual(collected)
  })

  test('is left out by captured: false, and a note says so', () => {
    const w = name(weights(), 'w')
    const report = gradcheck((x: Tensor) => wrongWeight(x, w), [x()], { captured: false })
    expect(report.verdict, `${report}`).toBe('pass')
    expect(report.notes[0]).toBe('not varied, as captured: false says, though f closes over it: w')
  })

  test('is found inside a gradient that f takes, in noGrad, and if it is the result itself', () => {
    const w = weights()
    const slope = (x: Tensor) => grad((y: Tensor) => product(y, w).tanh().sum() as Tensor<[]>)(x)
    const report = gradcheck(slope, [x()])
    expect(report.verdict, `${report}`).toBe('pass')
    expect(report.notes[0]).toContain('captured[0]')
    noGrad(() => {
      expect(gradcheck((x: Tensor) => wrongWeight(x, w), [x()]).verdict).toBe('fail')
    })
    assertGradients((x: Tensor) => [x.sin(), w], [x()])
  })

  test('may be among the inputs, and f use it and not its argument: the report says so', () => {
    const w = weights()
    const report = gradcheck((x: Tensor, _w: Tensor) => wrongWeight(x, w), [x(), w])
    expect(report.verdict).toBe('fail')
    expect(report.notes).toContain(
      'captured[0] is input[1], which f uses from outside, beside its argument or in its place',
    )
  })

  test.each(['float32', 'float64'] as const)(
    'of %s in a compiled function is checked, or not said to be right',
    (dtype) => {
      const w = weights(dtype)
      const wrong = compile((x: Tensor) => wrongWeight(x, w) as Tensor)
      expect(gradcheck((x: Tensor) => wrong(x), [x()]).verdict).not.toBe('pass')
      const right = compile((x: Tensor) => product(x, w).tanh() as Tensor)
      expect(gradcheck((x: Tensor) => right(x), [x()]).verdict).not.toBe('fail')
      // what was compiled on the way serves f as before
      expect(right(x()).toArray()).toEqual(product(x(), w).tanh().toArray())
      expect(right(x().cast('float32') as Tensor).dtype).toBe(dtype)
    },
  )

  test('that f changes cannot be varied: inconclusive, and it says what to do', () => {
    const w = weights()
    const f = (x: Tensor) => {
      const y = product(x, w)
      noGrad(() => w.assign(w.mul(0.5) as never))
      return y
    }
    const report = gradcheck(f, [x()])
    expect(report.verdict).not.toBe('pass')
    expect(`${report}`).toMatch(/pass it, or the module that has it, as an input|two calls with the same inputs/)
  })

  test('constants are none', () => {
    const c = tensor([1, 2])
    expect(gradcheck((x: Tensor) => x.mul(c), [normal(3, 2)]).notes).toEqual([])
  })
})
