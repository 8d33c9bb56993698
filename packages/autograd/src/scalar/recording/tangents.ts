import { rules } from '../../rules/table.js'
import { codeOf, constantCode, inputCode, loopCode, none, resultCode } from './codes.js'
import { noted, partialAt } from './formula.js'
import { addLoop, begunOf, rootsOf } from './loop.js'
import type { LoopInput, Recording } from './recording.js'

const add = codeOf(rules.add)
const scale = codeOf(rules.scale)

/** Derivatives of nodes along tangents of the inputs, which are nodes too; `none` where there is none. */
export class Tangents {
  private readonly tangent: Int32Array
  /** For each loop the one that computes the tangents of what it gives. */
  private readonly loops = new Map<number, (number: number, round: number) => number>()

  /** @param along the tangents of inputs, by their numbers */
  constructor(
    private readonly recording: Recording,
    private readonly along: readonly number[],
  ) {
    this.tangent = new Int32Array(recording.size).fill(none)
  }

  /** @param roots of what was recorded before */
  of(roots: readonly number[]): number[] {
    const { recording, tangent } = this
    for (const node of recording.needed(roots)) {
      const code = recording.code[node]
      if (code === inputCode) tangent[node] = this.along[recording.a[node]!] ?? none
      else if (code === loopCode) this.loops.set(node, this.moved(node))
      else if (code === resultCode) {
        tangent[node] = this.loops.get(recording.a[node]!)!(recording.b[node]!, recording.c[node]!)
      } else if (code !== constantCode) tangent[node] = this.combined(node)
    }
    return roots.map((root) => tangent[root]!)
  }

  /** The sum of what the operands' tangents give. */
  private combined(node: number): number {
    const { recording, tangent } = this
    const { a, b, c } = recording
    let sum = none
    for (const [i, operand] of [a[node]!, b[node]!, c[node]!].entries()) {
      const along = operand === none ? none : tangent[operand]!
      if (along === none) continue
      const part = noted(recording, scale, along, partialAt(recording, node, i), none)
      if (recording.isConstant(part) && recording.value[part] === 0) continue
      sum = sum === none ? part : noted(recording, add, sum, part, none)
    }
    return sum
  }

  /** A loop with the tangents of all that it goes by besides. */
  private moved(node: number): (number: number, round: number) => number {
    const { recording, tangent } = this
    const { count, isReversed, ...loop } = recording.loopOf(node)
    const zero = recording.constant(0)
    const orZero = (along: number): number => (along === none ? zero : along)
    const body = loop.body.cloned()
    const inputs: LoopInput[] = [...loop.inputs]
    // the number of each input's tangent among the inputs
    const places = loop.inputs.map((input) => {
      const moving = movingOf(input, (each) => tangent[each]!, orZero)
      return moving === null ? none : inputs.push(moving) - 1
    })
    const along = new Tangents(
      body,
      places.map((place) => (place === none ? none : body.input(place, NaN))),
    )
    const inBody = body.constant(0)
    const roots = rootsOf(loop)
    const found = new Map(along.of(roots).map((tangent, i) => [roots[i]!, tangent === none ? inBody : tangent]))
    const outputs = loop.outputs.map((output) => found.get(output)!)
    loop.inputs.forEach((input, i) => {
      const place = places[i]!
      const moving = inputs[place]
      if (input.kind === 'carry' && moving?.kind === 'carry')
        inputs[place] = { ...moving, next: found.get(input.next)! }
    })
    const moved = addLoop(recording, { body, inputs, outputs, count, isReversed })
    return (number, round) => {
      if (round === none) return recording.resultOf(moved, places[number]!, none)
      if (number < outputs.length) return recording.resultOf(moved, number, round)
      return recording.resultOf(moved, begunOf(outputs, places[number - outputs.length]!), round)
    }
  }
}

/** The tangent of what stands for an input; null if it has none in any round. Carries always may. */
const movingOf = (
  input: LoopInput,
  tangentOf: (node: number) => number,
  orZero: (tangent: number) => number,
): LoopInput | null => {
  switch (input.kind) {
    case 'carry':
      return { kind: 'carry', initial: orZero(tangentOf(input.initial)), next: none }
    case 'column': {
      const nodes = Int32Array.from(input.nodes, tangentOf)
      return nodes.every((node) => node === none) ? null : { kind: 'column', nodes: nodes.map(orZero) }
    }
    case 'invariant':
      return tangentOf(input.node) === none ? null : { kind: 'invariant', node: tangentOf(input.node) }
    case 'unused':
      return null
  }
}
