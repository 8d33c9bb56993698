import { countDown, i32, loopWhile, type Statement, select, when } from '../assembler/index.js'
import { advance, type Loop, nest, type Pointer, type Walk } from '../loops/nest.js'
import type { Vector } from '../math/vector.js'
import type { Evaluation } from './evaluation.js'

/** What is to be done before more than so many rounds of the innermost loop have passed. */
export interface Pause {
  readonly every: number
  readonly code: Statement
}

/**
 * Loops from a level of an evaluation on. Each round begins with what is computed once in it; after the innermost loop
 * comes `rest`.
 */
export const emitLoops = (
  v: Vector,
  evaluation: Evaluation,
  loops: readonly Loop[],
  level: number,
  pointers: readonly Pointer[],
  rest: Statement,
  pause: Pause | null = null,
): Walk => {
  const innermost = loops.at(-1)
  const still = pointers.map(() => 0)
  if (innermost === undefined) return { code: rest, moved: still }
  const round = { code: evaluation.levels[level + loops.length]!, moved: still }
  const inner =
    pause === null
      ? nest(v.scope, [innermost], pointers, round)
      : paused(v, innermost, pointers, round, pause, evaluation.levels[level]!)
  const body = { code: [inner.code, rest], moved: inner.moved }
  return loopsAround(v, evaluation, loops.slice(0, -1), level, pointers, body)
}

/** The pauses are outside of the innermost loop, which has few registers. */
const paused = (
  v: Vector,
  loop: Loop,
  pointers: readonly Pointer[],
  round: Walk,
  { every, code }: Pause,
  before: Statement[],
): Walk => {
  const { count, steps } = loop
  const left = v.scope.local('i32')
  if (count <= every) {
    const inner = nest(v.scope, [loop], pointers, round)
    const begin = left.set(i32.const(Math.floor(every / count)))
    before.push(begin)
    const take = [left.set(i32.sub(left.get, i32.const(1))), when(i32.isZero(left.get), [code, begin])]
    return { code: [inner.code, take], moved: inner.moved }
  }
  const block = v.scope.local('i32')
  const limit = i32.const(every)
  const blocks = loopWhile(i32.greater(left.get, i32.const(0)), [
    block.set(select(i32.less(left.get, limit), left.get, limit)),
    left.set(i32.sub(left.get, block.get)),
    countDown(block, 1, [round.code, advance(pointers, steps, round.moved)]),
    code,
  ])
  return { code: [left.set(i32.const(count)), blocks], moved: steps.map((step) => step * count) }
}

export const loopsAround = (
  v: Vector,
  evaluation: Evaluation,
  loops: readonly Loop[],
  level: number,
  pointers: readonly Pointer[],
  body: Walk,
): Walk =>
  loops.reduceRight((inner, loop, i) => {
    const code = [evaluation.levels[level + i + 1]!, inner.code]
    return nest(v.scope, [loop], pointers, { code, moved: inner.moved })
  }, body)
