import {
  checkpoint,
  compile,
  eye,
  GradientError,
  grad,
  hessian,
  implicit,
  jacobian,
  jvp,
  type LinearSolveOptions,
  linearSolve,
  Random,
  scan,
  stack,
  Tensor,
  tensor,
  vjp,
  vmap,
  zeros,
} from '@adjoint/autograd'
import { gradcheck } from '@adjoint/autograd/gradcheck'
import { describe, expect, test, vi } from 'vitest'
import { gauss, transpose } from './gauss.js'

// Solvers and preconditioners of one's own, and systems of many examples.

const dtype = 'float64'
type Scalar = Tensor<[]>
type Options = LinearSolveOptions<Tensor>
const random = new Random(11)
const normal = (...shape: number[]) => random.normal(shape, { dtype }) as Tensor
const vector = (x: readonly number[]) => tensor(x, { dtype }) as Tensor
const matrix = (rows: readonly (readonly number[])[]) => tensor(rows, { dtype }) as unknown as Tensor
const rowsOf = (a: Tensor) => a.toArray() as number[][]
const listOf = (v: { readonly data: ArrayLike<number> }) => Array.from(v.data)
const range = (n: number) => Array.from({ length: n }, (_, i) => i)
const general = (n: number) =>
  normal(n, n)
    .mul(0.3)
    .add(eye(n, n, { dtype }).mul(2)) as Tensor
const solve = (a: Tensor, b: Tensor, options: Options = {}) =>
  linearSolve((v: Tensor) => a.matmul(v), b, options) as Tensor

const near = (found: { readonly data: ArrayLike<number> }, wanted: readonly number[], within = 1e-10) => {
  const list = listOf(found)
  expect(list.length).toBe(wanted.length)
  list.forEach((element, i) => {
    expect(Math.abs(element - wanted[i]!), `element ${i}: ${element} for ${wanted[i]}`).toBeLessThan(within)
  })
}

type Matvec = (v: Tensor) => Tensor
const unit = (n: number, i: number) => vector(range(n).map((j) => (i === j ? 1 : 0)))
/** Elimination in plain numbers, of the matrix that matvec is seen to be. */
const byElimination = (matvec: Matvec, b: Tensor): Tensor => {
  const columns = range(b.size).map((i) => listOf(matvec(unit(b.size, i))))
  return vector(gauss(transpose(columns), listOf(b)))
}
const formed = (form: (matvec: Matvec, n: number) => Tensor) => (matvec: Matvec, b: Tensor) =>
  vector(gauss(rowsOf(form(matvec, b.size)), listOf(b)))
/** Written with tensor ops, which look at nothing: for matrices near to 2. */
const byRichardson = (matvec: Matvec, b: Tensor): Tensor => {
  const step = (x: Tensor) => [x.add(b.sub(matvec(x)).mul(0.4)) as Tensor, null] as const
  return scan(step, b.mul(0) as Tensor, null, { length: 400 })[0]
}
const solvers: Record<string, (matvec: Matvec, b: Tensor) => Tensor> = {
  'elimination, of unit vectors': byElimination,
  'elimination, of all unit vectors at once': formed(
    (matvec, n) => (vmap(matvec)(eye(n, n, { dtype }) as Tensor) as Tensor).transpose() as Tensor,
  ),
  'elimination, of the derivative': formed((matvec, n) =>
    jacobian(matvec, { mode: 'forward' })(zeros([n], { dtype }) as Tensor),
  ),
  'iteration, with tensor ops': byRichardson,
}

const [a, b, g, along] = [general(4), normal(4), normal(4), general(4)]
/** What x = A⁻¹ b is and has, by elimination: the cotangents of g, a tangent, and that of the cotangents. */
const closed = () => {
  const [rows, moved] = [rowsOf(a), rowsOf(along)]
  const times = (m: number[][], v: number[]) => m.map((row) => row.reduce((sum, entry, j) => sum + entry * v[j]!, 0))
  const x = gauss(rows, listOf(b))
  const u = gauss(transpose(rows), listOf(g))
  const dx = gauss(
    rows,
    times(moved, x).map((e) => -e),
  )
  const du = gauss(
    transpose(rows),
    times(transpose(moved), u).map((e) => -e),
  )
  return {
    x,
    u,
    dx,
    byA: u.flatMap((left) => x.map((right) => -left * right)),
    dByA: u.flatMap((left, i) => x.map((right, j) => -du[i]! * right - left * dx[j]!)),
  }
}

describe.each(Object.entries(solvers))('a solver of one’s own: %s', (_, solver) => {
  const f = (a: Tensor, b: Tensor) => solve(a, b, { solver })
  const loss = (a: Tensor) => f(a, b).mul(g).sum() as Scalar

  test('has the values and derivatives of the closed form, in both modes and to second order', () => {
    const { x, u, dx, byA, dByA } = closed()
    near(f(a, b), x)
    near(vjp(f, a, b)[1](g)[0], byA)
    near(vjp(f, a, b)[1](g)[1], u)
    near(jvp((a: Tensor) => f(a, b), [a], [along])[1], dx)
    near(jvp(grad(loss), [a], [along])[1], dByA)
    near(grad((a: Tensor) => grad(loss)(a).mul(along).sum() as Scalar)(a), listOf(hessianTimes(loss, a, along)))
  })

  test('compiled, of many examples, in a checkpoint and in a scan', () => {
    const { x, byA, dByA } = closed()
    near(compile(f)(a, b), x)
    near(compile(grad(loss))(a), byA)
    near(compile((a: Tensor) => jvp(grad(loss), [a], [along])[1])(a), dByA)
    near(grad(checkpoint(loss))(a), byA)
    const pair = [a, along.mul(0.1).add(a) as Tensor]
    const each = pair.flatMap((a) => listOf(grad(loss)(a)))
    const both = stack(pair) as Tensor
    for (const way of [vmap(grad(loss)), compile(vmap(grad(loss)))]) near(way(both) as Tensor, each)
    near(grad((all: Tensor) => (vmap(loss)(all) as Tensor).sum() as Scalar)(both), each)
    const rounds = (a: Tensor) =>
      scan((x: Tensor) => [f(a, x), null] as const, b, null, { length: 3 })[0]
        .mul(g)
        .sum() as Scalar
    const plain = (a: Tensor) =>
      solve(a, solve(a, solve(a, b)))
        .mul(g)
        .sum() as Scalar
    near(rounds(a), listOf(plain(a)))
    near(grad(rounds)(a), listOf(grad(plain)(a)))
    near(compile(grad(rounds))(a), listOf(grad(plain)(a)))
  })
})

const hessianTimes = (f: (a: Tensor) => Scalar, a: Tensor, v: Tensor) => jvp(grad(f), [a], [v])[1]

describe('a solver that knows the matrix', () => {
  const known = (a: Tensor) => ({
    solver: (_: Matvec, b: Tensor) => vector(gauss(rowsOf(a), listOf(b))),
    transposeSolver: (_: Matvec, b: Tensor) => vector(gauss(transpose(rowsOf(a)), listOf(b))),
  })
  test('has another one for the transpose', () => {
    const f = (b: Tensor) => solve(a, b, known(a)).mul(g).sum() as Scalar
    near(grad(f)(b), closed().u)
    near(jvp(f, [b], [b])[1], [gauss(rowsOf(a), listOf(b)).reduce((sum, e, i) => sum + e * listOf(g)[i]!, 0)])
    const { solver } = known(a)
    expect(() => grad((b: Tensor) => solve(a, b, { solver }).sum() as Scalar)(b)).toThrow(
      /^linearSolve: transposeSolver did not converge: .* residual b - Ax of norm .*needs a transposeSolver/,
    )
  })
})

describe('a preconditioner', () => {
  /** Diagonals of very different sizes, which methods take long for, and others of little weight. */
  const spread = (n: number, isSymmetric: boolean) => {
    const small = normal(n, n).mul(0.02) as Tensor
    const rest = isSymmetric ? (small.add(small.transpose()) as Tensor) : small
    const scale = vector(range(n).map((i) => 10 ** (4 * (i / n))))
    return { a: rest.add(scale.expandDims(1).mul(eye(n, n, { dtype }))) as Tensor, scale }
  }
  const methods: readonly (readonly [Options['method'], boolean])[] = [
    ['gmres', false],
    ['cg', true],
    ['bicgstab', false],
  ]
  test.each(methods)('lets %s come to the same in fewer iterations', (method, isSymmetric) => {
    const n = 40
    const { a, scale } = spread(n, isSymmetric)
    const [b, g] = [normal(n), normal(n)]
    const options = { method, maxIterations: 30 } as Options
    expect(() => solve(a, b, options)).toThrow('preconditioner')
    const better: Options = { ...options, preconditioner: (v) => v.div(scale) }
    near(solve(a, b, better), gauss(rowsOf(a), listOf(b)))
    const f = (b: Tensor) => solve(a, b, better).mul(g).sum() as Scalar
    near(grad(f)(b), gauss(transpose(rowsOf(a)), listOf(g)))
    near(compile(grad(f))(b), gauss(transpose(rowsOf(a)), listOf(g)))
    const three = normal(3, n)
    near(
      vmap((b: Tensor) => solve(a, b, better))(three) as Tensor,
      [0, 1, 2].flatMap((i) => gauss(rowsOf(a), listOf(three.at(i)))),
    )
  })

  test('is transposed for the transposed system', () => {
    // the very inverse: one iteration is enough in either mode
    const inverse = matrix(transpose(range(4).map((i) => gauss(rowsOf(a), listOf(unit(4, i))))))
    const options: Options = { preconditioner: (v) => inverse.matmul(v) as Tensor, maxIterations: 2 }
    const { x, byA, dByA } = closed()
    near(solve(a, b, options), x)
    const f = (a: Tensor) => solve(a, b, options).mul(g).sum() as Scalar
    near(grad(f)(a), byA)
    near(jvp(grad(f), [a], [along])[1], dByA)
    expect(() => solve(a, b, { maxIterations: 2 })).toThrow('After 2 iterations')
  })

  test('may be of trees, and of what is differentiated', () => {
    const tree = { x: normal(3), y: normal(2) }
    const f = (d: Tensor) => {
      const x = linearSolve((v) => ({ x: v.x.mul(d), y: v.y.mul(2).add(v.x.sum()) }), tree, {
        preconditioner: (v) => ({ x: v.x.div(d), y: v.y.mul(0.5) }),
      })
      return x.x.sum().add(x.y.square().sum()) as Scalar
    }
    expect(gradcheck(f, [vector([1, 2, 3])], { order: 2 }).verdict).toBe('pass')
    near(compile(grad(f))(vector([1, 2, 3])), listOf(grad(f)(vector([1, 2, 3]))))
  })
})

describe('implicit', () => {
  const turned = matrix([3, 0, 1, 2].map((i) => listOf(unit(4, i))))
  /** x³ + a x = b, element by element, with a coupling of neighbours. */
  const residual = (x: Tensor, a: Tensor, b: Tensor) =>
    x.pow(3).add(a.mul(x)).add(turned.matmul(x).mul(0.1)).sub(b) as Tensor
  const slopes = (x: readonly number[], a: readonly number[]) =>
    x.map((e, i) => x.map((_, j) => (i === j ? 3 * e * e + a[i]! : (j + 1) % x.length === i ? 0.1 : 0)))
  const newton = (a: Tensor, b: Tensor): Tensor => {
    let x = listOf(b).map(() => 0.5)
    for (let round = 0; round < 50; round++) {
      const step = gauss(slopes(x, listOf(a)), listOf(residual(vector(x), a, b)))
      x = x.map((e, i) => e - step[i]!)
    }
    return vector(x)
  }
  const [at, right] = [vector([1, 2, 3, 4]), vector([1, -2, 0.5, 7])]
  const plain = implicit(newton, residual)
  const loss = (f: typeof plain) => (a: Tensor) => f(a, right).mul(g).sum() as Scalar
  const wanted = () => {
    const x = listOf(plain(at, right))
    const u = gauss(transpose(slopes(x, listOf(at))), listOf(g))
    return u.map((e, i) => -e * x[i]!)
  }

  test('gives solvers and preconditioners x and the arguments', () => {
    const seen: number[] = []
    const solver = implicit(newton, residual, {
      linear: {
        solver: (_, b, x, a) => vector(gauss(slopes(listOf(x), listOf(a)), listOf(b))),
        transposeSolver: (_, b, x, a) => {
          seen.push(x.size)
          return vector(gauss(transpose(slopes(listOf(x), listOf(a))), listOf(b)))
        },
      },
    })
    const better = implicit(newton, residual, {
      linear: { preconditioner: (v, x, a) => v.div(x.square().mul(3).add(a)) as Tensor, maxIterations: 20 },
    })
    for (const f of [solver, better]) {
      near(grad(loss(f))(at), wanted())
      near(compile(grad(loss(f)))(at), wanted())
      near(hessian(loss(f))(at), listOf(hessian(loss(plain))(at)))
      const pair = stack([at, at.add(1)]) as Tensor
      const each = [at, at.add(1) as Tensor].flatMap((a) => listOf(grad(loss(plain))(a)))
      near(vmap(grad(loss(f)))(pair) as Tensor, each)
      near(compile(vmap(grad(loss(f))))(pair) as Tensor, each)
      near(jvp(loss(f), [at], [g])[1], listOf(jvp(loss(plain), [at], [g])[1]))
      expect(gradcheck(f, [at, right], { order: 2 }).verdict).toBe('pass')
    }
    expect(new Set(seen)).toEqual(new Set([4]))
  })

  test('names the part of a solution where linear systems fail', () => {
    const f = implicit(
      ({ u }: { u: Scalar }) => ({ first: tensor(1, { dtype }) as Scalar, second: u.mul(0) as Scalar }),
      ({ first, second }, { u }) => ({ first: first.sub(1), second: second.square().sub(u) }),
      { tolerance: Number.POSITIVE_INFINITY },
    )
    const of = ({ u }: { u: Scalar }) => f({ u }).second.add(f({ u }).first) as Scalar
    expect(() => grad(of)({ u: tensor(0, { dtype }) as Scalar })).toThrow(
      /^implicit: the linear system with the transposed derivative .* singular.*\(largest in the solution\.second\)/,
    )
  })
})

describe('systems of many examples', () => {
  /** Of as many different eigenvalues as its number says: so many iterations does it take. */
  const diagonals = (count: number, n: number) =>
    range(count).map((k) => range(n).map((i) => 1 + Math.min(i, k % n) / 2))
  const [count, n] = [32, 12]
  const all = matrix(diagonals(count, n))
  const rights = normal(count, n)
  const one = (d: Tensor, b: Tensor, options: Options = {}) =>
    linearSolve((v: Tensor) => v.mul(d) as Tensor, b, options)
  const wanted = range(count).flatMap((k) =>
    range(n).map((i) => listOf(rights.at(k))[i]! / diagonals(count, n)[k]![i]!),
  )

  test.each(['gmres', 'cg', 'bicgstab'] as const)(
    'are solved together by %s, each for as long as it takes',
    (method) => {
      const f = (d: Tensor, b: Tensor) => one(d, b, { method })
      near(vmap(f)(all, rights) as Tensor, wanted)
      const runs = vi.spyOn(Tensor.prototype, 'runAll')
      try {
        const times = (g: () => unknown) => {
          const before = runs.mock.calls.length
          g()
          return runs.mock.calls.length - before
        }
        const slowest = times(() => f(all.at(n - 1) as Tensor, rights.at(n - 1) as Tensor))
        expect(times(() => vmap(f)(all, rights))).toBeLessThan(3 * slowest)
        const step = compile(vmap(f))
        near(step(all, rights) as Tensor, wanted)
        expect(times(() => step(all, rights))).toBeLessThan(3 * slowest)
      } finally {
        runs.mockRestore()
      }
      const slopes = vmap(grad((d: Tensor, b: Tensor) => f(d, b).sum() as Scalar))(all, rights) as Tensor
      const entries = diagonals(count, n).flat()
      near(
        slopes,
        wanted.map((x, i) => -x / entries[i]!),
      )
    },
  )

  test('at several levels, by what each level has', () => {
    const [matrices, b] = [[general(3), general(3)], normal(4, 3)]
    const f = (a: Tensor) => vmap((b: Tensor) => solve(a, b))(b) as Tensor
    const found = vmap(f)(stack(matrices) as Tensor) as Tensor
    const each = matrices.flatMap((a) => range(4).flatMap((i) => gauss(rowsOf(a), listOf(b.at(i)))))
    near(found, each)
    near(compile(vmap(f))(stack(matrices) as Tensor) as Tensor, each)
    const turned = vmap((b: Tensor) => vmap((a: Tensor) => solve(a, b))(stack(matrices) as Tensor))(b) as Tensor
    near(
      turned,
      range(4).flatMap((i) => matrices.flatMap((a) => gauss(rowsOf(a), listOf(b.at(i))))),
    )
    const none = vmap((a: Tensor) => vmap((b: Tensor) => solve(a, b))(zeros([0, 3], { dtype }) as Tensor))
    expect((none(stack(matrices) as Tensor) as Tensor).shape).toEqual([2, 0, 3])
  })

  test('in a scan whose carry differs between them', () => {
    const [a, starts] = [general(3), normal(5, 3)]
    const f = (b: Tensor) => scan((x: Tensor) => [solve(a, x), null] as const, b, null, { length: 2 })[0]
    const each = range(5).flatMap((i) => gauss(rowsOf(a), gauss(rowsOf(a), listOf(starts.at(i)))))
    near(vmap(f)(starts) as Tensor, each)
    near(compile(vmap(f))(starts) as Tensor, each)
  })

  test('that fail are told by their number', () => {
    const f = (d: Tensor) => one(d, vector([1, 1]))
    const some = matrix([
      [1, 2],
      [3, 4],
      [0, 1],
    ])
    expect(() => vmap(f)(some)).toThrow(/^linearSolve: matvec for example 2: the matrix is singular/)
    expect(() => compile(vmap(f))(some)).toThrow(/for example 2: the matrix is singular/)
    expect(() => vmap(vmap(f))(stack([some, some]))).toThrow(/for example 0, 2: /)
  })
})

describe('solvers are refused', () => {
  const { solver } = { solver: byElimination }
  const cases: Record<string, [() => unknown, RegExp]> = {
    'that give no solution': [
      () => solve(a, b, { solver: (_, b) => b }),
      /^linearSolve: solver did not converge: what it returned leaves a residual b - Ax of norm .* and at most 0\.000001 times/,
    ],
    'that give NaN': [() => solve(a, b, { solver: (_, b) => b.mul(Number.NaN) }), /solver did not converge: .*NaN/],
    'that give another shape': [
      () => solve(a, b, { solver: (_, b) => b.sum() as Tensor }),
      /^linearSolve: what solver returned is float64\[\], but b is float64\[4\]/,
    ],
    'that give matvec another shape': [
      () => solve(a, b, { solver: (matvec, b) => matvec(b.sum() as Tensor) }),
      /^linearSolve: the argument of matvec is float64\[\], but b is float64\[4\]/,
    ],
    'that are late': [
      () => solve(a, b, { solver: (async (_: Matvec, b: Tensor) => b) as never }),
      /solver: .*is async/,
    ],
    'with a method': [
      () => solve(a, b, { solver, method: 'cg' }),
      /^linearSolve: method is for the methods of this library/,
    ],
    'with maxIterations': [() => solve(a, b, { solver, maxIterations: 3 }), /^linearSolve: maxIterations is for/],
    'with a preconditioner': [
      () => solve(a, b, { solver, preconditioner: (v) => v }),
      /^linearSolve: preconditioner is for/,
    ],
    'with an initial': [() => solve(a, b, { solver, initial: b }), /^linearSolve: initial is for/],
    'for the transpose alone': [
      () => solve(a, b, { transposeSolver: solver }),
      /and no solver; give the solver as well/,
    ],
    'that differentiate matvec backward where it is data': [
      () =>
        compile((a: Tensor) => solve(a, b, { solver: formed((matvec) => jacobian(matvec, { mode: 'reverse' })(b)) }))(
          a,
        ),
      /takes the derivative of matvec in reverse mode/,
    ],
    'preconditioners that give zeros': [
      () => solve(a, b, { preconditioner: (v) => v.mul(0) }),
      /^linearSolve: matvec: the preconditioner gives zeros/,
    ],
    'preconditioners that give NaN': [
      () => solve(a, b, { preconditioner: (v) => v.mul(Number.NaN) }),
      /the preconditioner gave NaN/,
    ],
    'preconditioners that are not linear': [
      () => solve(general(20), normal(20), { preconditioner: (v) => v.add(100), maxIterations: 5 }),
      /preconditioner is not linear/,
    ],
    'preconditioners that are not definite, by cg': [
      () => solve(a.matmul(a.transpose()), b, { method: 'cg', preconditioner: (v) => v.neg() }),
      /shows that the preconditioner M is not positive definite; use method: 'gmres'/,
    ],
    'preconditioners that look': [
      () => solve(a, b, { preconditioner: (v) => v.mul(v.data[0]!) }),
      /^linearSolve: preconditioner looks at the elements/,
    ],
    'preconditioners of another shape': [
      () => solve(a, b, { preconditioner: (v) => v.sum() as Tensor }),
      /^linearSolve: preconditioner\(b\) is float64\[\], but b is float64\[4\]/,
    ],
  }
  test.each(Object.entries(cases))('%s', (_, [f, says]) => {
    expect(f).toThrow(GradientError)
    expect(f).toThrow(says)
  })

  test('where they look at what they were not given', () => {
    const f = compile((a: Tensor) => {
      const diagonal = a.mul(2)
      return linearSolve((v: Tensor) => v.mul(diagonal), b, {
        solver: (_, b) => vector(listOf(b).map((e, i) => e / diagonal.data[i]!)),
      })
    })
    expect(() => f(b)).toThrow(/^linearSolve: solver looks at a tensor of the compiled or mapped function/)
  })
})
