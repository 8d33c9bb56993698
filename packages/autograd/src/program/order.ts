import { inPieces, type Pausing } from './pieces.js'
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
  let isRepeated = false
  for (const root of roots) {
    if (!meets(met, root)) continue
    stack.push({ term: root, next: 0 })
    while (stack.length > 0) {
      if (++steps % pieceSize === 0) yield null
      const top = stack[stack.length - 1]!
      const arg = argsOf(top.term)[top.next++]
      if (arg === undefined) {
        isRepeated ||= madeOf(top.term)?.again != null
        ordered.push(stack.pop()!.term)
      } else if (meets(met, arg)) stack.push({ term: arg, next: 0 })
    }
  }
  return isRepeated ? yield* inTime(ordered) : ordered
}

/** In the order in which they were made; those of one time, or none, stay in theirs. */
function* inTime(terms: readonly Term[]): Pausing<Term[]> {
  const byTime = new Map<number, Term[]>()
  let [first, last] = [Number.POSITIVE_INFINITY, 0]
  const sorted: Term[] = []
  yield* inPieces(terms, (term) => {
    const time = madeOf(term)?.time
    if (time === undefined) {
      sorted.push(term)
      return
    }
    ;[first, last] = [Math.min(first, time), Math.max(last, time)]
    const others = byTime.get(time)
    if (others === undefined) byTime.set(time, [term])
    else others.push(term)
  })
  for (let time = first; time <= last; time++) {
    if ((time - first) % pieceSize === pieceSize - 1) yield null
    for (const term of byTime.get(time) ?? []) sorted.push(term)
  }
  return sorted
}

/** Whether a term is met for the first time. */
const meets = (met: Set<Term>, term: Term): boolean => {
  const before = met.size
  met.add(term)
  return met.size > before
}
