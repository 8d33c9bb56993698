import type { Algebra } from '../../rules/algebra.js'
import { constantCode, inputCode, none, ruleOf } from './codes.js'
import type { Recording } from './recording.js'

/** Computes in any algebra what a recording computes; each node once, however often it is asked for. */
export class Replay<T> {
  private readonly found: T[] = []

  constructor(
    private readonly recording: Recording,
    private readonly m: Algebra<T>,
    private readonly inputAt: (index: number) => T,
  ) {}

  resultsOf(roots: ArrayLike<number>): T[] {
    const { recording, found } = this
    for (const node of recording.needed(roots, found)) found[node] = this.computed(node)
    return Array.from(roots, (root) => found[root]!)
  }

  private computed(node: number): T {
    const { found, m } = this
    const { code, a, b, c, value } = this.recording
    switch (code[node]) {
      case inputCode:
        return this.inputAt(a[node]!)
      case constantCode:
        return m.constant(value[node]!)
    }
    const operands = [found[a[node]!]!]
    if (b[node] !== none) operands.push(found[b[node]!]!)
    if (c[node] !== none) operands.push(found[c[node]!]!)
    const rule = ruleOf(code[node]!)
    return rule.primitive ? rule.value(m, ...operands) : m.apply(rule, ...operands)
  }
}
