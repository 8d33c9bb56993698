import { GradientError } from '../../graph/errors.js'
import type { Expression } from '../../rules/expression.js'
import { Num, nextLevel, type Scalar } from '../num.js'
import { Trace } from '../symbol.js'

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

/**
 * What a scalar function computes of any elements, as expressions of them.
 *
 * @throws GradientError if it depends on what they are, or on other Nums
 */
export const traced = (
  op: string,
  count: number,
  program: (elements: readonly Num[]) => readonly Scalar[],
): readonly Expression[] => {
  const trace = new Trace(Array.from({ length: count }, () => new Element(op)))
  const expressions = trace.run(program).map((result) => trace.expressionOf(result))
  if (trace.sources.length > count) {
    throw new GradientError(
      `${op}: the function uses a Num from outside, which no derivative of the op would reach. Make it one more operand.`,
    )
  }
  return expressions
}
