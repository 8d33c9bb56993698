import { kinds } from '@adjoint/autograd'
import { checker } from '../checker.js'
import { requireAmount, requireOption, StateDictError } from '../errors.js'
import { amount, isObject, numberAs } from '../kinds.js'
import { maker } from './schedule.js'

/** When a plateau is one, and what follows. */
export interface PlateauOptions {
  /** By which the rate is multiplied. Default 0.1. */
  readonly factor?: number
  /** After how many observations in a row without a better one. Default 10: the eleventh lowers the rate. */
  readonly patience?: number
  /** By how much an observation must be better than the best one to count as better. Default 0.0001. */
  readonly threshold?: number
  /** Whether `threshold` is a share of the best observation (default), or a difference. */
  readonly thresholdMode?: 'relative' | 'absolute'
  /** Whether less is better (default), as for a loss, or more, as for an accuracy. */
  readonly mode?: 'min' | 'max'
  /** For how many observations after a lowering none is counted as bad. Default 0. */
  readonly cooldown?: number
  /** The factor does not fall below this. Default 0. */
  readonly minimum?: number
}

/** What a plateau has seen, as plain numbers. */
export interface PlateauState {
  /** By which the rate is multiplied now. */
  readonly factor: number
  /** How many observations in a row were no better. */
  readonly bad: number
  /** For how many observations none will be counted as bad. */
  readonly cooling: number
  /** The best observation; absent before the first. */
  readonly best?: number
}

const share = numberAs('a number from 0 up to but not including 1')
const whole = numberAs('an integer of at least 0')
const isShare = (x: unknown): boolean => typeof x === 'number' && x >= 0 && x < 1
const isWhole = (x: unknown): boolean => Number.isSafeInteger(x) && (x as number) >= 0

const takes = {
  observe: checker('Plateau.observe', { loss: numberAs('the loss as a number: loss.item()') }),
  stateDict: checker('Plateau.stateDict', {}),
  loadStateDict: checker('Plateau.loadStateDict', { state: kinds.kind('what stateDict() gave', isObject) }),
}

/** A factor that falls when what it observes no longer gets better. Made by `schedules.plateau`. */
export class Plateau {
  readonly #options: Required<PlateauOptions>
  #state: PlateauState = { factor: 1, bad: 0, cooling: 0 }

  constructor(options: Required<PlateauOptions>) {
    this.#options = options
  }

  /** By which the hyperparameter is multiplied now. */
  get factor(): number {
    return this.#state.factor
  }

  /**
   * Takes note of a loss, of an epoch as a rule.
   *
   * @throws OptionError for NaN
   */
  observe(loss: number): void {
    takes.observe(arguments)
    requireOption(
      'Plateau.observe',
      'loss',
      loss,
      !Number.isNaN(loss),
      'a loss that is a number: look for NaN in validation data',
    )
    const { factor, patience, cooldown, minimum } = this.#options
    const state = { ...this.#state }
    if (this.#isBetter(loss)) [state.best, state.bad] = [loss, 0]
    else state.bad++
    if (state.cooling > 0) [state.cooling, state.bad] = [state.cooling - 1, 0]
    if (state.bad > patience) {
      state.factor = Math.max(state.factor * factor, Math.min(state.factor, minimum))
      state.cooling = cooldown
      state.bad = 0
    }
    this.#state = state
  }

  /** What it has seen, as plain numbers. */
  stateDict(): PlateauState {
    takes.stateDict(arguments)
    return { ...this.#state }
  }

  /**
   * Goes on from what another has seen.
   *
   * @throws StateDictError for what is no state of a plateau
   */
  loadStateDict(state: PlateauState): void {
    takes.loadStateDict(arguments)
    const { factor, bad, cooling, best, ...more } = state
    const fits =
      Number.isFinite(factor) && isWhole(bad) && isWhole(cooling) && (best === undefined || typeof best === 'number')
    if (!fits || Object.keys(more).length > 0) {
      throw new StateDictError(
        'Plateau.loadStateDict: this is no state of a plateau, { factor, bad, cooling, best }; pass what stateDict() gave.',
      )
    }
    this.#state = { factor, bad, cooling, ...(best !== undefined && { best }) }
  }

  #isBetter(loss: number): boolean {
    const { best } = this.#state
    if (best === undefined) return true
    const { threshold, thresholdMode, mode } = this.#options
    const sign = mode === 'min' ? -1 : 1
    const bar = thresholdMode === 'relative' ? best * (1 + sign * threshold) : best + sign * threshold
    return mode === 'min' ? loss < bar : loss > bar
  }
}

/**
 * Lowers a rate when a loss no longer gets better. It is no function of the step: `observe(loss)` tells it of each epoch's
 * loss, and what it has seen is a state to save.
 *
 * @throws OptionError for an option outside its range
 * @example
 * const plateau = schedules.plateau({ factor: 0.5, patience: 1 })
 * for (const loss of [0.9, 0.7, 0.8, 0.7]) plateau.observe(loss)
 * plateau.factor   // 0.5
 */
export const plateau = maker(
  'plateau',
  {
    options: {
      factor: share,
      patience: whole,
      threshold: amount,
      thresholdMode: kinds.oneOf('relative', 'absolute'),
      mode: kinds.oneOf('min', 'max'),
      cooldown: whole,
      minimum: amount,
    },
  },
  ({
    factor = 0.1,
    patience = 10,
    threshold = 1e-4,
    thresholdMode = 'relative',
    mode = 'min',
    cooldown = 0,
    minimum = 0,
  }: PlateauOptions = {}): Plateau => {
    const owner = 'schedules.plateau'
    requireOption(owner, 'factor', factor, isShare(factor), share.wanted)
    requireOption(owner, 'patience', patience, isWhole(patience), whole.wanted)
    requireOption(owner, 'cooldown', cooldown, isWhole(cooldown), whole.wanted)
    requireAmount(owner, 'threshold', threshold)
    requireAmount(owner, 'minimum', minimum)
    return new Plateau({ factor, patience, threshold, thresholdMode, mode, cooldown, minimum })
  },
)
