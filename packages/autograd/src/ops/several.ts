import type { Kernel } from '../graph/kernel.js'
import type { Cotangents, Node, Op, Wants } from '../graph/node.js'
import { withTracking } from '../graph/tracking.js'
import { linkAll, type Results, runAll, Tuple } from '../graph/tuple.js'
import type { Spec, Value } from '../graph/value.js'
import { applying } from '../graph/watcher.js'
import { type Checks, type OpFunction, withFacts } from './facts.js'

interface Several<A, F> extends Checks {
  readonly run: Kernelled<A> | Program<A>
  /** The cotangents of the inputs, given those of the results; null stands for zero. The results are `node.parts`. */
  readonly vjp: (cotangents: readonly (Node | null)[], node: Results<A>, wants: Wants) => Cotangents
  /** The tangents of the results, given those of the inputs; null stands for zero. */
  readonly jvp: (tangents: readonly (Node | null)[], node: Results<A>) => readonly (Node | null)[]
  readonly call: (apply: (inputs: readonly Node[], attrs: A) => readonly Node[]) => F
}
interface Kernelled<A> {
  readonly shapes: (inputs: readonly Node[], attrs: A) => readonly Spec[]
  readonly kernel: (attrs: A) => Kernel
}
/** Made of other ops, as a `conditioned` op is. */
type Program<A> = (inputs: readonly Node[], attrs: A) => readonly Node[]

/** An op with several results, which has a kernel or is a program of other ops. */
export const several = <A, F extends (...args: never[]) => unknown>(
  name: string,
  { run, vjp, jvp, call, ...checks }: Several<A, F>,
): OpFunction<F> => {
  const op: Op<A> = {
    name,
    vjp: (cotangent, node, wants) => vjp((cotangent as Tuple).parts, node as Results<A>, wants),
    jvp: (tangents, node) => new Tuple([...jvp(tangents, node as Results<A>)]),
  }
  const valuesOf = (inputs: readonly Node[], attrs: A): readonly Value[] =>
    typeof run === 'function'
      ? withTracking(0, () => run(inputs, attrs)).map(({ value }) => value)
      : runAll(name, run.kernel(attrs), inputs, run.shapes(inputs, attrs))
  return withFacts(
    name,
    call((inputs, attrs) => applying(op, inputs, (given) => linkAll(valuesOf(given, attrs), op, given, attrs))),
    checks,
  )
}
