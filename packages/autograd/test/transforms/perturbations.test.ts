import { compile, grad, hvp, jvp, linearize, type Tensor, tensor, vjp } from '@adjoint/autograd'
import { describe, expect, test } from 'vitest'

// Perturbation confusion (Siskind and Pearlmutter 2005) in all nestings: every function below is a monomial, so its derivatives
// are too, and each inner derivative is taken at a point, in a direction and of a function that the outer ones differentiate.

type Scalar = Tensor<[]>
type F = (x: Scalar) => Scalar

interface Way {
  /** The derivative of f at x times w. */
  readonly of: (f: F, x: Scalar, w: Scalar) => Scalar
  readonly order: 1 | 2
}
const ways: Readonly<Record<string, Way>> = {
  grad: { of: (f, x, w) => grad(f)(x).mul(w), order: 1 },
  vjp: { of: (f, x, w) => vjp(f, x)[1](w)[0], order: 1 },
  jvp: { of: (f, x, w) => jvp(f, [x], [w])[1], order: 1 },
  linearize: { of: (f, x, w) => linearize(f, x)[1](w), order: 1 },
  hvp: { of: (f, x, w) => hvp(f, x, w), order: 2 },
}
const names = Object.keys(ways)
const start = 1.25

/** Of the variables outside, the last of which is x: their product times the derivative of y * (the same one further in) at y = x along x. */
const nested = (list: readonly string[], outside: readonly Scalar[]): Scalar => {
  const product = outside.reduce((a, b) => a.mul(b))
  const x = outside.at(-1)!
  const [name, ...inner] = list
  // the rule of sqrt reads its result
  if (name === undefined) return product.mul(x.pow(6).sqrt())
  return product.mul(ways[name]!.of((y) => y.mul(nested(inner, [...outside, y])), x, x))
}

/** The same on paper: a coefficient, and the degree of each variable outside. */
const onPaper = (list: readonly string[], count: number): readonly [coefficient: number, degrees: number[]] => {
  const [name, ...inner] = list
  const degrees = new Array<number>(count).fill(1)
  if (name === undefined) {
    degrees[count - 1]! += 3
    return [1, degrees]
  }
  const [factor, within] = onPaper(inner, count + 1)
  const degree = within[count]! + 1
  const { order } = ways[name]!
  // y ** degree, differentiated, at x and times x
  degrees[count - 1]! += degree - order + 1
  return [factor * degree * (order === 2 ? degree - 1 : 1), degrees.map((by, i) => by + within[i]!)]
}

const pairs = names.flatMap((a) => names.map((b) => [a, b]))
const triples = pairs.flatMap((pair) => names.map((c) => [...pair, c]))

describe('nested derivatives do not see each other', () => {
  const lists = [...names.map((name) => [name]), ...pairs, ...triples]
  test.each(lists.map((list) => [list.join(' of '), list] as const))('%s', (_, list) => {
    const [coefficient, [degree]] = onPaper(list, 1)
    const wanted = coefficient * start ** degree!
    const found = (x: Scalar) => nested(list, [x])
    const at = tensor(start, { dtype: 'float64' })
    expect(found(at).item() / wanted).toBeCloseTo(1, 12)
    expect(compile(found)(at).item() / wanted).toBeCloseTo(1, 12)
  })
})
