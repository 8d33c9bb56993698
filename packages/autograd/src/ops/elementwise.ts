import { calledBack, isCalledBack } from '../graph/arguments.js'
import { defaultDType } from '../graph/default-dtype.js'
import { type DType, holds, isFloat, promote } from '../graph/dtype.js'
import { ArgumentError, DTypeError } from '../graph/errors.js'
import { refuseForeignTensor } from '../graph/foreign.js'
import type { MapKernel } from '../graph/kernel.js'
import { type KernelOp, Node, type Recorded, record } from '../graph/node.js'
import { broadcastShapes, type Shape, sameShape } from '../graph/shape.js'
import type { Value } from '../graph/value.js'
import { shown } from '../graph/words.js'
import type { Algebra } from '../rules/algebra.js'
import { differentiate, partialsOf, toExpression } from '../rules/derive.js'
import { everyday } from '../rules/everyday.js'
import type { Expression } from '../rules/expression.js'
import { toIntegerExpression } from '../rules/integers.js'
import type { ParametricRule, Rule } from '../rules/rule.js'
import { input, inputs, symbols } from '../rules/symbols.js'
import { inputsOf, lower, substitute } from '../rules/traverse.js'
import { broadcastTo } from './broadcast.js'
import { cast } from './cast.js'
import { repeated, sharedConstant } from './constant.js'
import { type OpFunction, values, withFacts } from './facts.js'

/**
 * Elementwise ops, made from scalar expressions. The derivative of one is again elementwise: the cotangent's expression
 * is the partial's, scaled by the cotangent. So derivatives of every order run as one fused kernel each.
 */
interface Elementwise {
  readonly name: string
  /** Over inputs 0..arity-1. */
  readonly expression: Expression
  readonly arity: number
  /** One per input, over the inputs and the result as input `arity`. */
  readonly partials: () => readonly Expression[]
  /** That of the result: a dtype, or that of the input at this place. */
  readonly dtype: DType | number
  /** The function of the table that it is: its name says what it computes. */
  readonly rule?: Rule | undefined
}

interface MapOp extends KernelOp<null> {
  readonly kernel: MapKernel
}

const elementwiseOp = ({ name, expression, arity, partials, dtype, rule }: Elementwise): MapOp => {
  const kernel: MapKernel = { kind: 'map', expression: lower(expression), arity, prepared: undefined }
  const cotangentOps: (Derived | undefined)[] = []
  // by the set of the inputs that have a tangent
  const tangentOps: (Derived | undefined)[] = []
  // In a derivative's expression the cotangent or the inputs' tangents come first, then the inputs, then the result.
  const term = (index: number, given: number, by: number): Expression =>
    symbols.scale(input(given), substitute(partials()[index]!, inputs(arity + 1, by)))
  const cotangentOp = (index: number): Derived => {
    const derived = derivedOp(`${name}.vjp${index}`, term(index, 0, 1), 1)
    cotangentOps[index] = derived
    return derived
  }
  const cotangentAt = (index: number, cotangent: Node, node: Recorded): Node | null => {
    const derived = cotangentOps[index] ?? cotangentOp(index)
    if (derived.op !== null) return record(derived.op, chosen(derived.uses, cotangent, node), null)
    return derived === zero ? null : cotangent
  }
  const ofTwo: KernelOp['vjp'] = (cotangent, node, wants) => [
    wants(0) ? cotangentAt(0, cotangent, node) : null,
    wants(1) ? cotangentAt(1, cotangent, node) : null,
  ]
  const ofMany: KernelOp['vjp'] = (cotangent, node, wants) =>
    node.inputs.map((_, i) => (wants(i) ? cotangentAt(i, cotangent, node) : null))
  const tangentOp = (tangents: readonly (Node | null)[]): Derived => {
    const present = [...tangents.keys()].filter((i) => tangents[i] !== null)
    const terms = present.map((i) => term(i, i, arity))
    return derivedOp(
      `${name}.jvp${present.join('')}`,
      terms.reduce((sum, term) => symbols.add(sum, term)),
      arity,
    )
  }
  return {
    name,
    infer:
      dtype === 0
        ? null
        : (inputs) => ({
            shape: inputs[0]!.sizes,
            dtype: typeof dtype === 'number' ? inputs[dtype]!.dtype : dtype,
          }),
    kernel,
    formula: rule === undefined ? { value: expression, partials } : { value: null, rule, partials },
    vjp: arity === 1 ? (cotangent, node) => [cotangentAt(0, cotangent, node)] : arity === 2 ? ofTwo : ofMany,
    pull: (cotangent, node, index) => {
      const { op, uses } = cotangentOps[index] ?? cotangentOp(index)
      if (op === null) return uses.length === 0 ? null : cotangent
      return node.run(op.kernel, valuesFor(uses, cotangent, node), cotangent)
    },
    jvp: (tangents, node) => {
      let present = 0
      for (let i = 0; i < arity; i++) if (tangents[i] !== null) present |= 1 << i
      tangentOps[present] ??= tangentOp(tangents)
      const { op, uses } = tangentOps[present]!
      if (op !== null) return record(op, chosenOf(uses, tangents, node), null)
      return uses.length === 0 ? null : tangents[uses[0]!]!
    },
  }
}

/** A derivative: zero, or what it is given (the partial is 1), or an op over those of its possible inputs that it uses. */
interface Derived {
  readonly op: MapOp | null
  readonly uses: readonly number[]
}
const zero: Derived = { op: null, uses: [] }

/** @param given how many cotangents or tangents come first */
const derivedOp = (name: string, expression: Expression, given: number): Derived => {
  if (expression.kind === 'constant' && expression.value === 0) return zero
  if (expression.kind === 'input' && expression.index < given) return { op: null, uses: [expression.index] }
  const uses = inputsOf(expression)
  const places: Expression[] = []
  uses.forEach((use, i) => {
    places[use] = input(i)
  })
  const compact = substitute(expression, places)
  let partials: readonly Expression[] | undefined
  const op = elementwiseOp({
    name,
    expression: compact,
    arity: uses.length,
    partials: () => {
      partials ??= differentiate(compact, uses.length)
      return partials
    },
    dtype: 0,
  })
  return { op, uses }
}

/** What a cotangent's expression uses of the cotangent, the inputs and the result. */
const chosen = (uses: readonly number[], cotangent: Node, node: Recorded): readonly Node[] => {
  const { inputs } = node
  const of = (use: number): Node => (use === 0 ? cotangent : use <= inputs.length ? inputs[use - 1]! : node)
  return listed(uses, of)
}

/** The same as values. */
const valuesFor = (uses: readonly number[], cotangent: Value, node: Recorded): readonly Value[] => {
  switch (uses.length) {
    case 1:
      return [valueFor(uses[0]!, cotangent, node)]
    case 2:
      return [valueFor(uses[0]!, cotangent, node), valueFor(uses[1]!, cotangent, node)]
    default:
      return uses.map((use) => valueFor(use, cotangent, node))
  }
}
const valueFor = (use: number, cotangent: Value, node: Recorded): Value =>
  use === 0 ? cotangent : use <= node.inputs.length ? node.inputs[use - 1]!.value : node.value

/** The same of a tangent's, and of the inputs' tangents. */
const chosenOf = (uses: readonly number[], tangents: readonly (Node | null)[], node: Recorded): readonly Node[] => {
  const { inputs } = node
  const arity = inputs.length
  const of = (use: number): Node => (use < arity ? tangents[use]! : use < 2 * arity ? inputs[use - arity]! : node)
  return listed(uses, of)
}

const listed = (uses: readonly number[], of: (use: number) => Node): readonly Node[] => {
  // literals of up to four: much the commonest, and several times as fast as a list that grows
  switch (uses.length) {
    case 1:
      return [of(uses[0]!)]
    case 2:
      return [of(uses[0]!), of(uses[1]!)]
    case 3:
      return [of(uses[0]!), of(uses[1]!), of(uses[2]!)]
    case 4:
      return [of(uses[0]!), of(uses[1]!), of(uses[2]!), of(uses[3]!)]
    default:
      return uses.map(of)
  }
}

/** A tensor, or a number that takes the dtype of the tensors it meets. */
export type Operand = Node | number | boolean

/** What of a rule's dtypes applies: the operands' common dtype, truth-value operands aside. */
const operandDType = ({ conditions, result }: Rule, operands: readonly Operand[]): DType => {
  let dtype: DType = 'bool'
  let seen = false
  let fraction = false
  for (let i = 0; i < operands.length; i++) {
    if (conditions.includes(i)) continue
    const operand = operands[i]!
    if (operand instanceof Node) {
      dtype = promote(operand.dtype, dtype)
      seen = true
    } else if (typeof operand === 'number') {
      dtype = promote(dtype, 'int32')
      fraction ||= !Number.isInteger(operand)
    }
  }
  if (!isFloat(dtype) && (!seen || fraction || result === 'float')) return defaultDType()
  return dtype
}

/** Float tensors of one dtype, much the commonest, as tensors of one shape; null for any others. */
const floatsOfOneDType = (rule: Rule, operands: readonly Operand[]): readonly Node[] | null => {
  const first = operands[0]
  if (!(first instanceof Node) || !isFloat(first.dtype)) return null
  let alike = true
  for (let i = 1; i < operands.length; i++) {
    const operand = operands[i]
    if (!(operand instanceof Node) || operand.dtype !== first.dtype) return null
    if (!sameShape(operand.sizes, first.sizes)) alike = false
  }
  const nodes = operands as readonly Node[]
  if (alike) return nodes
  const shape = broadcastShapes(
    rule.name,
    nodes.map((x) => x.sizes),
  )
  return nodes.map((x) => stretched(x, shape))
}

const stretched = (x: Node, shape: Shape): Node =>
  sameShape(x.sizes, shape) ? x : (repeated(x, shape) ?? broadcastTo(x, shape))

/** The operands as tensors of one shape, and but for conditions of one dtype. */
const mixedOperands = (rule: Rule, operands: readonly Operand[]): readonly Node[] => {
  const shapes: Shape[] = []
  let like: Node | undefined
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]
    if (operand instanceof Node) {
      shapes.push(operand.sizes)
      like ??= operand
    } else if (typeof operand === 'object') refuseForeignTensor(`${rule.name}: operand ${i + 1}`, operand)
  }
  if (like === undefined) {
    throw new DTypeError(
      `${rule.name}: at least one operand must be a tensor, got ${operands.map(shown).join(', ')}. Wrap a number with tensor(...).`,
    )
  }
  const dtype = operandDType(rule, operands)
  const shape = broadcastShapes(rule.name, shapes)
  const nodes: Node[] = []
  for (let i = 0; i < operands.length; i++) {
    const operand = operands[i]
    const isCondition = rule.conditions.includes(i)
    if (operand instanceof Node) {
      const typed = isCondition || operand.dtype === dtype ? operand : cast(operand, dtype)
      nodes.push(stretched(typed, shape))
      continue
    }
    if (typeof operand !== 'number' && typeof operand !== 'boolean') {
      const remedy = Array.isArray(operand) ? 'wrap it with tensor(...)' : 'pass a tensor or a number'
      throw new ArgumentError(`${rule.name}: operand ${i + 1} is ${shown(operand)}; ${remedy}.`)
    }
    const number = Number(operand)
    if (dtype === 'int32' && !holds(dtype, number)) {
      throw new DTypeError(`${rule.name}: ${operand} is no 32-bit integer, as ${like} asks for; cast it to a float.`)
    }
    nodes.push(sharedConstant(like, number, shape, isCondition ? 'bool' : dtype))
  }
  return nodes
}

const refuseMisfit = (rule: Rule, dtype: DType, given: readonly Operand[]): void => {
  const reason = rule.misfit?.(dtype as 'int32' | 'bool', given)
  if (typeof reason === 'string') throw new DTypeError(`${rule.name}: ${given.join(', ')} given, but ${reason}.`)
}

/** The arguments without what is undefined at their end. */
const upToLast = (...args: (Operand | undefined)[]): readonly Operand[] => {
  while (args.length > 0 && args.at(-1) === undefined) args.pop()
  return args as Operand[]
}

/** As many operands as the rule takes: left-out ones by default. Of a rule of one, what `Array.map` adds is left out. */
const fitted = (rule: Rule, given: readonly Operand[]): readonly Operand[] => {
  const { name, arity, defaults } = rule
  if (given.length > arity) {
    if (arity === 1 && isCalledBack(given, 3)) return [given[0]!]
    if (isCalledBack(given, 3) || isCalledBack(given, 4)) throw new ArgumentError(calledBack(name, given.length))
    throw new ArgumentError(
      `${name}: it takes ${arity === 1 ? 'one operand' : `${arity} operands`}, and ${shown(given[arity])} is one too ` +
        'many; leave it out.',
    )
  }
  const missing = arity - given.length
  if (missing > defaults.length) {
    throw new ArgumentError(`${name}: operand ${given.length + 1} of ${arity} is missing; pass a tensor or a number.`)
  }
  return [...given, ...defaults.slice(-missing)]
}

export type ElementwiseFunction = OpFunction<(...operands: Operand[]) => Node>
type ParametricFunction = OpFunction<(x: Operand, parameter?: Operand) => Node>
type FunctionOf<R extends Rule> = R extends ParametricRule ? ParametricFunction : ElementwiseFunction

/**
 * The tensor op of a scalar rule: dtypes are promoted and shapes broadcast, then the rule runs on every element.
 *
 * @param isNamed whether its name says what it computes, as those of the table do
 */
export const fromRule = <R extends Rule>(rule: R, isNamed = false): FunctionOf<R> => {
  const opOf = (expression: Expression): KernelOp<null> =>
    elementwiseOp({
      name: rule.name,
      expression,
      arity: rule.arity,
      partials: () => partialsOf(rule),
      dtype: rule.result === 'bool' ? 'bool' : rule.conditions.length,
      rule: isNamed ? rule : undefined,
    })
  const op = opOf(toExpression(rule))
  let integerOp: KernelOp<null> | undefined
  const opFor = (dtype: DType): KernelOp<null> => {
    if (dtype !== 'int32') return op
    integerOp ??= opOf(toIntegerExpression(rule))
    return integerOp
  }
  const onlyFloats = rule.result === 'float' || rule.misfit !== undefined
  const fits = (x: Operand): x is Node => x instanceof Node && (!onlyFloats || isFloat(x.dtype))
  const general = (all: readonly Operand[]): Node => {
    const given = all.length === rule.arity ? all : fitted(rule, all)
    const alike = rule.conditions.length === 0 ? floatsOfOneDType(rule, given) : null
    if (alike !== null) return record(op, alike, null)
    const operands = mixedOperands(rule, given)
    const { dtype } = operands[rule.conditions.length]!
    if (!isFloat(dtype)) refuseMisfit(rule, dtype, given)
    return record(opFor(dtype), operands, null)
  }

  // by the number of arguments: a rest parameter would cost an array at each call
  const unary = (a: Operand, b?: Operand, c?: Operand): Node =>
    b === undefined && fits(a) ? record(opFor(a.dtype), [a], null) : general(upToLast(a, b, c))
  const binary = (a: Operand, b?: Operand, c?: Operand, d?: Operand): Node => {
    if (fits(a) && c === undefined) {
      if (typeof b === 'number') {
        if (isFloat(a.dtype)) return record(op, [a, sharedConstant(a, b, a.sizes, a.dtype)], null)
      } else if (b instanceof Node && a.dtype === b.dtype && sameShape(a.sizes, b.sizes)) {
        return record(opFor(a.dtype), [a, b], null)
      }
    }
    return general(b !== undefined && c === undefined && d === undefined ? [a, b] : upToLast(a, b, c, d))
  }
  const call = rule.arity === 1 ? unary : rule.arity === 2 ? binary : (...given: Operand[]) => general(given)
  return withFacts<(...operands: Operand[]) => Node>(rule.name, call as (...operands: Operand[]) => Node, {
    samples: [
      rule.samples.map((list, i) => values([list.length], list, rule.conditions.includes(i) ? 'bool' : 'float64')),
    ],
    differentiable: rule.partials !== 'none',
    operands: rule.arity - rule.defaults.length,
  }) as FunctionOf<R>
}

/**
 * A function of elements that takes its inputs in the dtypes they have, and gives one of its own: for what runs inside a
 * `conditioned` op.
 */
export const mapTo = (
  dtype: DType,
  name: string,
  arity: number,
  f: <T>(m: Algebra<T>, ...operands: T[]) => T,
): ((...inputs: Node[]) => Node) => {
  const expression = f(symbols, ...inputs(arity))
  const op = elementwiseOp({ name, expression, arity, partials: () => differentiate(expression, arity), dtype })
  return (...inputs) => {
    if (areAlike(inputs)) return record(op, inputs, null)
    const shape = broadcastShapes(
      name,
      inputs.map((x) => x.sizes),
    )
    return record(
      op,
      inputs.map((x) => broadcastTo(x, shape)),
      null,
    )
  }
}

const areAlike = (nodes: readonly Node[]): boolean => {
  for (let i = 1; i < nodes.length; i++) if (!sameShape(nodes[i]!.sizes, nodes[0]!.sizes)) return false
  return true
}

/** The rules of every day as tensor ops. */
export const elementwise = Object.fromEntries(
  Object.values(everyday).map((rule) => [rule.name, fromRule(rule, true)]),
) as { readonly [Name in keyof typeof everyday]: FunctionOf<(typeof everyday)[Name]> }
