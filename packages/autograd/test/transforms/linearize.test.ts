import {
  ArgumentError,
  compile,
  GradientError,
  grad,
  jacobian,
  jvp,
  linearize,
  type Tensor,
  tensor,
  vjp,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

const at = (...numbers: number[]): Tensor => tensor(numbers, { dtype: 'float64' }) as Tensor
const list = (x: Tensor): number[] => [...x.data]

const expectClose = (got: Tensor, wanted: readonly number[]): void => {
  expect(list(got)).toHaveLength(wanted.length)
  wanted.forEach((number, i) => {
    expect(got.data[i]).toBeCloseTo(number, 12)
  })
}

describe('linearize', () => {
  const f = ({ a, b }: { a: Tensor; b: Tensor }, c: Tensor) => ({ y: a.mul(b).sin(), z: [b.mul(c).sum(), a] })
  const point = { a: at(0.5, 1), b: at(2, -1) }
  const c = at(3, 4)

  test('gives the value, and a map that may be applied many times', () => {
    const [value, push] = linearize(f, point, c)
    const along = [{ a: at(1, 2), b: at(0.5, 0) }, at(1, -1)] as const
    const [wantedValue, wanted] = jvp(f, [point, c], [...along])
    for (let i = 0; i < 2; i++) {
      const tangent = push(...along)
      expectClose(tangent.y, list(wanted.y))
      expectClose(tangent.z[0]!, list(wanted.z[0]!))
      expectClose(tangent.z[1]!, [1, 2])
    }
    expectClose(value.y, list(wantedValue.y))
    // d/da (sin ab) = b cos ab
    expectClose(push({ a: at(1, 1), b: at(0, 0) }, at(0, 0)).y, [2 * Math.cos(1), -Math.cos(-1)])
    expectClose(push({ a: at(0, 0), b: at(0, 0) }, at(1, 0)).z[0]!, [2])
  })

  test('runs the function once, and its columns are the Jacobian', () => {
    let runs = 0
    const counted = (x: Tensor) => {
      runs++
      return x.mul(x.sum())
    }
    const [, push] = linearize(counted, at(1, 2, 3))
    const columns = [0, 1, 2].map((i) => list(push(at(...[0, 1, 2].map((j) => Number(i === j))))))
    expect(runs).toBe(1)
    const wanted = jacobian(counted)(at(1, 2, 3))
    expect(columns).toEqual(list(wanted.transpose()).flatMap((_, i, all) => (i % 3 ? [] : [all.slice(i, i + 3)])))
  })

  test('gives zeros for what does not depend on the arguments', () => {
    const [, push] = linearize((x: Tensor) => [at(1, 2), x.floor()], at(3))
    expect(push(at(1)).map(list)).toEqual([[0, 0], [0]])
  })

  test('takes null for what has no derivative', () => {
    const indices = tensor([1, 1, 0], { dtype: 'int32' }) as Tensor
    const [, push] = linearize((x: Tensor, i: Tensor) => x.mul(x).gather(i, 0), at(2, 5), indices)
    expect(list(push(at(1, 10), null))).toEqual([100, 100, 4])
  })

  test('knows the arguments as they were, and refuses what has changed since otherwise', () => {
    const [x, state] = [at(3), at(2)]
    const [, push] = linearize((y: Tensor) => y.mul(y), x)
    const [, pushBy] = linearize((y: Tensor) => y.mul(state), x)
    x.assign(at(100))
    expect(list(push(at(1)))).toEqual([6])
    state.assign(at(5))
    expect(() => pushBy(at(1))).toThrow(/mul: its input .* new value after/)
  })

  test('is linear: it can be pulled back and differentiated by the point', () => {
    const [, push] = linearize((x: Tensor) => x.mul(x), at(3))
    expect(list(vjp((v: Tensor) => push(v), at(1))[1](at(1))[0])).toEqual([6])
    expect(list(grad((x: Tensor) => linearize((y: Tensor) => y.mul(y), x)[1](at(5)).sum())(at(3)))).toEqual([10])
    expect(list(compile((x: Tensor) => linearize((y: Tensor) => y.mul(y), x)[1](x))(at(3)))).toEqual([18])
  })

  test.each<[string, () => unknown, RegExp]>([
    [
      'a tangent of another shape',
      () => linearize(f, point, c)[1]({ a: at(1), b: at(1, 2) }, c),
      /linearize: tangents\[0\]\.a is float64\[1\], but args\[0\]\.a is float64\[2\]/,
    ],
    [
      'a tangent of another dtype',
      () => linearize((x: Tensor) => x, at(1))[1](tensor([1])),
      /tangents\[0\] is float32\[1\], but args\[0\] is float64\[1\]/,
    ],
    [
      'no tangent',
      () => (linearize((x: Tensor) => x, at(1))[1] as () => unknown)(),
      /linearize: args\[0\] is float64\[1\], but there is no tensor tangents\[0\]/,
    ],
    [
      'too many tangents',
      () => (linearize((x: Tensor) => x, at(1))[1] as (...all: unknown[]) => unknown)(at(1), null),
      /linearize: 2 tangents are given, but the arguments are 1/,
    ],
    [
      'too many tangents of jvp',
      () => jvp((x: Tensor) => x, [at(1)], [at(1), 3] as never),
      /jvp: 2 tangents are given, but the arguments are 1/,
    ],
    [
      'a number as an argument',
      () => linearize((x: Tensor, n: number) => x.mul(n), at(1), 2),
      /linearize: args\[1\] is the number 2.*close over it/,
    ],
    [
      'a number as a result',
      () => linearize((x: Tensor) => [x, 2], at(1)),
      /linearize: the result\[1\] is the number 2/,
    ],
    [
      'no tensor as a result',
      () => linearize((_: Tensor) => null, at(1)),
      /linearize: the function returned no tensor/,
    ],
    ['no function', () => (linearize as (f: unknown) => unknown)(at(1)), /linearize: f is/],
  ])('%s is named', (_, act, says) => {
    expect(act).toThrow(says)
    try {
      act()
    } catch (error) {
      expect(error instanceof GradientError || error instanceof ArgumentError).toBe(true)
    }
  })
})
