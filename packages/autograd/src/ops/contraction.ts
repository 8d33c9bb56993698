import type { Node } from '../graph/node.js'
import { type Shape, sizeOf } from '../graph/shape.js'
import { reshape, sum } from './broadcast.js'
import { elementwise } from './elementwise.js'
import { common, union, without } from './labels.js'
import { permute } from './layout.js'
import { matmul } from './matmul.js'

// What a product of two tensors with named axes comes to: axes in another order, which are views, and one product of
// batches of matrices. It is planned once for shapes, and then run.

/** The axes of a tensor: a character for each, none twice, and its size. */
export interface Named {
  readonly labels: string
  readonly shape: Shape
}
export type Move = (x: Node) => Node
interface Product extends Named {
  readonly run: (a: Node, b: Node) => Node
}

const sizesOf = ({ labels, shape }: Named, some: string): number[] =>
  [...some].map((label) => shape[labels.indexOf(label)]!)
const elementsOf = (named: Named, some: string): number => sizeOf(sizesOf(named, some))

export const same: Move = (x) => x

/** The axes in another order. */
export const toOrder = ({ labels }: Named, order: string): Move => {
  if (labels === order) return same
  const axes = [...order].map((label) => labels.indexOf(label))
  return (x) => permute(x, axes)
}

/** The product of two, summed over what they have in common and `wanted` does not name. */
export const productOf = (a: Named, b: Named, wanted: string): Product => {
  const both = common(a.labels, b.labels)
  const batch = common(both, wanted)
  if (batch.length === both.length) return productOfElements(a, b, wanted)
  const [freeA, freeB] = [without(a.labels, both), without(b.labels, both)]
  const left = partedOf(a, freeA, elementsOf(b, freeB))
  const right = partedOf(b, freeB, elementsOf(a, freeA))
  // the larger operand is not to be copied: it says in which order is summed
  const depth = without(common(sizeOf(a.shape) < sizeOf(b.shape) ? b.labels : a.labels, both), batch)
  const k = elementsOf(a, depth)
  if (k < fewTerms && freeA === '' && freeB === '') return sumOfProducts(a, b, batch, depth)
  const [toA, toB] = [
    toOrder(a, batch + left.apart + left.joined + depth),
    toOrder(b, batch + right.apart + depth + right.joined),
  ]
  const ones = (labels: string): number[] => [...labels].map(() => 1)
  const shapeA = [...sizesOf(a, batch + left.apart), ...ones(right.apart), elementsOf(a, left.joined), k]
  const shapeB = [...sizesOf(b, batch), ...ones(left.apart), ...sizesOf(b, right.apart), k, elementsOf(b, right.joined)]
  const shape = [
    ...sizesOf(a, batch + left.apart),
    ...sizesOf(b, right.apart),
    ...sizesOf(a, left.joined),
    ...sizesOf(b, right.joined),
  ]
  return {
    labels: batch + left.apart + right.apart + left.joined + right.joined,
    shape,
    run: (x, y) => reshape(matmul(reshape(toA(x), shapeA), reshape(toB(y), shapeB)), shape),
  }
}

/** Axes that become one, the rows or columns of matrices, and those that stay, over which the other operand is repeated. */
interface Parted {
  readonly apart: string
  readonly joined: string
}

/**
 * Axes that do not lie side by side could be joined in a copy only: then only the longest piece is, unless it is so short that the
 * derivative by the other operand, a product for each of the others, would be much larger than the copy.
 */
const partedOf = (named: Named, free: string, others: number): Parted => {
  const pieces: string[] = []
  let before = -2
  for (const label of free) {
    const at = named.labels.indexOf(label)
    if (at === before + 1) pieces.push(pieces.pop() + label)
    else pieces.push(label)
    before = at
  }
  const sizes = pieces.map((piece) => elementsOf(named, piece))
  const most = Math.max(...sizes)
  if (pieces.length < 2 || 4 * most < others) return { apart: '', joined: free }
  const joined = pieces[sizes.indexOf(most)]!
  return { apart: without(free, joined), joined }
}

/** A product of matrices takes longer to begin than to sum so few terms. */
const fewTerms = 16

const sumOfProducts = (a: Named, b: Named, batch: string, depth: string): Product => {
  const [toA, toB] = [toOrder(a, batch + depth), toOrder(b, batch + depth)]
  const axes = [...depth].map((_, i) => batch.length + i)
  return { labels: batch, shape: sizesOf(a, batch), run: (x, y) => sum(elementwise.mul(toA(x), toB(y)), axes) }
}

/** Where nothing is summed over. */
const productOfElements = (a: Named, b: Named, wanted: string): Product => {
  const labels = common(wanted, union(a.labels, b.labels))
  const [toA, toB] = [aligned(a, labels), aligned(b, labels)]
  const shape = [...labels].map((label) => elementsOf(a.labels.includes(label) ? a : b, label))
  return { labels, shape, run: (x, y) => elementwise.mul(toA(x), toB(y)) }
}

/** With an axis of size 1 for each label that it has not. */
const aligned = (named: Named, labels: string): Move => {
  const own = common(labels, named.labels)
  const move = toOrder(named, own)
  if (own === labels) return move
  const shape = [...labels].map((label) => (own.includes(label) ? elementsOf(named, label) : 1))
  return (x) => reshape(move(x), shape)
}
