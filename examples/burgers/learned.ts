import type { Flow } from './model.js'

/** How a training is after some epochs. */
export interface Milestone {
  readonly epoch: number
  /** The mean of the squared residuals of the equation over an epoch. */
  readonly residual: number
  /** The root of the mean square of u less the exact solution, over that of the exact solution. */
  readonly error: number
  readonly processorSeconds: number
}

/** Places and times of a grid, and the exact solution there. */
export interface Exact {
  readonly x: readonly number[]
  readonly t: readonly number[]
  /** By time, then by place. */
  readonly u: readonly (readonly number[])[]
}

/** What a training leaves. */
export interface Learned {
  readonly model: Flow
  readonly exact: Exact
  readonly milestones: readonly Milestone[]
  readonly points: number
}
