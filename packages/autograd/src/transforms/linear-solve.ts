import { isFloat } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import { requireSync } from '../graph/tracking.js'
import { derivativeOf, type Leaf } from '../graph/tree.js'
import { zerosLike } from '../ops/constant.js'
import { type Fn, seedsFor, vjp } from './grad.js'
import type { Nodes } from './implied.js'
import { type Linear, type SolverOptions, solveLinear } from './linear-system.js'
import { requireTensors } from './scope.js'

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
  const leaves = requireFloatTree('linearSolve: b', b)
  const nodes = leaves.map(({ node }) => node)
  const first = initial === undefined ? null : alike('linearSolve', 'b', leaves, 'initial', initial)
  const onTree =
    (what: string, f: Fn): Linear =>
    (v) =>
      alike(
        'linearSolve',
        'b',
        leaves,
        `${what}(b)`,
        requireSync(`linearSolve: ${what}`, f(derivativeOf(b, v) as never)),
      )
  const apply = onTree('matvec', matvec)
  const transposed = (): Linear => {
    if (symmetric) return apply
    return transpose === undefined ? transposeOf(apply, nodes) : onTree('transpose', transpose)
  }
  const pair = {
    name: 'linearSolve',
    matrix: { what: 'linearSolve: matvec', make: () => apply },
    transpose: { what: 'linearSolve: the transpose of matvec', make: transposed },
    isGiven: symmetric || transpose !== undefined,
  }
  return derivativeOf(b, solveLinear(pair, nodes, options, first))
}

const transposeOf = (apply: Linear, like: Nodes): Linear => {
  const f = (...v: Nodes) => apply(v)
  const [, pullback] = vjp(f as Fn, ...like.map((node) => zerosLike(node)))
  return (u) => pullback(u) as unknown as Nodes
}

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
