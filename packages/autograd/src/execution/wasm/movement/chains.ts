import type { Scatter } from '../../../graph/kernel.js'
import { sizeOf } from '../../../graph/shape.js'
import type { Spec } from '../../../graph/value.js'
import { after, i32, increase, loopWhile, memory, type Scope, type Statement, when } from '../assembler/index.js'
import type { CheckedFunction, Strided, Target } from '../loops/kernel.js'
import { denseInBytes, eachRound, inBytes, loopsOver, type Pointer } from '../loops/nest.js'
import { add } from './add.js'
import { move } from './move.js'
import { checkedIndex } from './pick.js'
import { addWide, narrow, widen } from './wide.js'

/**
 * The picks of each row as a chain in working memory: for each row the address of its first link, or 0; then the links,
 * each the address of the next and where in the source the pick lies; then the sums of one row.
 */
const linkBytes = 8

const areasOf = ({ axis }: Scatter, indices: Spec, out: Spec) => {
  const links = Math.ceil(out.shape[axis]! / 2) * 8
  const sums = links + sizeOf(indices.shape) * linkBytes
  return { links, sums, end: sums + sizeOf(out.shape.slice(axis + 1)) * 8 }
}

export const chainBytes = (kernel: Scatter, indices: Spec, out: Spec): number => areasOf(kernel, indices, out).end

/** Adds whole rows, one row of the result after another: in float64 where several go to one. */
export const defineChainedScatter = (
  { module }: Target,
  kernel: Scatter,
  [base, indices, source]: readonly Strided[],
  out: Spec,
  workspace: number,
): CheckedFunction => {
  const { axis } = kernel
  const rank = indices!.shape.length
  const dim = out.shape[axis]!
  const areas = areasOf(kernel, indices!, out)
  const own = denseInBytes(out.shape, 4)
  const steps = inBytes(source!.strides, 4)
  const loops = loopsOver(out.shape, [inBytes(base!.strides, 4), own])
  const picks = loopsOver(indices!.shape, [
    inBytes(indices!.strides, 4),
    steps.slice(axis, axis + rank),
    denseInBytes(indices!.shape, linkBytes),
  ])
  const outer = loopsOver(out.shape.slice(0, axis), [own.slice(0, axis), steps.slice(0, axis)])
  const row = out.shape.slice(axis + 1)
  const inSums = denseInBytes(row, 8)
  const pickedSteps = steps.slice(axis + rank)
  const picked = loopsOver(row, [pickedSteps, inSums])
  const single = loopsOver(row, [pickedSteps, own.slice(axis + 1)])
  const size = sizeOf(row)

  return module.addFunction(['i32', 'i32', 'i32', 'i32'], 'i32', (scope, from, index, added, to) => {
    const [at, first, link] = scope.locals('i32', 3)
    const chained = chain(scope, kernel, index, dim, workspace, first, link)
    const distance = scope.local('i32')
    const all = eachRound(scope, picks, [index, distance, link], [chained, i32.store(link.get, distance.get, 4)])
    const [target, sums] = scope.locals('i32', 2)
    const startSums = sums.set(i32.const(workspace + areas.sums))
    const startTarget = at.set(target.get)
    const place = scope.local('i32')
    const readPick = at.set(i32.add(added.get, i32.load(link.get, 4)))
    const addOne: Statement = [readPick, place.set(target.get), add(scope, single, 'float32', at, place)]
    const addSeveral: Statement = [
      [startTarget, startSums, widen(scope, [{ count: size, steps: [4, 8] }], at, sums)],
      loopWhile(link.get, [[readPick, startSums, addWide(scope, picked, at, sums)], link.set(i32.load(link.get))]),
      [startTarget, startSums, narrow(scope, [{ count: size, steps: [8, 4] }], sums, at)],
    ]
    const rows = eachRound(
      scope,
      [{ count: dim, steps: [own[axis]!, 4] }],
      [target, first],
      [link.set(i32.load(first.get)), when(link.get, when(i32.load(link.get), addSeveral, addOne))],
    )
    const blocks = eachRound(scope, outer, [to, added], [target.set(to.get), first.set(i32.const(workspace)), rows])
    return after(
      [
        [at.set(to.get), move(scope, loops, 4, from, at)],
        memory.fill(i32.const(workspace), i32.const(0), i32.const(dim * 4)),
        link.set(i32.const(workspace + areas.links)),
        distance.set(i32.const(0)),
        all,
        blocks,
      ],
      i32.const(0),
    )
  })
}

/** Puts a link before the others of the row that an index picks. */
const chain = (
  scope: Scope,
  { negatives }: Scatter,
  indices: Pointer,
  dim: number,
  workspace: number,
  first: Pointer,
  link: Pointer,
): Statement => {
  const index = scope.local('i32')
  return [
    checkedIndex(index, indices, dim, negatives),
    first.set(i32.mul(index.get, i32.const(4))),
    increase(first, i32.const(workspace)),
    i32.store(link.get, i32.load(first.get)),
    i32.store(first.get, link.get),
  ]
}
