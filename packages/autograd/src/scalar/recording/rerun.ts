import type { Algebra } from '../../rules/algebra.js'
import { constantCode, inputCode, loopCode, none, resultCode, ruleOf } from './codes.js'
import { inRounds, rootsOf } from './loop.js'
import { type LoopResults, type Recording, resultAt } from './recording.js'

/** Computes in any algebra what a recording computes; each node once, however often it is asked for. */
export class Rerun<T> {
  private readonly found: T[] = []
  /** What loops give, by their nodes. */
  private readonly loops = new Map<number, LoopResults<T>>()

  constructor(
    private readonly recording: Recording,
    private readonly m: Algebra<T>,
    private readonly inputAt: (index: number) => T,
  ) {}

  resultsOf(roots: ArrayLike<number>): T[] {
    const { recording, found } = this
    for (const node of recording.needed(roots, found)) {
      if (recording.code[node] === loopCode) this.loops.set(node, this.unrolled(node))
      found[node] = this.computed(node)
    }
    return Array.from(roots, (root) => found[root]!)
  }

  private computed(node: number): T {
    const { found, m } = this
    const { code, a, b, c, value } = this.recording
    switch (code[node]) {
      case inputCode:
        return this.inputAt(a[node]!)
      case constantCode:
      case loopCode:
        return m.constant(value[node]!)
      case resultCode:
        return resultAt(this.loops.get(a[node]!)!, b[node]!, c[node]!)
    }
    const operands = [found[a[node]!]!]
    if (b[node] !== none) operands.push(found[b[node]!]!)
    if (c[node] !== none) operands.push(found[c[node]!]!)
    const rule = ruleOf(code[node]!)
    return rule.primitive ? rule.value(m, ...operands) : m.apply(rule, ...operands)
  }

  private unrolled(node: number): LoopResults<T> {
    const loop = this.recording.loopOf(node)
    const roots = rootsOf(loop)
    return inRounds(
      loop,
      (each) => this.found[each]!,
      (inputAt) => {
        const round = new Rerun(loop.body, this.m, inputAt)
        round.resultsOf(roots)
        return (each) => round.found[each]!
      },
    )
  }
}
