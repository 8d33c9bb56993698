import { contiguousStrides, type Shape } from '../../../graph/shape.js'
import { collapse } from '../../walk.js'
import { countDown, i32, increase, type Local, type Scope, type Statement } from '../assembler/index.js'

/** A loop, with the distance in bytes that each pointer moves from one round to the next. */
export interface Loop {
  readonly count: number
  readonly steps: readonly number[]
}

/** Statements that leave the pointers this many bytes further. */
export interface Walk {
  readonly code: Statement
  readonly moved: readonly number[]
}

export type Pointer = Local<'i32'>

/** Strides in bytes. */
export const inBytes = (strides: readonly number[], bytes: number): number[] => strides.map((stride) => stride * bytes)
export const denseInBytes = (shape: Shape, bytes: number): number[] => inBytes(contiguousStrides(shape), bytes)

/** The fewest loops over a shape in row-major order, one list of strides in bytes for each pointer. */
export const loopsOver = (shape: Shape, strides: readonly (readonly number[])[]): Loop[] => {
  const { dims, strides: steps } = collapse(shape, strides)
  return dims.map((count, i) => ({ count, steps: steps.map((each) => each[i]!) }))
}

/** How often the innermost of these loops goes round. */
export const roundsOf = (loops: readonly Loop[]): number => loops.reduce((product, { count }) => product * count, 1)

/** A loop in whose rounds the pointers move as far as in `size` rounds of another. */
export const inSteps = ({ steps }: Loop, count: number, size: number): Loop => ({
  count,
  steps: steps.map((step) => step * size),
})

/** The body in each round of the loops, of which the last is the innermost. */
export const nest = (scope: Scope, loops: readonly Loop[], pointers: readonly Pointer[], body: Walk): Walk =>
  loops.some(({ count }) => count === 0)
    ? { code: [], moved: pointers.map(() => 0) }
    : loops.reduceRight((inner, loop) => around(scope, loop, pointers, inner), body)

/** The same for a body that leaves the pointers where they are. */
export const eachRound = (
  scope: Scope,
  loops: readonly Loop[],
  pointers: readonly Pointer[],
  code: Statement,
): Statement => nest(scope, loops, pointers, { code, moved: pointers.map(() => 0) }).code

const around = (scope: Scope, { count, steps }: Loop, pointers: readonly Pointer[], body: Walk): Walk => {
  if (count === 1) return body
  const left = scope.local('i32')
  const round = [body.code, advance(pointers, steps, body.moved)]
  return { code: [left.set(i32.const(count)), countDown(left, 1, round)], moved: steps.map((step) => step * count) }
}

/** The code in a loop of one round: V8 unrolls loops only where they are within others. */
export const withinLoop = (scope: Scope, code: Statement): Statement => {
  const left = scope.local('i32')
  return [left.set(i32.const(1)), countDown(left, 1, code)]
}

/**
 * A loop that does `size` rounds at a time and then the rest, of at least `least` rounds; `body` is the code for that
 * many rounds, which leaves the pointers where they are.
 */
export const inBlocks = (
  scope: Scope,
  loop: Loop,
  size: number,
  least: number,
  pointers: readonly Pointer[],
  body: (rounds: number) => Statement,
): Walk => {
  const still = pointers.map(() => 0)
  const blocks = Math.max(0, Math.floor((loop.count - least) / size))
  const rest = loop.count - blocks * size
  if (blocks === 0) return { code: body(rest), moved: still }
  const block = inSteps(loop, blocks, size)
  const whole = nest(scope, [block], pointers, { code: body(size), moved: still })
  if (rest === 0) return whole
  const moved = block.steps.map((step) => step * blocks)
  return { code: [whole.code, advance(pointers, moved, whole.moved), body(rest)], moved }
}

/** Moves pointers to a distance from where they were before they moved. */
export const advance = (pointers: readonly Pointer[], to: readonly number[], from: readonly number[]): Statement =>
  pointers.map((pointer, i) => shift(pointer, to[i]! - from[i]!))

export const shift = (pointer: Pointer, distance: number): Statement =>
  distance === 0 ? [] : increase(pointer, i32.const(distance))
