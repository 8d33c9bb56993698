import { runKernel } from '../../src/execution/engine.js'
import { reference } from '../../src/execution/reference/index.js'
import { atOnce } from '../../src/execution/work.js'
import type { Evaluate } from '../../src/graph/kernel.js'
import type { Value } from '../../src/graph/value.js'
import { termsInOrder } from '../../src/program/order.js'
import type { InputTerm, Term } from '../../src/program/term.js'

/** On the oracle of all backends. */
export const onReference: Evaluate = (kernel, inputs, outs) => runKernel([reference], kernel, inputs, outs)

/** The values of terms, one after the other. */
export const evaluateTerms = (roots: readonly Term[], valueOf: (input: InputTerm) => Value): Value[] => {
  const values = new Map<Term, Value>()
  for (const term of atOnce(termsInOrder(roots))) {
    if (term.kind === 'input') values.set(term, valueOf(term))
    else if (term.kind === 'constant') values.set(term, term.value)
    else if (term.kind === 'part') {
      const { kernel, args, specs } = term.of
      const inputs = args.map((arg) => values.get(arg)!)
      values.set(term, onReference(kernel, inputs, specs)[term.index]!)
    } else
      values.set(
        term,
        onReference(
          term.kernel,
          term.args.map((arg) => values.get(arg)!),
          [term.spec],
        )[0]!,
      )
  }
  return roots.map((root) => values.get(root)!)
}
