import type { StraightLine } from '../../../rules/straight-line.js'
import type { Statement } from '../assembler/index.js'
import { inSteps, type Loop, roundsOf, shift, type Walk } from '../loops/nest.js'
import type { Vector } from '../math/vector.js'
import { store, storeFirst } from './access.js'
import { type Accumulator, accumulatorOf, type FoldName, runOf } from './accumulator.js'
import type { FoldAxes } from './axes.js'
import { Evaluation } from './evaluation.js'
import { type Cell, type FoldPlan, planLine, planRows, stripWidth } from './fold.js'
import { emitLoops, loopsAround, type Pause } from './loops.js'
import { firstLanes } from './masks.js'
import { Operand } from './operand.js'
import { evaluating, type Stream } from './stream.js'

/** What is folded. The streams are the inputs that the program uses, the fold's result, then what is stored. */
export interface Folding {
  readonly by: FoldName
  /** Of sums; 1 for none. */
  readonly divisor: number
  readonly program: StraightLine
  readonly streams: readonly Stream[]
  /** By the program's numbers. */
  readonly inputs: ReadonlyMap<number, number>
  readonly axes: FoldAxes
  readonly weight: number
}

export const emitFold = (v: Vector, folding: Folding): Statement =>
  folding.axes.along === 'folded' ? emitLines(v, folding) : emitStrips(v, folding)

/** One result after the other. */
const emitLines = (v: Vector, folding: Folding): Statement => {
  const { kept, folded } = folding.axes
  const plan = planLine(folded, v.count, folding.weight)
  const evaluation = Evaluation.of(v, folding.program, kept.length + plan.loops.length)
  const line = emitPlan(v, folding, kept, plan, evaluation)
  return [evaluation.levels[0]!, loopsAround(v, evaluation, kept, 0, pointersOf(folding), line).code]
}

/** As many neighbouring results at once as a strip has columns; the last strip may be narrower. */
const emitStrips = (v: Vector, folding: Folding): Statement => {
  const { kept, folded } = folding.axes
  const [outer, columns] = [kept.slice(0, -1), kept.at(-1)!]
  const pointers = pointersOf(folding)
  const width = stripWidth(columns, v.count, folding.weight)
  const whole = Math.floor(columns.count / width)
  let evaluation = Evaluation.of(v, folding.program, outer.length)
  const strips = (count: number, columnsAtOnce: number): Walk => {
    if (count === 0) return { code: [], moved: pointers.map(() => 0) }
    const plan = planRows(folded, columns, columnsAtOnce, v.count, folding.weight)
    const loop = inSteps(columns, count, columnsAtOnce)
    evaluation = evaluation.from(kept.length, kept.length + plan.loops.length)
    const strip = emitPlan(v, folding, [...outer, loop], plan, evaluation)
    return loopsAround(v, evaluation, [loop], outer.length, pointers, strip)
  }
  const first = strips(whole, width)
  const toRest = pointers.map((pointer, i) => shift(pointer, whole * width * columns.steps[i]! - first.moved[i]!))
  const last = strips(columns.count % width === 0 ? 0 : 1, columns.count % width)
  const moved = last.moved.map((distance, i) => whole * width * columns.steps[i]! + distance)
  const row = { code: [first.code, toRest, last.code], moved }
  return [evaluation.levels[0]!, loopsAround(v, evaluation, outer, 0, pointers, row).code]
}

const pointersOf = ({ streams }: Folding) => streams.map(({ pointer }) => pointer)

/** The results that a plan folds, within the loops over all of them. */
const emitPlan = (v: Vector, folding: Folding, kept: readonly Loop[], plan: FoldPlan, evaluation: Evaluation): Walk => {
  const { by, divisor, inputs, axes } = folding
  const count = axes.folded.reduce((product, loop) => product * loop.count, 1)
  const depth = kept.length + plan.loops.length
  const after = evaluation.from(depth, depth)
  const rounds = roundsOf(plan.loops)
  const perRound = Math.ceil(plan.body.length / plan.results.length / plan.slots)
  const isLong = rounds * perRound > runOf(v, by)
  const totals = plan.results.map(() => accumulatorOf(v, by, plan.slots, isLong, { divisor, count }))
  const pause: Pause | null = isLong
    ? { every: Math.floor(runOf(v, by) / perRound), code: totals.map(({ flush }) => flush) }
    : null

  evaluation.levels[kept.length]!.push(totals.map(({ clear }) => clear))
  emitCells(v, folding, [...kept, ...plan.loops], plan.body, evaluation, totals)
  emitCells(v, folding, [...kept, ...plan.loops], plan.rest, after, totals)
  const { code, moved } = emitLoops(v, evaluation, plan.loops, kept.length, pointersOf(folding), after.innermost, pause)
  const results = totals.map((total, i) => {
    const { dtype, pointer } = folding.streams[inputs.size]!
    const offset = plan.results[i]![inputs.size]![0]!
    const statements: Statement[] = []
    const value = v.local()
    const operand = new Operand(v, statements, { value })
    return folding.axes.along === 'folded'
      ? [value.set(total.total), storing(statements, storeFirst(v, dtype, pointer.get, operand, offset, 1))]
      : [value.set(total.lanes), storing(statements, store(v, dtype, pointer.get, operand, offset))]
  })
  return { code: [code, results], moved }
}

/** `before` is filled while `store` is written. */
const storing = (before: Statement[], store: Statement): Statement => [before, store]

/** Computes and stores what the program gives at each cell, and folds it. */
const emitCells = (
  v: Vector,
  { streams, inputs, axes }: Folding,
  loops: readonly Loop[],
  cells: readonly Cell[],
  evaluation: Evaluation,
  totals: readonly Accumulator[],
): void => {
  const evaluate = evaluating(v, evaluation, loops, streams, inputs)
  for (const { place, result, slot } of cells) {
    const [folded, ...stored] = evaluate(place)
    const statements = evaluation.innermost
    const count = place[0]!.length
    stored.forEach((operand, i) => {
      const at = inputs.size + 1 + i
      const { dtype, pointer } = streams[at]!
      const offset = place[at]![0]!
      statements.push(
        count === v.count
          ? store(v, dtype, pointer.get, operand, offset)
          : storeFirst(v, dtype, pointer.get, operand, offset, count),
      )
    })
    const total = totals[result]!
    const isPart = axes.along === 'folded' && count < v.count
    const element = isPart ? firstLanes(v, folded!.value, count, total.identity) : { before: [], value: folded!.value }
    statements.push(element.before, total.add(slot, element.value))
  }
}
