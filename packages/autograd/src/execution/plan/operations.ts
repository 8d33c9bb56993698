import type { Kernel } from '../../graph/kernel.js'
import { sizeOf } from '../../graph/shape.js'
import type { Spec } from '../../graph/value.js'
import type { Expression } from '../../rules/expression.js'
import { inOrder } from '../../rules/traverse.js'
import { kindOf } from './kinds.js'

/** How many functions expressions apply to an element, what they share once; one like exp counts as one. */
export const applications = (expressions: readonly Expression[]): number =>
  inOrder(expressions).filter(({ kind }) => kind === 'apply').length

/** Multiplications and additions of a product of matrices. */
export const productOperations = ([a, b]: readonly Spec[]): number => 2 * sizeOf(a!.shape) * b!.shape.at(-1)!

/** Operations on elements of a kernel that runs alone; of a loop none: those of its rounds are. */
export const operationsOf = (kernel: Kernel, inputs: readonly Spec[], outs: readonly Spec[]): number => {
  switch (kernel.kind) {
    case 'map':
      return sizeOf(outs[0]!.shape) * applications([kernel.expression])
    case 'reduce':
      return sizeOf(inputs[0]!.shape)
    case 'contract':
      return productOperations(inputs)
    default:
      return kindOf(kernel).operations?.(inputs) ?? 0
  }
}
