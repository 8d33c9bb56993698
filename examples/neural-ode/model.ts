import type { Random } from '@adjoint/autograd'
import { Linear, Module, Sequential, Tanh } from '@adjoint/nn'
import { type Course, type Field, type Save, type States, solve } from './solver.js'

/** Seconds between two observations, and the steps that the solver takes meanwhile. */
export const interval = 0.2
const stepsBetween = 2
/** How many observations of a swing are learned from, 3 seconds of them. */
export const observations = 15
/** For how many times as long a swing that was not seen is foretold. */
export const further = 4

/** A differential equation whose right-hand side is a module (Chen and others, Neural ordinary differential equations, 2018). */
export class Motion extends Module {
  private readonly field
  private readonly save: Save

  constructor(field: Module & { forward: Field }, save: Save = 'carries') {
    super()
    this.field = field
    this.save = save
  }

  /** How states change in a second. */
  change(states: States): States {
    return this.field.forward(states)
  }

  /** Where states are when they are observed, [n, observations, 2]. */
  forward(start: States): Course {
    return observe((states) => this.change(states), start, observations, stepsBetween, this.save)
  }
}

/** Where states are when they are observed, [n, observations, 2], by a field and so many steps in between. */
export const observe = (field: Field, start: States, observations: number, between: number, save?: Save): Course => {
  const options = { steps: observations * between, seconds: interval / between, ...(save !== undefined && { save }) }
  const all = solve(field, start, options)
  const [n] = start.shape
  // the last of each few steps
  return all
    .reshape([observations, between, n, 2])
    .at(':', between - 1)
    .permute([1, 0, 2]) as unknown as Course
}

export const networkField = (width: number, random: Random) =>
  new Sequential(
    new Linear(2, width, { random }),
    new Tanh(),
    new Linear(width, width, { random }),
    new Tanh(),
    new Linear(width, 2, { random }),
  )

export const linearField = (random: Random) => new Sequential(new Linear(2, 2, { random }))
