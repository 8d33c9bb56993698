import {
  type Code,
  float32Bytes,
  float64Bytes,
  type Instructions,
  int32Bytes,
  int64Bytes,
  range,
  type Statement,
  unsigned,
  type ValueType,
} from './code.js'

const simd = (opcode: number): Instructions => [0xfd, unsigned(opcode)]

const unary =
  <A extends ValueType = 'v128', R extends ValueType = 'v128'>(opcode: number) =>
  (x: Code<A>): Code<R> => [x, simd(opcode)]

const binary =
  (opcode: number) =>
  (a: Code<'v128'>, b: Code<'v128'>): Code<'v128'> => [a, b, simd(opcode)]

const ternary =
  (opcode: number) =>
  (a: Code<'v128'>, b: Code<'v128'>, c: Code<'v128'>): Code<'v128'> => [a, b, c, simd(opcode)]

const shift =
  (opcode: number) =>
  (x: Code<'v128'>, by: number): Code<'v128'> => [x, 0x41, by, simd(opcode)]

const load =
  (opcode: number) =>
  (address: Code<'i32'>, offset = 0): Code<'v128'> => [address, simd(opcode), 0, unsigned(offset)]

const loadLane =
  (opcode: number) =>
  (address: Code<'i32'>, into: Code<'v128'>, lane: number, offset = 0): Code<'v128'> => [
    address,
    into,
    simd(opcode),
    0,
    unsigned(offset),
    lane,
  ]

const storeLane =
  (opcode: number) =>
  (address: Code<'i32'>, from: Code<'v128'>, lane: number, offset = 0): Statement => [
    address,
    from,
    simd(opcode),
    0,
    unsigned(offset),
    lane,
  ]

const extract =
  <R extends ValueType>(opcode: number) =>
  (x: Code<'v128'>, lane: number): Code<R> => [x, simd(opcode), lane]

const replace =
  <A extends ValueType>(opcode: number) =>
  (x: Code<'v128'>, lane: number, value: Code<A>): Code<'v128'> => [x, value, simd(opcode), lane]

const constant = (bytes: readonly number[]): Code<'v128'> => [simd(12), bytes]

/** The lanes of a then those of b, numbered through, each `bytes` long. */
const shuffle = (a: Code<'v128'>, b: Code<'v128'>, lanes: readonly number[], bytes: number): Code<'v128'> => [
  a,
  b,
  simd(13),
  lanes.flatMap((lane) => range(bytes, (i) => lane * bytes + i)),
]

/** What does not look at lanes, or where only their size matters. */
export const v128 = {
  const: constant,
  load: load(0),
  load8Splat: load(7),
  load32Splat: load(9),
  load64Splat: load(10),
  store: (address: Code<'i32'>, value: Code<'v128'>, offset = 0): Statement => [
    address,
    value,
    simd(11),
    0,
    unsigned(offset),
  ],
  /** The lowest lane is read, the others are 0. */
  load32Zero: load(0x5c),
  load64Zero: load(0x5d),
  load8Lane: loadLane(0x54),
  load32Lane: loadLane(0x56),
  load64Lane: loadLane(0x57),
  store8Lane: storeLane(0x58),
  store16Lane: storeLane(0x59),
  store32Lane: storeLane(0x5a),
  store64Lane: storeLane(0x5b),
  not: unary(0x4d),
  and: binary(0x4e),
  /** Bits of a that are not in b. */
  andNot: binary(0x4f),
  or: binary(0x50),
  xor: binary(0x51),
  /** Bits of a where the mask has ones, else of b. */
  select: ternary(0x52),
  anyTrue: unary<'v128', 'i32'>(0x53),
  shuffle8: (a: Code<'v128'>, b: Code<'v128'>, lanes: readonly number[]) => shuffle(a, b, lanes, 1),
  shuffle32: (a: Code<'v128'>, b: Code<'v128'>, lanes: readonly number[]) => shuffle(a, b, lanes, 4),
  shuffle64: (a: Code<'v128'>, b: Code<'v128'>, lanes: readonly number[]) => shuffle(a, b, lanes, 8),
}

export const i8x16 = {
  narrowSigned: binary(0x65),
}

export const i16x8 = {
  narrowSigned: binary(0x85),
  extendLowUnsigned: unary(0x89),
}

export const i32x4 = {
  const: (value: number): Code<'v128'> => constant(new Array(4).fill(int32Bytes(value)).flat()),
  splat: unary<'i32'>(0x11),
  extractLane: extract<'i32'>(0x1b),
  /** The highest bit of each lane, the first lane's as the lowest. */
  bitmask: unary<'v128', 'i32'>(0xa4),
  equal: binary(0x37),
  notEqual: binary(0x38),
  add: binary(0xae),
  sub: binary(0xb1),
  mul: binary(0xb5),
  neg: unary(0xa1),
  shiftLeft: shift(0xab),
  shiftRight: shift(0xac),
  shiftRightUnsigned: shift(0xad),
  extendLowUnsigned: unary(0xa9),
  /** Two float64 lanes as the lower integers, without sign; the upper ones are 0. NaN gives 0. */
  fromUnsignedFloat64Zero: unary(0xfd),
}

export const i64x2 = {
  const: (value: bigint): Code<'v128'> => constant(new Array(2).fill(int64Bytes(value)).flat()),
  splat: unary<'i64'>(0x12),
  extendLowSigned: unary(0xc7),
  bitmask: unary<'v128', 'i32'>(0xc4),
  equal: binary(0xd6),
  add: binary(0xce),
  sub: binary(0xd1),
  shiftLeft: shift(0xcb),
  shiftRight: shift(0xcc),
  shiftRightUnsigned: shift(0xcd),
}

/** What both float lanes have. Comparisons give masks: all bits set, or none. */
const floats = <S extends 'f32' | 'f64'>(opcodes: {
  readonly splat: number
  readonly compare: number
  readonly round: readonly [ceil: number, floor: number, trunc: number, nearest: number]
  readonly abs: number
  readonly relaxed: number
}) => {
  const { splat, compare, round, abs, relaxed } = opcodes
  return {
    splat: unary<S>(splat),
    extractLane: extract<S>(splat === 0x13 ? 0x1f : 0x21),
    replaceLane: replace<S>(splat === 0x13 ? 0x20 : 0x22),
    equal: binary(compare),
    notEqual: binary(compare + 1),
    less: binary(compare + 2),
    greater: binary(compare + 3),
    lessEqual: binary(compare + 4),
    greaterEqual: binary(compare + 5),
    ceil: unary(round[0]),
    floor: unary(round[1]),
    trunc: unary(round[2]),
    nearest: unary(round[3]),
    abs: unary(abs),
    neg: unary(abs + 1),
    sqrt: unary(abs + 3),
    add: binary(abs + 4),
    sub: binary(abs + 5),
    mul: binary(abs + 6),
    div: binary(abs + 7),
    min: binary(abs + 8),
    max: binary(abs + 9),
    /** b < a ? b : a, so a where either is NaN. */
    pseudoMin: binary(abs + 10),
    /** a < b ? b : a, so a where either is NaN. */
    pseudoMax: binary(abs + 11),
    /** a * b + c, rounded once or twice as the machine likes. */
    relaxedMulAdd: ternary(relaxed),
    /** c - a * b, likewise. */
    relaxedNegMulAdd: ternary(relaxed + 1),
  }
}

export const f32x4 = {
  const: (value: number): Code<'v128'> => constant(new Array(4).fill(float32Bytes(value)).flat()),
  ...floats<'f32'>({ splat: 0x13, compare: 0x41, round: [0x67, 0x68, 0x69, 0x6a], abs: 0xe0, relaxed: 0x105 }),
  fromInt32: unary(0xfa),
  /** Two float64 lanes as the lower float32 lanes; the upper ones are 0. */
  demoteZero: unary(0x5e),
}

export const f64x2 = {
  const: (value: number): Code<'v128'> => constant(new Array(2).fill(float64Bytes(value)).flat()),
  ...floats<'f64'>({ splat: 0x14, compare: 0x47, round: [0x74, 0x75, 0x7a, 0x94], abs: 0xec, relaxed: 0x107 }),
  promoteLow: unary(0x5f),
  fromLowInt32: unary(0xfe),
}
