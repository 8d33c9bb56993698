import type { Backend } from './backend.js'
import { eagerBackends, runAllEagerly, withBackends } from './eager.js'
import { operationsOf } from './plan/operations.js'
import { runRounds } from './rounds.js'

/** Runs `f`, and counts the operations on elements of all kernels that run meanwhile, each by itself and unfused. */
export const counting = <R>(f: (soFar: () => number) => R): R => {
  let operations = 0
  const counter: Backend = {
    name: 'counter',
    run: (kernel, inputs, outs) => {
      // round by round, so that the kernels of the body come by
      if (kernel.kind === 'loop') return runRounds(kernel, inputs, outs, runAllEagerly)
      operations += operationsOf(kernel, inputs, outs)
      return null
    },
  }
  return withBackends([counter, ...eagerBackends()], () => f(() => operations))
}
