import { allocate } from '../graph/dtype.js'
import { GradientError } from '../graph/errors.js'
import type { Node } from '../graph/node.js'
import { requireSize, type Shape, sizeOf } from '../graph/shape.js'
import { derivativeOf } from '../graph/tree.js'
import { denseValue } from '../graph/value.js'
import { reshape } from '../ops/broadcast.js'
import { zerosLike } from '../ops/constant.js'
import { stack } from '../ops/layout.js'
import { choose, type DerivativeOptions } from './choose.js'
import { linearMap } from './forward.js'
import { type Fn, grad, pull, requireFloatResult } from './grad.js'
import { inScope, requireFloats, requireTensors } from './scope.js'

export interface JacobianOptions<I extends number | readonly number[] = number | readonly number[]>
  extends DerivativeOptions<I> {
  /** 'reverse' costs a pass for each element of the result, 'forward' one for each of the argument. Default 'reverse'. */
  readonly mode?: 'reverse' | 'forward'
}

/** `jacobian(f)(...args)`: for each tensor of the result and of the arguments chosen, shape [...result, ...argument]. */
export const jacobian =
  (f: Fn, options: JacobianOptions = {}, transform = 'jacobian') =>
  (...args: unknown[]): unknown => {
    const { mode = 'reverse', argument, auxiliary = false } = options
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
    const blocks = (mode === 'reverse' ? reverseBlocks : forwardBlocks)(roots, scope.leaves)
    const found = derivativeOf(
      scope.inside,
      blocks.map((row) => chosen.derivative(row)),
    )
    return auxiliary ? [found, scope.auxiliary] : found
  }

/** The derivative of every root by every leaf, row by row. */
const reverseBlocks = (roots: readonly Node[], leaves: readonly Node[]): Node[][] =>
  roots.map((root) => {
    const rows = eachUnit(root, (unit) => pull([[root, unit]], leaves))
    return leaves.map((leaf, j) =>
      join(
        rows.map((row) => row[j]!),
        0,
        root,
        leaf,
      ),
    )
  })

/** The same, column by column. */
const forwardBlocks = (roots: readonly Node[], leaves: readonly Node[]): Node[][] => {
  const push = linearMap(roots, leaves)
  const columns = leaves.map((leaf) =>
    eachUnit(leaf, (unit) =>
      push(leaves.map((other) => (other === leaf ? unit : null))).map((found, i) => found ?? zerosLike(roots[i]!)),
    ),
  )
  return roots.map((root, i) =>
    leaves.map((leaf, j) =>
      join(
        columns[j]!.map((column) => column[i]!),
        -1,
        root,
        leaf,
      ),
    ),
  )
}

/** What comes of each unit vector of the space that a tensor lives in. */
const eachUnit = <R>(like: Node, f: (unit: Node) => R): R[] =>
  Array.from({ length: sizeOf(like.sizes) }, (_, i) => {
    const data = allocate(like.dtype, sizeOf(like.sizes))
    data[i] = 1
    return f(like.make(denseValue(data, like.sizes, like.dtype)))
  })

const blockShape = (root: Node, leaf: Node): Shape => [...root.sizes, ...leaf.sizes]

const join = (parts: readonly Node[], axis: 0 | -1, root: Node, leaf: Node): Node => {
  const shape = blockShape(root, leaf)
  return parts.length === 0 ? zerosLike(leaf, { shape, dtype: leaf.dtype }) : reshape(stack(parts, axis), shape)
}

/** `hessian(f)(...args)`: the second derivatives, forward over reverse; a tree of trees like the arguments chosen. */
export const hessian = (f: Fn, options: DerivativeOptions = {}) =>
  jacobian(grad(f, options, 'hessian') as Fn, { ...options, mode: 'forward' }, 'hessian')
