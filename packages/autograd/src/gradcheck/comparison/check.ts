import type { Place } from '../differences/slopes.js'
import type { Doubt } from '../subject/doubt.js'
import type { Mode, ModeNames } from '../subject/mode.js'
import type { Comparison } from './agreement.js'

/** What there is to compare, and how. */
export interface Check {
  readonly place: Place
  /** The modes that there are: a custom op whose rules look at elements may lack one. */
  readonly modes: readonly Mode[]
  readonly names: ModeNames
  /** Whether the Jacobian is a Hessian, which must be symmetric. */
  readonly symmetric: boolean
  /** How far derivatives may lie apart at points that nobody chose, where they may be nothing but round-off; else 0. */
  readonly overlooked: number
}

export interface Findings {
  /** What part of the Jacobian was looked at, in words. */
  readonly coverage: string
  readonly comparisons: readonly Comparison[]
  readonly doubts: readonly Doubt[]
}
