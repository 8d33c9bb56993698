import type { Holder } from '../graph/holder.js'
import { activeTracking } from '../graph/tracking.js'

/** A tensor that was there before the function ran which is traced: one that it was given, or that it refers to. */
export interface Cell {
  readonly holder: Holder
  /** Its position among the tensors that the function was given, each call's own; null for one that it refers to. */
  readonly argument: number | null
  /** Which differentiations it took part in, and which of these were active when it was met. */
  readonly tracking: number
  readonly recorded: number
  /** Whether it had a gradient, if the function asked. */
  readonly found: GradientState | null
}

/** Whether a leaf has a gradient, and one that could be differentiated. */
export type GradientState = 'none' | 'plain' | 'with a past'

/** @param gradient what a leaf has collected */
export const gradientState = (gradient: Holder | null): GradientState =>
  gradient === null ? 'none' : (gradient.tracking & activeTracking()) === 0 ? 'plain' : 'with a past'
