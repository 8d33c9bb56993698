import { AdjointError, elementwise, full, type ScalarAlgebra, type Tensor } from '@adjoint/autograd'
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
  const programFor = (constants: Constants, state: ParameterState): Program => {
    let program = programs.get(constants)
    if (program === undefined) {
      program = programOf(spec as unknown as ElementwiseUpdate<string, string, string>, constants, state)
      programs.set(constants, program)
    }
    return program
  }
  return {
    state: spec.state as Update['state'],
    ...(spec.settled && { settled: spec.settled }),
    next: (parameter, gradient, state, numbers) =>
      run(programFor(numbers.constants, state), { parameter, gradient, state, numbers, made: {} }),
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

/** A step of one parameter. */
interface Frame {
  readonly parameter: Tensor
  readonly gradient: Tensor
  readonly state: ParameterState
  readonly numbers: GroupNumbers
  /** What expressions gave that is no state, and casts of it. */
  readonly made: Record<string, Tensor>
}

/** Where a tensor is found during a step. */
type Find = (at: Frame) => Tensor

/** An operation in its place: it is run once a step, or for each parameter. */
type Step = (at: Frame) => void

interface Program {
  readonly steps: readonly Step[]
  readonly parameter: Find
}

const programOf = (
  spec: ElementwiseUpdate<string, string, string>,
  constants: Constants,
  state: ParameterState,
): Program => {
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
  const scalars = neededOf(operationsOf(spec.scalars ?? {}))

  // what differs from parameter to parameter; other scalars are the same for a group
  const differs = new Set(Object.keys(state).filter((name) => isScalar(state[name]!)))
  const titles = new Map<string, string>()
  const scalarOf = (name: string): Find => {
    const title = titles.get(name)
    if (state[name] !== undefined) return (at) => at.state[name]!
    if (title === undefined) return (at) => at.numbers.tensor(name, 'float64')
    return differs.has(name) ? (at) => at.made[name]! : (at) => at.numbers.once(title, missing)
  }
  const steps = scalars.map(({ name, title, uses, op }): Step => {
    const give = applied(op, uses.map(scalarOf))
    const isShared = uses.every((use) => !differs.has(use))
    titles.set(name, title)
    if (state[name] !== undefined) return (at) => at.state[name]!.assign(give(at))
    if (isShared) return (at) => void at.numbers.once(title, () => give(at))
    differs.add(name)
    return (at) => {
      at.made[name] = give(at)
    }
  })

  const between = new Set<string>()
  const elementOf = (name: string): Find => {
    if (name === 'parameter') return (at) => at.parameter
    if (name === 'gradient') return (at) => at.gradient
    if (between.has(name)) return (at) => at.made[name]!
    if (state[name] !== undefined && !isScalar(state[name])) return (at) => at.state[name]!
    const scalar = scalarOf(name)
    const keys = { float32: `${name} float32`, float64: `${name} float64` }
    const isOwn = differs.has(name)
    return (at) => {
      const dtype = at.parameter.dtype as keyof typeof keys
      if (!isOwn) return at.numbers.once(keys[dtype], () => scalar(at).cast(dtype))
      const cast = at.made[keys[dtype]] ?? scalar(at).cast(dtype)
      at.made[keys[dtype]] = cast
      return cast
    }
  }
  let last: Find = (at) => at.parameter
  for (const { name, uses, op } of elements) {
    const give = applied(op, uses.map(elementOf))
    if (name === 'parameter') last = give
    else if (state[name] !== undefined) steps.push((at) => at.state[name]!.assign(give(at)))
    else {
      between.add(name)
      steps.push((at) => {
        at.made[name] = give(at)
      })
    }
  }
  return { steps, parameter: last }
}

const missing = (): never => {
  throw new AdjointError('optimizers: a scalar is used before it is made; put its expression before those that use it.')
}

/** An op of operands; one without any is of a number that it does not look at. */
const applied = (op: Operation['op'], operands: readonly Find[]): Find =>
  operands.length === 0 ? () => op(nought()) : (at) => op(...operands.map((find) => find(at)))

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

const run = ({ steps, parameter }: Program, at: Frame): Tensor => {
  for (const step of steps) step(at)
  return parameter(at)
}

const nought = (): Tensor => full([], 0, { dtype: 'float64' }) as Tensor
