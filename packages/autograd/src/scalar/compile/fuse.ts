import { none } from '../recording/codes.js'
import { Copier } from '../recording/copy.js'
import { addLoop, begunOf, rootsOf } from '../recording/loop.js'
import { type Loop, type LoopInput, operandsOf, Recording } from '../recording/recording.js'
import { type LoopPlan, type Plan, planOf } from './plan.js'

/**
 * The plan with loops as one that may be: so the derivative of rounds that leave each other nothing is computed in the rounds, and
 * not in others that compute all again.
 */
export const fused = (plan: Plan): Plan => {
  let now = plan
  for (;;) {
    const pair = pairOf(now)
    if (pair === null) return now
    now = joined(now, ...pair)
  }
}

type Placed = readonly [node: number, plan: LoopPlan]

/** Two loops of which the later needs nothing that the earlier gives. */
const pairOf = ({ recording, loops }: Plan): readonly [first: Placed, second: Placed] | null => {
  const list = [...loops]
  for (const [i, first] of list.entries()) {
    for (const second of list.slice(i + 1)) {
      const [{ loop: one }, { loop: two }] = [first[1], second[1]]
      const isOneWay = one.isReversed === two.isReversed || !(carries(one) && carries(two))
      if (one.count !== two.count || !isOneWay) continue
      const operands = [...operandsOf(two)]
      if (operands.length === 0 || !recording.needed(operands).includes(first[0])) return [first, second]
    }
  }
  return null
}

const carries = ({ inputs }: Loop): boolean => inputs.some(({ kind }) => kind === 'carry')

const joined = ({ recording, inputs, outputs, guards }: Plan, first: Placed, second: Placed): Plan => {
  const into = new Recording(true)
  for (let i = 0; i < inputs; i++) into.input(i, recording.value[i]!)
  const copier = new Joiner(recording, into, first, second)
  const placed = copier.nodesOf([...outputs, ...guards.map(({ node }) => node)])
  guards.forEach(({ outcome }, i) => {
    into.guards.push({ node: placed[outputs.length + i]!, outcome })
  })
  return planOf(into, inputs, placed.slice(0, outputs.length))
}

/** Copies a recording with two of its loops as one. */
class Joiner extends Copier {
  private readonly outputs: number[] = []
  /** The number of each input of the second among those of both. */
  private readonly numbers: number[] = []

  constructor(
    from: Recording,
    into: Recording,
    private readonly first: Placed,
    private readonly second: Placed,
  ) {
    super(from, into, (index) => into.inputs[index]!)
  }

  protected override loop(node: number): number {
    if (node === this.second[0]) return this.placeOf(this.first[0])
    if (node !== this.first[0]) return super.loop(node)
    // the later one's are there first
    this.nodesOf([...operandsOf(this.second[1].loop)])
    const [one, two] = [this.moved(this.first[1].loop), this.moved(this.second[1].loop)]
    const body = one.body.cloned()
    const inputs: LoopInput[] = [...one.inputs]
    for (const input of two.inputs) {
      const known = input.kind === 'carry' ? -1 : one.inputs.findIndex((other) => isSame(input, other))
      this.numbers.push(known < 0 ? inputs.push(input) - 1 : known)
    }
    for (let i = one.inputs.length; i < inputs.length; i++) body.input(i, NaN)
    const copier = new Copier(two.body, body, (index) => body.inputs[this.numbers[index]!]!)
    const roots = rootsOf(two)
    const placed = new Map([...copier.nodesOf(roots)].map((place, i) => [roots[i]!, place]))
    for (const [i, input] of inputs.entries()) {
      if (i >= one.inputs.length && input.kind === 'carry') inputs[i] = { ...input, next: placed.get(input.next)! }
    }
    this.outputs.push(...one.outputs, ...two.outputs.map((output) => (output === none ? none : placed.get(output)!)))
    const isReversed = carries(one) ? one.isReversed : two.isReversed
    return addLoop(this.into, { body, inputs, outputs: this.outputs, count: one.count, isReversed })
  }

  protected override result(loop: number, node: number): number {
    const { a, b, c } = this.from
    const [number, round] = [b[node]!, c[node]!]
    const [isFirst, isSecond] = [a[node] === this.first[0], a[node] === this.second[0]]
    if (!(isFirst || isSecond)) return super.result(loop, node)
    const own = (isFirst ? this.first : this.second)[1].loop.outputs.length
    const inputOf = (input: number): number => (isFirst ? input : this.numbers[input]!)
    if (round === none) return this.into.resultOf(loop, inputOf(number), none)
    if (number >= own) return this.into.resultOf(loop, begunOf(this.outputs, inputOf(number - own)), round)
    return this.into.resultOf(loop, isFirst ? number : this.outputs.length - own + number, round)
  }
}

const isSame = (a: LoopInput, b: LoopInput): boolean => {
  if (a.kind === 'invariant') return b.kind === 'invariant' && a.node === b.node
  if (a.kind !== 'column' || b.kind !== 'column') return false
  for (let i = 0; i < a.nodes.length; i++) if (a.nodes[i] !== b.nodes[i]) return false
  return true
}
