import { type Node, type Op, record } from '../graph/node.js'
import { type Callable, type Kernelled, publish } from './define.js'
import { elementwise } from './elementwise.js'
import type { OpFunction } from './facts.js'

interface Bilinear<A, F> extends Kernelled<A>, Callable<A, F> {
  /** The cotangents of both inputs. */
  readonly adjoints: readonly [Adjoint<A>, Adjoint<A>]
}
type Adjoint<A> = (cotangent: Node, a: Node, b: Node, attrs: A) => Node

export const bilinear = <A, F extends (...args: never[]) => unknown>(
  name: string,
  form: Bilinear<A, F>,
): OpFunction<F> => {
  const op: Op<A> = {
    name,
    infer: form.shape,
    kernel: form.kernel,
    vjp: (cotangent, { inputs, attrs }, index) =>
      form.adjoints[index as 0 | 1](cotangent, inputs[0]!, inputs[1]!, attrs),
    jvp: ([da, db], { inputs, attrs }) => {
      const [a, b] = inputs as [Node, Node]
      const left = da ? record(op, [da, b], attrs) : null
      const right = db ? record(op, [a, db], attrs) : null
      return left && right ? elementwise.add(left, right) : (left ?? right)
    },
  }
  return publish(op, form)
}
