import { ArgumentError } from '../../graph/errors.js'
import { shown } from '../../graph/words.js'
import { currentContext } from '../context.js'
import type { Num, Scalar } from '../num.js'
import { isVector, Structure } from '../structure.js'

/** One round: from the state and an element, what the state becomes and what it gives besides. */
type Step = (state: unknown, x: unknown) => readonly [state: unknown, output: unknown]

/** Rounds with one element each: recorded as a loop where a program is recorded, and run one after the other anywhere else. */
export const inTurn = (
  transform: string,
  step: Step,
  initial: unknown,
  xs: unknown,
): { readonly state: unknown; readonly outputs: unknown[] } => {
  const { lift, rounds } = currentContext()
  const lifted = (value: Scalar): Num => (typeof value === 'number' ? lift(value) : value)
  const begin = Structure.of(`${transform}: the initial state`, initial)
  const items = listOf(transform, xs)
  if (items.length === 0) return { state: begin.of(begin.leaves.map(lifted)), outputs: [] }
  const form = Structure.of(`${transform}: xs[0]`, items[0])
  const elements = items.map((item, i) => form.like(`${transform}: xs[${i}]`, item))

  let output: Structure | null = null
  const round = (state: readonly Num[], element: readonly Num[]) => {
    const [next, given] = step(begin.of(state), form.of(element))
    const outputs = output?.like(`${transform}: what the function returned for another element`, given)
    output ??= Structure.of(`${transform}: the function returned a result that`, given)
    return {
      state: begin.like(`${transform}: the state that the function returned`, next),
      outputs: outputs ?? output.leaves,
    }
  }
  const looped = (): ReturnType<NonNullable<typeof rounds>> => {
    if (rounds === null || items.length === 1) return null
    return rounds(
      items.length,
      begin.leaves,
      form.leaves.map((_, k) => elements.map((element) => element[k]!)),
      round,
    )
  }
  const oneByOne = () => {
    let state: readonly Scalar[] = begin.leaves
    const outputs = elements.map((element) => {
      const found = round(state.map(lifted), element.map(lifted))
      state = found.state
      return found.outputs
    })
    return { state, outputs }
  }
  const { state, outputs } = looped() ?? oneByOne()
  return {
    state: begin.of(state.map(lifted)),
    outputs: outputs.map((each) => (output as unknown as Structure).of(each.map(lifted))),
  }
}

const listOf = (transform: string, xs: unknown): readonly unknown[] => {
  if (Array.isArray(xs)) return xs
  if (isVector(xs)) return Array.from(xs)
  throw new ArgumentError(
    `${transform}: xs is ${shown(xs)}; pass an array, whose elements are numbers in trees of one form.`,
  )
}
