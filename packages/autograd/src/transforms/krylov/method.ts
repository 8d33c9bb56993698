import type { Vector } from './vectors.js'

/** What is known by its products alone. */
export type Factor = 'matrix' | 'transpose' | 'preconditioner'

/** A product that is wanted: who runs the method makes it, for one system or for many at a time. */
export interface Request {
  readonly by: Factor
  readonly vector: Vector
}

/** Something that comes to a result by asking for products. */
export type Asking<R> = Generator<Request, R, Vector>
export type Product = (v: Vector) => Asking<Vector>

export const productBy = (by: Factor): Product =>
  function* (vector) {
    return yield { by, vector }
  }

/** What a method is to do: find x with A x = b, from x = 0. */
export interface Task {
  readonly apply: Product
  /** What is near to the product with the inverse of A, and cheap. */
  readonly precondition: Product | null
  readonly b: Vector
  /** It is done where the norm of b - A x is estimated to be at most this. */
  readonly target: number
  /** How many products with A it may take. */
  readonly budget: number
  /** How far apart numbers of the dtype are, near 1. */
  readonly epsilon: number
}

export interface Attempt {
  readonly x: Vector
  readonly iterations: number
  /** Why it could not go on, if it could not. */
  readonly trouble: string | null
}

/** A method for linear systems. Where it ends early, it may be begun again from where it is. */
export type Method = (task: Task) => Asking<Attempt>

/** With x = M u for the preconditioner M, it solves A M u = b: the residual is that of x (Saad, Iterative Methods, 9.3.2). */
export const onTheRight = (method: Method): Method =>
  function* (task) {
    const { apply, precondition } = task
    if (precondition === null) return yield* method(task)
    const attempt = yield* method({
      ...task,
      *apply(v) {
        return yield* apply(yield* precondition(v))
      },
    })
    return { ...attempt, x: yield* precondition(attempt.x) }
  }
