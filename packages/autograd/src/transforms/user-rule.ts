import { isFloat } from '../graph/dtype.js'
import { CompileError, GradientError } from '../graph/errors.js'
import { watched } from '../graph/looks.js'
import { link, type Node, type Op } from '../graph/node.js'
import { tracer } from '../graph/tracer.js'
import { activeTracking, withOwnBit, withTracking } from '../graph/tracking.js'
import { UnknownElementsError } from '../graph/unknown.js'
import { share, type Value } from '../graph/value.js'
import { nodesBetween } from './between.js'
import { type Fn, jvp, vjp } from './grad.js'

/** A function that a user wrote for a custom op: its forward, or one of its derivative rules. */
export interface UserRule {
  readonly op: string
  readonly run: (nodes: readonly Node[]) => readonly (Node | null)[]
  /** What to say where something is differentiated by elements that the rule looked at. */
  readonly refusal: string
}

/** A derivative of what a rule made of elements. */
export class LookedAtError extends GradientError {}

/**
 * What a user's rule gives. Where it looks at the elements of a tensor that a differentiation in progress is tracking,
 * its results have no derivative by that one: to ask for it is an error. In a compiled function, a rule that looks at
 * elements runs as it is at each call.
 */
export const applied = (rule: UserRule, nodes: readonly Node[]): readonly (Node | null)[] => {
  if (tracer === null) return run(rule, nodes)
  try {
    return run(rule, nodes)
  } catch (error) {
    if (!(error instanceof UnknownElementsError)) throw error
    return called(rule, nodes)
  }
}

const run = (rule: UserRule, nodes: readonly Node[]): readonly (Node | null)[] => {
  const { result, seen } = watched(activeTracking(), () => rule.run(nodes))
  return seen.length === 0 ? result : result.map((node) => node && madeOf(rule, node, seen))
}

/** The node as one that elements of others went into, by which it has no derivative; and nor have its derivatives. */
const madeOf = (rule: UserRule, node: Node, seen: readonly Node[]): Node => {
  const op: Op<null> = {
    name: rule.op,
    vjp: (cotangent, { inputs }, wants) =>
      inputs.map((_, i) => {
        if (!wants(i)) return null
        return i === 0 ? madeOf(rule, cotangent, seen) : refuse(rule)
      }),
    jvp: ([tangent, ...others]) =>
      others.every((other) => other === null) ? madeOf(rule, tangent!, seen) : refuse(rule),
  }
  return link(node.value, op, [node, ...seen], null)
}

const refuse = ({ refusal }: UserRule): never => {
  throw new LookedAtError(refusal)
}

/** The rule as a step of the program that is being traced, and its derivatives likewise: the same as they are eagerly. */
const called = (rule: UserRule, nodes: readonly Node[]): readonly (Node | null)[] => {
  const { outputs, outside } = traceCall(rule, nodes)
  return outputs.map((output, i) => {
    if (output === null) return null
    const inputs = [...output.uses.map((index) => nodes[index]!), ...outside]
    if (inputs.length === 0) return nodes[0]!.make(output.value)
    return link(output.value, callOf(rule, i, nodes, output.uses), inputs, null)
  })
}

/** What gives one result of a rule in a compiled function, made of some of the nodes and of what is outside. */
const callOf = (rule: UserRule, output: number, nodes: readonly Node[], uses: readonly number[]): Op<null> => {
  /** The result as a function of some of the nodes. */
  const by = (indices: readonly number[], given: readonly Node[]): Fn => {
    const f = (...varied: Node[]) =>
      run(
        rule,
        given.map((node, i) => varied[indices.indexOf(i)] ?? node),
      )[output]
    return f as Fn
  }
  const derivative = (of: UserRule['run'], given: readonly Node[]) => called({ ...rule, run: of }, given)
  return {
    name: rule.op,
    vjp: (cotangent, { inputs }, wants) => {
      const positions = [...inputs.keys()].filter((position) => wants(position))
      const moving = positions.map((position) => uses[position] ?? refuse(rule))
      const pull = ([g, ...given]: readonly Node[]) => vjp(by(moving, given), ...moving.map((i) => given[i]!))[1](g)
      const found = derivative(pull as UserRule['run'], [cotangent, ...nodes])
      return inputs.map((_, position) => found[positions.indexOf(position)] ?? null)
    },
    jvp: (tangents) => {
      const positions = [...tangents.keys()].filter((position) => tangents[position] !== null)
      const moving = positions.map((position) => uses[position] ?? refuse(rule))
      const push = (all: readonly Node[]) => {
        const given = all.slice(moving.length)
        const at = moving.map((i) => given[i]!)
        return [jvp(by(moving, given), at, all.slice(0, moving.length))[1] as Node]
      }
      return derivative(push, [...positions.map((position) => tangents[position]!), ...nodes])[0]!
    },
  }
}

interface CalledOutput {
  readonly value: Value
  /** Which of the nodes it is made of. */
  readonly uses: readonly number[]
}

/** The results as values of the trace, and the tracked tensors that the rule uses beside those that it is given. */
const traceCall = (rule: UserRule, nodes: readonly Node[]) => {
  const tracking = activeTracking()
  const isTracked = nodes.map((node) => (node.tracking & tracking) !== 0)
  const like = nodes[0]!.make(nodes[0]!.value)
  let uses: readonly (readonly number[])[] | null = null
  let outside: readonly Node[] = []
  const onValues = (values: readonly Value[]) => {
    const given = values.map((value) => like.make(value))
    if (uses !== null && !isTracked.includes(true)) return run(rule, given).map(valueOf)
    const found = withTracking(uses === null ? tracking : 0, () => runNotingUses(rule, given))
    if (uses === null) {
      uses = found.uses
      outside = found.results.filter((node): node is Node => node !== null && (node.tracking & tracking) !== 0)
    } else if (found.uses.some((used, i) => used.some((index) => isTracked[index] && !uses![i]!.includes(index)))) {
      throw new CompileError(
        `${rule.op}: its rule made its results of other inputs than when it was traced, so that their derivative is not ` +
          'known. In a compiled function, a rule that looks at elements may not choose by them what it uses; choose with where().',
      )
    }
    return found.results.map(valueOf)
  }
  const values = nodes.map(({ value }) => share(value))
  const found = tracer === null ? onValues(values) : tracer.call(values, onValues)
  const outputs = found.map((value, i): CalledOutput | null => value && { value, uses: uses![i]! })
  for (const output of outputs) {
    // it has to run for that to be found out, also where nobody needs its result
    const isUnused = (index: number) => isTracked[index] && !output!.uses.includes(index)
    if (output !== null && nodes.some((_, i) => isUnused(i))) tracer?.verify(output.value, () => undefined)
  }
  return { outputs, outside }
}

/** What the rule gives, and for each result which of the nodes it is made of, be it by ops or by looks. */
const runNotingUses = (rule: UserRule, given: readonly Node[]) =>
  withOwnBit(rule.op, (bit) => {
    for (const node of given) if (isFloat(node.dtype)) node.tracking = bit
    const places = new Map(given.map((node, i) => [node, i]))
    const results = run(rule, given)
    const uses = results.map((result) => {
      const { nodes } = nodesBetween(result === null ? [] : [result], (node) => places.has(node))
      return nodes.flatMap((node) => places.get(node) ?? []).sort((i, j) => i - j)
    })
    return { results, uses }
  })

/** Of a result, which the user may hold as well. */
const valueOf = (node: Node | null): Value | null => (node === null ? null : share(node.value))
