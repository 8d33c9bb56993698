import { scan, type Tensor } from '@adjoint/autograd'

/** Angles and how fast they change, [n, 2]: radians and radians a second. */
export type States = Tensor<[number, 2]>
/** How states go on, [n, times, 2]. */
export type Course = Tensor<[number, number, 2]>
/** What a differential equation says: how states change in a second. */
export type Field = (states: States) => States

/** What the solver keeps for its derivative: see `scan`. */
export type Save = 'all' | 'carries' | number

/** A step of the classical method of Runge and Kutta, of order 4. */
const rungeKutta = (field: Field, states: States, seconds: number): States => {
  const first = field(states)
  const second = field(states.add(first.mul(seconds / 2)))
  const third = field(states.add(second.mul(seconds / 2)))
  const fourth = field(states.add(third.mul(seconds)))
  const all = first.add(second.add(third).mul(2)).add(fourth)
  return states.add(all.mul(seconds / 6))
}

/**
 * Where states are after each of so many steps, [steps, n, 2]. The loop is one op, whose derivative is a loop from the last step to
 * the first.
 */
export const solve = (
  field: Field,
  start: States,
  { steps, seconds, save }: { readonly steps: number; readonly seconds: number; readonly save?: Save },
): Tensor<[number, number, 2]> => {
  const step = (states: States) => {
    const next = rungeKutta(field, states, seconds)
    return [next, next] as const
  }
  const [, course] = scan(step, start, null, { length: steps, ...(save !== undefined && { save }) })
  return course as unknown as Tensor<[number, number, 2]>
}
