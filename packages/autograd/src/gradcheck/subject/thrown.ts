import { GradientError } from '../../graph/errors.js'
import { type Coordinates, nameAt } from './coordinates.js'
import type { Subject } from './subject.js'

/** What a function throws after it has given a result. */
export class ThrownLater extends GradientError {}

/** The function, and how often it was called. */
export const counted = <A extends unknown[], R>(f: (...args: A) => R) => {
  let calls = 0
  const run = (...args: A): R => {
    calls++
    return f(...args)
  }
  return { run, calls: () => calls }
}

/** The subject with what its function throws as an error that says where, also where a mode runs it. @param who 'gradcheck: f' */
export const namingThrown = (subject: Subject, who: string, calls: () => number): Subject => {
  const later = (cause: unknown, at: Float64Array, call: number): ThrownLater => {
    const where = placeOf(subject.inputs, subject.point, at)
    const remedy =
      'It had given a result before; choose a point around which it gives results, and keep no state in it.'
    return new ThrownLater(`${who} threw at call ${call}, ${where}: ${cause}. ${remedy}`, { cause })
  }
  const value = (at: Float64Array): Float64Array => {
    try {
      return subject.value(at)
    } catch (cause) {
      throw later(cause, at, calls())
    }
  }
  const mode =
    (run: Subject['reverse']): Subject['reverse'] =>
    (at, along) => {
      try {
        return run(at, along)
      } catch (error) {
        const call = calls()
        try {
          subject.value(at)
        } catch {
          throw later(error, at, call)
        }
        throw error
      }
    }
  return { ...subject, value, reverse: mode(subject.reverse), forward: mode(subject.forward) }
}

const placeOf = (inputs: Coordinates, point: Float64Array, at: Float64Array): string => {
  const moved = at.findIndex((x, i) => x !== point[i])
  if (moved < 0) return 'with the inputs given'
  const others = at.some((x, i) => i > moved && x !== point[i]) ? ', and others moved as well' : ''
  return `with ${nameAt(inputs, moved)} = ${at[moved]} (given is ${point[moved]}${others})`
}
