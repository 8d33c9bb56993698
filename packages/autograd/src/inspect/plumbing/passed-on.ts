import { elementsOf, flatten, isSummary } from '../trace/quantity.js'
import type { BackwardStep, Contribution, Quantity, Trace, TraceNode } from '../trace/schema.js'
import type { Pipe, Pipes } from './pipes.js'

/** The sweep back without what is left out. */
interface PassedOn {
  readonly steps: readonly BackwardStep[]
  /** What cannot be left out: the sums at what it was made of cannot be told from summaries. */
  readonly unknown: readonly number[]
}

/** What each step passes on, where plumbing hands it on to what it was made of. */
export const passedOn = (trace: Trace, pipes: Pipes): PassedOn => {
  const { nodes, backward } = trace
  const hand = handOn(trace, pipes)
  const rootAt = (id: number): number => pipes.get(id)?.root ?? id
  // by node, the pipes that lead to it and pass something on
  const leading = new Map<number, number[]>()
  for (const { contributions } of backward) {
    for (const { to } of contributions) {
      if (pipes.has(to)) leading.set(rootAt(to), [...(leading.get(rootAt(to)) ?? []), to])
    }
  }
  const handed = backward.flatMap(({ node, contributions }) =>
    pipes.has(node) ? [] : [{ node, contributions: contributions.flatMap((contribution) => hand(contribution) ?? []) }],
  )
  const left = new Map<number, number>()
  for (const { contributions } of handed) {
    for (const { to } of contributions) left.set(to, (left.get(to) ?? 0) + 1)
  }
  const inOrder = arrivingInOrder(backward, handed)
  const totals = new Map<number, Quantity>()
  const unknown = new Set<number>()
  const totalAt = ({ to, amount, arrival }: Handed): Quantity => {
    if (arrival !== null && inOrder.has(to)) return arrival.total
    left.set(to, left.get(to)! - 1)
    const [before, { adjoint }] = [totals.get(to), nodes[to]!]
    const total =
      left.get(to) === 0 && adjoint !== undefined
        ? adjoint
        : before === undefined
          ? amount
          : sum(before, amount, nodes[to]!)
    if (total === null) for (const pipe of leading.get(to)!) unknown.add(pipe)
    totals.set(to, total ?? amount)
    return total ?? amount
  }
  const steps = handed.map(({ node, contributions }) => ({
    node,
    contributions: contributions.map((contribution) => {
      const { edge, to, amount, total } = contribution
      return { edge, to, amount, total: leading.has(to) ? totalAt(contribution) : total }
    }),
  }))
  return { steps, unknown: [...unknown] }
}

/** A contribution as it arrives at what plumbing hands it on to. */
interface Handed extends Contribution {
  /** What arrived there when it was recorded; null where that has other parts as well. */
  readonly arrival: Contribution | null
}

/** The nodes at which the same arrives in the same order as when it was recorded, so that the sums are those. */
const arrivingInOrder = (
  recorded: readonly BackwardStep[],
  handed: readonly { readonly contributions: readonly Handed[] }[],
): ReadonlySet<number> => {
  const before = new Map<number, Contribution[]>()
  for (const contribution of recorded.flatMap(({ contributions }) => contributions)) {
    before.set(contribution.to, [...(before.get(contribution.to) ?? []), contribution])
  }
  const counts = new Map<number, number>()
  const inOrder = new Set(before.keys())
  for (const { to, arrival } of handed.flatMap(({ contributions }) => contributions)) {
    const place = counts.get(to) ?? 0
    counts.set(to, place + 1)
    if (arrival === null || before.get(to)?.[place] !== arrival) inOrder.delete(to)
  }
  for (const [to, { length }] of before) if (counts.get(to) !== length) inOrder.delete(to)
  return inOrder
}

/** Hands a contribution on; null where it ends on the way. */
const handOn = ({ nodes, backward }: Trace, pipes: Pipes) => {
  const stepOf = new Map(backward.map((step) => [step.node, step]))
  const arrivals = new Map<number, number>()
  for (const { contributions } of backward) {
    for (const { to } of contributions) arrivals.set(to, (arrivals.get(to) ?? 0) + 1)
  }
  return (contribution: Contribution): Handed | null => {
    const { edge, to, amount, total } = contribution
    let [at, arriving] = [to, amount]
    let arrival: Contribution | null = contribution
    for (let pipe = pipes.get(at); pipe !== undefined; pipe = pipes.get(at)) {
      const passed = stepOf.get(at)?.contributions[0]
      if (passed === undefined) return null
      // if nothing else arrives here, all that was passed on is this
      const isAll = arrivals.get(at) === 1
      arriving = isAll ? passed.amount : through(pipe, arriving, nodes[pipe.source]!)
      arrival = isAll && arrival !== null ? passed : null
      at = pipe.source
    }
    return { edge, to: at, amount: arriving, total, arrival }
  }
}

const through = ({ spreads }: Pipe, amount: Quantity, source: TraceNode): Quantity => {
  if (isSummary(amount))
    return spreads
      ? elementsOf([amount.notFinite === 0 ? amount.mean * amount.size : Number.NaN], source.shape!)
      : amount
  const elements = flatten(amount)
  return elementsOf(
    spreads
      ? [
          rounded(
            elements.reduce((a, b) => a + b, 0),
            source,
          ),
        ]
      : elements,
    source.shape!,
  )
}

/** Null where that cannot be told. */
const sum = (a: Quantity, b: Quantity, node: TraceNode): Quantity | null => {
  if (isSummary(a) || isSummary(b)) return null
  const more = flatten(b)
  return elementsOf(
    flatten(a).map((element, i) => rounded(element + more[i]!, node)),
    node.shape!,
  )
}

const rounded = (number: number, { dtype }: TraceNode): number => (dtype === 'float32' ? Math.fround(number) : number)
