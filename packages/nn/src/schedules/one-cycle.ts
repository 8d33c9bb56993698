import { kinds } from '@adjoint/autograd'
import { requireAmount, requireOption } from '../errors.js'
import { amount, count, numberAs } from '../kinds.js'
import { halfWave } from './numbers.js'
import { maker, requireSteps, schedule } from './schedule.js'

/** How `oneCycle` goes up and down. */
export interface OneCycleScheduleOptions {
  /** Of how many steps the whole training is: at least 2. */
  readonly steps: number
  /** The share of the steps in which it goes up. Default 0.3. */
  readonly rise?: number
  /** The factor of step 0. Default 1/25. */
  readonly from?: number
  /** The factor when it has gone up. Default 1. */
  readonly peak?: number
  /** The factor of the last step and of all after it. Default `from` / 10,000. */
  readonly to?: number
  /** Along half a wave of the cosine (default), or along lines. */
  readonly shape?: 'cosine' | 'linear'
  /** Down to `from` in as many steps as up, and then to `to` (in the paper); or else down to `to` at once, the default. */
  readonly threePhase?: boolean
}

/**
 * Up to a rate that is high, and down to one that is very low (Smith and Topin, Super-convergence: very fast training of
 * neural networks using large learning rates, 2018). The optimizer's own rate is that of the peak. Momentum goes the other
 * way: `absolute(oneCycle({ steps, from: 0.95, peak: 0.85, to: 0.95 }))`.
 *
 * @throws OptionError for a factor below 0, for fewer than 2 steps, and for a share of the rise that leaves no step to rise
 *   or to fall
 * @example
 * const up = schedules.oneCycle({ steps: 11, rise: 0.5, from: 0.1, shape: 'linear', to: 0 })
 * up(0)   // 0.1
 * up(9)   // 2 / 11
 * up(10)   // 0
 */
export const oneCycle = maker(
  'oneCycle',
  {
    options: {
      steps: kinds.required(count),
      rise: numberAs('a share above 0 and below 1'),
      from: amount,
      peak: amount,
      to: amount,
      shape: kinds.oneOf('cosine', 'linear'),
      threePhase: kinds.boolean,
    },
  },
  ({
    steps,
    rise = 0.3,
    from = 1 / 25,
    peak = 1,
    to = from / 1e4,
    shape = 'cosine',
    threePhase = false,
  }: OneCycleScheduleOptions) => {
    const owner = 'schedules.oneCycle'
    requireSteps('oneCycle', 'steps', steps)
    requireOption(owner, 'steps', steps, steps > 1, 'at least 2 steps')
    requireAmount(owner, 'from', from)
    requireAmount(owner, 'peak', peak)
    requireAmount(owner, 'to', to)
    const [top, last] = [rise * steps - 1, steps - 1]
    // where each way ends, and at what
    const ways = threePhase
      ? [[top, peak] as const, [2 * top, from] as const, [last, to] as const]
      : [[top, peak] as const, [last, to] as const]
    const most = threePhase ? `(steps + 1) / (2 steps), here ${(steps + 1) / (2 * steps)}` : '1'
    requireOption(
      owner,
      'rise',
      rise,
      top > 0 && ways.every(([end], i) => end > (ways[i - 1]?.[0] ?? 0)),
      `a share above 1 / steps, here ${1 / steps}, and below ${most}`,
    )
    return schedule('oneCycle', (step) => {
      if (step >= last) return to
      const i = ways.findIndex(([end]) => step <= end)
      const [start, before] = ways[i - 1] ?? [0, from]
      const [end, after] = ways[i]!
      const share = (step - start) / (end - start)
      return after + (before - after) * (shape === 'linear' ? 1 - share : halfWave(share))
    })
  },
)
