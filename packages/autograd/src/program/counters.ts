import { evaluate } from '../graph/batched.js'
import type { Kernel } from '../graph/kernel.js'
import type { Runner } from '../graph/level.js'
import type { Value } from '../graph/value.js'
import { input, symbols } from '../rules/symbols.js'

/** The counters that are so many numbers after one. */
export const countersFrom = (backend: Runner, counter: Value, steps: Value): Value => {
  const run = (kernel: Kernel, inputs: readonly Value[]) => evaluate(backend, kernel, inputs, [steps])[0]!
  const first = run({ kind: 'layout', axes: [{ source: null, start: 0, step: 1 }] }, [counter])
  return run({ kind: 'map', expression: symbols.add(input(0), input(1)), arity: 2 }, [first, steps])
}
