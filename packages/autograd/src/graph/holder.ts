import type { Spec, Value } from './value.js'

/**
 * Where the value of a tensor is. A tensor (a holder) has its value itself, `stored`, or a keeper has it: always one of the
 * two, never both. Only the functions of this file change which one.
 *
 * 1. `entrust(holder, keeper)`: the keeper has it from now on, as a compiled program does after a call.
 * 2. `holder.value`, whoever asks first: `fetch` of its keeper, once; the holder has it again, and that keeper is done with it.
 * 3. `settle(holder, value)`: another value, by `assign` for instance. The keeper is not asked and hears nothing: whether a
 *    holder is still its own, it sees at `holder.keeper`.
 */

/** A node, as far as something else may hold or change what it stands for. */
export interface Holder {
  readonly id: number
  readonly sizes: Spec['shape']
  readonly dtype: Spec['dtype']
  tracking: number
  /** The value, wherever it is. */
  readonly value: Value
  /** The value, or null while the keeper has it. */
  readonly stored: Value | null
  readonly keeper: Keeper | null
  replacedAt: number
  /** What `backward` has collected here. */
  collected: Holder | null
  make(value: Value): Holder
}

/** What has the value of a tensor as long as nobody has looked at it. */
export interface Keeper {
  /** Gives it back. The holder calls it, and forgets the keeper. */
  fetch(): Value
}

/** What only this file writes. */
type Writable = { -readonly [K in 'stored' | 'keeper']: Holder[K] }

/** The holder has this value itself. */
export const settle = (holder: Holder, value: Value): void => {
  const at: Writable = holder
  at.stored = value
  at.keeper = null
}

/** The keeper has the value of the holder. */
export const entrust = (holder: Holder, keeper: Keeper): void => {
  const at: Writable = holder
  at.stored = null
  at.keeper = keeper
}

/** Runs `f` while holders have other values; what they had before, or who had it, is as it was afterwards. */
export const withValues = <R>(holders: readonly Holder[], values: readonly Value[], f: () => R): R => {
  const before = holders.map(({ stored, keeper }) => ({ stored, keeper }))
  holders.forEach((holder, i) => {
    settle(holder, values[i]!)
  })
  try {
    return f()
  } finally {
    holders.forEach((holder, i) => {
      Object.assign(holder, before[i])
    })
  }
}
