import type { Monoid } from '../../../graph/kernel.js'
import { run, runOfSingles, shareOf } from '../../summation.js'
import { type Code, f32x4, f64x2, type Local, range, type Statement, v128 } from '../assembler/index.js'
import type { Vector } from '../math/vector.js'
import { addVectorsExactly, correctedVector, joinSingles } from './exact.js'

export type FoldName = Exclude<Monoid, 'mul'>

/** Where vectors are folded lane by lane. What is folded at once goes to different slots, which do not wait for each other. */
export interface Accumulator {
  readonly identity: number
  readonly clear: Statement
  readonly add: (slot: number, x: Local<'v128'>) => Statement
  /** To be executed before more than `runOf` vectors have gone to a slot. */
  readonly flush: Statement
  /** What each lane has been folded to. */
  readonly lanes: Code<'v128'>
  /** What all lanes have been folded to, in the lowest. */
  readonly total: Code<'v128'>
}

/** So many terms a slot may take without compensation. */
export const runOf = (v: Vector, by: FoldName): number =>
  by !== 'add' ? Number.POSITIVE_INFINITY : v.type === 'float32' ? runOfSingles : run

/** By what a sum of so many terms is divided. */
interface Quotient {
  readonly divisor: number
  readonly count: number
}

export const accumulatorOf = (
  v: Vector,
  by: FoldName,
  slots: number,
  isLong: boolean,
  quotient: Quotient,
): Accumulator => (by === 'add' ? sum(v, slots, isLong, quotient) : extreme(v, by, slots))

const extreme = (v: Vector, by: 'max' | 'min', slots: number): Accumulator => {
  const found = v.locals(slots)
  const pick = v.float[by]
  const identity = by === 'max' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const lanes = joined(found, pick)
  const all = v.local()
  const turned = (order: readonly number[]) => all.set(pick(all.get, v128.shuffle32(all.get, all.get, order)))
  return {
    identity,
    clear: found.map((each) => each.set(v.constant(identity))),
    add: (slot, x) => found[slot]!.set(pick(found[slot]!.get, x.get)),
    flush: [],
    lanes,
    total: [all.set(lanes), turned([2, 3, 0, 1]), v.type === 'float32' ? turned([1, 0, 3, 2]) : [], all.get],
  }
}

/** Sums in float64, whatever the lanes. */
const sum = (v: Vector, slots: number, isLong: boolean, { divisor, count }: Quotient): Accumulator => {
  const isSingle = v.type === 'float32'
  // their sum may overflow where the quotient does not
  const isSplit = !isSingle && divisor !== 1
  // two vectors for one of float32; the large terms by themselves
  const parts = range(isSingle || isSplit ? 2 : 1, () => v.locals(slots))
  const { add, div, promoteLow } = f64x2
  const clear = parts.flat().map((each) => each.set(v.doubles(0)))
  const sums = parts.map((part) => joined(part, add))
  const long = isLong ? compensated(v, sums) : null
  const results = long?.lanes ?? sums
  const flush = long === null ? [] : [long.add, clear]
  const plus = (part: number, slot: number, x: Code<'v128'>) => {
    const to = parts[part]![slot]!
    return to.set(add(to.get, x))
  }
  const one = v.local()
  const both = (lanes: Code<'v128'>): Code<'v128'> => [
    one.set(lanes),
    add(one.get, v128.shuffle64(one.get, one.get, [1, 0])),
  ]
  const divided = (x: Code<'v128'>) => (divisor === 1 ? x : div(x, v.doubles(divisor)))
  if (isSplit) {
    const smaller = shareOf(count)
    const mean = (few: Code<'v128'>, large: Code<'v128'>) => add(divided(few), div(large, v.doubles(divisor * smaller)))
    const isLarge = v.local()
    return {
      identity: 0,
      clear: [clear, long?.clear ?? []],
      add: (slot, x) => [
        isLarge.set(f64x2.greater(f64x2.abs(x.get), v.doubles(largeTerm))),
        plus(0, slot, v128.andNot(x.get, isLarge.get)),
        plus(1, slot, f64x2.mul(v128.and(x.get, isLarge.get), v.doubles(smaller))),
      ],
      flush,
      lanes: [flush, mean(results[0]!, results[1]!)],
      total: [flush, mean(both(results[0]!), both(results[1]!))],
    }
  }
  const total: Code<'v128'> = long?.total ?? both(sums.reduce(add))
  return {
    identity: 0,
    clear: [clear, long?.clear ?? []],
    add: (slot, x) =>
      isSingle
        ? [plus(0, slot, promoteLow(x.get)), plus(1, slot, promoteLow(v128.shuffle64(x.get, x.get, [1, 0])))]
        : plus(0, slot, x.get),
    flush,
    lanes: [flush, isSingle ? joinSingles(divided(results[0]!), divided(results[1]!)) : divided(results[0]!)],
    total: [flush, isSingle ? f32x4.demoteZero(divided(total)) : divided(total)],
  }
}

/** Of smaller ones as many as there can be do not overflow. */
const largeTerm = 2 ** 900

interface Compensated {
  readonly clear: Statement
  /** Adds the terms. */
  readonly add: Statement
  readonly lanes: readonly Code<'v128'>[]
  readonly total: Code<'v128'>
}

/** Sums of terms that keep what rounding takes. */
const compensated = ({ scope }: Vector, terms: readonly Code<'v128'>[]): Compensated => {
  const sums = terms.map(() => ({ sum: scope.local('v128'), lost: scope.local('v128') }))
  const term = scope.local('v128')
  const [first, ...others] = sums
  const turned = (x: Local<'v128'>) => v128.shuffle64(x.get, x.get, [1, 0])
  const addLost = (lost: Code<'v128'>) => first!.lost.set(f64x2.add(first!.lost.get, lost))
  return {
    clear: sums.map(({ sum, lost }) => [sum.set(f64x2.const(0)), lost.set(f64x2.const(0))]),
    add: sums.map(({ sum, lost }, i) => [term.set(terms[i]!), addVectorsExactly(scope, sum, lost, term)]),
    lanes: sums.map(({ sum, lost }) => correctedVector(sum, lost)),
    total: [
      others.map(({ sum, lost }) => [addVectorsExactly(scope, first!.sum, first!.lost, sum), addLost(lost.get)]),
      addLost(turned(first!.lost)),
      term.set(turned(first!.sum)),
      addVectorsExactly(scope, first!.sum, first!.lost, term),
      correctedVector(first!.sum, first!.lost),
    ],
  }
}

/** Pair by pair, so that none waits for all that stand before it. */
const joined = (
  parts: readonly Local<'v128'>[],
  join: (a: Code<'v128'>, b: Code<'v128'>) => Code<'v128'>,
): Code<'v128'> => {
  let level: Code<'v128'>[] = parts.map(({ get }) => get)
  while (level.length > 1) {
    const [pairs, left] = [level.length >> 1, level.length % 2]
    level = [...range(pairs, (i) => join(level[2 * i]!, level[2 * i + 1]!)), ...level.slice(level.length - left)]
  }
  return level[0]!
}
