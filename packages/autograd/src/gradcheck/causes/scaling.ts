import { meanOrSum } from './counts.js'
import { explains, factorFor, wrongIn } from './evidence.js'
import type { Hypothesis } from './hypothesis.js'
import { numberName } from './number-name.js'

// Every element is wrong by the same number.

export const zero: Hypothesis = {
  cause: 'no gradient',
  explain: (evidence) => {
    if (!explains(evidence, () => 0)) return null
    return evidence.order === 1
      ? 'it is zero, no gradient arrives: the rule gives null or zeros for this input, or a constant stands in its place. ' +
          'Give the input its own term'
      : 'it is zero: the rule takes what it computes with, such as its saved output, as a constant ' +
          '(stopGradient, detach or noGrad), so there is no second derivative. Compute it from the inputs that the rule is given'
  },
}

export const notFinite: Hypothesis = {
  cause: 'not finite',
  explain: ({ looks }) =>
    looks.every((look) => wrongIn(look).every(({ analytic }) => !Number.isFinite(analytic)))
      ? 'it is NaN or infinite, from a 0 / 0, an overflow or an infinity less an infinity inside the rule. A vjp is called with zeros ' +
        'too, so it may not divide by the cotangent'
      : null,
}

export const signFlip: Hypothesis = {
  cause: 'sign flip',
  explain: (evidence) => (explains(evidence, (_, { numeric }) => -numeric) ? 'the sign is wrong: negate it' : null),
}

export const constantFactor: Hypothesis = {
  cause: 'constant factor',
  explain: (evidence) => {
    const factor = factorFor(evidence, (_, { numeric }) => numeric)
    if (factor === null) return null
    return `it is ${numberName(factor, evidence.subject.precision)} times what it should be${meanOrSum(evidence, factor)}`
  },
}
