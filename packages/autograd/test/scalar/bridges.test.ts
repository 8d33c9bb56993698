import { compile, grad, hessian, jacobian, jvp, type Tensor, tensor, vmap } from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import type { Num } from '@adjoint/autograd/scalar'
import * as scalar from '@adjoint/autograd/scalar'
import { describe, expect, it } from 'vitest'
import { partialsOf } from '../../src/rules/derive.js'
import { numbers } from '../../src/rules/numbers.js'
import type { Rule } from '../../src/rules/rule.js'
import { rules } from '../../src/rules/table.js'
import { evaluate } from '../../src/rules/traverse.js'

const f64 = { dtype: 'float64' } as const
const random = (seed: number) => () => {
  seed = (seed * 48271) % 2147483647
  return seed / 2147483647
}
const drawn = (seed: number, ...shape: number[]): Tensor => {
  const next = random(seed)
  const size = shape.reduce((a, b) => a * b, 1)
  return tensor(Float64Array.from({ length: size }, () => 4 * next() - 2)).reshape(shape)
}

type Method = (...rest: (Num | number)[]) => Num
const call = (rule: Rule, [first, ...rest]: readonly Num[]): Num =>
  (first as unknown as Record<string, Method>)[rule.name]!(...rest)

/** In double precision, as all engines compute it. */
const close = (found: readonly number[], wanted: readonly number[]) =>
  found.forEach((each, i) => {
    const bound = 4e-15 * Math.max(1, Math.abs(wanted[i]!))
    if (!Object.is(each, wanted[i])) expect(Math.abs(each - wanted[i]!), `${each} for ${wanted[i]}`).toBeLessThan(bound)
  })

describe.each(Object.values<Rule>(rules).map((rule) => [rule.name, rule] as const))('%s', (_, rule) => {
  const { arity, samples } = rule
  const points = samples[0]!.map((_, k) => samples.map((list) => list[k]!))
  const values = points.map((point) => rule.value(numbers, ...point))
  const slopes = points.map((point, k) => partialsOf(rule).map((partial) => evaluate(partial, [...point, values[k]!])))
  const columns = samples.map((list) => tensor(Float64Array.from(list)))

  it('is an op of elements, with its derivatives', () => {
    const op = scalar.elementwise((...elements) => call(rule, elements)) as unknown as (...x: Tensor[]) => Tensor
    close([...op(...columns).data], values)
    columns.forEach((column, i) => {
      const found = grad((x: Tensor) => op(...columns.with(i, x as (typeof columns)[number])).sum())(column)
      close(
        [...found.data],
        slopes.map((each) => each[i]!),
      )
    })
  })

  it('is an op of rows, with its derivatives', () => {
    const rows = tensor(Float64Array.from(points.flat())).reshape([points.length, arity])
    const op = scalar.rowwise((row) => call(rule, row))
    close([...op(rows).data], values)
    close([...grad((x: Tensor) => op(x).sum())(rows).data], slopes.flat())
  })

  it('is an op of arrays, with its derivatives', () => {
    const rows = tensor(Float64Array.from(points.flat())).reshape([points.length, arity])
    const op = scalar.arraywise((array: Num[][]) => array.map((row) => call(rule, row)))
    close([...op(rows).data], values)
    close([...grad((x: Tensor) => op(x).sum())(rows).data], slopes.flat())
  })
})

describe('scalar.elementwise', () => {
  const wave = scalar.elementwise((a, b) => a.sin().mul(b).div(b.square().add(1)))

  it('broadcasts, keeps float dtypes, and takes numbers', () => {
    const [x, y] = [drawn(1, 3, 1), drawn(2, 4)]
    expect(wave(x, y).shape).toEqual([3, 4])
    expect(wave(x, y).toArray()).toEqual(x.sin().mul(y).div(y.square().add(1)).toArray())
    expect(wave(x.cast('float32'), 2).dtype).toBe('float32')
    expect(wave(2, x).shape).toEqual([3, 1])
    expect(
      scalar
        .elementwise((x) => x.div(2))(tensor([1, 2], { dtype: 'int32' }))
        .toArray(),
    ).toEqual([0.5, 1])
  })

  it('is one op, also compiled, and has derivatives of every order', () => {
    const [x, y] = [drawn(3, 5), drawn(4, 5)]
    gradcheck((x: Tensor, y: Tensor) => wave(x, y), [x, y], { order: 2 })
    const third = (f: (x: Tensor) => Tensor) =>
      grad((x: Tensor) => grad((x: Tensor) => grad((x: Tensor) => f(x).sum())(x).sum())(x).sum())(x)
    const byOps = third((x) => x.sin().mul(y).div(y.square().add(1)))
    close([...third((x) => wave(x, y)).data], [...byOps.data])
    const compiled = compile((x: Tensor) => third(() => wave(x, y)))
    expect(compiled(x).shape).toEqual([5])
    close([...vmap((x: Tensor) => wave(x, 2))(x).data], [...wave(x, 2).data])
  })

  it('may differentiate inside', () => {
    const slope = scalar.elementwise((x) => scalar.grad((y: Num) => y.pow(3).mul(x))(x))
    expect(slope(tensor([1, 2], f64)).toArray()).toEqual([3, 24])
    expect(grad((x: Tensor) => slope(x).sum())(tensor([1, 2], f64)).toArray()).toEqual([9, 36])
  })

  it('chooses by select', () => {
    const relu = scalar.elementwise((x) => x.greater(0).select(x, 0))
    expect(grad((x: Tensor) => relu(x).sum())(tensor([-1, 2])).toArray()).toEqual([0, 1])
  })
})

describe('scalar.rowwise', () => {
  it('gives several numbers for a row, and takes several tensors, whose other axes broadcast', () => {
    const op = scalar.rowwise((a, b) => [a[0]!.mul(b[1]!), a[1]!.sub(b[0]!).exp(), a[0]!.less(0)])
    const [x, y] = [drawn(5, 3, 1, 2), drawn(6, 4, 2)]
    expect(op(x, y).shape).toEqual([3, 4, 3])
    gradcheck((x: Tensor, y: Tensor) => op(x, y).square(), [x, y], { order: 2 })
    const first = (x: Tensor) => op(x, y).sum()
    close([...compile(grad(first))(x).data], [...grad(first)(x).data])
  })

  it('counts truth values as numbers', () => {
    const op = scalar.rowwise(([x, y]) => x!.less(y!).add(x!.less(5)))
    expect(
      op(
        tensor([
          [3, 4],
          [1, 0.5],
        ]),
      ).toArray(),
    ).toEqual([2, 1])
  })

  it('has linear cost: the gradient of a long row is no more than some ops for each of the function', () => {
    const chained = scalar.rowwise((row) =>
      row.slice(1).reduce((sum, x, i) => sum.add(x.sub(row[i]!.square()).square()), scalar.constant(0)),
    )
    const x = drawn(7, 2, 60)
    const byOps = (x: Tensor) =>
      x
        .slice(-1, 1)
        .sub(x.slice(-1, 0, 59).square())
        .square()
        .sum()
    const found = grad((x: Tensor) => chained(x).sum())(x)
    const wanted = grad(byOps)(x)
    for (const [i, each] of found.data.entries()) expect(each).toBeCloseTo(wanted.data[i]!, 10)
  })

  it('gives constants and untouched elements their place', () => {
    const op = scalar.rowwise(([x]) => [scalar.constant(2), x!])
    expect(op(drawn(8, 2, 1)).shape).toEqual([2, 2])
    expect(grad((x: Tensor) => op(x).sum())(drawn(8, 2, 1)).toArray()).toEqual([[1], [1]])
  })
})

describe('scalar.arraywise', () => {
  const mix = scalar.arraywise((a: Num[][], b: Num) => a.map((row) => row.map((x) => x.mul(b).sin().mul(x))))
  const byOps = (x: Tensor, y: Tensor) => x.mul(y).sin().mul(x)

  it('has values, both modes and higher orders as ops have them', () => {
    const [x, y] = [drawn(9, 2, 3), tensor(0.7, f64)]
    expect(mix(x, y).toArray()).toEqual(byOps(x, y).toArray())
    gradcheck((x: Tensor, y: Tensor) => mix(x, y), [x, y], { order: 2 })
    const second = (f: typeof byOps) => [...hessian((x: Tensor) => f(x, y).square().sum())(x).data]
    close(second(mix), second(byOps))
    close([...jvp((x: Tensor) => mix(x, y), [x], [x])[1].data], [...jvp((x: Tensor) => byOps(x, y), [x], [x])[1].data])
    const third = (f: typeof byOps) => [
      ...grad((x: Tensor) => grad((x: Tensor) => grad((x: Tensor) => f(x, y).sum())(x).sum())(x).sum())(x).data,
    ]
    close(third(mix), third(byOps))
    close([...jacobian((x: Tensor) => mix(x, y))(x).data], [...jacobian((x: Tensor) => byOps(x, y))(x).data])
  })

  it('is in one graph with ops before and after it, and gives float32 tensors float32 gradients', () => {
    const x = tensor([[0.5, -1]])
    const f = (x: Tensor) => mix(x.exp(), tensor(2)).square().sum()
    const gradient = grad(f)(x)
    expect(gradient.dtype).toBe('float32')
    const wanted = grad((x: Tensor) => byOps(x.exp(), tensor(2)).square().sum())(x)
    for (const [i, each] of gradient.data.entries()) expect(each).toBeCloseTo(wanted.data[i]!, 4)
    expect(mix(x, tensor(2)).dtype).toBe('float64')
  })

  it('branches on the numbers at each call, also in compiled functions, and runs under vmap', () => {
    const most = scalar.arraywise((x: Num[]) => x.reduce((a, b) => (a.lt(b) ? b : a)))
    const slope = compile(grad(most))
    expect(slope(tensor([1, 3, 2])).toArray()).toEqual([0, 1, 0])
    expect(slope(tensor([5, 3, 2])).toArray()).toEqual([1, 0, 0])
    expect(
      vmap(grad(most))(
        tensor([
          [1, 2],
          [4, 3],
        ]),
      ).toArray(),
    ).toEqual([
      [0, 1],
      [1, 0],
    ])
  })
})

describe('what does not go is refused, with what to do instead', () => {
  const x = tensor([[1, 2]])
  const num = scalar.constant(2)
  const misuse =
    (f: (...args: never[]) => unknown, ...args: readonly unknown[]) =>
    () =>
      f(...(args as never[]))
  it.each<[string, () => unknown, string[]]>([
    ['a branch in elementwise', () => scalar.elementwise((x) => (x.lt(1) ? x : x.neg()))(x), ['branches', 'select']],
    [
      'a loop in elementwise',
      () =>
        scalar.elementwise((x) => {
          let y = x
          while (!y.gt(9)) y = y.add(1)
          return y
        })(x),
      ['branches', 'arraywise'],
    ],
    [
      'a branch in a function within',
      () =>
        scalar.elementwise((x) =>
          scalar.grad((y: Num) => {
            let z = y
            while (!z.gt(9)) z = z.add(1)
            return z
          })(x),
        )(x),
      ['branches', 'select'],
    ],
    ['a branch in rowwise', () => scalar.rowwise(([x, y]) => (x!.lt(y!) ? x! : y!))(x), ['scalar.rowwise', 'branches']],
    ['a value read', () => scalar.elementwise((x) => scalar.constant(x.value))(x), ['reads the value']],
    [
      'a Num from outside',
      () =>
        scalar.grad((w: Num) => {
          scalar.elementwise((x) => x.mul(w))(x)
          return w
        })(2),
      ['from outside', 'operand'],
    ],
    [
      'no Num',
      misuse(
        scalar.elementwise(() => 2 as unknown as Num),
        x,
      ),
      ['returned 2', 'Num'],
    ],
    [
      'too few operands',
      misuse(
        scalar.elementwise((a, b) => a.mul(b)),
        x,
      ),
      ['2 operands', 'given 1'],
    ],
    ['what Array.map passes', () => [x].map(scalar.elementwise((a) => a.exp()) as never), ['1 operand', 'given 3']],
    ['a tensor without rows', () => scalar.rowwise(([x]) => x!)(tensor(1)), ['no rows']],
    [
      'a number for rows',
      misuse(
        scalar.rowwise(([x]) => x!),
        3,
      ),
      ['tensor 1 is 3'],
    ],
    ['nothing for a row', () => scalar.rowwise(() => [])(x), ['returned []']],
    ['arrays of different lengths', () => scalar.arraywise((x: Num[][]) => [x[0]!, []])(x), ['[2], [0]']],
    ['no Num from arrays', () => scalar.arraywise(() => [2 as unknown as Num])(x), ['no Num']],
    ['no function', misuse(scalar.arraywise, x), ['scalar.arraywise']],
    ['a Num for an operand', misuse((a: Tensor) => x.add(a), num), ['operand 2', 'Num(2)', 'scalar.elementwise']],
    ['a Num for a tensor', misuse((a: Tensor) => x.matmul(a), num), ['Num(2)', 'arraywise']],
    [
      'a Num for rows',
      misuse(
        scalar.rowwise(([x]) => x!),
        num,
      ),
      ['Num(2)'],
    ],
    [
      'grad by a Num',
      misuse(grad((x: Tensor) => x.sin()) as never, num),
      ['grad', 'Num(2)', '@adjoint/autograd/scalar'],
    ],
    ['grad by a number', misuse(grad((x: Tensor) => x.sin()) as never, 2), ['grad', '@adjoint/autograd/scalar']],
    ['compile of a Num', misuse(compile((x: Tensor) => x.sin()) as never, num), ['compile', 'Num(2)', 'scalar']],
    [
      'compile of a scalar function',
      misuse(compile((x: Tensor) => x.sin()) as never, 2),
      ['compile', 'scalar.compile'],
    ],
    [
      'a function that gives a Num',
      misuse(grad(() => num as never) as never, x),
      ['grad: the result', 'Num(2)', 'scalar'],
    ],
    ['a tensor for a Num', misuse((a: Num) => num.add(a), x), ['add', 'scalar.elementwise', 'item()']],
    [
      'a tensor for a Num on the tape',
      misuse(scalar.grad((y: Num) => y.add(x as never)) as never, 2),
      ['add', 'elementwise'],
    ],
    ['a tensor for numbers', misuse(scalar.grad((y: Num) => y) as never, x), ['scalar.grad: x', 'elementwise']],
  ])('%s', (_, f, says) => {
    let message = ''
    try {
      f()
    } catch (error) {
      message = (error as Error).message
    }
    for (const text of says) expect(message).toContain(text)
  })
})
