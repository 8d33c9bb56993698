import type { Kernel } from '../graph/kernel.js'
import { denseData, type Value } from '../graph/value.js'
import type { Algebra } from '../rules/algebra.js'
import { numbers } from '../rules/numbers.js'
import { interpret } from '../rules/traverse.js'
import type { Backend } from './backend.js'
import { eagerBackends, runAllEagerly, withBackends } from './eager.js'
import { runKernel } from './engine.js'
import { runRounds } from './rounds.js'

const smallest = 2 ** -1022

/**
 * Whether `f` computes, on the way to whatever it gives, a number beyond the largest, or a product or quotient below the smallest
 * that has all digits, from numbers that are neither: also where it shows in no result.
 */
export const leavesRange = (f: () => unknown): boolean => {
  const others = eagerBackends()
  let isLeft = false
  const note = (result: number, operands: readonly number[], mayVanish: boolean): number => {
    if (!operands.every(Number.isFinite)) return result
    const isLost = !Number.isFinite(result) || (!mayVanish && Math.abs(result) < smallest && !operands.includes(0))
    isLeft ||= isLost
    return result
  }
  const watched: Algebra<number> = {
    ...numbers,
    exp: (x) => note(numbers.exp(x), [x], true),
    pow: (x, y) => note(numbers.pow(x, y), [x, y], true),
    add: (x, y) => note(numbers.add(x, y), [x, y], true),
    sub: (x, y) => note(numbers.sub(x, y), [x, y], true),
    mul: (x, y) => note(numbers.mul(x, y), [x, y], false),
    scale: (x, y) => note(numbers.scale(x, y), [x, y], false),
    // of a denominator of 0 or infinity something is known, and was said where it came from
    div: (x, y) => note(numbers.div(x, y), y === 0 ? [Number.NaN] : [x, y], false),
  }
  const watching: Backend = {
    name: 'watching the range',
    run: (kernel: Kernel, inputs: readonly Value[], outs) => {
      if (kernel.kind === 'loop') return runRounds(kernel, inputs, outs, runAllEagerly)
      const results = runKernel(others, kernel, inputs, outs)
      if (kernel.kind !== 'map' || isLeft) return results
      const given = inputs.map(denseData)
      for (let at = 0; at < denseData(results[0]!).length; at++) {
        interpret([kernel.expression], watched, (index) => Number(given[index]![at]))
      }
      return results
    },
  }
  withBackends([watching, ...others], f)
  return isLeft
}
