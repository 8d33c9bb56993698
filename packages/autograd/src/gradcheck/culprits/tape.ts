import { isFloat } from '../../graph/dtype.js'
import type { Node } from '../../graph/node.js'
import { activeTracking } from '../../graph/tracking.js'
import { leavesOf } from '../../graph/tree.js'
import { share, type Value } from '../../graph/value.js'
import { type Watched, type WatchedOp, withWatcher } from '../../graph/watcher.js'
import { Recorder } from '../../inspect/trace/recorder.js'
import { nameOf } from '../../tensor/name.js'
import { inScope } from '../../transforms/scope.js'
import { restoring } from '../subject/captured.js'
import { toTensors } from '../subject/coordinates.js'
import type { Parts } from '../subject/subject.js'

/** What an op was applied to. */
export interface Given {
  readonly node: Node
  /** What its value was then. */
  readonly value: Value
  /** Whether a derivative by it is asked for. */
  readonly isTracked: boolean
  /** The path of an input of the function, where it is one. */
  readonly path: string | null
}

/** An op as it was applied while a function ran. */
export interface Step {
  readonly op: WatchedOp
  readonly given: readonly Given[]
  readonly results: readonly Node[]
  readonly values: readonly Value[]
  /** Its place among all steps. */
  readonly place: number
  /** Whether a derivative goes on from here. */
  readonly isTracked: boolean
  /** Which one of those of its op it is, from 1 on. */
  readonly count: number
  /** The line that applied it: `file:line`. */
  readonly source: string | null
  /** The path of the module that it is a part of, or the name of a scope. */
  readonly module: string | null
  /** Applies it to other inputs. */
  readonly apply: (inputs: readonly Node[]) => unknown
}

/** The name of a step: that of what it gave, or its op and which one of its kind it is. */
export const nameOfStep = ({ op, results, count }: Step): string => nameOf(results[0]!) ?? `${op.name}#${count}`

/** All tensors that an op gave, in order. */
export const resultsIn = (result: unknown): Node[] => leavesOf(result, 'gradcheck').map(({ node }) => node)

/**
 * Runs `use` with what a function does at a point, op by op: loops are written out, and compiled functions run uncompiled.
 */
export const withSteps = <R>(parts: Parts, point: Float64Array, use: (steps: readonly Step[]) => R): R => {
  const { program, inputs, like, captured } = parts
  const tape = new Tape()
  const run = (...tensors: Node[]) => {
    tape.begin(activeTracking() & tensors[0]!.tracking)
    inputs.leaves.forEach(({ path }, i) => {
      tape.paths.set(captured[i - (inputs.leaves.length - captured.length)] ?? tensors[i]!, path)
    })
    return program(tensors)
  }
  return restoring(captured, () => {
    withWatcher(tape, () => inScope('gradcheck', toTensors(point, inputs, like), run))
    return use(tape.steps)
  })
}

/** Takes down each op that somebody applies, and not what an op is made of. */
class Tape extends Recorder {
  readonly steps: Step[] = []
  readonly paths = new Map<Node, string>()
  private readonly counts = new Map<string, number>()
  private bits = 0
  private inside = 0

  constructor() {
    super(true, true)
  }

  begin(bits: number): void {
    this.bits = bits
  }

  applies<N extends Watched, R>(op: WatchedOp, inputs: readonly N[], apply: (inputs: readonly N[]) => R): R {
    const isOwn = this.inside === 0 && this.bits !== 0
    const given = isOwn ? (inputs as readonly Watched[] as readonly Node[]).map((node) => this.taken(node)) : []
    this.inside++
    try {
      const result = this.op(op, () => apply(inputs))
      if (isOwn) this.add(op, given, result, apply as unknown as Step['apply'])
      return result
    } finally {
      this.inside--
    }
  }

  private taken(node: Node): Given {
    return { node, value: share(node.value), isTracked: this.isTracked(node), path: this.paths.get(node) ?? null }
  }

  private isTracked({ tracking, dtype }: Node): boolean {
    return (tracking & this.bits) !== 0 && isFloat(dtype)
  }

  private add(op: WatchedOp, given: readonly Given[], result: unknown, apply: Step['apply']): void {
    const results = resultsIn(result)
    const first = results[0]!
    const count = (this.counts.get(op.name) ?? 0) + 1
    this.counts.set(op.name, count)
    const line = this.lineOf(first)
    const source = line === null ? null : `${line.file}:${line.line}`
    const values = results.map(({ value }) => share(value))
    const isTracked = results.some((node) => this.isTracked(node))
    this.steps.push({
      place: this.steps.length,
      op,
      given,
      results,
      values,
      isTracked,
      count,
      source,
      module: this.moduleOf(first, given),
      apply,
    })
  }

  /** By what announces itself; else by where the parameters stand that it reads. */
  private moduleOf(node: Node, given: readonly Given[]): string | null {
    let scope: string | null = null
    for (let at = this.groupOf(node); at !== null; at = this.groups[at]!.parent) {
      const { kind, name, id } = this.groups[at]!
      if (kind === 'module') return name
      if (kind === 'function' && !this.implied.has(id)) scope ??= name
    }
    return scope ?? given.map(({ path }) => ownerOf(path)).find((owner) => owner !== null) ?? null
  }
}

/** What has the tensor at a path: `layers[1]` of `input[0].layers[1].weight`. */
const ownerOf = (path: string | null): string | null =>
  /^input\[\d+\][.[](.+?)(\.\w+|\[\d+\])$/.exec(path ?? '')?.[1]?.replace(/^(\d+)\]/, '[$1]') ?? null
