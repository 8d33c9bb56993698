import { GradientError } from '../graph/errors.js'
import type { Evaluate } from '../graph/kernel.js'
import type { Node } from '../graph/node.js'
import { tracer, verifyBy } from '../graph/tracer.js'
import { withTracking } from '../graph/tracking.js'
import { UnknownElementsError } from '../graph/unknown.js'
import type { Spec, Value } from '../graph/value.js'
import { termsInOrder } from './order.js'
import { drained } from './pieces.js'
import type { Effects } from './program.js'
import { argsOf, type InputTerm, type Term, type Together } from './term.js'
import { traceProgram } from './trace.js'

/** A function of tensors as data, which does nothing but give its results: it may run as often as one likes. */
export interface PureFunction {
  /** Tensors that it refers to and reads. */
  readonly captured: readonly Node[]
  /**
   * The function on values, given those of what it captured. What does not depend on its inputs is computed once, now.
   */
  on(captured: readonly Value[], evaluate: Evaluate): (inputs: readonly Value[]) => readonly Value[]
}

/**
 * Traces a function.
 *
 * @param what begins messages
 * @param like what stands for its inputs: tensors of their shapes and dtypes, made for that
 * @throws GradientError if it looks at elements, or does something beside giving its results
 */
export const pureFunction = (
  what: string,
  f: (inputs: readonly Node[]) => readonly Node[],
  like: readonly Node[],
): PureFunction => {
  const { inputs, captured, outputs, effects } = traced(what, f, like)
  refuseEffects(what, effects)
  const results = outputs.map(({ term }) => term)
  const checks = effects.checks.map(({ term }) => term)
  return {
    captured: captured.map(({ tensor }) => tensor as unknown as Node),
    on: (values, evaluate) => {
      const known = new Map<Term, Value>(captured.map(({ term }, i) => [term, values[i]!]))
      const given = new Set<Term>(inputs.filter((input) => input !== null))
      const order = drained(termsInOrder([...results, ...checks]))
      for (const term of order) if (argsOf(term).some((arg) => given.has(arg))) given.add(term)
      computeTerms(
        order.filter((term) => !given.has(term)),
        known,
        evaluate,
      )
      const moving = order.filter((term) => given.has(term) && term.kind !== 'input')
      return (values) => {
        const found = new Map(known)
        inputs.forEach((input, i) => {
          if (input !== null) found.set(input, values[i]!)
        })
        computeTerms(moving, found, evaluate)
        for (const { term, look } of effects.checks) verifyBy(tracer, found.get(term)!, look)
        return results.map((term) => found.get(term)!)
      }
    },
  }
}

const traced = (what: string, f: (inputs: readonly Node[]) => readonly Node[], like: readonly Node[]) => {
  try {
    return withTracking(0, () => traceProgram(what, f, like))
  } catch (error) {
    if (!(error instanceof UnknownElementsError)) throw error
    throw new GradientError(
      `${what} looks at the elements of a tensor (by item(), data, toArray(), or as a number: loss > 0), which have no ` +
        'derivative; write it with tensor ops, and choose between values with where().',
      { cause: error },
    )
  }
}

const refuseEffects = (what: string, { changes, draws }: Effects): void => {
  if (changes.length > 0) {
    throw new GradientError(
      `${what} gives a value or gradient to a tensor from outside (by assign or backward), and runs as often as it is ` +
        'needed; do that outside.',
    )
  }
  if (draws.length > 0) {
    throw new GradientError(
      `${what} draws random numbers, and must be the same function each time; draw outside, and use what was drawn.`,
    )
  }
}

/** Terms whose arguments are known or stand before them. */
const computeTerms = (terms: readonly Term[], known: Map<Term, Value>, evaluate: Evaluate): void => {
  const together = new Map<Together, readonly Value[]>()
  const valueOf = (term: Term) => known.get(term)!
  for (const term of terms) {
    if (known.has(term)) continue
    switch (term.kind) {
      case 'input':
        throw unknownInput(term)
      case 'constant':
        known.set(term, term.value)
        break
      case 'apply':
        known.set(term, evaluate(term.kernel, term.args.map(valueOf), [specOf(term)])[0]!)
        break
      case 'part': {
        const { of, index } = term
        if (!together.has(of)) together.set(of, evaluate(of.kernel, of.args.map(valueOf), of.specs))
        known.set(term, together.get(of)![index]!)
      }
    }
  }
}

const specOf = ({ spec: { shape, dtype } }: Term): Spec => ({ shape, dtype })

const unknownInput = ({ source }: InputTerm): GradientError =>
  new GradientError(`A function that is to do nothing but give its results reads the ${source.kind} of a tensor.`)
