import { rules } from '../../rules/table.js'
import { codeOf, constantCode, inputCode, none } from './codes.js'
import { noted, partialAt } from './formula.js'
import type { Recording } from './recording.js'

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
      const cotangent = adjoint[node]!
      if (cotangent === none || varies[node] === 0) continue
      const { code, a, b, c } = recording
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
}

const increase = (recording: Recording, adjoints: Int32Array, to: number, by: number): void => {
  if (recording.isConstant(by) && recording.value[by] === 0) return
  adjoints[to] = adjoints[to] === none ? by : noted(recording, add, adjoints[to]!, by, none)
}
