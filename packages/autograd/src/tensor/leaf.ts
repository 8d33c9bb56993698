import { ArgumentError, GradientError, ShapeError } from '../graph/errors.js'
import { isLost } from '../graph/looks.js'
import type { Node } from '../graph/node.js'
import { type Shape, sameShape } from '../graph/shape.js'

// What may become the value or the gradient of a tensor.

export const requireLeaf = (action: string, x: Node<unknown>): void => {
  if (x.op === null) return
  throw new GradientError(
    `${action}: ${x} is the result of '${x.op.name}', and only a leaf can be changed; use detach().`,
  )
}

export const requireLike = (action: string, x: Node<unknown>, other: Node<unknown>): void => {
  if (sameShape(other.sizes as Shape, x.sizes as Shape) && other.dtype === x.dtype) return
  throw new ShapeError(`${action}: ${other} given for a tensor that is ${x}; shape and dtype must be equal.`)
}

/** Parameters are no matter: a step makes of them what is assigned to them. */
export const requireConstant = (action: string, next: Node<unknown>): void => {
  if (!isLost(next)) return
  throw new ArgumentError(
    `${action}: ${next} is made of what grad, jvp or another transform is differentiating, and what is assigned has no ` +
      'derivative. If a constant is meant, assign next.detach(), or do it inside noGrad(); if not, return next.',
  )
}
