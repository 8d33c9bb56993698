export type Mode = 'reverse' | 'forward'

/** What the ways to a derivative are called: at order 2, each is a way to differentiate the gradient. */
export interface ModeNames {
  readonly reverse: string
  readonly forward: string
  readonly numeric: string
}
