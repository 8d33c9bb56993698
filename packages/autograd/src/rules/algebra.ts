/**
 * The arithmetic that scalar rules are written in, and what a rule is: each is defined over the other.
 *
 * A rule is a function over an `Algebra<T>`. Instantiated with numbers it computes the value, with expressions it
 * yields the kernel that backends run and that derivatives are taken of.
 * Truth values are numbers: 0 is false, anything else is true; comparisons give 0 or 1.
 */

/** What an algebra's functions accept: an element, or a number that stands for a constant. */
export type Operand<T> = T | number

export type UnaryPrimitive =
  | 'neg'
  | 'abs'
  | 'sqrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'erf'
  | 'erfc'
  | 'floor'
  | 'ceil'
  | 'round'
  | 'trunc'
  | 'logicalNot'

export type BinaryPrimitive =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'pow'
  | 'atan2'
  | 'hypot'
  | 'remainder'
  | 'maximum'
  | 'minimum'
  | 'equal'
  | 'less'
  | 'lessEqual'
  | 'logicalAnd'
  | 'logicalOr'
  /**
   * How a cotangent or tangent meets a partial: `scale(g, p)` is `g * p`, and 0 where either is 0, even if the other is
   * infinite or NaN. So what a mask has set to 0 stays 0 in derivatives of every order.
   */
  | 'scale'
  /** What `mul` and `pow` are between int32 elements: where the result has more than 53 bits, its last 32. */
  | 'integerMul'
  | 'integerPow'

/** `select(c, a, b)` is a where c is true, else b. */
export type TernaryPrimitive = 'select'

export type Primitive = UnaryPrimitive | BinaryPrimitive | TernaryPrimitive

export type Algebra<T> = {
  readonly [K in UnaryPrimitive]: (x: Operand<T>) => T
} & {
  readonly [K in BinaryPrimitive]: (a: Operand<T>, b: Operand<T>) => T
} & {
  readonly [K in TernaryPrimitive]: (condition: Operand<T>, a: Operand<T>, b: Operand<T>) => T
} & {
  readonly constant: (value: number) => T
  /** Any rule at these operands. `expand` is the plain way; expressions keep the rule as one node. */
  readonly apply: (rule: Rule, ...operands: Operand<T>[]) => T
}

/** The dtype of the result: that of the operands, at least a float, or bool. */
export type ResultKind = 'same' | 'float' | 'bool'

/**
 * A scalar function: its value and its partial derivatives, both written over any algebra.
 *
 * This is the only place where the derivative of an elementwise function is written. Scalars, tensors, forward and
 * reverse mode, every order and compiled code follow from it.
 */
export interface Rule {
  readonly name: string
  readonly arity: number
  /**
   * The value, over the operands. For a primitive it is the algebra's function of the same name, or where it has a `numeric` of
   * its own the rule applied.
   */
  readonly value: <T>(m: Algebra<T>, ...operands: T[]) => T
  /**
   * One partial derivative per operand, over the operands and then the result.
   * Left out, they follow from `value` by the chain rule; `none` for a function of truth values.
   */
  readonly partials?: readonly PartialDerivative[] | 'none'
  readonly result: ResultKind
  /** Values of the last operands when the caller leaves them out. */
  readonly defaults: readonly number[]
  /** Operands that are truth values: they take no part in dtype promotion and have no derivative. */
  readonly conditions: readonly number[]
  /** True if expressions keep it as a node, which backends run: the algebra itself has this function, or the rule brings it. */
  readonly primitive: boolean
  /** The function of numbers that a primitive is, where the algebra has none: so it is carried by who uses the rule. */
  readonly numeric?: NumberFunction
  /** Whether it is the sum of its operands: what lies apart in them lies side by side in it. */
  readonly additive: boolean
  /** Why operands of an integer dtype have no result, and what to do instead; null where they have one. */
  readonly misfit?: Misfit
  /** Points to check at: one list per operand, of equal lengths. Inside the domain and off the kinks. */
  readonly samples: readonly (readonly number[])[]
  /** Known values `[operands..., result]` from an independent source. */
  readonly known: readonly (readonly number[])[]
}

export type NumberFunction = (...operands: number[]) => number

export type Misfit = (dtype: 'int32' | 'bool', operands: readonly unknown[]) => string | null

export type PartialDerivative = <T>(m: Algebra<T>, ...operandsAndResult: T[]) => Operand<T>

/** An `apply` for algebras with nothing better, of rules without a `numeric`: the value in the algebra's own functions. */
export const expand = <T>(m: Algebra<T>, rule: Rule, operands: readonly Operand<T>[]): T =>
  rule.value(m, ...operands.map((operand) => (typeof operand === 'number' ? m.constant(operand) : operand)))
