import type { Statement } from '../assembler/index.js'
import { type Loop, nest, type Pointer, type Walk } from '../loops/nest.js'
import type { Vector } from '../math/vector.js'
import type { Evaluation } from './evaluation.js'

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
): Walk => {
  const last = Math.max(0, loops.length - 1)
  const inner = loopsAround(v, evaluation, loops.slice(last), level + last, pointers, {
    code: [],
    moved: pointers.map(() => 0),
  })
  const body = { code: [inner.code, rest], moved: inner.moved }
  return loopsAround(v, evaluation, loops.slice(0, last), level, pointers, body)
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
