import type { Value } from './value.js'

/** Who is told what computes what, while `detectAnomaly` runs. */
export interface Watcher {
  /** Runs an op. */
  op<R>(name: string, f: () => R): R
  /** Runs the derivative rule of an op that gave a value. */
  rule<R>(op: string, made: Value | null, f: () => R): R
  /** A loss, or a gradient of it, is found. */
  found(what: () => string, value: Value): void
}

/** Null but for a while: ops look at it each time that they run. */
export let watcher: Watcher | null = null

export const withWatcher = <R>(next: Watcher | null, f: () => R): R => {
  const before = watcher
  watcher = next
  try {
    return f()
  } finally {
    watcher = before
  }
}
