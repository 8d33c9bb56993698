import { checked } from '../graph/arguments.js'
import { ArgumentError, GradientError } from '../graph/errors.js'
import { misplaced } from '../graph/foreign.js'
import * as kinds from '../graph/kinds.js'
import { Node } from '../graph/node.js'
import { shown } from '../graph/words.js'
import type { Rule } from '../rules/algebra.js'
import { numbers } from '../rules/numbers.js'
import type { BinaryRule, ParametricRule, UnaryRule } from '../rules/rule.js'
import { rules } from '../rules/table.js'

/** What scalar functions take: a number that is being differentiated, or one that is not. */
export type Scalar = Num | number

type Methods<Rules> = { readonly [Name in keyof Rules as Exclude<Name, Internal>]: MethodOf<Rules[Name]> }
type MethodOf<R> = R extends UnaryRule
  ? () => Num
  : R extends ParametricRule
    ? (parameter?: Scalar) => Num
    : R extends BinaryRule
      ? (other: Scalar) => Num
      : (a: Scalar, b: Scalar) => Num
/** What derivatives are made with, besides what users call; `where` is what `select` is here. */
type Internal = 'scale' | 'integerMul' | 'integerPow' | 'psi' | 'besselI' | 'where'

/** Every elementwise rule, as a method of its first operand. */
export interface NumMethods extends Methods<typeof rules> {}

/**
 * What scalar functions are written against: a float64 that a differentiation follows. What stands behind it differs (a place on
 * the tape, a dual number, a symbol), and a function never knows: each has every elementwise rule as a method, from the one
 * table of rules.
 *
 * Numbers mix freely: `x.mul(2).add(y)`. JavaScript's own operators do not: `x + y` throws.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are the rules
export abstract class Num {
  /** The number, for what compares or shows it. @internal */
  abstract readonly known: number

  /** The number itself. What is made of it without methods of `Num` has no derivative. */
  get value(): number {
    return this.known
  }

  /**
   * The differentiation that it belongs to: later ones, which run inside of earlier ones, have greater numbers. 0 for a constant.
   * @internal
   */
  abstract readonly level: number

  /** A rule at operands of which this one has the greatest level. @internal */
  abstract apply(rule: Rule, operands: readonly Scalar[]): Num

  /** What a comparison says, for `if` and `while`. @internal */
  decide(rule: Rule, operands: readonly Scalar[]): boolean {
    return rule.value(numbers, ...operands.map(knownOf)) !== 0
  }

  /** Whether this is less than another: true or false, for `if`; `less` gives 0 or 1, for `select`. */
  lt(other: Scalar): boolean {
    return decided(rules.less, this, other)
  }
  /** Whether this is at most another. */
  le(other: Scalar): boolean {
    return decided(rules.lessEqual, this, other)
  }
  /** Whether this is greater than another. */
  gt(other: Scalar): boolean {
    return decided(rules.greater, this, other)
  }
  /** Whether this is at least another. */
  ge(other: Scalar): boolean {
    return decided(rules.greaterEqual, this, other)
  }
  /** Whether this equals another. */
  eq(other: Scalar): boolean {
    return decided(rules.equal, this, other)
  }
  /** Whether this differs from another. */
  ne(other: Scalar): boolean {
    return decided(rules.notEqual, this, other)
  }

  /** @internal */
  get [misplaced](): string {
    return (
      'which is no tensor: it belongs to @adjoint/autograd/scalar, whose own grad, jacobian and compile take functions of Nums (import * as scalar), ' +
      'and scalar.elementwise, rowwise and arraywise make a tensor op of one.'
    )
  }

  /** Its number, as text. */
  toString(): string {
    return `Num(${this.known})`
  }

  /** Text in templates; what JavaScript would compute with it has no derivative, and is refused. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    throw new ArgumentError(
      'A Num stands in an expression of plain JavaScript (x + y, x < y, Math.sin(x)), whose derivative nobody knows. Use its ' +
        'methods: x.add(y), x.lt(y), x.sin(); or x.value where the derivative is not to go through.',
    )
  }
}

export interface Num extends NumMethods {}

/** The number that an operand is. @internal */
export const knownOf = (operand: Scalar): number => (typeof operand === 'number' ? operand : operand.known)

/** A rule at any operands: the innermost differentiation that one of them belongs to follows it. */
export const applied = (rule: Rule, operands: readonly Scalar[]): Scalar => {
  const inner = innermost(operands)
  return inner === null ? rule.value(numbers, ...(operands as readonly number[])) : inner.apply(rule, operands)
}

const decided = (rule: Rule, ...given: readonly Scalar[]): boolean => {
  for (const operand of given) requireScalar(rule.name, operand)
  const operands = given.map(settled)
  const inner = innermost(operands)
  return inner === null ? rule.value(numbers, ...(operands as readonly number[])) !== 0 : inner.decide(rule, operands)
}

/** The operand of the greatest level. */
export const innermost = (operands: readonly Scalar[]): Num | null => {
  let inner: Num | null = null
  for (const operand of operands) {
    if (typeof operand !== 'number' && (inner === null || operand.level > inner.level)) inner = operand
  }
  return inner
}

/** What to say of a tensor where a Num belongs. @internal */
export const tensorRemedy =
  'a tensor, where a Num belongs: scalar.elementwise, rowwise and arraywise make a tensor op of a scalar function, which gets the ' +
  'elements as Nums. As a constant, x.item() is the number of a tensor of one element, and x.toArray() has those of any.'

const requireScalar = (method: string, thing: unknown): void => {
  if (typeof thing === 'number' || thing instanceof Num) return
  throw new ArgumentError(
    thing instanceof Node
      ? `${method}: given ${thing}, ${tensorRemedy}`
      : `${method}: given ${shown(thing)}, which is no number and no Num. Scalar programs compute with numbers alone: take one out of an ` +
          'array first.',
  )
}

/** A method called with another number of operands than it has. */
export const miscounted = (method: string, wanted: number, given: number): ArgumentError =>
  new ArgumentError(
    `${method}: takes ${wanted} operand${wanted === 1 ? '' : 's'} besides the Num, and was given ${given}.`,
  )

/** A Num that another differentiation than its own does not follow. */
export const outOfPlace = (method: string, isOpen: boolean): GradientError =>
  new GradientError(
    isOpen
      ? `${method}: a Num of an outer differentiation stands in the function of an inner one, whose arguments are plain numbers: the ` +
          'derivative would not follow it. Give the inner one a Num: constant(x) for a number x.'
      : `${method}: a Num was used after the differentiation that it belongs to. It is another's by now: take its .value inside ` +
          'the function, or return it.',
  )

/** The method of a rule where the operands are of several kinds, or the kind has no faster one. */
export const general = (rule: Rule) =>
  function (this: Num, ...rest: readonly Scalar[]): Num {
    const { name, arity, defaults } = rule
    const operands: Scalar[] = [this, ...rest]
    while (operands.length < arity && operands.length >= arity - defaults.length) {
      operands.push(defaults[operands.length - arity + defaults.length]!)
    }
    if (operands.length !== arity) throw miscounted(name, arity - 1, rest.length)
    for (const operand of operands) requireScalar(name, operand)
    const result = applied(rule, operands.map(settled))
    return typeof result === 'number' ? new Constant(result) : result
  }

for (const rule of Object.values<Rule>(rules)) {
  Object.defineProperty(Num.prototype, rule.name, { value: general(rule), writable: true, configurable: true })
}

class Constant extends Num {
  readonly level = 0
  constructor(readonly known: number) {
    super()
  }
  apply(rule: Rule, operands: readonly Scalar[]): Num {
    return new Constant(rule.value(numbers, ...operands.map(knownOf)))
  }
}

/** What is constant as a plain number: derivatives are made of nothing else, and of Nums that are followed. */
export const settled = (operand: Scalar): Scalar => (operand instanceof Constant ? operand.known : operand)

/**
 * A number as a Num that nothing is differentiated by.
 *
 * @example scalar.constant(2).pow(3).value   // 8
 */
export const constant = /* @__PURE__ */ checked(
  'scalar.constant',
  { value: kinds.number },
  (value: number): Num => new Constant(value),
)

let levels = 0
/** The number of a differentiation that begins. */
export const nextLevel = (): number => ++levels
