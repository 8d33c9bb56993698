import type { Kernel } from '../graph/kernel.js'
import {
  type Cotangents,
  type KernelOp,
  type Node,
  type Recorded,
  type RunnableOp,
  record,
  type Wants,
} from '../graph/node.js'
import type { Spec } from '../graph/value.js'
import { watcher } from '../graph/watcher.js'
import { zerosLike } from './constant.js'
import { type Checks, type OpFunction, withFacts } from './facts.js'

/**
 * The forms in which an op is written: one object with its shape rule, how it runs, its derivative, how it is called,
 * and arguments to check it with, some of which must fail.
 *
 * - `linear`       its derivative is the op itself, so it declares only its adjoint
 * - `bilinear`     linear in each of two inputs: it declares both adjoints (`bilinear.ts`)
 * - `primitive`    anything else that has a kernel: it declares vjp and jvp
 * - `underived`    such an op without a derivative
 * - `composed`     a program of other ops: its derivative follows from theirs
 * - `conditioned`  such a program recorded as one node, with a vjp and jvp better conditioned than what would follow
 * - `several`      an op with several results (`several.ts`)
 *
 * Elementwise ops come from the scalar rules instead, see `elementwise.ts`.
 */

export type Apply<A> = (inputs: readonly Node[], attrs: A) => Node
export interface Callable<A, F> extends Checks {
  /** Given how to apply the op, the function that callers use: it turns their arguments into inputs and attributes. */
  readonly call: (apply: Apply<A>) => F
}
export interface Kernelled<A> {
  readonly shape: (inputs: readonly Node[], attrs: A) => Spec
  readonly kernel: (inputs: readonly Node[], attrs: A, out: Spec) => Kernel
}

export const publish = <A, F extends (...args: never[]) => unknown>(
  op: RunnableOp<A>,
  form: Callable<A, F>,
): OpFunction<F> =>
  withFacts(
    op.name,
    form.call((inputs, attrs) => record(op, inputs, attrs)),
    form,
  )

interface Linear<A, F> extends Kernelled<A>, Callable<A, F> {
  /** The cotangent of input `index`: the transpose of the map, applied to the result's cotangent. */
  readonly adjoint: (cotangent: Node, node: Recorded<A>, index: number) => Node
  /** Inputs that the map depends on but is not linear in (indices): they have no derivative. */
  readonly parameters?: readonly number[]
}

export const linear = <A, F extends (...args: never[]) => unknown>(name: string, form: Linear<A, F>): OpFunction<F> => {
  const isParameter = (index: number) => form.parameters?.includes(index) ?? false
  const op: KernelOp<A> = {
    name,
    infer: form.shape,
    kernel: form.kernel,
    vjp: (cotangent, node, wants) =>
      node.inputs.length === 1
        ? [form.adjoint(cotangent, node, 0)]
        : node.inputs.map((_, i) => (wants(i) && !isParameter(i) ? form.adjoint(cotangent, node, i) : null)),
    jvp: (tangents, node) =>
      record(
        op,
        node.inputs.map((input, i) => (isParameter(i) ? input : (tangents[i] ?? zerosLike(input)))),
        node.attrs,
      ),
  }
  return publish(op, form)
}

interface Derivative<A> {
  readonly vjp: (cotangent: Node, node: Recorded<A>, wants: Wants) => Cotangents
  readonly jvp: (tangents: readonly (Node | null)[], node: Recorded<A>) => Node | null
}
interface Primitive<A, F> extends Kernelled<A>, Callable<A, F>, Derivative<A> {}

export const primitive = <A, F extends (...args: never[]) => unknown>(
  name: string,
  form: Primitive<A, F>,
): OpFunction<F> =>
  publish(
    {
      name,
      infer: form.shape,
      kernel: form.kernel,
      vjp: form.vjp,
      jvp: form.jvp,
    },
    form,
  )

/** An op with a kernel but without a derivative: its result is no float, or no function of floats. */
export const underived = <A, F extends (...args: never[]) => unknown>(
  name: string,
  form: Kernelled<A> & Callable<A, F>,
): OpFunction<F> =>
  primitive(name, {
    ...form,
    vjp: (_, { inputs }) => inputs.map(() => null),
    jvp: () => null,
    differentiable: false,
  })

interface Composed<F> extends Checks {
  readonly call: F
}

/** A program of other ops: each of them is recorded, and the derivative follows from theirs. */
export const composed = <F extends (...args: never[]) => unknown>(name: string, form: Composed<F>): OpFunction<F> => {
  const { call } = form
  const part = { kind: 'function', name, implied: true } as const
  // whoever watches sees them together
  const called = ((...args: never[]) =>
    watcher?.part === undefined ? call(...args) : watcher.part(part, () => call(...args))) as F
  return withFacts(name, called, form)
}

interface Conditioned<A, F> extends Callable<A, F>, Derivative<A> {
  readonly compute: (inputs: readonly Node[], attrs: A) => Node
}

/** A program of other ops that is recorded as one node, with a derivative better conditioned than what would follow. */
export const conditioned = <A, F extends (...args: never[]) => unknown>(
  name: string,
  form: Conditioned<A, F>,
): OpFunction<F> =>
  publish(
    {
      name,
      compute: form.compute,
      vjp: form.vjp,
      jvp: form.jvp,
    },
    form,
  )
