import type { Contract, Kernel } from '../graph/kernel.js'
import { type KernelOp, type Node, record } from '../graph/node.js'
import { type Apply, type Callable, type Kernelled, publish } from './define.js'
import { elementwise } from './elementwise.js'
import type { OpFunction } from './facts.js'

/** How factors meet: see `scale` in `rules/arithmetic.ts`. A derivative's product is one by `scale`, at every order. */
type By = Contract['by']

interface Bilinear<A, F> extends Callable<A, F> {
  readonly shape: Kernelled<A>['shape']
  readonly kernel: (by: By) => Kernel
  /** The cotangents of both inputs; `apply` is the op by `scale`. */
  readonly adjoints: readonly [Adjoint<A>, Adjoint<A>]
}
type Adjoint<A> = (apply: Apply<A>, cotangent: Node, inputs: readonly Node[], attrs: A) => Node

export const bilinear = <A, F extends (...args: never[]) => unknown>(
  name: string,
  form: Bilinear<A, F>,
): OpFunction<F> => {
  const scaled: Apply<A> = (inputs, attrs) => record(derivative, inputs, attrs)
  const opBy = (by: By): KernelOp<A> => ({
    name,
    infer: form.shape,
    kernel: form.kernel(by),
    vjp: (cotangent, { inputs, attrs }, wants) => [
      wants(0) ? form.adjoints[0](scaled, cotangent, inputs, attrs) : null,
      wants(1) ? form.adjoints[1](scaled, cotangent, inputs, attrs) : null,
    ],
    jvp: ([da, db], { inputs, attrs }) => {
      const [a, b] = inputs as [Node, Node]
      const left = da ? scaled([da, b], attrs) : null
      const right = db ? scaled([a, db], attrs) : null
      return left && right ? elementwise.add(left, right) : (left ?? right)
    },
  })
  const derivative = opBy('scale')
  return publish(opBy('mul'), form)
}
