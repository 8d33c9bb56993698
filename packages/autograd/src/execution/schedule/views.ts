import { contiguousStrides } from '../../graph/shape.js'
import { splatOf } from '../../graph/value.js'
import { inPieces, type Pausing } from '../../program/pieces.js'
import type { Term } from '../../program/term.js'
import { layoutWindow, reshapeWindow, type Window } from '../window.js'

/** A term seen as a window on another, which is computed or given as a whole. */
export interface Seen {
  readonly base: Term
  readonly window: Window
}

/** For every term (inputs before results) what it is a window on: itself, unless it only looks at another one. */
export function* seenThrough(terms: readonly Term[]): Pausing<ReadonlyMap<Term, Seen>> {
  const seen = new Map<Term, Seen>()
  yield* inPieces(terms, (term) => {
    seen.set(term, through(term, seen) ?? { base: term, window: whole(term) })
  })
  return seen
}

const through = (term: Term, seen: ReadonlyMap<Term, Seen>): Seen | null => {
  if (term.kind !== 'apply') return null
  const { kernel, args, spec } = term
  if (kernel.kind !== 'layout' && kernel.kind !== 'reshape') return null
  const { base, window } = seen.get(args[0]!)!
  const next = kernel.kind === 'layout' ? layoutWindow(kernel, window, spec.shape) : reshapeWindow(window, spec.shape)
  return next === null ? null : { base, window: next }
}

const whole = (term: Term): Window => {
  const { shape } = term.spec
  const isSplat = term.kind === 'constant' && splatOf(term.value) !== null
  return { shape, strides: isSplat ? shape.map(() => 0) : contiguousStrides(shape), offset: 0 }
}
