import { constantCode, none } from '../recording/codes.js'
import { type Arrangement, chunkSize, type Store, wordSize } from './arrange.js'
import { Bytes } from './bytes.js'
import { operationOf } from './operations.js'

const local = { get: 0x20, set: 0x21, tee: 0x22 } as const
const load = 0x2b
const store = 0x39
const multiply = 0xa2
const float64 = 0x7c
const int32 = 0x7f
const end = 0x0b

/** Functions that a program calls, by the number of the rule, or by name what is none. */
export type Callees = (called: number | 'scale') => number

/** Writes functions for the nodes of an arrangement: each gives 0, or the number of a guard and 1. */
export class Emitter {
  private code = new Bytes()
  /** How often what is being written will still use a node. */
  private readonly left: Int32Array
  /** Where it is meanwhile. */
  private readonly localOf: Int32Array
  private free: number[] = []
  private locals = 0
  private guard = 0
  /** The distances from round to round, whose multiples for this round are locals behind the parameter, which is that of a word. */
  private readonly strides: readonly number[]
  private readonly firstLocal: number

  /** @param inRounds whether the functions are given the round, as the distance of its word from that of the first */
  constructor(
    private readonly arrangement: Arrangement,
    private readonly isCareful: boolean,
    private readonly callees: Callees,
    inRounds: boolean,
  ) {
    const { recording, stride, stores } = arrangement
    this.left = new Int32Array(recording.size)
    this.localOf = new Int32Array(recording.size).fill(none)
    this.strides = inRounds
      ? [...new Set([wordSize, ...stride, ...stores.map((each) => each.stride)])].filter((each) => each !== 0)
      : []
    this.firstLocal = this.strides.length
  }

  /** The function of the nodes from one place of the order to another, which are not a loop. */
  chunk(from: number, to: number): Bytes {
    const { recording, order, guards, guardAt, isInline, stores, commits } = this.arrangement
    const { a, b, c } = recording
    const isLast = to === order.length
    for (let at = from; at < to; at++) {
      const node = order[at]!
      this.count(a[node]!)
      this.count(b[node]!)
      this.count(c[node]!)
    }
    for (let i = this.guard; i < guards.length && guardAt[i]! < to; i++) this.count(guards[i]!.node)
    if (isLast) for (const { node } of [...stores, ...commits]) this.count(node)
    this.begin()
    for (let at = from; at < to; at++) {
      const node = order[at]!
      if (isInline[node] === 0) this.keep(node)
      while (this.guard < guards.length && guardAt[this.guard] === at) this.check()
    }
    if (isLast) {
      for (const each of stores) this.put(each)
      this.putAll(commits)
    }
    return this.finished()
  }

  /** Functions that put numbers into memory. */
  puts(stores: readonly Store[]): Bytes[] {
    const bodies: Bytes[] = []
    for (let from = 0; from < stores.length; from += chunkSize) {
      const some = stores.slice(from, from + chunkSize)
      for (const { node } of some) this.count(node)
      this.begin()
      for (const each of some) this.put(each)
      bodies.push(this.finished())
    }
    return bodies
  }

  private put({ node, to, stride }: Store): void {
    this.base(stride)
    this.value(node)
    this.access(store, to)
  }

  /** Where one of them is read that another overwrites, it is read first. */
  private putAll(stores: readonly Store[]): void {
    for (const { node, stride } of stores) {
      this.base(stride)
      this.value(node)
    }
    for (const { to } of stores.toReversed()) this.access(store, to)
  }

  private begin(): void {
    this.code = new Bytes()
    this.free = []
    this.locals = 0
    this.strides.forEach((stride, k) => {
      if (k === 0) return
      const { code } = this
      code.byte(local.get)
      code.unsigned(0)
      code.byte(0x41)
      code.signed(stride / wordSize)
      code.byte(0x6c)
      code.byte(local.set)
      code.unsigned(k)
    })
  }

  private finished(): Bytes {
    const body = new Bytes()
    const integers = Math.max(this.strides.length - 1, 0)
    body.byte(Number(integers > 0) + Number(this.locals > 0))
    if (integers > 0) {
      body.unsigned(integers)
      body.byte(int32)
    }
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
    const address = this.arrangement.address[node]!
    if (address !== none) this.base(0)
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
    const { node, outcome } = this.arrangement.guards[this.guard]!
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
    if (this.arrangement.recording.code[node] === constantCode) {
      code.byte(0x44)
      code.float64(this.arrangement.recording.value[node]!)
      return
    }
    if (this.arrangement.isInline[node] === 1) {
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
      this.base(this.arrangement.stride[node]!)
      this.access(load, this.arrangement.address[node]!)
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
    if (this.arrangement.isInline[node] === 1) {
      const operation = operationOf(this.arrangement.recording.code[node]!)
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
    const { a, b } = this.arrangement.recording
    const operand = (each: number): void => (kind === 'logic' ? this.truth(each) : this.value(each))
    operand(a[node]!)
    if (b[node] !== none) operand(b[node]!)
    this.code.byte(opcode)
  }

  private apply(node: number): void {
    const { code } = this
    const { recording } = this.arrangement
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
    return this.free.pop() ?? this.firstLocal + this.locals++
  }

  /** Leaves what is to be added to an address in this round. */
  private base(stride: number): void {
    this.code.byte(stride === 0 ? 0x41 : local.get)
    this.code.unsigned(stride === 0 ? 0 : this.strides.indexOf(stride))
  }

  private access(opcode: number, address: number): void {
    this.code.byte(opcode)
    this.code.byte(3)
    this.code.unsigned(address)
  }
}
