import { GradientError } from '../../graph/errors.js'
import { within } from '../context.js'
import { type Core, createCore, TapeFull } from './core.js'
import { tapeMethods } from './methods.js'

const firstCapacity = 2 ** 20
const growth = 8
const largest = 2 ** 26

const create = (capacity: number): Core => {
  const core = createCore(capacity)
  for (const [name, method] of Object.entries(tapeMethods(core))) {
    Object.defineProperty(core.Var.prototype, name, { value: method, writable: true, configurable: true })
  }
  return core
}

/** One for all: scopes stand in it one in another. Made when it is first needed; the system gives memory as it is written to. */
let tape: Core | null = null
let running = 0

/**
 * Runs what records on the tape, and then rewinds it. Where it is full, once more from the start on a larger one, which stays: so a
 * function that is differentiated may run twice.
 *
 * @param body given the tape, and where the records of this scope begin
 * @throws GradientError beyond 67 million operations
 */
export const onTape = <T>(transform: string, body: (core: Core, first: number) => T): T => {
  for (;;) {
    tape ??= create(firstCapacity)
    const core = tape
    running++
    try {
      const result = core.inScope((first) => within({ lift: core.none, rounds: null }, () => body(core, first)))
      if (!core.isFull()) return result
    } catch (error) {
      if (!core.isFull()) throw error
    } finally {
      running--
    }
    // what an outer scope has recorded is on the tape that is full: it runs anew
    if (running > 0) throw new TapeFull()
    if (core.capacity >= largest) {
      tape = null
      throw new GradientError(
        `${transform}: the function records more than ${largest} operations, for which there is no tape. Differentiate a part of it ` +
          'at a time (the examples of a sum have gradients that add up), or use tensors.',
      )
    }
    tape = create(core.capacity * growth)
  }
}
