import {
  type Code,
  float32Bytes,
  float64Bytes,
  type Instructions,
  type Statement,
  signed,
  unsigned,
  type ValueType,
} from './code.js'

const unary =
  <A extends ValueType, R extends ValueType>(...opcode: number[]) =>
  (x: Code<A>): Code<R> => [x, opcode]

const binary =
  <A extends ValueType, R extends ValueType>(...opcode: number[]) =>
  (a: Code<A>, b: Code<A>): Code<R> => [a, b, opcode]

/** `address + offset` is read. No alignment is asked for. */
const load =
  <R extends ValueType>(...opcode: number[]) =>
  (address: Code<'i32'>, offset = 0): Code<R> => [address, opcode, 0, unsigned(offset)]

const store =
  <A extends ValueType>(...opcode: number[]) =>
  (address: Code<'i32'>, value: Code<A>, offset = 0): Statement => [address, value, opcode, 0, unsigned(offset)]

const constant =
  <R extends ValueType, V>(opcode: number, bytes: (value: V) => Instructions) =>
  (value: V): Code<R> => [opcode, bytes(value)]

export const i32 = {
  const: constant<'i32', number>(0x41, (value) => signed(value | 0)),
  load: load<'i32'>(0x28),
  load8Unsigned: load<'i32'>(0x2d),
  load16Unsigned: load<'i32'>(0x2f),
  store: store<'i32'>(0x36),
  store8: store<'i32'>(0x3a),
  store16: store<'i32'>(0x3b),
  isZero: unary<'i32', 'i32'>(0x45),
  countTrailingZeros: unary<'i32', 'i32'>(0x68),
  equal: binary<'i32', 'i32'>(0x46),
  notEqual: binary<'i32', 'i32'>(0x47),
  less: binary<'i32', 'i32'>(0x48),
  greater: binary<'i32', 'i32'>(0x4a),
  lessEqual: binary<'i32', 'i32'>(0x4c),
  greaterEqual: binary<'i32', 'i32'>(0x4e),
  greaterEqualUnsigned: binary<'i32', 'i32'>(0x4f),
  add: binary<'i32', 'i32'>(0x6a),
  sub: binary<'i32', 'i32'>(0x6b),
  mul: binary<'i32', 'i32'>(0x6c),
  divideUnsigned: binary<'i32', 'i32'>(0x6e),
  and: binary<'i32', 'i32'>(0x71),
  or: binary<'i32', 'i32'>(0x72),
  shiftLeft: binary<'i32', 'i32'>(0x74),
  shiftRight: binary<'i32', 'i32'>(0x75),
  shiftRightUnsigned: binary<'i32', 'i32'>(0x76),
}

export const i64 = {
  const: constant<'i64', bigint>(0x42, signed),
  add: binary<'i64', 'i64'>(0x7c),
  /** The integer part; the number must be in range. */
  truncate: unary<'f64', 'i64'>(0xb0),
}

export const f32 = {
  const: constant<'f32', number>(0x43, float32Bytes),
  load: load<'f32'>(0x2a),
  store: store<'f32'>(0x38),
  add: binary<'f32', 'f32'>(0x92),
  mul: binary<'f32', 'f32'>(0x94),
  max: binary<'f32', 'f32'>(0x97),
  min: binary<'f32', 'f32'>(0x96),
  demote: unary<'f64', 'f32'>(0xb6),
}

export const f64 = {
  const: constant<'f64', number>(0x44, float64Bytes),
  load: load<'f64'>(0x2b),
  store: store<'f64'>(0x39),
  notEqual: binary<'f64', 'i32'>(0x62),
  less: binary<'f64', 'i32'>(0x63),
  greaterEqual: binary<'f64', 'i32'>(0x66),
  abs: unary<'f64', 'f64'>(0x99),
  neg: unary<'f64', 'f64'>(0x9a),
  sqrt: unary<'f64', 'f64'>(0x9f),
  add: binary<'f64', 'f64'>(0xa0),
  sub: binary<'f64', 'f64'>(0xa1),
  mul: binary<'f64', 'f64'>(0xa2),
  div: binary<'f64', 'f64'>(0xa3),
  min: binary<'f64', 'f64'>(0xa4),
  max: binary<'f64', 'f64'>(0xa5),
  promote: unary<'f32', 'f64'>(0xbb),
}
