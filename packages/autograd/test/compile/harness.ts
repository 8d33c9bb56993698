import type { Tensor } from '@adjoint/autograd'
import { expect } from 'vitest'
import { compileTraced } from '../../src/execution/compile/compile.js'
import { Compiled } from '../../src/execution/compile/compiled.js'
import { isDeterministic, runAllEagerly } from '../../src/execution/eager.js'
import { interpreter } from '../../src/execution/plan/interpreter.js'
import { executorOf } from '../../src/execution/wasm/program/index.js'
import { leavesOf } from '../../src/graph/tree.js'
import { inOrder } from './in-order.js'

type Fn = (...args: never[]) => unknown
export type Wrap = <F extends Fn>(f: F) => F

/** Compiled, but run step by step on the backends of eager ops. */
const interpreted: Wrap = <F extends Fn>(f: F): F => {
  const compiled = new Compiled(f, (traced) =>
    compileTraced(traced, function* (plan) {
      yield null
      return inOrder(plan, interpreter(plan, runAllEagerly))
    }),
  )
  return ((...args: unknown[]) => compiled.call(args)) as unknown as F
}

/** Compiled; it throws if WebAssembly did not take the program. */
const inWasm: Wrap = <F extends Fn>(f: F): F => {
  const compiled = new Compiled(f, (traced) =>
    compileTraced(traced, function* (plan) {
      return inOrder(plan, yield* executorOf(plan, isDeterministic(), runAllEagerly))
    }),
  )
  return ((...args: never[]) => {
    const result = compiled.call(args)
    expect(compiled.explain()).not.toContain('refused')
    return result
  }) as unknown as F
}

export const eager: Wrap = (f) => f

/** The ways to run a function that are held against running it as it is. */
export const ways: readonly (readonly [name: string, wrap: Wrap])[] = [
  ['in WebAssembly', inWasm],
  ['by the interpreter', interpreted],
]

export const tensorsOf = (tree: unknown): Tensor[] => leavesOf(tree, 'the result').map(({ node }) => node as Tensor)

/** What differs between two trees of tensors, for a reader; null if nothing does. Relative to the largest number. */
export const difference = (got: unknown, wanted: unknown, tolerance: number): string | null => {
  const [some, others] = [tensorsOf(got), tensorsOf(wanted)]
  if (some.length !== others.length) return `${some.length} tensors instead of ${others.length}`
  for (const [i, other] of others.entries()) {
    const tensor = some[i]!
    if (`${tensor}` !== `${other}`) return `tensor ${i} is ${tensor} instead of ${other}`
    const [numbers, expected] = [tensor.data, other.data]
    let scale = 1
    for (const number of expected) if (Number.isFinite(number)) scale = Math.max(scale, Math.abs(number))
    for (let k = 0; k < expected.length; k++) {
      const [a, b] = [numbers[k]!, expected[k]!]
      const isSame = Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * scale
      if (!isSame) return `tensor ${i}, ${tensor}: element ${k} is ${a} instead of ${b}`
    }
  }
  return null
}

export const expectSame = (got: unknown, wanted: unknown, tolerance = 1e-10): void => {
  expect(difference(got, wanted, tolerance)).toBeNull()
}

/** What a function throws, as `Class: message`; null if it does not. */
export const thrownBy = (f: () => unknown): string | null => {
  try {
    f()
  } catch (error) {
    return `${error}`
  }
  return null
}

/** A copy of the numbers that a tensor holds now. */
export const numbersOf = (x: unknown): number[] => tensorsOf(x).flatMap(({ data }) => [...data])
