import { evaluate } from '../graph/batched.js'
import { CompileError, GradientError } from '../graph/errors.js'
import { withValues } from '../graph/holder.js'
import type { Op } from '../graph/node.js'
import { tracer } from '../graph/tracer.js'
import { withTracking } from '../graph/tracking.js'
import { joinAll, Tuple } from '../graph/tuple.js'
import { UnknownElementsError } from '../graph/unknown.js'
import { share, specOf, type Value } from '../graph/value.js'
import { zerosLike } from '../ops/constant.js'
import { elementwise } from '../ops/elementwise.js'
import type { PureFunction } from '../program/pure.js'
import { layoutOf } from './flat.js'
import type { Linear, Nodes } from './implied.js'
import { norm } from './krylov/vectors.js'

/** A user's solver of linear systems: any JavaScript. */
export interface UserSolver {
  /** How messages call it. */
  readonly what: string
  readonly run: (apply: Linear, b: Nodes) => Nodes
  /** Tensors that it is given beside b. */
  readonly holders: Nodes
}

interface Given {
  readonly apply: Linear
  /** The same as data. */
  readonly forward: PureFunction
  readonly b: Nodes
  readonly paths: readonly string[]
  readonly tolerance: number | undefined
}

/** What a user's solver gives, once it is seen to be a solution. */
export const solvedByUser = (solver: UserSolver, given: Given): readonly Value[] => {
  const { apply, b } = given
  const run = (on: Linear, right: Nodes) => withTracking(0, () => solver.run(on, right))
  const found = unlessUnknown(
    () => run(apply, b),
    () => atEachCall(solver, given, run),
  )
  return requireSolved(solver, given, found)
}

/** Runs a user's function; where it looks at elements that are not known yet, `otherwise`. */
export const unlessUnknown = <R>(run: () => R, otherwise: () => R): R => {
  if (tracer === null) return run()
  try {
    return run()
  } catch (error) {
    if (!(error instanceof UnknownElementsError)) throw error
    return otherwise()
  }
}

/** Runs `f` where all that it was given is known. */
export const givenAll = <R>(what: string, remedy: string, f: () => R): R => {
  try {
    return f()
  } catch (error) {
    if (!(error instanceof UnknownElementsError)) throw error
    throw new CompileError(
      `${what} looks at a tensor of the compiled or mapped function that it was not given; ${remedy}.`,
      { cause: error },
    )
  }
}

const atEachCall = (
  { what, holders }: UserSolver,
  { forward, b }: Given,
  run: (apply: Linear, b: Nodes) => Nodes,
): Nodes => {
  const like = b[0]!
  const values = [b, forward.captured, holders].map((nodes) => nodes.map(({ value }) => value))
  const onValues = (given: readonly Value[]): readonly Value[] => {
    const rest = given.slice()
    const [right, captured, held] = values.map(({ length }) => rest.splice(0, length))
    const f = forward.on(captured!, (...args) => evaluate(like, ...args))
    const nodes = right!.map((value) => like.make(share(value)))
    return withValues(holders, held!.map(share), () =>
      givenAll(what, 'it has matvec, b and what it is given beside them', () => run(applying(f), nodes)).map(
        ({ value }) => share(value),
      ),
    )
  }
  const found = tracer!.call(values.flat(), onValues, b.map(specOf)) as readonly Value[]
  return found.map((value) => like.make(value))
}

/** A linear function of values, as one of nodes. */
const applying = (f: (inputs: readonly Value[]) => readonly Value[]): Linear => {
  const op: Op<null> = {
    name: 'matvec',
    jvp: (tangents, { inputs }) =>
      new Tuple([...apply(tangents.map((tangent, i) => tangent ?? zerosLike(inputs[i]!)))]),
    vjp: () => {
      throw new GradientError(
        'linearSolve: a solver that looks at elements takes the derivative of matvec in reverse mode, in a compiled or mapped ' +
          "function; take it forward, jacobian(matvec, { mode: 'forward' }), or apply matvec to unit vectors.",
      )
    },
  }
  const apply: Linear = (v) => joinAll(f(v.map(({ value }) => value)), op, v, null)
  return apply
}

/** Throws if b - A x is too large. */
const requireSolved = ({ what }: UserSolver, { apply, b, paths, tolerance }: Given, found: Nodes): readonly Value[] => {
  const specs = b.map(specOf)
  const layout = layoutOf(specs, paths)
  const x = found.map(({ value }) => share(value))
  if (tolerance === Number.POSITIVE_INFINITY) return x
  const left = withTracking(0, () => apply(found).map((image, i) => elementwise.sub(b[i]!, image)))
  const most = tolerance ?? (layout.dtype === 'float64' ? 1e-6 : 1e-3)
  const check = (all: readonly Value[]): readonly Value[] => {
    const residual = layout.vectorOf(all.slice(0, b.length), 1)
    const [length, whole] = [norm(residual), norm(layout.vectorOf(all.slice(b.length, 2 * b.length), 1))]
    if (length <= most * whole) return all.slice(2 * b.length)
    throw new GradientError(
      `${what} did not converge: what it returned leaves a residual b - Ax of norm ${length.toPrecision(3)}` +
        `${layout.placeOf(residual)}, where that of b is ${whole.toPrecision(3)}, and at most ${most} times that is taken for ` +
        'solved; let it go on for longer, or say { tolerance }. One that does not go by the matvec that it is given needs a ' +
        'transposeSolver beside it, which reverse mode uses.',
    )
  }
  const all = [...[...left, ...b].map(({ value }) => value), ...x]
  return tracer === null ? check(all) : (tracer.call(all, check, specs) as readonly Value[])
}
