import type { DoubtKind } from '@adjoint/autograd/gradcheck'
import type { Case, F } from '../kit.js'

/** A function whose derivatives are right, and hard to check. */
export interface Awkward {
  readonly name: string
  /** The verdicts that are right: that it passes, or a doubt of a kind. */
  readonly right: readonly ('pass' | DoubtKind)[]
  readonly make: (seed: number) => Case
  /**
   * By what the suite's own test knows that the derivative is right: differences at the point, of given steps where it is steep; differences beside it, where
   * the point is a kink or an edge; or the derivative of each element in closed form. None: it has no derivative.
   */
  readonly proof: 'here' | 'beside' | 'none' | { readonly step: number } | ((x: number) => number)
  /** Whether the second derivative is held to differences as well. */
  readonly second: boolean
}

export const awkward = (
  name: string,
  right: Awkward['right'],
  f: F | ((seed: number) => Case),
  inputs?: (seed: number) => unknown[],
  { proof = 'here', second = true }: Partial<Pick<Awkward, 'proof' | 'second'>> = {},
): Awkward => ({
  ...{ name, right, proof, second },
  make: inputs === undefined ? (f as (seed: number) => Case) : (seed) => ({ f: f as F, inputs: inputs(seed) }),
})
