import { isBatching, requireHere } from '../graph/batched.js'
import { isFloat } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import { latestId, type Node } from '../graph/node.js'
import { formatShape, sameShape } from '../graph/shape.js'
import { derivativeOf, isTensor, type Leaf, leavesOf, type Place } from '../graph/tree.js'
import { share } from '../graph/value.js'
import { watcher } from '../graph/watcher.js'
import { shown } from '../graph/words.js'
import { constant, zerosLike } from '../ops/constant.js'
import { nodesBetween } from './between.js'
import { choose, type DerivativeOptions } from './choose.js'
import { linearMap } from './forward.js'
import { leafCotangents } from './reverse.js'
import { aliasOf, inMotion, inScope, requireFloats, requireTensors, type Scope } from './scope.js'

// The compiler's view of trees is in `tensor/transforms.ts`; here a tree is unknown.

export type Fn = (...args: never[]) => unknown

/** The result of a differentiated function as one scalar tensor, or an error that says what to do instead. */
const scalarResult = (transform: string, scope: Scope): Node => {
  const root = scope.inside
  if (!isTensor(root)) {
    const pair = Array.isArray(root) && root.length === 2 && isTensor(root[0])
    throw new GradientError(
      `${transform}: the function returned ${describe(root)}; it must return a scalar tensor${
        pair ? ', or [value, auxiliary] with { auxiliary: true }' : ''
      }.`,
    )
  }
  if (root.sizes.length !== 0) {
    throw new GradientError(
      `${transform}: the function returned shape ${formatShape(root.sizes)}, and only a scalar has a gradient. ` +
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
  const start = latestId()
  const found = leafCotangents(roots, (node) => wanted.has(node))
  return apart(
    leaves.map((leaf) => found.get(leaf) ?? zerosLike(leaf)),
    start,
  )
}

/** For a user: several may be one tensor, or one that was there before `start`, and each is to be its own. */
const apart = (found: readonly Node[], start: number): Node[] => {
  const given = new Set<Node>()
  return found.map((node) => {
    if (node.tracking !== 0) return node
    const isShared = node.id <= start || given.has(node)
    given.add(node)
    return node.make(isShared ? share(node.value) : node.value)
  })
}

/** What `valueAndGrad(f)` finds: the value, its gradient, and what the function returned beside the value. */
interface GradientFound {
  readonly value: unknown
  readonly gradient: unknown
  readonly auxiliary: unknown
}

/** The value of f and its gradient by the arguments that are chosen. */
const gradientOf = (
  transform: string,
  f: Fn,
  { argument, auxiliary }: DerivativeOptions,
  args: readonly unknown[],
): GradientFound => {
  const chosen = choose(transform, args, argument)
  for (const { arg, what } of chosen.each) requireFloats(transform, arg, what)
  const scope = inScope(transform, chosen.args, chosen.of(f), auxiliary)
  const root = scalarResult(transform, scope)
  watcher?.found(() => 'the loss', root.value)
  const found = pull([[root, constant(root, 1, [])]], scope.leaves)
  if (watcher !== null) for (const node of found) watcher.found(() => `the gradient of ${node}`, node.value)
  const gradient = chosen.derivative(found)
  return { value: scope.outside, gradient, auxiliary: scope.auxiliary }
}

/** `valueAndGrad(f)(...args)`: the value of f, with what it returned beside it, and its gradient. */
export const valueAndGrad =
  (f: Fn, options: DerivativeOptions = {}) =>
  (...args: unknown[]): [value: unknown, gradient: unknown] => {
    const { value, gradient, auxiliary } = gradientOf('valueAndGrad', f, options, args)
    return [options.auxiliary === true ? [value, auxiliary] : value, gradient]
  }

/** `grad(f)(...args)`: the gradient, with what f returned beside its value. */
export const grad =
  (f: Fn, options: DerivativeOptions = {}, transform = 'grad') =>
  (...args: unknown[]): unknown => {
    const { gradient, auxiliary } = gradientOf(transform, f, options, args)
    return options.auxiliary === true ? [gradient, auxiliary] : gradient
  }

const closeOver = 'close over it: (x) => f(x, 2) is a function of x.'

/** `vjp(f, ...args)`: the value of f, and the function that takes a cotangent of it to those of the arguments. */
export const vjp = (f: Fn, ...args: unknown[]): [value: unknown, pullback: (cotangent: unknown) => unknown[]] => {
  const [value, pullback] = vjpOf('vjp', f, args, false)
  return [value, pullback]
}

/** The same for a function that returns `[value, auxiliary]`. */
export const vjpWithAuxiliary = (f: Fn, ...args: unknown[]) => vjpOf('vjp.auxiliary', f, args, true)

const vjpOf = (
  transform: string,
  f: Fn,
  args: readonly unknown[],
  hasAuxiliary: boolean,
): [value: unknown, pullback: (cotangent: unknown) => unknown[], auxiliary: unknown] => {
  requireTensors(`${transform}: argument`, args, closeOver)
  const scope = inScope(transform, args, f, hasAuxiliary)
  const roots = leavesOf(scope.inside, `${transform}: the result`)
  requireSome(transform, roots)
  refuseCotangent(transform, f, args, scope)
  const pullback = (cotangent: unknown): unknown[] => {
    const seeds = seedsFor(transform, 'the result', roots, 'the cotangent', cotangent)
    const seeded = roots.flatMap(({ node }, i) => (seeds[i] === null ? [] : [[node, seeds[i]!] as const]))
    return derivativeOf(args, pull(seeded, scope.leaves)) as unknown[]
  }
  return [scope.outside, pullback, scope.auxiliary]
}

/** A further argument that is like the result, and that f makes nothing of: others take the cotangent with the arguments. */
const refuseCotangent = (transform: string, f: Fn, args: readonly unknown[], { inside, leaves }: Scope): void => {
  const last = args.at(-1)
  if (f.length === 0 || args.length !== f.length + 1) return
  if (!isTensor(last) || !isTensor(inside) || !sameShape(last.sizes, inside.sizes)) return
  const leaf = leaves.at(-1)!
  if (nodesBetween([inside], (node) => node === leaf).nodes.length > 0) return
  throw new GradientError(
    `${transform}: f takes ${f.length === 1 ? '1 argument' : `${f.length} arguments`}, and ${last} is one more, with no part ` +
      'in the result; the cotangent is for the pullback: const [y, pullback] = vjp(f, x), then pullback(v).',
  )
}

/** `jvp(f, args, tangents)`: the value of f, and its derivative along the tangents. */
export const jvp = (f: Fn, args: readonly unknown[], directions: readonly unknown[]): [unknown, unknown] => {
  const start = latestId()
  const points = requireTensors('jvp: args', args, closeOver)
  const seeds = alongArguments('jvp', args, points, directions).map((seed) => seed && aliasOf(seed))
  const { inside, outside, tangentOf } = inMotion('jvp', args, seeds, f)
  const roots = resultsOf('jvp', inside)
  return [outside, tangentsLike(inside, roots, roots.map(tangentOf), start)]
}

/** `linearize(f, ...args)`: the value of f, and the function that takes tangents of the arguments to that of the value. */
export const linearize = (f: Fn, ...args: unknown[]): [unknown, (...directions: unknown[]) => unknown] => {
  const points = requireTensors('linearize: args', args, closeOver)
  const { leaves, inside, outside } = inScope('linearize', args, f)
  const roots = resultsOf('linearize', inside)
  const map = linearMap(roots, leaves)
  const push = (...directions: unknown[]): unknown => {
    const start = latestId()
    return tangentsLike(inside, roots, map(alongArguments('linearize', args, points, directions)), start)
  }
  return [outside, push]
}

const alongArguments = (
  transform: string,
  args: readonly unknown[],
  points: readonly Leaf[],
  directions: readonly unknown[],
): readonly (Node | null)[] => {
  if (directions.length > args.length) {
    throw new GradientError(
      `${transform}: ${directions.length} tangents are given, but the arguments are ${args.length}; give one for each.`,
    )
  }
  return seedsFor(transform, 'args', points, 'tangents', directions)
}

const resultsOf = (transform: string, inside: unknown): readonly Node[] => {
  const roots = requireTensors(`${transform}: the result`, inside, 'return tensors only.')
  requireSome(transform, roots)
  if (isBatching) for (const { node } of roots) requireHere(node)
  return roots.map(({ node }) => node)
}

/** The tangents of a result, in its form. */
const tangentsLike = (
  result: unknown,
  roots: readonly Node[],
  found: readonly (Node | null)[],
  start: number,
): unknown =>
  derivativeOf(
    result,
    apart(
      found.map((tangent, i) => tangent ?? zerosLike(roots[i]!)),
      start,
    ),
  )

const requireSome = (transform: string, roots: readonly Leaf[]): void => {
  if (roots.length > 0) return
  throw new GradientError(`${transform}: the function returned no tensor; return one, or a tree of tensors.`)
}

/**
 * The tensors given for those of another tree, in their order: of the same form, shapes and dtypes; null for those that have
 * no derivative.
 */
export const seedsFor = (
  transform: string,
  target: string,
  like: readonly Leaf[],
  given: string,
  tree: unknown,
): readonly (Node | null)[] => {
  const refuseOther = (thing: unknown, place: Place) => {
    if (thing === null || thing === undefined) return
    const path = `${place}`
    const other = like.find((leaf) => leaf.path === path)
    if (other === undefined) return
    throw new GradientError(
      `${transform}: ${given}${path} is ${shown(thing)}, but ${target}${path} is ${other.node}; ${
        isFloat(other.node.dtype) ? 'wrap it with tensor(...)' : 'give null, since it has no derivative'
      }.`,
    )
  }
  const seeds = leavesOf(tree, `${transform}: ${given}`, { other: refuseOther })
  // by their paths: the keys of an object have no order that means something
  const byPath = new Map(seeds.map(({ node, path }) => [path, node]))
  const found = like.map(({ node: other, path }) => {
    const node = byPath.get(path)
    byPath.delete(path)
    if (!isFloat(other.dtype)) {
      if (node === undefined) return null
      throw new GradientError(
        `${transform}: ${given}${path} is ${node}, but ${target}${path} is ${other}, which has no derivative; give null.`,
      )
    }
    if (node === undefined) {
      throw new GradientError(
        `${transform}: ${target}${path} is ${other}, but there is no tensor ${given}${path}; give trees of the same form.`,
      )
    }
    if (!sameShape(node.sizes, other.sizes) || node.dtype !== other.dtype) {
      throw new GradientError(
        `${transform}: ${given}${path} is ${node}, but ${target}${path} is ${other}; shapes and dtypes must be equal.`,
      )
    }
    return node
  })
  for (const [path, node] of byPath) {
    throw new GradientError(
      `${transform}: ${given}${path} is ${node}, but there is no tensor ${target}${path}; give trees of the same form.`,
    )
  }
  return found
}

/** `hvp(f, x, v)`: the Hessian of f at x times v, by forward over reverse: about the cost of two gradients. */
export const hvp = (f: Fn, x: unknown, v: unknown): unknown => {
  requireFloats('hvp', x, 'x')
  seedsFor('hvp', 'x', leavesOf(x, 'hvp: x'), 'v', v)
  return jvp(grad(f, {}, 'hvp') as Fn, [x], [v])[1]
}
