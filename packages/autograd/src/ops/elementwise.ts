import { type DType, isFloat, promote } from '../graph/dtype.js'
import { DTypeError } from '../graph/errors.js'
import type { MapKernel } from '../graph/kernel.js'
import { type KernelOp, Node, record } from '../graph/node.js'
import { broadcastShapes, type Shape, sameShape } from '../graph/shape.js'
import { differentiate, partialsOf, toExpression } from '../rules/derive.js'
import type { Expression } from '../rules/expression.js'
import type { Rule } from '../rules/rule.js'
import { input, symbols } from '../rules/symbols.js'
import { rules } from '../rules/table.js'
import { inputsOf, lower, substitute } from '../rules/traverse.js'
import { broadcastTo } from './broadcast.js'
import { cast } from './cast.js'
import { scalar } from './constant.js'
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
  readonly dtype: (inputs: readonly Node[]) => DType
  /** True for a function of the table. */
  readonly builtIn?: boolean
}

const elementwiseOp = ({ name, expression, arity, partials, dtype, builtIn = false }: Elementwise): KernelOp<null> => {
  const kernel: MapKernel = { kind: 'map', expression: lower(expression), arity }
  const cotangentOps: (Derived | undefined)[] = []
  const tangentOps = new Map<number, Derived>()
  // In a derivative's expression the cotangent or tangents come first, then the inputs, then the result.
  const shifted = (index: number, by: number): Expression =>
    substitute(
      partials()[index]!,
      Array.from({ length: arity + 1 }, (_, i) => input(i + by)),
    )
  const cotangentOp = (index: number): Derived =>
    derivedOp(`${name}.vjp${index}`, symbols.scale(input(0), shifted(index, 1)))
  const tangentOp = (present: readonly number[]): Derived =>
    derivedOp(
      `${name}.jvp${present.join('')}`,
      present
        .map((index, i) => symbols.scale(input(i), shifted(index, present.length)))
        .reduce((sum, term) => symbols.add(sum, term)),
    )
  return {
    name,
    infer: (inputs) => ({ shape: inputs[0]!.shape, dtype: dtype(inputs) }),
    kernel: () => kernel,
    formula: { value: builtIn ? null : expression, partials },
    vjp: (cotangent, node, index) => {
      cotangentOps[index] ??= cotangentOp(index)
      return applyDerived(cotangentOps[index], [cotangent, ...node.inputs, node])
    },
    jvp: (tangents, node) => {
      const present = tangents.flatMap((tangent, i) => (tangent === null ? [] : [i]))
      const key = present.reduce((bits, i) => bits | (1 << i), 0)
      let op = tangentOps.get(key)
      if (op === undefined) {
        op = tangentOp(present)
        tangentOps.set(key, op)
      }
      return applyDerived(op, [...present.map((i) => tangents[i]!), ...node.inputs, node])
    },
  }
}

/** A derivative: zero, or its first input (the partial is 1), or an op over those of its possible inputs that it uses. */
type Derived = 'zero' | 'first' | { readonly op: KernelOp<null>; readonly uses: readonly number[] }

const derivedOp = (name: string, expression: Expression): Derived => {
  if (expression.kind === 'constant' && expression.value === 0) return 'zero'
  if (expression.kind === 'input' && expression.index === 0) return 'first'
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
    dtype: (inputs) => inputs[0]!.dtype,
  })
  return { op, uses }
}

const applyDerived = (derived: Derived, available: readonly Node[]): Node | null => {
  if (derived === 'zero') return null
  if (derived === 'first') return available[0]!
  return record(
    derived.op,
    derived.uses.map((use) => available[use]!),
    null,
  )
}

/** A tensor, or a number that takes the dtype of the tensors it meets. */
export type Operand = Node | number | boolean

/** What of a rule's dtypes applies: the operands' common dtype, truth-value operands aside. */
const operandDType = (rule: Rule, operands: readonly Operand[]): DType => {
  let dtype: DType = 'bool'
  let seen = false
  let fraction = false
  operands.forEach((operand, i) => {
    if (rule.conditions.includes(i)) return
    if (operand instanceof Node) {
      dtype = promote(dtype, operand.dtype)
      seen = true
    } else if (typeof operand === 'number') {
      dtype = promote(dtype, 'int32')
      fraction ||= !Number.isInteger(operand)
    }
  })
  if (!isFloat(dtype) && (!seen || fraction || rule.result === 'float')) return 'float32'
  return dtype
}

const mixedOperands = (rule: Rule, operands: readonly Operand[]): Node[] => {
  const first = operands.find((operand) => operand instanceof Node)
  if (first === undefined) {
    throw new DTypeError(
      `${rule.name}: at least one operand must be a tensor, got ${operands.join(', ')}. Wrap a number with tensor(...).`,
    )
  }
  const dtype = operandDType(rule, operands)
  const nodes = operands.map((operand, i) => {
    if (!(operand instanceof Node)) {
      if (typeof operand !== 'number' && typeof operand !== 'boolean') {
        throw new DTypeError(`${rule.name}: operand ${i + 1} is ${describe(operand)}; pass a tensor or a number.`)
      }
      if (dtype === 'int32' && Number(operand) !== (Number(operand) | 0)) {
        throw new DTypeError(`${rule.name}: ${operand} is no 32-bit integer, as ${first} asks for; cast it to a float.`)
      }
      return scalar(first, Number(operand), rule.conditions.includes(i) ? 'bool' : dtype)
    }
    return rule.conditions.includes(i) || operand.dtype === dtype ? operand : cast(operand, dtype)
  })
  const shape: Shape = broadcastShapes(
    rule.name,
    nodes.map((node) => node.shape),
  )
  return nodes.map((node) => (sameShape(node.shape, shape) ? node : broadcastTo(node, shape)))
}

const describe = (thing: unknown): string =>
  thing === null ? 'null' : Array.isArray(thing) ? 'an array (wrap it with tensor(...))' : `of type ${typeof thing}`

/** As many operands as the rule takes: left-out ones by default, and only the first in `tensors.map(tanh)`. */
const fitted = (rule: Rule, given: readonly Operand[]): readonly Operand[] => {
  const missing = rule.arity - given.length
  if (rule.arity === 1 && missing < 0) return given.slice(0, 1)
  if (missing <= 0 || missing > rule.defaults.length) {
    throw new DTypeError(`${rule.name}: takes ${rule.arity} operands, got ${given.length}.`)
  }
  return [...given, ...rule.defaults.slice(-missing)]
}

export type ElementwiseFunction = OpFunction<(...operands: Operand[]) => Node>

/** The tensor op of a scalar rule: dtypes are promoted and shapes broadcast, then the rule runs on every element. */
export const fromRule = (rule: Rule): ElementwiseFunction => {
  const expression = toExpression(rule)
  const op = elementwiseOp({
    name: rule.name,
    expression,
    arity: rule.arity,
    partials: () => partialsOf(rule),
    dtype: (inputs) => (rule.result === 'bool' ? 'bool' : inputs[rule.conditions.length]!.dtype),
    builtIn: Object.values<Rule>(rules).includes(rule),
  })
  const needsFloat = rule.result === 'float'
  const call = (...given: Operand[]): Node => {
    const operands = given.length === rule.arity ? given : fitted(rule, given)
    const [a, b] = operands
    if (rule.arity <= 2 && a instanceof Node && (!needsFloat || isFloat(a.dtype))) {
      if (rule.arity === 1) return record(op, [a], null)
      if (b instanceof Node && a.dtype === b.dtype && sameShape(a.shape, b.shape)) return record(op, [a, b], null)
    }
    return record(op, mixedOperands(rule, operands), null)
  }
  return withFacts(rule.name, call, {
    samples: [
      rule.samples.map((list, i) => values([list.length], list, rule.conditions.includes(i) ? 'bool' : 'float64')),
    ],
    differentiable: rule.partials !== 'none',
  })
}

/** Every rule of the table as a tensor op. */
export const elementwise = Object.fromEntries(Object.values(rules).map((rule) => [rule.name, fromRule(rule)])) as {
  readonly [Name in keyof typeof rules]: ElementwiseFunction
}
