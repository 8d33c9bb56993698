import { GradientError } from '../graph/errors.js'
import { watched } from '../graph/looks.js'
import { link, type Node, type Op } from '../graph/node.js'
import { tracer } from '../graph/tracer.js'
import { activeTracking, withTracking } from '../graph/tracking.js'
import { UnknownElementsError } from '../graph/unknown.js'
import { share, type Value } from '../graph/value.js'
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
    compute: ([x]) => x!,
    vjp: (cotangent, _, index) => (index === 0 ? madeOf(rule, cotangent, seen) : refuse(rule)),
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
  const count = nodes.length
  const op = (output: number): Op<null> => {
    /** The output as a function of some of the nodes. */
    const by = (indices: readonly number[], given: readonly Node[]): Fn => {
      const f = (...varied: Node[]) =>
        run(
          rule,
          given.map((node, i) => varied[indices.indexOf(i)] ?? node),
        )[output]
      return f as Fn
    }
    const derivative = (of: (nodes: readonly Node[]) => unknown, given: readonly Node[]) =>
      called({ ...rule, run: (all) => [of(all) as Node] }, given)[0]!
    return {
      name: rule.op,
      compute: () => refuse(rule),
      vjp: (cotangent, _, index) => {
        if (index >= count) return refuse(rule)
        const pull = ([g, ...given]: readonly Node[]) => vjp(by([index], given), given[index]!)[1](g)[0]
        return derivative(pull, [cotangent, ...nodes])
      },
      jvp: (tangents) => {
        const moving = [...tangents.keys()].filter((i) => tangents[i] !== null)
        if (moving.some((i) => i >= count)) return refuse(rule)
        const push = (all: readonly Node[]) => {
          const given = all.slice(moving.length)
          const at = moving.map((i) => given[i]!)
          return jvp(by(moving, given), at, all.slice(0, moving.length))[1]
        }
        return derivative(push, [...moving.map((i) => tangents[i]!), ...nodes])
      },
    }
  }
  return outputs.map((value, i) => value && link(value, op(i), [...nodes, ...outside], null))
}

/** Of a result, which the user may hold as well. */
const valueOf = (node: Node | null): Value | null => (node === null ? null : share(node.value))

/** The results as values of the trace, and the tracked tensors that the rule uses beside those that it is given. */
const traceCall = (rule: UserRule, nodes: readonly Node[]) => {
  const tracking = activeTracking()
  const like = nodes[0]!.make(nodes[0]!.value)
  let outside: readonly Node[] | null = null
  const onValues = (values: readonly Value[]) => {
    const given = values.map((value) => like.make(value))
    if (outside !== null) return run(rule, given).map(valueOf)
    const results = withTracking(tracking, () => run(rule, given))
    outside = results.filter((node): node is Node => node !== null && (node.tracking & tracking) !== 0)
    return results.map(valueOf)
  }
  const values = nodes.map(({ value }) => share(value))
  const outputs = tracer === null ? onValues(values) : tracer.call(values, onValues)
  return { outputs, outside: outside ?? [] }
}
