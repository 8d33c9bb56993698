import {
  type AnyTensor,
  compile,
  GradientError,
  grad,
  jacobian,
  jvp,
  linearize,
  parameter,
  stack,
  type Tensor,
  tensor,
  vjp,
  vmap,
  where,
} from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

const float64 = { dtype: 'float64' } as const
const rows = tensor(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  float64,
)
const row = tensor([1, 2, 3], float64)

/** What a mapped function holds back. */
const keptFrom = <T>(make: (row: Tensor) => T): T => {
  let kept: T | undefined
  vmap((row: Tensor) => {
    kept = make(row)
    return row
  })(rows)
  return kept!
}

const leaks: Readonly<Record<string, () => Tensor>> = {
  'an argument': () => keptFrom((row) => row),
  'a result': () => keptFrom((row) => row.mul(2) as Tensor),
  'what is the same for all': () => keptFrom(() => grad((v: Tensor) => v.square().sum())(row)),
  'a parameter': () => keptFrom((row) => parameter(row)),
  'a gradient': () =>
    keptFrom((row) => {
      const w = parameter(row)
      w.square().sum().backward()
      return w.grad as Tensor
    }),
  'the result of a compiled function': () => keptFrom((row) => compile((x: Tensor) => x.mul(2))(row) as Tensor),
  'that of a function in it': () => keptFrom((row) => keptFrom((inner) => inner.mul(row) as Tensor)),
}

const mul = (a: Tensor, b: Tensor) => a.mul(b) as Tensor
const uses: Readonly<Record<string, (kept: Tensor) => unknown>> = {
  'in an op': (kept) => kept.add(1),
  'in one that moves': (kept) => kept.expandDims(0),
  'in one that reshapes': (kept) => kept.reshape([3, 1, 1]),
  'in one that repeats': (kept) => kept.broadcastTo([2, 3]),
  'in one that reads': (kept) => kept.slice(0, 0, 0),
  'in an op with others': (kept) => stack([row, kept]),
  'to choose': (kept) => where(kept.greater(0), row, 0),
  'as an argument of vmap': (kept) => vmap((x: Tensor) => x)(kept),
  'in another mapped function': (kept) => vmap((x: Tensor) => mul(x, kept))(rows),
  'as the result of another': (kept) => vmap(() => kept, { in: null, size: 2 })(),
  'as what is the same for all examples of another': (kept) => vmap(() => kept, { in: null, out: null, size: 2 })(),
  'in a compiled function': (kept) => compile((x: Tensor) => mul(x, kept))(row),
  'as an argument of one': (kept) => compile((x: Tensor) => mul(x, row))(kept),
  'in a gradient': (kept) => grad((x: Tensor) => mul(x, kept).sum())(row),
  'as an argument of one that is differentiated': (kept) => grad((x: Tensor) => mul(x, x).sum())(kept),
  'as a cotangent': (kept) => vjp((x: Tensor) => x.mul(row), row)[1](kept as never)[0].data,
  'as a tangent': (kept) => jvp((x: Tensor) => x.mul(row), [row], [kept as never])[1].data,
  'as a tangent of a linear map': (kept) => linearize((x: Tensor) => x.mul(row), row)[1](kept as never).data,
  'in a Jacobian': (kept) => jacobian((x: Tensor) => mul(x, kept))(row),
  'by assign': (kept) => parameter(row.mul(1)).assign(kept as never),
  'as a gradient': (kept) => Object.assign(parameter(row.mul(1)), { grad: kept }),
  'by its elements': (kept) => kept.data,
  'as JSON': (kept) => JSON.stringify(kept),
}

describe('what a mapped function kept is refused wherever it is used, and changes nothing', () => {
  test.each(Object.entries(leaks))('%s', (_, leak) => {
    const words = Object.entries(uses).map(([place, use]) => {
      let message = 'nothing was thrown'
      try {
        use(leak())
      } catch (error) {
        message = `${error}`
      }
      return `${place}: ${message}`
    })
    expect(words.filter((line) => !/vmap: .*return (it|the tensor)/is.test(line))).toEqual([])
  })

  test('a parameter that it is assigned to is as before', () => {
    const w = parameter(tensor([1, 2, 3], float64)) as AnyTensor
    const kept = keptFrom((row) => row)
    expect(() => w.assign(kept as never)).toThrow(GradientError)
    expect(() => Object.assign(w, { grad: kept })).toThrow(GradientError)
    expect([...w.data]).toEqual([1, 2, 3])
    expect(w.hasGrad).toBe(false)
  })

  test('a derivative that was recorded in it', () => {
    const pullback = keptFrom((at) => vjp((x: Tensor) => x.mul(at), at)[1])
    const push = keptFrom((at) => linearize((x: Tensor) => x.mul(at), at)[1])
    expect(() => pullback(row)).toThrow('Return it from there')
    expect(() => push(row)).toThrow('Return it from there')
  })
})
