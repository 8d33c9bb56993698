import { whereItRan } from '../../graph/batched.js'
import { isFloat } from '../../graph/dtype.js'
import type { Node } from '../../graph/node.js'
import { sizeOf } from '../../graph/shape.js'
import { withTracking } from '../../graph/tracking.js'
import { Tuple } from '../../graph/tuple.js'
import { type Watched, type WatchedOp, type Watcher, withWatcher } from '../../graph/watcher.js'
import { constant } from '../../ops/constant.js'
import { elementwise } from '../../ops/elementwise.js'
import { leafCotangents } from '../../transforms/reverse.js'
import { isAlias } from '../../transforms/scope.js'
import { opOf, originalOf } from './history.js'

const { add } = elementwise

/** What a node passes on to one of its inputs. */
export interface Passed {
  readonly index: number
  readonly to: Node
  readonly amount: Node
  readonly total: Node
}

/** The sweep back from a root, as it happened. */
export interface Sweep {
  readonly adjoints: ReadonlyMap<Node, Node>
  /** Who passes on, in order; a leaf passes nothing on. */
  readonly steps: readonly { readonly node: Node; readonly passed: readonly Passed[] }[]
}

/** Whether a sweep can begin here. */
export const isDifferentiable = (root: Node): boolean =>
  sizeOf(root.sizes) === 1 && isFloat(root.dtype) && root.tracking !== 0

/** Sweeps back over the graph and notes what is passed on. What several results of an op pass on together has no parts. */
export const sweepFrom = (root: Node): Sweep => {
  const notes = new Notes()
  const isLeaf = (node: Node) => opOf(node) === null && node.tracking !== 0
  withTracking(0, () => withWatcher(notes, () => leafCotangents([[root, constant(root, 1, root.sizes)]], isLeaf)))
  return notes
}

class Notes implements Watcher, Sweep {
  readonly adjoints = new Map<Node, Node>()
  readonly steps: { node: Node; passed: Passed[] }[] = []
  private readonly totals = new Map<Node, Node>()
  private depth = 0

  op<R>(_op: WatchedOp, f: () => R): R {
    return f()
  }
  rule<R>(_node: Watched, f: () => R): R {
    return f()
  }
  found(): void {}

  sweep<R>(f: () => R): R {
    this.depth++
    try {
      return f()
    } finally {
      this.depth--
    }
  }

  arrived(node: Watched, cotangent: Watched): void {
    // a rule may sweep by itself
    if (this.depth > 1 || isAlias(node as Node)) return
    this.steps.push({ node: node as Node, passed: [] })
    if (!(cotangent instanceof Tuple)) this.adjoints.set(node as Node, cotangent as Node)
  }

  passed(node: Watched, index: number, contribution: Watched): void {
    if (this.depth > 1 || isAlias(node as Node) || contribution instanceof Tuple) return
    const amount = contribution as Node
    const to = originalOf((node as Node).inputs[index]!)
    const before = this.totals.get(to)
    const total = before === undefined ? amount : withWatcher(null, () => whereItRan(to, () => add(before, amount)))
    this.totals.set(to, total)
    this.steps.at(-1)!.passed.push({ index, to, amount, total })
  }
}
