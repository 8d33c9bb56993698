import { kind } from '../graph/kinds.js'
import { Node } from '../graph/node.js'

// What arguments may be, tensors included: the words in which functions declare what they take.

export * from '../graph/kinds.js'

const isTensor = (thing: unknown): boolean => thing instanceof Node

/** A tensor. */
export const tensor = kind('a tensor: tensor(...) makes one', isTensor)
/** A tensor whose lines along the last axis are in order, which nobody checks. */
export const ascending = kind('a tensor in ascending order: tensor(...) makes one', isTensor)
/** An array of tensors. */
export const tensors = kind('an array of tensors', (thing) => Array.isArray(thing) && thing.every(isTensor))
