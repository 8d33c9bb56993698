import { GradientError } from '../../graph/errors.js'
import type { Algebra } from '../../rules/algebra.js'
import { Num, nextLevel, type Scalar } from '../num.js'
import { Rerun } from '../recording/rerun.js'
import { Trace } from '../trace.js'

/** What stands for the elements of a tensor while a scalar function is traced for all of them: a number that nobody knows. */
class Element extends Num {
  readonly known = NaN
  readonly level = nextLevel()

  constructor(private readonly op: string) {
    super()
  }

  override get value(): number {
    throw this.refusal('reads the value of an element', 'compute with methods of Num')
  }

  override decide(): boolean {
    throw this.refusal('branches on an element', 'choose by x.less(y).select(a, b)')
  }

  /** What is made of an unknown number is another. */
  apply(): Num {
    return this
  }

  private refusal(what: string, remedy: string): GradientError {
    return new GradientError(
      `${this.op}: the function ${what}, but it is traced once for all of them, when they are not known: ${remedy}. ` +
        'scalar.arraywise runs a function on the numbers themselves, where it may.',
    )
  }
}

/** What a scalar function computes of any elements. */
export interface Traced {
  /** The results in any algebra. */
  readonly resultsIn: <T>(m: Algebra<T>, elementAt: (index: number) => T) => T[]
  /** Whether they depend on an element. */
  readonly uses: (index: number) => boolean
}

/**
 * Runs a scalar function to see what it computes.
 *
 * @throws GradientError if it depends on what the elements are, or on other Nums
 */
export const traced = (op: string, count: number, program: (elements: readonly Num[]) => readonly Scalar[]): Traced => {
  const trace = new Trace()
  const elements = Array.from({ length: count }, () => new Element(op))
  const roots = trace.run(elements, (nums) => trace.nodesOf(program(nums)))
  const { recording } = trace
  if (trace.sources.length > count) {
    throw new GradientError(
      `${op}: the function uses a Num from outside, which no derivative of the op would reach. Make it one more operand.`,
    )
  }
  return {
    resultsIn: (m, elementAt) => new Rerun(recording, m, elementAt).resultsOf(roots),
    uses: (index) => recording.needed(roots).includes(index),
  }
}
