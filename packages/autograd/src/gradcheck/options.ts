import * as kinds from '../ops/kinds.js'
import { allModes, type Mode } from './subject/mode.js'

/** How thorough `gradcheck` is. */
export interface GradcheckOptions {
  /** The highest order of derivatives to check. Default 2. */
  readonly order?: 1 | 2
  /** Where the random numbers start: the same seed checks the same things. Default 0. */
  readonly seed?: number
  /** Up to so many elements the whole Jacobian is checked; beyond, random directions. Default 2,000. */
  readonly budget?: number
  /** How many random directions stand for a Jacobian beyond the budget. Default 12. */
  readonly directions?: number
  /** How many error bars a derivative may lie from what differences show. Default 10. */
  readonly tolerance?: number
  /** Whether parameters that the function closes over are checked too, as further inputs. Default true. */
  readonly captured?: boolean
  /**
   * At how many points nearby the first derivatives are compared as well, along random directions. Default 2. With 0 it is
   * the point given alone, and a note says so: for points of which every neighbour is checked anyway.
   */
  readonly nearby?: number
  /** Which modes are checked: what is left out is not run. Default both, as far as they are there. */
  readonly modes?: readonly Mode[]
}

const isModes = (thing: unknown): boolean =>
  Array.isArray(thing) && thing.length > 0 && thing.every((mode) => allModes.includes(mode))

export const optionKinds = {
  order: kinds.kind('1 or 2', (thing) => thing === 1 || thing === 2),
  seed: kinds.count,
  budget: kinds.numberThat('a number of at least 1, or Infinity for the whole Jacobian at any size', (x) => x >= 1),
  directions: kinds.numberThat(
    'an integer of at least 1: without directions nothing is compared',
    (x) => Number.isInteger(x) && x >= 1,
  ),
  tolerance: kinds.numberThat(
    'a positive number of error bars that is finite, such as 10: without an end to it everything passes',
    (x) => x > 0 && Number.isFinite(x),
  ),
  captured: kinds.boolean,
  nearby: kinds.count,
  modes: kinds.kind("['reverse'], ['forward'] or ['reverse', 'forward']", isModes),
}

export interface Settings extends Required<GradcheckOptions> {
  /** Whether what is wrong is looked at further: for causes, ops and a second opinion. */
  readonly explains: boolean
}

export const settingsOf = (
  {
    order = 2,
    seed = 0,
    budget = 2000,
    directions = 12,
    tolerance = 10,
    captured = true,
    nearby = 2,
    modes = allModes,
  }: GradcheckOptions,
  explains = true,
): Settings => ({ order, seed, budget, directions, tolerance, captured, nearby, modes, explains })
