import {
  AnomalyError,
  CompileError,
  checkpoint,
  compile,
  detectAnomaly,
  GradientError,
  grad,
  jvp,
  noGrad,
  parameter,
  scan,
  type Tensor,
  tensor,
  valueAndGrad,
  vmap,
  where,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const
const of = (...numbers: number[]) => tensor(numbers, float64) as Tensor

const messageOf = (f: () => unknown): string => {
  try {
    detectAnomaly(f)
  } catch (error) {
    expect(error).toBeInstanceOf(AnomalyError)
    return (error as Error).message
  }
  return 'no anomaly'
}

describe('forward', () => {
  test('names the first op, what it gave and of what, and the line', () => {
    const x = of(2, 0, 1)
    let here = ''
    const message = messageOf(() => {
      here = new Error().stack!
      return x.log().mul(2).sum()
    })
    expect(message).toContain('the result is -Infinity of float64[]')
    expect(message).toContain('is log: it gave -Infinity at [1] of float64[3], of 0.')
    const lineOf = (text: string) => Number(/anomaly\.test\.ts:(\d+)/.exec(text)![1])
    expect(lineOf(message)).toBe(lineOf(here) + 1)
  })

  test('what comes to nothing on the way is none', () => {
    const x = of(2, 0, -1)
    const safe = () => where(x.greater(0), x.log() as Tensor, 0).sum()
    expect(detectAnomaly(safe).item()).toBe(Math.log(2))
    const masked = () =>
      where(tensor([true, false, true]), x, Number.NEGATIVE_INFINITY)
        .softmax()
        .sum()
    expect(detectAnomaly(masked).item()).toBeCloseTo(1, 12)
  })

  test('the first of several counts', () => {
    const x = of(0)
    const message = messageOf(() =>
      x
        .div(x)
        .add(x.log() as Tensor)
        .sum(),
    )
    expect(message).toContain('is div: it gave NaN at [0] of float64[1], of 0 and 0.')
  })

  test('what was there before is said to have been there', () => {
    const message = messageOf(() => of(1, Number.NaN).exp().sum())
    expect(message).toContain(
      'The first op that met numbers that are not finite is exp: it was given NaN at [1] of float64[2]',
    )
  })

  test('a reduction that overflows is named without elements', () => {
    expect(messageOf(() => of(1e308, 1e308).sum())).toContain('is sum: it gave Infinity.')
  })

  test('in the body of a loop, under vmap, in a checkpoint and in a compiled function', () => {
    const step = (h: Tensor) => [h.sub(1).log() as Tensor, null] as never
    const ways: Record<string, () => unknown> = {
      scan: () => scan(step, of(3), null, { length: 3 })[0],
      rows: () => scan((h: Tensor) => [h, h.sub(3).log()] as never, of(3), null, { length: 2 })[1],
      vmap: () => vmap((x: Tensor) => x.log() as never)(of(1, 0) as never),
      checkpoint: () => checkpoint((x: Tensor) => x.log() as Tensor)(of(0)),
      compile: () => compile((x: Tensor) => x.log() as Tensor)(of(0)),
    }
    for (const [way, f] of Object.entries(ways)) {
      const message = messageOf(f)
      expect(message, way).toContain('first op')
      expect(message, way).toMatch(/gave (-Infinity|NaN) at/)
      expect(message, way).toContain('anomaly.test.ts')
    }
  })
})

describe('backward', () => {
  test('the derivative of an op, and where the op was called', () => {
    const x = parameter(of(4, 0))
    const message = messageOf(() => {
      const root = x.sqrt()
      root.sum().backward()
    })
    expect(message).toContain('the gradient of float64[2] is Infinity at [1]')
    expect(message).toContain('is the derivative of sqrt: it gave Infinity at [1] of float64[2], of 1 and 0.')
    expect(message).toContain('sqrt was called here:')
    expect(message).toContain('anomaly.test.ts')
    expect(x.hasGrad).toBe(false)
  })

  test('in grad, in tangents, in a step that assigns', () => {
    const f = (x: Tensor) => x.sqrt().sum() as Tensor
    expect(messageOf(() => grad(f)(of(0)))).toContain('the derivative of sqrt')
    expect(messageOf(() => jvp(f, [of(0)], [of(1)]))).toContain('the derivative of sqrt')
    expect(messageOf(() => void valueAndGrad((x: Tensor) => x.log().sum() as Tensor)(of(0)))).toContain(
      'the loss is -Infinity',
    )
    const w = parameter(of(0))
    const train = compile(() => {
      w.zeroGrad()
      f(w).backward()
      noGrad(() => w.assign(w.sub(w.grad)))
    })
    expect(messageOf(train)).toContain('the derivative of sqrt')
    expect(w.item()).toBe(0)
  })

  test('a safe function has none, and gradients as without', () => {
    const x = of(3, 0)
    const f = (p: Tensor) => where(p.greater(0), p.sqrt() as Tensor, 0).sum() as Tensor
    expect(detectAnomaly(() => grad(f)(x)).toArray()).toEqual(grad(f)(x).toArray())
    const net = (p: Tensor) => p.tanh().softmax().square().logSumExp().sum() as Tensor
    expect(detectAnomaly(() => grad(net)(x)).toArray()).toEqual(grad(net)(x).toArray())
  })
})

test('it is refused in compiled functions and of async ones, passes other errors on, and leaves nothing behind', () => {
  expect(() => compile(() => detectAnomaly(() => of(1)))()).toThrow(CompileError)
  expect(() => detectAnomaly(async () => 0)).toThrow(GradientError)
  const limit = Error.stackTraceLimit
  expect(() => detectAnomaly(() => { throw new RangeError('mine') })).toThrow('mine') // biome-ignore format: short
  expect(Error.stackTraceLimit).toBe(limit)
  expect(of(0).log().item()).toBe(Number.NEGATIVE_INFINITY)
  expect(detectAnomaly(() => ({ a: of(1), words: 'and others', n: 3 })).n).toBe(3)
})
