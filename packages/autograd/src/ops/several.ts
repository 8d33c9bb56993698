import type { Cotangents, Node, Op, Wants } from '../graph/node.js'
import { withTracking } from '../graph/tracking.js'
import { linkAll, type Results, Tuple } from '../graph/tuple.js'
import { type Checks, type OpFunction, withFacts } from './facts.js'

interface Several<A, F> extends Checks {
  readonly compute: (inputs: readonly Node[], attrs: A) => readonly Node[]
  /** The cotangents of the inputs, given those of the results; null stands for zero. The results are `node.parts`. */
  readonly vjp: (cotangents: readonly (Node | null)[], node: Results<A>, wants: Wants) => Cotangents
  /** The tangents of the results, given those of the inputs; null stands for zero. */
  readonly jvp: (tangents: readonly (Node | null)[], node: Results<A>) => readonly (Node | null)[]
  readonly call: (apply: (inputs: readonly Node[], attrs: A) => readonly Node[]) => F
}

/** An op with several results: a program of other ops, as `conditioned`. */
export const several = <A, F extends (...args: never[]) => unknown>(
  name: string,
  form: Several<A, F>,
): OpFunction<F> => {
  const op: Op<A> = {
    name,
    vjp: (cotangent, node, wants) => form.vjp((cotangent as Tuple).parts, node as Results<A>, wants),
    jvp: (tangents, node) => new Tuple([...form.jvp(tangents, node as Results<A>)]),
  }
  const apply = (inputs: readonly Node[], attrs: A): readonly Node[] => {
    const results = withTracking(0, () => form.compute(inputs, attrs))
    return linkAll(
      results.map(({ value }) => value),
      op,
      inputs,
      attrs,
    )
  }
  return withFacts(name, form.call(apply), form)
}
