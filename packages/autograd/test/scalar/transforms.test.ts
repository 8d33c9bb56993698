import { tensor } from '@adjoint/autograd'
import * as scalar from '@adjoint/autograd/scalar'
import { describe, expect, test } from 'vitest'
import { createCore } from '../../src/scalar/tape/core.js'

type N = scalar.Num
const any = <T>(thing: unknown): T => thing as T
type Loose = Record<'grad' | 'jacobian' | 'vjp', (...args: unknown[]) => (...args: unknown[]) => unknown>
/** As JavaScript calls it. */
const loose = scalar as unknown as Loose

describe('numbers in and out', () => {
  test('a gradient lies as its argument does: numbers, arrays, typed arrays, objects, and what is nothing', () => {
    const f = (p: { a: N; b: N[]; c: { d: N[][] }; e: null }, factor: number) =>
      p.a.mul(p.b[1]!).add(p.c.d[0]![0]!.square()).mul(factor)
    const [value, gradient] = scalar.valueAndGrad(f)(
      { a: 2, b: new Float64Array([3, 4]), c: { d: [[5], []] }, e: null },
      10,
    )
    expect(value).toBe(330)
    expect(gradient).toEqual({ a: 40, b: new Float64Array([0, 20]), c: { d: [[100], []] }, e: null })
    expect(scalar.grad((x: N[]) => x[0]!.mul(x[1]!))(new Float32Array([0.5, 2]))).toEqual(new Float64Array([2, 0.5]))
    expect(scalar.grad((_: N[]) => scalar.constant(3))([1, 2])).toEqual([0, 0])
  })

  test('what is not differentiated by is passed on as it is', () => {
    const seen: unknown[] = []
    const data = { rows: [1, 2] }
    scalar.grad((x: N, ...rest: [number, typeof data]) => {
      seen.push(...rest)
      return x.mul(rest[0])
    })(2, 3, data)
    expect(seen).toEqual([3, data])
    expect(seen[1]).toBe(data)
  })

  test('a function may be constant in some arguments, return an argument, and use one many times', () => {
    expect(scalar.grad(([x, _y]) => x)([1, 2])).toEqual([1, 0])
    expect(scalar.grad((x) => x.add(x).add(x).mul(x))(2)).toBe(12)
    expect(scalar.jvp((x: N) => [x, scalar.constant(2), x.mul(3)], [1], [5])).toEqual([
      [1, 2, 3],
      [5, 0, 15],
    ])
  })

  test('jacobians are rows for results, by both modes, for every form', () => {
    const f = ({ a, b }: { a: N; b: N[] }) => [a.mul(b[0]!), b[0]!.add(b[1]!), scalar.constant(1)]
    const wanted = [
      { a: 3, b: new Float64Array([2, 0]) },
      { a: 0, b: new Float64Array([1, 1]) },
      { a: 0, b: new Float64Array([0, 0]) },
    ]
    const at = () => ({ a: 2, b: new Float64Array([3, 4]) })
    expect(scalar.jacobian(f)(at())).toEqual(wanted)
    expect(scalar.jacobian(f, { mode: 'reverse' })(at())).toEqual(wanted)
    expect(scalar.jacobian(f, { mode: 'forward' })(at())).toEqual(wanted)
  })

  test('a pullback may be called often, later, and with Nums', () => {
    const [value, pullback] = scalar.vjp((x: N, y: N) => ({ p: x.mul(y), q: x.sin() }), 3, 4)
    scalar.grad((x) => x.exp().exp())(0.5)
    expect(value).toEqual({ p: 12, q: Math.sin(3) })
    expect(pullback({ p: 1, q: 0 })).toEqual([4, 3])
    expect(pullback({ p: 2, q: 0 })).toEqual([8, 6])
    expect(scalar.grad((c: N) => pullback({ p: c.square(), q: 0 })[0])(3)).toBe(24)
  })

  test('what an outer differentiation follows comes back as Nums, constants too', () => {
    scalar.grad((x: N) => {
      const found = scalar.grad((p: { a: N; b: N[] }) => p.a.mul(2).add(p.b[0]!))({ a: x, b: new Float64Array([3]) })
      expect(found.a).toBeInstanceOf(scalar.Num)
      expect(found.b[0]).toBeInstanceOf(scalar.Num)
      expect([found.a.value, found.b[0]!.value]).toEqual([2, 1])
      return x
    })(1)
  })

  test('what a function refers to of an outer one is followed, where the inner one is given a Num', () => {
    const f = (x: N) => scalar.grad((y: N) => y.pow(3).mul(x))(scalar.constant(2))
    expect(scalar.grad((x: N) => f(x))(5)).toBe(12)
    expect(scalar.jvp((x: N) => scalar.jvp((y: N) => y.mul(x), [scalar.constant(2)], [1])[1], [5], [1])).toEqual([5, 1])
  })
})

describe('branches and values', () => {
  test('comparisons are of numbers, and the branch that was taken has the derivative, at each order', () => {
    const f = (x: N): N => (x.gt(1) ? x.pow(3) : x.le(-1) ? x.neg() : x.square())
    expect([-2, 0.5, 2].map((x) => scalar.grad(f)(x))).toEqual([-1, 1, 12])
    expect([-2, 0.5, 2].map((x) => scalar.grad((y: N) => scalar.grad(f)(y))(x))).toEqual([0, 2, 12])
    expect([-2, 0.5, 2].map((x) => scalar.jvp(f, [x], [1])[1])).toEqual([-1, 1, 12])
    const two = scalar.constant(2)
    expect([two.lt(3), two.le(2), two.gt(2), two.ge(2), two.eq(2), two.ne(2)]).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
    ])
    expect(two.lt(scalar.constant(NaN))).toBe(false)
  })

  test('a loop until something holds has the derivative of the rounds that ran', () => {
    const root = (a: N): N => {
      let x: N = a.mul(0).add(1)
      while (x.mul(x).sub(a).abs().gt(1e-14)) x = x.add(a.div(x)).mul(0.5)
      return x
    }
    expect(scalar.grad(root)(2)).toBeCloseTo(0.5 / Math.SQRT2, 12)
  })

  test('a value is read while the function runs, and is no derivative', () => {
    expect(scalar.grad((x) => x.mul(x.value))(3)).toBe(3)
    expect(`${scalar.constant(3)}`).toBe('Num(3)')
  })

  test('where a cotangent or a partial derivative is 0, what it meets is 0', () => {
    expect(scalar.grad((x) => (x.gt(0) ? x.sqrt() : x.mul(0)))(0)).toBe(0)
    expect(scalar.grad((x) => x.sqrt().mul(0))(0)).toBe(0)
    expect(scalar.grad((x) => x.greater(0).select(x.log(), x))(0)).toBe(1)
    expect(scalar.jvp((x: N) => x.greater(0).select(x.log(), x), [0], [1])[1]).toBe(1)
  })
})

describe('what is not right is refused, with what to do', () => {
  const kept: N[] = []
  const cases: Record<string, readonly [() => unknown, RegExp]> = {
    'an operator of JavaScript': [() => scalar.grad((x: N) => any<N>(any<number>(x) + 1))(2), /x\.add\(y\)/],
    'a comparison of JavaScript': [() => scalar.grad((x: N) => (any<number>(x) < 1 ? x : x))(2), /x\.lt\(y\)/],
    'a function of Math': [() => scalar.grad((x: N) => any<N>(Math.sin(any(x))))(2), /x\.sin\(\)/],
    'a string': [() => scalar.grad((x) => x.mul(any('3')))(2), /mul: given '3'/],
    'a tensor': [() => scalar.grad((x) => x.mul(any(tensor(3))))(2), /mul: given float32/],
    undefined: [() => scalar.grad((x) => x.mul(any(undefined)))(2), /mul: given undefined/],
    'too few operands': [
      () => scalar.grad((x) => any<{ mul(): N }>(x).mul())(2),
      /mul: takes 1 operand besides the Num, and was given 0/,
    ],
    'too many operands': [
      () => scalar.grad((x) => any<{ sin(k: number): N }>(x).sin(1))(2),
      /sin: takes 0 operands.* given 1/,
    ],
    'too many for duals': [
      () => scalar.jvp((x: N) => any<{ sin(k: number): N }>(x).sin(1), [2], [1]),
      /sin: takes 0 operands.* given 1/,
    ],
    'a number for a result': [() => scalar.grad(() => any(3))(2), /returned 3; .* constant/],
    'a value for a result': [() => scalar.grad((x) => any(x.value))(2), /returned 2; .*\.value/],
    'an array for a result': [() => scalar.grad((x: N[]) => any(x))([2]), /jacobian\(\)/],
    'nothing for a result': [() => scalar.grad(() => any(undefined))(2), /is a return missing/],
    'a promise for a result': [() => scalar.grad(() => any(Promise.resolve(1)))(2), /asynchronous/],
    'no Num in a tree of results': [() => loose.jacobian(() => [1, 2])([2]), /returned no Num/],
    'a handle after its scope': [
      () => {
        scalar.grad((x) => {
          kept.push(x)
          return x
        })(2)
        return scalar.grad((x) => x.mul(kept[0]!))(2)
      },
      /used after the differentiation/,
    ],
    'its value, after': [() => kept[0]!.value, /used after the differentiation/],
    'a handle of an outer tape': [
      () => scalar.grad((x: N) => any(scalar.grad((y: N) => y.mul(x))(3)))(2),
      /outer differentiation.*constant\(x\)/,
    ],
    'an outer handle alone': [
      () => scalar.grad((x: N) => any(scalar.grad(() => x.mul(2))(3)))(2),
      /outer differentiation/,
    ],
    'an outer handle returned': [() => scalar.grad((x: N) => any(scalar.grad(() => x)(3)))(2), /outer differentiation/],
    'an outer dual in a tape': [
      () => scalar.jvp((x: N) => any<N>(scalar.grad((y: N) => y.mul(x))(3)), [2], [1]),
      /outer differentiation/,
    ],
    'an outer dual in duals of numbers': [
      () => scalar.jvp((x: N) => any<N>(scalar.jvp((y: N) => y.mul(x), [3], [1])[1]), [2], [1]),
      /outer differentiation.*constant\(x\)/,
    ],
    'a symbol after its trace': [
      () => {
        let symbol: N | undefined
        scalar.grad((x: N) =>
          scalar.grad((y: N) => {
            symbol = y
            return y
          })(x),
        )(2)
        return symbol!.mul(2)
      },
      /used after the differentiation/,
    ],
    'something else in the argument': [() => loose.grad((x: N) => x)({ a: [1, 'q'] }), /x\.a\[1\] is 'q'/],
    'a cycle': [
      () => {
        const list: unknown[] = []
        list.push(list, 'x')
        return loose.grad((x: N) => x)(list)
      },
      /nests more than/,
    ],
    'a tangent of another form': [
      () => scalar.jvp((x: N[]) => x[0]!, [[1, 2]], [[1]]),
      /tangents is \[1 numbers\]; .*\[2 numbers\]/,
    ],
    'a cotangent of another form': [
      () => scalar.vjp((x: N) => [x, x], 1)[1](any<number[]>(1)),
      /cotangent is a number; .*2 numbers/,
    ],
    'a vector of another form': [() => scalar.hvp((x: N[]) => x[0]!, [1, 2], [1]), /v is 1 numbers; .*2 numbers/],
    'an unknown option': [() => scalar.jacobian((x: N[]) => x, any({ mod: 'forward' })), /mode/],
    'no function': [() => loose.grad(3), /scalar\.grad/],
  }
  test.each(Object.entries(cases))('%s', (_, [act, message]) => {
    expect(act).toThrow(message)
    expect(scalar.grad((x) => x.mul(2))(1), 'the tape works after it').toBe(2)
  })
})

describe('the tape', () => {
  test('is rewound when a function throws, so that nothing piles up', () => {
    for (let i = 0; i < 50; i++) {
      expect(() =>
        scalar.grad((x: N) => {
          let y = x
          for (let k = 0; k < 100_000; k++) y = y.sin()
          throw new Error('of the user')
        })(1),
      ).toThrow('of the user')
    }
    expect(scalar.grad((x) => x.square())(3)).toBe(6)
  })

  test('grows where a function is larger, by running it again, also inside another', () => {
    let runs = 0
    const chain = (x: N): N => {
      runs++
      let y = x
      for (let k = 0; k < 1_200_000; k++) y = y.add(1e-6)
      return y.square()
    }
    expect(scalar.grad(chain)(1)).toBeCloseTo(2 * 2.2, 6)
    expect(runs).toBe(2)
    expect(scalar.grad(chain)(1)).toBeCloseTo(4.4, 6)
    expect(runs).toBe(3)
  })

  test('runs again too where the function has caught what it was thrown', () => {
    const core = createCore(4)
    expect(() =>
      core.inScope(() => {
        const x = core.none(1)
        for (let k = 0; k < 3; k++) core.one(1, x.index, 1)
        core.one(1, x.index, 1)
      }),
    ).toThrow()
    expect(core.isFull()).toBe(true)
  })

  test('has no source that is made at run time: a strict content security policy allows it', () => {
    const { Function: original } = globalThis
    try {
      globalThis.Function = any(() => {
        throw new Error('refused by the policy')
      })
      expect(scalar.hessian(([x, y]) => x.mul(y).exp())([0.5, 0])).toEqual([
        [0, 1],
        [1, 0.25],
      ])
    } finally {
      globalThis.Function = original
    }
  })
})
