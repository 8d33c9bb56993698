import { GradientError } from '../../graph/errors.js'
import { bicgstab } from './bicgstab.js'
import { conjugateGradients } from './conjugate-gradients.js'
import { gmres } from './gmres.js'
import { type Asking, type Factor, type Method, type Product, productBy } from './method.js'
import { addTo, difference, dot, norm, scaled, type Vector } from './vectors.js'

const methods = { cg: conjugateGradients, gmres, bicgstab } satisfies Record<string, Method>
export type MethodName = keyof typeof methods

export interface System {
  /** What begins messages. */
  readonly what: string
  readonly method: MethodName
  /** What there is beside the matrix: a transpose is one that a user says, and is held against the matrix. */
  readonly has: Readonly<Record<Exclude<Factor, 'matrix'>, boolean>>
  readonly b: Vector
  readonly initial: Vector | null
  /** The norm of b - A x that is small enough, as a multiple of that of b. */
  readonly tolerance: number
  readonly maxIterations: number
  readonly epsilon: number
  /** Where the largest element of a vector is, in words. */
  readonly placeOf: (vector: Vector) => string
}

/**
 * Solves A x = b by corrections: each attempt of a method is for what is left of b by then. What is left is computed with
 * A(-2x) / -2, which is A x to the last bit if A is linear, and something else for nearly every A that is not.
 *
 * @throws GradientError if it does not converge, with the reason
 */
export function* solveSystem(system: System): Asking<Vector> {
  const { what, method, has, b, initial, tolerance, maxIterations, epsilon, placeOf } = system
  const fail = (words: string) => new GradientError(`${what}: ${words}.`)
  const finite = (by: string, image: Vector, v: Vector): Vector => {
    const length = norm(image)
    if (Number.isFinite(length)) return image
    throw fail(`${by} gave ${length} for a vector of norm ${norm(v).toPrecision(3)}`)
  }
  /** A lower bound of the norm of A. */
  let size = 0
  const apply = function* (v: Vector): Asking<Vector> {
    const image = finite('matvec', yield* productBy('matrix')(v), v)
    const given = norm(v)
    if (given > 0) size = Math.max(size, norm(image) / given)
    return image
  }
  const precondition = function* (v: Vector): Asking<Vector> {
    return finite('the preconditioner', yield* productBy('preconditioner')(v), v)
  }
  const whole = norm(b)
  if (!Number.isFinite(whole)) throw fail(`the norm of b is ${whole}; nothing solves that`)
  const target = tolerance * whole
  const x = initial === null ? new Float64Array(b.length) : initial.slice()
  let iterations = 0
  let before = Number.POSITIVE_INFINITY
  let trouble: string | null = null
  for (;;) {
    const image = scaled(-0.5, yield* apply(scaled(-2, x)))
    const residual = difference(b, image)
    const left = norm(residual)
    // where rounding lets it get no further
    const attainable = 32 * epsilon * size * norm(x)
    const isLast = iterations >= maxIterations || !(left < 0.999 * before) || trouble === onlyZeros
    if (left <= target || (isLast && left <= attainable && attainable < 0.1 * whole)) {
      if (has.transpose) yield* requireTransposed(system, apply)
      return x
    }
    if (isLast) {
      const reason =
        (yield* nonlinearity('matvec', apply, x, epsilon * size)) ??
        (has.preconditioner ? yield* unfit(precondition, residual, epsilon) : null) ??
        trouble ??
        (attainable < 0.1 * whole ? null : nearlySingular)
      const unfinished = iterations >= maxIterations ? 'it did not converge' : 'it gets no further'
      const reached =
        `After ${iterations} iterations the residual b - Ax has the norm ${left.toPrecision(3)}${placeOf(residual)}, where that ` +
        `of b is ${whole.toPrecision(3)}`
      throw fail(reason === null ? `${unfinished}. ${reached}. ${remedy(method)}` : `${reason}. ${reached}`)
    }
    before = left
    const attempt = yield* methods[method]({
      apply,
      precondition: has.preconditioner ? precondition : null,
      b: residual,
      target,
      budget: maxIterations - iterations,
      epsilon,
    })
    iterations += attempt.iterations
    trouble = size === 0 && attempt.iterations > 0 ? onlyZeros : attempt.trouble
    addTo(x, 1, attempt.x)
  }
}

const nearlySingular = 'the matrix is singular, or so nearly that rounding leaves nothing of a solution'
const onlyZeros = 'the matrix is singular: it gives zeros'

const remedy = (method: MethodName): string =>
  `Give a larger tolerance, more maxIterations${method === 'gmres' ? '' : ", or method: 'gmres'"}; a preconditioner, a solver of your own, or a nearer initial`

/** What shows that a function is not linear, if something does. */
function* nonlinearity(name: string, apply: Product, x: Vector, accuracy: number): Asking<string | null> {
  const image = yield* apply(x)
  const apart = norm(difference(image, scaled(-0.5, yield* apply(scaled(-2, x)))))
  if (apart <= 1000 * accuracy * norm(x)) return null
  return (
    `${name} is not linear: ${name}(x) and ${name}(-2x) / -2 differ by ${apart.toPrecision(3)} at an x of norm ${norm(x).toPrecision(3)}; ` +
    'give a function without constant terms, such as (v) => matmul(a, v)'
  )
}

/** Why something is no preconditioner, if that shows. */
function* unfit(precondition: Product, residual: Vector, epsilon: number): Asking<string | null> {
  const image = norm(yield* precondition(residual))
  if (image === 0) return 'the preconditioner gives zeros, and should be near to the inverse of the matrix'
  return yield* nonlinearity('preconditioner', precondition, residual, (epsilon * image) / norm(residual))
}

/** (A' w) · v = w · (A v) holds for the transpose A', and of vectors at random for no other matrix. */
function* requireTransposed({ what, b, epsilon }: System, apply: Product): Asking<void> {
  const [v, w] = [scattered(b.length, 1), scattered(b.length, 2)]
  const image = yield* apply(v)
  const other = yield* productBy('transpose')(w)
  const [left, right] = [dot(other, v), dot(w, image)]
  const scale = Math.max(norm(image) * norm(w), norm(other) * norm(v))
  if (Math.abs(left - right) <= 1000 * epsilon * scale) return
  throw new GradientError(
    `${what}: the transpose is not that of matvec: (transpose(w)) · v is ${left.toPrecision(6)}, and w · matvec(v) is ` +
      `${right.toPrecision(6)}, for two vectors at random. Without transpose and symmetric, the right one is found from matvec.`,
  )
}

/** Elements between 1 and 2, of either sign: multiples of the golden ratio lie anywhere. */
const scattered = (size: number, seed: number): Vector =>
  Float64Array.from({ length: size }, (_, i) => {
    const place = ((i + 1) * (seed + 0.6180339887498949) ** 2) % 1
    return place < 0.5 ? 1 + 2 * place : -2 * place
  })
