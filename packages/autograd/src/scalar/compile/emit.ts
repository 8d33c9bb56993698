import { constantCode, none } from '../recording/codes.js'
import { Bytes } from './bytes.js'
import type { Layout } from './layout.js'
import { operationOf } from './operations.js'
import type { Plan } from './plan.js'

const local = { get: 0x20, set: 0x21, tee: 0x22 } as const
const load = 0x2b
const store = 0x39
const multiply = 0xa2
const float64 = 0x7c
const end = 0x0b

/** Functions that a program calls, by the number of the rule, or by name what is none. */
export type Callees = (called: number | 'scale') => number

/** The bodies of a program's functions, in the order in which they are to be called: each gives 0, or the number of a guard and 1. */
export const emitted = (plan: Plan, layout: Layout, isCareful: boolean, callees: Callees): Bytes[] => {
  const emitter = new Emitter(plan, layout, isCareful, callees)
  const bodies: Bytes[] = []
  for (let chunk = 0; chunk < layout.chunks; chunk++) {
    bodies.push(emitter.chunk(layout.chunkStart(chunk), layout.chunkStart(chunk + 1)))
  }
  if (layout.copies.length > 0) bodies.push(emitter.copies())
  return bodies
}

class Emitter {
  private code = new Bytes()
  /** How often what is being written will still use a node. */
  private readonly left: Int32Array
  /** Where it is meanwhile. */
  private readonly localOf: Int32Array
  private free: number[] = []
  private locals = 0
  private guard = 0

  constructor(
    private readonly plan: Plan,
    private readonly layout: Layout,
    private readonly isCareful: boolean,
    private readonly callees: Callees,
  ) {
    this.left = new Int32Array(plan.recording.size)
    this.localOf = new Int32Array(plan.recording.size).fill(none)
  }

  /** The nodes from one place of the order to another. */
  chunk(from: number, to: number): Bytes {
    const { recording, order, guards } = this.plan
    const { guardAt, isInline } = this.layout
    for (let at = from; at < to; at++) {
      const node = order[at]!
      this.count(recording.a[node]!)
      this.count(recording.b[node]!)
      this.count(recording.c[node]!)
    }
    for (let i = this.guard; i < guards.length && guardAt[i]! < to; i++) this.count(guards[i]!.node)
    this.begin()
    for (let at = from; at < to; at++) {
      const node = order[at]!
      if (isInline[node] === 0) this.keep(node)
      while (this.guard < guards.length && guardAt[this.guard] === at) this.check()
    }
    return this.finished()
  }

  copies(): Bytes {
    this.begin()
    for (const { node, to } of this.layout.copies) {
      this.base()
      this.value(node)
      this.access(store, to)
    }
    return this.finished()
  }

  private begin(): void {
    this.code = new Bytes()
    this.free = []
    this.locals = 0
  }

  private finished(): Bytes {
    const body = new Bytes()
    body.byte(this.locals === 0 ? 0 : 1)
    if (this.locals > 0) {
      body.unsigned(this.locals)
      body.byte(float64)
    }
    body.append(this.code.written())
    body.byte(0x41)
    body.byte(0)
    body.byte(end)
    return body
  }

  private count(node: number): void {
    if (node !== none) this.left[node]!++
  }

  /** Computes a node, and puts it where those that use it will look. */
  private keep(node: number): void {
    const { code } = this
    const address = this.layout.address[node]!
    if (address !== none) this.base()
    this.apply(node)
    if (this.left[node]! > 0) {
      const place = this.take()
      this.localOf[node] = place
      code.byte(address === none ? local.set : local.tee)
      code.unsigned(place)
    }
    if (address !== none) this.access(store, address)
  }

  /** Leaves the program if a guard says otherwise than it did. */
  private check(): void {
    const { node, outcome } = this.plan.guards[this.guard]!
    const { code } = this
    this.truth(node)
    if (outcome) code.byte(0x45)
    code.byte(0x04)
    code.byte(0x40)
    code.byte(0x41)
    code.signed(++this.guard)
    code.byte(0x0f)
    code.byte(end)
  }

  /** Leaves a node's number on the stack. */
  private value(node: number): void {
    const { code } = this
    if (this.plan.recording.code[node] === constantCode) {
      code.byte(0x44)
      code.float64(this.plan.recording.value[node]!)
      return
    }
    if (this.layout.isInline[node] === 1) {
      this.left[node]!--
      this.apply(node)
      return
    }
    const uses = --this.left[node]!
    let place = this.localOf[node]!
    if (place !== none) {
      code.byte(local.get)
      code.unsigned(place)
    } else {
      this.base()
      this.access(load, this.layout.address[node]!)
      if (uses > 0) {
        place = this.take()
        this.localOf[node] = place
        code.byte(local.tee)
        code.unsigned(place)
      }
    }
    if (uses === 0 && place !== none) {
      this.free.push(place)
      this.localOf[node] = none
    }
  }

  /** Leaves whether a node is true on the stack: 1 or 0, as an integer. */
  private truth(node: number): void {
    const { code } = this
    if (this.layout.isInline[node] === 1) {
      const operation = operationOf(this.plan.recording.code[node]!)
      if (operation.kind === 'comparison' || operation.kind === 'logic') {
        this.left[node]!--
        this.judge(node, operation.opcode, operation.kind)
        return
      }
    }
    this.value(node)
    code.byte(0x44)
    code.float64(0)
    code.byte(0x62)
  }

  private judge(node: number, opcode: number, kind: 'comparison' | 'logic'): void {
    const { a, b } = this.plan.recording
    const operand = (each: number): void => (kind === 'logic' ? this.truth(each) : this.value(each))
    operand(a[node]!)
    if (b[node] !== none) operand(b[node]!)
    this.code.byte(opcode)
  }

  private apply(node: number): void {
    const { code } = this
    const { recording } = this.plan
    const [a, b, c] = [recording.a[node]!, recording.b[node]!, recording.c[node]!]
    const operation = operationOf(recording.code[node]!)
    switch (operation.kind) {
      case 'comparison':
      case 'logic':
        this.judge(node, operation.opcode, operation.kind)
        code.byte(0xb8)
        return
      case 'choice':
        this.value(b)
        this.value(c)
        this.truth(a)
        code.byte(0x1b)
        return
    }
    this.value(a)
    if (b !== none) this.value(b)
    if (c !== none) this.value(c)
    if (operation.kind === 'arithmetic') code.byte(operation.opcode)
    else if (operation.kind === 'scale' && !this.isCareful) code.byte(multiply)
    else {
      code.byte(0x10)
      code.unsigned(this.callees(operation.kind === 'scale' ? 'scale' : recording.code[node]!))
    }
  }

  private take(): number {
    return this.free.pop() ?? this.locals++
  }

  private base(): void {
    this.code.byte(0x41)
    this.code.byte(0)
  }

  private access(opcode: number, address: number): void {
    this.code.byte(opcode)
    this.code.byte(3)
    this.code.unsigned(address)
  }
}
