import type { Random } from '@adjoint/autograd'
import type { Module } from '../../src/index.js'

/** What a sample gives its layer: float64 parameters, drawn from this generator. */
export interface Creation {
  readonly dtype: 'float64'
  readonly random: Random
}

/** A layer, and what its forward takes. Sizes are small: its gradients are checked by differences. */
export interface Sample {
  /** Made anew at each call. */
  readonly make: (options: Creation) => Module
  /** Drawn, and away from kinks. */
  readonly inputs: (random: Random) => readonly unknown[]
  /** In evaluation mode. Default false. */
  readonly evaluated?: boolean
  /** Why an ensemble of it by vmap cannot be compared with a loop. */
  readonly alone?: string
}

export type Samples = Readonly<Record<string, readonly Sample[]>>
