import { ArgumentError, CompileError } from '../../graph/errors.js'
import { anyLength, type RunLoop } from '../../graph/kernel.js'
import { BatchedValue } from '../../graph/level.js'
import type { Node } from '../../graph/node.js'
import { tracer, withTracer } from '../../graph/tracer.js'
import { requireSync } from '../../graph/tracking.js'
import { isTensor, rebuild } from '../../graph/tree.js'
import { UnknownValue } from '../../graph/unknown.js'
import { denseData, type Value } from '../../graph/value.js'
import { watcher } from '../../graph/watcher.js'
import { shown } from '../../graph/words.js'
import { stopGradient } from '../../ops/constant.js'
import { elementwise } from '../../ops/elementwise.js'
import { inRound } from '../../program/body.js'
import { requireAlike, sameEachRound, tensorsIn } from './carry.js'
import { Conditional, conditionsHere } from './conditional.js'
import { runLoop } from './rounds.js'

/** What `whileLoop` takes beside its functions and the carry. */
export interface WhileOptions {
  /**
   * How many rounds there may be. In `compile` it is needed for derivatives in reverse mode, and for random numbers; and in the
   * body of another loop always.
   */
  readonly bound?: number | undefined
}

/**
 * `whileLoop(test, body, carry)`: the first carry of which the test does not hold. Where the test is known, it is a JavaScript
 * loop; for many examples one in which those that are done keep their carries; and where it is not known a loop as one node, whose
 * rounds run as long as a carry says so.
 */
export const whileLoop = (
  like: Node,
  asProgram: RunLoop,
  test: (carry: never) => unknown,
  body: (carry: never) => unknown,
  carry: unknown,
  { bound }: WhileOptions = {},
): unknown => {
  const leaves = tensorsIn('whileLoop: carry', carry)
  const of = (nodes: readonly Node[]) => rebuild(carry, nodes) as never
  const holds = (nodes: readonly Node[]): Node => requireTruth(requireSync('whileLoop', test(of(nodes))))
  const next = (nodes: readonly Node[]): Node[] =>
    requireAlike(
      alike,
      leaves,
      tensorsIn('whileLoop: the carry that the body returned', requireSync('whileLoop', body(of(nodes)))),
    )

  let state: readonly Node[] = leaves.map(({ node }) => node)
  let first: readonly Node[] | null = null
  /** What the body makes for examples that go on. For others it runs on their first carry: there, too, it is defined. */
  const kept = (going: Node, before: readonly Node[]): readonly Node[] => {
    first ??= leaves.map(({ node }) => stopGradient(node))
    const taken = before.map((x, i) => elementwise.where(going, x, first![i]!))
    const after = withTracer(new Conditional(tracer!, () => going), () => next(taken))
    return after.map((x, i) => elementwise.where(going, x, before[i]!))
  }

  let going = conditionsHere().reduce((all, each) => elementwise.logicalAnd(all, each), holds(state))
  for (let round = 0; ; round++) {
    const known = lookAt(going.value)
    if (known === 'none') return of(state)
    if (known !== null && round === bound) throw pastBound(bound)
    if (known === null) {
      const ran = runLoop({
        what: 'whileLoop',
        like,
        asProgram,
        f: ([still, ...before]) => {
          const after = withTracer(new Conditional(tracer!, () => still!), () => next(before))
          return [[holds(after), ...after], []]
        },
        when: { of: 'carries', at: 0 },
        carries: [going, ...state],
        sequences: [],
        length: bound === undefined ? anyLength : bound - round,
        reverse: false,
        endless: bound === undefined ? unbounded : undefined,
      })
      if (bound !== undefined) {
        tracer!.verify(ran.carries[0]!.value, ({ data, offset }) => {
          if (data[offset] !== 0) throw pastBound(bound)
        })
      }
      return of(ran.carries.slice(1))
    }
    inRound(round, null, () =>
      watched(round, () => {
        const before = going
        state = known === 'all' ? next(state) : kept(before, state)
        going = known === 'all' ? holds(state) : elementwise.logicalAnd(before, holds(state))
      }),
    )
  }
}

/** It always runs round by round where the test is known. */
const watched = (round: number, f: () => void): void =>
  watcher?.part === undefined ? f() : watcher.part({ kind: 'round', name: `whileLoop, round ${round + 1}` }, f)

const alike = { what: 'whileLoop', who: 'the body', name: 'carry', rule: sameEachRound }

/** For how many examples a truth value holds; null where that is not known. */
const lookAt = (value: Value): 'all' | 'some' | 'none' | null => {
  let all = value
  while (all instanceof BatchedValue) all = all.all
  if (all instanceof UnknownValue) return null
  const data = denseData(all)
  return data.includes(1) ? (data.includes(0) ? 'some' : 'all') : 'none'
}

const requireTruth = (thing: unknown): Node => {
  if (isTensor(thing) && thing.dtype === 'bool' && thing.sizes.length === 0) return thing
  throw new ArgumentError(
    `whileLoop: the test returned ${isTensor(thing) ? String(thing) : shown(thing)}; return a bool tensor of shape []` +
      (typeof thing === 'boolean' || typeof thing === 'number'
        ? ', such as n.less(10): a JavaScript value is not known where the function is traced.'
        : ', such as x.sum().greater(0).'),
  )
}

const unbounded = (): CompileError =>
  new CompileError(
    'whileLoop: how many rounds there will be is not known while a function is traced, and something is needed for each of them: a ' +
      'derivative in reverse mode, or in a branch or the body of another loop what its derivative may need, random numbers, or ' +
      'what verify() looks at. So give { bound }, the most rounds that there may be.',
  )

const pastBound = (bound: number): ArgumentError =>
  new ArgumentError(
    `whileLoop: its test still holds after ${bound} rounds, which is its bound; give a larger one, or a test that comes to an end.`,
  )
