import { rules } from '../../rules/table.js'
import { codeOf, inputCode, lastCode, loopCode, none } from '../recording/codes.js'
import { type Guard, type Loop, operandsOf, operandsOfInput, type Recording } from '../recording/recording.js'

/** What is to be computed of a recording. */
export interface Plan {
  readonly recording: Recording
  readonly inputs: number
  /** The nodes of the results. */
  readonly outputs: Int32Array
  /** The nodes that results and guards need, in the order in which they are computed; without inputs, constants and what loops give. */
  readonly order: Int32Array
  /** What is to be computed of each loop, by its node, in order. */
  readonly loops: ReadonlyMap<number, LoopPlan>
  readonly guards: readonly Guard[]
  /**
   * Whether `scale` may be a product unless a result is NaN: what is only then different is 0 times what is not finite, and nothing
   * that is computed hides a NaN.
   */
  readonly mayMultiply: boolean
}

/** What is needed of a loop. */
export interface LoopPlan {
  /** With what is not needed left out of its inputs. */
  readonly loop: Loop
  /** The nodes that stand for what it gives. */
  readonly results: readonly number[]
  readonly order: Int32Array
}

const scale = codeOf(rules.scale)
const select = codeOf(rules.select)

/** Whether a NaN among the operands always gives a NaN. */
const passNaN = new Set(
  [
    ...[rules.add, rules.sub, rules.mul, rules.div, rules.scale, rules.neg, rules.abs, rules.sqrt, rules.exp],
    ...[rules.expm1, rules.log, rules.log1p, rules.sin, rules.cos, rules.tan, rules.tanh, rules.sinh, rules.cosh],
    ...[rules.maximum, rules.minimum, rules.asin, rules.acos, rules.atan, rules.erf, rules.erfc, rules.atan2],
  ].map(codeOf),
)

export const planOf = (recording: Recording, inputs: number, outputs: Int32Array): Plan => {
  const { code, guards } = recording
  const loops = new Map<number, LoopPlan>()
  const needed = recording.needed([...outputs, ...guards.map(({ node }) => node)], [], (node, isNeeded) => {
    const plan = loopPlanOf(recording, node, isNeeded)
    loops.set(node, plan)
    return operandsOf(plan.loop)
  })
  const order = needed.filter((node) => code[node]! > lastCode || code[node] === loopCode)
  const inOrder = new Map([...loops].reverse())
  const plan = { recording, inputs, outputs, order, loops: inOrder, guards }
  return { ...plan, mayMultiply: mayMultiply(plan) }
}

/** What of a loop is needed for those of its results that are: carries that others need are needed too. */
const loopPlanOf = (recording: Recording, node: number, isNeeded: Uint8Array): LoopPlan => {
  const loop = recording.loopOf(node)
  const { body, inputs, outputs } = loop
  const results = recording.resultsOf(node).filter((result) => isNeeded[result] === 1)
  const isUsed = inputs.map(() => false)
  const roots = new Set<number>()
  const use = (index: number): void => {
    if (isUsed[index]) return
    isUsed[index] = true
    const input = inputs[index]!
    if (input.kind === 'carry') roots.add(input.next)
  }
  for (const result of results) {
    const [number, round] = [recording.b[result]!, recording.c[result]!]
    if (round === none) use(number)
    else if (number < outputs.length) roots.add(outputs[number]!)
    else use(number - outputs.length)
  }
  for (;;) {
    const before = roots.size
    const order = body.needed([...roots])
    for (const each of order) if (body.code[each] === inputCode) use(body.a[each]!)
    if (roots.size > before) continue
    const left = {
      ...loop,
      inputs: inputs.map((input, i) => (isUsed[i] ? input : { kind: 'unused' as const })),
      outputs: outputs.map((output) => (roots.has(output) ? output : none)),
    }
    return { loop: left, results, order: order.filter((each) => body.code[each]! > lastCode) }
  }
}

const mayMultiply = ({ recording, order, loops, guards }: Omit<Plan, 'mayMultiply'>): boolean => {
  /** What may be NaN where by `scale` it is not. */
  const mayDiffer = new Uint8Array(recording.size)
  const isHiddenIn = (within: Recording, nodes: Int32Array, differs: Uint8Array): boolean => {
    const { a, b, c, code } = within
    for (const node of nodes) {
      if (code[node] === loopCode) {
        if (isHiddenInLoop(loops.get(node)!)) return true
        continue
      }
      const first = differs[a[node]!] === 1
      const others = (b[node] !== none && differs[b[node]!] === 1) || (c[node] !== none && differs[c[node]!] === 1)
      const isHidden = code[node] === select ? first : (first || others) && !passNaN.has(code[node]!)
      if (isHidden) return true
      if (first || others || code[node] === scale) differs[node] = 1
    }
    return false
  }
  const isHiddenInLoop = ({ loop, order: nodes, results }: LoopPlan): boolean => {
    const { body, inputs, outputs } = loop
    const differs = new Uint8Array(body.size)
    const mark = (input: number, when: boolean): boolean => {
      const node = body.inputs[input]!
      if (!when || differs[node] === 1) return false
      differs[node] = 1
      return true
    }
    inputs.forEach((input, i) => {
      mark(
        i,
        [...operandsOfInput(input)].some((node) => mayDiffer[node] === 1),
      )
    })
    for (let isNew = true; isNew; ) {
      if (isHiddenIn(body, nodes, differs)) return true
      isNew = false
      for (const [i, input] of inputs.entries()) {
        if (input.kind === 'carry' && mark(i, differs[input.next] === 1)) isNew = true
      }
    }
    for (const result of results) {
      const [number, round] = [recording.b[result]!, recording.c[result]!]
      const isOutput = round !== none && number < outputs.length
      const carry = round === none ? number : number - outputs.length
      mayDiffer[result] = differs[isOutput ? outputs[number]! : body.inputs[carry]!]!
    }
    return false
  }
  if (isHiddenIn(recording, order, mayDiffer)) return false
  return guards.every(({ node }) => mayDiffer[node] === 0)
}
