import { GradientError } from '../../graph/errors.js'
import type { Num } from '../num.js'
import { Trace } from '../trace.js'

/** A function being run to see what it computes of numbers, any numbers. */
export class Tracing extends Trace {
  constructor() {
    super(true)
  }

  protected override outer(_: Num, method: string): number {
    throw new GradientError(
      `scalar.compile: ${method} is given a Num of an outer differentiation, which a program of numbers cannot follow. Pass it to the ` +
        'compiled function as an argument.',
    )
  }

  override refuseReading(): void {
    throw new GradientError(
      'scalar.compile: .value was read as the function was traced, and the program would have this one number for ever. Compute with ' +
        'Nums, branch by x.lt(y) and its like, or return what you want to see.',
    )
  }
}
