import { defaultDType, withDefaultDType } from '../../graph/default-dtype.js'
import { GradientError } from '../../graph/errors.js'
import { forwardBits, refuseTangents, withForward } from '../../graph/forward.js'
import type { Holder } from '../../graph/holder.js'
import type { Level, Runner } from '../../graph/level.js'
import { type Cotangents, latestId, type Node, type Op } from '../../graph/node.js'
import { tracer, withTracer } from '../../graph/tracer.js'
import { activeTracking, requireSync, withOwnBit, withTracking } from '../../graph/tracking.js'
import { leavesOf, mapTree } from '../../graph/tree.js'
import { joinAll, Tuple } from '../../graph/tuple.js'
import { share } from '../../graph/value.js'
import { watcher } from '../../graph/watcher.js'
import { computedAgain } from '../../program/trace.js'
import { linearMap } from '../forward.js'
import type { Fn } from '../grad.js'
import { keepingNothing } from '../loops/replay.js'
import { leafCotangents } from '../reverse.js'
import { type Before, changed, FirstRun, SecondRun, type Surroundings } from './watch.js'

// A function as one node, which keeps what it reads and nothing of what it makes on the way: its derivatives run it again.
// They are such functions in turn, so that the same holds at every order.

/** `checkpoint(f)`: f, recomputed when it is differentiated in reverse; `backend` runs what no tracer does. */
export const checkpoint =
  (backend: Runner, f: Fn) =>
  (...args: unknown[]): unknown => {
    const given = leavesOf(args, 'checkpoint: argument').map(({ node }) => node)
    const dtype = defaultDType()
    const run = () => requireSync('checkpoint', f(...(args as never[])))
    // whoever wants to see inside loops does so here
    if (watcher?.unrolls === true) return run()
    return asOneNode(backend, given, () => withDefaultDType(dtype, () => keepingNothing(run)))
  }

/** What the rules of such a node know of it. */
interface Recalled extends Before {
  readonly backend: Runner
  readonly run: () => unknown
  /** That of `vmap` at which it ran. */
  readonly level: Level | null
  /** The tensors of its result in words, and which of them are results of the node. */
  readonly results: readonly string[]
  readonly places: readonly number[]
}

/** What `run` gives. @param given tensors that it is likely to read */
export const asOneNode = (backend: Runner, given: readonly Node[], run: () => unknown): unknown => {
  const active = activeTracking()
  const reverse = active & ~forwardBits
  if (reverse === 0) return run()
  const isReversed = ({ tracking }: { readonly tracking: number }) => (tracking & reverse) !== 0
  // where the node will have tangents of its own, its function need not have them
  const passing = given.some(isReversed) ? 0 : forwardBits
  const level = tracer?.level ?? null
  const began = latestId()
  const { bit, result, found, inputs, drawn, hasRecordedTangents } = firstRun(
    { around: tracer, backend, active, level },
    passing,
    run,
  )
  const ended = latestId()
  const isOne = hasRecordedTangents || inputs.some((input) => isReversed(input) || passing !== forwardBits)
  const isPart = ({ id, tracking }: Node) => isOne && id > began && (tracking & bit) !== 0
  const parts = [...new Set(found.filter(isPart))]
  const nodes =
    parts.length === 0
      ? []
      : joinAll<Recalled>(
          parts.map(({ value }) => share(value)),
          op,
          inputs as readonly Holder[] as readonly Node[],
          {
            backend,
            run,
            level,
            results: found.map(String),
            places: parts.map((part) => found.indexOf(part)),
            inputs,
            drawn,
            active,
            began,
            ended,
          },
        )
  return eachTensor(result, (node) => {
    if (node.id <= began) return node
    const place = parts.indexOf(node)
    if (place >= 0) return nodes[place]!
    if (node.op === null) return node
    node.tracking &= passing
    return node.tracking === 0 ? node.make(share(node.value)) : node
  })
}

/** What it gives, the tensors in that, and what it read of those that somebody tracks. */
const firstRun = (here: Omit<Surroundings, 'bit'>, passing: number, run: () => unknown) => {
  const { active } = here
  // meanwhile it is a leaf, which backward() looks for; in the end it leads to what was read
  const trail = new Tuple([], active & ~forwardBits)
  // what it made is only to be had as a result: who has it otherwise learns that when they differentiate it
  const leave = (node: Node) => {
    node.forget(kept, [trail])
    node.tracking |= active & ~passing
    refuseTangents(node, active & forwardBits & ~passing, () => lost(node))
  }
  return withForward(
    'checkpoint',
    latestId(),
    ({ bit }) => {
      const first = new FirstRun({ ...here, bit })
      try {
        const result = withTracking(bit | passing, () => withTracer(first, run))
        const { inputs, drawn, hasRecordedTangents } = first
        trail.forget(kept, inputs as readonly Holder[] as readonly Node[])
        return { bit, result, found: tensorsOf(result), inputs, drawn, hasRecordedTangents }
      } finally {
        first.end()
      }
    },
    leave,
  )
}

/** What made a tensor that was kept from the first run. */
const kept: Op = {
  name: 'checkpoint',
  vjp: (_, node) => {
    throw lost(node)
  },
  jvp: (_, node) => {
    throw lost(node)
  },
}

const lost = (node: Node): GradientError => {
  const isRunning = node.inputs[0]?.op === null
  return new GradientError(
    isRunning
      ? `checkpoint: a tensor (${node}) is differentiated in the function that made it of others from outside, which runs again ` +
          'in the backward pass; call backward() outside, or differentiate by what the function is given, with grad().'
      : `checkpoint: a tensor (${node}) is used outside that its function made on the way and did not return: how it was made ` +
          'is forgotten, so it has no derivative. Return it from there.',
  )
}

const eachTensor = (result: unknown, f: (node: Node) => Node): unknown =>
  mapTree(result, 'checkpoint: the result', f, { buffer: f, other: (thing) => requireSync('checkpoint', thing) })

const tensorsOf = (result: unknown): readonly Node[] => {
  const found: Node[] = []
  eachTensor(result, (node) => {
    found.push(node)
    return node
  })
  return found
}

/** The results once more, made of the inputs as whoever is differentiating now tracks them. */
const secondRun = ({ backend, run, level, results, places, ...before }: Recalled, bit: number): readonly Node[] => {
  const second = new SecondRun({ around: tracer, backend, active: activeTracking(), bit, level }, before)
  const found = computedAgain(() => withTracer(second, () => tensorsOf(run())))
  second.end()
  const now = found.map(String)
  if (now.join() !== results.join()) throw changed(`it gives ${now.join(', ')}, and gave ${results.join(', ')}`)
  return places.map((place) => found[place]!)
}

const op: Op<Recalled> = {
  name: 'checkpoint',
  vjp: (cotangent, { inputs, attrs: recalled }, wants) => {
    const seeds = (cotangent as Tuple).parts
    const wanted = inputs.filter((_, i) => wants(i))
    const run = () => {
      const found = pulled(recalled, seeds, wanted)
      return inputs.map((input) => found.get(input) ?? null)
    }
    return asOneNode(recalled.backend, [...inputs, ...present(seeds)], run) as Cotangents
  },
  jvp: (tangents, { inputs, attrs: recalled }) => {
    const run = () => pushed(recalled, inputs, tangents)
    const found = asOneNode(recalled.backend, [...inputs, ...present(tangents)], run)
    return new Tuple(found as (Node | null)[])
  },
}

const present = (nodes: readonly (Node | null)[]): readonly Node[] => nodes.filter((node) => node !== null)

/** The cotangents of inputs. */
const pulled = (
  recalled: Recalled,
  seeds: readonly (Node | null)[],
  wanted: readonly Node[],
): ReadonlyMap<Node, Node> =>
  recorded(recalled, wanted, (results) => {
    const roots = results.flatMap((root, i) => (seeds[i] == null ? [] : [[root, seeds[i]] as const]))
    const leaves = new Set(wanted)
    return leafCotangents(roots, (node) => leaves.has(node))
  })

/** The tangents of the results. */
const pushed = (
  recalled: Recalled,
  inputs: readonly Node[],
  tangents: readonly (Node | null)[],
): readonly (Node | null)[] => {
  const moving = inputs.filter((_, i) => tangents[i] !== null)
  return recorded(recalled, moving, (results) => linearMap(results, moving)(present(tangents)))
}

/** Runs the function once more, and then `differentiate` with its results as they are made of some of the inputs. */
const recorded = <R>(recalled: Recalled, by: readonly Node[], differentiate: (results: readonly Node[]) => R): R =>
  withOwnBit('checkpoint', (bit) => {
    const before = by.map(({ tracking }) => tracking & bit)
    for (const node of by) node.tracking |= bit
    try {
      const results = secondRun(recalled, bit)
      return withTracking(activeTracking() & ~bit, () => differentiate(results))
    } finally {
      for (const [i, node] of by.entries()) node.tracking = (node.tracking & ~bit) | before[i]!
    }
  })
