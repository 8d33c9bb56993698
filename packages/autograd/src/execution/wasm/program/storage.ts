import { bytesPerElement } from '../../../graph/dtype.js'
import { sizeOf } from '../../../graph/shape.js'
import { isContiguous, isRepeated, type Spec } from '../../../graph/value.js'
import { inPieces, type Pausing } from '../../../program/pieces.js'
import type { Buffer, Plan, PlanOutput, PlanStep } from '../../plan/plan.js'

/** Where buffers lie in one memory, in bytes. */
export interface Storage {
  readonly addresses: ReadonlyMap<Buffer, number>
  /** Where the value of a tensor lies after the call, for each kept output. */
  readonly homes: readonly (number | null)[]
  /** What is moved when nothing can fail any more. */
  readonly commits: readonly { readonly from: number; readonly to: number; readonly bytes: number }[]
  readonly bytes: number
  /** Of these, what is used again and again within a call. */
  readonly arena: number
}

const alignment = 16

/** Kernels read and write whole vectors: up to 16 bytes after each buffer are free. */
export const room = (bytes: number): number => Math.ceil((bytes + alignment) / alignment) * alignment

export const bytesOf = ({ shape, dtype }: Spec): number => sizeOf(shape) * bytesPerElement(dtype)

/**
 * Inputs, constants and what tensors keep have places of their own; everything else shares an arena, where a buffer takes
 * the place of those that nobody will read again. A new value of a tensor goes to the place of the old one at once where
 * nobody reads that any more and no later step can fail; else it is moved there at the end.
 *
 * @param start the first free address
 * @param safeFrom from this step on nothing fails
 */
export function* store(plan: Plan, start: number, safeFrom: number): Pausing<Storage> {
  const addresses = new Map<Buffer, number>()
  let top = start
  const take = (bytes: number): number => {
    const address = top
    top += room(bytes)
    return address
  }
  yield* inPieces(plan.inputs, (buffer) => addresses.set(buffer, take(bytesOf(buffer))))
  for (const { buffer, data } of plan.constants) addresses.set(buffer, take(data.byteLength))

  const lives = yield* lifetimes(plan)
  const reads = yield* lastReads(plan)
  const commits: { from: Buffer; to: number; bytes: number }[] = []
  const homes: (number | null)[] = []
  const homeOf = ({ view, kept, replaces }: PlanOutput): number | null => {
    if (!kept) return null
    const { buffer } = view
    const { made } = lives.get(buffer)!
    const home = replaces === null ? take(bytesOf(buffer)) : addresses.get(replaces)!
    const inPlace = made >= safeFrom && (replaces === null || isFree(plan.steps[made]!, made, buffer, replaces, reads))
    if (inPlace) addresses.set(buffer, home)
    else commits.push({ from: buffer, to: home, bytes: bytesOf(buffer) })
    return home
  }
  yield* inPieces(plan.outputs, (output) => homes.push(homeOf(output)))

  const arenaStart = top
  const shared: Shared[] = []
  yield* inPieces([...lives], ([buffer, life]) => {
    if (!addresses.has(buffer)) shared.push({ buffer, ...life, size: room(bytesOf(buffer)) })
  })
  yield* inPieces(yield* arrange(shared), ({ buffer, start, end }) => {
    addresses.set(buffer, arenaStart + start)
    top = Math.max(top, arenaStart + end)
  })
  return {
    addresses,
    homes,
    commits: commits.map(({ from, to, bytes }) => ({ from: addresses.get(from)!, to, bytes })),
    bytes: top,
    arena: top - arenaStart,
  }
}

interface Life {
  /** The step that computes it. */
  readonly made: number
  /** The last one that reads it. */
  readonly last: number
}

interface Shared extends Life {
  readonly buffer: Buffer
  readonly size: number
}

/** From where to where in the arena it lies. */
interface Placed extends Life {
  readonly buffer: Buffer
  readonly start: number
  readonly end: number
}

function* lifetimes({ steps, outputs }: Plan): Pausing<ReadonlyMap<Buffer, Life>> {
  const lives = new Map<Buffer, Life>()
  const extend = (buffer: Buffer, last: number) => {
    const life = lives.get(buffer)
    if (life !== undefined) lives.set(buffer, { made: life.made, last })
  }
  yield* inPieces(steps, (step, i) => {
    for (const { buffer } of step.inputs) extend(buffer, i)
    for (const buffer of step.outs) lives.set(buffer, { made: i, last: i })
  })
  for (const { view } of outputs) extend(view.buffer, Number.POSITIVE_INFINITY)
  return lives
}

/** The last step that reads each buffer; for an output there is none after which nobody does. */
function* lastReads({ steps, outputs }: Plan): Pausing<ReadonlyMap<Buffer, number>> {
  const last = new Map<Buffer, number>()
  yield* inPieces(steps, ({ inputs }, i) => {
    for (const { buffer } of inputs) last.set(buffer, i)
  })
  for (const { view } of outputs) last.set(view.buffer, Number.POSITIVE_INFINITY)
  return last
}

/** Whether the place of an input can be written to by the step that makes its new value. */
const isFree = (
  step: PlanStep,
  made: number,
  out: Buffer,
  replaced: Buffer,
  reads: ReadonlyMap<Buffer, number>,
): boolean => {
  const last = reads.get(replaced) ?? -1
  return last < made || (last === made && runsInPlace(step, out, replaced))
}

/** An elementwise step over one dense row reads each vector before it writes it. */
const runsInPlace = (step: PlanStep, out: Buffer, replaced: Buffer): boolean =>
  step.kind === 'map' &&
  out.dtype === replaced.dtype &&
  step.inputs.every((view) =>
    view.buffer === replaced
      ? isContiguous(view) && view.offset === 0 && sizeOf(view.shape) === sizeOf(replaced.shape)
      : isContiguous(view) || isRepeated(view),
  )

/** Buffers that live at the same time do not overlap: the largest first, each as low as it fits. */
function* arrange(shared: readonly Shared[]): Pausing<readonly Placed[]> {
  // in the order of their starts
  const placed: Placed[] = []
  const largestFirst = shared.toSorted((a, b) => b.size - a.size)
  yield* inPieces(largestFirst, ({ buffer, made, last, size }) => {
    let start = 0
    for (const other of placed) {
      if (other.made > last || other.last < made) continue
      if (start + size <= other.start) break
      start = Math.max(start, other.end)
    }
    const at = placed.findIndex((other) => other.start > start)
    placed.splice(at < 0 ? placed.length : at, 0, { buffer, made, last, start, end: start + size })
  })
  return placed
}
