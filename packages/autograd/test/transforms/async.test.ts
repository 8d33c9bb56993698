import {
  compile,
  elementwise,
  GradientError,
  grad,
  guard,
  hessian,
  hvp,
  jacobian,
  jvp,
  linearize,
  noGrad,
  parameter,
  type Tensor,
  tensor,
  valueAndGrad,
  verify,
  vjp,
} from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

class Deferred {
  // biome-ignore lint/suspicious/noThenProperty: that is the point
  then(_: unknown, fail?: (reason: Error) => void): void {
    fail?.(new Error('mine'))
  }
}

type Loss = (x: Tensor) => Tensor<[]>
const x: Tensor = tensor([1, 2], { dtype: 'float64' })
const w = parameter(x)

const callers: Record<string, (f: Loss) => unknown> = {
  noGrad: (f) => noGrad(() => f(x)),
  grad: (f) => grad(f)(x),
  valueAndGrad: (f) => valueAndGrad(f)(x),
  vjp: (f) => vjp(f, x),
  jvp: (f) => jvp(f, [x], [x]),
  linearize: (f) => linearize(f, x),
  hvp: (f) => hvp(f, x, x),
  jacobian: (f) => jacobian(f)(x),
  'jacobian, forward': (f) => jacobian(f, { mode: 'forward' })(x),
  hessian: (f) => hessian(f)(x),
  gradcheck: (f) => gradcheck(f, [x]),
  compile: (f) => compile(f)(x),
  'compile of a gradient': (f) => compile(grad(f))(x),
  'compile where it falls back': (f) => {
    let isFirst = true
    const g = compile((y: Tensor) => {
      if (!isFirst) return f(y)
      isFirst = false
      return y.mul(w)
    })
    g(x)
    return g(x)
  },
  'compile inside compile': (f) => {
    const inner = compile(f)
    return compile((y: Tensor) => {
      inner(y)
      return y
    })(x)
  },
  verify: (f) => verify(x, () => f(x) as never),
  'verify, compiled': (f) =>
    compile((y: Tensor) => {
      verify(y, () => f(x) as never)
      return y
    })(x),
  elementwise: (f) => elementwise('odd', ((_: unknown, element: Tensor) => f(element)) as never),
  guard: (f) => guard(() => f(x)),
  'a tree from vjp': (f) => vjp((y: Tensor) => [y, { later: f(y) }] as unknown as Tensor, x),
  'a tree from compile': (f) => compile((y: Tensor) => [y, { later: f(y) }])(x),
}

describe('functions that go on later are refused: what they do then would silently not be covered', () => {
  const unhandled: unknown[] = []
  const listen = (reason: unknown) => unhandled.push(reason)
  beforeEach(() => {
    unhandled.length = 0
    process.on('unhandledRejection', listen)
  })
  afterEach(() => {
    process.off('unhandledRejection', listen)
  })
  /** Until promises that were rejected by now have been reported. */
  const settled = () => new Promise((done) => setImmediate(() => setImmediate(done)))

  const later: Record<string, [(y: Tensor) => unknown, RegExp]> = {
    'an async function': [
      async (y) => {
        await null
        return tensor(1).mul(y)
      },
      /: the function is async.*await or collect first/,
    ],
    'an async function that fails before it awaits': [() => Promise.reject(new Error('mine')), /is async/],
    'an async function that fails after it has waited': [
      async () => {
        await null
        throw new Error('mine')
      },
      /is async/,
    ],
    'a promise of another library': [() => new Deferred(), /is async/],
    'a generator': [
      function* (y) {
        yield y
      },
      /: the function is a generator/,
    ],
    'an async generator': [
      async function* (y) {
        yield y
      },
      /: the function is a generator/,
    ],
  }
  for (const [what, [f, says]] of Object.entries(later)) {
    test.each(Object.entries(callers))(`${what}, by %s`, async (_, call) => {
      const act = () => call(f as never)
      expect(act).toThrow(GradientError)
      expect(act).toThrow(says)
      await settled()
      expect(unhandled).toEqual([])
    })
  }
})
