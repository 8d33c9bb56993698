import { argsOf, type Term } from './term.js'

/** Every term that the roots need, each once and after its arguments. Iterative: programs may be long chains. */
export const termsInOrder = (roots: readonly Term[]): Term[] => {
  const ordered: Term[] = []
  const state = new Map<Term, number>()
  const stack: Term[] = []
  for (const root of roots) {
    stack.push(root)
    while (stack.length > 0) {
      const term = stack[stack.length - 1]!
      const next = state.get(term) ?? 0
      const arg = argsOf(term)[next]
      if (arg !== undefined) {
        state.set(term, next + 1)
        if (!state.has(arg)) stack.push(arg)
        continue
      }
      stack.pop()
      if (next >= 0) ordered.push(term)
      state.set(term, -1)
    }
  }
  return ordered
}
