import type { NumberFunction } from '../../rules/algebra.js'
import { ruleOf } from '../recording/codes.js'
import { Bytes } from './bytes.js'
import { emitted } from './emit.js'
import { calleeOf, looksForNaN } from './functions.js'
import type { Layout } from './layout.js'
import { wordSize } from './layout.js'
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
]
const typeOfLooking = 4

/** A program as a module that exports `run`, and what it imports besides the memory. */
export const moduleOf = (
  plan: Plan,
  layout: Layout,
  isCareful: boolean,
): { bytes: Uint8Array<ArrayBuffer>; called: NumberFunction[] } => {
  const called: NumberFunction[] = []
  const typesOfCalled: number[] = []
  const indices = new Map<number | 'scale', number>()
  const bodies = emitted(plan, layout, isCareful, (what) => {
    let index = indices.get(what)
    if (index === undefined) {
      index = called.push(calleeOf(what)) - 1
      typesOfCalled.push(what === 'scale' ? 2 : ruleOf(what).arity)
      indices.set(what, index)
    }
    return index
  })
  const tellsNaN = plan.mayMultiply && !isCareful && plan.outputs.length > 0
  if (tellsNaN) typesOfCalled.push(typeOfLooking)
  const anyNaN = tellsNaN ? called.push(looksForNaN()) - 1 : null
  bodies.push(runBody(plan, called.length, bodies.length, anyNaN))

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
    for (let i = 0; i < bodies.length; i++) content.byte(0)
  })
  section(module, 7, 1, (content) => {
    content.text('run')
    content.byte(0x00)
    content.unsigned(called.length + bodies.length - 1)
  })
  section(module, 10, bodies.length, (content) => {
    for (const body of bodies) content.sized(body)
  })
  return { bytes: module.written(), called }
}

const section = (module: Bytes, id: number, count: number, write: (content: Bytes) => void): void => {
  const content = new Bytes()
  content.unsigned(count)
  write(content)
  module.byte(id)
  module.sized(content)
}

/** Calls one function after the other, until one gives what is not 0. */
const runBody = (plan: Plan, first: number, count: number, anyNaN: number | null): Bytes => {
  const body = new Bytes()
  const write = (...bytes: number[]): void => {
    for (const byte of bytes) body.byte(byte)
  }
  write(1, 1, int32)
  for (let i = 0; i < count; i++) {
    write(0x10)
    body.unsigned(first + i)
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
