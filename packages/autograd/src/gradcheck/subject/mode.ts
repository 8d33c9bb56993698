/** A way to a derivative: from the results back, or from the inputs on. */
export type Mode = 'reverse' | 'forward'

export const allModes: readonly Mode[] = ['reverse', 'forward']

/** What the ways to a derivative are called: at order 2, each is a way to differentiate the gradient. */
export interface ModeNames {
  readonly reverse: string
  readonly forward: string
  readonly numeric: string
}
