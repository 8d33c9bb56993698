import { isFloat } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { formatShape, sameShape } from '../graph/shape.js'
import { constant, zerosLike } from '../ops/constant.js'
import { tangents } from './forward.js'
import { leafCotangents } from './reverse.js'
import { requireFloats, type Trace, traced } from './scope.js'
import { isTensor, leavesOf, mapTree, rebuild } from './tree.js'

// The compiler's view of trees is in `tensor/transforms.ts`; here a tree is unknown.

export type Fn = (...args: never[]) => unknown

/** The result of a differentiated function as one scalar tensor, or an error that says what to do instead. */
const scalarResult = (transform: string, trace: Trace): Node => {
  const root = trace.inside
  if (!isTensor(root)) {
    throw new GradientError(`${transform}: the function returned ${describe(root)}; it must return a scalar tensor.`)
  }
  if (root.shape.length !== 0) {
    throw new GradientError(
      `${transform}: the function returned shape ${formatShape(root.shape)}, and only a scalar has a gradient. ` +
        'Reduce it with .sum() or .mean(), or use jacobian() for all derivatives or vjp() for a weighted sum of them.',
    )
  }
  requireFloatResult(transform, root)
  return root
}

export const requireFloatResult = (transform: string, root: Node): void => {
  if (!isFloat(root.dtype)) {
    throw new GradientError(`${transform}: the function returned ${root}, which has no derivative; return floats.`)
  }
}

const describe = (thing: unknown): string =>
  thing === null || typeof thing !== 'object' ? String(thing) : Array.isArray(thing) ? 'an array' : 'an object'

/** Cotangents of the leaves; zeros for a leaf that the roots do not depend on. */
export const pull = (roots: readonly (readonly [Node, Node])[], leaves: readonly Node[]): Node[] => {
  const wanted = new Set(leaves)
  const found = leafCotangents(roots, (node) => wanted.has(node))
  return leaves.map((leaf) => {
    const cotangent = found.get(leaf)
    if (cotangent === undefined) return zerosLike(leaf)
    // what several leaves receive may be one tensor: each gets its own
    return cotangent.tracking === 0 ? cotangent.make(cotangent.value) : cotangent
  })
}

/** `valueAndGrad(f)(params, ...rest)`: the value of f and its gradient by params, a tree like params. */
export const valueAndGrad =
  (f: Fn, transform = 'valueAndGrad') =>
  (params: unknown, ...rest: unknown[]): [unknown, unknown] => {
    requireFloats(transform, params, 'the first argument')
    const trace = traced(transform, [params], ((p: unknown) => f(...([p, ...rest] as never[]))) as Fn)
    const root = scalarResult(transform, trace)
    return [trace.outside, rebuild(params, pull([[root, constant(root, 1, [])]], trace.leaves))]
  }

/** `vjp(f, ...args)`: the value of f, and the function that takes a cotangent of it to those of the arguments. */
export const vjp = (f: Fn, ...args: unknown[]): [unknown, (cotangent: unknown) => unknown[]] => {
  const trace = traced('vjp', args, f)
  const roots = leavesOf(trace.inside)
  const pullback = (cotangent: unknown): unknown[] => {
    const seeds = leavesOf(cotangent)
    requireLike('vjp', 'the cotangent', seeds, 'the result', roots)
    return rebuild(
      args,
      pull(
        roots.map(({ node }, i) => [node, seeds[i]!.node]),
        trace.leaves,
      ),
    ) as unknown[]
  }
  return [trace.outside, pullback]
}

/** `jvp(f, args, tangents)`: the value of f, and its derivative along the tangents. */
export const jvp = (f: Fn, args: readonly unknown[], directions: readonly unknown[]): [unknown, unknown] => {
  const points = leavesOf(args)
  const seeds = leavesOf(directions)
  requireLike('jvp', 'tangents', seeds, 'args', points)
  const trace = traced('jvp', args, f)
  const along = new Map(trace.leaves.map((leaf, i) => [leaf, seeds[i]!.node]))
  const found = tangents(
    leavesOf(trace.inside).map(({ node }) => node),
    along,
  )
  return [trace.outside, mapTree(trace.inside, (node) => found.get(node) ?? zerosLike(node))]
}

type Leaves = ReturnType<typeof leavesOf>

const requireLike = (transform: string, given: string, seeds: Leaves, target: string, like: Leaves): void => {
  if (seeds.length !== like.length) {
    throw new GradientError(
      `${transform}: ${given} hold${given.endsWith('s') ? '' : 's'} ${seeds.length} tensors, but ${target} ${like.length}; ` +
        'they must be trees of the same form.',
    )
  }
  seeds.forEach(({ node, path }, i) => {
    const { node: other, path: otherPath } = like[i]!
    if (!sameShape(node.shape, other.shape) || node.dtype !== other.dtype) {
      throw new GradientError(
        `${transform}: ${given}${path} is ${node}, but ${target}${otherPath} is ${other}; shapes and dtypes must be equal.`,
      )
    }
  })
}

/** `hvp(f, x, v)`: the Hessian of f at x times v, by forward over reverse: about the cost of two gradients. */
export const hvp = (f: Fn, x: unknown, v: unknown): unknown => {
  requireLike('hvp', 'v', leavesOf(v), 'x', leavesOf(x))
  const gradient = ((p: unknown) => valueAndGrad(f, 'hvp')(p)[1]) as Fn
  return jvp(gradient, [x], [v])[1]
}
