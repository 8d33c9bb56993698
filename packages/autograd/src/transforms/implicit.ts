import { GradientError } from '../graph/errors.js'
import { withValues } from '../graph/holder.js'
import type { Node } from '../graph/node.js'
import { tracer } from '../graph/tracer.js'
import { requireSync, withTracking } from '../graph/tracking.js'
import { derivativeOf, type Leaf, leavesOf, mapTree } from '../graph/tree.js'
import { denseData, share, specOf, type Value } from '../graph/value.js'
import { zerosLike } from '../ops/constant.js'
import { elementwise } from '../ops/elementwise.js'
import { pureFunction } from '../program/pure.js'
import { givenAll, unlessUnknown } from './by-user.js'
import { type Fn, jvp, vjp } from './grad.js'
import { implied, type Nodes } from './implied.js'
import { alike, requireFloatTree, type SolverOptions, solvingOf } from './linear-solve.js'
import { type MatrixPair, solveLinear, transposed } from './linear-system.js'

export interface ImplicitOptions {
  /** The second function gives f(x, ...args) with f(x) = x at the solution, and no residual. Default false. */
  readonly fixedPoint?: boolean | undefined
  /**
   * How large an element of the residual may be at what `solve` returns, relative to 1 + the largest element of x in the same
   * tensor. Default 1e-6 in float64 and 1e-3 in float32; Infinity does not look.
   */
  readonly tolerance?: number | undefined
  /** How the linear systems of derivatives are solved; its functions are given x and the arguments beside vectors. */
  readonly linear?: SolverOptions | undefined
  /** A function of the arguments that gives tensors of the solution's shapes and dtypes, for `compile`. */
  readonly like?: Fn | undefined
}

/** `implicit(solve, residual)(...args)`: what `solve` returns, differentiable as the root of the residual. */
export const implicit =
  (solve: Fn, residual: Fn, { fixedPoint = false, tolerance, linear = {}, like }: ImplicitOptions = {}) =>
  (...args: unknown[]): unknown => {
    const given = fixedPoint ? 'f(x)' : 'the residual'
    const tree = solved(solve, args, like)
    const leaves = requireFloatTree('implicit: the solution', tree)
    const zero = (x: Nodes): Nodes => {
      const found = requireSync('implicit', residual(...([derivativeOf(tree, x), ...args] as never[])))
      const nodes = alike('implicit', 'the solution', leaves, given, found)
      return fixedPoint ? nodes.map((node, i) => elementwise.sub(node, x[i]!)) : nodes
    }
    const { captured } = pureFunction(
      `implicit: ${given}`,
      zero,
      leaves.map(({ node }) => zerosLike(node)),
    )
    // met as they are, before a derivative marks them
    for (const node of captured) node.value
    const values = checkedSolution(given, leaves, zero, tolerance)
    const paths = leaves.map(({ path }) => `the solution${path}`)
    const systemAt = (x: Nodes) => ({
      name: 'linearSolve',
      ...jacobianAt(zero, x),
      isGiven: false,
      paths,
      how: solvingOf('implicit', 'the solution', tree, leaves, linear, [derivativeOf(tree, x), ...args]),
    })
    const solution = implied(values, leaves[0]!.node, {
      name: 'implicit',
      residual: zero,
      parameters: captured,
      solve: (x, b) => solveLinear(systemAt(x), b),
      solveTransposed: (x, b) => solveLinear(transposed(systemAt(x)), b),
    })
    return derivativeOf(tree, solution)
  }

/** The derivative of the residual at x, as functions that evaluate the residual themselves: traced, it is computed once. */
const jacobianAt = (zero: (x: Nodes) => Nodes, x: Nodes): MatrixPair => {
  const f = ((...nodes: Nodes) => zero(nodes)) as Fn
  return {
    matrix: {
      what: 'implicit: the linear system with the derivative of the residual',
      make: () => (v) => jvp(f, x, v)[1] as unknown as Nodes,
    },
    transpose: {
      what: 'implicit: the linear system with the transposed derivative of the residual',
      make: () => (u) => vjp(f, ...x)[1](u) as unknown as Nodes,
    },
  }
}

/**
 * What the solver returns. Nothing in it is recorded. Where it looks at elements that are not known yet, it runs as it is at
 * each call of a compiled function, and for each example.
 */
const solved = (solve: Fn, args: readonly unknown[], like: Fn | undefined): unknown => {
  const run = () => withTracking(0, () => requireSync('implicit', solve(...(args as never[]))) as unknown)
  return unlessUnknown(run, () => solvedAtEachCall(run, args, like))
}

const solvedAtEachCall = (run: () => unknown, args: readonly unknown[], like: Fn | undefined): unknown => {
  const holders: Node[] = []
  const collect = (node: Node) => holders.push(node)
  mapTree(args, 'implicit: argument', collect, { buffer: collect, instances: 'children' })
  let form: unknown = like === undefined ? undefined : withTracking(0, () => like(...(args as never[])))
  const known = like === undefined ? undefined : requireFloatTree('implicit: like', form)
  const onValues = (values: readonly Value[]): readonly Value[] => {
    const found = withValues(holders, values.map(share), () => givenAll('implicit: solve', asArgument, run))
    const leaves = known === undefined ? requireFloatTree('implicit: the solution', found) : null
    form ??= found
    const nodes = leaves?.map(({ node }) => node) ?? alike('implicit', 'like', known!, 'the solution', found)
    return nodes.map(({ value }) => share(value))
  }
  const specs = known?.map(({ node }) => specOf(node))
  const values = tracer!.call(
    holders.map(({ value }) => value),
    onValues,
    specs,
  ) as readonly Value[]
  const nodes = leavesOf(form, '').map(({ node }, i) => node.make(values[i]!))
  return derivativeOf(form, nodes)
}

const asArgument = 'pass it as an argument: implicit((a) => ..., residual)(a)'

/** The values of a solution, once it is seen to be one: the derivative of a root is only known at a root. */
const checkedSolution = (
  given: string,
  leaves: readonly Leaf[],
  zero: (x: Nodes) => Nodes,
  tolerance: number | undefined,
): readonly Value[] => {
  const values = leaves.map(({ node }) => share(node.value))
  if (tolerance === Number.POSITIVE_INFINITY) return values
  const nodes = leaves.map(({ node }) => node)
  const residuals = withTracking(0, () => zero(nodes)).map(({ value }) => share(value))
  const check = (all: readonly Value[]): readonly Value[] => {
    const [x, found] = [all.slice(0, values.length), all.slice(values.length)]
    found.forEach((residual, i) => {
      const relative = largest(residual) / (1 + largest(x[i]!))
      const most = tolerance ?? (residual.dtype === 'float64' ? 1e-6 : 1e-3)
      if (relative <= most) return
      throw new GradientError(
        `implicit: solve did not converge: at the solution${leaves[i]!.path} that it returned, ${given === 'f(x)' ? 'f(x) and x differ by' : 'the residual is'} ` +
          `up to ${relative.toPrecision(3)} times 1 + the largest element of x, and at most ${most} is taken for solved, since ` +
          'the derivative is that of a root: let solve go on for longer, or say { tolerance }.',
      )
    })
    return x
  }
  const all = [...values, ...residuals]
  return tracer === null ? check(all) : (tracer.call(all, check, nodes.map(specOf)) as readonly Value[])
}

const largest = (value: Value): number => {
  let found = 0
  for (const element of denseData(value)) {
    if (Number.isNaN(element)) return element
    found = Math.max(found, Math.abs(element))
  }
  return found
}
