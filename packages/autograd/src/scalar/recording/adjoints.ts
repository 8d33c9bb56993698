import { rules } from '../../rules/table.js'
import { codeOf, constantCode, inputCode, loopCode, none, resultCode } from './codes.js'
import { Copier } from './copy.js'
import { noted, partialAt } from './formula.js'
import { addLoop, begunOf } from './loop.js'
import { type Loop, type LoopInput, operandsOf, type Recording } from './recording.js'

const add = codeOf(rules.add)
const scale = codeOf(rules.scale)

/** Derivatives of what a recording has computed so far by its first inputs; they are recorded after it. */
export class Adjoints {
  private readonly varies: Uint8Array

  constructor(
    private readonly recording: Recording,
    private readonly inputs: number,
  ) {
    const { size, code, a, b, c } = recording
    const varies = new Uint8Array(size)
    for (let node = 0; node < size; node++) {
      if (code[node] === inputCode) varies[node] = Number(a[node]! < inputs)
      else if (code[node] === resultCode) varies[node] = varies[a[node]!]!
      else if (code[node] === loopCode) varies[node] = Number(someOf([...operandsOf(recording.loopOf(node))], varies))
      else if (code[node] !== constantCode) {
        varies[node] = varies[a[node]!]! | (varies[b[node]!] ?? 0) | (varies[c[node]!] ?? 0)
      }
    }
    this.varies = varies
  }

  /** The cotangents of the inputs, by reverse accumulation from those of some nodes. */
  of(roots: readonly number[], cotangents: readonly number[]): Int32Array {
    const { recording, varies } = this
    const adjoint = new Int32Array(varies.length).fill(none)
    const result = new Int32Array(this.inputs).fill(none)
    roots.forEach((root, i) => {
      increase(recording, adjoint, root, cotangents[i]!)
    })
    for (let node = varies.length - 1; node >= 0; node--) {
      const { code, a, b, c } = recording
      if (varies[node] === 0) continue
      if (code[node] === loopCode) this.passLoop(adjoint, node)
      const cotangent = adjoint[node]!
      if (cotangent === none || code[node] === resultCode) continue
      if (code[node] === inputCode) {
        increase(recording, result, a[node]!, cotangent)
        continue
      }
      const [first, second, third] = [a[node]!, b[node]!, c[node]!]
      this.pass(adjoint, cotangent, node, 0, first)
      if (second !== none) this.pass(adjoint, cotangent, node, 1, second)
      if (third !== none) this.pass(adjoint, cotangent, node, 2, third)
    }
    return result.map((node) => (node === none ? recording.constant(0) : node))
  }

  /** What a node's cotangent gives to one of its operands. */
  private pass(adjoint: Int32Array, cotangent: number, node: number, operand: number, to: number): void {
    if (this.varies[to] === 0) return
    const { recording } = this
    const partial = partialAt(recording, node, operand)
    increase(recording, adjoint, to, noted(recording, scale, cotangent, partial, none))
  }

  /**
   * The rounds of a loop from the last to the first: each computes what it did from what it began with, and passes the cotangents of
   * its results on to that. Those of carries are carried back, and those of invariants add up. Where there are no carries, only rounds
   * are computed that have cotangents.
   */
  private passLoop(adjoint: Int32Array, node: number): void {
    const { recording, varies } = this
    const loop = recording.loopOf(node)
    const given = this.givenTo(loop, recording.resultsOf(node), adjoint)
    if (given === null) return
    const rounds = loop.inputs.some(({ kind }) => kind === 'carry') ? null : given.rounds
    const picked = (nodes: ArrayLike<number>) =>
      rounds === null ? nodes : Int32Array.from(rounds, (round) => nodes[round]!)
    const body = loop.body.cloned()
    const derivatives = new Adjoints(body, loop.inputs.length)
    const inputs: LoopInput[] = loop.inputs.map((input, i) => {
      if (input.kind === 'column') return { ...input, nodes: picked(input.nodes) }
      if (input.kind !== 'carry') return input
      const begun = begunOf(loop.outputs, i)
      return {
        kind: 'column',
        nodes: Int32Array.from({ length: loop.count }, (_, at) => recording.resultOf(node, begun, at)),
      }
    })
    const added = (input: LoopInput): number => body.input(inputs.push(input) - 1, NaN)

    const roots: number[] = []
    const cotangents: number[] = []
    const begun = loop.inputs.map((_, i) => body.inputs[i]!)
    given.outputs.forEach((nodes, k) => {
      if (nodes === null) return
      roots.push(k < loop.outputs.length ? loop.outputs[k]! : begun[k - loop.outputs.length]!)
      cotangents.push(added({ kind: 'column', nodes: picked(nodes) }))
    })
    const carried = loop.inputs.map((input, i) => {
      if (input.kind !== 'carry') return none
      roots.push(input.next)
      // what comes next is not known yet
      cotangents.push(added({ kind: 'carry', initial: given.carries[i]!, next: none }))
      return inputs.length - 1
    })
    const passed = derivatives.of(roots, cotangents)
    const zero = recording.constant(0)
    const outputs: number[] = []
    const arrivals: ((resultOf: ResultOf) => void)[] = []
    loop.inputs.forEach((input, i) => {
      const back = passed[i]!
      if (input.kind === 'carry') {
        const at = carried[i]!
        inputs[at] = { kind: 'carry', initial: given.carries[i]!, next: back }
        arrivals.push((resultOf) => this.arrive(adjoint, input.initial, resultOf(at, none)))
      } else if (input.kind === 'column') {
        if (!someOf(input.nodes, varies)) return
        const k = outputs.push(back) - 1
        arrivals.push((resultOf) => {
          const nodes = picked(input.nodes)
          for (let at = 0; at < nodes.length; at++) this.arrive(adjoint, nodes[at]!, resultOf(k, at))
        })
      } else if (input.kind === 'invariant' && varies[input.node] === 1) {
        const sum = added({ kind: 'carry', initial: zero, next: none })
        const at = inputs.length - 1
        inputs[at] = { kind: 'carry', initial: zero, next: noted(body, add, sum, back, none) }
        arrivals.push((resultOf) => this.arrive(adjoint, input.node, resultOf(at, none)))
      }
    })
    const count = rounds === null ? loop.count : rounds.length
    const resultOf = placed(recording, { body, inputs, outputs, count, isReversed: !loop.isReversed })
    for (const arrive of arrivals) arrive(resultOf)
  }

  private arrive(adjoint: Int32Array, to: number, cotangent: number): void {
    if (this.varies[to] === 1) increase(this.recording, adjoint, to, cotangent)
  }

  /** The cotangents of what a loop gives: of each output that has any, in each round, and of carries in the end; null if none has. */
  private givenTo({ outputs, inputs, count }: Loop, results: readonly number[], adjoint: Int32Array) {
    const { recording } = this
    const zero = recording.constant(0)
    const ofOutputs = [...outputs, ...inputs].map((): Int32Array | null => null)
    const ofCarries = inputs.map(() => zero)
    const rounds = new Set<number>()
    let isAny = false
    for (const result of results) {
      const cotangent = adjoint[result] ?? none
      if (cotangent === none) continue
      isAny = true
      const [number, round] = [recording.b[result]!, recording.c[result]!]
      if (round === none) ofCarries[number] = cotangent
      else {
        ofOutputs[number] ??= new Int32Array(count).fill(zero)
        ofOutputs[number][round] = cotangent
        rounds.add(round)
      }
    }
    return isAny ? { outputs: ofOutputs, carries: ofCarries, rounds: [...rounds].sort((a, b) => a - b) } : null
  }
}

/** The node of what a loop gives. */
type ResultOf = (number: number, round: number) => number

/** A loop in a recording; what has one round is no loop there. */
const placed = (recording: Recording, loop: Loop): ResultOf => {
  if (loop.count > 1) {
    const node = addLoop(recording, loop)
    return (number, round) => recording.resultOf(node, number, round)
  }
  const { body, inputs, outputs } = loop
  const copier = new Copier(body, recording, (index) => {
    const input = inputs[index]!
    if (input.kind === 'unused') return none
    if (input.kind === 'column') return input.nodes[0]!
    return input.kind === 'carry' ? input.initial : input.node
  })
  return (number, round) => {
    const input = inputs[number]
    const node = round === none && input?.kind === 'carry' ? input.next : outputs[number]!
    return copier.nodesOf([node])[0]!
  }
}

const someOf = (nodes: ArrayLike<number>, varies: Uint8Array): boolean => {
  for (let i = 0; i < nodes.length; i++) if (varies[nodes[i]!] === 1) return true
  return false
}

const increase = (recording: Recording, adjoints: Int32Array, to: number, by: number): void => {
  if (recording.isConstant(by) && recording.value[by] === 0) return
  adjoints[to] = adjoints[to] === none ? by : noted(recording, add, adjoints[to]!, by, none)
}
