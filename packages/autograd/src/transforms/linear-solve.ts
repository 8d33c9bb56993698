import { isFloat } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { requireSync } from '../graph/tracking.js'
import { derivativeOf, type Leaf, mapTree } from '../graph/tree.js'
import { zerosLike } from '../ops/constant.js'
import { type Fn, seedsFor, vjp } from './grad.js'
import type { Linear, Nodes } from './implied.js'
import { type MatrixPair, type MethodOptions, type Solving, solveLinear } from './linear-system.js'
import { requireTensors } from './scope.js'

/** How linear systems are solved, with functions of trees. */
export interface SolverOptions extends MethodOptions {
  /** A linear function that is near to the inverse of the matrix, and cheap. */
  readonly preconditioner?: Fn | undefined
  /** `solver(matvec, b)` gives an x with matvec(x) = b; any JavaScript. */
  readonly solver?: Fn | undefined
  /** The same for the transposed system, which derivatives in reverse mode need: by default `solver`. */
  readonly transposeSolver?: Fn | undefined
}

export interface LinearSolveOptions extends SolverOptions {
  /** Where to begin, a tree like b; default zeros. The nearer the sooner; derivatives do not depend on it. */
  readonly initial?: unknown
  /** The product with the transpose; by default it follows from `matvec`. Derivatives need it in reverse mode. */
  readonly transpose?: Fn | undefined
  /** The transpose is `matvec` itself, which saves finding it. Default false. */
  readonly symmetric?: boolean | undefined
}

/** `linearSolve(matvec, b, options)`: v with matvec(v) = b, a tree like b. */
export const linearSolve = (
  matvec: Fn,
  b: unknown,
  { initial, transpose, symmetric = false, ...options }: LinearSolveOptions = {},
): unknown => {
  if (symmetric && transpose !== undefined) {
    throw new GradientError(
      'linearSolve: symmetric says that the transpose is matvec, and a transpose is given; give one.',
    )
  }
  if (initial !== undefined && options.solver !== undefined) refuseBeside('linearSolve', 'initial')
  const leaves = requireFloatTree('linearSolve: b', b)
  const nodes = leaves.map(({ node }) => node)
  const first = initial === undefined ? null : alike('linearSolve', 'b', leaves, 'initial', initial)
  const apply = onNodes('linearSolve', 'b', b, leaves, 'matvec', matvec)
  const transposed = (): Linear => {
    if (symmetric) return apply
    return transpose === undefined
      ? transposeOf(apply, nodes)
      : onNodes('linearSolve', 'b', b, leaves, 'transpose', transpose)
  }
  const system = {
    name: 'linearSolve',
    matrix: { what: 'linearSolve: matvec', make: () => apply },
    transpose: { what: 'linearSolve: the transpose of matvec', make: transposed },
    isGiven: symmetric || transpose !== undefined,
    paths: leaves.map(({ path }) => `b${path}`),
    how: solvingOf('linearSolve', 'b', b, leaves, options),
  }
  return derivativeOf(b, solveLinear(system, nodes, first))
}

const transposeOf = (apply: Linear, like: Nodes): Linear => {
  const f = (...v: Nodes) => apply(v)
  const [, pullback] = vjp(f as Fn, ...like.map((node) => zerosLike(node)))
  return (u) => pullback(u) as unknown as Nodes
}

/** A function of trees like another, on the tensors of such trees; it is given `beside` them as they are. */
const onNodes =
  (
    name: string,
    target: string,
    tree: unknown,
    leaves: readonly Leaf[],
    what: string,
    f: Fn,
    beside: readonly unknown[] = [],
  ): Linear =>
  (v) => {
    const found = requireSync(`${name}: ${what}`, f(...([derivativeOf(tree, v), ...beside] as never[])))
    return alike(name, target, leaves, `${what}(${target === 'b' ? 'b' : 'v'})`, found)
  }

const refuseBeside = (name: string, option: string): never => {
  throw new GradientError(
    `${name}: ${option} is for the methods of this library, and a solver is given; give one of them (close over what the ` +
      'solver is to know).',
  )
}

/**
 * How a system in trees like `tree` is solved, by what a user says.
 *
 * @param target how messages call that tree
 * @param beside what the user's functions are given beside vectors
 */
export const solvingOf = (
  name: string,
  target: string,
  tree: unknown,
  leaves: readonly Leaf[],
  { preconditioner, solver, transposeSolver = solver, ...options }: SolverOptions,
  beside: readonly unknown[] = [],
): Solving => {
  if (solver === undefined && transposeSolver !== undefined) {
    throw new GradientError(`${name}: a transposeSolver is given, and no solver; give the solver as well.`)
  }
  if (solver !== undefined) {
    const { method, maxIterations } = options
    for (const [option, given] of Object.entries({ method, maxIterations, preconditioner })) {
      if (given !== undefined) refuseBeside(name, option)
    }
  }
  const holders: Node[] = []
  const collect = (node: Node) => holders.push(node)
  mapTree(beside, `${name}: argument`, collect, { buffer: collect, instances: 'children' })
  const userSolver = (what: string, f: Fn) => ({
    what: `${name}: ${what}`,
    holders,
    run: (apply: Linear, b: Nodes): Nodes => {
      const onTree = (v: unknown) => derivativeOf(tree, apply(alike(name, target, leaves, 'the argument of matvec', v)))
      const found = requireSync(`${name}: ${what}`, f(...([onTree, derivativeOf(tree, b), ...beside] as never[])))
      return alike(name, target, leaves, `what ${what} returned`, found)
    },
  })
  return {
    ...options,
    preconditioner:
      preconditioner === undefined
        ? null
        : preconditionerOf(
            name,
            onNodes(name, target, tree, leaves, 'preconditioner', preconditioner, beside),
            leaves.map(({ node }) => node),
          ),
    solver: solver === undefined ? null : userSolver('solver', solver),
    transposeSolver: transposeSolver === undefined ? null : userSolver('transposeSolver', transposeSolver),
  }
}

const preconditionerOf = (name: string, apply: Linear, like: Nodes): MatrixPair => ({
  matrix: { what: `${name}: preconditioner`, make: () => apply },
  transpose: { what: `${name}: the transpose of preconditioner`, make: () => transposeOf(apply, like) },
})

/** The tensors of a tree of another's form, shapes and dtypes. */
export const alike = (name: string, target: string, like: readonly Leaf[], given: string, tree: unknown): Nodes =>
  seedsFor(name, target, like, given, tree) as Nodes

/** The tensors of a tree that holds floats and nothing else. */
export const requireFloatTree = (what: string, tree: unknown): readonly Leaf[] => {
  const leaves = requireTensors(what, tree, 'give tensors only.')
  if (leaves.length === 0) throw new GradientError(`${what} holds no tensor; give a tensor, or a tree of tensors.`)
  for (const { node, path } of leaves) {
    if (!isFloat(node.dtype)) {
      throw new GradientError(
        `${what}${path} is ${node}, and only floats are solved for; cast it to 'float32' or 'float64'.`,
      )
    }
  }
  return leaves
}
