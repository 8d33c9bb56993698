import type { Pausing } from './pieces.js'
import { argsOf, madeOf, type Term } from './term.js'

/** After so many steps from one term to another it pauses. */
const pieceSize = 1024

/**
 * Every term that the roots need, each once and after its arguments. Iterative: programs may be long chains. Where some are
 * computed again, all are in the order in which they were made: so that is done when it is needed, and not long before.
 */
export function* termsInOrder(roots: readonly Term[]): Pausing<Term[]> {
  const ordered: Term[] = []
  const met = new Set<Term>()
  /** Terms whose arguments are being looked at, and how many of these have been. */
  const stack: { readonly term: Term; next: number }[] = []
  let steps = 0
  for (const root of roots) {
    if (!meets(met, root)) continue
    stack.push({ term: root, next: 0 })
    while (stack.length > 0) {
      if (++steps % pieceSize === 0) yield null
      const top = stack[stack.length - 1]!
      const arg = argsOf(top.term)[top.next++]
      if (arg === undefined) ordered.push(stack.pop()!.term)
      else if (meets(met, arg)) stack.push({ term: arg, next: 0 })
    }
  }
  const time = (term: Term): number => madeOf(term)?.time ?? 0
  return ordered.some((term) => madeOf(term)?.again != null) ? ordered.sort((a, b) => time(a) - time(b)) : ordered
}

/** Whether a term is met for the first time. */
const meets = (met: Set<Term>, term: Term): boolean => {
  const before = met.size
  met.add(term)
  return met.size > before
}
