import type { Product, Vector } from './vectors.js'

/** What a method is to do: find x with A x = b, from x = 0. */
export interface Task {
  readonly apply: Product
  readonly b: Vector
  /** It is done where the norm of b - A x is estimated to be at most this. */
  readonly target: number
  /** How many products it may take. */
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
export type Method = (task: Task) => Attempt
