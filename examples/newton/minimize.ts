import { constant, grad, hessian, type Num } from '@adjoint/autograd/scalar'
import { solve } from '../support/solve.js'

/** A scalar function of some numbers. */
export type Objective = (x: readonly Num[]) => Num

export interface Place {
  readonly x: readonly number[]
  readonly value: number
  /** How long the gradient is there. */
  readonly slope: number
}

/** Where a method went, from the start on. */
export type Method = (
  f: Objective,
  start: readonly number[],
  options: { readonly most: number; readonly tolerance: number },
) => Place[]

const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, each, i) => sum + each * b[i]!, 0)
const moved = (x: readonly number[], step: readonly number[], length: number) =>
  x.map((each, i) => each + length * step[i]!)

/** A method that goes down along one direction after the other, half as far as often as that takes (Armijo 1966). */
const downhill =
  (directionOf: (f: Objective, x: readonly number[], gradient: readonly number[]) => readonly number[]): Method =>
  (f, start, { most, tolerance }) => {
    const valueAt = (x: readonly number[]) => f(x.map((each) => constant(each))).value
    const gradient = grad((x: Num[]) => f(x))
    const places: Place[] = []
    let x = start
    for (;;) {
      const g = gradient(x)
      const place = { x, value: valueAt(x), slope: Math.hypot(...g) }
      places.push(place)
      if (place.slope < tolerance || places.length > most) return places
      const step = directionOf(f, x, g)
      let length = 1
      while (length > 1e-12 && !(valueAt(moved(x, step, length)) <= place.value + 1e-4 * length * dot(step, g))) {
        length /= 2
      }
      x = moved(x, step, length)
    }
  }

/** Against the gradient, by a hundredth of it or less: it knows nothing of how the gradient changes. */
export const gradientDescent: Method = downhill((_, __, gradient) => gradient.map((each) => -each / 100))

/**
 * To where the gradient would be 0 if it changed as it does here, H step = -g. Where that is not downhill, the Hessian is bent upwards: a
 * multiple of the identity is added, ten times as much until it is.
 */
export const newton: Method = downhill((f, x, gradient) => {
  const curvature = hessian((at: Num[]) => f(at))(x)
  const down = gradient.map((each) => -each)
  for (let added = 0; ; added = Math.max(1e-3, 10 * added)) {
    const step = solve(
      curvature.map((row, i) => row.map((each, j) => each + (i === j ? added : 0))),
      down,
    )
    if (dot(step, gradient) < 0) return step
  }
})
