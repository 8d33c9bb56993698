import { GradientError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { requireSize, type Shape, sizeOf } from '../graph/shape.js'
import { derivativeOf } from '../graph/tree.js'
import { type Blocks, forwardBlocks, reverseBlocks } from './basis.js'
import { choose, type DerivativeOptions } from './choose.js'
import { type Fn, grad, requireFloatResult } from './grad.js'
import { inScope, requireFloats, requireTensors } from './scope.js'
import { LookedAtError } from './user-rule.js'

/** By which arguments `jacobian` and `hessian` differentiate, and how. */
export interface JacobianOptions<I extends number | readonly number[] = number | readonly number[]>
  extends DerivativeOptions<I> {
  /**
   * 'reverse' goes back once with a cotangent for each element of the result, 'forward' on once with a tangent for each of
   * the argument. Unless it is said, 'reverse' where the result has fewer elements, or as many.
   */
  readonly mode?: 'reverse' | 'forward'
}

/**
 * `jacobian(f)(...args)`: for each tensor of the result and of the arguments chosen, shape [...result, ...argument].
 *
 * @param passBytes how much may go through at once, see `basis.ts`
 */
export const jacobian =
  (f: Fn, options: JacobianOptions = {}, transform = 'jacobian', passBytes?: number) =>
  (...args: unknown[]): unknown => {
    const { mode, argument, auxiliary = false } = options
    const chosen = choose(transform, args, argument)
    for (const { arg, what } of chosen.each) requireFloats(transform, arg, what)
    const scope = inScope(transform, chosen.args, chosen.of(f), auxiliary)
    const results = requireTensors(`${transform}: the result`, scope.inside, 'return tensors only.')
    const roots = results.map(({ node }) => node)
    if (roots.length === 0) {
      throw new GradientError(`${transform}: the function returned no tensor; return one or a tree of them.`)
    }
    for (const root of roots) requireFloatResult(transform, root)
    for (const root of roots) for (const leaf of scope.leaves) requireSize(transform, blockShape(root, leaf))
    const found = derivativeOf(
      scope.inside,
      blocksOf(roots, scope.leaves, mode, passBytes).map((row) => chosen.derivative(row)),
    )
    return auxiliary ? [found, scope.auxiliary] : found
  }

const blocksOf = (
  roots: readonly Node[],
  leaves: readonly Node[],
  mode: JacobianOptions['mode'],
  passBytes: number | undefined,
): Blocks => {
  if (mode === 'reverse') return reverseBlocks(roots, leaves, passBytes)
  if (mode === 'forward') return forwardBlocks(roots, leaves, passBytes)
  const [chosen, other] =
    elementsOf(roots) <= elementsOf(leaves) ? ([reverseBlocks, forwardBlocks] as const) : [forwardBlocks, reverseBlocks]
  try {
    return chosen(roots, leaves, passBytes)
  } catch (error) {
    // an op that is differentiable in one mode only
    if (error instanceof LookedAtError) return other(roots, leaves, passBytes)
    throw error
  }
}

const elementsOf = (nodes: readonly Node[]): number => nodes.reduce((sum, { sizes }) => sum + sizeOf(sizes), 0)

const blockShape = (root: Node, leaf: Node): Shape => [...root.sizes, ...leaf.sizes]

/** `hessian(f)(...args)`: the second derivatives, forward over reverse; a tree of trees like the arguments chosen. */
export const hessian = (f: Fn, options: DerivativeOptions = {}) =>
  jacobian(grad(f, options, 'hessian') as Fn, { ...options, mode: 'forward' }, 'hessian')
