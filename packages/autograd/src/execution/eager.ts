import type { Kernel, Loop, MapKernel } from '../graph/kernel.js'
import { sizeOf } from '../graph/shape.js'
import { isContiguous, type Spec, type Value } from '../graph/value.js'
import { input, symbols } from '../rules/symbols.js'
import type { Backend } from './backend.js'
import { runKernel } from './engine.js'
import { javascript } from './javascript/index.js'
import { runRounds } from './rounds.js'
import { createWasm } from './wasm/index.js'

/** Runs loops, by whatever serves the kernels in them. */
const rounds: Backend = {
  name: 'rounds',
  run: (kernel, inputs, outs) =>
    kernel.kind !== 'loop'
      ? null
      : (kernel.asProgram?.(kernel, inputs, outs) ??
        runRounds(kernel, inputs, outs, (inner, given, specs) => runAllEagerly(inner, given, specs))),
}

// What runs ops as they are called: the first backend that serves a kernel. (Compiled ones: `wasm/program`.)
const backendsFor = (deterministic: boolean): readonly Backend[] => [createWasm({ deterministic }), rounds, javascript]
let deterministic = false
let standard = backendsFor(deterministic)
let backends = standard

/** What is compiled is traced anew. */
export const setDeterministic = (next: boolean): void => {
  if (next === deterministic) return
  deterministic = next
  standard = backendsFor(next)
  backends = standard
}

export const isDeterministic = (): boolean => deterministic

/** Kernels over so few elements run in JavaScript: to ask other backends would take as long. */
const tiny = 16

const isTiny = (kernel: Kernel, inputs: readonly Value[], out: Spec): boolean => {
  if (sizeOf(out.shape) > tiny) return false
  if (kernel.kind !== 'map') for (let i = 0; i < inputs.length; i++) if (sizeOf(inputs[i]!.shape) > tiny) return false
  return true
}

export const runEagerly = (kernel: Kernel, inputs: readonly Value[], out: Spec): Value =>
  backends === standard && isTiny(kernel, inputs, out)
    ? // ops have no loops: those have several results
      javascript.one(kernel as Exclude<Kernel, Loop>, inputs, out)
    : runKernel(backends, kernel, inputs, [out])[0]!

const sum: MapKernel = { kind: 'map', expression: symbols.add(input(0), input(1)), arity: 2, prepared: undefined }

/** The sum of two values of one shape and dtype; a first that is the result of a map, and that nobody else has, may become it. */
export const addEagerly = (a: Value, b: Value, isOwn: boolean): Value => {
  const size = sizeOf(a.shape)
  if (!isOwn || backends !== standard || size > tiny || !isContiguous(b)) return runEagerly(sum, [a, b], a)
  for (let i = 0; i < size; i++) a.data[a.offset + i]! += b.data[b.offset + i]!
  return a
}

export const runAllEagerly = (kernel: Kernel, inputs: readonly Value[], outs: readonly Spec[]): readonly Value[] =>
  runKernel(backends, kernel, inputs, outs)

export const eagerBackends = (): readonly Backend[] => backends

/** Runs `f` with other backends, as the tests do that compare them. */
export const withBackends = <R>(others: readonly Backend[], f: () => R): R => {
  const before = backends
  backends = others
  try {
    return f()
  } finally {
    backends = before
  }
}
