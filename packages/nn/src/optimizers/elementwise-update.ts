import { elementwise, full, type ScalarAlgebra, type Tensor } from '@adjoint/autograd'
import type { GroupNumbers } from './group-numbers.js'
import type { Update } from './rule.js'
import { isScalar, type ParameterState } from './state.js'

/** An expression of an element over named operands. A number that is the same at each step is a plain number. */
export type Expression<Names extends string> = <T>(
  m: ScalarAlgebra<T>,
  named: { readonly [name in Names]: T | number },
) => T | number

/**
 * What `elementwiseUpdate` makes an update of. Its names are those of numbers, of the state, of scalars, and of what several
 * elements are computed from.
 */
export interface ElementwiseUpdate<
  Hyper extends string,
  State extends string,
  Scalar extends string,
  Between extends string = never,
> {
  /** How the ops are called in graphs. */
  readonly name: string
  readonly state: { readonly [name in State]?: Update['state'][string] }
  readonly settled?: Update['settled']
  /**
   * Numbers of a step, computed in float64 from those of the group and of the state; one of the state takes what an expression
   * of its name gives. As the elements, in this order: each sees what those before it gave.
   */
  readonly scalars?: { readonly [name in State | Scalar]?: Expression<Hyper | State | Scalar> }
  /** The next values of the state, what is computed between them, and last the next value of the parameter. */
  readonly elements: {
    readonly [name in State | Between]?: Expression<Hyper | State | Scalar | Between | 'parameter' | 'gradient'>
  } & { readonly parameter: Expression<Hyper | State | Scalar | Between | 'parameter' | 'gradient'> }
}

/**
 * An update in which each element goes its own way, from expressions. In a compiled step they become one loop over the
 * parameter, its gradient and its state.
 *
 * @example
 * // momentum
 * optimizers.elementwiseUpdate<'learningRate' | 'momentum', 'velocity', never>({
 *   name: 'heavyBall',
 *   state: { velocity: optimizers.zerosFor },
 *   elements: {
 *     velocity: (m, { velocity, gradient, momentum }) => m.add(m.mul(momentum, velocity), gradient),
 *     parameter: (m, { parameter, velocity, learningRate }) => m.sub(parameter, m.mul(learningRate, velocity)),
 *   },
 * })
 */
export const elementwiseUpdate = <
  Hyper extends string,
  State extends string,
  Scalar extends string,
  Between extends string = never,
>(
  spec: ElementwiseUpdate<Hyper, State, Scalar, Between>,
): Update => {
  const programs = new WeakMap<Constants, Program>()
  const programFor = (constants: Constants): Program => {
    let program = programs.get(constants)
    if (program === undefined) {
      program = programOf(spec as unknown as ElementwiseUpdate<string, string, string>, constants)
      programs.set(constants, program)
    }
    return program
  }
  return {
    state: spec.state as Update['state'],
    ...(spec.settled && { settled: spec.settled }),
    next: (parameter, gradient, state, numbers) =>
      run(programFor(numbers.constants), { parameter, gradient }, state, numbers),
  }
}

type Constants = ReadonlyMap<string, number>

/** What gives a scalar, a part of the state or the parameter: an op, and the names of its operands. */
interface Operation {
  readonly name: string
  /** Unique among the rules of a step. */
  readonly title: string
  readonly uses: readonly string[]
  readonly op: (...operands: Tensor[]) => Tensor
}

interface Program {
  readonly scalars: readonly Operation[]
  readonly elements: readonly Operation[]
}

const programOf = (spec: ElementwiseUpdate<string, string, string>, constants: Constants): Program => {
  const operationsOf = (expressions: object) =>
    Object.entries(expressions as Readonly<Record<string, Expression<string>>>).map(([name, expression]) =>
      operation(name, name === 'parameter' ? spec.name : `${spec.name}.${name}`, expression, constants),
    )
  const { parameter, ...others } = spec.elements
  const needed = new Set([...Object.keys(spec.state), 'parameter'])
  const neededOf = (operations: readonly Operation[]): Operation[] =>
    operations
      .toReversed()
      .filter(({ name, uses }) => {
        if (!needed.has(name)) return false
        for (const use of uses) needed.add(use)
        return true
      })
      .reverse()
  const elements = neededOf(operationsOf({ ...others, parameter }))
  return { scalars: neededOf(operationsOf(spec.scalars ?? {})), elements }
}

const operation = (name: string, title: string, expression: Expression<string>, constants: Constants): Operation => {
  const uses = usesOf(expression, constants)
  const scalar = <T>(m: ScalarAlgebra<T>, ...given: T[]): T | number => {
    const named: Record<string, T | number> = Object.fromEntries(constants)
    for (const [i, use] of uses.entries()) named[use] = given[i]!
    return expression(m, named)
  }
  // a constant needs an operand to be an op of
  const op = elementwise(title, scalar as never, { operands: Math.max(1, uses.length) })
  return { name, title, uses, op: op as unknown as Operation['op'] }
}

/** The names of operands that an expression looks at. Written over an algebra, it looks at the same ones whatever they are. */
const usesOf = (expression: Expression<string>, constants: Constants): string[] => {
  const uses = new Set<string>()
  const nothing = {} as never
  const get = (_: object, name: string | symbol) => {
    const constant = constants.get(String(name))
    if (constant === undefined) uses.add(String(name))
    return constant ?? nothing
  }
  expression<object>(
    new Proxy(nothing, { get: () => () => nothing }),
    new Proxy(nothing, { get }) as Record<string, object>,
  )
  return [...uses]
}

interface Scalar {
  readonly value: Tensor
  /** Whether it is the same for all parameters of the group. */
  readonly isShared: boolean
}

const run = (
  { scalars, elements }: Program,
  own: { readonly parameter: Tensor; readonly gradient: Tensor },
  state: ParameterState,
  numbers: GroupNumbers,
): Tensor => {
  const found = new Map<string, Scalar>()
  const scalarOf = (name: string): Scalar =>
    found.get(name) ?? { value: numbers.tensor(name, 'float64'), isShared: true }
  for (const [name, value] of Object.entries(state)) {
    if (isScalar(value)) found.set(name, { value, isShared: false })
  }
  for (const { name, title, uses, op } of scalars) {
    const operands = uses.map(scalarOf)
    const isShared = operands.every((operand) => operand.isShared)
    const make = () => (uses.length === 0 ? op(nought()) : op(...operands.map(({ value }) => value)))
    const value = isShared ? numbers.once(title, make) : make()
    const kept = state[name]
    kept?.assign(value)
    found.set(name, { value: kept ?? value, isShared })
  }

  const { dtype } = own.parameter
  const operands = new Map<string, Tensor>(
    Object.entries({ ...state, ...own }).filter(([, tensor]) => !isScalar(tensor)),
  )
  const operandOf = (name: string): Tensor => {
    const known = operands.get(name)
    if (known !== undefined) return known
    const { value, isShared } = scalarOf(name)
    const cast = isShared ? numbers.once(`${name} ${dtype}`, () => value.cast(dtype)) : value.cast(dtype)
    operands.set(name, cast)
    return cast
  }
  let next = own.parameter
  for (const { name, uses, op } of elements) {
    const value = uses.length === 0 ? op(nought()) : op(...uses.map(operandOf))
    if (name === 'parameter') next = value
    else if (state[name] === undefined) operands.set(name, value)
    else state[name].assign(value)
  }
  return next
}

const nought = (): Tensor => full([], 0, { dtype: 'float64' }) as Tensor
