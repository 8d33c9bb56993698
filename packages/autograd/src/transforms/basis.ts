import { bytesPerElement, type DType } from '../graph/dtype.js'
import { CompileError } from '../graph/errors.js'
import { EffectError, levelOf } from '../graph/level.js'
import type { Node } from '../graph/node.js'
import { sizeOf } from '../graph/shape.js'
import { denseValue } from '../graph/value.js'
import { reshape } from '../ops/broadcast.js'
import { cast } from '../ops/cast.js'
import { zerosLike } from '../ops/constant.js'
import { mapTo } from '../ops/elementwise.js'
import { expandDims, permute } from '../ops/layout.js'
import { concat } from '../ops/slice.js'
import { openLevel } from '../program/batching/scope.js'
import { nodesBetween } from './between.js'
import { linearMap } from './forward.js'
import { pull } from './grad.js'

// A derivative applied to all unit vectors of a space: as a mapped function, to many of them in one pass.

/** What the largest tensor of a pass may take for all its unit vectors: chunks are as long as that allows. */
const passBytes = 2 ** 24

/** For each root, for each leaf, its derivative: of shape [...root, ...leaf], and of the dtype of the leaf in either mode. */
export type Blocks = Node[][]

/** One pass back for each chunk of a root. */
export const reverseBlocks = (roots: readonly Node[], leaves: readonly Node[], bytes = passBytes): Blocks =>
  roots.map((root) => {
    const chunk = chunkOf([root], leaves, bytes)
    const rows = overUnits(root, chunk, leaves, (unit) => pull([[root, unit]], leaves))
    return leaves.map((leaf, j) => reshape(rows[j]!, [...root.sizes, ...leaf.sizes]))
  })

/** One pass on for each chunk of a leaf. */
export const forwardBlocks = (roots: readonly Node[], leaves: readonly Node[], bytes = passBytes): Blocks => {
  const columns = leaves.map((leaf) => {
    const push = linearMap(roots, [leaf])
    const chunk = chunkOf(roots, [leaf], bytes)
    return overUnits(leaf, chunk, roots, (unit) => push([unit]).map((found, i) => found ?? zerosLike(roots[i]!)))
  })
  return roots.map((root, i) =>
    leaves.map((leaf, j) => {
      const axes = root.sizes.map((_, axis) => axis + 1)
      const block = reshape(permute(columns[j]![i]!, [...axes, 0]), [...root.sizes, ...leaf.sizes])
      return cast(block, leaf.dtype)
    }),
  )
}

/** How many unit vectors go through at once. */
const chunkOf = (roots: readonly Node[], leaves: readonly Node[], bytes: number): number => {
  const wanted = new Set(leaves)
  const { nodes } = nodesBetween(roots, (node) => wanted.has(node))
  const largest = [...roots, ...nodes].reduce((most, node) => Math.max(most, bytesOf(node)), 1)
  return Math.max(1, Math.floor(bytes / largest))
}

/** For all examples of the levels that it is at. */
const bytesOf = ({ sizes, dtype, stored }: Node): number => {
  let bytes = sizeOf(sizes) * bytesPerElement(dtype)
  for (let level = stored && levelOf(stored); level !== null; level = level.parent) bytes *= level.size
  return bytes
}

/**
 * What a linear function gives for each unit vector of the space that a tensor lives in, along a first axis.
 *
 * @param outs like what it gives
 */
const overUnits = (
  like: Node,
  chunk: number,
  outs: readonly Node[],
  f: (unit: Node) => readonly Node[],
): readonly Node[] => {
  const size = sizeOf(like.sizes)
  if (size === 0) return outs.map((out) => zerosLike(out, { shape: [0, ...out.sizes], dtype: out.dtype }))
  const parts: (readonly Node[])[] = []
  for (let start = 0; start < size; start += chunk) parts.push(ofChunk(like, start, Math.min(chunk, size - start), f))
  return outs.map((_, i) => {
    const pieces = parts.map((part) => part[i]!)
    return pieces.length === 1 ? pieces[0]! : concat(pieces, 0)
  })
}

const ofChunk = (like: Node, start: number, count: number, f: (unit: Node) => readonly Node[]): readonly Node[] => {
  const units = unitsOf(like, start, count)
  const one = (unit: Node) => f(reshape(unit, like.sizes)).map((found) => expandDims(found, 0))
  if (count === 1) return one(units)
  const level = openLevel(count, like, 'different')
  try {
    return level.within(() => f(level.enter(units))).map((found) => level.leave(found))
  } catch (error) {
    // a user's rule may do what a mapped function cannot, such as to assign to a tensor that it keeps
    if (!(error instanceof EffectError || error instanceof CompileError)) throw error
    const rows = Array.from({ length: count }, (_, i) => one(unitsOf(like, start + i, 1)))
    return rows[0]!.map((_, j) =>
      concat(
        rows.map((row) => row[j]!),
        0,
      ),
    )
  }
}

/** So many unit vectors, along a first axis. They are computed, so that programs need not hold them. */
const unitsOf = (like: Node, start: number, count: number): Node => {
  const size = sizeOf(like.sizes)
  const places = like.make(
    denseValue(
      Int32Array.from({ length: count }, (_, i) => start + i),
      [count, 1],
      'int32',
    ),
  )
  const columns = like.make(
    denseValue(
      Int32Array.from({ length: size }, (_, i) => i),
      [1, size],
      'int32',
    ),
  )
  return reshape((like.dtype === 'float32' ? unit32 : unit64)(places, columns), [count, ...like.sizes])
}

const unitIn = (dtype: DType) => mapTo(dtype, 'unit', 2, (m, place, column) => m.select(m.equal(place!, column!), 1, 0))
const unit32 = /* @__PURE__ */ unitIn('float32')
const unit64 = /* @__PURE__ */ unitIn('float64')
