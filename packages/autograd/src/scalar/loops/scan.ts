import { checked } from '../../graph/arguments.js'
import { ArgumentError, GradientError } from '../../graph/errors.js'
import * as kinds from '../../graph/kinds.js'
import { shown } from '../../graph/words.js'
import { Structure } from '../structure.js'
import type { NumbersOf, NumTree, Unsaid } from '../types.js'
import type { ElementsOf } from './map.js'
import { inTurn } from './rounds.js'

/**
 * A function applied in turn, each time to the state that it left before and to the next element: a simulation through time, a recurrent
 * network, a sum. In `compile` it is recorded once and stays a loop, and so do its derivatives of every order, which go back
 * through the states that are kept for them.
 *
 * Where it branches on the state or the element, each round is run for itself.
 *
 * @param f gives the next state, in the form of the initial one, and what is to be seen of the round: a Num, a tree of Nums, or null
 * @param xs numbers or Nums in trees of one form, or nulls where a round takes nothing
 * @returns the last state, and of each round what was to be seen
 * @throws ArgumentError for other elements, or a state without a number; ShapeError for a state of another form; GradientError if the function gives no pair
 * @example
 * const growth = (rate: scalar.Num) => scalar.scan((size: scalar.Num) => [size.mul(rate), size], 1, [null, null, null])
 * scalar.grad((rate: scalar.Num) => growth(rate)[0])(2)   // 12
 */
export const scan = /* @__PURE__ */ checked(
  'scalar.scan',
  { f: kinds.function, initial: kinds.anything, xs: kinds.anything },
  <S = Unsaid, X = Unsaid, Next extends NumTree = NumTree, Y extends NumTree = NumTree>(
    f: (state: S, x: X) => readonly [state: Next, seen: Y],
    initial: NumbersOf<S>,
    xs: ElementsOf<X>,
  ): [state: Next, seen: Y[]] => {
    const step = (state: unknown, x: unknown): readonly [unknown, unknown] => {
      const pair: unknown = f(state as S, x as X)
      if (Array.isArray(pair) && pair.length === 2) return pair as [unknown, unknown]
      throw new GradientError(
        `scalar.scan: the function returned ${shown(pair)}; it must return the next state and what is to be seen of the round: ` +
          '[state, seen], with null for nothing.',
      )
    }
    if (Structure.of('scalar.scan: the initial state', initial).leaves.length === 0) {
      throw new ArgumentError(
        `scalar.scan: the initial state is ${shown(initial)}, which holds no number. Rounds that leave each other nothing are scalar.map.`,
      )
    }
    const { state, outputs } = inTurn('scalar.scan', step, initial, xs)
    return [state as Next, outputs as Y[]]
  },
)
