import type { NumberFunction } from '../../rules/algebra.js'
import { ruleOf } from '../recording/codes.js'
import { wordSize } from './arrange.js'
import { Bytes } from './bytes.js'
import { type Callees, Emitter } from './emit.js'
import { calleeOf, looksForNaN } from './functions.js'
import { bytesOf, type Known, type Layout, type LoopLayout } from './layout.js'
import type { Plan } from './plan.js'

const float64 = 0x7c
const int32 = 0x7f

/** Of a program's functions, of what it calls, by the number of operands, and of what looks at results. */
const types: readonly (readonly [parameters: readonly number[], result: number])[] = [
  [[], int32],
  [[float64], float64],
  [[float64, float64], float64],
  [[float64, float64, float64], float64],
  [[int32, int32], int32],
  [[int32], int32],
]
const typeOfLooking = 4
const typeOfRound = 5

/** A program as a module that exports `run`, and what it imports besides the memory. */
export const moduleOf = (
  plan: Plan,
  layout: Layout,
  isCareful: boolean,
): { bytes: Uint8Array<ArrayBuffer>; called: NumberFunction[] } => {
  const called: NumberFunction[] = []
  const typesOfCalled: number[] = []
  const indices = new Map<number | 'scale', number>()
  const callees: Callees = (what) => {
    let index = indices.get(what)
    if (index === undefined) {
      index = called.push(calleeOf(what)) - 1
      typesOfCalled.push(what === 'scale' ? 2 : ruleOf(what).arity)
      indices.set(what, index)
    }
    return index
  }
  const functions = functionsOf(layout, isCareful, callees)
  const tellsNaN = plan.mayMultiply && !isCareful && plan.outputs.length > 0
  if (tellsNaN) typesOfCalled.push(typeOfLooking)
  const anyNaN = tellsNaN ? called.push(looksForNaN()) - 1 : null
  const bodies = functions.map(({ body }) => (typeof body === 'function' ? body(called.length) : body))
  const inTurn = functions.flatMap(({ type }, i) => (type === 0 ? [called.length + i] : []))
  bodies.push(runBody(plan, inTurn, anyNaN))

  const module = new Bytes()
  for (const byte of [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]) module.byte(byte)
  section(module, 1, types.length, (content) => {
    for (const [parameters, result] of types) {
      content.byte(0x60)
      content.unsigned(parameters.length)
      for (const type of parameters) content.byte(type)
      content.byte(1)
      content.byte(result)
    }
  })
  section(module, 2, called.length + 1, (content) => {
    typesOfCalled.forEach((type, i) => {
      content.text('called')
      content.text(String(i))
      content.byte(0x00)
      content.unsigned(type)
    })
    content.text('memory')
    content.text('memory')
    for (const byte of [0x02, 0x00, 0x00]) content.byte(byte)
  })
  section(module, 3, bodies.length, (content) => {
    for (const { type } of functions) content.byte(type)
    content.byte(0)
  })
  section(module, 7, 1, (content) => {
    content.text('run')
    content.byte(0x00)
    content.unsigned(called.length + bodies.length - 1)
  })
  const { data } = layout
  if (data.length > 0) module.append(Uint8Array.of(12, 1, 1))
  section(module, 10, bodies.length, (content) => {
    for (const body of bodies) content.sized(body)
  })
  if (data.length > 0) {
    section(module, 11, 1, (content) => {
      content.byte(0x01)
      content.unsigned(bytesOf(data))
      for (const numbers of data) for (const number of numbers) content.float64(number)
    })
  }
  return { bytes: module.written(), called }
}

const section = (module: Bytes, id: number, count: number, write: (content: Bytes) => void): void => {
  const content = new Bytes()
  content.unsigned(count)
  write(content)
  module.byte(id)
  module.sized(content)
}

interface Written {
  /** 0 for what is called in turn, or that of rounds. */
  readonly type: number
  /** Given the number of functions before the program's own. */
  readonly body: Bytes | ((imported: number) => Bytes)
}

/** A program's functions, those of a loop's round before what calls them. */
const functionsOf = ({ code, loops, copies }: Layout, isCareful: boolean, callees: Callees): Written[] => {
  const functions: Written[] = []
  const emitter = new Emitter(code, isCareful, callees, false)
  const add = (body: Written['body'], type = 0): number => functions.push({ type, body }) - 1
  const { order, starts } = code
  for (let chunk = 0; chunk + 1 < starts.length; chunk++) {
    const [from, to] = [starts[chunk]!, starts[chunk + 1]!]
    const loop = loops.get(order[from]!)
    if (loop === undefined) {
      add(emitter.chunk(from, to))
      continue
    }
    if (loop.known.length > 0) add(knownBody(loop.known))
    for (const body of emitter.puts(loop.before)) add(body)
    const { round } = loop
    const inside = new Emitter(round, isCareful, callees, true)
    const first = functions.length
    for (let k = 0; k + 1 < round.starts.length; k++) {
      add(inside.chunk(round.starts[k]!, round.starts[k + 1]!), typeOfRound)
    }
    const count = functions.length - first
    add((imported) => roundsBody(loop, imported + first, count))
  }
  for (const body of emitter.puts(copies)) add(body)
  return functions
}

/** Puts known numbers into memory. */
const knownBody = (known: readonly Known[]): Bytes => {
  const body = new Bytes()
  body.byte(0)
  for (const { to, from, bytes } of known) {
    for (const value of [to, from, bytes]) {
      body.byte(0x41)
      body.signed(value)
    }
    body.append(Uint8Array.of(0xfc, 0x08, 0, 0))
  }
  body.append(Uint8Array.of(0x41, 0, 0x0b))
  return body
}

/** Calls the functions of a round in order, for each round. */
const roundsBody = ({ count, isReversed }: LoopLayout, first: number, functions: number): Bytes => {
  const body = new Bytes()
  const write = (...bytes: number[]): void => {
    for (const byte of bytes) body.byte(byte)
  }
  const constant = (value: number): void => {
    write(0x41)
    body.signed(value)
  }
  write(1, 1, int32)
  if (isReversed) {
    constant((count - 1) * wordSize)
    write(0x21, 0)
  }
  write(0x03, 0x40)
  for (let i = 0; i < functions; i++) {
    write(0x20, 0, 0x10)
    body.unsigned(first + i)
    write(0x1a)
  }
  // on until the last round has been
  write(0x20, 0)
  constant(isReversed ? 0 : (count - 1) * wordSize)
  write(0x47, 0x04, 0x40, 0x20, 0)
  constant(wordSize)
  write(isReversed ? 0x6b : 0x6a, 0x21, 0, 0x0c, 1, 0x0b, 0x0b)
  constant(0)
  write(0x0b)
  return body
}

/** Calls one function after the other, until one gives what is not 0. */
const runBody = (plan: Plan, inTurn: readonly number[], anyNaN: number | null): Bytes => {
  const body = new Bytes()
  const write = (...bytes: number[]): void => {
    for (const byte of bytes) body.byte(byte)
  }
  write(1, 1, int32)
  for (const index of inTurn) {
    write(0x10)
    body.unsigned(index)
    write(0x22, 0, 0x04, 0x40, 0x20, 0, 0x0f, 0x0b)
  }
  if (anyNaN === null) write(0x41, 0)
  else {
    // -1 if there is one
    const from = plan.inputs * wordSize
    write(0x41, 0, 0x41)
    body.signed(from)
    write(0x41)
    body.signed(from + plan.outputs.length * wordSize)
    write(0x10)
    body.unsigned(anyNaN)
    write(0x6b)
  }
  write(0x0b)
  return body
}
