import type { Comparison } from './agreement.js'
import type { DoubtKind } from './doubt.js'
import type { Place } from './slopes.js'

/** What the ways to a derivative are called: at order 2, each is a way to differentiate the gradient. */
export interface ModeNames {
  readonly reverse: string
  readonly forward: string
  readonly numeric: string
}

export type Mode = 'reverse' | 'forward'

/** What there is to compare, and how. */
export interface Check {
  readonly place: Place
  /** The modes that there are: a custom op whose rules look at elements may lack one. */
  readonly modes: readonly Mode[]
  readonly names: ModeNames
  /** Whether the Jacobian is a Hessian, which must be symmetric. */
  readonly symmetric: boolean
}

/** A derivative that could not be checked, and why. */
export interface Doubt {
  /** What kept it from being checked. */
  readonly kind: DoubtKind
  /** Which element of which input. */
  readonly input: string
  /** Which element of which output. */
  readonly output: string
  /** Why, in a sentence. */
  readonly says: string
}

export interface Findings {
  /** What part of the Jacobian was looked at, in words. */
  readonly coverage: string
  readonly comparisons: readonly Comparison[]
  readonly doubts: readonly Doubt[]
}
