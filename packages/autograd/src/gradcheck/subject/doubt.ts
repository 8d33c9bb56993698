/** Why a derivative could not be checked. */
export type DoubtKind =
  | 'not finite'
  | 'edge'
  | 'kink'
  | 'discontinuity'
  | 'imprecise'
  | 'nondeterministic'
  | 'not differentiable'
  | 'captured'
  | 'mutated input'

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
