import { latestId, Node } from '../../graph/node.js'
import type { NamedPart, Watched, WatchedOp, Watcher } from '../../graph/watcher.js'
import type { SourceLine, TraceGroup } from './schema.js'
import { sourceHere } from './source.js'

/** What was the case while nodes were made: ids rise, so the first id of each state tells. */
class Timeline<T> {
  private readonly starts: number[] = []
  private readonly states: T[] = []

  constructor(private state: T) {}

  get current(): T {
    return this.state
  }

  switch(state: T): void {
    this.state = state
    this.starts.push(latestId() + 1)
    this.states.push(state)
  }

  during<R>(state: T, f: () => R): R {
    const before = this.state
    this.switch(state)
    try {
      return f()
    } finally {
      this.switch(before)
    }
  }

  /** The state when a node was made; null where that was before all of them. */
  at(id: number): T | null {
    let [low, high] = [0, this.starts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.starts[middle]! <= id) low = middle + 1
      else high = middle
    }
    return low === 0 ? null : this.states[low - 1]!
  }
}

/** Notes while a function runs what its graph does not say: parts and their names, lines, sweeps. */
export class Recorder implements Watcher {
  readonly groups: TraceGroup[] = []
  /** Those that stand for themselves only if they have several steps, by their ids. */
  readonly implied = new Set<number>()
  /** What the parts call their tensors. */
  readonly names = new Map<Node, string>()
  private readonly parts = new Timeline<number | null>(null)
  private readonly lines = new Timeline<SourceLine | null>(null)
  private readonly sweeps = new Timeline<boolean>(false)
  /** Which node a cotangent belongs to, by ids. */
  private readonly adjoints = new Map<number, Watched>()
  private depth = 0

  constructor(
    private readonly withLines: boolean,
    readonly unrolls: boolean,
  ) {}

  op<R>(_op: WatchedOp, f: () => R): R {
    // what an op computes by others is not recorded
    if (this.withLines && this.depth === 0) this.lines.switch(sourceHere())
    this.depth++
    try {
      return f()
    } finally {
      this.depth--
    }
  }

  rule<R>(_node: Watched, f: () => R): R {
    return f()
  }

  found(): void {}

  part<R>({ kind, name, type = name, names = [], implied = false }: NamedPart, f: () => R): R {
    for (const [called, tensor] of names) {
      if (tensor instanceof Node && !this.names.has(tensor)) this.names.set(tensor, called)
    }
    const id = this.groups.length
    this.groups.push({ id, kind, name, type, parent: this.parts.current })
    if (implied) this.implied.add(id)
    return this.parts.during(id, f)
  }

  sweep<R>(f: () => R): R {
    return this.sweeps.during(true, f)
  }

  arrived(node: Watched, cotangent: Watched): void {
    if (!this.adjoints.has(cotangent.id)) this.adjoints.set(cotangent.id, node)
  }

  groupOf({ id }: Node): number | null {
    return this.parts.at(id)
  }

  lineOf({ id }: Node): SourceLine | null {
    return this.lines.at(id)
  }

  /** Of which node this is the adjoint: null where a sweep made it on the way, undefined where none did. */
  adjointOf({ id }: Node): Watched | null | undefined {
    return this.sweeps.at(id) === true ? (this.adjoints.get(id) ?? null) : undefined
  }
}
