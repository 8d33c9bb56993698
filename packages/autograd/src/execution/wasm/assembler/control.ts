import { type Code, type Statement, typeByte, unsigned, type ValueType } from './code.js'
import type { Local } from './local.js'
import { i32 } from './scalar.js'

const empty = 0x40

export const when = (condition: Code<'i32'>, then: Statement, otherwise?: Statement): Statement =>
  otherwise === undefined ? [condition, 0x04, empty, then, 0x0b] : [condition, 0x04, empty, then, 0x05, otherwise, 0x0b]

/** One of two values; only that one is computed. */
export const choose = <T extends ValueType>(
  type: T,
  condition: Code<'i32'>,
  then: Code<T>,
  otherwise: Code<T>,
): Code<T> => [condition, 0x04, typeByte(type), then, 0x05, otherwise, 0x0b]

/** One of two values; both are computed. */
export const select = <T extends 'i32' | 'i64' | 'f32' | 'f64'>(
  condition: Code<'i32'>,
  then: Code<T>,
  otherwise: Code<T>,
): Code<T> => [then, otherwise, condition, 0x1b]

/** The body once, and again while the condition holds. V8 compiles it badly unless an `if` stands before it. */
const repeatWhile = (body: Statement, condition: Code<'i32'>): Statement => [
  0x03,
  empty,
  body,
  condition,
  0x0d,
  unsigned(0),
  0x0b,
]

/** The body while the condition, looked at before each round, holds. */
export const loopWhile = (condition: Code<'i32'>, body: Statement): Statement =>
  when(condition, repeatWhile(body, condition))

/** The body for i from `start` up to but without `end`, in steps. The body may read i. */
export const countUp = (
  i: Local<'i32'>,
  start: Code<'i32'>,
  end: Code<'i32'>,
  step: number,
  body: Statement,
): Statement => [i.set(start), loopWhile(i32.less(i.get, end), [body, increase(i, i32.const(step))])]

/** The body as long as `left` is above 0, each round taking `step` from it. */
export const countDown = (left: Local<'i32'>, step: number, body: Statement): Statement =>
  when(
    i32.greater(left.get, i32.const(0)),
    repeatWhile([body, left.set(i32.sub(left.get, i32.const(step)))], i32.greater(left.get, i32.const(0))),
  )

export const increase = (local: Local<'i32'>, by: Code<'i32'>): Statement => local.set(i32.add(local.get, by))

/** Leaves the function, which gives nothing. */
export const leave: Statement = [0x0f]

/** Leaves the function with what it gives. */
export const leaveWith = <T extends ValueType>(value: Code<T>): Statement => [value, 0x0f]

export const drop = <T extends ValueType>(value: Code<T>): Statement => [value, 0x1a]
