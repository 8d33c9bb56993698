import type { Kernel } from '../graph/kernel.js'
import { denseData, denseValue, type Value } from '../graph/value.js'
import type { Backend } from './backend.js'
import { eagerBackends, runAllEagerly, withBackends } from './eager.js'
import { runKernel } from './engine.js'
import { runRounds } from './rounds.js'

const unit = Number.EPSILON
/** Integers up to here are counted or chosen rather than rounded. */
const whole = 2 ** 31

/**
 * Runs `f` where what kernels compute in float64 is a unit in its last place more or less, at random: how far results are
 * then from what they are otherwise shows what they lose by rounding, wherever on the way. What is moved or chosen and not
 * computed stays as it is.
 *
 * Parker, Monte Carlo arithmetic (1997); Vignes, Discrete stochastic arithmetic (2004).
 */
export const withRandomRounding = <R>(seed: number, f: () => R): R => {
  const others = eagerBackends()
  let state = (seed * 0x9e3779b9) | 1
  const sign = (): number => {
    // xorshift (Marsaglia 2003)
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state < 0 ? -1 : 1
  }
  const moved = (value: Value, isExactAt: (x: number, at: number) => boolean): Value => {
    if (value.dtype !== 'float64') return value
    const data = denseData(value).map((x, at) => (isExactAt(x, at) ? x : x + sign() * unit * x))
    return denseValue(data as Float64Array, value.shape, value.dtype)
  }
  const rounding: Backend = {
    name: 'random rounding',
    run: (kernel, inputs, outs) => {
      if (kernel.kind === 'loop') return runRounds(kernel, inputs, outs, runAllEagerly)
      if (kernel.kind === 'map') {
        const results = runKernel(others, kernel, inputs, outs)
        const given = inputs.map(denseData)
        return results.map((value) => moved(value, (x, at) => isAmong(x, at, given)))
      }
      if (!addsUp(kernel)) return null
      // sums lose what is rounded among their terms
      return runKernel(
        others,
        kernel,
        inputs.map((value) => moved(value, isExact)),
        outs,
      )
    },
  }
  return withBackends([rounding, ...others], f)
}

const addsUp = (kernel: Kernel): boolean => {
  switch (kernel.kind) {
    case 'contract':
    case 'fold':
      return true
    case 'reduce':
    case 'cumulate':
      return kernel.by === 'add' || kernel.by === 'mul' || kernel.by === 'affine'
    case 'scatter':
      return kernel.by === 'add'
    default:
      return false
  }
}

const isExact = (x: number): boolean => !Number.isFinite(x) || (Number.isInteger(x) && Math.abs(x) <= whole)

/** Whether an element is one of those at its place, or none that rounding could have made. */
const isAmong = (x: number, at: number, given: readonly ArrayLike<number>[]): boolean =>
  isExact(x) || given.some((each) => Math.abs(each[at]!) === Math.abs(x))
