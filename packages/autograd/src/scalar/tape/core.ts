import type { Rule } from '../../rules/algebra.js'
import { partialsOf } from '../../rules/derive.js'
import { numbers } from '../../rules/numbers.js'
import { type RuleName, rules } from '../../rules/table.js'
import { evaluate } from '../../rules/traverse.js'
import { Num, nextLevel, outOfPlace, type Scalar, settled } from '../num.js'

/** Thrown where no record fits any more: the program is then run again on a larger tape. */
export class TapeFull extends Error {}

/** A Num that is a place on the tape. */
export interface Place extends Num {
  readonly index: number
}

/** The arrays of a tape, and what is done with them. Places are counted from 0; those of a scope from its `first`. */
export interface Core {
  readonly capacity: number
  readonly values: Float64Array
  readonly cotangents: Float64Array
  /** Two a record: by its first and its second parent. */
  readonly partials: Float64Array
  readonly parents: Int32Array
  readonly Var: { new (index: number, level: number): Place; readonly prototype: Place }
  /** The place of an operand; an error for one of another scope. */
  readonly indexOf: (operand: Place, method: string) => number
  /** The place of a result: of a number or a constant, a new one. */
  readonly placeOf: (result: Scalar) => number
  /** Records of no, one, two and three operands, with the partial derivatives by them. */
  readonly none: (value: number) => Place
  readonly one: (value: number, a: number, byA: number) => Place
  readonly two: (value: number, a: number, byA: number, b: number, byB: number) => Place
  readonly three: (value: number, a: number, byA: number, b: number, byB: number, c: number, byC: number) => Place
  /** Back over the records from `last` to `first`, from the cotangents that are there. */
  readonly sweep: (last: number, first: number) => void
  /** On from tangents of the first records to those of all others, which stand where cotangents do. */
  readonly push: (first: number, tangents: Float64Array) => Float64Array
  /** A sweep over a copy of the records from `first` on, which outlives them: to cotangents of the first few. */
  readonly kept: (first: number) => KeptSweep
  /** Runs a function whose records are gone when it returns or throws. It is given where they begin. */
  readonly inScope: <T>(body: (first: number) => T) => T
  readonly size: () => number
  /** Whether no record fits any more, also where the function has caught what it was thrown. */
  readonly isFull: () => boolean
}

type KeptSweep = (places: readonly number[], given: readonly number[], wanted: number) => Float64Array

/**
 * The Wengert list: for each operation its value, the one or two that it was made of, and its partial derivatives by them, in
 * arrays. Handles are places in it. Programs are run within a scope, which is rewound at its end: no operation is ever freed by itself.
 *
 * The arrays are constants of one closure, so that V8 knows their addresses: as fields, or as constants of a bundled module, they
 * cost 1.5 to 1.7 times as long. See Griewank and Walther, Evaluating Derivatives (2008), sections 3.2 and 4.1.
 */
export const createCore = (capacity: number): Core => {
  const values = new Float64Array(capacity)
  const cotangents = new Float64Array(capacity)
  // an operand that there is not is the record itself, with a partial derivative of 0
  const partials = new Float64Array(2 * capacity)
  const parents = new Int32Array(2 * capacity)
  let count = 0
  let full = false
  /** The level of the scope that is open, the innermost. */
  let scope = 0
  const open = new Set<number>()

  class Var extends Num {
    constructor(
      /** @internal */ readonly index: number,
      readonly level: number,
    ) {
      super()
    }

    get known(): number {
      if (!open.has(this.level)) throw outOfPlace('value', false)
      return values[this.index]!
    }

    apply(rule: Rule, operands: readonly Scalar[]): Num {
      const method = methodOf(rule)
      const [first, second] = operands
      if (method !== null && first instanceof Var && operands.length <= 2 && !isElsewhere(second)) {
        return second === undefined ? method.call(first) : method.call(first, second)
      }
      const places = operands.map((operand) => {
        if (operand instanceof Var) return operand
        if (typeof operand !== 'number') throw outOfPlace(rule.name, true)
        return none(operand)
      })
      return method !== null ? method.apply(places[0]!, places.slice(1)) : composed(rule, places)
    }
  }

  const isElsewhere = (operand: Scalar | undefined) =>
    operand !== undefined && typeof operand !== 'number' && !(operand instanceof Var)

  type Method = (this: Num, ...operands: readonly Scalar[]) => Num
  const methods = new Map<Rule, Method | null>()
  const methodOf = (rule: Rule): Method | null => {
    let method = methods.get(rule)
    if (method === undefined) {
      const named = (Var.prototype as unknown as Record<string, Method>)[rule.name]!
      // rules that only rules are made of are not methods
      method = rules[rule.name as RuleName] === rule ? named : null
      methods.set(rule, method)
    }
    return method
  }

  const composed = (rule: Rule, operands: readonly Var[]): Var => {
    const given = operands.map(({ index }) => values[index]!)
    const result = rule.value(numbers, ...given)
    const partials = partialsOf(rule).map((partial) => evaluate(partial, [...given, result]))
    const [a, b, c] = operands.map((operand) => indexOf(operand, rule.name))
    if (b === undefined) return one(result, a!, partials[0]!)
    if (c === undefined) return two(result, a!, partials[0]!, b, partials[1]!)
    return three(result, a!, partials[0]!, b, partials[1]!, c, partials[2]!)
  }

  const indexOf = (v: Place, method: string): number => {
    if (v.level !== scope) throw outOfPlace(method, open.has(v.level))
    return v.index
  }

  const placeOf = (result: Scalar): number => {
    if (result instanceof Var) return indexOf(result, 'return')
    const value = settled(result)
    if (typeof value !== 'number') throw outOfPlace('return', true)
    return leaf(value)
  }

  const record = (value: number, a: number, byA: number, b: number, byB: number): number => {
    if (count === capacity) {
      full = true
      throw new TapeFull()
    }
    const i = count++
    const k = 2 * i
    values[i] = value
    parents[k] = a
    parents[k + 1] = b
    partials[k] = byA
    partials[k + 1] = byB
    return i
  }

  const leaf = (value: number): number => record(value, count, 0, count, 0)

  const none = (value: number): Var => new Var(leaf(value), scope)

  const one = (value: number, a: number, byA: number): Var => new Var(record(value, a, byA, count, 0), scope)

  const two = (value: number, a: number, byA: number, b: number, byB: number): Var =>
    new Var(record(value, a, byA, b, byB), scope)

  /** Of three operands: two records, the first of which gathers what goes to two of them. */
  const three = (value: number, a: number, byA: number, b: number, byB: number, c: number, byC: number): Var =>
    two(value, record(value, a, byA, b, byB), 1, c, byC)

  /** Back over the records from `last` to `first`. A cotangent or a partial derivative that is 0 gives 0, whatever it meets. */
  const sweep = (last: number, first: number): void => {
    for (let i = last; i >= first; i--) {
      const cotangent = cotangents[i]!
      if (cotangent === 0) continue
      const k = 2 * i
      const byA = partials[k]!
      if (byA !== 0) cotangents[parents[k]!]! += byA * cotangent
      const byB = partials[k + 1]!
      if (byB !== 0) cotangents[parents[k + 1]!]! += byB * cotangent
    }
  }

  const push = (first: number, tangents: Float64Array): Float64Array => {
    cotangents.set(tangents, first)
    for (let i = first + tangents.length; i < count; i++) {
      let tangent = 0
      for (let k = 2 * i; k < 2 * i + 2; k++) {
        const partial = partials[k]!
        const along = partial === 0 ? 0 : cotangents[parents[k]!]!
        if (along !== 0) tangent += partial * along
      }
      cotangents[i] = tangent
    }
    return cotangents
  }

  const kept = (first: number): KeptSweep => {
    const length = count - first
    const parts = partials.slice(2 * first, 2 * count)
    const from = parents.slice(2 * first, 2 * count).map((parent) => parent - first)
    return (places: readonly number[], given: readonly number[], wanted: number): Float64Array => {
      const sums = new Float64Array(length)
      places.forEach((place, i) => {
        sums[place - first]! += given[i]!
      })
      for (let i = length - 1; i >= wanted; i--) {
        const cotangent = sums[i]!
        if (cotangent === 0) continue
        for (let k = 2 * i; k < 2 * i + 2; k++) if (parts[k] !== 0) sums[from[k]!]! += parts[k]! * cotangent
      }
      return sums.slice(0, wanted)
    }
  }

  const inScope = <T>(body: (first: number) => T): T => {
    const first = count
    const outer = scope
    scope = nextLevel()
    open.add(scope)
    try {
      return body(first)
    } finally {
      open.delete(scope)
      scope = outer
      count = first
    }
  }

  return {
    capacity,
    values,
    cotangents,
    partials,
    parents,
    Var,
    indexOf,
    placeOf,
    none,
    one,
    two,
    three,
    sweep,
    push,
    kept,
    inScope,
    size: () => count,
    isFull: () => full,
  }
}
