import { atLevelOf, evaluate } from '../../graph/batched.js'
import { defaultDType, withDefaultDType } from '../../graph/default-dtype.js'
import { isFloat } from '../../graph/dtype.js'
import { GradientError } from '../../graph/errors.js'
import { forwardBits } from '../../graph/forward.js'
import type { Body, RunLoop } from '../../graph/kernel.js'
import type { Cotangents, Node, Op, Wants } from '../../graph/node.js'
import { requireSize } from '../../graph/shape.js'
import { tracer } from '../../graph/tracer.js'
import { activeTracking, withOwnBit, withTracking } from '../../graph/tracking.js'
import { linkAll, type Results, Tuple } from '../../graph/tuple.js'
import { type Spec, specOf } from '../../graph/value.js'
import { applying } from '../../graph/watcher.js'
import { zerosLike } from '../../ops/constant.js'
import { bodyKey } from '../../program/body.js'
import { runSplit } from '../../program/split.js'
import { linearMap } from '../forward.js'
import { leafCotangents } from '../reverse.js'
import { aliasOf } from '../scope.js'
import { type BodyFunction, drawRounds, lookAtRounds, traceBody } from './body.js'
import { type Dear, type Drawn, isWithinBody, type Kept, replaying } from './replay.js'

// A loop as one node. Its derivative is a loop over the derivative of its body, traced anew: so there are derivatives of any
// order, and rules know nothing of loops.

/** What a loop is made of, flat. */
export interface Rounds {
  /** The name of the function for messages. */
  readonly what: string
  /** Of the class of all nodes. */
  readonly like: Node
  readonly asProgram: RunLoop
  readonly f: BodyFunction
  readonly carries: readonly Node[]
  readonly sequences: readonly Node[]
  /** Sequences that are known otherwise, by their places: their derivative is not wanted. */
  readonly still?: ReadonlySet<number>
  readonly length: number
  readonly reverse: boolean
  /** What says whether a round runs at all: a carry, or a row. What is given by one that does not is not to be looked at. */
  readonly when?: When | undefined
  /** The error where something is needed for each round, of a loop of which nobody knows how many it has. */
  readonly endless?: (() => Error) | undefined
  /** Default 'dear'. */
  readonly keep?: Kept | undefined
}
export interface When {
  readonly of: 'carries' | 'sequences'
  readonly at: number
}

/** What the rules of a loop know of it. */
interface Recalled extends Rounds {
  readonly captured: readonly Node[]
  readonly drawn: readonly { readonly generator: Drawn['generator']; readonly key: Node; readonly counters: Node }[]
  /** Whether the derivative finds what it needs among what was given. */
  readonly saves: boolean
  readonly dear: Dear['kernels']
  /** How many results the function gives, and how many are added up. */
  readonly given: number
  readonly sums: number
  /** That of the body, to see whether the function is still what it was. */
  readonly key: string
  /** What is told of it. */
  readonly toJSON: () => unknown
}

/** The carries after the last round, and what the rounds gave beside them. */
export interface Ran {
  readonly carries: readonly Node[]
  readonly given: readonly Node[]
  readonly sums: readonly Node[]
}

/** Runs all rounds, and records them as one node. */
export const runLoop = (rounds: Rounds): Ran => {
  const { what, carries, sequences } = rounds
  return applying({ name: what }, [...carries, ...sequences], (given) =>
    run({ ...rounds, carries: given.slice(0, carries.length), sequences: given.slice(carries.length) }),
  )
}

const run = (rounds: Rounds): Ran => {
  const { what, like, asProgram, carries, sequences, length, reverse, when, endless } = rounds
  const dtype = defaultDType()
  const f: BodyFunction = (...args) => withDefaultDType(dtype, () => rounds.f(...args))
  const traced = traceRounds(rounds, isWithinBody() || isRecorded([...carries, ...sequences]))
  const { captured, constants, sums, looks } = traced
  if (endless !== undefined && (traced.saves || traced.draws.length + looks.length > 0)) throw endless()
  const drawn = traced.draws.map((draws) => {
    const [key, counters] = drawRounds(like, draws, length, reverse)
    return { generator: draws.generator, key, counters }
  })
  for (const { shape } of traced.outs.slice(carries.length)) requireSize(what, [length, ...shape])
  const inputs = [
    ...constants,
    ...captured.map(({ value }) => value),
    ...drawn.map(({ key }) => key.value),
    ...carries.map(({ value }) => value),
    ...sequences.map(({ value }) => value),
    ...drawn.map(({ counters }) => counters.value),
  ]
  const common = constants.length + captured.length + drawn.length
  const found = runSplit(
    {
      body: traced.body,
      length,
      reverse,
      common,
      carries: carries.length,
      sums,
      when: when && common + when.at + (when.of === 'carries' ? 0 : carries.length),
      asProgram,
    },
    inputs,
    (kernel, args, outs) => evaluate(like, kernel, args, outs),
  )
  const seen = found.length - sums - looks.length
  looks.forEach((look, i) => {
    lookAtRounds(found[seen + i]!, look, rounds)
  })
  const values = found.toSpliced(seen, looks.length)
  const moving = [...captured, ...carries, ...sequences]
  const recalled: Recalled = {
    ...rounds,
    f,
    captured,
    drawn,
    saves: traced.saves,
    dear: traced.dear,
    given: traced.given,
    sums,
    key: meaningOf(traced.body),
    toJSON: () => ({ length, reverse }),
  }
  const results = linkAll(atLevelOf(inputs, values), loopOp, moving.length === 0 ? [like] : moving, recalled)
  return {
    carries: results.slice(0, carries.length),
    given: results.slice(carries.length, carries.length + traced.given),
    sums: results.slice(results.length - sums),
  }
}

const isRecorded = (nodes: readonly Node[]): boolean => {
  const tracked = activeTracking() & ~forwardBits
  return nodes.some(({ tracking }) => (tracking & tracked) !== 0)
}

const traceRounds = (
  { what, like, f, carries, sequences, keep = 'dear' }: Rounds,
  recorded: boolean,
  captured?: readonly Node[],
) => traceBody(what, like, f, carries.map(specOf), sequences.map(rowSpec), keep, recorded, captured)

const rowSpec = ({ sizes, dtype }: Node): Spec => ({ shape: sizes.slice(1), dtype })

const isMoving = ({ dtype }: { readonly dtype: Spec['dtype'] }): boolean => isFloat(dtype)

/** The nodes of a list at some places, one after the other; and back. */
const chosen = <T>(list: readonly T[], is: readonly boolean[]): T[] => list.filter((_, i) => is[i])
const placed = <T>(list: readonly T[], is: readonly boolean[]): (T | null)[] => {
  let next = 0
  return is.map((here) => (here ? list[next++]! : null))
}

const movingRows = ({ sequences, still }: Rounds): boolean[] =>
  sequences.map((sequence, i) => isMoving(sequence) && still?.has(i) !== true)

const loopOp: Op<Recalled> = {
  name: 'scan',
  vjp: (cotangent, node, wants) => pulled((cotangent as Tuple).parts, node as Results<Recalled>, wants),
  jvp: (tangents, node) => new Tuple([...pushed(tangents, node as Results<Recalled>)]),
}

/** How many rounds a loop has had, of the node that it is. */
export const roundsOf = ({ op, attrs }: Node): number | undefined =>
  op === loopOp ? (attrs as Recalled).length : undefined

/** The cotangents of captured tensors, carries and sequences: a loop from the last round to the first. */
const pulled = (cotangents: readonly (Node | null)[], node: Results<Recalled>, wants: Wants): Cotangents => {
  const loop = node.attrs
  requireSame(loop)
  const { what, like, asProgram, carries, sequences, length, reverse, when, captured, drawn, sums } = loop
  const carried = carries.map(isMoving)
  const [ofCarries, rest] = split(cotangents, carries.length)
  const [ofGiven, ofSums] = split(rest, rest.length - sums)
  const isGiven = ofGiven.map((part) => part !== null)
  const wanted = captured.map((tensor, i) => isMoving(tensor) && wants(i))
  const moved = movingRows(loop)
  const last = carries.flatMap((carry, i) => (carried[i] ? [ofCarries[i] ?? zerosLike(carry)] : []))
  const saved = savedOf(node)

  const f: BodyFunction = (state, rows) => {
    const [before, others] = split(rows, carries.length)
    const [dear, more] = split(others, saved.length - carries.length)
    const [x, most] = split(more, sequences.length)
    const [counters, seeds] = split(most, drawn.length)
    const round = { before, rows: x, counters, dear }
    return recorded(loop, round, (leaves, { after, given, added }) => {
      const took = leaves.slice(captured.length, captured.length + carries.length)
      const roots = [
        ...chosen(after, carried).map((root, i) => [root, state[i]!] as const),
        // what was saved is among what was given; what was dear has no cotangent of its own
        ...chosen([...given, ...took, ...dear], isGiven).map((root, i) => [root, seeds[i]!] as const),
        ...added.flatMap((root, i) => (ofSums[i] === null ? [] : [[root, ofSums[i]!] as const])),
      ].filter(([root]) => root.tracking !== 0)
      const targets = new Set(leaves)
      const found = leafCotangents(roots, (candidate) => targets.has(candidate))
      const all = leaves.map((leaf) => found.get(leaf) ?? null)
      const [ofCaptured, ofStandIns] = split(all, captured.length)
      const [ofBefore, ofRows] = split(ofStandIns, carries.length)
      return [
        chosen(ofBefore, carried).map((part, i) => part ?? zerosLike(state[i]!)),
        chosen(ofRows, moved).map((part, i) => part ?? zerosLike(chosen(x, moved)[i]!)),
        chosen(ofCaptured, wanted).map((part, i) => part ?? zerosLike(chosen(captured, wanted)[i]!)),
      ]
    })
  }
  const ran = runLoop({
    what,
    like,
    asProgram,
    f,
    carries: last,
    sequences: [
      ...saved,
      ...sequences,
      ...drawn.map(({ counters }) => counters),
      ...chosen(ofGiven, isGiven).map((part) => part!),
    ],
    still: range(carries.length, saved.length),
    length,
    reverse: !reverse,
    // the carries that each round took are what was saved first
    when: when && { of: 'sequences', at: when.at + (when.of === 'carries' ? 0 : saved.length) },
    keep: loop.keep,
  })
  return [...placed(ran.sums, wanted), ...placed(ran.carries, carried), ...placed(ran.given, moved)]
}

/** The carries that each round took, and then what was dear to compute in it. */
const savedOf = ({ parts, attrs: { carries, given, sums } }: Results<Recalled>): readonly Node[] =>
  parts.slice(carries.length + given, parts.length - sums)

const range = (from: number, to: number): ReadonlySet<number> =>
  new Set(Array.from({ length: to - from }, (_, i) => from + i))

const split = <T>(list: readonly T[], at: number): readonly [T[], T[]] => [list.slice(0, at), list.slice(at)]

/** What one round takes. */
interface Round {
  readonly before: readonly Node[]
  readonly rows: readonly Node[]
  readonly counters: readonly Node[]
  /** What was dear to compute; null where it is computed again. */
  readonly dear: readonly Node[] | null
}
interface Gave {
  readonly after: readonly Node[]
  readonly given: readonly Node[]
  readonly added: readonly Node[]
}

/** Runs one round so that it can be differentiated by what it takes, and hands over what it gave. */
const recorded = <R>(
  { what, f, captured, drawn, still, keep = 'dear', dear: kernels }: Recalled,
  { before, rows, counters, dear }: Round,
  differentiate: (leaves: readonly Node[], gave: Gave) => R,
): R => {
  const around = tracer!
  return withOwnBit(what, (bit) => {
    const standIns = [...before, ...rows].map((node, i) => {
      const leaf = aliasOf(node)
      if (isMoving(leaf) && still?.has(i - before.length) !== true) leaf.tracking |= bit
      return leaf
    })
    // a bit that was there before is that of a differentiation that has ended
    const moving = captured.filter((tensor) => isMoving(tensor) && (tensor.tracking & bit) === 0)
    for (const tensor of moving) tensor.tracking |= bit
    try {
      const draws = drawn.map(({ generator, key }, i): Drawn => ({ generator, key, counter: counters[i]! }))
      const [c, x] = split(standIns, before.length)
      const known = dear === null ? null : { values: dear.map(({ value }) => value), kernels }
      const [after, given, added = []] = replaying(around, draws, known, keep, () => f(c, x))
      return withTracking(activeTracking() & ~bit, () =>
        differentiate([...captured, ...standIns], { after, given, added }),
      )
    } finally {
      for (const tensor of moving) tensor.tracking &= ~bit
    }
  })
}

/** The tangents of all results: a loop in which each carry has its tangent beside it. */
const pushed = (tangents: readonly (Node | null)[], node: Results<Recalled>): readonly (Node | null)[] => {
  const loop = node.attrs
  requireSame(loop)
  const { what, like, asProgram, carries, sequences, length, reverse, when, captured, drawn, given, saves } = loop
  const [along, rest] = split(tangents, captured.length)
  const [ofCarries, ofSequences] = split(rest, carries.length)
  const carried = carries.map(isMoving)
  const moved = ofSequences.map((tangent) => tangent !== null)
  const f: BodyFunction = (state, all) => {
    const [before, ofBefore] = split(state, carries.length)
    const [x, others] = split(all, sequences.length)
    const [counters, ofRows] = split(others, drawn.length)
    return recorded(loop, { before, rows: x, counters, dear: null }, (leaves, gave) => {
      const ofLeaves = [...along, ...placed(ofBefore, carried), ...placed(ofRows, moved)]
      const results = [...gave.after, ...gave.given, ...gave.added]
      const found = linearMap(results, leaves)(ofLeaves)
      const all = results.map((result, i) => (isMoving(result) ? (found[i] ?? zerosLike(result)) : null))
      const [ofAfter, others] = split(all, gave.after.length)
      const [ofGiven, ofAdded] = split(others, gave.given.length)
      return [
        [...gave.after, ...chosen(ofAfter, carried).map((tangent) => tangent!)],
        [...ofGiven.flatMap((tangent) => tangent ?? []), ...(saves ? ofBefore : [])],
        ofAdded.flatMap((tangent) => tangent ?? []),
      ]
    })
  }
  const start = carries.flatMap((carry, i) => (carried[i] ? [ofCarries[i] ?? zerosLike(carry)] : []))
  const ran = runLoop({
    what,
    like,
    asProgram,
    f,
    carries: [...carries, ...start],
    sequences: [
      ...sequences,
      ...drawn.map(({ counters }) => counters),
      ...ofSequences.flatMap((tangent) => tangent ?? []),
    ],
    length,
    reverse,
    when,
    endless: loop.endless,
    keep: loop.keep,
  })
  const [, finals] = split(ran.carries, carries.length)
  const parts = node.parts.slice(carries.length)
  const isGiven = parts.slice(0, given).map(isMoving)
  // of what is saved, only the carries move by themselves
  const isSaved = parts.slice(given, parts.length - loop.sums).map((_, i) => carried[i] ?? false)
  return [
    ...placed(finals, carried),
    ...placed(ran.given, [...isGiven, ...isSaved]),
    ...placed(ran.sums, parts.slice(parts.length - loop.sums).map(isMoving)),
  ]
}

/** A user's function that looks at elements is another one in each trace. */
const meaningOf = (body: Body): string => bodyKey(body, () => 'call')

/** The derivative is that of the function as it is now: it must be what it was. */
const requireSame = (loop: Recalled): void => {
  const { what, captured, key, saves } = loop
  const traced = traceRounds(loop, saves, captured)
  const isSame =
    meaningOf(traced.body) === key &&
    captured.length === traced.captured.length &&
    captured.every((tensor, i) => tensor === traced.captured[i])
  if (isSame) return
  throw new GradientError(
    `${what}: its function does something else now than when it ran, so the derivative would not belong to it: it depends on a ` +
      'JavaScript variable that was changed since. Pass what changes as a carry, a row or a constant of its own.',
  )
}
